# SPDX-License-Identifier: BSD-2-Clause
# One record a socket: how it began, how it ended and by whom, and what the kernel
# says went through it; of sockets that are open at the end, too. And the same from
# a recording.
. "$(dirname "$0")/lib.sh"

# How many records of FILE have all these parts.
count()
{
	file=$1
	shift
	cp "$file" "$work/left"
	for part; do
		grep -F -- "$part" "$work/left" >"$work/fewer"
		mv "$work/fewer" "$work/left"
	done
	wc -l <"$work/left"
}

# load's connections carry 8 bytes each way, and the client closes first.
mkfifo "$work/held"
background sh -c 'exec sleep 300 >"$0"' "$work/held"
writer=$child
background sh -c 'held=$0; exec "$@" <"$held"' "$work/held" \
	"$LOAD" hold --addr 127.0.0.1 --count 3 --list >"$work/older.list"
older=$child
wait_until has_lines "$work/older.list" 4

watch record record -o "$work/record.dat" --ready-file "$work/record.ready"
recorder=$watcher
# A worker of the kernel tells of the bytes, on a slow host long after the end.
watch run life --json --backend=${LIVE_BACKEND:-tracefs} --latency 2000 \
	--ready-file "$work/run.ready"
"$LOAD" churn --addr 127.0.0.1 --count 23 --list >"$work/list" ||
	fail "the load failed"
"$LOAD" rst --addr ::1 --count 23 >"$work/rst" || fail "the load failed"
"$LOAD" refused --addr 127.0.0.1 --count 23 >"$work/refused" ||
	fail "the load failed"
# Those that were there before come with the list, a little after the start.
has() { [ "$(count "$work/run.out" "$2")" -ge "$1" ]; }
ask() { kill -USR1 "$watcher" && has 6 '"end":null'; }
wait_until ask
wait_until has 23 'connection refused'
stop INT
watcher=$recorder
stop INT

out=$work/run.out
expect "clients that closed" "$(count "$out" '"how":"active"' \
	'"why":"closed by us"' '"ended_by":"us"' '"laddr":"127.0.0.1"')" 23
expect "servers whose clients closed" "$(count "$out" '"how":"passive"' \
	'"why":"closed by peer"' '"ended_by":"peer"')" 23
expect "their bytes" "$(count "$out" '"laddr":"127.0.0.1"' \
	'"tx_bytes":8,"rx_bytes":8')" 46
expect "round trips of them" "$(grep -F '"tx_bytes":8,"rx_bytes":8' "$out" |
	grep -c '"srtt_us":[1-9]')" 46
expect "clients that reset" "$(count "$out" '"how":"active"' \
	'"why":"aborted by us"' '"ended_by":"us"' '"laddr":"::1"')" 23
expect "servers that were reset" "$(count "$out" '"how":"passive"' \
	'"why":"reset by peer"' '"ended_by":"peer"')" 23
expect "refused connections" "$(count "$out" '"how":"active"' \
	'"why":"connection refused"' '"ended_by":"peer"' \
	'"tx_bytes":null,"rx_bytes":null')" 23
# Both ends of three, shown by SIGUSR1 and at the end.
grep -F '"how":"before"' "$out" | grep -F '"end":null' | grep -F '"owner":"seed"' |
	grep -F "\"pid\":$older," | grep -F '"state_ms":{"ESTABLISHED":' >"$work/open"
expect "older ones that are open" "$(sed 's/.*"sock":"\([^"]*\)".*/\1/' \
	"$work/open" | sort -u | wc -l)" 6
expect "... also at the end" "$(($(wc -l <"$work/open") >= 12))" 1
expect "times that do not add up" "$(grep -v '"how":"before"' "$out" |
	sed 's/.*"duration_ms":\([0-9.]*\).*"state_ms":{\([^}]*\)}.*/\1,\2/' |
	awk -F '[,:]' '{
		sum = 0
		for (i = 3; i <= NF; i += 2)
			sum += $i
		if (sum < $1 - 0.001 || sum > $1 + 0.001)
			print
	}')" ""

# A recording of the same time has the same lives, and the kernel's figures.
ended()
{
	grep -v '"end":null' "$1" | tr -d '{}' | tr ',' '\n' | awk -F '[:"]+' '
		$2 == "v" && row { print row; row = "" }
		/pid|comm|port|addr|how|why|inferred|ended_by|bytes|srtt|retrans/ {
			row = row " " $0 }
		END { print row }' | sort
}
ended "$out" >"$work/live.lives"
lives=$(wc -l <"$work/live.lives")
[ "$lives" -ge 115 ] || fail "only $lives lives"
compare_recorded()
{
	"$TCPWATCH" life -q -r "$work/record.dat" --json \
		>"$work/replayed.json" || fail "the recording cannot be read"
	ended "$work/replayed.json" >"$work/replayed.lives"
	cmp -s "$work/live.lives" "$work/replayed.lives" || {
		diff "$work/live.lives" "$work/replayed.lives" | head -n 10
		fail "the recording tells of other lives"
	}
	expect "their bytes in the recording" \
		"$(count "$work/replayed.json" '"tx_bytes":8,"rx_bytes":8')" 46
}
# By BPF only this network namespace was looked at: see by_bpf.sh.
[ -n "${LIVE_BACKEND:-}" ] || compare_recorded
kill "$writer"
wait "$older" || fail "the load failed"
echo "summary: 121 lives, 6 of them longer than the watch, $lives as recorded"
