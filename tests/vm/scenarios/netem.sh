# SPDX-License-Identifier: BSD-2-Clause
# Over paths that delay, jitter, lose, reorder, duplicate and throttle, what is
# shown fits what was set up and what the kernel counted: states in order, the
# time in SYN_SENT, each retransmission, congestion states.
. "$(dirname "$0")/lib.sh"

background unshare -n sleep 600
peer=$child
wait_until sh -c "[ \$(readlink /proc/$peer/ns/net) != $(readlink /proc/self/ns/net) ]"
inside() { nsenter -t "$peer" -n "$@"; }

# One segment an skb, so that events and the kernel's segments are the same.
ip link add here type veth peer name there netns "$peer" &&
	ip link set here gso_max_segs 1 &&
	inside ip link set there gso_max_segs 1 &&
	ip address add 10.9.8.1/24 dev here &&
	inside ip address add 10.9.8.2/24 dev there &&
	ip link set here up && inside ip link set there up || fail "no veth pair"
# counted PROTOCOL NAME: a counter of both ends' /proc/net/snmp or netstat.
counted()
{
	for where in self "$peer"; do
		cat "/proc/$where/net/snmp" "/proc/$where/net/netstat"
	done | awk -v protocol="$1:" -v name="$2" '
		$1 == protocol && $2 !~ /^-?[0-9]/ {
			for (i = 2; i <= NF; i++)
				if ($i == name)
					column = i
			next
		}
		$1 == protocol { sum += $column }
		END { print sum }'
}

# No socket but listeners and those in TIME_WAIT: all is sent and answered.
all_quiet()
{
	! awk 'FNR > 1 && $4 != "0A" && $4 != "06"' "/proc/self/net/tcp" \
		"/proc/$peer/net/tcp" | grep -q .
}

# path NETEM OPTION...: watches 23 connections and a bulk transfer over it.
path()
{
	tc qdisc replace dev here root netem "$@" || fail "no netem $*"
	segments=$(counted Tcp RetransSegs)
	syns=$(counted TcpExt TCPSynRetrans)
	watch stream --json --backend=tracefs --ready-file "$work/stream.ready"
	stream=$watcher
	watch states states --csv --backend=tracefs \
		--ready-file "$work/states.ready"
	# Later than the watch, so that it is known whose sockets these are.
	background nsenter -t "$peer" -n "$LOAD" server --netns-ok \
		--addr 10.9.8.2 --port 7000 --count 24 >"$work/server.ready"
	wait_until grep -q ready "$work/server.ready"
	"$LOAD" client --netns-ok --addr 10.9.8.2 --port 7000 --count 23 \
		--list >"$work/list" || fail "the load failed"
	"$LOAD" bulk --netns-ok --addr 10.9.8.2 --port 7000 --bytes "$bytes" \
		--list >"$work/bulk" || fail "the bulk transfer failed"
	wait_until all_quiet
	segments=$(($(counted Tcp RetransSegs) - segments))
	syns=$(($(counted TcpExt TCPSynRetrans) - syns))
	stop INT
	watcher=$stream
	stop INT
	cat "$work/bulk" >>"$work/list"
	same_story "$work/list" "$work/states.out" "$opening $closing_first" \
		"$accepting $closing_second" \
		-v server_pid="$(awk '{ print $4 }' "$work/server.ready")"
	expect "retransmissions under netem $*" "$(rows_of retrans |
		grep -cE '"err":(null|0)')" "$segments"
	expect "those of SYN and SYN-ACK" "$(rows_of retrans |
		grep -E '"err":(null|0)' |
		grep -cE '"state":"(SYN_SENT|SYN_RECV|NEW_SYN_RECV|LISTEN)"')" "$syns"
	paths=$((paths + 1)) all=$((all + segments))
	echo "netem $*: $segments retransmissions"
}

rows_of() { grep "\"event\":\"$1\"" "$work/stream.out"; }

# handshakes LOW HIGH: no client was in SYN_SENT for less, in ms, and most of
# them not for more. The emulator may stand still for a while.
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
			exit less > 0 || more > count / 2 || count != 24
		}' "$work/states.out" >"$work/story" ||
		fail "handshakes of $1 to $2 ms: $(cat "$work/story")"
}

# reached STATE: somebody's congestion control was in it.
reached()
{
	rows_of cong | grep -q "\"new\":\"$1\"" ||
		fail "nobody was in congestion state $1"
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
bytes=1000000
path delay 5ms reorder 25% 50%
reached DISORDER
path duplicate 10%
bytes=500000
path rate 4mbit
# What is still queued when the client closes has left it by FIN_WAIT2.
total=$(awk -F, -v port="$(awk '{ print $2 }' "$work/bulk")" '
	$6 == port && $11 != "" { sum += $11 } END { print int(sum) }' \
	"$work/states.out")
[ "$total" -ge 1000 ] || fail "500,000 bytes at 4 Mbit/s in $total ms"
echo "summary: $paths paths, $all retransmissions as counted"
