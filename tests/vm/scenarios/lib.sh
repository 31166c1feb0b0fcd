# SPDX-License-Identifier: BSD-2-Clause
# What the scenarios of a guest share beyond the live tests' own library: 23
# connections checked in full, and a tcpwatch that tracing is refused.
# shellcheck shell=sh
. "$(dirname "$0")/../../live/lib.sh"
here=$(cd "$(dirname "$0")/../../live" && pwd)

# with_setpriv OPTION...: tcpwatch runs under these from now on, and so does
# what is run by $work/setpriv.
with_setpriv()
{
	printf '#!/bin/sh\nexec setpriv %s "$@"\n' "$*" >"$work/setpriv"
	printf '#!/bin/sh\nexec setpriv %s %s "$@"\n' "$*" "$TCPWATCH" \
		>"$work/tcpwatch"
	chmod 755 "$work" "$work/setpriv" "$work/tcpwatch"
	TCPWATCH=$work/tcpwatch
}

# unhurried CMD...: a CPU of the emulator can stand still for long while it
# writes an event, which then comes too late for its place and is counted as
# such. What follows is not judged by such a run, but by the next one, which
# waits longer for what comes late: CMD gives tcpwatch $patience.
unhurried()
{
	repeats=0
	for latency in 100 1000 10000; do
		patience="--latency $latency"
		"$@"
		[ "$(closing late "$work/run.err")" != 0 ] || return 0
		repeats=$((repeats + 1))
	done
	fail "events came late three times"
}

# summary TEXT[; REMARK]: what was found; the report counts the repeats, and its
# table shows the remark.
summary()
{
	[ "${repeats:-0}" -eq 0 ] || set -- "repeated $repeats times, $1"
	echo "summary: $1"
}

watch_churn()
{
	# shellcheck disable=SC2086 # a list of words
	watch run states --csv --backend=tracefs $patience \
		--ready-file "$work/run.ready"
	"$LOAD" churn --addr 127.0.0.1 --count 23 --list >"$work/list" ||
		fail "the load failed"
	stop INT
}

# The smoke test: 23 connections, each with every transition in order, with its
# addresses, ports, process and name; nothing lost, nothing left in the kernel.
smoke()
{
	unhurried watch_churn
	same_story "$work/list" "$work/run.out" "$opening $closing_first" \
		"$accepting $closing_second" -v names=1
	expect "lost events" "$(closing lost "$work/run.err")" 0
	expect "instances at the end" \
		"$(ls -d $tracing/instances/tcpwatch-* 2>/dev/null)" ""
	foretold tracefs
}

# foretold BACKEND: the doctor says that tcpwatch works here, by that one. What it
# tried is gone again.
foretold()
{
	at_start=$(cat /proc/self/mounts)
	"$TCPWATCH" doctor -j >"$work/doctor.json" ||
		fail "the doctor's exit status is $?"
	grep -q "\"command\":\"\",\"option\":null,\"works\":true,\"by\":\"$1\"" \
		"$work/doctor.json" ||
		fail "the doctor foretells another: $(cat "$work/doctor.json")"
	expect "instances after the doctor" \
		"$(ls -d $tracing/instances/tcpwatch-* 2>/dev/null)" ""
	expect "mounts after the doctor" "$(cat /proc/self/mounts)" "$at_start"
}

# diagnosed ABOUT NAME VERDICT: what the doctor says of it.
diagnosed()
{
	grep -q "\"about\":\"$1\",\"name\":\"$2\",\"verdict\":\"$3\"" \
		"$work/doctor.json" ||
		fail "$1 $2 is not '$3': $(cat "$work/doctor.json")"
}

# refused TEXT [BACKEND]: tracefs ends at once with status 3 and these words, and
# has nothing for stdout. tcpwatch by itself says so, too, and goes on with that
# backend, or with sock_diag alone, which tells of the ends of all connections.
refused()
{
	"$TCPWATCH" --backend=tracefs >"$work/refused.out" 2>"$work/refused.err"
	expect "exit status" $? 3
	grep -qF "$1" "$work/refused.err" || fail "it does not say '$1'"
	expect "lines on stderr" "$(wc -l <"$work/refused.err")" 1
	expect "bytes on stdout" "$(wc -c <"$work/refused.out")" 0

	: >"$work/auto.out"
	chmod 777 "$work"
	watch auto -j --events state --ready-file "$work/auto.ready"
	taken=${2:-diag}
	grep -q "bpf: not in this build" "$work/auto.err" && taken=diag
	grep "using $taken" "$work/auto.err" | grep -qF "$1" ||
		fail "it does not say why it took $taken"
	"$LOAD" churn --addr 127.0.0.1 --count 23 >"$work/load" ||
		fail "the load failed"
	wait_until all_ended
	stop INT
	foretold "$taken"
	grep -qF "$1" "$work/doctor.json" || fail "the doctor does not say '$1'"
	[ "$taken" != diag ] || taken="sock_diag alone"
	summary "$1; by $taken"
}

all_ended() { [ "$(grep -c '"new":"CLOSE"' "$work/auto.out")" -ge 46 ]; }
