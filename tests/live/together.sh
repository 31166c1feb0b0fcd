# SPDX-License-Identifier: BSD-2-Clause
# Two tcpwatch at once see the same and do not disturb each other, also when
# one starts or ends in the middle.
. "$(dirname "$0")/lib.sh"

watch first states --csv --backend=tracefs --ready-file "$work/first.ready"
first=$watcher
"$LOAD" churn --addr 127.0.0.1 --count 200 --list >"$work/list.early" ||
	fail "the load failed"

watch second states --csv --backend=tracefs --ready-file "$work/second.ready"
"$LOAD" churn --addr 127.0.0.1 --count 500 --list >"$work/list" ||
	fail "the load failed"
stop INT
same_story "$work/list" "$work/second.out" "$opening $closing_first" \
	"$accepting $closing_second" -v names=1

"$LOAD" churn --addr ::1 --count 200 --list >"$work/list.late" ||
	fail "the load failed"
watcher=$first
stop INT
cat "$work/list" "$work/list.early" "$work/list.late" >"$work/list.all"
same_story "$work/list.all" "$work/first.out" "$opening $closing_first" \
	"$accepting $closing_second" -v names=1
expect "lost events" "$(closing lost "$work/first.err")" 0
echo "summary: 900 connections"
