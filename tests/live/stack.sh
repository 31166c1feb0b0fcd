# SPDX-License-Identifier: BSD-2-Clause
# The trigger of every state change is what the kernel's stack says that it was.
. "$(dirname "$0")/lib.sh"

# Also congestion states, by which some reasons are told.
watched="states --stack --columns sock,cong"
. "$here/stage.inc"
[ "$(grep -c ' 0*0 ' /proc/kallsyms | head -n 1)" = 0 ] ||
	skip "this kernel hides the names of its functions"
ip address add $address/32 dev lo

for mode in churn rst refused listen-close; do
	"$LOAD" $mode --addr $address --netns-ok --rate 500 \
		--count "$(scaled 200)" ||
		fail "the load failed"
done
"$LOAD" shortlived --addr $address --netns-ok --count 23 || fail "the load failed"
. "$here/scenes.inc"
curtain

awk -f "$here/json_row.awk" -f "$here/stack.awk" "$work/all.out" \
	>"$work/compared"
read -r agree disagree untold stackless call packet timer <"$work/compared"
sed 1d "$work/compared" | cut -c -1000 >"$work/compared.err"
[ "$disagree" -eq 0 ] || fail "$disagree triggers are not what their stacks say"
# An interrupt between an event and its stack parts the two, and some hosts take no
# stack in some of their timer interrupts: the few timers may all be among those.
[ "$call" -gt 0 ] && [ "$packet" -gt 0 ] && [ $((timer + stackless)) -gt 0 ] ||
	fail "only $call calls, $packet packets, $timer timers"
[ "$stackless" -le $((agree / 100)) ] ||
	fail "$stackless changes without a stack, $agree with one"
echo "summary: $agree changes agree ($call call, $packet packet, $timer timer)," \
	"$untold without a trigger, $stackless without a stack"
