# SPDX-License-Identifier: BSD-2-Clause
# What sockets are doing now: their timers, queues, options and owners, and each
# thing that can be wrong with one, made here.
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
list()
{
	"$TCPWATCH" sockets -j "$@" >"$work/list" 2>"$work/list.err" ||
		fail "there is no list"
}

# timed NAME: notes in $work/NAME.end when the scene begun last was over.
timed()
{
	background sh -c 'while kill -0 "$0" 2>/dev/null; do sleep 0.05; done
		cut -d" " -f1 /proc/uptime >"$1"' "$child" "$work/$1.end"
}

# predict NAME LIMIT: notes when the kernel is to give up, by the row at hand,
# which is in that many ms at most.
predict()
{
	left=$(sed -n '1s/.*"gives_up_ms":\([0-9]*\).*/\1/p' "$work/list")
	[ "${left:-0}" -gt 0 ] && [ "$left" -le "$2" ] ||
		fail "$1 is given up in '$left' ms, not in 1 to $2"
	read -r now _ </proc/uptime
	echo "$now $left" >"$work/$1.left"
}

# came_true NAME: it did.
came_true()
{
	wait_until test -s "$work/$1.end"
	late=$(cat "$work/$1.left" "$work/$1.end" |
		awk 'NR == 1 { due = $1 + $2 / 1000 } END { print int(1000 * ($1 - due)) }')
	# The list is older than the time read after it, and the end than its time: by
	# seconds on a host that stands still. One timer more or less would be ten.
	[ "$late" -ge -5000 ] && [ "$late" -le 5000 ] ||
		fail "$1 was given up $late ms later than predicted"
	predictions=$((predictions + 1))
}
predictions=0

# shown TEXT OPTION...: a socket with that in its row.
shown()
{
	text=$1
	shift
	list "$@" && grep -q "$text" "$work/list"
}

# problem NAME|- -L|-D PORT WORDS: tells of one socket of that owner, and in these
# words; its row is the first in $work/list.
problem()
{
	wait_until shown "$4" --problems "$2" "$3"
	sed -i "/$4/!d" "$work/list"
	[ "$1" = - ] || grep -q "\"comm\":\"$1\"" "$work/list" ||
		fail "$4: it is not $1's"
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
expect "the heading of problems" "$("$TCPWATCH" sockets --problems -L 1)" \
	"PID     COMM     LPORT RADDR:RPORT           PROBLEM"

# The kernel's patience is made short, its timers so long that a millisecond does
# not decide after which of them it ends; what takes its time is begun first.
ip route replace local $address dev lo table local rto_min 300ms ||
	fail "rto_min cannot be set"
echo 3 >/proc/sys/net/ipv4/tcp_syn_retries
echo 5 >/proc/sys/net/ipv4/tcp_retries2
dark="run=nft add rule ip t in tcp dport"
nft add rule ip t in tcp dport 7002 drop
act silent 7002 c:connect=timed-out
timed silent
act gone 7007 l:listen c:connect s:accept=l "$dark 7007 drop" c:send=100 c:end=timed-out
timed gone
act loath 7008 l:listen c:connect s:accept=l c:user-timeout=18000 "$dark 7008 drop" c:send=100 c:end=timed-out
timed loath
act cut 7009 l:listen c:connect s:accept=l c:keepalive=20 "$dark 7009 drop" c:end=timed-out
timed cut
act shy 7010 l:listen l:defer-accept=30 c:connect sleep=100000
act hasty 7011 l:listen c:connect s:accept=l c:keepalive=9 c:user-timeout=5000 sleep=100000

problem silent -D 7002 'SYN unanswered, sent again [1-9] of [3-7] times, given up in '
grep -q '"timer":"retransmit"' "$work/list" || fail "no timer is told"
predict silent 19500
problem gone -D 7007 'the peer may be gone: retransmitting for [0-9].*by tcp_retries2'
predict gone 19500
problem loath -D 7008 'the peer may be gone: retransmitting for .*by TCP_USER_TIMEOUT'
predict loath 18500
problem cut -D 7009 'half-open: [1-9][0-9]* of 20 keepalive probes unanswered, given up in '
predict cut 21000
problem - -L 7010 'no data for [1-9].*its listener defers accept (TCP_DEFER_ACCEPT)'
problem hasty -D 7011 'TCP_USER_TIMEOUT of 5.0 s ends it before keepalive: 1 s idle + 9 x 1 s'
grep -q '"keepalive":true,"keep_idle_s":1,"keep_interval_s":1,"keep_count":9,"user_timeout_ms":5000' \
	"$work/list" || fail "the options are others"
wait_until shown '"lport":7010,.*"defer_accept_s":[1-9]' -l

nft add rule ip t in tcp sport 7003 drop
act mute 7003 l:listen c:connect=timed-out
problem - -L 7003 'SYN-ACK unanswered, sent again [1-9] of 5 times, given up in '

# The peer has closed, its process has not; seen from the other end, an orphan.
act leak 7004 l:listen c:connect s:accept=l d:connect t:accept=l c:close d:close sleep=100000
problem leak -L 7004 'closed by the peer and not by its process: 1 of 2'
problem - -D 7004 'orphan: closed by its process and not by the peer, freed in '

# Nobody reads: the window closes.
echo "4096 16384 16384" >/proc/sys/net/ipv4/tcp_rmem
act stuffed 7005 l:listen c:connect s:accept=l c:send=65535 c:send=65535 c:send=65535 c:send=65535 sleep=100000
problem stuffed -D 7005 'zero window for .*none of [1-9].*, [0-9]* of 5 probes unanswered'
grep -q '"timer":"probe"' "$work/list" || fail "no probe is told"

# Nobody accepts: more connect than may wait.
echo 1 >/proc/sys/net/core/somaxconn
act full 7006 l:listen a:connect b:connect c:connect sleep=100000
problem full -L 7006 'accept queue full: 2 connections wait, 1 may'
problem full -L 7006 'accept queue full: .*, [1-9][0-9]* found no room'

# Who has no keepalive is idle where keepalive would call it so.
echo 1 >/proc/sys/net/ipv4/tcp_keepalive_time
problem quiet -L 7001 'idle for [1-9].*with keepalive off'

# Order, limits and intervals.
list --sort send_q --top 1
expect "the largest queue" "$(grep -c '"rport":7005' "$work/list")" 1
list 0.1 3
expect "lists" "$(grep -c '"rport":7005' "$work/list")" 3
expect "ages that are not known after the first" "$(grep '"lport":7006' \
	"$work/list" | tail -n +4 | grep -c '"duration_min_ms":null')" 0
list --sort duration_ms --top 1
expect "the oldest" "$(grep -c '700[17]' "$work/list")" 1
list -p "$child"
expect "sockets of another process" "$(grep -vc "\"pid\":$child," "$work/list")" 0
"$TCPWATCH" sockets -- true 2>"$work/command.err"
expect "exit status with a command" $? 2

# Without rights nobody's options are known, which is said once.
nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
unprivileged=no
if $nobody true 2>/dev/null; then
	unprivileged=yes
	cp "$TCPWATCH" "$work/tcpwatch" && chmod 755 "$work" "$work/tcpwatch"
	$nobody "$work/tcpwatch" sockets -D 7011 --columns comm,state,keepalive,user_timeout_ms \
		0.1 2 >"$work/nobody.out" 2>"$work/nobody.err" || fail "nobody sees nothing"
	expect "rows without options" "$(grep -c '^- *ESTABLISHED ?  *?$' "$work/nobody.out")" 2
	expect "notes why" "$(grep -c 'are not known (?): ' "$work/nobody.err")" 1
	expect "notes on owners" "$(grep -c 'no owners; run as root' \
		"$work/nobody.err")" 1
fi

for name in loath gone silent cut; do
	came_true $name
done

# A list that goes on: SIGHUP opens its file again, SIGUSR1 is a list at once.
background "$TCPWATCH" sockets -l -o "$work/lists" 600
watcher=$child
wait_until grep -q LISTEN "$work/lists"
mv "$work/lists" "$work/lists.1"
kill -HUP "$watcher"
wait_until test -e "$work/lists"
kill -USR1 "$watcher"
wait_until grep -q LISTEN "$work/lists"
stop INT
echo "summary: $problems problems, $predictions predictions, without rights: $unprivileged"
