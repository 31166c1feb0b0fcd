# SPDX-License-Identifier: BSD-2-Clause
# A reader that pauses, and rates from a trickle to all that the host can do:
# the order holds, memory does not grow, and what is lost is lost in the kernel's
# buffer and told.
. "$(dirname "$0")/lib.sh"

mkfifo "$work/pipe"
background sh -c 'exec "$@" >"$0"' "$work/pipe" "$TCPWATCH" --backend=tracefs \
	--events state --columns mono_ns,event,count --no-header \
	--buffer-size 128K --ready-file "$work/run.ready" 2>"$work/run.err"
watcher=$child
# Holds the pipe open and reads nothing until it is told to.
background sh -c 'exec <"$0"; until [ -e "$1" ]; do sleep 0.02; done; exec cat' \
	"$work/pipe" "$work/go" >"$work/rows"
reader=$child
started run
resident() { awk '$1 == "VmRSS:" { print $2 }' "/proc/$1/status"; }

before=$(resident "$watcher")
"$LOAD" churn --addr 127.0.0.1 --count 10000 >/dev/null || fail "the load failed"
after=$(resident "$watcher")
instrumented || [ $((after - before)) -lt 4096 ] ||
	fail "memory grew from $before to $after KB behind a stalled reader"
: >"$work/go"
"$LOAD" churn --addr 127.0.0.1 --count 50 --rate 100 >/dev/null ||
	fail "the load failed"
stop INT 0
wait "$reader"

# How many were lost the kernel says only where a page has room for it.
lost=$(closing lost "$work/run.err")
awk '$2 == "!" { found = 1 } END { exit !found }' "$work/rows" ||
	fail "nothing was lost: what is tested?"
awk -v lost="$lost" '
	$1 != "-" && $1 < last { backwards++ }
	$1 != "-" { last = $1 }
	$2 == "!" { told += $3 }
	END {
		if (backwards)
			print backwards " rows go back in time"
		if (told != lost)
			print told " lost by the rows, " lost " by the closing line"
		exit backwards > 0 || told != lost
	}' "$work/rows" >"$work/story" || fail "$(cat "$work/story")"
expect "rows that came late" "$(closing late "$work/run.err")" 0

# As fast as this host can, with the default buffers and a file.
watch fast states --csv --backend=tracefs --ready-file "$work/fast.ready"
"$LOAD" churn --addr 127.0.0.1 --count 5000 --threads 2 >"$work/rate" ||
	fail "the load failed"
stop INT 0
made=$((5000 * 10 + 4))
seen=$(($(wc -l <"$work/fast.out") - 1))
[ "$((seen + $(closing lost "$work/fast.err")))" -ge "$made" ] ||
	fail "$seen rows of $made, and the rest is not told"

echo "summary: $lost events lost to a stalled reader, $((after - before)) KB more"
