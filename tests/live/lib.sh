# SPDX-License-Identifier: BSD-2-Clause
# What the live scenarios share. Sourcing it moves the scenario into network and
# mount namespaces of its own, which go away with its processes. POSIX sh, so
# that busybox can run it in a small virtual machine.
#
# A scenario passes with exit 0, skips with `skip REASON`, fails with
# `fail WHAT`; a line "summary: ..." is shown beside its name.
# shellcheck shell=sh

if [ -z "${LIVE_INSIDE:-}" ]; then
	LIVE_INSIDE=yes
	export LIVE_INSIDE
	exec unshare -m -n sh "$0"
fi
set -u

here=$(cd "$(dirname "$0")" && pwd)
TCPWATCH=$(realpath "${TCPWATCH:-build/tcpwatch}")
LOAD=$(realpath "${LOAD:-build/tests/load/load}")
work=$(mktemp -d /tmp/tcpwatch-live.XXXXXX)
children=
tracing=/sys/kernel/tracing

leave()
{
	status=$?
	trap - EXIT INT TERM HUP
	for child in $children; do
		kill -CONT "$child" 2>/dev/null
		kill "$child" 2>/dev/null
	done
	# A tcpwatch that had to be ended removes its instance first.
	wait
	at_exit
	rm -rf "$work"
	exit "$status"
}

# A scenario that changes more than its namespaces puts it back here.
at_exit() { :; }

trap leave EXIT
trap 'exit 130' INT TERM HUP PIPE

skip()
{
	echo "skip: $*"
	exit 77
}

fail()
{
	# What a tool made so slow shows only what the tool found.
	! instrumented || ! grep -qE '[1-9][0-9]* (lost|late)' "$work"/*.err ||
		skip "events were lost under $INSTRUMENTED, and so: $*"
	echo "FAIL: $*"
	for file in "$work"/*.err; do
		[ -s "$file" ] || continue
		echo "--- $(basename "$file")"
		head -n 20 "$file"
	done
	exit 1
}

need()
{
	for tool in "$@"; do
		command -v "$tool" >/dev/null ||
			fail "$tool is missing: make deps check"
	done
}

# Skips where there is no BPF; programs that a kernel's verifier refuses are a failure.
need_bpf()
{
	"$TCPWATCH" --backend=bpf -d 0.1 >/dev/null 2>"$work/bpf.err"
	case $? in
	0) ;;
	3)
		! grep -q "cannot load the BPF programs" "$work/bpf.err" ||
			fail "the kernel refuses the programs"
		skip "$(sed 's/^tcpwatch: //' "$work/bpf.err" | head -n 1)"
		;;
	*) fail "the bpf backend does not work" ;;
	esac
}

# Runs CMD... in the background, under the trap's care; its PID is in $child.
background()
{
	"$@" &
	child=$!
	children="$children $child"
}

# Runs CMD... every 20 ms until it succeeds, for 90 s at most: a slow host is no
# failure, but what is waited for in vain is named before the test's time is up.
wait_until()
{
	deadline=$(($(uptime_s) + 90))
	until "$@" 2>/dev/null; do
		[ "$(uptime_s)" -lt $deadline ] ||
			fail "waited in vain for: $*"
		sleep 0.02
	done
}

uptime_s()
{
	read -r uptime _ </proc/uptime
	echo "${uptime%.*}"
}

# Under a tool that looks into tcpwatch (tests/instrumented.sh) its memory is not
# its own, and it takes many times as long.
instrumented() { [ -n "${INSTRUMENTED:-}" ]; }

# scaled N: so many, or LIVE_PERCENT of it where everything takes longer.
scaled() { echo $(($1 * ${LIVE_PERCENT:-100} / 100)); }

gone() { ! kill -0 "$1" 2>/dev/null; }

# keeper_of PID: of the process that keeps the rights for that one, if it is there.
keeper_of()
{
	for id in $(cat "/proc/$1/task/$1/children"); do
		[ "$(cat "/proc/$id/comm")" != tcpwatch-keeper ] || echo "$id"
	done
}

has_lines() { [ "$(wc -l <"$1")" -ge "$2" ]; }

# watch NAME [OPTION...]: tcpwatch into $work/NAME.out and .err; returns once
# its events are on. Its PID is in $watcher.
watch()
{
	called=$1
	shift
	rm -f "$work/$called.ready"
	background "$TCPWATCH" "$@" >"$work/$called.out" 2>"$work/$called.err"
	watcher=$child
	started "$called"
}

# Waits until the tcpwatch called NAME ($watcher) is ready.
started()
{
	deadline=$(($(uptime_s) + 90))
	until [ -s "$work/$1.ready" ]; do
		gone "$watcher" && fail "tcpwatch ended at once"
		[ "$(uptime_s)" -lt $deadline ] ||
			fail "tcpwatch did not get ready"
		sleep 0.02
	done
}

# stop [SIGNAL [STATUS]]: ends $watcher and expects that exit status.
stop()
{
	kill "-${1:-INT}" "$watcher"
	wait "$watcher"
	status=$?
	[ "$status" -eq "${2:-0}" ] ||
		fail "exit status $status after SIG${1:-INT}, not ${2:-0}"
}

# The figure called WORD ("events", though it may say "1 event") in the closing line
# of a tcpwatch's stderr file.
closing()
{
	awk -v word="$1" '/ events?, .* rows?, .* lost/ { line = $0 }
		END {
			sub(/s$/, "", word)
			count = split(line, words, /[ ,]+/)
			for (i = 2; i <= count; i++)
				if (words[i] ~ "^" word "s?$") {
					print words[i - 1]
					exit
				}
			print "none"
		}' "$2"
}

# expect WHAT ACTUAL EXPECTED
expect()
{
	[ "$2" = "$3" ] || fail "$1: '$2' instead of '$3'"
}

# The orders in which a connection goes through its states.
opening="CLOSE>SYN_SENT SYN_SENT>ESTABLISHED"
accepting="LISTEN>SYN_RECV SYN_RECV>ESTABLISHED"
closing_first="ESTABLISHED>FIN_WAIT1 FIN_WAIT1>FIN_WAIT2 FIN_WAIT2>CLOSE"
closing_second="ESTABLISHED>CLOSE_WAIT CLOSE_WAIT>LAST_ACK LAST_ACK>CLOSE"

# same_story LIST CSV CLIENT SERVER [AWK OPTION...]: every connection that the
# load listed went through these states and no other, in `states --csv` output.
same_story()
{
	list=$1 csv=$2 client=$3 server=$4
	shift 4
	awk "$@" -v client="$client" -v server="$server" \
		-f "$here/connections.awk" "$list" "$csv" >"$work/story" || {
		head -n 12 "$work/story"
		fail "the rows tell another story than the connections"
	}
}

mount_tracefs()
{
	[ -d $tracing/events ] || mount -t tracefs tracefs $tracing ||
		fail "tracefs cannot be mounted"
}

# busybox's shell takes its own small ip before the one in PATH.
for ip_program in /usr/sbin/ip /sbin/ip /usr/bin/ip /bin/ip; do
	[ ! -x "$ip_program" ] || break
done
ip() { "$ip_program" "$@"; }

ip link set lo up || fail "lo cannot be set up"
# The tests tell connections apart by their ports, so none is used twice: not
# after a second, as loopback does it, nor for want of room for TIME_WAIT.
echo 0 >/proc/sys/net/ipv4/tcp_tw_reuse
echo 100000 >/proc/sys/net/ipv4/tcp_max_tw_buckets

# path SUBNET: a second network namespace, and a veth pair from SUBNET.1 here to
# SUBNET.2 there, with one segment an skb, so that events and the kernel's
# segments are the same. inside CMD... runs over there.
path()
{
	background unshare -n sleep 300
	peer=$child
	wait_until is_elsewhere "$peer"
	ip link add here type veth peer name there netns "$peer" &&
		ip link set here gso_max_segs 1 &&
		inside "$ip_program" link set there gso_max_segs 1 &&
		ip address add "$1.1/24" dev here &&
		inside "$ip_program" address add "$1.2/24" dev there &&
		ip link set here up && inside "$ip_program" link set there up &&
		inside "$ip_program" link set lo up || fail "no veth pair"
}

is_elsewhere()
{
	[ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

inside() { nsenter -t "$peer" -n "$@"; }
