# SPDX-License-Identifier: BSD-2-Clause
# CPUs go and come for as long as connections churn on all of them: every event is
# seen, and nothing is lost. Too long for every run: GUESTS=soak.
. "$(dirname "$0")/lib.sh"

turns=${TURNS:-12}
last=$(sed 's/.*[-,]//' /sys/devices/system/cpu/present)
[ "$last" -gt 0 ] || fail "this guest has one CPU"
turn() { echo "$2" >"/sys/devices/system/cpu/cpu$1/online"; }

# Until the file appears; each round is whole.
churn()
{
	until [ -e "$work/over" ]; do
		"$LOAD" churn --addr 127.0.0.1 --count 23 --threads 4 --list \
			>>"$work/list" || fail "the load failed"
	done
}

come_and_go()
{
	rm -f "$work/over"
	: >"$work/list"
	# shellcheck disable=SC2086 # a list of words
	watch run states --csv --backend=tracefs $patience \
		--ready-file "$work/run.ready"
	background churn
	churner=$child
	for round in $(seq "$turns"); do
		cpu=$((round % last + 1))
		turn $cpu 0 || fail "CPU $cpu does not go offline"
		want=$(($(wc -l <"$work/list") + 23))
		wait_until has_lines "$work/list" "$want"
		turn $cpu 1 || fail "CPU $cpu does not come online"
	done
	: >"$work/over"
	wait "$churner" || fail "the churn failed"
	stop INT
}

for cpu in $(seq "$last"); do
	[ "$(cat "/sys/devices/system/cpu/cpu$cpu/online")" = 1 ] || turn "$cpu" 1
done
unhurried come_and_go
same_story "$work/list" "$work/run.out" "$opening $closing_first" \
	"$accepting $closing_second"
expect "lost events" "$(closing lost "$work/run.err")" 0
summary "$(wc -l <"$work/list") connections on $((last + 1)) CPUs, $turns times offline"
