# SPDX-License-Identifier: BSD-2-Clause
# Sockets that are older than the watch: their owner and state, listeners that
# pass their owner on, and 200 starts while connections come and go.
. "$(dirname "$0")/lib.sh"

need mkfifo

# The folder /proc is open until all that is older has been looked at, at the end
# by the process that keeps the rights.
seeded()
{
	keeper=$(cat "/proc/$watcher/task/$watcher/children")
	[ -n "$keeper" ] || return 1
	for fd in "/proc/$watcher/fd"/* "/proc/${keeper% }/fd"/*; do
		[ "$(readlink "$fd")" != /proc ] || return 1
	done
}

# compare NAME AWK-OPTION...: the lists with the rows; figures in $figures.
compare()
{
	called=$1
	shift
	figures=$(awk "$@" -v closing="$closing_first" \
		-v closed="$closing_second" \
		-f "$here/json_row.awk" -f "$here/seed.awk" \
		"$work"/*.list "$work/$called".*out) || {
		echo "$figures" | head -n 12
		fail "$called: the rows tell another story than the connections"
	}
	# shellcheck disable=SC2086 # words of numbers
	set -- $figures
	rows=$1 seeds=$2 unowned=$3 gaps=$4
}

# older ADDRESS: connections and listeners that are there before the watch.
older()
{
	rm -f "$work"/*.list
	mkfifo "$work/stdin.$total"
	background sh -c 'exec sleep 300 >"$0"' "$work/stdin.$total"
	writer=$child
	background sh -c 'stdin=$0; exec "$@" <"$stdin"' "$work/stdin.$total" \
		"$LOAD" hold --addr "$1" --count 23 --list >"$work/hold.list"
	holder=$child
	background "$LOAD" server --addr "$1" --port 7002 --count 23 --list \
		>"$work/server.out"
	server=$child
	wait_until has_lines "$work/hold.list" 24
	wait_until has_lines "$work/server.out" 1

	watch older --json --events state --backend=${LIVE_BACKEND:-tracefs} \
		--ready-file "$work/older.ready"
	wait_until seeded
	kill "$writer"
	wait "$holder" || fail "the load failed"
	"$LOAD" client --addr "$1" --port 7002 --count 23 --list \
		>"$work/client" || fail "the load failed"
	wait "$server" || fail "the load failed"
	stop INT
	compare older -v all=1
	expect "lost events" "$(closing lost "$work/older.err")" 0

	# The other end's first row has no call of its own to tell its owner.
	expect "rows with an owner from the list" "$((seeds >= 23))" 1
	expect "children of the older listener" "$(grep '"owner":"listener"' \
		"$work/older.out" | grep -c "\"pid\":$server,.*\"new\":\"SYN_RECV\"")" 23
	expect "the older listeners' ends" "$(grep -c \
		"\"pid\":\($server\|$holder\),.*\"old\":\"LISTEN\",\"new\":\"CLOSE\"" \
		"$work/older.out")" 2
	total=$((total + 23))
}

# Connections that are open for a while, and are not all of one age.
comings_and_goings()
{
	while [ ! -e "$work/enough" ]; do
		sleep 0.2 | "$LOAD" hold --netns-ok --addr 127.0.0.1 --count 10 --list
	done
}

# One start after the other for a time, each in the middle of it all.
starts()
{
	n=0
	until [ $n -ge 50 ] || [ "$(seconds)" -ge "$end" ]; do
		n=$((n + 1))
		"$TCPWATCH" -j --events state --backend=${LIVE_BACKEND:-tracefs} -d "${SEED_RUN:-0.15}" \
			>"$work/starts.$1.$n.out" 2>"$work/starts.err.$1"
		status=$?
		[ $status -eq 0 ] || echo "exit $status" >>"$work/starts.failed"
		# A CPU stood still while it wrote an event: its time is not known.
		grep -q ' 0 late' "$work/starts.err.$1" || {
			rm "$work/starts.$1.$n.out"
			echo "$n" >>"$work/starts.late"
		}
	done
	echo $n >"$work/count.$1"
}

seconds() { cut -d. -f1 /proc/uptime; }

total=0
for address in 127.0.0.1 ::1; do
	older $address
done

rm -f "$work"/*.list
for n in 1 2 3; do
	background comings_and_goings >"$work/going.$n.list"
	goings="${goings:-} $child"
done
background "$LOAD" churn --addr 127.0.0.1 --port 7003 --count 1000000 \
	--rate "$(scaled 150)" --list >"$work/churn.list"
churn=$child
end=$(($(seconds) + ${SEED_SECONDS:-50}))
for n in 1 2 3 4; do
	background starts $n
	starters="${starters:-} $child"
done
# shellcheck disable=SC2086 # words of numbers
wait $starters
touch "$work/enough"
kill "$churn"
# shellcheck disable=SC2086 # words of numbers
wait $churn $goings 2>/dev/null

[ ! -e "$work/starts.failed" ] || fail "$(sort "$work/starts.failed" | uniq -c)"
count=$(cat "$work"/count.* | awk '{ sum += $1 } END { print sum }')
late=$(cat "$work/starts.late" 2>/dev/null | wc -l)
[ $((late * 4)) -le "$count" ] || fail "late events in $late of $count starts"
compare starts
# A host on which few starts were possible may not have come to the list in any.
[ "$seeds" -gt 0 ] || [ "$count" -lt 100 ] ||
	fail "no older socket had an owner in $count starts"
echo "summary: $total older connections, $count starts, $rows rows, of which" \
	"$seeds by the list and $unowned without an owner," \
	"$gaps seen in part when the watch began"
