# SPDX-License-Identifier: BSD-2-Clause
# Output manners: rows come within the latency, names cannot disturb a terminal
# or break JSON, and a log can be rotated without losing a line.
. "$(dirname "$0")/lib.sh"

now_ms() { awk '{ print int($1 * 1000) }' /proc/uptime; }

# On a quiet host a row reaches the file within the latency of 100 ms; the rest
# is for starting the load and for this loop. A host that is not quiet has ten
# tries: rows that are held back too long would be so each time.
watch quiet states --csv --backend=tracefs --ready-file "$work/quiet.ready"
for try in 1 2 3 4 5 6 7 8 9 10; do
	sleep 0.5
	start=$(now_ms)
	"$LOAD" churn --addr 127.0.0.1 --count 1 --list >"$work/list"
	port=$(awk '{ print $4 }' "$work/list")
	wait_until grep -q "$port.*LAST_ACK,CLOSE" "$work/quiet.out"
	took=$(($(now_ms) - start))
	[ "$took" -gt 400 ] || break
done
[ "$took" -le 400 ] || fail "a row took $took ms to the file"
stop INT

# A name with an escape sequence, quotes and bytes that are not UTF-8.
comm=$(printf 'a\033[2J"\\\377,b')
for format in table csv json; do
	watch "$format" --format "$format" --backend=tracefs \
		--ready-file "$work/$format.ready"
	"$LOAD" churn --addr 127.0.0.1 --count 5 --comm "$comm" >/dev/null ||
		fail "the load failed"
	stop INT
	bad=$(LC_ALL=C tr -d '\n\040-\176' <"$work/$format.out" | wc -c)
	# U+FFFD in JSON is the three bytes ef bf bd.
	[ $format != json ] ||
		bad=$(LC_ALL=C sed "s/$(printf '\357\277\275')//g" \
			"$work/$format.out" |
			LC_ALL=C tr -d '\n\040-\176' | wc -c)
	expect "bytes in $format that a terminal obeys" "$bad" 0
done
grep -q 'u001b\[2J\\"\\\\' "$work/json.out" || fail "JSON lost the name"
if command -v jq >/dev/null; then
	jq -e . <"$work/json.out" >/dev/null || fail "JSON is broken"
fi

# Rotation: what is in the old and the new file together is everything.
watch rotated states --csv --backend=tracefs -o "$work/log" \
	--ready-file "$work/rotated.ready"
count=$(scaled 3000)
background "$LOAD" churn --addr 127.0.0.1 --count "$count" --rate "$count" \
	--list >"$work/list"
load=$child
for turn in 1 2 3; do
	wait_until has_lines "$work/list" $((turn * count * 23 / 100))
	mv "$work/log" "$work/log.$turn"
	kill -HUP "$watcher"
	# Its heading: a load that has ended by now makes no row in it.
	wait_until has_lines "$work/log" 1
done
wait "$load" || fail "the load failed"
stop INT
for part in "$work"/log.1 "$work"/log.2 "$work"/log.3 "$work"/log; do
	expect "the first line of $(basename "$part")" \
		"$(head -n 1 "$part" | cut -d, -f1)" SKADDR
	tail -n 1 "$part" | grep -qE ',>?[0-9.]*$' ||
		fail "a line is cut: $(tail -n 1 "$part")"
	tail -n +2 "$part" >>"$work/rows"
done
(head -n 1 "$work/log" && cat "$work/rows") >"$work/all.csv"
same_story "$work/list" "$work/all.csv" "$opening $closing_first" \
	"$accepting $closing_second"
echo "summary: a row after $took ms, 3 rotations"
