# SPDX-License-Identifier: BSD-2-Clause
# Makes a Markdown table, kernels across and modes down, of the lines that
# report.awk leaves: kernel, guest, scenario, passed, failed, skipped, repeated,
# remark. No time and no count of tests is in it, so that two runs can be compared.

# Rows are in this order, whatever ended first.
function mode(guest_and_scenario, words) {
	modes[++rows] = guest_and_scenario
	title[guest_and_scenario] = words
}

BEGIN {
	mode("live live", "every live test")
	mode("plain smoke", "23 connections, checked in full")
	mode("plain netem", "delay, jitter, loss, reordering, duplicates, rate limit, blackout")
	mode("plain windows", "round trips and congestion windows as `ss` shows them")
	mode("plain aggregate", "round trips counted by the kernel itself")
	mode("plain suspend", "the reader suspended for 5 s under load")
	mode("2-cpus smoke", "2 CPUs")
	mode("2-cpus hotplug", "2 CPUs, one goes and comes")
	mode("4-cpus smoke", "4 CPUs")
	mode("4-cpus hotplug", "4 CPUs, one goes and comes")
	mode("bare bare", "`tcpwatch-static` in a root that holds nothing else")
	mode("plain unmounted", "tracefs not mounted")
	mode("plain debugfs_only", "tracefs only under debugfs")
	mode("plain read_only", "tracefs mounted read-only")
	mode("plain group", "a member of tracefs' group, not root")
	mode("plain no_bpf", "root without the right to use BPF")
	mode("integrity integrity", "`lockdown=integrity`")
	mode("confidentiality confidentiality", "`lockdown=confidentiality`")
}

function cell(passed, failed, skipped, remark) {
	if (failed)
		return "**failed**"
	if (!passed)
		return "not there"      # the kernel lacks what it is about
	if (remark == "refused")
		return remark
	return "works" (remark != "" ? ", " remark : "") \
		(skipped ? ", " skipped " skipped" : "")
}

{
	if (!($1 in column)) {
		column[$1] = ++columns
		kernel[columns] = $1
	}
	if ($2 == "-")
		next
	if (!(($2 " " $3) in title))
		mode($2 " " $3, $2 ", " $3)
	remark = $0
	for (i = 1; i <= 7; i++)
		sub(/^[^ ]* ?/, "", remark)
	seen[$2 " " $3] = 1
	cells[$2 " " $3, $1] = cell($4, $5, $6, remark)
}

# Kernels in the order of their versions; a suite without one comes last.
function rank(name,    part) {
	split(name, part, ".")
	return name ~ /^[0-9]/ ? part[1] * 1000 + part[2] : 1000000
}

function sort_kernels(    i, j, name) {
	for (i = 2; i <= columns; i++) {
		name = kernel[i]
		for (j = i - 1; j > 0 && rank(kernel[j]) > rank(name); j--)
			kernel[j + 1] = kernel[j]
		kernel[j + 1] = name
	}
}

END {
	sort_kernels()
	head = "| |"
	line = "|---|"
	for (i = 1; i <= columns; i++) {
		head = head " " kernel[i] " |"
		line = line "---|"
	}
	print head "\n" line
	for (r = 1; r <= rows; r++) {
		if (!(modes[r] in seen))
			continue
		text = "| " title[modes[r]] " |"
		for (i = 1; i <= columns; i++)
			text = text " " ((modes[r], kernel[i]) in cells ? \
				cells[modes[r], kernel[i]] : "-") " |"
		print text
	}
}
