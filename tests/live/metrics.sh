# SPDX-License-Identifier: BSD-2-Clause
# Debian's Prometheus scrapes tcpwatch, and node_exporter's textfile collector: by
# both ways its queries give the known numbers of the load. What is counted has an
# address that nobody else on this host has.
. "$(dirname "$0")/lib.sh"
contrib=$here/../../contrib
programs=$(realpath "${UNPACKED:-build/debian/root}" 2>/dev/null)/usr/bin
PATH=$PATH:$programs
for tool in prometheus promtool prometheus-node-exporter curl jq; do
	command -v $tool >/dev/null || skip "$tool is missing: make deps check-live"
done
"$TCPWATCH" --version | grep -q 'metrics by HTTP' ||
	skip "built without libmicrohttpd"

url=http://127.0.0.1:9090/api/v1

# What the first series of QUERY is now.
query()
{
	curl -s -G "$url/query" --data-urlencode "query=$1" |
		jq -r '.data.result[0].value[1] // "none"'
}

# said NUMBER NAME LABELS: by both ways that metric is NUMBER.
said()
{
	for job in tcpwatch node; do
		wait_until is "$1" "$2{job=\"$job\"$3}"
	done
}
is()
{
	now=$(query "$2")
	echo "$now" >"$work/now.err"
	[ "$now" = "$1" ]
}

mkdir "$work/textfiles" "$work/store"
cat >"$work/prometheus.yml" <<END
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [ "$(realpath "$contrib/prometheus/tcpwatch.rules.yml")" ]
$(sed -n '/^scrape_configs/,$p' "$contrib/prometheus/scrape.yml")
END
promtool check config "$work/prometheus.yml" >"$work/promtool.err" 2>&1 ||
	fail "promtool does not like the configuration"
promtool test rules "$contrib/prometheus/tcpwatch.rules.test.yml" \
	>"$work/promtool.err" 2>&1 || fail "the alert rules do not fire as they should"

instance_of() { ls -d $tracing/instances/tcpwatch-"$1"* 2>/dev/null; }
mount_tracefs
ours=fd00:9417::1
ip address add $ours/128 dev lo nodad || fail "no IPv6 address"
watch file metrics --laddr $ours -o "$work/textfiles/tcpwatch.prom" --interval 0.5 \
	--buffer-size 8M --backend=tracefs --ready-file "$work/file.ready"
writer=$watcher
# This one with no more than its unit leaves it.
{
	echo '#!/bin/sh'
	sed -n 's/^CapabilityBoundingSet=/exec setpriv --bounding-set -all /p' \
		"$contrib/systemd/tcpwatch-metrics.service" |
		sed 's/ CAP_/,+/g' | tr '[:upper:]' '[:lower:]' |
		sed "s:\$: --no-new-privs $TCPWATCH \"\$@\":"
} >"$work/bounded"
chmod +x "$work/bounded"
real=$TCPWATCH
TCPWATCH=$work/bounded
watch served metrics --laddr $ours --listen 127.0.0.1:9417 --backend=tracefs \
	--buffer-size 8M \
	--ready-file "$work/served.ready"
TCPWATCH=$real
served=$watcher
expect "its capabilities in the unit" "$(sed -n 's/^CapBnd:[[:space:]]*//p' \
	"/proc/$served/status")" 000000c0002800c4
instance_of "$served" >"$work/instance" || fail "it has no instance of its own"

background prometheus-node-exporter --collector.disable-defaults \
	--collector.textfile --collector.textfile.directory="$work/textfiles" \
	--web.listen-address=127.0.0.1:9100 2>"$work/exporter.log"
background prometheus --config.file="$work/prometheus.yml" \
	--storage.tsdb.path="$work/store" --web.listen-address=127.0.0.1:9090 \
	2>"$work/prometheus.log"
# From before the load on, or its increase would not be known.
said 0 tcpwatch_connection_ends_total ',reason="connection refused"'

# Who serves may do nothing else.
read -r server </proc/"$watcher"/task/"$watcher"/children
server=${server%% *}
awk '/^(Uid|Gid|Groups|Cap(Inh|Prm|Eff|Amb)|NoNewPrivs):/ { $1 = $1; print }' \
	/proc/"$server"/status >"$work/status"
grep -qx 'NoNewPrivs: 1' "$work/status" ||
	fail "the process that serves may get privileges again"
expect "its capabilities" "$(grep -c '^Cap.*: 0000000000000000$' "$work/status")" 4
expect "its user" "$(grep -c '^[UG]id: 65534 65534 65534 65534$' "$work/status")" 2
expect "what it has of ours" "$(find /proc/"$server"/fd -lname '*trac*' \
	-o -lname 'anon_inode:\[eventfd\]' -o -lname '*netlink*')" ""

mkfifo "$work/held"
background sh -c 'exec sleep 300 >"$0"' "$work/held"
sleeper=$child
background sh -c 'held=$0; exec "$@" <"$held"' "$work/held" \
	"$LOAD" hold --addr $ours --netns-ok --count 3 --list >"$work/hold.list"
holder=$child
wait_until has_lines "$work/hold.list" 4
"$LOAD" churn --addr $ours --netns-ok --count 23 >"$work/churn" || fail "the load failed"
"$LOAD" rst --addr $ours --netns-ok --count 19 >"$work/rst" || fail "the load failed"
"$LOAD" refused --addr $ours --netns-ok --count 17 >"$work/refused" || fail "the load failed"
# A first SYN is dropped; the second one, a second later, is refused.
nft -f - <<END || fail "no nft rule"
table inet first {
	set seen { type inet_service; flags dynamic; }
	chain in {
		type filter hook input priority 0;
		tcp dport 9 tcp sport != @seen add @seen { tcp sport } drop
	}
}
END
curl -s -m 10 "http://[$ours]:9/" && fail "somebody listens at port 9"

said 6 tcpwatch_open_sockets ',state="ESTABLISHED"'
said 18 tcpwatch_connection_ends_total ',reason="connection refused"'
said 23 tcpwatch_connection_ends_total ',reason="closed by us"'
said 23 tcpwatch_connection_ends_total ',reason="closed by peer"'
said 19 tcpwatch_connection_ends_total ',reason="aborted by us"'
said 19 tcpwatch_connection_ends_total ',reason="reset by peer"'
said 63 tcpwatch_transitions_total ',from="CLOSE",to="SYN_SENT"'
said 45 tcpwatch_transitions_total ',from="SYN_RECV",to="ESTABLISHED"'
said 23 tcpwatch_transitions_total ',from="CLOSE_WAIT",to="LAST_ACK"'
said 1 tcpwatch_retransmissions_total ',class="syn"'
said 63 tcpwatch_state_duration_seconds_count ',state="SYN_SENT"'
said 63 tcpwatch_state_duration_seconds_bucket ',state="SYN_SENT",le="+Inf"'
# A busy host may hold up some others, too.
for job in tcpwatch node; do
	sooner="tcpwatch_state_duration_seconds_bucket{job=\"$job\",state=\"SYN_SENT\",le=\"0.262144\"}"
	wait_until is 1 "$sooner >= bool 32"
	wait_until is 1 "$sooner <= bool 62"
done
expect "time in congestion states that goes on" "$(query \
	'increase(tcpwatch_congestion_state_seconds_total{job="tcpwatch",state="OPEN"}[1m]) > bool 0')" 1

# Who rotates logs does not end it.
kill -HUP "$writer"

# Both formats, by promtool and by what Prometheus made of them.
curl -s http://127.0.0.1:9417/metrics >"$work/text"
promtool check metrics <"$work/text" >"$work/promtool.err" 2>&1 ||
	fail "promtool does not like what is served"
promtool check metrics <"$work/textfiles/tcpwatch.prom" >"$work/promtool.err" \
	2>&1 || fail "promtool does not like the file"
grep -q '_created\|^# EOF' "$work/text" "$work/textfiles/tcpwatch.prom" &&
	fail "OpenMetrics in the older format"
expect "files in the folder" "$(ls "$work/textfiles")" tcpwatch.prom
curl -s -H 'Accept: application/openmetrics-text; version=1.0.0' \
	-D "$work/head" http://127.0.0.1:9417/metrics | tail -n 1 >"$work/eof"
expect "the end of OpenMetrics" "$(cat "$work/eof")" "# EOF"
grep -qi '^content-type: application/openmetrics-text; version=1.0.0' \
	"$work/head" || fail "another media type"
type_of()
{
	curl -s -G "$url/targets/metadata" --data-urlencode "metric=$1" \
		--data-urlencode "match_target={job=\"$2\"}" |
		jq -r '.data[0].type // "none"'
}
expect "types" "$(type_of tcpwatch_transitions tcpwatch) \
$(type_of tcpwatch_transitions_total node) \
$(type_of tcpwatch_state_duration_seconds node) \
$(type_of tcpwatch_open_sockets tcpwatch)" "counter counter histogram gauge"

# No request does harm.
expect "a POST" "$(curl -s -o /dev/null -w '%{http_code}' -X POST -d x \
	http://127.0.0.1:9417/metrics)" 405
expect "another path" "$(curl -s -o /dev/null -w '%{http_code}' \
	http://127.0.0.1:9417/x)" 404

# Whatever the dashboard and the rules ask for is there, and can be reckoned.
jq -r '.. | .expr? // empty' "$contrib/grafana/tcpwatch.json" |
	sed 's/\$__rate_interval/1m/g; s/\$instance/.*/g' >"$work/queries"
[ "$(wc -l <"$work/queries")" -ge 15 ] || fail "no queries in the dashboard"
while read -r line; do
	expect "$line" "$(curl -s -G "$url/query" --data-urlencode "query=$line" |
		jq -r .status)" success
done <"$work/queries"
"$TCPWATCH" metrics --sample all -d 0.1 2>"$work/all.err" |
	sed -n 's/^# TYPE \([^ ]*\) histogram/\1_bucket \1_sum \1_count/p
		s/^# TYPE \([^ ]*\) .*/\1/p' | tr ' ' '\n' | sort -u >"$work/names"
{ cat "$work/queries"
  curl -s "$url/rules" | jq -r '.. | .query? // empty'; } |
	grep -o 'tcpwatch_[a-z_]*' | sort -u >"$work/asked"
expect "metrics that nobody tells" "$(comm -13 "$work/names" "$work/asked")" ""
expect "alerts on what is well" "$(curl -s "$url/alerts" |
	jq -r '.data.alerts[] | select(.state == "firing") | .labels.alertname')" ""

# Without its server there is nothing left to do; the file is written to the end.
kill -KILL "$server"
wait "$watcher"
expect "exit status without the server" $? 1
grep -q 'the process that serves metrics has ended' "$work/served.err" ||
	fail "it does not say so"
watcher=$writer
kill "$sleeper"
wait "$holder" || fail "the load failed"
stop TERM
expect "the last word" "$(grep 'open_sockets{state="ESTABLISHED"}' \
	"$work/textfiles/tcpwatch.prom")" 'tcpwatch_open_sockets{state="ESTABLISHED"} 0'
for word in events lost evicted; do
	expect "$word in the file and in the closing line" "$(sed -n \
		"s/^tcpwatch_\(sockets_\|events_\)*${word}_total //p" \
		"$work/textfiles/tcpwatch.prom" | head -n 1)" \
		"$(closing $word "$work/file.err")"
done
expect "instances left" "$(instance_of "$watcher")$(instance_of "$served")" ""
echo "summary: 16 metrics by two ways, $(wc -l <"$work/queries") queries of the dashboard"
