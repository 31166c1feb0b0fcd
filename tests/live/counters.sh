# SPDX-License-Identifier: BSD-2-Clause
# Each verdict of `counters`, from what makes it happen: a path that drops, one on
# which packets overtake one another, one that stands still, listeners and readers
# that are too slow, peers that do not answer. The kernel's counters and what was
# traced beside them tell the same.
. "$(dirname "$0")/lib.sh"

need ip nft nsenter
[ -c /dev/net/tun ] || modprobe tun 2>/dev/null
[ -c /dev/net/tun ] || skip "no /dev/net/tun to make a path of"

# Where the source knows which network namespace a socket is in, what others do on
# this host is not counted.
trace=--backend=tracefs
! "$TCPWATCH" --backend=bpf -d 0.1 >/dev/null 2>&1 || trace=--backend=bpf

background unshare -n sleep 600
peer=$child
wait_until is_elsewhere "$peer"
# What one transfer teaches the kernel is not to change the next.
echo 1 >/proc/sys/net/ipv4/tcp_no_metrics_save
inside nft add table ip t &&
	inside nft add chain ip t in '{ type filter hook input priority 0; }' &&
	nft add table ip t &&
	nft add chain ip t in '{ type filter hook input priority 0; }' ||
	fail "nft does not work"
address=10.77.7.1
ip address add $address/32 dev lo

# How the kernel probes for lost tails: 0 = not, 3 = as it does by itself. Where a
# host is busy it does so after a few milliseconds in which nothing was lost.
probes() { echo "$1" >/proc/sys/net/ipv4/tcp_early_retrans; }
probes 0

# lay OPTION...: a path to the peer, in place of the one before. A host that is busy
# is to let no timer run out by the way.
relay=
lay()
{
	if [ -n "$relay" ]; then
		kill "$relay"
		wait "$relay" 2>/dev/null
	fi
	background "$LOAD" relay --netns-ok --peer "$peer" --seconds 300 "$@" \
		>"$work/relay"
	relay=$child
	wait_until grep -q ready "$work/relay"
	ip link set here gso_max_segs 1
	ip address add 10.9.8.1/24 dev here
	ip link set here up
	ip route change 10.9.8.0/24 dev here src 10.9.8.1 rto_min 3s
	inside ip address add 10.9.8.2/24 dev there
	inside ip link set there up
}

lay --delay-ms 5
background nsenter -t "$peer" -n "$LOAD" server --netns-ok --addr 10.9.8.2 \
	--port 7000 --count 1000 --seconds 250 >"$work/server"
wait_until grep -q ready "$work/server"

# A counter of this namespace as it is now.
counted()
{
	cat /proc/self/net/snmp /proc/self/net/netstat | awk -v name="$1" '
		$2 !~ /^-?[0-9]/ {
			column = 0
			for (i = 2; i <= NF; i++)
				if ($i == name)
					column = i
			next
		}
		column { print $column }'
}

# On a host whose kernel is not known to us it may be that programs are not run
# everywhere: on one (6.18) none was in interrupts of one certain process of it, and
# neither the kernel nor we could count that. The ring buffers of tracefs had it all:
# they bear witness, where it is not a kernel of our own.
witness=
call_witness()
{
	[ -z "$witness" ] || dismiss_witness
	watch witness -j --events retrans --backend=tracefs \
		--laddr 10.9.8.1,$address --ready-file "$work/witness.ready"
	witness=$watcher
}

dismiss_witness()
{
	kill -INT "$witness"
	wait "$witness"
	witness=
}

# begin NAME: counts, with an interval, while what follows happens.
begin()
{
	scenario=$1
	[ "$trace" = --backend=tracefs ] || [ -n "${LIVE_PERCENT:-}" ] ||
		call_witness
	watch "$scenario" counters -j -i 0.2 $trace \
		--ready-file "$work/$scenario.ready"
	before=$(counted OutSegs)
}

whole() { grep '"whole":true' "$work/$scenario.out"; }
told() { grep -q "\"verdict\":[^]]*\"$1\"" "$work/$scenario.out"; }

# value NAME: what is behind it in the object about the whole run, or 0.
value()
{
	found=$(whole | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p")
	echo "${found:-0}"
}

# What the intervals have of a counter, up to the last that was whole.
intervals()
{
	grep '"whole":false' "$work/$scenario.out" |
		sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" |
		awk '{ sum += $1 } END { print sum + 0 }'
}

# All that was sent is in an interval that was told.
all_told()
{
	[ "$(intervals OutSegs)" -ge $(($(counted OutSegs) - before)) ]
}

traced()
{
	whole | sed 's/.*"traced":{\([^}]*\)}.*/\1/' | tr ',' '\n' |
		awk -F: '$1 != "\"failed\"" { sum += $2 } END { print sum + 0 }'
}

verdicts() { whole | sed 's/.*"verdict":\[\([^]]*\)\].*/\1/'; }

# end WORDS: what the verdicts of the whole run are, in JSON. Where everything is
# emulated a timer may run out on the way: there they are among them.
end()
{
	stop INT
	expect "$scenario: objects about the whole run" "$(whole | wc -l)" 1
	case ${LIVE_PERCENT:+,}$(verdicts), in
	"$1," | ,*"$1"*) ;;
	*) false ;;
	esac ||
		fail "$scenario: the verdicts are $(verdicts), not $1: $(whole)"
	grep -q " 0 lost" "$work/$scenario.err" || fail "events were lost"
	scenarios=$((${scenarios:-0} + 1))
	echo "$scenario: $(verdicts)"
}

# Some retransmissions that the kernel counted did not reach the programs, but did
# reach tracefs.
missed_by_programs()
{
	[ -n "$witness" ] && [ "$(traced)" -lt "$(value RetransSegs)" ] || return 1
	dismiss_witness
	[ "$(grep -c '"event":"retrans"' "$work/witness.out")" -ge \
		"$(value RetransSegs)" ]
}

# as_traced: the trace saw each segment that the kernel sent again.
counted_all=0 traced_all=0
as_traced()
{
	[ "$trace" = --backend=bpf ] || [ -n "${LIVE_PERCENT:-}" ] || return 0
	counted_all=$((counted_all + $(value RetransSegs)))
	traced_all=$((traced_all + $(traced)))
	if missed_by_programs; then
		echo "$scenario: $(traced) of $(value RetransSegs) met our programs"
		return
	fi
	expect "$scenario: retransmissions traced" "$(traced)" "$(value RetransSegs)"
	expect "$scenario: fast ones" "$(value fast)" "$(value TCPFastRetrans)"
	expect "$scenario: SYNs" "$(($(value syn) + $(value synack)))" \
		"$(value TCPSynRetrans)"
	[ "$(value tlp)" -le "$(value TCPLossProbes)" ] ||
		fail "$scenario: more loss probes traced than counted"
}

transfer()
{
	"$LOAD" bulk --netns-ok --addr 10.9.8.2 --port 7000 --bytes "$1" \
		>/dev/null || fail "$scenario: the load failed"
}

# act PORT STEP...: a scene on this host alone, to its end.
act()
{
	port=$1
	shift
	"$LOAD" act --netns-ok --addr $address --port "$port" "$@" ||
		fail "$scenario: the scene failed"
}

grown() { [ "$(counted "$1")" -gt "$2" ]; }

begin well
transfer 300000
act 7001 l:listen c:connect s:accept=l c:get s:answer s:close c:end c:close
wait_until all_told
[ -n "${LIVE_PERCENT:-}" ] && stop INT || end '"nothing wrong"'
as_traced
expect "notes where nothing was sent again" "$(whole | grep -c '"notes":\[\]')" \
	"$(whole | grep -vcE '"(RetransSegs|TCPLossProbes)"')"

# One large packet in 50 is dropped, or, in the next scenario, overtaken by others.
# Both are repaired: what differs is that the latter is undone.
lay --delay-ms 5 --drop 50
begin loss
transfer 300000
wait_until all_told
end '"loss"'
as_traced
[ "$(value TCPFastRetrans)" -gt 0 ] || fail "nothing was sent again"
expect "undos of losses" "$(value TCPFullUndo)$(value TCPDSACKUndo)" 00
expect "retransmissions in the intervals" "$(intervals RetransSegs)" \
	"$(value RetransSegs)"
whole | grep -q 'RetransSegs ([1-9][0-9]*) alone misleads' ||
	fail "it does not say that RetransSegs misleads"

lay --delay-ms 5 --late 50 --late-ms 7
begin reordering
transfer 300000
wait_until all_told
end '"reordering mistaken for loss"'
as_traced
# Where ACKs come in heaps it is undone before anything was sent again.
[ "$(value TCPSackRecovery)" -gt 0 ] || fail "nothing was repaired: $(whole)"

# The last of three segments is lost.
lay --delay-ms 5
probes 3
begin tail
inside nft add rule ip t in ip length '>' 100 tcp dport 7000 \
	quota until 3100 bytes accept &&
	inside nft add rule ip t in ip length '>' 100 tcp dport 7000 \
		quota until 2000 bytes drop || skip "nft cannot count bytes"
background "$LOAD" act --netns-ok --addr 10.9.8.2 --port 7000 c:connect \
	c:send=4344 sleep=100000
wait_until told "tail losses"
end '"tail losses"'
kill "$child"
inside nft flush chain ip t in
as_traced
whole | grep -q 'that sends new data has no event' ||
	fail "it does not say that some probes have no event"
probes 0

# The path stands still for longer than the timer runs, and loses nothing.
ip route change 10.9.8.0/24 dev here src 10.9.8.1
begin delay
timeouts=$(counted TCPTimeouts)
background "$LOAD" act --netns-ok --addr 10.9.8.2 --port 7000 \
	c:connect c:trickle=6000 c:send=1000 "run=kill -STOP $relay" c:trickle=3000 \
	c:shutdown c:end
wait_until grown TCPTimeouts "$timeouts"
kill -CONT "$relay"
wait "$child" || fail "$scenario: the scene failed"
wait_until told "delay mistaken for loss"
end '"delay mistaken for loss"'

begin unanswered
nft add rule ip t in tcp dport 7002 drop
background "$LOAD" act --netns-ok --addr $address --port 7002 c:connect=refused
wait_until told "handshakes unanswered"
nft flush chain ip t in
wait "$child" || fail "$scenario: the scene failed"
wait_until grown OutRsts 0
end '"handshakes unanswered","resets"'
as_traced

begin gone
nft add rule ip t in ip length '>' 100 tcp dport 7003 drop
act 7003 l:listen c:connect s:accept=l c:user-timeout=1000 c:send=100 \
	c:end=timed-out s:abort
nft flush chain ip t in
wait_until told "peers gone"
stop INT
[ "$(value TCPAbortOnTimeout)" = 1 ] && whole | grep -q '"peers gone"' ||
	fail "$scenario: $(whole)"
echo "$scenario: $(verdicts)"
scenarios=$((scenarios + 1))

# More connect than may wait; the last of them has a SYN that is dropped.
begin listener
somaxconn=$(cat /proc/sys/net/core/somaxconn)
echo 1 >/proc/sys/net/core/somaxconn
background "$LOAD" act --netns-ok --addr $address --port 7004 l:listen a:connect \
	b:connect c:connect=under-way sleep=100000
wait_until told "a listener too slow"
stop INT
kill "$child"
wait "$child" 2>/dev/null
echo "$somaxconn" >/proc/sys/net/core/somaxconn
verdicts | grep -q '"a listener too slow"' || fail "$scenario: $(whole)"
[ "$(value ListenOverflows)" -gt 0 ] || fail "$scenario: no overflow"
echo "$scenario: $(verdicts)"
scenarios=$((scenarios + 1))

# A buffer that shrinks when the peer has been promised more, and nobody reads.
begin buffers
background "$LOAD" act --netns-ok --addr $address --port 7005 l:listen c:connect \
	s:accept=l s:rcvbuf=1 c:send=40000 sleep=100000
wait_until told "receive buffers too full"
stop INT
kill "$child"
wait "$child" 2>/dev/null
verdicts | grep -q '"receive buffers too full"' || fail "$scenario: $(whole)"
echo "$scenario: $(verdicts)"
scenarios=$((scenarios + 1))

begin resets
act 7006 l:listen c:connect s:accept=l c:abort s:end=reset s:close
act 7006 l:listen c:connect s:accept=l c:send=100 s:readable s:close c:end=reset
wait_until told resets
end '"resets"'
expect "resets sent" "$(value OutRsts)" 2
expect "for unread data" "$(value TCPAbortOnClose)" 1
expect "for linger 0" "$(value TCPAbortOnData)" 1

# What no program saw is the exception.
[ $((2 * traced_all)) -ge $counted_all ] ||
	fail "$traced_all of $counted_all retransmissions were traced"

# TCP's memory becomes short: one setting for the whole kernel, so only in a kernel
# of our own. In pages; the sockets hold more than one.
if [ -n "${LIVE_PERCENT:-}" ]; then
	limits=/proc/sys/net/ipv4/tcp_mem
	global() { nsenter -t 1 -n sh -c "$1"; }
	were=$(global "cat $limits") || fail "there is no $limits"
	begin memory
	global "echo 1 1 100000 >$limits"
	background "$LOAD" act --netns-ok --addr $address --port 7007 l:listen \
		c:connect s:accept=l c:send=60000 c:send=60000 c:send=60000 \
		c:send=60000 sleep=100000
	wait_until told "memory pressure"
	stop INT
	kill "$child"
	wait "$child" 2>/dev/null
	global "echo $were >$limits"
	verdicts | grep -q '"memory pressure"' || fail "$scenario: $(whole)"
	echo "$scenario: $(verdicts)"
	scenarios=$((scenarios + 1))
fi

# Around a command; as a table, whose rows are those of the same counters; and
# without any trace.
"$TCPWATCH" counters $trace -- sh -c "'$LOAD' bulk --netns-ok --addr 10.9.8.2 \
	--port 7000 --bytes 30000 >/dev/null; exit 7" >"$work/table" \
	2>"$work/table.err"
expect "exit status of the command" $? 7
grep -q '^verdict: nothing wrong' "$work/table" || fail "no verdict in the table"
expect "ActiveOpens in the table" \
	"$(awk '$1 == "ActiveOpens" { print $2 }' "$work/table")" 1
"$TCPWATCH" counters -z --no-trace --csv 0.2 2 >"$work/alone" \
	2>"$work/alone.err" || fail "no counters alone"
expect "readings of RetransSegs, and their sum" \
	"$(grep -c '^counter,.*,RetransSegs,0,' "$work/alone")" 3
! grep -q using "$work/alone.err" || fail "it traced something"
grep -q 'of this network namespace alone' "$work/alone.err" ||
	fail "it does not say whose the counters are"

# Where tracing is refused, the counters are all there is, and it says so.
if setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
	cp "$TCPWATCH" "$work/tcpwatch" && chmod 755 "$work" "$work/tcpwatch"
	setpriv --reuid=65534 --regid=65534 --clear-groups "$work/tcpwatch" \
		counters -j -d 0.3 >"$work/nobody.out" 2>"$work/nobody.err" ||
		fail "no counters for nobody"
	grep -q 'no trace beside it: .*tracefs: ' "$work/nobody.err" ||
		fail "it does not say why there is no trace"
	grep -q '"whole":true.*"traced":null' "$work/nobody.out" ||
		fail "what was traced without a trace?"
fi
echo "summary: $scenarios situations, each with its words"
