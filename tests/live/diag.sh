# SPDX-License-Identifier: BSD-2-Clause
# Nothing but sockets: what looks at them find, beside what tracing tells; ends
# that are told, filters in the kernel, losses, and all of it without rights.
. "$(dirname "$0")/lib.sh"

need mkfifo

# hold NAME COUNT: connections that stay open until release NAME.
hold()
{
	mkfifo "$work/$1.held"
	background sh -c 'exec sleep 300 >"$0"' "$work/$1.held"
	echo $child >"$work/$1.writer"
	background sh -c 'held=$0; exec "$@" <"$held"' "$work/$1.held" \
		"$LOAD" hold --addr "${3:-127.0.0.1}" --count "$2" --list \
		>"$work/$1.list"
	holder=$child
	wait_until has_lines "$work/$1.list" $(($2 + 1))
}

release() { kill "$(cat "$work/$1.writer")"; }

# seen COUNT FILE TEXT
seen() { [ "$(grep -c "$3" "$2")" -ge "$1" ]; }

# The kernel has dropped what it had to tell: it does so in its own time.
overrun()
{
	awk '$2 == 4 && $9 > 0 { found = 1 } END { exit !found }' /proc/net/netlink
}

# of_older TEXT: how many rows with it the clients have that were there before: a
# port alone may be that of others, too.
of_older()
{
	awk -v text="$1" '$1 == "ready" { next }
		NR == FNR { older[$2 " " $4]; next }
		function number(key) {
			if (!match($0, "\"" key "\":[0-9]+"))
				return ""
			return substr($0, RSTART + length(key) + 3,
				RLENGTH - length(key) - 3)
		}
		number("lport") " " number("rport") in older && index($0, text) {
			count++
		}
		END { print count + 0 }' "$work/older.list" "$work/looks.out"
}

has_told_ends() { [ "$(of_older '"new":"CLOSE"')" -eq 3 ]; }

# has_owner SECONDS: of a connection that lasted so long, its end tells whose it was.
has_owner()
{
	rounds=$((rounds + 1))
	hold "round$rounds" 1
	sleep "$1"
	release "round$rounds"
	wait_until seen $((2 * rounds)) "$work/owners.out" '"rport":[1-9].*"new":"CLOSE"'
	grep '"new":"CLOSE"' "$work/owners.out" | grep -q "\"pid\":$holder,"
}
rounds=0

# A listener and three connections are older than the watch; 23 come and go.
hold older 3
watch exact -j --events state --backend=tracefs --ready-file "$work/exact.ready"
watcher_exact=$watcher
watch looks -j --events state --backend=diag --poll 0.3 \
	--ready-file "$work/looks.ready"
hold younger 23
wait_until seen 46 "$work/looks.out" '"new":"ESTABLISHED"'
release younger
wait_until seen 47 "$work/looks.out" '"new":"CLOSE"'
"$LOAD" churn --addr 127.0.0.1 --count 23 --list >"$work/churn.list" ||
	fail "the load failed"
release older
wait_until has_told_ends
stop INT
watcher=$watcher_exact
stop INT
out=$work/looks.out

expect "first sights of older ones" "$(of_older "\"old\":null")" 0
expect "ends that were not concluded" "$(grep '"new":"CLOSE"' "$out" |
	grep -vc '"inferred":true')" 0
stays=$(awk -f "$here/json_row.awk" -f "$here/diag.awk" \
	"$work/exact.out" "$out") || {
	echo "$stays" | head -n 12
	fail "an exact stay is not within the bounds"
}
[ "$stays" -ge 46 ] || fail "only $stays stays were compared"
expect "lost ends" "$(closing lost "$work/looks.err")" 0

# Who owns a socket is known once the walk over all processes has come to it. It
# must not cost much: on a slow host it comes later.
watch owners -j --events state --backend=diag --poll 0.2 \
	--ready-file "$work/owners.ready"
for seconds in 0.5 1 2 4 8 16 none; do
	[ $seconds != none ] || fail "no end of a connection with its owner"
	! has_owner $seconds || break
done
stop INT

# The kernel leaves out what is filtered; every kind of list is a program that it
# takes.
hold wanted 3
port=$(awk '$1 == "ready" { print $3 }' "$work/wanted.list")
hold others 3
watch filtered -j --events state --backend=diag --poll 0.2 -L "$port,!22" \
	--laddr '127.0.0.0/8,!10.0.0.0/8,2001:db8::/32,!::1' \
	--raddr '!192.0.2.0/24' -D '1-65535,!22' \
	--ready-file "$work/filtered.ready"
release wanted
release others
wait_until seen 3 "$work/filtered.out" '"new":"CLOSE"'
stop INT
expect "rows of other ports" "$(grep -vc "\"lport\":$port," \
	"$work/filtered.out")" 0

# A command's own sockets, by /proc alone.
mkfifo "$work/own.held"
background sh -c 'sleep 4 >"$0"' "$work/own.held"
"$TCPWATCH" -j --events state --backend=diag --poll 0.2 -- sh -c \
	'"$0" hold --addr 127.0.0.1 --count 3 <"$1"; exit 7' "$LOAD" \
	"$work/own.held" >"$work/own.out" 2>"$work/own.err"
expect "the command's exit status" $? 7
expect "the command's connections, at both ends" "$(grep -c \
	'"new":"ESTABLISHED"' "$work/own.out")" 6

# Every view has its rows.
# (A worker of the kernel tells of the bytes, on a busy host after two more looks.)
watch life life -j --backend=diag --poll 10 --ready-file "$work/life.ready"
"$LOAD" churn --addr 127.0.0.1 --count 23 >/dev/null || fail "the load failed"
wait_until seen 46 "$work/life.out" '"tx_bytes":8,'
stop INT
hold samples 1
for view in states retrans cong graph rtt; do
	timeout 60 "$TCPWATCH" $view --backend=diag --poll 0.1 --duration 0.5 \
		>"$work/view.out" 2>"$work/view.err" || fail "$view failed"
done
# The connection is older than the watch, and its congestion state known.
timeout 60 "$TCPWATCH" cong -j --backend=diag --poll 0.1 --duration 5 \
	>"$work/cong.out" 2>"$work/cong.err" || fail "cong failed"
grep -q '"open_ms":[1-9]' "$work/cong.out" || fail "cong counts no time"
# What it does not tell is said.
for asked in "states --stack" "--events reset" "--events error"; do
	# shellcheck disable=SC2086 # words of a command
	timeout 60 "$TCPWATCH" $asked --backend=diag -d 0.1 >"$work/view.out" \
		2>"$work/view.err" || fail "$asked failed"
	grep -q "'diag' tells no " "$work/view.err" || fail "$asked says nothing"
done

# Without rights, where ends find less room: those that find none are counted,
# and found by looking again.
nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
unprivileged=no
if $nobody true 2>/dev/null; then
	unprivileged=yes
	cp "$TCPWATCH" "$work/tcpwatch" && chmod 755 "$work" "$work/tcpwatch"
	# shellcheck disable=SC2086 # a list of words
	background $nobody "$work/tcpwatch" -j --events state --poll 0.2 \
		--fail-on-loss >"$work/nobody.out" 2>"$work/nobody.err"
	watcher=$child
	wait_until seen 1 "$work/nobody.err" 'using diag (.*tracefs: '
	wait_until seen 1 "$work/nobody.err" "other users"
	"$LOAD" churn --addr ::1 --count 23 >/dev/null || fail "the load failed"
	wait_until seen 46 "$work/nobody.out" '"new":"CLOSE"'
	kill -STOP "$watcher"
	"$LOAD" churn --addr 127.0.0.1 --count 3000 --threads 2 >/dev/null ||
		fail "the load failed"
	wait_until overrun
	kill -CONT "$watcher"
	wait_until seen 1 "$work/nobody.out" '"event":"lost"'
	stop INT 4
	expect "losses that are not of all CPUs" "$(grep '"event":"lost"' \
		"$work/nobody.out" | grep -vc '"count":null,"cpu":null')" 0
fi
summary="$stays stays within their bounds, $(grep -c . "$out") rows"
echo "summary: $summary, without rights: $unprivileged"
