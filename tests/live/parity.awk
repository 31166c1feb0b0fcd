# SPDX-License-Identifier: BSD-2-Clause
# Compares the CSV of two watches of the same traffic: FILE FILE, with skaddr
# first, then event, family, both ends, and duration_ms last. A socket's rows are
# found by its kernel address, others by their ends. The last line sums up.
# kinds: words that must be among the rows; without cong none tells that state.
# exact: one duration in so many may be apart. slow: what goes by how soon something
# comes may be different: inferred reasons, triggers, lower bounds, the socket of an
# error. missed: events that the second has counted as lost: so many sockets may have
# another story, each from its first difference on.

BEGIN { FS = OFS = "," }

FNR == 1 { file++; next }

{
	duration = $NF
	sub(/,[^,]*$/, "")
	if (kinds !~ /cong/ && $2 == "retrans")
		$9 = ""
	if (slow)
		sub(/,[^,]*,true,/, ",,true,")
	if (slow)
		$(kinds ~ /cong/ ? 16 : 14) = ""
	if (slow && $2 == "error")
		$10 = $11 = $12 = ""
	key = $1 != "" ? $1 : $2 " " $4 " " $5 " " $6 " " $7
	number = ++count[file, key]
	if (file == 1) {
		keys[key]
		row[key, number] = $0
		time[key, number] = duration
		rows++
		seen[$2]++
		next
	}
	others++
	if (key in other)
		next
	if (number > count[1, key])
		complain("only the second: " $0)
	else if (row[key, number] != $0)
		complain("first:  " row[key, number] "\n  second: " $0)
	else
		compare(time[key, number], duration)
}

function complain(what)
{
	other[key]
	if (++problems <= 8)
		print "  " what
}

function compare(one, other,    gap)
{
	if (one !~ /^[0-9.]+$/ || other !~ /^[0-9.]+$/) {
		if (!slow && one != other && substr(one, 1, 1) != substr(other, 1, 1))
			complain("durations " one " and " other ": " $0)
		return
	}
	compared++
	gap = one - other
	if (gap < 0)
		gap = -gap
	if (gap > 0.020)
		apart++
	if (gap > most)
		most = gap
}

END {
	for (key in keys)
		if (count[2, key] < count[1, key] && !(key in other))
			complain("only the first: " row[key, count[2, key] + 1])
	if (problems > 8)
		print "  and " problems - 8 " more"
	if (problems <= missed) {
		differing = problems
		problems = 0
	}
	wanted = split(kinds, words, " ")
	for (i = 1; i <= wanted; i++)
		if (!seen[words[i]]) {
			problems++
			print "  no row is of " words[i]
		}
	if (compared < exact * apart) {
		problems++
		printf "  %d of %d durations are apart, %.3f ms at most\n",
			apart, compared, most
	}
	printf "%d rows, %d durations, %d apart, %.3f ms at most%s\n",
		rows, compared, apart, most,
		missed ? ", " differing " sockets of " missed " events missed" : ""
	exit problems > 0
}
