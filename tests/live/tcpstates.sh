# SPDX-License-Identifier: BSD-2-Clause
# Beside a tool that others wrote, libbpf-tools' tcpstates, on the same 2,000
# connections: the same transitions of each, and the same durations.
. "$(dirname "$0")/lib.sh"

command -v apt-get >/dev/null || skip "tcpstates comes from Debian"
need stdbuf tcpstates
mount_tracefs

start_tcpstates()
{
	rm -f "$work/peer.out"
	background stdbuf -oL tcpstates >"$work/peer.out" 2>"$work/peer.err"
	peer=$child
	tries=500
	until [ -s "$work/peer.out" ]; do
		gone "$peer" &&
			skip "tcpstates cannot start: $(tail -n 1 "$work/peer.err")"
		tries=$((tries - 1))
		[ $tries -gt 0 ] || skip "tcpstates does not get ready"
		sleep 0.02
	done
}

# tcpwatch first: who is hooked second takes the time after the first one's
# handler, and tcpstates wakes its reader from there at every event.
watch_beside()
{
	watch run states --csv --backend=tracefs --ready-file "$work/run.ready"
	start_tcpstates
	"$LOAD" churn --addr 127.0.0.1 --count 2000 --rate 1000 --list \
		>"$work/list" || fail "the load failed"
	stop INT
	# It ends on SIGINT only, and drops what it has not read by then.
	last=$(tail -n 1 "$work/list" | awk '{ print $2 }')
	wait_until grep -q " $last .*LAST_ACK .*CLOSE\|^lost" \
		"$work/peer.out" "$work/peer.err"
	kill -INT "$peer"
	wait "$peer"
	same_story "$work/list" "$work/run.out" "$opening $closing_first" \
		"$accepting $closing_second"
}

# The transitions must be the same at once, unless tcpstates says that it lost
# some. The durations have three tries: a processor that is taken away between
# the two handlers is nobody's error, and a wrong one would be wrong in each.
for try in 1 2 3; do
	watch_beside
	awk -f "$here/tcpstates.awk" "$work/list" "$work/run.out" \
		"$work/peer.out" >"$work/compared"
	status=$?
	cat "$work/compared"
	case $status in
	0) exit 0 ;;
	3) echo "try $try: durations too far apart" ;;
	*) grep -q '^lost' "$work/peer.err" || break ;;
	esac
done
fail "tcpwatch and tcpstates differ"
