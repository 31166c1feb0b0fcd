#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Puts what was made into README.md, between the two marks of the goal that does so:
# readme-put.sh GOAL FILE.
set -eu
cd "$(dirname "$0")/.."

begin="<!-- made by \`make $1\` -->" made=$2
[ -s "$made" ] || {
	echo "$1: there is no $made yet" >&2
	exit 1
}
awk -v begin="$begin" -v end='<!-- end of what was made -->' -v made="$made" '
	$0 == end { inside = 0 }
	!inside { print }
	$0 == begin {
		inside = found = 1
		while ((getline line <made) > 0)
			print line
	}
	END { exit !found }' README.md >"$made.readme"
cat "$made.readme" >README.md
rm "$made.readme"
