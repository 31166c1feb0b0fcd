#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Counts the instructions that an event takes on its way through the program,
# which is steady on any machine, and compares with instructions.txt: fails when
# one figure grew by more than 5 %. With PROFILE="states table" it lists that
# path's functions instead.
set -eu

: "${BUILD:=build}"
here=$(cd "$(dirname "$0")" && pwd)
formats=$here/../tests/recorded/formats/6.12.107+deb13-cloud-amd64
program=$BUILD/bench/replay_bench
few=10000 many=50000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

# count STATES COMMAND FORMAT [AWK OPTION...]
count()
{
	states=$1 command=$2 format=$3
	shift 3
	valgrind --quiet --tool=callgrind --callgrind-out-file="$work/out" \
		--compress-strings=no --compress-pos=no \
		"$program" "$formats" "$states" "$command" "$format" >&2
	awk "$@" -f "$here/callgrind.awk" "$work/out"
}

# What starting up costs is in both counts.
per_event()
{
	at_few=$(count $few "$1" "$2") || exit 1
	at_many=$(count $many "$1" "$2") || exit 1
	awk -v few="$at_few" -v many="$at_many" -v events=$((many - few)) \
		'BEGIN { printf "%.0f\n", (many - few) / events }'
}

# Arguments: command, format, committed, measured.
judge()
{
	awk -v name="$1 $2" -v old="$3" -v new="$4" 'BEGIN {
		change = old ? 100 * (new - old) / old : 100
		if (change > 5)
			verdict = "  GREW"
		if (change < -5)
			verdict = "  shrank: lower it in bench/instructions.txt"
		printf "%-14s %5d instructions/event, committed %5d, %+5.1f %%%s\n", \
			name, new, old, change, verdict
		exit change > 5
	}'
}

command -v valgrind >/dev/null || {
	echo "bench-instructions: valgrind is missing: make deps bench-instructions" >&2
	exit 1
}
if [ -n "${PROFILE:-}" ]; then
	# shellcheck disable=SC2086 # two words
	count $many $PROFILE -v each=1 | sort -rn | awk -v events=$many \
		'{ printf "%8.1f %s\n", $1 / events, $2 }' | head -n 40
	exit
fi

compiler=$(sed -n 's/^compiler //p' "$here/instructions.txt")
grep -aqF "$compiler" "$program" || {
	echo "skip: bench/instructions.txt is for '$compiler', this is another one"
	exit 77
}
grew=0
grep -E '^(states|stream) ' "$here/instructions.txt" >"$work/committed"
while read -r command format committed; do
	measured=$(per_event "$command" "$format")
	judge "$command" "$format" "$committed" "$measured" || grew=1
done <"$work/committed"
exit $grew
