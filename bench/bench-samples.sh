#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What samples cost a bulk transfer over loopback, at the default of `rtt`: runs
# with and without take turns, and each pair gives a ratio. As root.
#
#   ROUNDS=9 BYTES=8000000000 WHO="user kernel" (kernel: where it can count)
set -u

if [ -z "${BENCH_INSIDE:-}" ]; then
	[ "$(id -u)" -eq 0 ] || {
		echo "bench-samples: needs root" >&2
		exit 1
	}
	BENCH_INSIDE=yes
	export BENCH_INSIDE
	exec unshare -m -n sh "$0"
fi

: "${BUILD:=build}" "${ROUNDS:=9}" "${BYTES:=8000000000}" "${WHO:=user kernel}"
tcpwatch=$BUILD/tcpwatch load=$BUILD/tests/load/load
work=$(mktemp -d /tmp/tcpwatch-bench.XXXXXX)
server='' watcher=''
leave()
{
	for process in $server $watcher; do
		kill "$process" 2>/dev/null
	done
	rm -rf "$work"
}
trap leave EXIT
trap 'exit 130' INT TERM HUP
ip link set lo up

# transfer: its rate in Mbit/s.
transfer()
{
	rm -f "$work/server"
	"$load" server --addr 127.0.0.1 --port 7000 --count 1 >"$work/server" &
	server=$!
	until grep -q ready "$work/server" 2>/dev/null; do sleep 0.02; done
	"$load" bulk --addr 127.0.0.1 --port 7000 --bytes "$BYTES" |
		awk '{ sub(",", ""); print $1 * 8 / $4 / 1e6 }'
	wait "$server"
	server=''
}

# watched WHO: the same beside a tcpwatch rtt.
watched()
{
	rm -f "$work/ready"
	"$tcpwatch" rtt --aggregate "$1" -j --ready-file "$work/ready" \
		>"$work/out" 2>"$work/err" &
	watcher=$!
	until [ -s "$work/ready" ]; do
		kill -0 $watcher 2>/dev/null || return 1
		sleep 0.02
	done
	transfer
	kill -INT $watcher
	wait $watcher
	watcher=''
	sed 's/.*"count":\([0-9]*\),"sampled":\([0-9]*\).*/\1 1\/\2/' "$work/out" \
		>>"$work/counts"
	tail -n 1 "$work/err" | sed 's/.*, \([^,]*\) lost.*/\1/' >>"$work/lost"
}

for who in $WHO; do
	: >"$work/ratios"
	: >"$work/counts"
	: >"$work/lost"
	for _ in $(seq "$ROUNDS"); do
		before=$(transfer)
		with=$(watched "$who") || break
		after=$(transfer)
		awk -v a="$before" -v b="$with" -v c="$after" \
			'BEGIN { print b * 2 / (a + c), (a + c) / 2 }' >>"$work/ratios"
	done
	if [ ! -s "$work/ratios" ]; then
		echo "$who: not here ($(tail -n 1 "$work/err"))"
		continue
	fi
	sort -n "$work/ratios" | awk -v who="$who" '
		{ ratio[NR] = $1; rate += $2 }
		END {
			printf "%s: %.2f of the rate (median of %d; %.2f to %.2f), %.1f Gbit/s without, ",
				who, ratio[int((NR + 1) / 2)], NR, ratio[1],
				ratio[NR], rate / NR / 1000
		}'
	awk '{ samples += $1; every = $2 } END { printf "%d samples a transfer (%s), ", samples / NR, every }' "$work/counts"
	awk '{ lost += $1 } END { print lost " lost" }' "$work/lost"
done
