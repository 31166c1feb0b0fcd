# SPDX-License-Identifier: BSD-2-Clause
# Filters on ports and IPv4 addresses work in the kernel already, admit 0 there,
# and leave no row out that the user asked for.
. "$(dirname "$0")/lib.sh"

mount_tracefs
port=$((20000 + $$ % 10000))
far=$((port + 1))

# filter_of EVENT: what the kernel was told for it.
filter_of() { cat $tracing/instances/tcpwatch-"$watcher"*/events/"$1"/filter; }

load()
{
	"$LOAD" churn --addr 127.0.0.1 --count 500 --port $far >/dev/null &&
		"$LOAD" churn --addr 127.0.0.1 --count 23 --port $port \
			--list >"$work/list" || fail "the load failed"
}

# At the server's port: only its ends, each with its whole story.
watch local states --csv --backend=tracefs -L $port \
	--ready-file "$work/local.ready"
for event in sock/inet_sock_set_state tcp/tcp_cong_state_set; do
	[ -d $tracing/events/$event ] || continue
	filter=$(filter_of $event 2>/dev/null) || continue
	echo "$event: $filter" >>"$work/filters"
	case $filter in
	*family* | *_v6*) fail "a dangerous filter: $filter" ;;
	none*) [ $event != sock/inet_sock_set_state ] || fail "no filter" ;;
	*"sport == $port"*"sport == 0"* | *"sport == 0"*"sport == $port"*) ;;
	*"sport==$port"*"sport==0"* | *"sport==0"*"sport==$port"*) ;;
	*) fail "the filter of $event: $filter" ;;
	esac
done
filter_of sock/inet_sock_set_state | grep -qE 'protocol ?== ?6' ||
	fail "other protocols reach user space"
load
stop INT
same_story "$work/list" "$work/local.out" "" "$accepting $closing_second"
expect "rows of other ports" "$(awk -F, -v port=$port \
	'NR > 1 && $6 != port' "$work/local.out" | wc -l)" 0
quiet=$(closing events "$work/local.err")

# The same load without a filter, to show what did not reach user space.
watch all states --csv --backend=tracefs --ready-file "$work/all.ready"
load
stop INT
loud=$(closing events "$work/all.err")
# Of 523 connections 10 events each or more; under the filter 5 of each of the
# 23, and the one of each client that has no port yet.
[ "$loud" -ge 5230 ] || fail "$loud events without a filter"
[ "$quiet" -le $((loud / 3)) ] ||
	fail "$quiet of $loud events reached user space under a filter"

# The client's side by its address: the story is whole from its first row, and
# what it lasted in SYN_SENT is right though the row before is not shown.
watch remote states --csv --backend=tracefs -D $port --laddr 127.0.0.0/8 \
	--ready-file "$work/remote.ready"
load
stop INT
same_story "$work/list" "$work/remote.out" "$opening $closing_first" ""

# The client's own port: its first row has none yet and is not shown.
range=$(cat /proc/sys/net/ipv4/ip_local_port_range)
watch client states --csv --backend=tracefs -L "$(echo $range | tr ' ' -)" \
	--ready-file "$work/client.ready"
load
stop INT
awk -F, -v port=$port '
	$8 == port && $9 == "SYN_SENT" && $10 == "ESTABLISHED" {
		count++
		exact += $11 ~ /^[0-9.]+$/ && $11 > 0
	}
	$6 == 0 { bad++ }
	END { exit !(count == 23 && exact == 23 && !bad) }' "$work/client.out" ||
	fail "a client's rows under a filter on its port"

# IPv4 clients of a [::] listener are IPv4, and are not lost in the kernel.
watch mapped states --csv --backend=tracefs -4 -L $((port + 2)) \
	--raddr 127.0.0.1 --ready-file "$work/mapped.ready"
background "$LOAD" server --netns-ok --addr :: --port $((port + 2)) \
	--count 23 >"$work/server.ready"
wait_until grep -q ready "$work/server.ready"
server=$child
"$LOAD" client --addr 127.0.0.1 --port $((port + 2)) --count 23 --list \
	>"$work/list" || fail "the load failed"
# Its last socket may outlive the client's.
wait "$server" || fail "the server failed"
stop INT
# Up to Linux 6.12 LISTEN->SYN_RECV still has the addresses of the listener,
# which are not IPv4's.
awk -F, '$9 == "LISTEN" && $10 == "SYN_RECV" && $8 == 0 { exit 1 }' \
	"$work/all.out" || accepting="SYN_RECV>ESTABLISHED"
same_story "$work/list" "$work/mapped.out" "" "$accepting $closing_second" \
	-v server_pid="$(awk '{ print $4 }' "$work/server.ready")"
echo "summary: $quiet of $loud events reached user space"
