# SPDX-License-Identifier: BSD-2-Clause
# Endurance: watches for MINUTES while connections churn and are refused, network
# namespaces and processes come and go, other users of ftrace do, logs are rotated
# and the disk fills up and is free again. Memory and descriptors stay as they are,
# no chain of states is wrong, and nothing is left in the kernel. Called by make.
. "$(dirname "$0")/live/lib.sh"
here=$here/live
mount_tracefs

minutes=${MINUTES:-1}
start=$(uptime_s)
end=$((start + minutes * 60)) half=$((start + minutes * 30))
going() { [ "$(uptime_s)" -lt $end ]; }
resident() { awk '$1 == "VmRSS:" { print $2 }' "/proc/$watcher/status"; }
descriptors() { ls "/proc/$watcher/fd" | wc -l; }
# Of this watch; others on this host have theirs.
instances() { ls $tracing/instances | grep -c "^tcpwatch-$watcher"; }

at_exit()
{
	umount "$work/disk"
	[ ! -d $tracing/instances/soak-other ] || rmdir $tracing/instances/soak-other
}

# The watcher's own disk.
mkdir "$work/disk"
mount -t tmpfs -o size=64m none "$work/disk" || fail "no small disk"
background "$TCPWATCH" states --csv --backend=tracefs -o "$work/disk/log" \
	--max-sockets 4096 --buffer-size 16M --ready-file "$work/soak.ready" 2>"$work/soak.err"
watcher=$child
started soak

churn()
{
	while going; do
		"$LOAD" churn --addr 127.0.0.1 --count 500 --rate 500 --list >>"$work/list"
	done
}

# Sockets, processes and namespaces that are gone at once.
storms()
{
	while going; do
		"$LOAD" refused --addr 127.0.0.1 --port 9 --count 500 --rate 1000
		"$LOAD" shortlived --addr 127.0.0.1 --port 2025 --count 50
		unshare -n sh -c 'ip link set lo up; "$1" churn --addr 127.0.0.1 \
			--count 50 --netns-ok' sh "$LOAD"
	done >/dev/null 2>&1
}

# Other users: their instances are made, watched and removed beside ours.
others()
{
	while going; do
		mkdir $tracing/instances/soak-other
		echo 1 >$tracing/instances/soak-other/events/sock/enable
		"$TCPWATCH" life -q -d 1 -o /dev/null
		echo 0 >$tracing/instances/soak-other/events/sock/enable
		rmdir $tracing/instances/soak-other
	done
}

background churn
churner=$child
background storms
stormer=$child
background others
other=$child

# Rotated logs go to where there is room, so that the small disk lasts.
turns=0 first=
while going; do
	sleep 2
	turns=$((turns + 1))
	mv "$work/disk/log" "$work/disk/log.old"
	kill -HUP "$watcher" || fail "the watch ended"
	wait_until test -s "$work/disk/log"
	cat "$work/disk/log.old" >>"$work/rows"
	rm "$work/disk/log.old"
	now=$(resident)
	echo "$now" >>"$work/resident"
	# Tables fill up to their limits in the first half, and not beyond.
	[ -n "$first" ] || [ "$(uptime_s)" -lt $half ] ||
		first=$now fds=$(descriptors)
done
wait "$churner"
wait "$stormer"
wait "$other"
[ -n "$first" ] || fail "too short: $turns turns"
now=$(resident)
[ $((now - first)) -le 1024 ] ||
	fail "memory grew from $first to $now KB: $(tr '\n' ' ' <"$work/resident")"
expect "descriptors" "$(descriptors)" "$fds"
stop INT
cat "$work/disk/log" >>"$work/rows"
expect "instances left" "$(instances)" 0
grep -v '^SKADDR' "$work/rows" >"$work/all"
{ head -n 1 "$work/rows"; cat "$work/all"; } >"$work/all.csv"
lost=$(closing lost "$work/soak.err")
# A host that is busy with other things may lose some, and tells it.
[ "$lost" -gt 0 ] ||
	same_story "$work/list" "$work/all.csv" "$opening $closing_first" \
		"$accepting $closing_second"

# Full, and free again: that is told, and the next watch writes as ever.
head -c 64m /dev/zero >"$work/disk/filler" 2>/dev/null
watch full states --csv --backend=tracefs -o "$work/disk/log" \
	--ready-file "$work/full.ready"
"$LOAD" churn --addr 127.0.0.1 --count 1000 >/dev/null
wait_until gone "$watcher"
wait "$watcher"
expect "exit status on a full disk" $? 1
grep -q 'No space left' "$work/full.err" || fail "a full disk is not told"
rm "$work/disk/filler"
expect "instances left by a full disk" "$(instances)" 0
[ "$lost" -eq 0 ] ||
	skip "this host was too busy: $lost events lost and told, chains not compared"
echo "summary: $minutes min, $(wc -l <"$work/list") connections checked, $(closing events "$work/soak.err") events, $turns rotations, $(head -n 1 "$work/resident"), $first, $now KB at the start, half and end, $fds descriptors"
