#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# tcpwatch and its peers side by side, in one run and on one load; as root.
#
# Each tracer runs between two bare runs of the load, and its connection rate is
# told as a ratio to their mean: the machine's own ups and downs cancel out. CPU
# is that of the tracer and its children from the start of the load until its
# output no longer grows; what its hooks cost the load itself shows in the rate.
#
#   ROUNDS=5 CONNECTIONS=10000 THREADS="1 2" TRACERS="states tcpstates ..."
#   STARTS=10 IDLE=10 (seconds; 0 leaves these parts out)
set -u

if [ -z "${BENCH_INSIDE:-}" ]; then
	[ "$(id -u)" -eq 0 ] || {
		echo "bench: needs root" >&2
		exit 1
	}
	BENCH_INSIDE=yes
	export BENCH_INSIDE
	# tracefs may have to be mounted: not for others to see.
	exec unshare -m sh "$0"
fi

: "${BUILD:=build}" "${ROUNDS:=5}" "${CONNECTIONS:=10000}" "${THREADS:=1 2}"
: "${STARTS:=10}" "${IDLE:=10}"
: "${TRACERS:=unread states states-bpf stream stream-bpf json json-bpf csv tcpstates bpftrace trace_pipe
	trace-cmd perf-trace perf-record}"

here=$(cd "$(dirname "$0")" && pwd)
TCPWATCH=$BUILD/tcpwatch
load=$BUILD/tests/load/load
measure=$BUILD/bench/measure
tracing=/sys/kernel/tracing
instance=$tracing/instances/bench-$$
work=$(mktemp -d /tmp/tcpwatch-bench.XXXXXX)
tracer_pid='' trickle_pid=''
# shellcheck source-path=SCRIPTDIR source=tracers.sh
. "$here/tracers.sh"

remove_instance()
{
	tries=50
	while [ -d "$instance" ] && [ $tries -gt 0 ]; do
		echo 0 >"$instance/events/enable"
		rmdir "$instance" 2>/dev/null || sleep 0.1
		tries=$((tries - 1))
	done
}

leave()
{
	trap - EXIT INT TERM HUP
	for pid in $tracer_pid $trickle_pid; do
		kill "$pid" 2>/dev/null
	done
	wait
	remove_instance
	rm -rf "$work"
}

trap leave EXIT
trap 'exit 130' INT TERM HUP

record() { echo "$*" >>"$work/records"; }

# Runs the load in a network namespace of its own and of this run alone, so that
# no run meets another's sockets in TIME_WAIT. Arguments: the load's.
in_namespace()
{
	# shellcheck disable=SC2016 # expanded by that shell
	exec unshare -n sh -c 'ip link set lo up
		echo 8000 60000 >/proc/sys/net/ipv4/ip_local_port_range
		exec "$@"' sh "$load" churn --addr 127.0.0.1 --port "$port" "$@"
}

# Prints connections a second.
run_load()
{
	(in_namespace --threads "$1" --count "$CONNECTIONS") |
		sed -n 's/.* \([0-9]*\)\/s$/\1/p'
}

bare() { record bare "$1" "$(run_load "$1")"; }

gone() { ! kill -0 "$1" 2>/dev/null; }

# Waits until $tracer_pid is on.
wait_on()
{
	tries=500
	if ! has_sign "$1"; then
		sleep "$(start_wait "$1")"
		! gone "$tracer_pid"
		return
	fi
	until [ -s "$work/ready" ]; do
		gone "$tracer_pid" && return 1
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.02
	done
}

# One and a half times what it needed alone, and half a second.
start_wait()
{
	awk -v name="$1" '$1 == "start" && $2 == name && $3 > most { most = $3 }
		END { print (most ? most : 3000) * 1.5 / 1000 + 0.5 }' "$work/records"
}

bytes() { find "$work/trace" -type f -exec wc -c {} + | awk 'END { print $1 }'; }

# Waits until the tracer has nothing more to write.
settle()
{
	before=-1 now=$(bytes) tries=50
	while [ "$now" != "$before" ] && [ $tries -gt 0 ]; do
		sleep 0.25
		before=$now now=$(bytes)
		tries=$((tries - 1))
	done
}

begin_trace()
{
	rm -rf "$work/trace" "$work/ready" "$work/usage"
	mkdir "$work/trace"
	(with "$1" exec "$measure" run "$work/usage") \
		>"$work/trace/out" 2>"$work/trace/err" &
	tracer_pid=$!
	wait_on "$1"
}

end_trace()
{
	kill -INT "$tracer_pid" 2>/dev/null
	wait "$tracer_pid"
	tracer_pid=
	remove_instance
}

# Its own words on why it did not start.
complaint()
{
	cat "$work/trace/err" "$work/trace/out" 2>/dev/null |
		grep -v -e '^[[:space:]]*$' -e '^Attaching' | head -n 2 |
		tr '\n\t' '  ' | cut -c 1-160
}

cpu_so_far() { "$measure" cpu "$tracer_pid"; }

traced()
{
	begin_trace "$1" || {
		end_trace
		record absent "$1" "$(complaint)"
		drop "$1"
		return
	}
	cpu=$(cpu_so_far)
	rate=$(run_load "$2")
	settle
	cpu=$(($(cpu_so_far) - cpu))
	end_trace
	# Its own listener's opening and closing too.
	made=$((CONNECTIONS * 10 + $2 * 2))
	record run "$1" "$2" "$rate" "$made" "$(seen "$1")" "$(told "$1")" "$cpu" \
		"$(cut -d ' ' -f 2 "$work/usage")"
}

# The floor: what the event alone costs the load.
unread()
{
	mkdir "$instance" && echo 1 >"$instance/events/sock/inet_sock_set_state/enable"
	rate=$(run_load "$1")
	remove_instance
	record run unread "$1" "$rate" 0 0 0 0 0
}

drop() { TRACERS=$(echo " $TRACERS " | tr -s '\n\t ' ' ' | sed "s/ $1 / /"); }

drop_missing()
{
	"$TCPWATCH" --backend=bpf -q -d 0.1 >/dev/null 2>"$work/bpf.err" ||
		for name in $TRACERS; do
			[ "${name%-bpf}" = "$name" ] && continue
			record absent "$name" "$(head -c 160 "$work/bpf.err")"
			drop "$name"
		done
	for name in $TRACERS; do
		command -v "$(program "$name")" >/dev/null && continue
		record absent "$name" "not installed"
		drop "$name"
	done
}

# With a trickle of connections, until the first is shown.
measure_starts()
{
	(in_namespace --rate 500 --count 10000000 --seconds 600) >/dev/null &
	trickle_pid=$!
	for name in $TRACERS; do
		record title "$name" "$(title "$name")"
		prints "$name" || continue
		for _ in 1 2 3; do
			ms=$(TERM=dumb with "$name" "$measure" first "$port")
			record start "$name" "$ms"
			remove_instance
		done
	done
	kill $trickle_pid
	wait $trickle_pid
	trickle_pid=
}

measure_ready()
{
	tries=$STARTS
	while [ "$tries" -gt 0 ]; do
		tries=$((tries - 1))
		record ready "$(with states "$measure" appear "$work/ready" \
			2>/dev/null)"
	done
}

measure_idle()
{
	[ "$IDLE" -gt 0 ] || return
	begin_trace states || return
	sleep 1
	cpu=$(cpu_so_far)
	sleep "$IDLE"
	record idle $(($(cpu_so_far) - cpu)) "$IDLE"
	end_trace
}

compare()
{
	bare "$1"
	for name in $TRACERS; do
		if [ "$name" = unread ]; then
			unread "$1"
		else
			traced "$name" "$1"
		fi
		bare "$1"
	done
}

[ -d $tracing/events ] || mount -t tracefs tracefs $tracing || exit 1
record host "$(date -u +%Y-%m-%d)" "$(uname -r)" "$(nproc)" "$CONNECTIONS" "$ROUNDS"
drop_missing
measure_starts 2>"$work/starts.err"
measure_ready
measure_idle
round=0
while [ $round -lt "$ROUNDS" ]; do
	round=$((round + 1))
	echo "bench: round $round of $ROUNDS" >&2
	for threads in $THREADS; do
		compare "$threads"
	done
done
awk -v json="$BUILD/bench.json" -f "$here/median.awk" -f "$here/report.awk" "$work/records"
[ -z "${RECORDS:-}" ] || cp "$work/records" "$RECORDS"
