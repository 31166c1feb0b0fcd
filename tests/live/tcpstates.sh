# SPDX-License-Identifier: BSD-2-Clause
# Beside a tool that others wrote, libbpf-tools' tcpstates, on the same 2,000
# connections: the same transitions of each, and the same durations.
. "$(dirname "$0")/lib.sh"

command -v apt-get >/dev/null || skip "tcpstates comes from Debian"
need stdbuf tcpstates
mount_tracefs

# tcpwatch first: who is hooked second takes the time after the first one's
# handler, and tcpstates wakes its reader from there at every event.
watch run states --csv --backend=tracefs --ready-file "$work/run.ready"

background stdbuf -oL tcpstates >"$work/peer.out" 2>"$work/peer.err"
peer=$child
tries=500
until [ -s "$work/peer.out" ]; do
	gone "$peer" && skip "tcpstates cannot start: $(tail -n 1 "$work/peer.err")"
	tries=$((tries - 1))
	[ $tries -gt 0 ] || skip "tcpstates does not get ready"
	sleep 0.02
done

"$LOAD" churn --addr 127.0.0.1 --count 2000 --rate 2000 --list \
	>"$work/list" || fail "the load failed"
stop INT
# It does not flush and ends on SIGINT only; its last lines come with its end.
kill -INT "$peer"
wait "$peer"

same_story "$work/list" "$work/run.out" "$opening $closing_first" \
	"$accepting $closing_second"
awk -f "$here/tcpstates.awk" "$work/list" "$work/run.out" "$work/peer.out" \
	>"$work/compared" || {
	cat "$work/compared"
	fail "tcpwatch and tcpstates differ"
}
cat "$work/compared"
