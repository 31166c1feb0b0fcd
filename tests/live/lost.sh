# SPDX-License-Identifier: BSD-2-Clause
# Losses are counted, shown where they happened, told in the closing line, and
# in the exit status when asked for; what came after them is right.
. "$(dirname "$0")/lib.sh"

watch run --csv --backend=tracefs --events state --fail-on-loss \
	--buffer-size 64K --ready-file "$work/run.ready"
kill -STOP "$watcher"
"$LOAD" churn --addr 127.0.0.1 --count 5000 >/dev/null || fail "the load failed"
kill -CONT "$watcher"
# Room in the buffer again: the newest that was in it has been read.
"$LOAD" churn --addr 127.0.0.1 --count 1 --list >"$work/mark" ||
	fail "the load failed"
wait_until grep -q ",$(awk '{ print $4 "," $1 "," $2 }' "$work/mark"),LAST_ACK,CLOSE," \
	"$work/run.out"
"$LOAD" churn --addr 127.0.0.1 --count 23 --list >"$work/list" ||
	fail "the load failed"
stop INT 4

lost=$(closing lost "$work/run.err")
[ "$lost" -gt 1000 ] || fail "$lost events lost"
rows=$(awk -F, '$1 == "lost"' "$work/run.out" | wc -l)
[ "$rows" -ge 1 ] || fail "no row tells of the loss"

# Durations are never invented: none is longer than the run.
wrong=$(awk -F, '$1 == "state" && ($11 + 0 > 60000 || $11 ~ /^>?-/)' \
	"$work/run.out" | wc -l)
expect "impossible durations" "$wrong" 0
awk -F, 'NR == FNR { split($0, word, " "); port = word[4]; next }
	$6 == port || $8 == port { count++ }
	END { exit count != 23 * 9 + 23 + 2 && count != 23 * 10 + 2 }' \
	"$work/list" "$work/run.out" || fail "rows after the loss are missing"

# Without --fail-on-loss it is told and not a failure.
watch told states --csv --backend=tracefs --buffer-size 64K \
	--ready-file "$work/told.ready"
kill -STOP "$watcher"
"$LOAD" churn --addr 127.0.0.1 --count 5000 >/dev/null || fail "the load failed"
kill -CONT "$watcher"
stop INT 0
[ "$(closing lost "$work/told.err")" -gt 1000 ] || fail "nothing lost"
echo "summary: $lost events lost and told"
