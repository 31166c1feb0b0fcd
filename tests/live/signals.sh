# SPDX-License-Identifier: BSD-2-Clause
# Every way to end tcpwatch leaves nothing in the kernel; one that was killed is
# cleaned up after by the next start.
. "$(dirname "$0")/lib.sh"

mount_tracefs
mine() { ls -d "$tracing/instances/tcpwatch-$1"* 2>/dev/null; }

# ends SIGNAL: with exit 0, all rows, the closing line, and nothing left.
ends()
{
	watch run states --csv --backend=tracefs --ready-file "$work/run.ready"
	[ -n "$(mine "$watcher")" ] || fail "no instance while it runs"
	expect "the ready file" "$(cat "$work/run.ready")" "$watcher"
	"$LOAD" churn --addr 127.0.0.1 --count 23 --list >"$work/list" ||
		fail "the load failed"
	stop "$1" 0
	same_story "$work/list" "$work/run.out" "$opening $closing_first" \
		"$accepting $closing_second"
	expect "closing line after SIG$1" "$(closing lost "$work/run.err")" 0
	expect "instances after SIG$1" "$(mine "$watcher")" ""
}

for signal in INT TERM HUP QUIT USR2 ALRM; do
	ends $signal
done

# A reader that goes away, while there is nothing more to write.
mkfifo "$work/pipe"
# (A shell that opens the pipe itself would wait for its other end.)
background sh -c 'exec "$@" >"$0"' "$work/pipe" "$TCPWATCH" --backend=tracefs \
	-L "$((30000 + $$ % 10000))" --ready-file "$work/quiet.ready" \
	2>"$work/quiet.err"
watcher=$child
head -n 1 <"$work/pipe" >"$work/head"
started quiet
wait_until gone "$watcher"
wait "$watcher"
expect "exit status without a reader" $? 0
expect "what head saw" "$(grep -c RADDR "$work/head")" 1
expect "instances without a reader" "$(mine "$watcher")" ""
grep -v 'using\|events\?, \|this kernel' "$work/quiet.err" >"$work/chatter" &&
	fail "it complains about its reader: $(head -n 1 "$work/chatter")"

# And one that is busy when its reader goes.
background "$LOAD" churn --addr 127.0.0.1 --count 100000 --rate 2000 >/dev/null
load=$child
"$TCPWATCH" --backend=tracefs 2>"$work/busy.err" | head -n 3 >"$work/head"
expect "rows that head saw" "$(wc -l <"$work/head")" 3
kill "$load"

# Killed, after the keeper that would have undone it: its instance is left, the
# next start removes it, and only it.
watch alive --backend=tracefs --ready-file "$work/alive.ready"
alive=$watcher
watch killed --backend=tracefs --ready-file "$work/killed.ready"
has_keeper() { [ -n "$(keeper_of "$watcher")" ]; }
wait_until has_keeper
keeper=$(keeper_of "$watcher")
kill -KILL "$keeper"
kill -KILL "$watcher"
wait "$watcher" 2>/dev/null
# Who starts next takes it for theirs until it is gone, too.
wait_until gone "$keeper"
[ -n "$(mine "$watcher")" ] || fail "kill -9 left no instance: what is tested?"
left=$watcher
watch next --backend=tracefs --ready-file "$work/next.ready"
expect "instances of the killed one" "$(mine "$left")" ""
# Where congestion states are probed (before 5.19), its probes went as well.
probes() { grep -c "tcpwatch_$1[/_]" "$tracing/kprobe_events" 2>/dev/null || :; }
case $(probes "$left") in
0 | '') ;;
*) fail "probes of the killed one are left" ;;
esac
[ -n "$(mine "$alive")" ] || fail "the instance of a living one was removed"
stop INT
watcher=$alive
stop INT
expect "instances at the end" "$(mine "$alive")" ""
case $(probes "$alive") in
0 | '') ;;
*) fail "probes are left at the end" ;;
esac
echo "summary: 7 signals, no reader, KILL"
