# SPDX-License-Identifier: BSD-2-Clause
# `tcpwatch -- CMD`: shows the sockets of CMD and its children and nobody
# else's, ends with it, with its exit code.
. "$(dirname "$0")/lib.sh"

# Somebody else's connections, all the time.
background "$LOAD" churn --addr 127.0.0.1 --count 100000 --rate 500 --seconds 170
noise=$child

"$TCPWATCH" states --csv --backend=tracefs -o "$work/run.out" -- \
	"$LOAD" churn --addr 127.0.0.1 --count 23 --list \
	>"$work/list" 2>"$work/run.err"
expect "exit status" $? 0
same_story "$work/list" "$work/run.out" "$opening $closing_first" \
	"$accepting $closing_second" -v names=1
pid=$(awk 'NR == 1 { print $5 }' "$work/list")
expect "rows of others" "$(awk -F, -v pid="$pid" 'NR > 1 && $2 != pid' \
	"$work/run.out" | wc -l)" 0

# Children of children too, and the exit code is theirs to choose.
"$TCPWATCH" states --csv --backend=tracefs -o "$work/run.out" -- sh -c \
	"sh -c '\"$LOAD\" churn --addr ::1 --count 23 --list' && exit 42" \
	>"$work/list" 2>"$work/run.err"
expect "exit status" $? 42
same_story "$work/list" "$work/run.out" "$opening $closing_first" \
	"$accepting $closing_second" -v names=1
kill "$noise"

"$TCPWATCH" --backend=tracefs -o "$work/run.out" -- sh -c 'kill -TERM $$' \
	2>"$work/run.err"
expect "exit status of a killed command" $? 143
"$TCPWATCH" --backend=tracefs -o "$work/run.out" -- "$work/nosuch" \
	2>"$work/run.err"
expect "exit status of no command" $? 127
grep -q nosuch "$work/run.err" || fail "it does not name the command"
echo "summary: 46 connections among others, exit codes 0, 42, 143, 127"
