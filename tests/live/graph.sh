# SPDX-License-Identifier: BSD-2-Clause
# The state machine as a graph: when it is asked for, and at the end, with as many
# ways as connections took them; graphviz draws it.
. "$(dirname "$0")/lib.sh"

# Others may connect on this host as well.
comm=graph$$
watch run graph --backend=tracefs --comm "$comm" --ready-file "$work/run.ready"
"$LOAD" churn --addr 127.0.0.1 --count 23 --comm "$comm" >"$work/list" ||
	fail "the load failed"

# One graph for each time it is asked, the last of which is complete.
asked()
{
	kill -USR1 "$watcher"
	grep -q '"CLOSE" -> "SYN_SENT" \[label="count 23\\n' "$work/run.out"
}
wait_until asked
"$LOAD" churn --addr 127.0.0.1 --count 23 --comm "$comm" >"$work/list" ||
	fail "the load failed"
stop INT

graphs=$(grep -c '^digraph tcp {$' "$work/run.out")
expect "closed graphs" "$(grep -c '^}$' "$work/run.out")" "$graphs"
[ "$graphs" -ge 2 ] || fail "$graphs graphs"

awk '/^digraph/ { text = "" } { text = text $0 "\n" } END { printf "%s", text }' \
	"$work/run.out" >"$work/last"
way() { grep -c "\"$1\" -> \"$2\" .label=\"count $3.n" "$work/last"; }
expect "connects" "$(way CLOSE SYN_SENT 46)" 1
expect "listeners" "$(way CLOSE LISTEN 2)" 1
expect "children" "$(way LISTEN SYN_RECV 46)" 1
# Both ends come into it, by a packet.
expect "accepted" "$(way SYN_RECV ESTABLISHED 46)" 1
expect "established" "$(way SYN_SENT ESTABLISHED 46)" 1
grep '"CLOSE" -> "SYN_SENT"' "$work/last" | grep -q 'connect", color="#1f5fa8"' ||
	fail "a call is not coloured as one"

drawn="not drawn: no dot"
if command -v dot >/dev/null; then
	dot -Tsvg "$work/last" >"$work/svg" || fail "dot does not take it"
	drawn="$(grep -c 'class="edge"' "$work/svg") edges drawn"
	expect "edges in the picture" "${drawn%% *}" \
		"$(grep -c ' -> ' "$work/last")"
fi
echo "summary: $graphs graphs, $drawn"
