#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs test programs and counts what they say: run.sh unit|live|fuzz PROGRAM...
# A program passes with 0, skips with 77 and a line "skip: reason"; what else it
# does is a failure, and its log is shown. With RESULTS=FILE the counts are left
# there for whoever adds them up, otherwise the last line shows them. A live test
# has LIVE_SECONDS (180). The first two that fail are run once more, and say so
# (docs/decisions/0033-second-runs.md).
set -u

kind=$1
shift
passed=0 failed=0 skipped=0 repeats=2
log=$(mktemp)
work=$(mktemp -d)
trap 'rm -rf "$log" "$work"' EXIT
trap 'exit 130' INT TERM HUP

skip()
{
	skipped=$((skipped + $1))
	echo "skip  $2: $3"
	[ -z "${RESULTS:-}" ] || echo "skip  $2: $3" >>"$RESULTS.skips"
}

fail()
{
	failed=$((failed + $1))
	echo "FAIL  $2 ($3)"
	show_log
}

show_log() { grep -vE '^\[ (RUN| +OK) ' "$log" | sed 's/^/      | /'; }

pass()
{
	passed=$((passed + $1))
	echo "ok    $2 ($3)${took:+, $took s}"
}

# How many cases of a cmocka program ended so.
cases()
{
	sed -n "s/^\[  $1 *\] \([0-9]*\) test(s).*/\1/p" "$log" |
		awk '{ sum += $1 } END { print sum + 0 }'
}

# Arguments: name, exit status. A crash takes the program's summary with it.
judge_unit()
{
	good=$(cases PASSED) bad=$(cases FAILED) left=$(cases SKIPPED)
	if [ "$2" -ne 0 ] && [ "$bad" -eq 0 ]; then
		fail 1 "$1" "exit status $2"
	elif [ "$bad" -gt 0 ]; then
		fail "$bad" "$1" "$bad of $((good + bad)) cases"
	elif [ $((good + left)) -eq 0 ]; then
		fail 1 "$1" "no case ran"
	else
		pass 0 "$1" "$good cases"
	fi
	passed=$((passed + good))
	[ "$left" -eq 0 ] || skip "$left" "$1" "$(reason)"
}

judge_whole()
{
	case $2 in
	0) pass 1 "$1" "$(summary)" ;;
	77) skip 1 "$1" "$(reason)" ;;
	124 | 137) fail 1 "$1" "took too long" ;;
	*) fail 1 "$1" "exit status $2" ;;
	esac
}

reason()
{
	sed -n 's/^skip: //p' "$log" | tail -n 1 | grep . || echo "no reason given"
}

# What a scenario found, in its own words.
summary()
{
	sed -n 's/^summary: //p' "$log" | tail -n 1 | grep . || echo "passed"
}

run_fuzz()
{
	corpus=tests/fuzz/corpus/$(basename "$1" _fuzz)
	[ -d "$corpus" ] || corpus=
	mkdir -p "$work/found"
	# A crash's own status is 77, which here is a skip.
	# shellcheck disable=SC2086 # no corpus is no argument
	"$1" -error_exitcode=1 -max_total_time="${FUZZ_SECONDS:-10}" -rss_limit_mb=1024 -timeout=10 \
		-artifact_prefix="$(dirname "$1")/" "$work/found" $corpus
	status=$?
	echo "summary: $(sed -n 's/^Done \([0-9]*\) runs.*/\1 runs/p' "$log")"
	rm -rf "$work/found"
	return $status
}

seconds() { cut -d. -f1 /proc/uptime; }

run_live()
{
	start=$(seconds)
	timeout -k 5 "${LIVE_SECONDS:-180}" sh "$1" >"$log" 2>&1
	status=$?
	[ $status -eq 0 ] || [ $status -eq 77 ] || [ $repeats -eq 0 ] ||
		run_again "$1"
	took=$(($(seconds) - start))
	judge_whole "$name" $status
}

run_again()
{
	repeats=$((repeats - 1))
	echo "again $name (exit status $status at first)"
	show_log
	[ -z "${RESULTS:-}" ] ||
		echo "again $name: its first run failed" >>"$RESULTS.skips"
	timeout -k 5 "${LIVE_SECONDS:-180}" sh "$1" >"$log" 2>&1
	status=$?
}

# Why no live test can run here; nothing when they can.
live_obstacle()
{
	if [ "$(id -u)" -ne 0 ]; then
		echo "not root"
	elif ! grep -qw tracefs /proc/filesystems; then
		echo "this kernel has no tracefs"
	elif ! unshare -m -n true 2>/dev/null; then
		echo "namespaces cannot be made here"
	fi
}

obstacle=
[ "$kind" != live ] || obstacle=$(live_obstacle)

for program in "$@"; do
	name=$(basename "$program" .sh)
	if [ -n "$obstacle" ]; then
		skip 1 "$name" "$obstacle"
		continue
	fi
	case $kind in
	unit)
		# shellcheck disable=SC2086 # words
		timeout -k 5 "${UNIT_SECONDS:-120}" ${RUNNER:-} "$program" >"$log" 2>&1
		judge_unit "$name" $?
		;;
	live) run_live "$program" ;;
	fuzz)
		run_fuzz "$program" >"$log" 2>&1
		judge_whole "$name" $?
		;;
	esac
done

# One that skips says why; that all of many do is no answer.
if [ "$kind" = live ] && [ -z "$obstacle" ] && [ $# -gt 1 ] &&
	[ $((passed + failed)) -eq 0 ]; then
	: >"$log"
	fail 1 live "all were skipped where they could have run"
fi
if [ -n "${RESULTS:-}" ]; then
	echo "$passed $failed $skipped" >>"$RESULTS"
else
	echo "$passed passed, $failed failed, $skipped skipped"
fi
[ "$failed" -eq 0 ]
