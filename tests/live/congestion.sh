# SPDX-License-Identifier: BSD-2-Clause
# A transfer over a path that drops 3 % of its packets: as many retransmissions
# as the kernel counts, and congestion states that follow on one another.
. "$(dirname "$0")/lib.sh"

need ip nft nsenter

path 10.9.8
inside nft add table ip t &&
	inside nft add chain ip t in '{ type filter hook input priority 0; }' &&
	inside nft add rule ip t in numgen random mod 100 '<' 3 drop ||
	fail "nft does not work"

background nsenter -t "$peer" -n "$LOAD" server --netns-ok --addr 10.9.8.2 \
	--port 7000 >"$work/server.ready"
wait_until grep -q ready "$work/server.ready"

# Segments sent again, as the kernel counts them at both ends.
resent()
{
	for where in self "$peer"; do
		awk '/^Tcp:/ && !column {
			for (i = 2; i <= NF; i++)
				if ($i == "RetransSegs")
					column = i
			next
		}
		/^Tcp:/ { print $column }' "/proc/$where/net/snmp"
	done | awk '{ sum += $1 } END { print sum }'
}

# No socket but listeners and those in TIME_WAIT: the last FIN, which may be lost
# and sent again as well, is answered.
all_quiet()
{
	! awk 'FNR > 1 && $4 != "0A" && $4 != "06"' "/proc/self/net/tcp" \
		"/proc/$peer/net/tcp" | grep -q .
}

before=$(resent)
watch run --csv --columns event,sock,pid,comm,lport,rport,old,new,err \
	--backend=tracefs -D 7000 --ready-file "$work/run.ready"
watch both --json --backend=tracefs --laddr 10.9.8.0/24 \
	--ready-file "$work/both.ready"
"$LOAD" bulk --netns-ok --list --addr 10.9.8.2 --port 7000 --bytes 20000000 \
	>"$work/list" || fail "the load failed"
wait_until all_quiet
counted=$(($(resent) - before))
stop INT
watcher=$(cat "$work/run.ready")
stop INT

pid=$(awk '{ print $5 }' "$work/list")
lport=$(awk '{ print $2 }' "$work/list")
seen=$(grep '"event":"retrans"' "$work/both.out" |
	grep -cE '"err":(null|0)')
[ "$counted" -gt 100 ] || fail "only $counted segments were sent again"
expect "retransmissions" "$seen" "$counted"

awk -F, -v pid="$pid" -v lport="$lport" '
	function complain(what) { print what ": " $0; problems++ }
	NR == 1 { next }
	$3 != pid || ($5 != lport && $5 != 0) { complain("whose?") }
	$1 == "cong" {
		if ($7 == $8)
			complain("no change")
		if (last != "" && $7 != last)
			complain("not after " last)
		last = $8
		seen[$8]++
	}
	$1 == "retrans" && $8 != last && last != "" {
		complain("not in " last)
	}
	END {
		if (!seen["RECOVERY"] || !seen["OPEN"] || !seen["DISORDER"])
			complain("congestion states are missing")
		exit problems > 0
	}' "$work/run.out" >"$work/story" || {
	head -n 12 "$work/story"
	fail "the congestion states do not follow on one another"
}
echo "summary: $counted retransmissions"
