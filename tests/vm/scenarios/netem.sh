# SPDX-License-Identifier: BSD-2-Clause
# Over paths that delay, jitter, lose, reorder, duplicate, throttle and go dark,
# what is shown fits what was set up and what the kernel and ss counted: states
# in order, the time in SYN_SENT, each retransmission, congestion states.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/path.sh"

# handshakes LOW HIGH: no client was in SYN_SENT for less, in ms, and some not
# for more: the emulator may stand still for a while, but not all the time.
handshakes()
{
	awk -F, -v low="$1" -v high="$2" '
		$9 == "SYN_SENT" && $10 == "ESTABLISHED" {
			count++
			less += $11 < low
			more += $11 > high
		}
		END {
			printf "%d less, %d more, of %d\n", less, more, count
			exit less > 0 || more > count - 6 || count != 24
		}' "$work/states.out" >"$work/story" ||
		fail "handshakes of $1 to $2 ms: $(cat "$work/story")"
}

# reached STATE: somebody's congestion control was in it.
reached()
{
	rows_of cong | grep -q "\"new\":\"$1\"" ||
		fail "nobody was in congestion state $1"
}

in_loss()
{
	ask_ss && [ -n "$(by_ss backoff)" ] && [ "$(state_by_rows)" = LOSS ]
}

# Nothing gets through for a while: it begins when the client is connected, and
# waits for an answer of the server before it sends the rest.
stop_server() { kill -STOP "$server"; }
go_dark()
{
	netem loss 100%
	kill -CONT "$server"
	wait_until in_loss
	expect "cwnd in LOSS" "$(by_ss cwnd)" 1
	[ "$(by_ss lost)" -gt 0 ] || fail "ss knows of no loss: $(cat "$work/ss")"
	netem delay 2ms
}

paths=0 all=0
bytes=100000
path delay 10ms
handshakes 9.9 40
path delay 50ms
handshakes 49.9 80
path delay 20ms 10ms
handshakes 9.9 60
bytes=5000000
path delay 2ms loss 1%
[ "$segments" -ge 10 ] || fail "only $segments retransmissions at a loss of 1 %"
reached RECOVERY
[ -n "$(by_ss ssthresh)" ] || fail "ss knows of no recovery: $(cat "$work/ss")"
bytes=1000000
path delay 5ms reorder 25% 50%
reached DISORDER
path duplicate 10%
[ -n "$(by_ss dsack_dups)" ] || fail "ss knows no duplicates: $(cat "$work/ss")"
bytes=500000
path rate 4mbit
# What is still queued when the client closes has left it by FIN_WAIT2.
total=$(awk -F, -v port="$port" '
	$6 == port && $11 != "" { sum += $11 } END { print int(sum) }' \
	"$work/states.out")
[ "$total" -ge 1000 ] || fail "500,000 bytes at 4 Mbit/s in $total ms"
bytes=2000000
before_bulk() { stop_server; }
after_connect() { go_dark; }
path delay 2ms
reached LOSS
[ "$(state_by_rows)" != LOSS ] || fail "it never left LOSS"
inferred=
! rows_of cong | grep -q '"inferred":true' ||
	inferred="; congestion states inferred"
summary "$paths paths, $all retransmissions as counted$inferred"
