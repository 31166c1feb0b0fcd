# SPDX-License-Identifier: BSD-2-Clause
# Known numbers of connections over IPv4 and IPv6, short and long addresses:
# every transition of each, in order, with its addresses, ports and process.
. "$(dirname "$0")/lib.sh"

long=fd00:1111:2222:3333:4444:5555:6666:7777
need ip
ip address add $long/128 dev lo || fail "no IPv6 here"

# story ADDRESS COUNT CLOSER THREADS
story()
{
	watch "run" states --csv --backend=tracefs --ready-file "$work/run.ready"
	"$LOAD" churn --netns-ok --list --addr "$1" --count "$2" --close "$3" \
		--threads "$4" >"$work/list" || fail "the load failed"
	stop INT
	expect "connections listed" "$(wc -l <"$work/list")" "$2"
	if [ "$3" = client ]; then
		same_story "$work/list" "$work/run.out" \
			"$opening $closing_first" "$accepting $closing_second" \
			-v names=1
	else
		same_story "$work/list" "$work/run.out" \
			"$opening $closing_second" "$accepting $closing_first" \
			-v names=1
	fi
	expect "lost events" "$(closing lost "$work/run.err")" 0
	listeners "$1" "$4"
	total=$((total + $2))
}

# Every listener shows both ends of its life, with its process.
listeners()
{
	pid=$(awk 'NR == 1 { print $5 }' "$work/list")
	found=$(awk -F, -v pid="$pid" -v address="$1" '
		$2 == pid && $5 == address && $8 == 0 {
			if ($9 == "CLOSE" && $10 == "LISTEN")
				opened[$1 " " $6] = 1
			if ($9 == "LISTEN" && $10 == "CLOSE" && $11 > 0)
				closed += opened[$1 " " $6]
		}
		END { print closed + 0 }' "$work/run.out")
	expect "listeners" "$found" "$2"
}

total=0
for address in 127.0.0.1 ::1 $long; do
	story $address 23 client 1
	story $address 23 server 1
	story $address "$(scaled 2000)" client 2
done
echo "summary: $total connections"
