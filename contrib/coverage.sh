#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# How much of the code the tests run: the unit tests and golden cases, and as root
# the live tests (LIVE="cong life" takes these, LIVE=none none). Lines run by folder
# and the files that lack most; each file's listing goes to build/coverage/lines.
set -u

: "${MAKE:=make}" "${BUILD:=build}" "${GCOV:=gcov}"
folder=$BUILD/coverage
lines=$folder/lines

# What a test counts is kept even where tcpwatch became nobody: in a folder that
# is open to all.
GCOV_PREFIX=$(mktemp -d)
# Without optimization, and so slower.
UNIT_SECONDS=${UNIT_SECONDS:-600} LIVE_SECONDS=${LIVE_SECONDS:-300} INSTRUMENTED=coverage
export GCOV_PREFIX UNIT_SECONDS LIVE_SECONDS INSTRUMENTED
trap 'rm -rf "$GCOV_PREFIX"' EXIT
trap 'exit 130' INT TERM HUP
umask 0
chmod 1777 "$GCOV_PREFIX"

test_()
{
	$MAKE BUILD="$folder" CPPFLAGS=-DSYSCALL_FILTER_OFF \
		CFLAGS='--coverage -fprofile-update=atomic -O0' "$@"
}

command -v "$GCOV" >/dev/null || {
	echo "coverage: $GCOV is missing; it comes with gcc" >&2
	exit 1
}
test_ all || exit 1
find "$folder" -name '*.gcda' -delete
test_ check-unit && status=0 || status=1
what="unit tests and golden cases"
if [ "$(id -u)" -eq 0 ] && [ "${LIVE:-}" != none ]; then
	what="$what, live tests"
	test_ check-live || status=1
fi
[ $status -eq 0 ] || what="$what (of which some failed)"

cp -R "$GCOV_PREFIX/$(realpath "$folder")/." "$folder"
rm -rf "$lines"
mkdir -p "$lines"
for source in src/*.c src/*/*.c backends/*.c backends/*/*.c; do
	object=$folder/${source%.c}.o
	[ -e "$object" ] || continue
	"$GCOV" -t -r -o "$object" "$source" 2>/dev/null |
		awk -v want="$source" '$0 ~ "^ *-: *0:Source:" {
			sub(/.*:Source:(\.\/)?/, ""); mine = $0 == want }
			mine' >"$lines/$(echo "$source" | tr / _)"
	awk -v source="$source" -F : '
		{ gsub(/ /, "", $1) }
		$1 ~ /^[0-9]+\*?$/ { run++ }
		$1 ~ /^[#=]+$/ { missed++ }
		END { print source, run + 0, run + missed }' \
		"$lines/$(echo "$source" | tr / _)"
done >"$folder/summary"

awk -v what="$what" '
	function show(run, all, name) {
		printf "%6.1f %% %6d of %6d lines  %s\n", all ? 100 * run / all : 0, run, all, name
	}
	{
		folder = $1
		sub(/\/[^\/]*$/, "", folder)
		if (!(folder in all))
			order[++folders] = folder
		run[folder] += $2
		all[folder] += $3
		run_all += $2
		all_all += $3
	}
	END {
		print "coverage by " what ":"
		for (i = 1; i <= folders; i++)
			show(run[order[i]], all[order[i]], order[i])
		show(run_all, all_all, "in all")
		exit !run_all
	}' "$folder/summary" || exit 1
echo "lines that were not run, most of all in:"
awk '{ print $3 - $2, $1 }' "$folder/summary" | sort -rn | head -n 12 |
	awk '{ printf "%6d  %s\n", $1, $2 }'
exit $status
