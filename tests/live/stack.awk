# SPDX-License-Identifier: BSD-2-Clause
# Compares the trigger of each state change in `states --stack -j` with what its
# stack says: the innermost function that only one of the three calls decides. A
# segment that a system call works off (release_sock) is still a segment, and a
# timer that found the socket locked still a timer. The first columns of what is
# printed are: how many changes agree, disagree, have no trigger, have no stack.

function cause_of(frame)
{
	if (frame ~ /^(tcp_v[46]_(do_)?rcv|tcp_rcv_|tcp_child_process|tcp_v[46]_err|icmpv?6?_rcv|tcp_check_req)/)
		return "packet"
	if (frame ~ /^(tcp_write_timer|tcp_keepalive_timer|call_timer_fn|run_timer_softirq)/)
		return "timer"
	if (frame ~ /sys_|SYSCALL|syscall|^do_exit|^task_work_run|^(__)?tcp_close|^tcp_abort/)
		return "call"
	return ""
}

function cause_of_stack(    stack, frames, count, i, cause)
{
	stack = $0
	if (!sub(/.*"stack":\["/, "", stack))
		return ""
	sub(/"\]}.*/, "", stack)
	count = split(stack, frames, "\",\"")
	for (i = 1; i <= count; i++) {
		cause = cause_of(frames[i])
		if (cause != "")
			return cause
	}
	return "nothing"
}

value("event") != "state" { next }
{
	cause = cause_of_stack()
	told = value("trigger")
	change = value("old") ">" value("new") " | " value("why")
	if (cause == "") {
		stackless++
	} else if (told == "null") {
		untold++
		notes[change " | no trigger, though the stack says " cause]++
	} else if (cause == told) {
		agree[cause]++
		agreeing++
	} else {
		disagreeing++
		notes[change " | " told ", but the stack says " cause ": " $0]++
	}
}

END {
	print agreeing + 0, disagreeing + 0, untold + 0, stackless + 0, \
		agree["call"] + 0, agree["packet"] + 0, agree["timer"] + 0
	for (note in notes)
		print notes[note] "x " note
}
