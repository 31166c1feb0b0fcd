# SPDX-License-Identifier: BSD-2-Clause
# Compares the loads' lists of connections (files called *.list: laddr lport
# raddr rport pid comm) with the rows of `tcpwatch -j --events state`.
#   all=1      every listed connection was there before the watch and ended in it
#   closing, closed   the transitions of who closes first, and of the other end
# Prints what is wrong, or a line of figures.

function complain(what) {
	print FILENAME ": " what
	problems++
}

# Where the row stands in the life of its socket.
function check_chain(id,    old, new, first, least, exact) {
	old = value("old")
	new = value("new")
	least = value("duration_min_ms")
	exact = value("duration_ms")
	first = !((FILENAME, id) in state)
	if (!(FILENAME in begun))
		begun[FILENAME] = value("mono_ns")
	if (!first && state[FILENAME, id] != old) {
		gap[++gaps] = FILENAME " " at[FILENAME, id] " " id \
			" goes from " old " and was in " state[FILENAME, id]
		if (least != "null")
			complain(id " was in " old " since a gap: " $0)
		least = "gap"
	}
	at[FILENAME, id] = value("mono_ns")
	state[FILENAME, id] = new
	story[FILENAME, id] = story[FILENAME, id] \
		(first ? "" : " ") old ">" new
	if (least == "gap")
		return
	if (old == "CLOSE" || (old == "LISTEN" && new == "SYN_RECV")) {
		if (!first || least != "null")
			complain(id " begins in the middle: " $0)
		return
	}
	if (first && least == "null") {
		early[++earlies] = FILENAME " " value("mono_ns") " " $0
		return
	}
	if (first)
		since[FILENAME] = value("mono_ns") - least * 1000000
	if (least == "null")
		complain(id " was in " old " for an unknown time: " $0)
	# An orphan's FIN_WAIT2 goes on without its socket.
	if (old != "FIN_WAIT2" && first != (exact == "null"))
		complain(id " was in " old " for '" exact "' ms: " $0)
	if (first && least + 0 > 60000)
		complain(id " was in " old " for longer than the watch: " $0)
}

function check_owner(tuple, pid) {
	if (pid == "null") {
		unowned++
		return
	}
	owned[value("owner")]++
	if ((tuple in pids) && index(pids[tuple], " " pid " ") == 0)
		complain(tuple " has the owner " pid " and not" pids[tuple])
}

FILENAME ~ /\.list$/ {
	if (NF < 5)
		next
	listed++
	pids[$1 " " $2 " " $3 " " $4] = pids[$1 " " $2 " " $3 " " $4] " " $5 " "
	pids[$3 " " $4 " " $1 " " $2] = pids[$3 " " $4 " " $1 " " $2] " " $5 " "
	ends[$1 " " $2 " " $3 " " $4] = closing
	ends[$3 " " $4 " " $1 " " $2] = closed
	next
}

value("event") == "lost" {
	lost++
}

value("event") == "state" {
	id = value("sock")
	tuple = value("laddr") " " value("lport") " " value("raddr") " " \
		value("rport")
	rows++
	check_chain(id)
	check_owner(tuple, value("pid"))
	if (all && (tuple in pids)) {
		if (value("pid") == "null")
			complain(tuple " has no owner: " $0)
		told[tuple] = story[FILENAME, id]
	}
}

# Events are switched on one after the other: what comes before the last of them
# is on has no known time, unless it began meanwhile.
function check_early(text,    word) {
	split(text, word, " ")
	if (word[1] in since && word[2] > since[word[1]] + 1000)
		complain("unknown time after the watch began: " text)
}

# The kernel switches an event on place by place, and a softirq may come in between:
# LISTEN->SYN_RECV is told by one function of it (inet_sk_state_store()), what follows
# by another (inet_sk_set_state()). Of what came before the watch had begun there may
# be a part. Where no row tells when that was, it is so of the very first.
function check_gap(text,    word, until) {
	split(text, word, " ")
	until = word[1] in since ? since[word[1]] + 1000 : begun[word[1]]
	if (word[2] + 0 > until + 0)
		complain(text)
}

END {
	for (i = 1; i <= earlies; i++)
		check_early(early[i])
	for (i = 1; i <= gaps; i++)
		check_gap(gap[i])
	if (all)
		for (tuple in ends)
			if (told[tuple] != ends[tuple])
				complain(tuple ": '" told[tuple] "'")
	if (!problems)
		print rows + 0, owned["seed"] + 0, unowned + 0, gaps + 0
	exit problems > 0
}
