# SPDX-License-Identifier: BSD-2-Clause
# The stream as JSON through Debian's rsyslogd with the configuration of contrib/:
# each connection that failed becomes a line there, and no other.
. "$(dirname "$0")/lib.sh"
contrib=$here/../../contrib
root=$(realpath "${UNPACKED:-build/debian/root}" 2>/dev/null)
libraries=$(dirname "$(find "$root" -name 'libestr.so.0' 2>/dev/null | head -n 1)")
modules=$(dirname "$(find "$root" /usr/lib -name imfile.so 2>/dev/null |
	head -n 1)")
daemon=$root/usr/sbin/rsyslogd
[ -x "$daemon" ] || daemon=$(command -v rsyslogd) ||
	skip "rsyslogd is missing: make deps check-live"
rsyslogd() { LD_LIBRARY_PATH=$libraries "$daemon" -M "$modules" "$@"; }

ours=fd00:514::1
ip address add $ours/128 dev lo nodad || fail "no IPv6 address"
mkdir "$work/log"
{
	echo "global(workDirectory=\"$work\")"
	sed "s,/var/log/tcpwatch,$work/log,g" "$contrib/rsyslog/tcpwatch.conf"
} >"$work/rsyslog.conf"
rsyslogd -N 1 -f "$work/rsyslog.conf" >"$work/check.err" 2>&1 ||
	fail "rsyslogd does not like the configuration"

watch run --json --laddr $ours -o "$work/log/stream.json" --backend=tracefs \
	--ready-file "$work/run.ready"
background env LD_LIBRARY_PATH="$libraries" "$daemon" -M "$modules" -n \
	-f "$work/rsyslog.conf" -i "$work/rsyslog.pid" 2>"$work/rsyslog.err"
"$LOAD" churn --addr $ours --netns-ok --count 23 >"$work/churn" ||
	fail "the load failed"
"$LOAD" rst --addr $ours --netns-ok --count 19 >"$work/rst" ||
	fail "the load failed"
"$LOAD" refused --addr $ours --netns-ok --count 17 >"$work/refused" ||
	fail "the load failed"
failed=$work/log/failed.log
wait_until has_lines "$failed" 36
# Rows leave in order: those of this connection are behind all others.
"$LOAD" refused --addr $ours --netns-ok --count 1 --comm last >"$work/last" ||
	fail "the load failed"
wait_until grep -q 'last\[[0-9]*\]' "$failed"
expect "lines" "$(wc -l <"$failed")" 37
expect "refused ones" "$(grep -c ': connection refused$' "$failed")" 18
expect "reset ones" "$(grep -c 'ESTABLISHED > CLOSE: reset by peer$' "$failed")" 19
expect "lines of another form" "$(grep -vcE "^20[0-9T:.-]*Z [a-z]*\[[0-9]+\] \
$ours:[0-9]+ > $ours:[0-9]+ [A-Z_]+ > CLOSE: [a-z ]+\$" "$failed")" 0

# Rotation: the file of that name is another one, and both are read to their end.
mv "$work/log/stream.json" "$work/log/stream.json.1"
kill -HUP "$watcher"
wait_until test -e "$work/log/stream.json"
"$LOAD" refused --addr $ours --netns-ok --count 5 >"$work/refused" ||
	fail "the load failed"
wait_until has_lines "$failed" 42
stop INT
expect "lines after the rotation" "$(wc -l <"$failed")" 42

echo "summary: 42 failed connections through rsyslogd"
