# SPDX-License-Identifier: BSD-2-Clause
# What the doctor says is what tcpwatch then does: for every command, as root,
# without root, without the right to use BPF, where tracefs is not mounted, and
# where nothing works at all. It leaves nothing behind, also when it is ended.
. "$(dirname "$0")/lib.sh"
mount_tracefs

plain=$TCPWATCH
chmod 777 "$work"
cp "$TCPWATCH" "$work/copy" && chmod 755 "$work/copy"

# under CMD...: what runs tcpwatch, called by $TCPWATCH from now on.
under()
{
	printf '#!/bin/sh\n%s\nexec %s "$@"\n' "${limit:-:}" "$* $work/copy" \
		>"$work/tcpwatch"
	chmod 755 "$work/tcpwatch"
	TCPWATCH=$work/tcpwatch
}

# consult FILE [OPTION]: the doctor's exit status, in $status; nothing of its own
# is left, whatever others do meanwhile.
consult()
{
	told=$1
	shift
	mounts=$(cat /proc/self/mounts)
	background "$TCPWATCH" doctor "$@" >"$work/$told" 2>"$work/doctor.err"
	doctor=$child
	wait "$doctor"
	status=$?
	expect "lines on stderr" "$(wc -l <"$work/doctor.err")" 0
	leaves_nothing
	expect "mounts afterwards" "$(cat /proc/self/mounts)" "$mounts"
}

has_instance() { ls -d $tracing/instances/tcpwatch-"$doctor"* >/dev/null 2>&1; }

leaves_nothing()
{
	! has_instance || fail "an instance is left"
	! grep -q "tcpwatch_$doctor\b" $tracing/kprobe_events 2>/dev/null ||
		fail "kernel probes are left"
}

# examine STATUS: runs the doctor, both ways.
examine()
{
	consult doctor.out
	expect "exit status of the doctor" $status "$1"
	[ "$(awk 'length > 80' "$work/doctor.out" | wc -l)" -eq 0 ] ||
		fail "too wide: $(awk 'length > 80' "$work/doctor.out")"
	consult doctor.json -j
	expect "exit status of doctor -j" $status "$1"
	expect "objects" "$(wc -l <"$work/doctor.json")" 1
	! command -v python3 >/dev/null ||
		python3 -c 'import json, sys; json.load(sys.stdin)' \
			<"$work/doctor.json" || fail "that is no JSON"
	sed 's/{"command"/\n&/g; s/"checks":\[/\n/' "$work/doctor.json" |
		grep '^{"command"' >"$work/commands"
}

# value KEY: of the line in $said, without quotes.
value()
{
	echo "$said" | sed "s/.*\"$1\":\"\{0,1\}\([^\",}]*\)\"\{0,1\}[,}].*/\1/"
}

# keeps_its_word [COMMAND]...: each does what was said of it; without one, all.
keeps_its_word()
{
	checked=0
	while read -r said; do
		case " ${*:-$(value command)} " in
		*" $(value command) "*) ;;
		*) continue ;;
		esac
		command=$(value command) option=$(value option) by=$(value by)
		case $command in
		report | sockets | record | counters | metrics) continue ;;
		esac
		[ "$option" != null ] || option=
		# shellcheck disable=SC2086 # words, or none
		timeout 60 "$TCPWATCH" $command $option --duration 0.1 >/dev/null \
			2>"$work/run.err"
		status=$?
		if [ "$by" = null ]; then
			expect "exit status of '$command $option'" $status 3
		else
			expect "exit status of '$command $option'" $status 0
			grep -q "using $by\b" "$work/run.err" ||
				fail "'$command $option' does not take $by"
		fi
		checked=$((checked + 1))
	done <"$work/commands"
	[ $checked -ge 2 ] || fail "the doctor spoke of $checked commands"
	commands=$((${commands:-0} + checked))
}

records()
{
	said=$(grep '"command":"record"' "$work/commands")
	"$TCPWATCH" record -q -d 0.1 -o "$work/box.dat" 2>"$work/record.err"
	expect "exit status of record" $? "$1"
	expect "record works" "$(value works)" "$2"
}

# verdict ABOUT NAME: of one check.
verdict()
{
	sed 's/{"about"/\n&/g' "$work/doctor.json" |
		sed -n "s/^{\"about\":\"$1\",\"name\":\"$2\",\"verdict\":\"\([a-z]*\)\".*/\1/p"
}

# All of them where that takes no minutes, else those that differ.
few="states rtt retrans"
all="" emulated=
[ "${LIVE_PERCENT:-100}" -eq 100 ] || all="states retrans" few=retrans emulated=yes
examine 0
# shellcheck disable=SC2086 # words, or none
keeps_its_word $all
records 0 true
expect "the mount" "$(verdict tracefs mount)" good
expect "the state changes" "$(verdict tracefs sock:inet_sock_set_state)" good
expect "sock_diag" "$(verdict diag sock_diag)" good
grep -q '^tcpwatch works here' "$work/doctor.out" || fail "no verdict comes first"

# Nothing is said to be there that the kernel does not have.
for field in $(sed 's/{"about"/\n&/g' "$work/doctor.json" |
	sed -n '/"name":"sock:inet_sock_set_state"/s/.*"has":\[\([^]]*\)\].*/\1/p' |
	tr -d '"' | tr ',' ' '); do
	grep -qE "[ 	]$field(\[|;)" \
		$tracing/events/sock/inet_sock_set_state/format ||
		fail "the kernel has no field $field"
done

# Where it is not mounted, a run mounts it for itself, and so does the doctor; for
# that, too, there is a scenario.
if [ -z "$emulated" ] && umount $tracing 2>/dev/null && [ ! -d $tracing/events ]; then
	examine 0
	keeps_its_word $few
	grep -q 'where it is not mounted' "$work/doctor.json" ||
		fail "it does not say that tracefs is not mounted"
	[ ! -d $tracing/events ] || fail "tracefs was left mounted"
	mount_tracefs
	leaves_nothing
	unmounted=", tracefs not mounted"
fi

# busybox's setpriv cannot do this.
if setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
	# Where all is emulated there is a scenario of its own for it.
	if [ -z "$emulated" ]; then
		under setpriv --bounding-set -all,+dac_override --inh-caps -all
		examine 0
		keeps_its_word $few
		[ -z "$(verdict bpf rights)" ] ||
			expect "BPF without capabilities" \
				"$(verdict bpf rights)" rights
	fi

	under setpriv --reuid=65534 --regid=65534 --clear-groups
	examine 0
	keeps_its_word $few
	rm -f "$work/box.dat"
	records 3 false
	expect "the mount without root" "$(verdict tracefs mount)" rights
	grep -q 'As root, .*tracefs' "$work/doctor.out" ||
		fail "it does not say what root would change"

	# Without descriptors for sockets nothing works.
	limit="ulimit -n 5"
	under setpriv --reuid=65534 --regid=65534 --clear-groups
	examine 3
	keeps_its_word $few
	grep -q '^tcpwatch cannot watch' "$work/doctor.out" ||
		fail "no verdict comes first"
	others=", with fewer rights"
fi
TCPWATCH=$plain

# Ended while it has an instance, it says so, and leaves none.
signals="INT TERM HUP"
[ -z "$emulated" ] || signals=TERM
for signal in $signals again again again again again; do
	# It may be at its end by then, where this shell has to wait for a CPU.
	[ $signal != again ] || [ "${ended:-0}" -eq 0 ] || break
	[ $signal != again ] || signal=TERM
	background "$TCPWATCH" doctor >"$work/ended.out" 2>"$work/ended.err"
	doctor=$child
	until has_instance || gone "$doctor"; do :; done
	kill -$signal "$doctor" 2>/dev/null
	wait "$doctor"
	status=$?
	if [ $status -eq 1 ]; then
		expect "output of an ended one" "$(wc -c <"$work/ended.out")" 0
		grep -q 'ended by a signal' "$work/ended.err" ||
			fail "it does not say that it was ended"
		ended=$((${ended:-0} + 1))
	else
		expect "exit status after SIG$signal" $status 0
	fi
	leaves_nothing
done
[ "${ended:-0}" -ge 1 ] || fail "no signal ended it"

# A reader that has seen enough is no failure.
"$TCPWATCH" doctor 2>"$work/pipe.err" | head -n 1 >"$work/pipe.out"
expect "lines on stderr" "$(wc -l <"$work/pipe.err")" 0
echo "summary: $commands commands as foretold${unmounted:-}${others:-}, $ended signals"
