# SPDX-License-Identifier: BSD-2-Clause
# What bench.sh compares: how each tracer is started, how one knows that it is
# on, and what it has seen. Needs TCPWATCH, work, instance and here.
# shellcheck shell=sh disable=SC2034,SC2154 # shared with bench.sh

event=sock:inet_sock_set_state
# A row is the load's if it has one of these: 64000 and up, a port a thread. No
# other number in a row is likely to be that high.
port=64000
ports='(^|[^0-9])6400[0-9]([^0-9]|$)'

title()
{
	case $1 in
	unread) echo "event enabled, nobody reads" ;;
	states) echo "tcpwatch states" ;;
	stream) echo "tcpwatch (the stream)" ;;
	json) echo "tcpwatch --json" ;;
	csv) echo "tcpwatch states --csv" ;;
	*-bpf) echo "$(title "${1%-bpf}"), by BPF" ;;
	tcpstates) echo "libbpf-tools tcpstates" ;;
	bpftrace) echo "bpftrace tcpstates.bt" ;;
	trace_pipe) echo "cat trace_pipe" ;;
	trace-cmd) echo "trace-cmd record (no decoding)" ;;
	perf-trace) echo "perf trace" ;;
	perf-record) echo "perf record (no decoding)" ;;
	*) echo "$1" ;;
	esac
}

program()
{
	case $1 in
	states* | stream* | json* | csv*) echo "$TCPWATCH" ;;
	perf-*) echo perf ;;
	unread | trace_pipe) echo cat ;;
	*) echo "$1" ;;
	esac
}

# with TRACER PREFIX...: runs the tracer's command behind the words of PREFIX.
# What has no better sign of being on starts a program that leaves one.
with()
{
	tracer=${1%-bpf} backend=tracefs
	[ "$tracer" = "$1" ] || backend=bpf
	shift
	# shellcheck disable=SC2016 # expanded by that shell
	case $tracer in
	states) "$@" "$TCPWATCH" states --backend=$backend --ready-file "$work/ready" ;;
	stream) "$@" "$TCPWATCH" --backend=$backend --ready-file "$work/ready" ;;
	json) "$@" "$TCPWATCH" --backend=$backend --ready-file "$work/ready" --json ;;
	csv) "$@" "$TCPWATCH" states --backend=$backend --ready-file "$work/ready" --csv ;;
	tcpstates) "$@" tcpstates ;;
	bpftrace) "$@" bpftrace "$here/tcpstates.bt" ;;
	trace_pipe) "$@" sh -c 'mkdir "$1" && echo mono >"$1/trace_clock" &&
		echo 1 >"$1/events/sock/inet_sock_set_state/enable" &&
		echo on >"$2" && exec cat "$1/trace_pipe"' \
		sh "$instance" "$work/ready" ;;
	trace-cmd) "$@" trace-cmd record -q -C mono -B "$(basename "$instance")" \
		-e $event -o "$work/trace/data" \
		sh -c 'echo on >"$1"; exec sleep 60' sh "$work/ready" ;;
	perf-trace) "$@" perf trace -a -e $event ;;
	perf-record) "$@" perf record -q -a -e $event -o "$work/trace/data" \
		-- sh -c 'echo on >"$1"; exec sleep 60' sh "$work/ready" ;;
	esac
}

# Has it a sign of being on, in $work/ready?
has_sign()
{
	case $1 in
	tcpstates | bpftrace | perf-trace) return 1 ;;
	esac
}

# Does it print events as they come?
prints()
{
	case $1 in
	unread | trace-cmd | perf-record) return 1 ;;
	esac
}

# State events that it shows, of the load's sockets.
seen()
{
	case ${1%-bpf} in
	unread) echo 0 ;;
	stream) grep -E "$ports" "$work/trace/out" | grep -Ec ' S [A-Z]' ;;
	json) grep -E "$ports" "$work/trace/out" | grep -c '"event":"state"' ;;
	trace-cmd) trace-cmd report -q -i "$work/trace/data" 2>/dev/null |
		grep -Ec "$ports" ;;
	perf-record) perf script -F trace -i "$work/trace/data" 2>/dev/null |
		grep -Ec "$ports" ;;
	*) cat "$work/trace/out" "$work/trace/err" | grep -Ec "$ports" ;;
	esac
}

# Events that it says it lost.
told()
{
	case ${1%-bpf} in
	states | stream | json | csv)
		sed -n 's/.* \([0-9]*\) lost,.*/\1/p' "$work/trace/err" ;;
	perf-record)
		perf report --stats --stdio -i "$work/trace/data" 2>/dev/null |
			awk -v event=$event '/stats:$/ { ours = index($0, event) }
				ours && /LOST_SAMPLES/ { print $3 }' ;;
	*)
		cat "$work/trace/out" "$work/trace/err" |
			sed -n 's/.*[Ll][Oo][Ss][Tt] \([0-9][0-9]*\) [Ee][Vv][Ee][Nn][Tt].*/\1/p' ;;
	esac | awk '{ sum += $1 } END { print sum + 0 }'
}
