#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Puts the table that the last whole `make check-vm` made into README.md, between
# its two marks; with `check` says what of README.md's table that run contradicts.
# Newer kernels appear by themselves: one that README.md does not have yet is no
# contradiction, but a skip (77).
set -eu
cd "$(dirname "$0")/.."

made=${BUILD:-build}/vm/matrix.md
begin='<!-- made by `make readme-matrix` -->'
end='<!-- end of what was made -->'

[ -s "$made" ] || {
	echo "readme-matrix: there is no $made: make check-vm" >&2
	exit 1
}

put()
{
	if grep -q '[*]failed[*]\|skipped' "$made" || ! grep -q works "$made"; then
		echo "readme-matrix: not every test of that run passed" >&2
		exit 1
	fi
	contrib/readme-put.sh readme-matrix "$made"
}

# A failed cell has made the run fail already, and a kernel that was not fetched
# has its suite for a name.
compare()
{
	awk -v begin="$begin" -v end="$end" '
	BEGIN { FS = " *[|] *" }
	FNR == 1 { file++ }
	file == 1 && $0 == begin { inside = 1 }
	file == 1 && $0 == end { inside = 0 }
	file == 1 && !inside || !/^[|]/ || /^[|]---/ { next }
	$2 == "" {
		for (i = 3; i < NF; i++) {
			kernel[file, i] = $i
			if (file == 1)
				has[$i] = 1
			else
				run[++columns] = $i
		}
		next
	}
	{
		row[file, $2] = 1
		if (!($2 in known))
			order[++rows] = $2
		known[$2] = 1
		for (i = 3; i < NF; i++)
			cell[file, $2, kernel[file, i]] = $i
	}
	END {
		for (i = 1; i <= columns; i++)
			booted += run[i] ~ /^[0-9]/
		if (!booted) {
			print "skip  README.md: no kernel to compare its table with"
			exit 77
		}
		for (r = 1; r <= rows; r++) {
			if (!((1, order[r]) in row))
				wrong("has no row \"" order[r] "\"")
			if (!((2, order[r]) in row))
				wrong("has a row \"" order[r] "\" too many")
		}
		for (i = 1; i <= columns; i++) {
			if (run[i] !~ /^[0-9]/)
				continue
			if (!(run[i] in has)) {
				unknown = unknown " " run[i]
				continue
			}
			for (r = 1; r <= rows; r++)
				compare(order[r], run[i])
		}
		if (unknown != "")
			print "skip  README.md: its table is not of" unknown \
				" yet: make readme-matrix"
		exit problems ? 1 : unknown != "" ? 77 : 0
	}
	function wrong(what) {
		print "FAIL  README.md: its table " what
		problems++
	}
	function compare(mode, name,    says, found) {
		says = cell[1, mode, name]
		found = cell[2, mode, name]
		if (says != "" && found !~ /^$|^-$|failed|skipped/ && says != found)
			wrong("says \"" says "\" for \"" mode "\" on " name \
				", the run: \"" found "\"")
	}' README.md "$made"
}

case ${1:-put} in
put) put ;;
check) compare ;;
*) exit 2 ;;
esac
