# SPDX-License-Identifier: BSD-2-Clause
# What -j says of the sockets of one port, as lines to compare: of the client (c)
# and the server (s), each in order. want=story: changes with reason, trigger and
# whether that is inferred, and a remark where the owner is another than client
# and server say; want=spans: how long each state lasted; want=classes: how many
# retransmissions of each class, and how many sockets a timer gave up.

function owner_remark(    expected)
{
	expected = side == "c" ? client : server
	if (value("comm") == expected)
		return ""
	return " | owner " value("comm")
}

# Whether the ACK came while close() held the socket is not up to the scene, and
# decides whether close() or the segment ends FIN_WAIT2.
function trigger(    expected)
{
	expected = value("context") == "task" ? "^(call|null)$" : "^packet$"
	if (value("why") == "orphaned" && value("trigger") ~ expected)
		return "by context"
	return value("trigger")
}

function change_line()
{
	return side " " change " | " value("why") " | " trigger() " | " \
		(value("inferred") == "true" ? "inferred" : "exact") owner_remark()
}

# Of the listener no scene but its own says more than that it is there.
function is_listener()
{
	return value("new") == "LISTEN" || change == "LISTEN>CLOSE"
}

BEGIN { sides["c"] = sides["s"] = "" }

value("lport") != port && value("rport") != port { next }
{ side = value("lport") == port ? "s" : "c" }

value("event") == "state" {
	change = value("old") ">" value("new")
	if (want == "story" && (listener || !is_listener()))
		sides[side] = sides[side] change_line() "\n"
	else if (want == "spans")
		print side, change, value("duration_min_ms"), value("duration_max_ms")
	if (value("why") ~ /timed out|unreachable/ && value("trigger") == "timer" &&
		value("why") !~ /keepalive/)
		count["given-up"]++
}

value("event") == "retrans" { count[value("class")]++ }

END {
	if (want == "story")
		printf "%s%s", sides["c"], sides["s"]
	for (class in count)
		if (want == "classes")
			print class, count[class]
}
