# SPDX-License-Identifier: BSD-2-Clause
# Makes a Markdown table, kernels across and modes down, of the lines that
# report.awk leaves: kernel, guest, scenario, passed, failed, skipped.

BEGIN {
	words["live live"] = "all live tests"
	words["plain smoke"] = "23 connections"
	words["plain group"] = "member of tracefs' group: refused"
	words["plain read_only"] = "tracefs read-only: refused"
	words["plain debugfs_only"] = "tracefs only under debugfs"
	words["plain unmounted"] = "tracefs not mounted"
	words["plain no_bpf"] = "no right to use BPF"
	words["plain suspend"] = "reader suspended under load"
	words["plain netem"] = "delay, jitter, loss, reordering, duplicates, rate"
	words["integrity integrity"] = "lockdown=integrity"
	words["confidentiality confidentiality"] = "lockdown=confidentiality: refused"
	words["2-cpus smoke"] = "2 CPUs"
	words["2-cpus hotplug"] = "2 CPUs, one comes and goes"
	words["4-cpus smoke"] = "4 CPUs"
	words["4-cpus hotplug"] = "4 CPUs, one comes and goes"
}

function cell(passed, failed, skipped) {
	if (failed)
		return passed ? failed " of " passed + failed " **failed**" : "**failed**"
	if (passed > 1)
		return passed " ok" (skipped ? ", " skipped " skipped" : "")
	return passed ? "ok" : "skipped"
}

{
	mode = $2 " " $3
	if (!(($1) in column)) {
		column[$1] = ++columns
		kernel[columns] = $1
	}
	if ($2 != "-" && !(mode in row)) {
		row[mode] = ++rows
		modes[rows] = mode
	}
	cells[mode, $1] = cell($4, $5, $6)
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
		text = "| " (modes[r] in words ? words[modes[r]] : modes[r]) " |"
		for (i = 1; i <= columns; i++)
			text = text " " ((modes[r], kernel[i]) in cells ? \
				cells[modes[r], kernel[i]] : "-") " |"
		print text
	}
}
