#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What recording costs, and how fast recordings are read: CPU time an event of a
# recording of EVENTS, how much of its rate a load of short connections keeps
# beside it (runs with and without take turns), events a second of report to CSV,
# and of trace-cmd report for the same file where it is installed. As root.
#
#   ROUNDS=9 CONNECTIONS=20000 EVENTS=1000000
set -u

if [ -z "${BENCH_INSIDE:-}" ]; then
	[ "$(id -u)" -eq 0 ] || {
		echo "bench-record: needs root" >&2
		exit 1
	}
	BENCH_INSIDE=yes
	export BENCH_INSIDE
	exec unshare -m -n sh "$0"
fi

: "${BUILD:=build}" "${ROUNDS:=9}" "${CONNECTIONS:=20000}" "${EVENTS:=1000000}"
tcpwatch=$BUILD/tcpwatch load=$BUILD/tests/load/load measure=$BUILD/bench/measure
work=$(mktemp -d "${TMPDIR:-/tmp}/tcpwatch-bench.XXXXXX")
recorder=''
leave()
{
	[ -z "$recorder" ] || kill "$recorder" 2>/dev/null
	rm -rf "$work"
}
trap leave EXIT
trap 'exit 130' INT TERM HUP
ip link set lo up

fail()
{
	echo "bench-record: $*" >&2
	exit 1
}

# churn COUNT: connections a second.
churn()
{
	"$load" churn --addr 127.0.0.1 --count "$1" |
		awk '{ sub(",", ""); print $1 / $4 }'
}

# begin [OPTION...]: a recording that goes on in the background, its usage in
# $work/usage at the end.
begin()
{
	rm -f "$work/ready"
	"$measure" run "$work/usage" "$tcpwatch" record -o "$work/bench.dat" \
		--ready-file "$work/ready" "$@" 2>"$work/err" &
	measured=$!
	until [ -s "$work/ready" ]; do
		kill -0 $measured 2>/dev/null || fail "$(tail -n 1 "$work/err")"
		sleep 0.02
	done
	recorder=$(cat "$work/ready")
}

end()
{
	kill -INT "$recorder"
	wait $measured
	recorder=''
	sed -n 's/.*, \([0-9]*\) events lost/\1/p' "$work/err" | grep -q '^0$' ||
		echo "lost: $(tail -n 1 "$work/err")"
}

events_of()
{
	"$tcpwatch" report -i "$1" --info 2>/dev/null |
		awk '$1 == "event" || $1 == "other" { sum += $2 } END { print sum }'
}

# rate_of TEXT EVENTS CMD...: the median of three runs.
rate_of()
{
	called=$1 count=$2
	shift 2
	for _ in 1 2 3; do
		"$measure" run "$work/usage" "$@" >/dev/null 2>"$work/err" ||
			fail "$called: $(tail -n 1 "$work/err")"
		cut -d ' ' -f 1 "$work/usage"
	done | sort -n | awk -v called="$called" -v count="$count" 'NR == 2 {
		printf "%s: %.2f million events a CPU second, %.2f us an event\n",
			called, count / $1, $1 / count }'
}

: >"$work/ratios"
for _ in $(seq "$ROUNDS"); do
	before=$(churn "$CONNECTIONS")
	begin
	with=$(churn "$CONNECTIONS")
	end
	after=$(churn "$CONNECTIONS")
	awk -v a="$before" -v b="$with" -v c="$after" \
		'BEGIN { print b * 2 / (a + c), (a + c) / 2 }' >>"$work/ratios"
done
sort -n "$work/ratios" | awk '
	{ ratio[NR] = $1; rate += $2 }
	END { printf "load beside record: %.2f of its rate (median of %d; %.2f to %.2f), %d connections a second without\n",
		ratio[int((NR + 1) / 2)], NR, ratio[1], ratio[NR], rate / NR }'

# cost_of WORDS [OPTION...]: of as many connections as make EVENTS. What starting
# and ending costs is not an event's.
cost_of()
{
	called=$1
	shift
	begin "$@"
	end
	idle=$(cut -d ' ' -f 1 "$work/usage")
	per=$(events_of "$work/bench.dat")
	begin "$@"
	churn 1000 >/dev/null
	end
	per=$(($(events_of "$work/bench.dat") - per))
	begin "$@"
	churn $((EVENTS * 1000 / per)) >/dev/null
	end
	events=$(events_of "$work/bench.dat")
	awk -v called="$called" -v events="$events" -v idle="$idle" '{
		printf "record%s: %.3f us of CPU an event beyond start and end, %.3f with them (%d events)\n",
			called, ($1 - idle) / events, $1 / events, events }' "$work/usage"
}

cost_of ""
cost_of ", no ends of sockets" --events state,cong,retrans,reset,error

rate_of "report --csv" "$events" "$tcpwatch" report -q -i "$work/bench.dat" --csv
if command -v trace-cmd >/dev/null; then
	rate_of "trace-cmd report" "$events" trace-cmd report -i "$work/bench.dat"
fi
