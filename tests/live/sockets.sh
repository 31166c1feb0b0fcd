# SPDX-License-Identifier: BSD-2-Clause
# What sockets are doing now: their timers, queues and owners, and each thing that
# can be wrong with one, made here.
. "$(dirname "$0")/lib.sh"

need nft

address=10.77.7.1
ip address add $address/32 dev lo
nft add table ip t && nft add chain ip t in '{ type filter hook input priority 0; }' ||
	fail "nft does not work"

# act NAME PORT STEP...: plays a scene in the background; NAME is its process.
act()
{
	name=$1 port=$2
	shift 2
	background "$LOAD" act --comm "$name" --netns-ok --addr $address \
		--port "$port" "$@" >"$work/$name.said"
}

# list OPTION...: what is there now, as JSON, in $work/list.
list() { "$TCPWATCH" sockets -j "$@" >"$work/list" 2>"$work/list.err"; }

# shown TEXT OPTION...: a socket with that in its row.
shown()
{
	text=$1
	shift
	list "$@" && grep -q "$text" "$work/list"
}

# problem NAME|- PORT WORDS: tells of one socket of that owner, and in these words.
problem()
{
	wait_until shown "$3" --problems -L "$2"
	[ "$1" = - ] || grep "$3" "$work/list" | grep -q "\"comm\":\"$1\"" ||
		fail "$3: it is not $1's"
	problems=$((problems + 1))
}
problems=0

act quiet 7001 l:listen c:connect s:accept=l c:send=100 sleep=100000
wait_until shown '"comm":"quiet".*"lport":7001.*"state":"ESTABLISHED"'
expect "its unread bytes" "$(grep -c '"lport":7001.*"recv_q":[1-9]' \
	"$work/list")" 1
expect "listeners that nobody asked for" "$(grep -c LISTEN "$work/list")" 0
list -l
expect "the listeners" "$(grep -c '"lport":7001,.*"state":"LISTEN"' "$work/list")" 1
list --problems -L 7001
expect "problems where all is well" "$(wc -l <"$work/list")" 0

# SYN unanswered, both ends of it.
nft add rule ip t in tcp dport 7002 drop
act silent 7002 c:connect=timed-out
wait_until shown 'SYN unanswered, sent again [1-9]' --problems -D 7002
grep -q '"comm":"silent".*"timer":"retransmit"' "$work/list" ||
	fail "no timer is told"
problems=$((problems + 1))
nft add rule ip t in tcp sport 7003 drop
act mute 7003 l:listen c:connect=timed-out
problem - 7003 'SYN-ACK unanswered, sent again [1-9]'

# The peer has closed, its process has not; seen from the other end, an orphan.
act leak 7004 l:listen c:connect s:accept=l c:close sleep=100000
problem leak 7004 'closed by the peer and not by its process: 1 of 1'
wait_until shown 'orphan: closed by its process' --problems -D 7004
problems=$((problems + 1))

# Nobody reads: the window closes.
echo "4096 16384 16384" >/proc/sys/net/ipv4/tcp_rmem
act stuffed 7005 l:listen c:connect s:accept=l c:send=65535 c:send=65535 c:send=65535 c:send=65535 sleep=100000
wait_until shown 'the peer takes nothing: zero window, [1-9]' --problems -D 7005
grep -q '"timer":"probe"' "$work/list" || fail "no probe is told"
problems=$((problems + 1))

# Nobody accepts: more connect than may wait.
echo 1 >/proc/sys/net/core/somaxconn
act full 7006 l:listen a:connect b:connect c:connect sleep=100000
wait_until shown '"lport":7006,.*"state":"LISTEN".*"recv_q":[1-9]' -l
problem full 7006 'accept queue full: 2 connections wait, 1 may'

# The way goes dark with data under way.
act gone 7007 l:listen c:connect s:accept=l sleep=6000 c:send=100 sleep=100000
wait_until shown '"lport":7007,.*ESTABLISHED'
nft add rule ip t in tcp dport 7007 drop
wait_until shown 'the peer may be gone: data unanswered, sent again [2-9]' \
	--problems -D 7007
problems=$((problems + 1))

# Order, limits and intervals.
list --sort send_q --top 1
expect "the largest queue" "$(grep -c '"rport":7005' "$work/list")" 1
list 0.1 3
expect "lists" "$(grep -c '"rport":7005' "$work/list")" 3
list -p "$child"
expect "sockets of another process" "$(grep -vc "\"pid\":$child," "$work/list")" 0
"$TCPWATCH" sockets -- true 2>"$work/command.err"
expect "exit status with a command" $? 2
echo "summary: $problems problems"
