# SPDX-License-Identifier: BSD-2-Clause
# The kernel does not run a program on a CPU that was interrupted in the middle of
# it: what the interrupt does is taken by the program's stand-in, and not lost. Here
# each CPU hands packets to the other one (RPS), and so interrupts it.
. "$(dirname "$0")/lib.sh"

"$TCPWATCH" --backend=bpf -d 0.1 >/dev/null 2>"$work/bpf.err"
case $? in
0) ;;
3) skip "$(sed 's/^tcpwatch: //' "$work/bpf.err" | head -n 1)" ;;
*) fail "the bpf backend does not work" ;;
esac
[ "$(nproc)" -gt 1 ] || skip "one CPU, which no other one interrupts"
uname -r | grep -qE '^5\.([0-9]|10|11)\.' &&
	skip "this kernel does not count what programs were not run for"

# This network namespace's devices, instead of those of who began the test.
mkdir "$work/sys"
mount -t sysfs sysfs "$work/sys" || fail "sysfs cannot be mounted"
at_exit() { umount "$work/sys"; }
echo 3 >"$work/sys/class/net/lo/queues/rx-0/rps_cpus" ||
	skip "this kernel does not hand packets to other CPUs (no CONFIG_RPS)"

# How often a program, the first or its stand-in, was met running, in $met.
count_met()
{
	met=$(awk '$1 == "recursion_misses:" { sum += $2 }
		END { print sum + 0 }' "/proc/$watcher/fdinfo/"*)
}

netns=$(stat -L -c %i /proc/self/ns/net)
watch rows -j --events state --backend=bpf --netns "$netns" \
	--buffer-size 16M --ready-file "$work/rows.ready"
connections=0 met=0
while [ $connections -lt 24000 ] && [ "$met" -lt 100 ]; do
	background "$LOAD" churn --addr 127.0.0.1 --count 2000 >"$work/one"
	one=$child
	"$LOAD" churn --addr 127.0.0.2 --count 2000 >"$work/other" ||
		fail "the load failed"
	wait "$one" || fail "the load failed"
	connections=$((connections + 4000))
	count_met
done
stop INT
[ "$met" -gt 0 ] || skip "no interrupt met a program in $connections connections"

# Where a task may be preempted in a program (6.19 and later) another one may be in
# the stand-in, and a third one finds neither free.
lost=$(closing lost "$work/rows.err")
case $(uname -r) in
7.* | 6.19.*) may_lose=$((met / 5 + 1)) ;;
*) may_lose=0 ;;
esac
[ "$lost" -le $may_lose ] ||
	fail "$lost events lost where programs were met running $met times"
echo "summary: $connections connections, programs met running $met times, $lost lost"
