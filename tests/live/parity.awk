# SPDX-License-Identifier: BSD-2-Clause
# Compares the CSV of two watches of the same traffic: FILE FILE, with skaddr
# first, then event, family, both ends, and duration_ms last. A socket's rows are
# found by its kernel address, others by their ends. The last line sums up.
# kinds: words that must be among the rows; without cong none tells that state.
# exact: one duration in so many may be apart. slow: what goes by how soon something
# comes may be different: inferred reasons, triggers, lower bounds, the socket of an
# error. missed: events that the second has counted as lost, or that came late to one:
# for each of them a socket may have another story from there on, and an error report
# that names none. A listener's event takes the owner of all that it accepts.

BEGIN { FS = OFS = "," }

FNR == 1 { file++; next }

# The second's own, counted in missed.
$2 == "lost" { next }

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
		differ(row[key, number])
	else
		compare(time[key, number], duration)
}

function differ(first)
{
	if (missed && without_owner(first) == without_owner($0)) {
		if ($4 " " $5 in orphaned)
			return
		orphaned[$4 " " $5]
	}
	complain("first:  " first "\n  second: " $0)
}

# pid, comm and how they are known.
function without_owner(line,    cells)
{
	split(line, cells, ",")
	sub("," cells[10] "," cells[11] "," cells[12] ",", ",,,,", line)
	return line
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
	if (problems <= 2 * missed) {
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
