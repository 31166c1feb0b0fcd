# SPDX-License-Identifier: BSD-2-Clause
# Somebody else who uses the kernel's global trace buffer notices nothing: not
# its settings, not its content, not its own events.
. "$(dirname "$0")/lib.sh"

mount_tracefs
event=$tracing/events/sock/inet_sock_set_state
was_enabled=$(cat $event/enable)
at_exit() { echo "$was_enabled" >$event/enable; }

# Our own kernel probes are none of those settings, but must be gone in the end.
settings()
{
	for file in tracing_on trace_clock current_tracer buffer_size_kb \
		buffer_percent set_event set_event_pid trace_options \
		tracing_cpumask kprobe_events dynamic_events uprobe_events \
		saved_cmdlines_size; do
		[ ! -r $tracing/$file ] || sed "/^p:tcpwatch_/d; s/^/$file: /" \
			$tracing/$file
	done
	# Others may come and go; what stays must stay as it is.
	(cd $tracing/events &&
		cat $(ls -d */*/enable | grep -v '^tcpwatch_')) | sort | uniq -c
}

echo 1 >$event/enable
mark="a mark of process $$"
echo "$mark" >$tracing/trace_marker ||
	skip "the global trace buffer takes no mark: somebody has stopped it"
settings >"$work/before"

watch run --backend=tracefs --ready-file "$work/run.ready" --buffer-size 256K
settings >"$work/during"
"$LOAD" churn --addr 127.0.0.1 --count 23 --list >"$work/list" ||
	fail "the load failed"
stop INT
settings >"$work/after"

diff "$work/before" "$work/during" || fail "settings changed while it ran"
diff "$work/before" "$work/after" || fail "settings changed by its run"
grep -s tcpwatch_ $tracing/kprobe_events && fail "kernel probes are left"
cat $tracing/trace >"$work/trace"
grep -q "$mark" "$work/trace" || fail "the content is gone"
port=$(awk 'NR == 1 { print $4 }' "$work/list")
# What is older may be of that port too.
expect "the other user's own events" "$(sed "1,/$mark/d" "$work/trace" |
	grep 'inet_sock_set_state' | grep -cE "[sd]port=$port .*newstate=TCP_(CLOSE|LISTEN)$|newstate=TCP_CLOSE .*[sd]port=$port|[sd]port=$port .*newstate=TCP_CLOSE\$")" \
	"$((2 * 23 + 2))"
echo "summary: $(wc -l <"$work/before") settings"
