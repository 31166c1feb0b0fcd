# SPDX-License-Identifier: BSD-2-Clause
# Round trips counted by the kernel and from samples at the same time, over a
# path of a known delay: the same counts, buckets and averages.
. "$(dirname "$0")/lib.sh"

[ -e $tracing/events/tcp/tcp_probe/hist ] || skip "this kernel has no hist triggers"
tc qdisc add dev lo root netem delay 5ms || fail "no netem on lo"

# counting NAME OPTION...: a tcpwatch rtt; its PID joins $counters.
counters=
counting()
{
	called=$1
	shift
	watch "$called" rtt -j --ready-file "$work/$called.ready" "$@"
	counters="$counters $watcher"
}

# figures NAME: each row's key, count, average and buckets.
figures()
{
	sed -n 's/.*"key":\([^,]*\),.*"count":\([0-9]*\),.*"avg_us":\([^,]*\),"buckets":\(.*\)}$/\1 \2 \3 \4/p' \
		"$work/$1.out" | sort
}

# same NAME NAME: both counted the same.
same()
{
	figures "$1" >"$work/$1.figures"
	figures "$2" >"$work/$2.figures"
	[ -s "$work/$1.figures" ] || fail "$1 counted nothing"
	cmp -s "$work/$1.figures" "$work/$2.figures" ||
		fail "$1 and $2 differ: $(diff "$work/$1.figures" "$work/$2.figures")"
}

counting user_all --aggregate user --sample all -p 7000-7999
counting kernel_all --aggregate kernel -p 7000-7999
counting user_port --aggregate user --sample all -P 7000-7999 --by lport --top 100
counting kernel_port --aggregate kernel -P 7000-7999 --by lport --top 100
counting user_sock --aggregate user --sample all --by sock --top 100
counting kernel_sock --aggregate kernel --by sock --top 100
counting chosen -i 1
"$LOAD" churn --addr 127.0.0.1 --port 7123 --count 23 --seconds 100 ||
	fail "the load failed"
wait_until grep -q '"count":[1-9]' "$work/chosen.out"
for watcher in $counters; do
	stop INT
done
same user_all kernel_all
same user_port kernel_port
# One numbers sockets, the other calls them by their cookies.
for name in user_sock kernel_sock; do
	sed -i 's/"key":"[cs][0-9]*"/"key":null/' "$work/$name.out"
done
same user_sock kernel_sock

grep -q '"aggregate":"kernel","min_us":null,"p50_us":16384,.*"max_us":null' \
	"$work/kernel_all.out" ||
	fail "not 5 ms each way, counted by the kernel: $(cat "$work/kernel_all.out")"
grep -q 'counted by the kernel' "$work/chosen.err" ||
	fail "the kernel is not chosen by itself"
expect "instances at the end" \
	"$(ls -d $tracing/instances/tcpwatch-* 2>/dev/null)" ""
summary "$(awk '{ print $2 " samples, average " $3 " us" }' "$work/kernel_all.figures")"
