# SPDX-License-Identifier: BSD-2-Clause
# What is not wanted stays in the kernel: by BPF the events that a filter leaves
# out do not even come to user space, and those that it wants are all there.
. "$(dirname "$0")/lib.sh"

need_bpf

# run NAME OPTION...: how many events of 50 connections came, in $events, and
# how many rows, in $rows.
run()
{
	name=$1
	shift
	watch "$name" -j --events state --backend=bpf --netns "$here_alone" "$@" \
		--ready-file "$work/$name.ready"
	"$LOAD" churn --addr 127.0.0.1 --count 50 >"$work/load" ||
		fail "the load failed"
	stop INT
	events=$(closing events "$work/$name.err")
	rows=$(closing rows "$work/$name.err")
	expect "lost events of $name" "$(closing lost "$work/$name.err")" 0
	told="$told, $name $events"
}

# few SHARE: of the unfiltered events there are fewer than one in so many, and no
# row.
few()
{
	expect "rows of $name" "$rows" 0
	[ $((events * $1)) -lt "$all_events" ] ||
		fail "$name: $events of $all_events events came to user space"
}

as_all() { expect "rows of $name" "$rows" "$all_rows"; }

told=
# Others may do the like on this host.
here_alone=$(stat -L -c %i /proc/self/ns/net)
run all
all_events=$events all_rows=$rows
[ "$rows" -ge 500 ] || fail "only $rows rows of 50 connections"
cgroup=$(sed -n 's/.*"cgroup":\([0-9]*\),.*/\1/p' "$work/all.out" | head -n 1)

run family -6
few 10
# A client that has no port or address yet, and a listener without, must pass.
run lport -L 1
few 4
run rport -D 1
few 4
run ipv4 --laddr 10.99.0.0/16
few 4
run ipv6 --raddr fd99::/16
few 4
run netns_too --netns 1
as_all
here_alone=1
run netns
few 10
here_alone=$(stat -L -c %i /proc/self/ns/net)
if [ -n "$cgroup" ]; then
	run cgroup --cgroup 4294967295
	few 10
	run cgroup_here --cgroup "$cgroup"
	as_all
fi
# Those that others opened; the ends that were accepted have no opener.
run pid -p $$
expect "rows of pid" "$rows" 0
[ "$events" -lt $((all_events * 7 / 10)) ] ||
	fail "pid: $events of $all_events events came to user space"
run not_pid -p "!$$"
as_all

for wrong in 1-5 '!1' x; do
	"$TCPWATCH" --netns "$wrong" >"$work/out" 2>"$work/wrong.err"
	expect "exit status of --netns $wrong" $? 2
done
"$TCPWATCH" --backend=tracefs --netns 1 >"$work/out" 2>"$work/wrong.err"
expect "exit status of tracefs with --netns" $? 3
grep -q "cannot filter by network namespace" "$work/wrong.err" ||
	fail "it does not say why: $(cat "$work/wrong.err")"
echo "summary: events${told#,}"
