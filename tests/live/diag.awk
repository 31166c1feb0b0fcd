# SPDX-License-Identifier: BSD-2-Clause
# The rows of a source that looks now and then, beside those of one that misses
# nothing (the first file): every stay of which both tell lies within the bounds.
# Prints how many there were, or what is wrong with exit status 1.

function stay()
{
	return value("old") " " value("laddr") " " value("lport") " " \
		value("raddr") " " value("rport")
}

!/"event":"state"/ { next }

FNR == NR {
	exact[stay()] = value("duration_ms")
	next
}

value("old") != "null" && (stay() in exact) && exact[stay()] != "null" {
	ms = exact[stay()] + 0
	least = value("duration_min_ms")
	most = value("duration_max_ms")
	if (least == "null" && most == "null")
		next
	if ((least != "null" && ms < least - 0.001) ||
	    (most != "null" && ms > most + 0.001)) {
		print stay() ": " ms " ms is not within " least " and " most
		wrong++
	}
	count++
}

END {
	if (!wrong)
		print count + 0
	exit wrong > 0
}
