# SPDX-License-Identifier: BSD-2-Clause
# Round trips and windows over a path of a known delay, which a program of ours
# keeps: the figures of rtt and cwnd beside it and beside ss.
. "$(dirname "$0")/lib.sh"

need ip ss nsenter
[ -c /dev/net/tun ] || skip "no /dev/net/tun to make a path of"
[ -e $tracing/events/tcp/tcp_probe ] || [ ! -d $tracing/events/tcp ] ||
	skip "this kernel has no tcp_probe"

background unshare -n sleep 600
peer=$child
wait_until sh -c "[ \$(readlink /proc/$peer/ns/net) != $(readlink /proc/self/ns/net) ]"
inside() { nsenter -t "$peer" -n "$@"; }

# path OPTION...: lays one, in place of the one before.
relay=
path()
{
	if [ -n "$relay" ]; then
		kill "$relay"
		wait "$relay" 2>/dev/null
	fi
	background "$LOAD" relay --netns-ok --peer "$peer" --seconds 300 "$@" \
		>"$work/relay"
	relay=$child
	wait_until grep -q ready "$work/relay"
	ip address add 10.9.8.1/24 dev here
	ip address add 2001:db8:9::1/64 dev here nodad
	ip link set here up
	inside ip address add 10.9.8.2/24 dev there
	inside ip address add 2001:db8:9::2/64 dev there nodad
	inside ip link set there up
}

# serve ADDRESS COUNT
serve()
{
	background nsenter -t "$peer" -n "$LOAD" server --netns-ok --addr "$1" \
		--port 7000 --count "$2" --seconds 200 >"$work/server"
	wait_until grep -q ready "$work/server"
}

# near A B PERCENT: A is no further than that from B.
near()
{
	awk -v a="$1" -v b="$2" -v percent="$3" 'BEGIN {
		difference = a > b ? a - b : b - a
		exit !(a != "" && b > 0 && difference * 100 <= percent * b)
	}'
}

figure() { sed "s/.*\"$2\":\([^,}]*\).*/\1/" "$work/$1.out"; }

# watch_trips ADDRESS: small requests and answers add nothing to the path's time.
watch_trips()
{
	watch rtt rtt -j -P 7000 --raddr "$1" --aggregate user --by raddr \
		--ready-file "$work/rtt.ready"
	serve "$1" 23
	"$LOAD" client --netns-ok --addr "$1" --port 7000 --count 23 ||
		fail "the load failed"
	wait_until gone "$child"
	stop INT
}

# trips MS ADDRESS: a host that is busy makes some longer, and none shorter; one
# that is too busy for half of them has two more tries, and then the shortest counts.
trips()
{
	for _ in 1 2 3; do
		watch_trips "$2"
		[ "$(figure rtt min_us)" -ge $(($1 * 999)) ] ||
			fail "a trip of $1 ms in $(figure rtt min_us) us"
		! near "$(figure rtt p50_us)" $(($1 * 1000)) 10 || break
	done
	near "$(figure rtt p50_us)" $(($1 * 1000)) 10 ||
		{ [ "$(figure rtt p50_us)" -gt $(($1 * 1000)) ] &&
			near "$(figure rtt min_us)" $(($1 * 1000)) 10; } ||
		fail "p50 is $(figure rtt p50_us) us at $1 ms over $2"
	expect "its peer" "$(figure rtt key)" "\"$2\""
	grep -q "\"sampled\":1,\"aggregate\":\"user\"" "$work/rtt.out" ||
		fail "not every sample was taken"
}

ask_ss() { ss -tinOH "sport = :$port" >"$work/ss"; }
by_ss() { sed -n "s,.* $1:\([0-9./]*\).*,\1,p" "$work/ss"; }
rows() { grep "\"lport\":$port," "$work/$1.out"; }
last() { rows "$1" | tail -n 1 | sed "s/.*\"$2\":\([^,}]*\).*/\1/"; }

all_acknowledged()
{
	ask_ss
	echo "$(by_ss cwnd) $(by_ss rtt)" >>"$work/polled"
	acknowledged=$(by_ss bytes_acked)
	[ "${acknowledged:-0}" -ge "$bytes" ]
}

# transfer: one of $bytes, whose socket ss is asked about while it goes on.
transfer()
{
	watch cwnd cwnd -j -D 7000 --plot "$work/plot.svg" \
		--ready-file "$work/cwnd.ready"
	cwnd=$watcher
	watch samples -j --events sample,retrans -D 7000 \
		--ready-file "$work/samples.ready"
	serve 10.9.8.2 1
	rm -f "$work/held" "$work/bulk"
	mkfifo "$work/held"
	background sh -c 'exec "$@" <"$0"' "$work/held" "$LOAD" bulk --netns-ok \
		--addr 10.9.8.2 --port 7000 --bytes "$bytes" --list --hold \
		>"$work/bulk"
	sender=$child
	exec 9>"$work/held"
	wait_until test -s "$work/bulk"
	port=$(awk '{ print $2 }' "$work/bulk")
	: >"$work/polled"
	wait_until all_acknowledged
	exec 9>&-
	wait "$sender" || fail "the transfer failed"
	stop INT
	watcher=$cwnd
	stop INT
	expect "MSS" "$(last cwnd mss)" "$(by_ss mss)"
	grep -q '</svg>' "$work/plot.svg" || fail "there is no picture"
	# What ss says is what a sample says, but for the end: a sample is from
	# before its ACK, and the last one has no other behind it.
	end=$(tail -n 1 "$work/polled")
	rows samples | sed -n 's/.*"srtt_us":\([0-9]*\),"cwnd":\([0-9]*\),.*/\2 \1/p' |
		sort -u >"$work/told"
	grep -vxF "$end" "$work/polled" | sort -u | awk '
		NR == FNR { told[$1 " " $2]; next }
		{
			split($2, trip, "/")
			pair = $1 " " int(trip[1] * 1000 + 0.5)
			if ($2 != "" && !(pair in told))
				print pair
		}' "$work/told" - >"$work/unseen"
	# With losses a timer, or what is sent, may change the window between two ACKs.
	resent=$(by_ss retrans)
	[ -n "${losses:-}$resent" ] || [ ! -s "$work/unseen" ] ||
		fail "ss saw what no sample has: $(head -n 3 "$work/unseen" | tr '\n' ' ')"
	polls=$(sort -u "$work/polled" | wc -l)
}

recovered() { rows cwnd | grep -qE '"cong":"(RECOVERY|LOSS)"'; }

# By a fifth at least, in whatever a sample has seen; how far is in $work/fall.
fell()
{
	rows samples | awk -F'"cwnd":' '/"event":"sample"/ {
		window = $2 + 0
		if (window > top)
			top = window
		fell = fell || window * 10 < top * 8
	}
	END {
		print "from " top " to " window >"/dev/stderr"
		exit !fell
	}' 2>"$work/fall"
}

path --delay-ms 10
trips 20 10.9.8.2
story="p50 $(figure rtt p50_us) us at 20 ms"
trips 20 2001:db8:9::2
story="$story, $(figure rtt p50_us) over IPv6"
bytes=3000000
transfer
# The window grows by what the last ACK is for, which on a busy host may be all that
# was on its way, and more was sent behind the last sample.
window=$(last samples cwnd)
most=$((2 * window + 1))
[ -n "$resent" ] || { [ "$(by_ss cwnd)" -ge "$window" ] && [ "$(by_ss cwnd)" -le $most ]; } ||
	fail "cwnd is $window, and ss says $(by_ss cwnd)"
[ -n "$resent" ] || ! recovered || fail "a recovery without a loss"
[ "$(last samples cwnd)" -gt 20 ] || fail "the window did not grow"
[ -z "${PICTURES:-}" ] || cp "$work/plot.svg" "$PICTURES/unhindered.svg"
top=$(last samples cwnd)

polled=$polls
path --delay-ms 10 --drop 400
# Long enough that the drops are not all in its last round trip.
bytes=12000000
losses=yes
# Where the path's own process seldom has a CPU, ACKs come in heaps, and a window
# that falls and grows again between two of them was never low in a sample.
for _ in 1 2 3; do
	transfer
	! { recovered && fell; } || break
done
recovered || fail "no recovery, though packets were dropped"
fell || fail "the window never fell: $(cat "$work/fall")"
expect "retransmissions in the picture" \
	"$(($(grep -c '#c00' "$work/plot.svg") - 1))" \
	"$(rows samples | grep '"event":"retrans"' | grep -cE '"err":(null|0)')"
[ -z "${PICTURES:-}" ] || cp "$work/plot.svg" "$PICTURES/loss.svg"
echo "summary: $story, $polled states as ss says, cwnd to $top, and with losses $(by_ss cwnd) at last"
