# SPDX-License-Identifier: BSD-2-Clause
# Whoever reads a recording has nothing left that its bytes could abuse, and had
# given it up before the first of them was read.
. "$(dirname "$0")/lib.sh"
mount_tracefs

port=27845
# What holds up a reader is a full pipe, which has room for so many pages.
page_kb=$(sed -n 's/^KernelPageSize: *\([0-9]*\) kB$/\1/p' /proc/self/smaps | head -n 1)
"$TCPWATCH" record -q -o "$work/box.dat" -L $port -- \
	"$LOAD" churn --addr 127.0.0.1 --port $port --count $((250 * page_kb)) >/dev/null ||
	fail "nothing was recorded"
chmod 600 "$work/box.dat"

# field NAME: of the reader's status, its words with single blanks.
field()
{
	sed -n "s/^$1://p" "/proc/$reader/status" | tr '\t' ' ' | tr -s ' ' |
		sed 's/^ //; s/ $//'
}

is_nobody() { [ "$(field Uid)" = "65534 65534 65534 65534" ]; }

has_nothing()
{
	wait_until is_nobody
	expect "$1: group ids" "$(field Gid)" "65534 65534 65534 65534"
	expect "$1: groups" "$(field Groups)" ""
	for set in CapInh CapPrm CapEff CapAmb; do
		expect "$1: $set" "$(field $set)" 0000000000000000
	done
	expect "$1: no_new_privs" "$(field NoNewPrivs)" 1
}

# Held up by an output that nobody reads; what FILE is is read in the end.
mkfifo "$work/pipe"
exec 3<>"$work/pipe"
background "$TCPWATCH" report -i "$work/box.dat" --csv -o "$work/pipe" \
	--ready-file "$work/report.ready" 2>"$work/report.err"
reader=$child
has_nothing report
expect "the ready file" "$(cat "$work/report.ready")" "$reader"
# The output cannot be opened again, and goes on.
kill -HUP "$reader"
background sh -c 'cat <&3 >"$0"' "$work/rows"
cat=$child
wait "$reader"
expect "exit status of report" $? 0
grep -q 'SIGHUP, after privileges were given up.*Permission denied' \
	"$work/report.err" || fail "nothing is said of an output that stays"
rows=$(closing rows "$work/report.err")
has_rows() { [ "$(wc -l <"$work/rows")" -eq $((rows + 1)) ]; }
wait_until has_rows
kill "$cat"

# In this order: opened, given up, read. The tools trace what they look into.
tracer=$(command -v strace)
! instrumented || tracer=
for command in ${tracer:+"report --csv" "report --info" "states --csv"}; do
	case $command in
	states*) input=-r ;;
	*) input=-i ;;
	esac
	# shellcheck disable=SC2086 # words
	strace -f -y -o "$work/calls" -e trace='?open,openat,pread64,read,mmap,capset,setresuid' \
		"$TCPWATCH" $command $input "$work/box.dat" >/dev/null 2>&1 ||
		fail "$command fails under strace"
	awk '
		/open(at)?\(.*box\.dat/ && !dropped { opened = 1 }
		/setresuid\(65534, 65534, 65534\) += 0/ { nobody = opened }
		/capset\(.*= 0/ { dropped = nobody }
		/(read|pread64|mmap)\(.*box\.dat>/ { if (!dropped) early = 1; reads++ }
		END { exit !(dropped && reads > 2 && !early) }' "$work/calls" ||
		fail "$command reads before it has given up its privileges"
done

# Pieces that only root may read are opened in time, too.
record_cut()
{
	background "$TCPWATCH" record -q -o "$work/cut.dat" -L $port \
		--ready-file "$work/cut.ready"
	watcher=$child
	started cut
	"$LOAD" churn --addr 127.0.0.1 --port $port --count 1000 >/dev/null
	wait_until sh -c 'cat "$0".cpu* | grep -q .' "$work/cut.dat"
	kill -KILL "$watcher"
	wait "$watcher"
}
record_cut
chmod 600 "$work"/cut.dat*
"$TCPWATCH" report -q -i "$work/cut.dat" --csv >"$work/cut.csv" ||
	fail "pieces cannot be read"
[ "$(wc -l <"$work/cut.csv")" -gt 100 ] || fail "pieces have no rows"
echo "summary: $rows rows without a privilege${tracer:+, calls in order}"
