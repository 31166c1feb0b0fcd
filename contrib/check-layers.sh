#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Holds the folders to the direction in which they may know each other, the core to
# its ignorance of backends, and its functions to the names of their files.
set -u
cd "$(dirname "$0")/.." || exit 1
guilty=0

complain()
{
	echo "$1: $2"
	guilty=1
}

# The includes of our own headers in a folder, as FILE:HEADER.
own_headers()
{
	grep -rHo --include='*.[ch]' '^[[:space:]]*#[[:space:]]*include[[:space:]]*"[^"]*"' "$1" |
		sed 's/:[^"]*"\(.*\)"$/:\1/'
}

# Includes of our own headers: folder, then where they may live.
check_includes()
{
	local folder=$1 file header place found=none
	shift
	while IFS=: read -r file header; do
		found=
		for place in "$@" "${file%/*}"; do
			[ ! -e "$place/$header" ] || found=yes
		done
		case $header in *..*) found= ;; esac
		[ -n "$found" ] || complain "$file" "may not include \"$header\""
	done < <(own_headers "$folder")
	[ "$found" != none ] || complain "$folder" "has no include that this script finds"
}

# The code of a file, line by line, comments blanked out.
code()
{
	awk '{
		line = ""
		for (rest = $0; rest != ""; ) {
			if (inside) {
				end = index(rest, "*/")
				rest = end ? substr(rest, end + 2) : ""
				inside = !end
			} else {
				start = index(rest, "/*")
				line = line (start ? substr(rest, 1, start - 1) : rest)
				rest = start ? substr(rest, start + 2) : ""
				inside = start > 0
			}
		}
		print line
	}' "$1"
}

check_includes bpf include
check_includes include include
check_includes backends include backends
check_includes src include src

# Within src/: what the files of a folder may include of the others; main.c may
# all. No folder knows one that knows it, but for the words of `sockets --sort`.
knows=$(
	cat <<-END
	common
	process    common
	output     common
	tracker    common
	filter     tracker
	view       common output tracker filter
	metrics    common process tracker view
	options    common process output tracker filter view metrics sockets/socket_order.h
	watch      common process output tracker filter view metrics options
	sockets    common process output filter view options watch
	recording  common process tracker options watch
	doctor     common process view options watch recording
	END
)

# Arguments: folder of src/, what it may include: folders, headers of folders.
check_arrows()
{
	local from=$1 file header
	shift
	while IFS=: read -r file header; do
		case " tcpwatch $* " in
		*" ${header%%/*} "* | *" $header "*) ;;
		*) complain "$file" "may not include \"$header\"" ;;
		esac
	done < <(own_headers "src/$from" | grep '/.*:.*/')
}

while read -r from to; do
	# shellcheck disable=SC2086 # a list of words
	check_arrows "$from" $to
done <<<"$knows"
for folder in src/*/; do
	folder=$(basename "$folder")
	grep -q "^$folder\b" <<<"$knows" || complain "src/$folder" "is in no rule"
done

for file in src/*.c src/*/*.[ch]; do
	found=$(code "$file" | grep -nE '\b(tracefs|bpf|diag|replay|scripted)(_|")' |
		head -n 1)
	[ -z "$found" ] || complain "$file" "names a backend: $found"
done

# A function is declared in the header that its name begins with: rtt_group_add()
# in rtt_groups.h.
for file in src/*/*.h; do
	name=$(basename "$file" .h)
	while read -r symbol; do
		complain "$file" "declares $symbol(), which has another file's name"
	done < <(code "$file" | awk -v name="${name%s}" '
		/^[a-z][a-z_0-9 *]*\(/ {
			match($0, /[a-z_0-9]+\(/)
			symbol = substr($0, RSTART, RLENGTH - 1)
			if (index(symbol, name) != 1)
				print symbol
		}')
done

while read -r file; do
	complain "$file" "only backends/registry.c may ask for WITH_*"
done < <(grep -lrE '^[[:space:]]*#.*\bWITH_[A-Z]' src backends include bpf 2>/dev/null |
	grep -v '^backends/registry\.c$')

exit $guilty
