#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Compares the man page with the program's tables: every option, column, reason and
# system call of the one must be in the other.
set -u
cd "$(dirname "$0")/.." || exit 1
page=contrib/tcpwatch.8
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# Letters and names stand in the first line of each row of the table.
options_of_code()
{
	sed -n 's/^	{ "\([^"]*\)", "\([^"]*\)",.*/\1 \2/p' src/options/options_table.c |
		awk -F '[ ]' '{
			for (i = 1; i <= length($1); i++)
				print "-" substr($1, i, 1)
			for (i = 2; i <= NF; i++)
				if ($i != "")
					print "--" $i
		}' | sort -u
}

options_of_page()
{
	section OPTIONS | sed -n 's/^\.It Fl/Fl/p' | awk '{
		for (i = 1; i < NF; i++)
			if ($i == "Fl" && $(i + 1) != "-")
				print "-" $(i + 1)
	}' | sort -u
}

columns_of_code()
{
	sed -n 's/.*NAME("\([a-z0-9_]*\)").*/\1/p' src/output/column.c | sort -u
}

columns_of_page()
{
	section TABLE | sed -n 's/^\.It Cm //p' | tr -s ' ,' '\n' | sort -u
}

# Phrases and classes; what they are set off by is no list there.
reasons_of_code()
{
	sed -n '/TRIGGER/d; s/.*\[REASON_[A-Z_]*\] = "\(.*\)",/\1/p' \
		src/tracker/reason.c | sort -u
}

reasons_of_page()
{
	{ section WHY; section RETRANSMISSIONS; } |
		sed -n 's/^\.It Cm //p; s/^\.It \(.*\) Ta .* Ta .*/\1/p' |
		sed '/^Em /d; s/ , /\n/' | sort -u
}

calls_of_code()
{
	sed -n 's/^	CALL(\([a-z0-9_]*\), .*/\1/p' src/watch/syscall_table.c | sort -u
}

calls_of_page()
{
	section PRIVILEGES | sed -n 's/^\.It Cm //p' | tr -s ' ,' '\n' | sort -u
}

section()
{
	awk -v wanted=".Sh $1" '/^\.Sh /{ inside = $0 == wanted } inside' $page
}

guilty=0
compare()
{
	table=$2
	"$1_of_code" >"$work/code"
	"$1_of_page" >"$work/page"
	for side in code page; do
		[ -s "$work/$side" ] && continue
		echo "$0: found no $1 in the $side: was its form changed?"
		guilty=1
	done
	comm -23 "$work/code" "$work/page" >"$work/lacking"
	comm -13 "$work/code" "$work/page" >"$work/surplus"
	while read -r word; do
		echo "$page: lacks $word ($1 of $table)"
		guilty=1
	done <"$work/lacking"
	while read -r word; do
		echo "$page: has $word, which is not in the code ($1 of $table)"
		guilty=1
	done <"$work/surplus"
}

compare options src/options/options_table.c
compare columns src/output/column.c
compare reasons src/tracker/reason.c
compare calls src/watch/syscall_table.c
if command -v mandoc >/dev/null; then
	mandoc -T lint -W warning $page || guilty=1
else
	echo "mandoc is missing: the page's form was not checked"
fi
exit $guilty
