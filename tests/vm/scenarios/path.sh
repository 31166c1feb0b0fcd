# SPDX-License-Identifier: BSD-2-Clause
# A path to a second network namespace, and what passes over it watched: states
# in order, each retransmission beside the counters of the kernel and of ss.
# shellcheck shell=sh

background unshare -n sleep 1200
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

rows_of() { grep "\"event\":\"$1\"" "$work/stream.out"; }
sent_again() { rows_of retrans | grep -E '"err":(null|0)'; }

# Of the bulk transfer's sender: the congestion state that it is in by the rows,
# and what ss says of it.
state_by_rows()
{
	rows_of cong | grep "\"lport\":$port," | tail -n 1 |
		sed 's/.*"new":"\([A-Z]*\)".*/\1/'
}
ask_ss() { ss -tinOH "sport = :$port" >"$work/ss"; }
by_ss() { sed -n "s,.* $1:\([0-9./]*\).*,\1,p" "$work/ss"; }

# All is acknowledged, and as often sent again as ss says.
all_told()
{
	ask_ss
	acknowledged=$(by_ss bytes_acked)
	again=$(by_ss retrans)
	again=${again#*/}
	[ "${acknowledged:-0}" -ge "$bytes" ] &&
		[ "$(sent_again | grep -c "\"lport\":$port,")" -eq "${again:-0}" ]
}

# What happens before the bulk transfer begins, and once it is connected.
before_bulk() { :; }
after_connect() { :; }

# The sender holds its socket until ss has been asked.
bulk()
{
	rm -f "$work/held" "$work/bulk"
	mkfifo "$work/held"
	before_bulk
	background sh -c 'exec "$@" <"$0"' "$work/held" "$LOAD" bulk --netns-ok \
		--addr 10.9.8.2 --port 7000 --bytes "$bytes" --list --hold \
		--seconds 300 >"$work/bulk"
	sender=$child
	exec 9>"$work/held"
	wait_until test -s "$work/bulk"
	port=$(awk '{ print $2 }' "$work/bulk")
	after_connect
	wait_until all_told
	exec 9>&-
	wait "$sender" || fail "the bulk transfer failed"
}

# netem OPTION...: this and nothing else; a change would keep what is not named.
netem()
{
	tc qdisc delete dev here root 2>/dev/null
	tc qdisc add dev here root netem "$@" || fail "no netem $*"
}

# path NETEM OPTION...: watches 23 connections and a bulk transfer over it.
path()
{
	netem "$@"
	segments=$(counted Tcp RetransSegs)
	syns=$(counted TcpExt TCPSynRetrans)
	watch stream --json --backend=tracefs --ready-file "$work/stream.ready"
	stream=$watcher
	watch states states --csv --backend=tracefs \
		--ready-file "$work/states.ready"
	# Later than the watch, so that it is known whose sockets these are.
	background nsenter -t "$peer" -n "$LOAD" server --netns-ok \
		--addr 10.9.8.2 --port 7000 --count 24 --seconds 600 \
		>"$work/server.ready"
	wait_until grep -q ready "$work/server.ready"
	server=$(awk '{ print $4 }' "$work/server.ready")
	"$LOAD" client --netns-ok --addr 10.9.8.2 --port 7000 --count 23 \
		--seconds 300 --list >"$work/list" || fail "the load failed"
	bulk
	wait_until all_quiet
	segments=$(($(counted Tcp RetransSegs) - segments))
	syns=$(($(counted TcpExt TCPSynRetrans) - syns))
	stop INT
	watcher=$stream
	stop INT
	cat "$work/bulk" >>"$work/list"
	same_story "$work/list" "$work/states.out" "$opening $closing_first" \
		"$accepting $closing_second" \
		-v server_pid="$server"
	expect "retransmissions under netem $*" "$(sent_again | grep -c .)" \
		"$segments"
	expect "those of SYN and SYN-ACK" "$(sent_again |
		grep -cE '"state":"(SYN_SENT|SYN_RECV|NEW_SYN_RECV|LISTEN)"')" "$syns"
	fits_ss
	paths=$((paths + 1)) all=$((all + segments))
	echo "netem $*: $segments retransmissions, by ss: $(cat "$work/ss")"
}

# The time in SYN_SENT holds a whole round trip, of which ss knows the shortest.
fits_ss()
{
	awk -F, -v port="$port" -v least="$(by_ss minrtt)" '
		$6 == port && $9 == "SYN_SENT" {
			found++
			shorter += $11 + 0.001 < least
		}
		END { exit found != 1 || shorter || least == "" }' \
		"$work/states.out" || fail "SYN_SENT was shorter than $(cat "$work/ss")"
}
