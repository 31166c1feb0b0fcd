# SPDX-License-Identifier: BSD-2-Clause
# Follows every socket in the rows of `states --csv`, as long as they come, and
# forgets those that have ended. The load's are known by their address, 127.KIND.own.
# At the end: what each kind of load told, what was wrong, and some of the latter.

function complain(what) {
	if (complaints++ < 12)
		print "wrong: " what
}

# "1 client" for who connects to 127.1.own, "1 server" for who accepts there.
function side_of(local, remote) {
	if (remote in kind)
		return kind[remote] " client"
	if (local in kind && remote != "0.0.0.0")
		return kind[local] " server"
	return ""
}

function ended(id) {
	if (side[id] != "") {
		if (story[id] == expected[side[id]])
			told[side[id]]++
		else {
			others++
			complain(side[id] " " id ":" story[id])
		}
	}
	delete story[id]
	delete side[id]
	delete last[id]
}

BEGIN {
	FS = ","
	closing_first = " ESTABLISHED>FIN_WAIT1 FIN_WAIT1>FIN_WAIT2 FIN_WAIT2>CLOSE"
	closing_second = " ESTABLISHED>CLOSE_WAIT CLOSE_WAIT>LAST_ACK LAST_ACK>CLOSE"
	kinds = split("churn refused shortlived spaces disks", names, " ")
	for (i = 1; i <= kinds; i++) {
		kind["127." i "." own] = i
		expected[i " client"] = " CLOSE>SYN_SENT SYN_SENT>ESTABLISHED" closing_first
		expected[i " server"] = " LISTEN>SYN_RECV SYN_RECV>ESTABLISHED" closing_second
	}
	expected["2 client"] = " CLOSE>SYN_SENT SYN_SENT>CLOSE"
}

$1 == "SKADDR" { next }

# A name that holds commas is quoted; it is of no interest here.
/"/ { sub(/,"([^"]|"")*",/, ",name,") }

{
	rows++
	if ($1 in last && last[$1] != $9) {
		# A duration beside it would claim that nothing was missed.
		if ($11 ~ /[0-9]/) {
			unmarked++
			complain($1 " was " last[$1] ": " $0)
		} else
			marked++
	}
	last[$1] = $10
	if (!($1 in story))
		side[$1] = side_of($5, $7)
	if (side[$1] != "")
		story[$1] = story[$1] " " $9 ">" $10
	if ($10 == "CLOSE")
		ended($1)
}

END {
	for (id in story)
		if (side[id] != "") {
			others++
			complain(side[id] " " id " never ended:" story[id])
		}
	for (i = 1; i <= kinds; i++) {
		print names[i], "client", told[i " client"] + 0
		print names[i], "server", told[i " server"] + 0
	}
	print "rows", rows + 0
	print "unmarked", unmarked + 0
	print "marked", marked + 0
	print "others", others + 0
}
