# SPDX-License-Identifier: BSD-2-Clause
# Compares the rows of `tcpwatch states --csv` (second file) with those of
# tcpstates (third file) for the connections that the load listed (first file).
# A socket is known in both by its tuple once it has one; tcpstates prints 0.000
# where it does not know a duration. Exit 1: other transitions; 3: the same ones
# with other durations.

function take(who, id, laddr, lport, raddr, rport, from, to, ms,    tuple, n) {
	if (lport && rport)
		tuple_of[who, id] = laddr " " lport " " raddr " " rport
	# An address of the kernel's is used again by the next socket.
	if (from == "CLOSE" || from == "LISTEN" && to == "SYN_RECV") {
		life[who, id]++
		delete tuple_of[who, id]
		pending[who, id] = 0
		if (lport && rport)
			tuple_of[who, id] = laddr " " lport " " raddr " " rport
	}
	n = ++pending[who, id]
	held[who, id, n] = from ">" to
	held_ms[who, id, n] = ms
	if (!((who, id) in tuple_of))
		return
	tuple = tuple_of[who, id]
	for (n = 1; n <= pending[who, id]; n++) {
		count[who, tuple]++
		story[who, tuple, count[who, tuple]] = held[who, id, n]
		spent[who, tuple, count[who, tuple]] = held_ms[who, id, n]
	}
	pending[who, id] = 0
}

function compare(tuple,    i, ours, theirs, apart) {
	if (count["ours", tuple] != count["theirs", tuple]) {
		print tuple ": " count["ours", tuple] + 0 " rows, tcpstates " \
			count["theirs", tuple] + 0
		problems++
		return
	}
	for (i = 1; i <= count["ours", tuple]; i++) {
		if (story["ours", tuple, i] != story["theirs", tuple, i]) {
			print tuple ": " story["ours", tuple, i] ", tcpstates " \
				story["theirs", tuple, i]
			problems++
			return
		}
		ours = spent["ours", tuple, i]
		# An orphan's FIN_WAIT2 goes on where neither sees it.
		sub(/^>/, "", ours)
		theirs = spent["theirs", tuple, i]
		if (theirs + 0 == 0 || ours == "")
			continue
		rows++
		apart = ours - theirs
		if (apart < 0)
			apart = -apart
		close_by += apart <= 0.050 + 0.01 * theirs
		if (apart > largest)
			largest = apart
	}
}

FNR == 1 { file++ }

file == 1 {
	listed++
	wanted[$1 " " $2 " " $3 " " $4] = wanted[$3 " " $4 " " $1 " " $2] = 1
}

file == 2 && FNR > 1 {
	split($0, f, ",")
	take("ours", f[1], f[5], f[6], f[7], f[8], f[9], f[10], f[11])
}

# SKADDR PID COMM LADDR LPORT RADDR RPORT OLDSTATE -> NEWSTATE MS, counted from
# the end since a name may hold blanks.
file == 3 && FNR > 1 && NF >= 11 {
	take("theirs", $1, $(NF - 7), $(NF - 6), $(NF - 5), $(NF - 4),
	     $(NF - 3), $(NF - 1), $NF)
}

END {
	for (tuple in wanted)
		compare(tuple)
	share = rows ? 100 * close_by / rows : 0
	printf "summary: %d connections, %d durations, %.2f %% within 50 us + 1 %%, largest difference %.3f ms\n", \
		listed, rows, share, largest
	if (rows < 6 * listed) {
		print "too few durations to compare"
		problems++
	}
	exit problems ? 1 : share < 99.9 || largest >= 5 ? 3 : 0
}
