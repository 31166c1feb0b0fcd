# SPDX-License-Identifier: BSD-2-Clause
# Processes that live for milliseconds still have their names, whether they
# renamed themselves or became another program.
. "$(dirname "$0")/lib.sh"

mkdir "$work/links"
watch run states --csv --wide --backend=${LIVE_BACKEND:-tracefs} --ready-file "$work/run.ready"
background "$LOAD" shortlived --addr 127.0.0.1 --count 200 --list \
	--links "$work/links" >"$work/list"
server=$child
wait "$server" || fail "the load failed"
stop INT
expect "connections listed" "$(wc -l <"$work/list")" 200
expect "names" "$(awk '{ print $6 }' "$work/list" | sort -u | wc -l)" 200
same_story "$work/list" "$work/run.out" "$opening $closing_first" \
	"$accepting $closing_second" -v names=1 -v server_pid="$server"
echo "summary: 200 processes"
