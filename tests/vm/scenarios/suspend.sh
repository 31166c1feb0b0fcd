# SPDX-License-Identifier: BSD-2-Clause
# The reader stands still for 5 s under load, then goes on: what was lost is
# counted and shown in its place, rows are in the order of time before and
# after, and later connections are whole.
. "$(dirname "$0")/lib.sh"

watch run --json --backend=tracefs --events state --buffer-size 64K \
	--ready-file "$work/run.ready"
watch whole states --csv --backend=tracefs --ready-file "$work/whole.ready"
whole=$watcher
watcher=$(cat "$work/run.ready")
background "$LOAD" churn --addr 127.0.0.1 --count 100000 --rate 400 >/dev/null
load=$child
sleep 1
kill -STOP "$watcher"
sleep 5
kill -CONT "$watcher"
sleep 1
kill "$load"
"$LOAD" churn --addr 127.0.0.1 --count 23 --list >"$work/list" ||
	fail "the load failed"
stop INT
watcher=$whole
stop INT

lost=$(closing lost "$work/run.err")
[ "$lost" -gt 0 ] || fail "nothing was lost in 5 s: what is tested?"
awk -v lost="$lost" '
	function figure(key) {
		return match($0, "\"" key "\":[0-9]+") ?
			substr($0, RSTART + length(key) + 3,
			       RLENGTH - length(key) - 3) : -1
	}
	figure("mono_ns") + 0 < newest { print "goes back in time: " $0; wrong++ }
	{ newest = figure("mono_ns") + 0 }
	/"event":"lost"/ { told += figure("count"); places++ }
	END {
		if (!places || told != lost) {
			print told " told in " places " rows, " lost " at the end"
			wrong++
		}
		exit wrong > 0
	}' "$work/run.out" >"$work/story" || {
	head -n 12 "$work/story"
	fail "the rows around the loss are wrong"
}
# The other load's ports may have been the same, but not with this server.
ends=$(awk '
	function figure(key) {
		return match($0, "\"" key "\":[0-9]+") ?
			substr($0, RSTART + length(key) + 3,
			       RLENGTH - length(key) - 3) : ""
	}
	NR == FNR { wanted[$2, $4] = 1; next }
	/"new":"CLOSE"/ && (figure("lport"), figure("rport")) in wanted' \
	"$work/list" "$work/run.out" | wc -l)
expect "client ends after the loss" "$ends" 23
expect "lost by the one that kept reading" \
	"$(closing lost "$work/whole.err")" 0
summary "$lost events lost and told"
