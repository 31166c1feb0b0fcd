# SPDX-License-Identifier: BSD-2-Clause
# Compares the load's list of connections (first file: laddr lport raddr rport
# pid comm) with the rows of `tcpwatch states --csv` (second file).
#   client, server   the transitions that each end must show; "" = no such end
#   names=1          the client's name must be right too
#   server_pid       who owns the server's end; default: the same process

function complain(what) {
	print what
	problems++
}

function check_end(tuple, expected, pid, comm,    id) {
	if (expected == "")
		return
	# A port that is free again at once may be drawn twice.
	if (count[tuple] != wanted[tuple]) {
		complain(tuple ": " count[tuple] + 0 " sockets instead of " \
			wanted[tuple])
		return
	}
	id = socket[tuple, ++taken[tuple]]
	if (story[id] != expected)
		complain(tuple " (" id "): " story[id])
	if (owner[id] != pid)
		complain(tuple " (" id "): owner " owner[id] " instead of " pid)
	if (names && comm != "" && name[id] != comm)
		complain(tuple " (" id "): name " name[id] " instead of " comm)
	if (broken[id] != "")
		complain(tuple " (" id "): " broken[id])
	checked++
}

# A part of a tuple may be open at first and never changes after that.
function settle(id, part, value, open) {
	if (value == open)
		return
	if ((id, part) in known && known[id, part] != value)
		broken[id] = part " changed from " known[id, part] " to " value
	known[id, part] = value
}

function is_open(address) {
	return address == "0.0.0.0" || address == "::"
}

BEGIN { FS = "[ ,]" }

FNR == 1 { file++ }

file == 1 && NF >= 5 {
	listed++
	order[listed] = $1 " " $2 " " $3 " " $4
	back[listed] = $3 " " $4 " " $1 " " $2
	pids[listed] = $5
	comms[listed] = $6
	wanted[order[listed]]++
	wanted[back[listed]]++
}

# A listener belongs to no connection.
file == 2 && FNR > 1 && $10 != "LISTEN" && ($9 != "LISTEN" || $10 == "SYN_RECV") {
	id = $1
	if (!(id in story))
		begun[++sockets] = id
	if (id in owner && owner[id] != $2)
		broken[id] = "owner changed from " owner[id] " to " $2
	owner[id] = $2
	name[id] = $3
	settle(id, "laddr", is_open($5) ? "" : $5, "")
	settle(id, "lport", $6, 0)
	settle(id, "raddr", is_open($7) ? "" : $7, "")
	settle(id, "rport", $8, 0)
	# What a state lasted is known to the end, but for the one before it, and
	# for what goes on of an orphan's FIN_WAIT2 without any event.
	first = $9 == "CLOSE" || $9 == "LISTEN"
	lasted = $11
	if ($9 == "FIN_WAIT2")
		sub(/^>/, "", lasted)
	if (!first && lasted !~ /^[0-9]+(\.[0-9]+)?$/)
		broken[id] = "duration of " $9 " is '" $11 "'"
	if (first && $11 ~ /[0-9]/)
		broken[id] = "duration of " $9 " is '" $11 "'"
	told = story[id]
	story[id] = told (told == "" ? "" : " ") $9 ">" $10
}

END {
	for (i = 1; i <= sockets; i++) {
		id = begun[i]
		tuple = known[id, "laddr"] " " known[id, "lport"] " " \
			known[id, "raddr"] " " known[id, "rport"]
		socket[tuple, ++count[tuple]] = id
	}
	for (i = 1; i <= listed; i++) {
		check_end(order[i], client, pids[i], comms[i])
		check_end(back[i], server, server_pid ? server_pid : pids[i], "")
	}
	if (!checked)
		complain("nothing to compare")
	exit problems > 0
}
