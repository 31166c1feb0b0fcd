# SPDX-License-Identifier: BSD-2-Clause
# Ends that are not asked for politely: a stalled reader, a full disk, a file
# that may not grow, a hang-up that is to be ignored, a command that takes its
# time, and a start that fails.
. "$(dirname "$0")/lib.sh"

mount_tracefs
left() { ls "$tracing/instances" | grep "^tcpwatch-$1" || :; }
seconds() { cut -d. -f1 /proc/uptime; }

# A reader that does not read: rows pile up until the pipe is full.
mkfifo "$work/pipe"
background sh -c 'exec sleep 150 <"$0"' "$work/pipe"
reader=$child
background sh -c 'exec "$@" >"$0"' "$work/pipe" "$TCPWATCH" -d 5 -w \
	--backend=tracefs --ready-file "$work/stalled.ready" \
	2>"$work/stalled.err"
watcher=$child
started stalled
begun=$(seconds)
"$LOAD" churn --addr 127.0.0.1 --count 2000 >/dev/null
wait "$watcher"
expect "exit status with a stalled reader" $? 0
[ $(($(seconds) - begun)) -lt 100 ] || fail "-d waited for a stalled reader"
grep -q 'does not read' "$work/stalled.err" || fail "dropped rows without a word"
expect "instance behind a stalled reader" "$(left "$watcher")" ""
kill "$reader"

# No room on the disk.
background "$TCPWATCH" --backend=tracefs --ready-file "$work/full.ready" \
	>/dev/full 2>"$work/full.err"
watcher=$child
started full
"$LOAD" churn --addr 127.0.0.1 --count 2 >/dev/null
wait "$watcher"
expect "exit status on a full disk" $? 1
grep -q 'No space left' "$work/full.err" || fail "a full disk is not told"
expect "instance behind a full disk" "$(left "$watcher")" ""

# A limit on the size of files (ulimit -f): a signal that kills by default.
background sh -c 'ulimit -f 8; exec "$@"' - "$TCPWATCH" --backend=tracefs \
	-o "$work/limited" --ready-file "$work/limited.ready" \
	2>"$work/limited.err"
watcher=$child
started limited
"$LOAD" churn --addr 127.0.0.1 --count 500 >/dev/null
wait "$watcher"
expect "exit status beyond ulimit -f" $? 1
expect "instance beyond ulimit -f" "$(left "$watcher")" ""

# Started under nohup, a hang-up is none of its business.
background sh -c 'trap "" HUP; exec "$@" >"$0"' "$work/nohup.out" "$TCPWATCH" \
	--backend=tracefs --ready-file "$work/nohup.ready" 2>"$work/nohup.err"
watcher=$child
started nohup
kill -HUP "$watcher"
"$LOAD" churn --addr 127.0.0.1 --count 23 >/dev/null
wait_until has_lines "$work/nohup.out" 231
stop INT 0

# A command that tidies up before it ends: its last words are seen, its status
# is ours.
cat >"$work/tidy" <<'END'
trap '"$1" churn --addr 127.0.0.1 --count 1 >/dev/null; exit 7' TERM
echo ready >"$2"
while :; do sleep 0.05; done
END
background "$TCPWATCH" states --csv --backend=tracefs -- \
	sh "$work/tidy" "$LOAD" "$work/tidy.ready" \
	>"$work/tidy.out" 2>"$work/tidy.err"
watcher=$child
wait_until test -s "$work/tidy.ready"
stop TERM 7
expect "rows of a command's last moment" \
	"$(grep -c 'SYN_SENT,ESTABLISHED' "$work/tidy.out")" 1

# A time limit leaves the command alone, and says so.
"$TCPWATCH" -d 5 --backend=tracefs -- sh -c \
	'echo $$ >"$0"; exec sleep 150' "$work/left.pid" 2>"$work/left.err" \
	>"$work/left.out"
expect "exit status at the limit" $? 0
kill "$(cat "$work/left.pid")" || fail "the time limit ended the command"
grep -q 'goes on as process' "$work/left.err" || fail "nothing is said of it"

# A start that fails leaves the old log alone.
echo old >"$work/log"
"$TCPWATCH" -o "$work/log" -r "$work/nothing" 2>"$work/nothing.err"
expect "exit status without a recording" $? 3
expect "the log after a start that failed" "$(cat "$work/log")" old

# Ids in trace events are the host's: nothing could match here.
unshare -pf --mount-proc "$TCPWATCH" --backend=tracefs -d 1 -- true \
	>/dev/null 2>"$work/pidns.err"
expect "exit status in a PID namespace" $? 3
grep -q 'PID namespace' "$work/pidns.err" || fail "the reason is not given"

echo "summary: 8 awkward ends"
