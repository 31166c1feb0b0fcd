# SPDX-License-Identifier: BSD-2-Clause
# Why sockets end, and who ended them: what was done to each is known, and must
# be what its rows say.
. "$(dirname "$0")/lib.sh"
. "$here/stage.inc"

. "$here/scenes.inc"
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
told orphan "${waits}c FIN_WAIT2>CLOSE | orphaned | by context | inferred
$accepted$left"
lasted orphan s 'CLOSE_WAIT>LAST_ACK' 300
told late_close "${waits}c FIN_WAIT2>CLOSE | orphaned | by context | inferred
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
	answer="orphaned | by context | inferred"
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
told lost_last_ack "${waits}c FIN_WAIT2>CLOSE | orphaned | by context | inferred
${accepted}s ESTABLISHED>CLOSE_WAIT | closed by peer | packet | exact
s CLOSE_WAIT>LAST_ACK | closed by us | call | exact
s LAST_ACK>CLOSE | timed out | timer | inferred
"
# Not every kernel lets ss kill.
[ "$(cat "$work/killed.status")" != 0 ] ||
	told killed "${opened}c ESTABLISHED>CLOSE | killed | call | $sure
${accepted}s $by_peer"
echo "summary: $checked scenes, retransmissions as the kernel counts them"
