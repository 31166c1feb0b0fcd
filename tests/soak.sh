# SPDX-License-Identifier: BSD-2-Clause
# Endurance: watches for MINUTES while connections churn and are refused, network
# namespaces and processes come and go, other users of ftrace do, logs are rotated
# and disks fill up and are free again. Memory and descriptors stay as they are,
# no chain of states is wrong, and nothing is left in the kernel. Figures of each
# turn go to SERIES. Called by make.
[ -n "${SOAK_NETNS:-}" ] || SOAK_NETNS=new exec unshare -n sh "$0"
. "$(dirname "$0")/live/lib.sh"
mount_tracefs
# Tens of thousands of connections in a minute leave TIME_WAIT on every port there
# is: here it keeps few, and takes none of the host's.
ip link set lo up
echo 4096 >/proc/sys/net/ipv4/tcp_max_tw_buckets
. "$here/soak_loads.inc"

minutes=${MINUTES:-1}
: "${SERIES:=$work/series}"
# The queue of rows that wait for their reason doubles when more come within
# --latency than ever before: to 16384 rows of 370 bytes at most here, and seldom.
GROWTH_KB=6144
TASKS_MAX=65536         # threads that tcpwatch remembers at most
going() { [ ! -e "$work/over" ]; }
# Of the reader and of the keeper of its rights.
resident()
{
	cat "/proc/$watcher/status" "/proc/$keeper/status" |
		awk -v key="$1:" '$1 == key { sum += $2 } END { print sum }'
}
descriptors() { find "/proc/$watcher/fd" "/proc/$keeper/fd" -type l | wc -l; }
forks() { awk '$1 == "processes" { print $2 }' /proc/stat; }
# Other runs' connections have other addresses: 127.KIND.$own.
own=$(($$ / 256 % 256)).$(($$ % 256))
smaller() { [ "$1" -lt "$2" ] && echo "$1" || echo "$2"; }
other=$tracing/instances/soak-$$

at_exit()
{
	umount "$work/disk" "$work/full"
	[ ! -d "$other" ] || rmdir "$other"
}

# The log of our watch is rotated, judged and gone.
rotate()
{
	mv "$work/disk/log" "$work/disk/log.old"
	kill -HUP "$watcher" || fail "the watch ended"
	wait_until test -s "$work/disk/log"
	cat "$work/disk/log.old" >&3
	rows=$(wc -l <"$work/disk/log.old")
	rm "$work/disk/log.old"
	echo "$(uptime_s),$(resident VmRSS),$(resident RssAnon),$(descriptors),$rows" \
		>>"$SERIES"
}

# Memory grows until every table is full: that of threads, which nothing empties,
# needs as many forks as it has room for, or as there are numbers for them.
warm_up()
{
	full=$(($(forks) + $(smaller "$(cat /proc/sys/kernel/pid_max)" $TASKS_MAX)))
	while [ "$(forks)" -lt $full ]; do
		for run in 1 2 3 4 5 6 7 8 9 10; do
			connections 64 --threads 64
		done
		rotate
	done
}

# One that has failed never comes.
all_came()
{
	for load in $loads; do
		gone "${load#*:}" && fail "${load%:*} ended"
	done
	for file in made.refused made.spaces turns.others turns.disks; do
		[ -s "$work/$file" ] || return 1
	done
}

for disk in disk:64m full:16m; do
	mkdir "$work/${disk%:*}"
	mount -t tmpfs -o "size=${disk#*:}" none "$work/${disk%:*}" ||
		fail "no small disk"
done
mkfifo "$work/rows"
background sh -c 'exec awk -v own="$3" -f "$0" <"$1" >"$2"' "$here/soak.awk" \
	"$work/rows" "$work/judged" "$own"
judge=$child
exec 3>"$work/rows"
echo "uptime_s,rss_kb,anon_kb,descriptors,rows" >"$SERIES"
background "$TCPWATCH" states --csv --backend=tracefs -o "$work/disk/log" \
	--max-sockets 4096 --buffer-size 16M --ready-file "$work/soak.ready" \
	2>"$work/soak.err" 3>&-
watcher=$child
echo "$watcher" >>"$work/pids"
started soak
read -r keeper <"/proc/$watcher/task/$watcher/children"
at_start=$(resident RssAnon)
warm_up

loads=
for load in churn flood storms others disks; do
	background $load 3>&-
	loads="$loads $load:$child"
done
# What each load needs besides is there once each has come; the minutes begin.
until all_came; do
	sleep 2
	rotate
done
warm=$(resident RssAnon) fds=$(descriptors) turns_before=$(wc -l <"$SERIES")
end=$(($(uptime_s) + minutes * 60))
while [ "$(uptime_s)" -lt $end ]; do
	sleep 2
	rotate
done
: >"$work/over"
for load in $loads; do
	wait "${load#*:}" || fail "${load%:*} ended with status $?"
done
# Their numbers are those of strangers by now.
children="$watcher $judge"
rotate
now=$(resident RssAnon)
[ $((now - warm)) -le $GROWTH_KB ] ||
	fail "memory grew from $warm to $now KB after all tables were full"
# What leaks a little with each connection grows at every turn.
grown=$(tail -n +$((turns_before + 1)) "$SERIES" | awk -F, -v top="$warm" '
	$3 > top { top = $3; grown++ }
	END { print grown + 0, NR }')
[ $((${grown% *} * 3)) -le "${grown#* }" ] ||
	fail "memory grew in ${grown% *} of ${grown#* } turns, from $warm to $now KB"
expect "descriptors" "$(descriptors)" "$fds"
stop INT
cat "$work/disk/log" >&3
exec 3>&-
wait "$judge"
children=
for pid in $(cat "$work/pids"); do
	[ -d "/proc/$pid" ] || ls -d "$tracing/instances/tcpwatch-$pid" 2>/dev/null
done >"$work/left"
expect "instances left" "$(cat "$work/left")" ""

judged() { awk -v what="$*" '$0 ~ "^" what " [0-9]+$" { print $NF }' "$work/judged"; }
lost=$(closing lost "$work/soak.err")
told="nothing lost"
grep '^wrong: ' "$work/judged"
expect "changes that do not follow on the one before" "$(judged unmarked)" 0
# What a busy host lost is told, and then no count can be asked for.
if [ "$lost" -gt 0 ]; then
	told="$lost lost and told, so that connections were not counted"
else
	for kind in churn shortlived spaces disks; do
		expect "$kind: who connects" "$(judged $kind client)" "$(sum "$work/made.$kind")"
		expect "$kind: who accepts" "$(judged $kind server)" "$(sum "$work/made.$kind")"
	done
	expect "refused" "$(judged refused client)" "$(sum "$work/made.refused")"
	expect "other stories" "$(judged others)" 0
	expect "gaps in a chain" "$(judged marked)" 0
fi
echo "summary: $minutes min, $(sum "$work"/made.*) connections, $(closing events "$work/soak.err") events, $told; $(($(wc -l <"$SERIES") - 1)) rotations, $(sum "$work/turns.others") times others, $(sum "$work/turns.disks") disks full; $at_start, $warm, $now KB at the start, with full tables and at the end (grew in ${grown% *} of ${grown#* } turns), $fds descriptors"
