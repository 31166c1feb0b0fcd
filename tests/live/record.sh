# SPDX-License-Identifier: BSD-2-Clause
# A recording gives the rows of the live run, to trace-cmd the same events at the
# same nanoseconds, and is readable whatever ended it.
. "$(dirname "$0")/lib.sh"
mount_tracefs

port=27843
older_port=27844

# record NAME [OPTION...]: a recording in $work/NAME.dat, on once this returns.
record()
{
	called=$1
	shift
	rm -f "$work/$called.ready"
	background "$TCPWATCH" record -o "$work/$called.dat" \
		--ready-file "$work/$called.ready" "$@" 2>"$work/$called.err"
	watcher=$child
	started "$called"
}

churn()
{
	"$LOAD" churn --addr "${2:-127.0.0.1}" --port $port --count "$1" \
		--comm recorded >/dev/null || fail "the load failed"
}

# has_bytes COUNT FILE...: together.
has_bytes()
{
	least=$1
	shift
	[ "$(cat "$@" | wc -c)" -ge "$least" ]
}

# The rows of our own connections without what differs between two instances:
# times, durations made of them, and the reason that a stay in FIN_WAIT2 infers: a
# slow host may stop one of the two between its clock and the other's.
story()
{
	awk -F, -v port=$port 'NR == 1 || $6 == port || $8 == port {
		if ($9 == "FIN_WAIT2" && $12 ~ /orphaned|TIME_WAIT/)
			$12 = "orphaned, or to TIME_WAIT"
		print $1, $3, $4, $5, $6, $7, $8, $9, $10, $12 }' "$1" | sort
}

report()
{
	"$TCPWATCH" report -q -i "$1" --csv >"$2" || fail "$1 cannot be read"
}

# The same rows as a live run at the same time. Of sockets that are older the
# recording knows everything at once, and the live run only after a while.
mkfifo "$work/hold"
background sh -c 'exec sleep 300 >"$0"' "$work/hold"
writer=$child
background sh -c 'stdin=$0; exec "$@" <"$stdin"' "$work/hold" \
	"$LOAD" hold --addr 127.0.0.1 --port $older_port --count 5 \
	--comm older --list >"$work/hold.list"
older=$child
wait_until has_lines "$work/hold.list" 5
watch live --csv --backend=tracefs --ready-file "$work/live.ready"
live=$watcher
record both
churn 500
churn 200 ::1
"$LOAD" rst --addr 127.0.0.1 --port $port --count 50 >/dev/null ||
	fail "the load failed"
kill "$writer"
wait "$older"
stop INT
watcher=$live
stop INT
report "$work/both.dat" "$work/both.csv"
story "$work/live.out" >"$work/live.story"
story "$work/both.csv" >"$work/both.story"
rows=$(wc -l <"$work/both.story")
[ "$rows" -gt 7000 ] || fail "only $rows rows"
cmp -s "$work/live.story" "$work/both.story" || {
	diff "$work/live.story" "$work/both.story" | head -n 10
	fail "the recording tells another story than the live run"
}
grep -q ",older,.*,$older_port,.*CLOSE_WAIT" "$work/both.csv" ||
	fail "older sockets have no owner"
grep -q ' recorded ' "$work/both.story" || fail "no process has its name"
for file in "$work"/both.dat.*; do
	[ ! -e "$file" ] || fail "$file was left behind"
done

# Every command reads it, and what is made for other programs is what they read:
# whole JSON, and lines that give the same rows again.
for command in states retrans 'retrans -c' cong 'cong --changes' rtt cwnd life \
	graph; do
	# shellcheck disable=SC2086 # words
	"$TCPWATCH" $command -q -r "$work/both.dat" >/dev/null ||
		fail "$command cannot read it"
done
kinds() { cut -d , -f 1 "$1" | sort | uniq -c; }
every="--events state,cong,retrans,reset,error"
# shellcheck disable=SC2086 # words
{
	"$TCPWATCH" report -q -i "$work/both.dat" $every --format=trace \
		>"$work/both.text" &&
		"$TCPWATCH" report -q -i "$work/both.text" $every --csv >"$work/text.csv" &&
		"$TCPWATCH" report -q -i "$work/both.dat" $every --csv >"$work/every.csv" ||
		fail "--format=trace cannot be read"
}
kinds "$work/every.csv" >"$work/every.kinds"
kinds "$work/text.csv" | cmp -s - "$work/every.kinds" ||
	fail "its text has other rows"
if command -v python3 >/dev/null; then
	# shellcheck disable=SC2086 # words
	"$TCPWATCH" report -q -i "$work/both.dat" $every --format=perfetto |
		python3 -m json.tool >/dev/null || fail "perfetto's JSON is broken"
fi

# --from and --to cut it.
"$TCPWATCH" states -q -r "$work/both.dat" -s >"$work/states.csv" ||
	fail "states cannot read it"
[ "$(wc -l <"$work/states.csv")" -gt 7000 ] || fail "states lacks rows"
"$TCPWATCH" report -q -i "$work/both.dat" --json >"$work/both.json"
middle=$(awk 'NR == 3000 { sub(/.*"mono_ns":/, ""); sub(/,.*/, ""); print }' \
	"$work/both.json")
seconds=${middle%?????????}.$(printf %s "$middle" | tail -c 9)
before=$("$TCPWATCH" report -q -i "$work/both.dat" --csv -H --to "$seconds" | wc -l)
after=$("$TCPWATCH" report -q -i "$work/both.dat" --csv -H --from "$seconds" | wc -l)
[ "$before" -ge 3000 ] || fail "$before rows until the 3000th"
[ $((before + after)) -ge "$(wc -l <"$work/both.json")" ] ||
	fail "$before and $after rows are not all"

# Programs that we did not write.
if command -v trace-cmd >/dev/null; then
	trace-cmd report -t -i "$work/both.dat" >"$work/report" 2>"$work/trace-cmd.err" ||
		fail "trace-cmd cannot read it"
	grep -c ' inet_sock_set_state: .*PROTO_TCP' "$work/report" >"$work/theirs"
	grep -c '"event":"state"' "$work/both.json" >"$work/ours"
	expect "state changes" "$(cat "$work/ours")" "$(cat "$work/theirs")"
	sed -n 's/.* \([0-9]*\)\.\([0-9]*\): inet_sock_set_state: .*PROTO_TCP.*/\1\2/p' \
		"$work/report" | sort >"$work/their.times"
	sed -n 's/.*"event":"state".*"mono_ns":\([0-9]*\),.*/\1/p' \
		"$work/both.json" | sort >"$work/our.times"
	cmp -s "$work/our.times" "$work/their.times" ||
		fail "trace-cmd shows other times"
	expect "all events" "$("$TCPWATCH" report -i "$work/both.dat" --info |
		awk '$1 == "event" { sum += $2 } END { print sum }')" \
		"$(grep -c '\] .*[0-9]: [a-z_]*: ' "$work/report")"
	grep -q 'recorded-[0-9]' "$work/report" || fail "trace-cmd shows no names"
	trace-cmd dump -i "$work/both.dat" >/dev/null 2>&1 ||
		fail "trace-cmd dump refuses it"
	trace-cmd convert -i "$work/both.dat" -o "$work/v7.dat" --file-version 7 \
		--compression none >/dev/null 2>&1 || fail "it cannot be converted"
	"$TCPWATCH" report -q -i "$work/v7.dat" --csv >"$work/v7.csv" ||
		fail "the converted file cannot be read"
	story "$work/v7.csv" | cut -d ' ' -f 1,4- >"$work/v7.story"
	cut -d ' ' -f 1,4- "$work/both.story" | sort >"$work/both.less"
	sort "$work/v7.story" | cmp -s - "$work/both.less" ||
		fail "the converted file tells another story"
	others="; trace-cmd agrees"
fi

# Killed: what was written is there, at once and after it was joined.
record killed
churn 2000
wait_until has_bytes 1500000 "$work/killed.dat".cpu*
kill -KILL "$watcher"
wait "$watcher"
report "$work/killed.dat" "$work/killed.csv"
pieces=$(wc -l <"$work/killed.csv")
"$TCPWATCH" life -q -r "$work/killed.dat" -j >"$work/killed.lives" ||
	fail "life cannot read a killed recording"
[ "$(grep -c '"tx_bytes":8,"rx_bytes":8' "$work/killed.lives")" -gt 2000 ] ||
	fail "a killed recording lost the bytes"
[ "$pieces" -gt 15000 ] || fail "$pieces rows of a killed recording"
"$TCPWATCH" report -i "$work/killed.dat" --recover --csv >"$work/joined.csv" \
	2>"$work/joined.err" || fail "it cannot be made whole"
cmp -s "$work/killed.csv" "$work/joined.csv" || fail "joined it is another"
"$TCPWATCH" life -q -r "$work/killed.dat" -j | cmp -s - "$work/killed.lives" ||
	fail "joined it has other lives"
for file in "$work"/killed.dat.*; do
	[ ! -e "$file" ] || fail "$file was left behind"
done

# Out of room: the disk takes half a megabyte.
mkdir "$work/small"
mount -t tmpfs -o size=1m tmpfs "$work/small" || fail "no small disk"
background "$TCPWATCH" record -o "$work/small/full.dat" \
	--ready-file "$work/full.ready" 2>"$work/full.err"
watcher=$child
started full
churn 3000
wait "$watcher"
expect "exit status with a full disk" $? 1
grep -q 'No space left' "$work/full.err" || fail "a full disk is not told"
report "$work/small/full.dat" "$work/full.csv"
[ "$(wc -l <"$work/full.csv")" -gt 3000 ] || fail "a full disk lost the rows"
umount "$work/small"

# The next one after each megabyte; each is whole by itself.
record turning --size-limit 512K --rotate 2
for turn in 1 2 3; do
	churn 1000
	[ $turn -eq 3 ] || wait_until test -s "$work/turning.dat.$turn"
done
stop INT
for file in "$work/turning.dat" "$work/turning.dat.1" "$work/turning.dat.2"; do
	report "$file" "$work/turn.csv"
done
[ ! -e "$work/turning.dat.3" ] || fail "too many older ones are kept"

# A link stays one, also /dev/stdout: what it leads to is written.
mkdir "$work/kept"
: >"$work/kept/linked.dat"
ln -s kept/linked.dat "$work/linked.dat"
record linked -d 0.1
wait "$watcher"
expect "exit status behind a link" $? 0
[ -L "$work/linked.dat" ] || fail "the link was replaced"
report "$work/linked.dat" "$work/linked.csv"
ln -s no/such/file "$work/nowhere.dat"
"$TCPWATCH" record -o "$work/nowhere.dat" -d 0.1 2>"$work/nowhere.err"
expect "exit status behind a link to nothing" $? 1
grep -q 'leads to none' "$work/nowhere.err" || fail "it does not say why"

# Filters, a time limit, a command with its exit status.
"$TCPWATCH" record -q -o "$work/filtered.dat" -D 1 -d 0.2 ||
	fail "a recording of 0.2 s failed"
"$TCPWATCH" record -o "$work/filtered.dat" --laddr 192.0.2.1 -d 0.2 \
	--events state,sample 2>"$work/filtered.err" || fail "--laddr is refused"
grep -q 'addresses of samples: those of all are recorded' "$work/filtered.err" ||
	fail "what is not filtered is not told"
"$TCPWATCH" record -q -o "$work/command.dat" -- sh -c 'exit 7'
expect "exit status of the command" $? 7

# A flight recorder keeps the end, and writes it when it is told to; with the last
# figures of those sockets if they were asked for.
record flight --flight 512K --events state,end
churn 3000
kill -USR1 "$watcher"
wait_until has_bytes 100000 "$work/flight.dat"
cp "$work/flight.dat" "$work/fired.dat"
stop INT
"$TCPWATCH" life -q -r "$work/fired.dat" -j >"$work/fired.lives" ||
	fail "life cannot read what a flight recorder wrote"
bytes=$(grep -c '"tx_bytes":8,"rx_bytes":8' "$work/fired.lives")
[ "$bytes" -gt 200 ] || fail "bytes of $bytes lives of a flight recorder"
"$TCPWATCH" record -q -o "$work/when.dat" --flight 512K --when failed \
	--ready-file "$work/when.ready" &
watcher=$!
children="$children $watcher"
started when
churn 20
"$LOAD" refused --addr 127.0.0.1 --port $port --count 1 >/dev/null
wait "$watcher"
expect "exit status of a fired recorder" $? 0
report "$work/when.dat" "$work/when.csv"
grep -q 'SYN_SENT,CLOSE' "$work/when.csv" ||
	fail "the flight recorder missed what it waited for"
[ "$(wc -l <"$work/when.csv")" -gt 150 ] || fail "what was before is missing"

# When a reset is sent or received, and when a segment is sent again: here a SYN
# to where nobody is.
fires()
{
	condition=$1
	shift
	rm -f "$work/when.ready" "$work/when.dat"
	background "$TCPWATCH" record -q -o "$work/when.dat" --flight 512K \
		--when "$condition" --ready-file "$work/when.ready"
	watcher=$child
	started when
	background "$@"
	causer=$child
	wait "$watcher"
	expect "exit status of a recorder that waited for $condition" $? 0
	kill "$causer" 2>/dev/null
	"$TCPWATCH" report -q -i "$work/when.dat" --csv --events "$condition" \
		>"$work/when.csv" || fail "what $condition wrote cannot be read"
	grep -q "^$condition," "$work/when.csv" ||
		fail "the flight recorder missed a $condition"
}
fires reset "$LOAD" rst --addr 127.0.0.1 --port $port --count 1 >/dev/null
path 192.0.2
ip neighbour add 192.0.2.9 lladdr 02:00:00:00:00:09 dev here ||
	fail "no address without a host"
fires retrans "$LOAD" refused --netns-ok --addr 192.0.2.9 --port $port --count 1 >/dev/null

# One that is written once a socket does not get on.
background "$TCPWATCH" record -q -o "$work/stuck.dat" --flight 512K -L $port \
	--when stuck --stuck ESTABLISHED:0.3 --ready-file "$work/stuck.ready"
watcher=$child
started stuck
churn 20
background sh -c 'exec sleep 300 >"$0"' "$work/hold"
writer=$child
background sh -c 'stdin=$0; exec "$@" <"$stdin"' "$work/hold" \
	"$LOAD" hold --addr 127.0.0.1 --port $port --count 1
held=$child
wait "$watcher"
expect "exit status of a recorder that saw a stuck socket" $? 0
kill "$writer"
wait "$held"
report "$work/stuck.dat" "$work/stuck.csv"
grep -q 'SYN_RECV,ESTABLISHED' "$work/stuck.csv" ||
	fail "what was stuck is not in the recording"
echo "summary: $rows rows as live${others:-}"
