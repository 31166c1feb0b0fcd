# SPDX-License-Identifier: BSD-2-Clause
# Why sockets end, and who ended them: what was done to each is known, and must
# be what its rows say.
. "$(dirname "$0")/lib.sh"
. "$here/stage.inc"

# Connections that are served, closed, and held.
scene http 'serve s:accept=l s:answer s:close
	act c:connect c:get c:end c:close'
scene slow 'act l:listen c:connect s:accept=l s:trickle=60000 s:close c:end c:close'
scene half 'act l:listen c:connect s:accept=l c:shutdown s:end sleep=2000 s:close \
	c:end c:close'
scene orphan 'act l:listen c:connect s:accept=l c:close s:end sleep=300 s:close'
scene late_close 'act l:listen c:connect s:accept=l c:shutdown s:end sleep=200 \
	c:close sleep=100 s:close'
scene self 'act c:bind=$port c:connect c:send=10 c:readable c:shutdown sleep=300 \
	c:close'
scene crossing 'act l:listen c:connect s:accept=l run="$drop_all" c:shutdown \
	s:shutdown run="$pass" s:end c:end s:close c:close'
scene killed_server 'serve s:accept=l sleep=30000
	act c:connect run="kill -9 $server" c:end c:close'

# Connects that come to nothing.
scene given_up '$drop; act c:connect=under-way sleep=1000 c:close'
scene given_up_too '$drop; act c:connect=under-way sleep=200 c:disconnect'
scene timed_out 'set_to tcp_syn_retries 1; $drop
	act c:connect=timed-out c:close'
scene refused 'act c:connect=refused c:close'
scene no_host '$rule dport $port reject with icmp type host-unreachable
	act c:connect=no-host c:close'
scene no_net '$rule dport $port reject with icmp type net-unreachable
	act c:connect=no-net c:close'
scene no_port '$rule dport $port reject with icmp type port-unreachable
	act c:connect=refused c:close'

# Connections that are broken off.
scene reset 'act l:listen c:connect s:accept=l c:abort s:end=reset s:close'
scene unread 'act l:listen c:connect s:accept=l c:send=100 s:readable s:close \
	c:end=reset c:close'
scene disconnect 'act l:listen c:connect s:accept=l c:disconnect s:end=reset s:close'
scene data_at_close 'act l:listen c:connect s:accept=l run="$drop_sent" s:close \
	c:send=10 run="$pass" c:end=reset c:close'
scene data_with_ack 'act l:listen c:connect s:accept=l s:close c:readable c:send=10 \
	sleep=100 c:close'
scene listener 'act l:listen l:close'
scene not_accepted 'act l:listen c:connect l:close c:end=reset c:close'
scene killed 'act l:listen c:connect s:accept=l \
	run="ss -K dport = :$port | grep -q $port" c:end=aborted s:end=reset s:close c:close'

# Peers that fall silent.
scene keepalive 'act l:listen c:connect s:accept=l c:keepalive=1 run="$drop_all" \
	c:end=timed-out c:close run="$pass" s:close'
scene user_timeout 'act l:listen c:connect s:accept=l c:user-timeout=1000 \
	run="$drop_all" c:send=100 c:end=timed-out c:close run="$pass" s:close'
scene retries 'set_to tcp_retries2 2; act l:listen c:connect s:accept=l \
	run="$drop_all" c:send=100 c:end=timed-out c:close run="$pass" s:close'
scene soft_error 'set_to tcp_retries2 2; act l:listen c:connect s:accept=l \
	run="$rule dport $port reject with icmp type host-unreachable" \
	c:send=100 c:end=no-host c:close run="$pass" s:close'
scene lost_fin 'set_to tcp_orphan_retries 1
	act l:listen c:connect s:accept=l run="$drop_all" c:close sleep=4000 \
	run="$pass" s:close'
scene lost_last_ack 'set_to tcp_orphan_retries 1
	act l:listen c:connect s:accept=l c:close s:end run="$drop_all" s:close \
	sleep=4000'
curtain

server=httpd told http "$served"
told slow "$served"
lasted slow c 'ESTABLISHED>CLOSE_WAIT' 2000
lasted slow s 'ESTABLISHED>FIN_WAIT1' 2000
server=killed_serverd told killed_server "$served"

left="s ESTABLISHED>CLOSE_WAIT | closed by peer | packet | exact
s CLOSE_WAIT>LAST_ACK | closed by us | call | exact
s LAST_ACK>CLOSE | FIN acknowledged | packet | inferred
"
waits="${opened}c ESTABLISHED>FIN_WAIT1 | closed by us | call | exact
c FIN_WAIT1>FIN_WAIT2 | FIN acknowledged | packet | exact
"
told half "${waits}c FIN_WAIT2>CLOSE | to TIME_WAIT | packet | inferred
$accepted$left"
lasted half s 'CLOSE_WAIT>LAST_ACK' 2000
lasted half c 'FIN_WAIT2>CLOSE' 1900
told orphan "${waits}c FIN_WAIT2>CLOSE | orphaned | packet | inferred
$accepted$left"
lasted orphan s 'CLOSE_WAIT>LAST_ACK' 300
told late_close "${waits}c FIN_WAIT2>CLOSE | orphaned | call | inferred
$accepted$left"

# Connected to itself: both ends are one socket.
told self "s CLOSE>SYN_SENT | connect | call | exact
s SYN_SENT>SYN_RECV | simultaneous open | packet | exact
s SYN_RECV>ESTABLISHED | handshake done | packet | exact
s ESTABLISHED>FIN_WAIT1 | closed by us | call | exact
s FIN_WAIT1>CLOSING | simultaneous close | packet | exact
s CLOSING>CLOSE | to TIME_WAIT | packet | inferred
"
# Whose FIN is sent again first may learn that the other has it.
rows_of crossing story | grep 'CLOSING' >"$work/closing"
grep -q 'FIN_WAIT1>CLOSING | simultaneous close | packet | exact' "$work/closing" &&
	grep -q 'CLOSING>CLOSE | to TIME_WAIT | packet | inferred' "$work/closing" ||
	fail "crossing: nobody was CLOSING"

told given_up "${connecting}c SYN_SENT>CLOSE | gave up connecting | call | inferred
"
lasted given_up c 'SYN_SENT>CLOSE' 1000
told given_up_too "${connecting}c SYN_SENT>CLOSE | gave up connecting | call | inferred
"
told timed_out "${connecting}c SYN_SENT>CLOSE | timed out | timer | $sure
"
lasted timed_out c 'SYN_SENT>CLOSE' 2900
told refused "${connecting}c SYN_SENT>CLOSE | connection refused | packet | exact
"
# ICMP is told of as an error, or not at all.
icmp() { [ -n "$told" ] && echo "$1 | packet | exact" || echo "null | null | exact"; }
told no_host "${connecting}c SYN_SENT>CLOSE | $(icmp 'host unreachable')
"
told no_net "${connecting}c SYN_SENT>CLOSE | $(icmp 'net unreachable')
"
told no_port "${connecting}c SYN_SENT>CLOSE | $(icmp 'connection refused')
"

by_us="ESTABLISHED>CLOSE | aborted by us | call | exact
"
by_peer="ESTABLISHED>CLOSE | reset by peer | packet | exact
"
told reset "${opened}c $by_us${accepted}s $by_peer"
told unread "${opened}c $by_peer${accepted}s $by_us"
told disconnect "${opened}c $by_us${accepted}s $by_peer"
told not_accepted "${opened}c $by_peer${accepted}s $by_us"
listener=yes told listener "s CLOSE>LISTEN | listen | call | exact
s LISTEN>CLOSE | listener closed | call | exact
"
closed="s ESTABLISHED>FIN_WAIT1 | closed by us | call | exact
"
told data_at_close "${opened}c $by_peer$accepted${closed}s FIN_WAIT1>CLOSE | aborted by us | packet | exact
"
# The data comes with the ACK of the FIN, unless that could not wait.
answer="aborted by us | packet | exact"
[ "$(counter data_with_ack TCPAbortOnData)" = 1 ] ||
	answer="orphaned | packet | inferred"
told data_with_ack "${opened}c ESTABLISHED>CLOSE_WAIT | closed by peer | packet | exact
c CLOSE_WAIT>CLOSE | reset by peer | packet | exact
$accepted${closed}s FIN_WAIT1>FIN_WAIT2 | FIN acknowledged | packet | exact
s FIN_WAIT2>CLOSE | $answer
"

silent="$accepted${closed}s FIN_WAIT1>CLOSE | reset by peer | packet | exact
"
told keepalive "${opened}c ESTABLISHED>CLOSE | keepalive timed out | timer | $sure
$silent"
lasted keepalive c 'ESTABLISHED>CLOSE' 2000
told user_timeout "${opened}c ESTABLISHED>CLOSE | timed out | timer | $sure
$silent"
lasted user_timeout c 'ESTABLISHED>CLOSE' 1000
told retries "${opened}c ESTABLISHED>CLOSE | timed out | timer | $sure
$silent"
reason="host unreachable"
[ -n "$told" ] || reason="timed out"
told soft_error "${opened}c ESTABLISHED>CLOSE | $reason | timer | $sure
$silent"
told lost_fin "${opened}c ESTABLISHED>FIN_WAIT1 | closed by us | call | exact
c FIN_WAIT1>CLOSE | timed out | timer | inferred
$silent"
told lost_last_ack "${waits}c FIN_WAIT2>CLOSE | orphaned | packet | inferred
${accepted}s ESTABLISHED>CLOSE_WAIT | closed by peer | packet | exact
s CLOSE_WAIT>LAST_ACK | closed by us | call | exact
s LAST_ACK>CLOSE | timed out | timer | inferred
"
# Not every kernel lets ss kill.
[ "$(cat "$work/killed.status")" != 0 ] ||
	told killed "${opened}c ESTABLISHED>CLOSE | killed | call | $sure
${accepted}s $by_peer"
echo "summary: $checked scenes, retransmissions as the kernel counts them"
