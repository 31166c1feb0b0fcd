# SPDX-License-Identifier: BSD-2-Clause
# Each class of retransmission, forced by what is dropped on the path, counted as
# the kernel counts it: the classes are concluded, the counters are not.
. "$(dirname "$0")/lib.sh"

need ip nft nsenter

path 10.9.7

# What one transfer teaches the kernel is not to change the next.
echo 1 >/proc/sys/net/ipv4/tcp_no_metrics_save

# Chains for what arrives at the server, and at the client.
for where in inside ""; do
	$where nft add table ip t &&
		$where nft add chain ip t in \
			'{ type filter hook input priority 0; }' ||
		fail "nft does not work"
done
drop_at_server() { inside nft add rule ip t in "$@" || skip "nft cannot: $*"; }
drop_at_client() { nft add rule ip t in "$@" || skip "nft cannot: $*"; }
let_through()
{
	inside nft flush chain ip t in && nft flush chain ip t in ||
		fail "nft cannot flush"
}

background nsenter -t "$peer" -n "$LOAD" server --netns-ok --addr 10.9.7.2 \
	--port 7007 --count 1000 >"$work/server.ready"
server=$child
wait_until grep -q ready "$work/server.ready"

# Of both ends, whatever either of them has counted: "NAME VALUE" each.
counters()
{
	for where in self "$peer"; do
		cat "/proc/$where/net/netstat" "/proc/$where/net/snmp"
	done | awk '
		$1 != "TcpExt:" && $1 != "Tcp:" { next }
		!named[$1] {
			named[$1] = count = split($0, names)
			next
		}
		{
			for (i = 2; i <= count; i++)
				sums[names[i]] += $i
			named[$1] = 0
		}
		END { for (name in sums) print name, sums[name] }'
}

# How much the counter has grown since the scenario began.
grown()
{
	awk -v name="$1" '$1 == name { now = $2 - then; then = $2 }
		END { print now + 0 }' "$work/before" "$work/after"
}

# How many rows of that class there are.
class() { grep -c "\"class\":\"$1\"" "$work/$scenario.out"; }
has() { [ "$(class "$1")" -ge "$2" ]; }

begin()
{
	scenario=$1
	counters >"$work/before"
	watch "$scenario" retrans -j --backend=tracefs --laddr 10.9.7.0/24 \
		--ready-file "$work/$scenario.ready"
}

# A client whose first bytes are here, and whose rest waits for the server. It
# goes on with `go`, and closes with `finish`.
connect()
{
	kill -STOP "$server"
	rm -f "$work/end"
	mkfifo "$work/end"
	sleep 300 >"$work/end" &
	holder=$!
	children="$children $holder"
	"$LOAD" bulk --netns-ok --list --hold --addr 10.9.7.2 --port 7007 \
		--bytes "$1" <"$work/end" >"$work/$scenario.list" &
	client=$!
	children="$children $client"
	wait_until grep -q . "$work/$scenario.list"
}
go() { kill -CONT "$server"; }
finish()
{
	kill "$holder"
	wait "$client" || fail "$scenario: the load failed"
}

# Waits until the rows agree with the counters: the last may still be on its way.
agrees()
{
	counters >"$work/after"
	syn=$(class syn) synack=$(class synack) rto=$(class rto)
	slow=$(class slowstart) fast=$(class fast) tlp=$(class tlp)
	unknown=$(class unknown) failed=$(class failed)
	sent=$((syn + synack + rto + slow + fast + tlp + unknown))
	[ "$sent" -eq "$(grown RetransSegs)" ]
}

show()
{
	echo "syn $syn, synack $synack, rto $rto, slowstart $slow," \
		"fast $fast, tlp $tlp, unknown $unknown, failed $failed;" \
		"kernel: RetransSegs $(grown RetransSegs)," \
		"Timeouts $(grown TCPTimeouts), SynRetrans $(grown TCPSynRetrans)," \
		"SlowStart $(grown TCPSlowStartRetrans)," \
		"Fast $(grown TCPFastRetrans), Probes $(grown TCPLossProbes)"
}

# end CLASS: the scenario forced it, and all classes are as counted.
end()
{
	wait_until agrees
	stop INT
	told="$(show)"
	echo "$scenario: $told"
	[ "$(class "$1")" -gt 0 ] || fail "$scenario: no $1 ($told)"
	[ "$syn" -eq "$(($(grown TCPSynRetrans) - synack))" ] &&
		[ "$slow" -eq "$(grown TCPSlowStartRetrans)" ] &&
		[ "$fast" -eq "$(grown TCPFastRetrans)" ] &&
		[ "$tlp" -eq "$(grown TCPLossProbes)" ] ||
		fail "$scenario: not as the kernel counts ($told)"
	# A timer may have tried and sent nothing.
	timeouts=$(($(grown TCPTimeouts) - rto - syn - synack))
	[ "$timeouts" -ge 0 ] && [ "$timeouts" -le "$failed" ] ||
		fail "$scenario: not as many timeouts ($told)"
	let_through
}

# Data segments, and neither handshakes nor acknowledgements.
data="ip length > 100 tcp dport 7007"

# Nothing but timeouts: without loss probes, and all data are dropped.
echo 0 >/proc/sys/net/ipv4/tcp_early_retrans
begin blackout
connect 20000
# shellcheck disable=SC2086 # words of a rule
drop_at_server $data drop
go
wait_until has rto 3
let_through
finish
end rto
[ "$slow" -gt 0 ] || fail "nothing else was sent again after the timeouts"
summary="rto $rto, slowstart $slow"

# One segment of many.
begin one
connect 200000
# shellcheck disable=SC2086
drop_at_server $data quota until 2000 bytes drop
go
wait_until has fast 1
finish
end fast
summary="$summary, fast $fast"

# The last of three segments.
echo 3 >/proc/sys/net/ipv4/tcp_early_retrans
begin last
connect 4344
# shellcheck disable=SC2086
drop_at_server $data quota until 3100 bytes accept
# shellcheck disable=SC2086
drop_at_server $data quota until 2000 bytes drop
go
wait_until has tlp 1
finish
end tlp
summary="$summary, tlp $tlp"

# SYNs. How long the second one takes differs between kernels.
begin syn
drop_at_server tcp dport 7007 tcp flags '& (syn|ack) == syn' drop
"$LOAD" client --netns-ok --addr 10.9.7.2 --port 7007 --count 1 &
client=$!
children="$children $client"
wait_until has syn 1
let_through
wait "$client" || fail "$scenario: the load failed"
end syn
summary="$summary, syn $syn"

# SYN-ACKs: a SYN that comes again would have one sent without a timeout.
begin synack
drop_at_server tcp dport 7007 tcp flags '& (syn|ack) == syn' \
	quota until 100 bytes accept
drop_at_server tcp dport 7007 tcp flags '& (syn|ack) == syn' drop
drop_at_client tcp sport 7007 drop
"$LOAD" client --netns-ok --addr 10.9.7.2 --port 7007 --count 1 &
client=$!
children="$children $client"
wait_until has synack 1
nft flush chain ip t in
wait "$client" || fail "$scenario: the load failed"
end synack
summary="$summary, synack $synack"

# near NAME COUNT COUNTED: at most 5 % and two segments off.
near()
{
	off=$(($2 > $3 ? $2 - $3 : $3 - $2))
	[ $((off * 100)) -le $(($3 * 5 + 200)) ] ||
		fail "$scenario: $1 are $2, the kernel counted $3 ($(show))"
}

# A transfer that loses one segment in a hundred; counted by flow as well.
watch flows retrans -c --csv 0.2 --backend=tracefs -D 7007 \
	--ready-file "$work/flows.ready"
flows=$watcher
begin random
# shellcheck disable=SC2086
drop_at_server $data numgen random mod 100 '<' 1 drop
"$LOAD" bulk --netns-ok --addr 10.9.7.2 --port 7007 --bytes 20000000 \
	>/dev/null || fail "$scenario: the load failed"
wait_until agrees
stop INT
watcher=$flows
stop INT
echo "$scenario: $(show)"
counted=$(awk -F, '$1 == "retrans_count" { sum += $7 } END { print sum + 0 }' \
	"$work/flows.out")
expect "retransmissions by flow, over the intervals" "$counted" "$sent"
[ "$sent" -ge 50 ] || fail "$scenario: only $sent retransmissions"
near "fast ones" "$fast" "$(grown TCPFastRetrans)"
near "those of slow start" "$slow" "$(grown TCPSlowStartRetrans)"
near "timeouts" "$((rto + syn + synack))" "$(grown TCPTimeouts)"
[ "$tlp" -le "$(grown TCPLossProbes)" ] || fail "too many probes: $(show)"
[ $((unknown * 100)) -le $((sent * 5)) ] || fail "$unknown are unknown: $(show)"
echo "summary: $summary, of $sent at random fast $fast, rto $rto, tlp $tlp"
