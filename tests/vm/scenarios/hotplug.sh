# SPDX-License-Identifier: BSD-2-Clause
# A CPU that comes after the watch has begun, goes and comes again: every event
# on it is seen, and nothing is lost.
. "$(dirname "$0")/lib.sh"

last=$(sed 's/.*[-,]//' /sys/devices/system/cpu/present)
[ "$last" -gt 0 ] || fail "this guest has one CPU"
switch=/sys/devices/system/cpu/cpu$last/online

turn() { [ "$(cat "$switch")" = "$1" ] || echo "$1" >"$switch"; }

# connections CPUS [LOAD OPTION...]
connections()
{
	cpus=$1
	shift
	taskset -c "$cpus" "$LOAD" churn --addr 127.0.0.1 --count 23 --list \
		"$@" >>"$work/list" || fail "the load failed"
}

come_and_go()
{
	: >"$work/list"
	turn 0 || fail "CPU $last does not go offline"
	# shellcheck disable=SC2086 # a list of words
	watch run states --csv --backend=tracefs $patience \
		--ready-file "$work/run.ready"
	connections 0
	turn 1 || fail "CPU $last does not come online"
	connections "$last"
	turn 0
	connections 0
	turn 1
	connections "$last"
	connections "0-$last" --threads 4
	stop INT
}

unhurried come_and_go
expect "connections listed" "$(wc -l <"$work/list")" 115
same_story "$work/list" "$work/run.out" "$opening $closing_first" \
	"$accepting $closing_second"
expect "lost events" "$(closing lost "$work/run.err")" 0
summary "115 connections on $((last + 1)) CPUs, 2 times offline"
