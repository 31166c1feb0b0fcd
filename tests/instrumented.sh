#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs the live tests with a tcpwatch that finds its own faults: instrumented.sh
# sanitizers|valgrind. Each process leaves what it found in a file of its own, so
# that nothing is missed where a test looks at neither status nor stderr. Called by
# make, as root.
set -u

: "${MAKE:=make}" "${BUILD:=build}"
INSTRUMENTED=$1
REPORTS=$(mktemp -d)
export INSTRUMENTED REPORTS
trap 'rm -rf "$REPORTS"' EXIT
trap 'exit 130' INT TERM HUP
# Also for who has given up all rights.
chmod 1777 "$REPORTS"

case $INSTRUMENTED in
sanitizers)
	export ASAN_OPTIONS="log_path=$REPORTS/report:exitcode=99:detect_stack_use_after_return=1"
	export UBSAN_OPTIONS="log_path=$REPORTS/report:print_stacktrace=1"
	LIVE_SECONDS=${LIVE_SECONDS:-300} $MAKE SANITIZE=address,undefined check-live
	;;
valgrind)
	command -v valgrind >/dev/null || {
		echo "check-valgrind: valgrind is missing: make deps check-valgrind" >&2
		exit 1
	}
	# Valgrind makes system calls of its own in tcpwatch's place.
	$MAKE BUILD="$BUILD/valgrind" CPPFLAGS=-DSYSCALL_FILTER_OFF all || exit 1
	PROGRAM=$(realpath "$BUILD/valgrind/tcpwatch")
	SUPPRESSIONS=$(realpath "$(dirname "$0")/valgrind.supp")
	export PROGRAM SUPPRESSIONS
	LIVE_SECONDS=${LIVE_SECONDS:-900} $MAKE TCPWATCH=tests/under_valgrind.sh check-live
	;;
esac
status=$?

# Valgrind warns of system calls that it does not know; those are no findings.
found=0
for report in "$REPORTS"/*; do
	grep -q '^==' "$report" 2>/dev/null || continue
	found=$((found + 1))
	[ $found -gt 5 ] || grep '^[ =]' "$report" | head -n 60
done
[ $found -eq 0 ] || echo "FAIL  $INSTRUMENTED: $found processes had faults"
[ -z "${RESULTS:-}" ] || echo "$((found == 0)) $((found > 0)) 0" >>"$RESULTS"
[ $found -eq 0 ] && exit $status
exit 1
