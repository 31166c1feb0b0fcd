#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Lists what stands out by its size; the eye decides what to do about it.
cd "$(dirname "$0")/.." || exit 1

find include src backends bpf tests -name '*.[ch]' 2>/dev/null | sort |
	xargs awk '
	function report() {
		if (lines > 350)
			printf "%5d lines  %s\n", lines, name
	}
	FNR == 1 { report(); name = FILENAME; head = "" }
	{ lines = FNR }
	length($0) > 100 { printf "%5d chars  %s:%d\n", length($0), FILENAME, FNR }
	# A function starts with a name at the margin and its brace alone there.
	/^[A-Za-z_].*\(/ { head = $0; sub(/\(.*/, "", head); sub(/.*[ *]/, "", head) }
	/^\{/ { start = FNR }
	/^\}/ && start {
		functions++
		if (FNR - start > 40)
			printf "%5d lines  %s:%d %s()\n", FNR - start, FILENAME, start, head
		start = 0
	}
	END { report(); printf "%d functions\n", functions }'
[ ! -e build/tcpwatch ] || size build/tcpwatch
