# SPDX-License-Identifier: BSD-2-Clause
# The ways in which a socket ends that are not a close by both sides: reset,
# refused, timed out, and listeners that close.
. "$(dirname "$0")/lib.sh"

need nft

# ending MODE CLIENT SERVER [LOAD OPTION...]
ending()
{
	mode=$1 client=$2 server=$3
	shift 3
	watch "$mode" states --csv --backend=tracefs \
		--ready-file "$work/$mode.ready"
	"$LOAD" "$mode" --addr 127.0.0.1 --count 23 --list "$@" \
		>"$work/list" || fail "the load failed"
	stop INT
	# A socket that binds to a port alone learns its address by connecting.
	sed -i 's/^0\.0\.0\.0 /127.0.0.1 /' "$work/list"
	expect "connections listed" "$(wc -l <"$work/list")" 23
	same_story "$work/list" "$work/$mode.out" "$client" "$server"
}

ending rst "$opening ESTABLISHED>CLOSE" "$accepting ESTABLISHED>CLOSE"
ending refused "CLOSE>SYN_SENT SYN_SENT>CLOSE" ""

port=$((20000 + $$ % 10000))
nft add table ip t &&
	nft add chain ip t in '{ type filter hook input priority 0; }' &&
	nft add rule ip t in tcp dport $port drop || fail "nft does not work"
ending timeout "CLOSE>SYN_SENT SYN_SENT>CLOSE" "" --port $port --timeout-ms 50
# A slow host may hold up some, but not most of them.
awk -F, -v port=$port '
	$8 == port && $9 == "SYN_SENT" { shorter += $11 < 50; longer += $11 > 1000 }
	END { exit shorter > 0 || longer > 11 }' "$work/timeout.out" ||
	fail "SYN_SENT was not as long as the time limit"

watch listeners states --csv --backend=tracefs \
	--ready-file "$work/listeners.ready"
"$LOAD" listen-close --addr ::1 --count 23 --list >"$work/list" ||
	fail "the load failed"
stop INT
found=$(awk -F, '
	NR == FNR { split($0, word, " "); pid[word[3]] = word[4]; next }
	$5 == "::1" && $8 == 0 && $2 == pid[$6] {
		story[$1 " " $6] = story[$1 " " $6] $9 ">" $10 " "
	}
	END {
		for (id in story)
			count += story[id] == "CLOSE>LISTEN LISTEN>CLOSE "
		print count + 0
	}' "$work/list" "$work/listeners.out")
expect "listeners that opened and closed" "$found" 23
echo "summary: 69 connections, 23 listeners"
