# SPDX-License-Identifier: BSD-2-Clause
# Two network namespaces with the very same addresses and ports: two stories of
# each, never mixed.
. "$(dirname "$0")/lib.sh"

need ip nsenter
background unshare -n sleep 300
other=$child
wait_until sh -c "[ \$(readlink /proc/$other/ns/net) != $(readlink /proc/self/ns/net) ]"
inside() { nsenter -t "$other" -n "$@"; }
inside "$ip_program" link set lo up

# So few client ports that both sides must use them all; an even number, for
# connect() looks at even and odd ones in two turns of the same length. And
# none twice, as lib.sh has it for this side.
narrow='cd /proc/sys/net/ipv4 && echo "40000 40023" >ip_local_port_range &&
	echo 0 >tcp_tw_reuse'
sh -c "$narrow" && inside sh -c "$narrow" || fail "no port range"

watch run states --csv --backend=${LIVE_BACKEND:-tracefs} --ready-file "$work/run.ready"
background "$LOAD" churn --addr 127.0.0.1 --port 7001 --count 24 --list \
	>"$work/list.here"
here_load=$child
inside "$LOAD" churn --addr 127.0.0.1 --port 7001 --count 24 --list \
	>"$work/list.there" || fail "the load failed"
wait "$here_load" || fail "the load failed"
stop INT

tuples=$(cat "$work/list.here" "$work/list.there" |
	awk '{ print $1, $2, $3, $4 }' | sort -u | wc -l)
expect "different tuples" "$tuples" 24
for side in here there; do
	# The sockets of one side are those of its process.
	pid=$(awk 'NR == 1 { print $5 }' "$work/list.$side")
	awk -F, -v pid="$pid" 'NR == 1 || $2 == pid' "$work/run.out" \
		>"$work/$side.csv"
	same_story "$work/list.$side" "$work/$side.csv" \
		"$opening $closing_first" ""
done

# The server's ends have an owner only where the listener is not ambiguous, so
# they are counted over both sides.
ends=$(awk -F, -v story="$accepting $closing_second" '
	$6 == 7001 && $8 > 0 || $9 == "LISTEN" && $10 == "SYN_RECV" {
		told = sequence[$1]
		sequence[$1] = told (told == "" ? "" : " ") $9 ">" $10
		if ($6 == 7001)
			port[$1] = 1
	}
	END {
		for (id in sequence)
			count += (id in port) && sequence[id] == story
		print count + 0
	}' "$work/run.out")
expect "server ends" "$ends" 48
echo "summary: 2 times the same 24 tuples"
