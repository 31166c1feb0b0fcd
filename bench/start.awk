# SPDX-License-Identifier: BSD-2-Clause
# The records of bench-start.sh as a table in Markdown: medians (median.awk).

# The words of this record from the first one on.
function words(first,  i, text)
{
	for (i = first; i <= NF; i++)
		text = text (i > first ? " " : "") $i
	return text
}

$1 == "host" { date = $2; kernel = $3; cores = $4; rounds = $5; load = $6 }
$1 == "title" { names[++builds] = $2; titles[$2] = words(3) }
$1 == "size" { add($2 "/size", $3 / 1024) }
$1 == "links" { links[$2] = words(3) }
$1 == "exit" { add($2 "/exit", $3 / 1000) }
$1 == "watch" {
	add($2 "/ready", $3 / 1000)
	add($2 "/row", $4 / 1000)
	add($2 "/worker", $5 / 1024)
	add($2 "/peak", $6 / 1024)
	add($2 "/keeper", $7 / 1024)
	add($2 "/pss", $9 / 1024)
}

END {
	print "| | size, KiB | links | `--version`, ms | until it watches, ms | " \
		"first row, ms | worker (its peak), MiB | keeper, MiB | PSS of both, MiB |"
	print "|---|---|---|---|---|---|---|---|---|"
	for (i = 1; i <= builds; i++) {
		name = names[i]
		printf "| %s | %s | %s | %s | %s | %s | %s (%s) | %s | %s |\n",
			titles[name], middle(name "/size", "%.0f"),
			name in links ? links[name] : "-",
			middle(name "/exit", "%.1f"), shown(name "/ready", "%.0f"),
			middle(name "/row", "%.0f"), middle(name "/worker", "%.1f"),
			middle(name "/peak", "%.1f"), middle(name "/keeper", "%.1f"),
			middle(name "/pss", "%.1f")
	}
	printf "\n(%d cores, Linux %s, %s, load average %s; medians of %d starts in " \
		"turns, in brackets the least and the most.)\n", cores, kernel,
		date, load, rounds
}
