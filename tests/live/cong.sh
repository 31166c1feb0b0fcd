# SPDX-License-Identifier: BSD-2-Clause
# The times in congestion states that `cong` sums up are those that the stream's
# changes tell, over the edges of its intervals, and a connection that never
# changes is there, too. Each tcpwatch has its own records, which the kernel
# stamps one after the other: what is compared to the microsecond is one recording.
. "$(dirname "$0")/lib.sh"

need ip nft nsenter

path 10.9.6
inside nft add table ip t &&
	inside nft add chain ip t in '{ type filter hook input priority 0; }' &&
	inside nft add rule ip t in ip length '>' 100 tcp dport 7006 \
		numgen random mod 100 '<' 1 drop ||
	skip "nft cannot drop at random"

background nsenter -t "$peer" -n "$LOAD" server --netns-ok --addr 10.9.6.2 \
	--port 7006 --count 1000 >"$work/server.ready"
wait_until grep -q ready "$work/server.ready"

background "$TCPWATCH" record -o "$work/path.dat" -D 7006 \
	--ready-file "$work/record.ready" 2>"$work/record.err"
watcher=$child
started record
recorder=$watcher
watch times cong -j 0.1 --backend=tracefs -R 7006 \
	--ready-file "$work/times.ready"
times=$watcher

# One connection that does nothing, and one that loses segments.
mkfifo "$work/end"
sleep 300 >"$work/end" &
holder=$!
children="$children $holder"
"$LOAD" bulk --netns-ok --list --hold --addr 10.9.6.2 --port 7006 --bytes 1 \
	<"$work/end" >"$work/quiet" &
quiet=$!
children="$children $quiet"
wait_until grep -q . "$work/quiet"
"$LOAD" bulk --netns-ok --list --addr 10.9.6.2 --port 7006 --bytes 20000000 \
	>"$work/busy" || fail "the load failed"
intervals() { [ "$(grep -c "\"lport\":$1," "$work/times.out")" -ge "$2" ]; }
wait_until intervals "$(awk '{ print $2 }' "$work/quiet")" 3
kill "$holder"
wait "$quiet" || fail "the quiet load failed"
watcher=$times
stop INT
watcher=$recorder
stop INT
[ "$(closing lost "$work/times.err")" = 0 ] || fail "events were lost"
"$TCPWATCH" -r "$work/path.dat" -j --events cong,state -D 7006 \
	>"$work/stream" 2>"$work/stream.err" || fail "no stream of the recording"
"$TCPWATCH" cong -r "$work/path.dat" -j 0.1 -R 7006 \
	>"$work/again" 2>"$work/again.err" || fail "no times of the recording"

# The kinds of rows are JSON with keys in a fixed order.
awk -v busy="$(awk '{ print $2 }' "$work/busy")" \
	-v quiet="$(awk '{ print $2 }' "$work/quiet")" '
	function value(key,	at, rest) {
		at = index($0, "\"" key "\":")
		if (!at)
			return ""
		rest = substr($0, at + length(key) + 3)
		sub(/[,}].*/, "", rest)
		gsub(/"/, "", rest)
		return rest
	}
	function complain(what) { print what; problems++ }
	# An interval may end while it connects: that time only the change tells.
	function compare(state, key,	off) {
		off = summed[key] - told[state]
		if (off > 0.001 || off < (state == "OPEN" ? -20 : -0.001))
			complain(key ": " summed[key] ", the changes tell " told[state])
	}
	value("event") == "cong" && value("lport") == busy {
		told[value("old")] += value("duration_ms")
		state = value("new")
		since = value("mono_ns")
		changes++
	}
	# What the last state lasted until the end is told by no change.
	value("event") == "state" && value("lport") == busy &&
			value("new") == "CLOSE" {
		told[state] += (value("mono_ns") - since) / 1000000
	}
	value("event") == "cong_times" {
		live = FILENAME ~ /times.out$/
		port = value("lport")
		if (live)
			intervals[port]++
		if (port == quiet && value("changes") != 0)
			complain("the quiet one changed")
		sum = 0
		count = split("open disorder cwr recovery loss", names, " ")
		for (i = 1; i <= count; i++) {
			sum += value(names[i] "_ms")
			if (port == busy && !live)
				summed[names[i] "_ms"] += value(names[i] "_ms")
			if (port == quiet && i > 1 && value(names[i] "_ms") > 0)
				complain("the quiet one was not in OPEN")
		}
		if (sum > value("interval_ms") + 0.001)
			complain("more time than there was: " $0)
		if (port == busy)
			counted[live] += value("changes")
	}
	END {
		compare("OPEN", "open_ms")
		compare("DISORDER", "disorder_ms")
		compare("CWR", "cwr_ms")
		compare("RECOVERY", "recovery_ms")
		compare("LOSS", "loss_ms")
		if (!changes || counted[0] != changes || counted[1] != changes)
			complain(counted[0] " and " counted[1] \
				 " changes were counted, of " changes)
		if (intervals[quiet] < 3)
			complain("the quiet one was not listed in all intervals")
		if (!problems)
			printf "summary: %d changes, recovery %.3f ms, open %.3f ms\n",
				changes, summed["recovery_ms"], summed["open_ms"]
		exit problems > 0
	}' "$work/stream" "$work/again" "$work/times.out" >"$work/story" || {
	head -n 12 "$work/story"
	fail "the times are not those of the changes"
}
cat "$work/story"
