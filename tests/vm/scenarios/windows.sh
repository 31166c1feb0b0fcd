# SPDX-License-Identifier: BSD-2-Clause
# Round trips and windows of a transfer over a path of a known delay, unhindered
# and with losses, beside what ss says of the same socket.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/path.sh"

# last VIEW KEY: what the last row of the sender's socket says.
last()
{
	grep "\"lport\":$port," "$work/$1.out" | tail -n 1 |
		sed "s/.*\"$2\":\([^,}]*\).*/\1/"
}

# near A B PERCENT: A is no further than that from B.
near()
{
	awk -v a="$1" -v b="$2" -v percent="$3" 'BEGIN {
		difference = a > b ? a - b : b - a
		exit !(a != "" && b > 0 && difference * 100 <= percent * b)
	}'
}

all_acknowledged()
{
	ask_ss
	acknowledged=$(by_ss bytes_acked)
	[ "${acknowledged:-0}" -ge "$bytes" ]
}

# trips: small requests and answers over the path, which add nothing to its round
# trip; $p50 and $least are what is shown of it.
trips()
{
	watch rtt rtt -j -P 7000 --aggregate user --sample all \
		--ready-file "$work/rtt.ready"
	background nsenter -t "$peer" -n "$LOAD" server --netns-ok \
		--addr 10.9.8.2 --port 7000 --count 23 --seconds 600 \
		>"$work/server.ready"
	wait_until grep -q ready "$work/server.ready"
	"$LOAD" client --netns-ok --addr 10.9.8.2 --port 7000 --count 23 \
		--seconds 300 || fail "the load failed"
	wait_until all_quiet
	stop INT
	p50=$(sed 's/.*"p50_us":\([0-9]*\).*/\1/' "$work/rtt.out")
	least=$(sed 's/.*"min_us":\([0-9]*\).*/\1/' "$work/rtt.out")
}

# transfer: watches one over the path.
transfer()
{
	watch cwnd cwnd -j -D 7000 --plot "$work/plot.svg" \
		--ready-file "$work/cwnd.ready"
	cwnd=$watcher
	watch samples -j --events sample -D 7000 \
		--ready-file "$work/samples.ready"
	background nsenter -t "$peer" -n "$LOAD" server --netns-ok \
		--addr 10.9.8.2 --port 7000 --count 1 --seconds 600 \
		>"$work/server.ready"
	wait_until grep -q ready "$work/server.ready"
	rm -f "$work/held" "$work/bulk"
	mkfifo "$work/held"
	background sh -c 'exec "$@" <"$0"' "$work/held" "$LOAD" bulk --netns-ok \
		--addr 10.9.8.2 --port 7000 --bytes "$bytes" --list --hold \
		--seconds 300 >"$work/bulk"
	sender=$child
	exec 9>"$work/held"
	wait_until test -s "$work/bulk"
	port=$(awk '{ print $2 }' "$work/bulk")
	: >"$work/windows"
	until all_acknowledged; do
		by_ss cwnd >>"$work/windows"
		sleep 0.05
	done
	ssrtt=$(by_ss rtt)
	sscwnd=$(by_ss cwnd)
	ssmss=$(by_ss mss)
	sleep 0.3
	exec 9>&-
	wait "$sender" || fail "the transfer failed"
	stop INT
	watcher=$cwnd
	stop INT
	[ "$(closing lost "$work/cwnd.err")" = 0 ] ||
		fail "samples were lost: $(tail -n 1 "$work/cwnd.err")"
	expect "MSS" "$(last cwnd mss)" "$ssmss"
	grep -q '</svg>' "$work/plot.svg" || fail "there is no picture"
	# Each window that ss saw is one of those of the rows, but for the last
	# one: a row tells what there was before the segment.
	sed '$d' "$work/windows" | sort -nu | while read -r window; do
		grep "\"lport\":$port," "$work/cwnd.out" |
			grep -q "\"cwnd\":$window," || echo "$window"
	done >"$work/unseen"
	[ ! -s "$work/unseen" ] ||
		fail "ss saw windows that no row has: $(tr '\n' ' ' <"$work/unseen")"
}

largest() { sed -n "s/.*\"lport\":$port,.*\"cwnd\":\([0-9]*\),.*/\1/p" "$work/cwnd.out" | sort -n | tail -n 1; }

netem delay 50ms limit 10000
trips
# The emulator may stand still for a while: no trip is shorter, and some are as
# long as they should be.
near "$least" 50000 10 || fail "the shortest trip of 50 ms is $least us"
[ "$least" -ge 49900 ] || fail "a trip of 50 ms in $least us"
[ "$p50" -lt 100000 ] || fail "p50 is $p50 us at a round trip of 50 ms"
bytes=6000000
transfer
# The last sample is from before the last ACK.
near "$(last samples srtt_us)" "$(awk -v ms="${ssrtt%/*}" 'BEGIN { print ms * 1000 }')" 13 ||
	fail "srtt is $(last samples srtt_us) us at last, and ss says $ssrtt ms"
[ -n "$(by_ss retrans)" ] ||
	! grep "\"lport\":$port," "$work/cwnd.out" | grep -qE '"cong":"(RECOVERY|LOSS)"' ||
	fail "a recovery without a retransmission"
[ "$(largest)" -gt 20 ] || fail "the window grew to $(largest) only"
near "$(last samples cwnd)" "$sscwnd" 10 || fail "cwnd is $(last samples cwnd), and ss says $sscwnd"
story="50 ms: at least $least, p50 $p50 us, cwnd to $(largest)"

netem delay 50ms loss 0.5% limit 10000
transfer
grep "\"lport\":$port," "$work/cwnd.out" | grep -q '"cong":"RECOVERY"' ||
	fail "no recovery at a loss of 0.5 %"
# The window falls.
awk -F'"cwnd":' -v port="\"lport\":$port," 'index($0, port) {
	window = $2 + 0
	if (window > top)
		top = window
	if (window * 10 < top * 8)
		fell = 1
}
END { exit !fell }' "$work/cwnd.out" || fail "the window never fell"
[ "$(grep -c '#c00' "$work/plot.svg")" -gt 1 ] ||
	fail "no retransmission in the picture"
summary "$story"
