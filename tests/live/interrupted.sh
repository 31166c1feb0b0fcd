# SPDX-License-Identifier: BSD-2-Clause
# The kernel does not run a program on a CPU that was interrupted in the middle of
# it: what the interrupt does is taken by the program's stand-in, once, and not lost.
# Here two CPUs hand packets to each other (RPS), and so interrupt each other.
. "$(dirname "$0")/lib.sh"

need_bpf
case $(uname -r) in
5.*) skip "this kernel runs a program in the middle of itself" ;;
esac
on_two="taskset -c 0,1"
[ "$(nproc)" -gt 1 ] && $on_two true 2>/dev/null ||
	skip "there are no two CPUs to interrupt each other"

# This network namespace's devices, instead of those of who began the test.
mkdir "$work/sys"
mount -t sysfs sysfs "$work/sys" || fail "sysfs cannot be mounted"
at_exit() { umount -l "$work/sys"; }
packets=$work/sys/class/net/lo/queues/rx-0/rps_cpus
[ -e "$packets" ] || skip "this kernel hands no packets to other CPUs"
echo 3 >"$packets" || skip "CPUs 0 and 1 are kept out of it"

# How often a program, the first or its stand-in, was met running, in $met.
count_met()
{
	met=$(cat "/proc/$watcher/fdinfo/"* 2>/dev/null |
		awk '$1 == "recursion_misses:" { sum += $2; told++ }
			END { print told ? sum + 0 : "unknown" }')
	[ "$met" != unknown ] || fail "the programs cannot be looked at"
}

netns=$(stat -L -c %i /proc/self/ns/net)
watch rows -j --events state --backend=bpf --netns "$netns" \
	--buffer-size 64M --ready-file "$work/rows.ready"
connections=0 met=0 each=$(scaled 2000)
while [ $connections -lt "$(scaled 24000)" ] && [ "$met" -lt 100 ]; do
	background $on_two "$LOAD" churn --addr 127.0.0.1 --count "$each" >"$work/one"
	one=$child
	$on_two "$LOAD" churn --addr 127.0.0.2 --count "$each" >"$work/other" ||
		fail "the load failed"
	wait "$one" || fail "the load failed"
	connections=$((connections + 2 * each))
	count_met
done
stop INT
[ "$met" -gt 0 ] || skip "no interrupt met a program in $connections connections"

# Where a task may be preempted in a program (6.19 and later) another one may be in
# the stand-in, and what a third one does finds neither free.
lost=$(closing lost "$work/rows.err")
case $(uname -r) in
7.* | 6.19.*) may_lose=$(($(closing events "$work/rows.err") / 10)) ;;
*) may_lose=0 ;;
esac
[ "$lost" -le $may_lose ] ||
	fail "$lost events lost where programs were met running $met times"

# Ends, old and new state. A socket has no local port yet when it calls connect().
sed -n 's/.*"laddr":"\([^"]*\)","lport":\([0-9]*\),"raddr":"\([^"]*\)","rport":\([0-9]*\),"old":"\([A-Z_0-9]*\)","new":"\([A-Z_0-9]*\)".*/\1 \2 \3 \4 \5 \6/p' \
	"$work/rows.out" | sort >"$work/changes"
grep -v ' 0 ' "$work/changes" | uniq -d >"$work/twice"
[ ! -s "$work/twice" ] || fail "told twice: $(head -n 5 "$work/twice")"
# What a task does itself; some kernels run no program in some interrupts (0023).
expect "connections begun" "$(grep -c 'CLOSE SYN_SENT$' "$work/changes")" $connections
echo "summary: $connections connections, programs met running $met times, $lost lost"
