#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Compares the pages under docs, and README.md, with the program: every command
# line must be taken, every heading be the build's, every diagnosis have its page,
# in its words, be explained by help, and every link lead somewhere. Called with the program's path.
set -u
cd "$(dirname "$0")/.." || exit 1
program=$(realpath "$1")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
pages="README.md $(echo docs/*.md docs/diagnoses/*.md)"
events=tests/golden/client.events

guilty=0
guilty()
{
	echo "$*"
	guilty=1
}

# found WHAT FILE: a table that is empty was not understood.
found() { [ -s "$2" ] || guilty "$0: found no $1: was their form changed?"; }

# PAGE<tab>WORDS of every command line, in blocks and between single quotes of
# code; what stands behind --, a pipe or a comment belongs to others.
commands()
{
	# shellcheck disable=SC2086 # words
	awk '
	function tell(line) {
		sub(/^(sudo )?tcpwatch ?/, "", line)
		sub(/ -- .*|^-- .*/, "", line)
		sub(/ (\||#|>|&) ?.*/, "", line)
		print FILENAME "\t" line
	}
	FNR == 1 { inside = 0 }
	/^```/ { inside = !inside; prompts = 0; next }
	inside && /^\$ / { prompts = 1 }
	inside && (prompts ? /^\$ (sudo )?tcpwatch/ : /^(sudo )?tcpwatch( |$)/) {
		sub(/^\$ /, "")
		tell($0)
	}
	!inside {
		count = split($0, parts, "`")
		for (i = 2; i <= count; i += 2)
			if (parts[i] ~ /^(sudo )?tcpwatch (-|[a-z])/)
				tell(parts[i])
	}' $pages | sort -u
}

# What is behind --help is not looked at, so it comes last.
take_commands()
{
	commands >"$work/commands"
	found "command lines" "$work/commands"
	tab=$(printf '\t')
	while IFS=$tab read -r page line; do
		case $line in help*) last= ;; *) last=--help ;; esac
		# The quotes of the line are those of a shell.
		eval "set -- $line" && "$program" "$@" $last >/dev/null \
			2>"$work/refusal" || guilty "$page: tcpwatch $line:" \
				"$(cat "$work/refusal")"
	done <"$work/commands"
}

# LINE<tab>HEADING of every run in the examples that has one.
headings()
{
	awk '
	/^\$ sudo tcpwatch/ {
		sub(/^\$ sudo tcpwatch ?/, "")
		sub(/ -- .*|^-- .*/, "")
		wanted = !/\||^record|^doctor|^rtt|^metrics|-j|--info/
		line = $0
		next
	}
	wanted { print line "\t" $0; wanted = 0 }' docs/examples.md
}

heading_of()
{
	case ${1:-} in
	sockets) "$program" "$@" -q ;;
	counters) "$program" "$@" --no-trace -q 0.1 1 ;;
	*) "$program" "$@" -q --backend scripted -r $events ;;
	esac 2>"$work/refusal" | head -n 1 | sed 's/ *$//'
}

compare_headings()
{
	headings >"$work/headings"
	found headings "$work/headings"
	while IFS=$tab read -r line heading; do
		eval "set -- $(echo "$line" | sed 's/ -[ri] [^ ]*//')"
		printed=$(heading_of "$@" </dev/null)
		[ "$printed" = "$heading" ] || {
			guilty "docs/examples.md: the heading of tcpwatch $line" \
				"is now: $printed"
			cat "$work/refusal"
		}
	done <"$work/headings"
}

# Every command has an example, every option that is named is there.
cover()
{
	"$program" --help | sed -n '/^Commands/,/^What/s/^  \([a-z]*\) .*/\1/p' \
		>"$work/names"
	found commands "$work/names"
	while read -r name; do
		grep -q "^\$ sudo tcpwatch $name" docs/examples.md ||
			guilty "docs/examples.md: lacks a run of $name"
	done <"$work/names"
	sed -n 's/^	{ "[^"]*", "\([^"]*\)",.*/\1/p' src/options/options_table.c |
		tr ' ' '\n' | sed 's/^/--/' | sort -u >"$work/options"
	found options "$work/options"
	grep -oh '`--[a-z][a-z-]*' docs/*.md docs/diagnoses/*.md | tr -d '`' |
		sort -u | comm -23 - "$work/options" >"$work/surplus"
	while read -r option; do
		guilty "docs: there is no option $option"
	done <"$work/surplus"
}

# What the rules print, one pattern a line: the literals of tell(...) and say(...)
# joined, and each figure in them anything.
patterns_of_code()
{
	cat src/sockets/problem.c src/view/verdict.c | awk '
	/[^_a-z](tell|say)\([^"]*, "/ { inside = 1; text = "" }
	inside {
		line = $0
		gsub(/%" PRIu(32|64) "/, "%u", line)
		gsub(/%" *$/, "%\"", line)
		gsub(/" PRIu(32|64)$/, "u\"", line)
		gsub(/^[ \t]*PRIu(32|64) "/, "\"u", line)
		sub(/^[^"]*"/, "", line)
		sub(/"[^"]*$/, "", line)
		if ($0 ~ /"/)
			text = text line
		if ($0 ~ /;$/ || $0 ~ /",$/ || $0 ~ /[a-z>)],$/) {
			print text
			inside = 0
		}
	}' | sed 's/%%/@/g; s/[.*]/\\&/g; s/%[0-9]*[a-z]*/[0-9A-Za-z_. -]*/g; s/@/%/g
		s/.*/^&$/' | sort -u
}

# What a page says that tcpwatch prints stands in a block of its own kind.
sayings_of_pages()
{
	cat docs/diagnoses/*.md | sed -n '/^```says$/,/^```$/p' | sed '/^```/d
		s/^verdict: //; s/^note: //' | sort -u
}

compare_diagnoses()
{
	patterns_of_code >"$work/patterns"
	sayings_of_pages >"$work/sayings"
	found diagnoses "$work/patterns"
	found "words of pages" "$work/sayings"
	while read -r pattern; do
		grep -qx -e "$pattern" "$work/sayings" ||
			guilty "docs/diagnoses: no page has: $pattern"
	done <"$work/patterns"
	grep -vx -f "$work/patterns" "$work/sayings" >"$work/surplus"
	while read -r saying; do
		guilty "docs/diagnoses: not in the code: $saying"
	done <"$work/surplus"
	man_sayings >"$work/sayings"
	found "words of the man page" "$work/sayings"
	grep -vx -f "$work/patterns" "$work/sayings" >"$work/surplus"
	while read -r saying; do
		guilty "contrib/tcpwatch.8: not in the code: $saying"
	done <"$work/surplus"
	sed -n 's/^	{ "\([a-z ]*\)", .*/\1/p' src/view/verdict.c >"$work/verdicts"
	found verdicts "$work/verdicts"
	while read -r verdict; do
		grep -qx "\.It Em $verdict" contrib/tcpwatch.8 ||
			guilty "contrib/tcpwatch.8: lacks the verdict $verdict"
	done <"$work/verdicts"
}

# The problems, as section SOCKETS NOW lists them.
man_sayings()
{
	sed -n '/^says, where N are numbers/,/^\.El/s/^\.It //p' contrib/tcpwatch.8
}

# NAME: what help says that it means, on one line, and its page.
meaning_of()
{
	"$program" help "$1" | awk '
	/^It means/ { sub(/^It means */, ""); text = $0; inside = 1; next }
	inside && /^ / { sub(/^ */, ""); text = text " " $0; next }
	{ inside = 0 }
	/^More/ { page = $NF }
	END { print text; print page }'
}

# In the man page the same words, and a page for more of them.
compare_meanings()
{
	sed 's/^\.[A-Z][a-z] //; s/\\&//g' contrib/tcpwatch.8 | tr -s '\n ' ' ' >"$work/man"
	"$program" help diagnoses | sed -n 's/^  //p' | tr -d ' ' | tr ',' '\n' |
		grep . >"$work/words"
	found "words that have a meaning" "$work/words"
	while read -r word; do
		meaning_of "$word" >"$work/meaning"
		grep -qF -e "$(head -n 1 "$work/meaning")" "$work/man" ||
			guilty "contrib/tcpwatch.8: does not say of $word what help says"
		page=$(tail -n 1 "$work/meaning")
		[ -n "$page" ] && [ -e "docs/${page#*/tcpwatch/}" ] ||
			guilty "tcpwatch help $word: leads to no page: $page"
	done <"$work/words"
}

# Every phrase in the tables of the pages.
compare_reasons()
{
	sayings_of_pages >"$work/sayings"
	# Two that share their words.
	sed -n 's/.*of_handshake(facts, "\([^"]*\)".*/\1/p' src/sockets/problem.c >"$work/handshakes"
	found handshakes "$work/handshakes"
	while read -r what; do
		grep -q "^$what unanswered" "$work/sayings" ||
			guilty "docs/diagnoses: no page has: $what unanswered"
	done <"$work/handshakes"
	sed -n '/TRIGGER/d; s/.*\[REASON_[A-Z_]*\] = "\(.*\)",/\1/p' src/tracker/reason.c \
		>"$work/reasons"
	found reasons "$work/reasons"
	while read -r reason; do
		grep -q "^| \`$reason\` |" docs/diagnoses/ends.md \
			docs/diagnoses/retransmissions.md ||
			guilty "docs/diagnoses: lacks $reason"
	done <"$work/reasons"
}

# The help of a command is seen at once.
look_at_help()
{
	while read -r name; do
		"$program" help "$name" >"$work/help"
		[ "$(wc -l <"$work/help")" -le 58 ] &&
			! grep -q '^.\{80\}' "$work/help" ||
			guilty "tcpwatch help $name: does not fit 58 rows of 79"
	done <"$work/names"
	"$program" --help | grep '^.\{80\}' && guilty "tcpwatch --help: too wide"
}

follow_links()
{
	for page in docs/diagnoses/[!R]*.md; do
		grep -q "(${page##*/})" docs/diagnoses/README.md ||
			guilty "docs/diagnoses/README.md: lacks ${page##*/}"
	done
	for page in $pages; do
		grep -o '](\([^):# ]*\)' "$page" | sed 's/](//' | sort -u |
			while read -r target; do
				[ -z "$target" ] || [ -e "${page%/*}/$target" ] ||
					[ -e "$target" ] ||
					echo "$page: leads to no file: $target"
			done
	done >"$work/lost"
	[ ! -s "$work/lost" ] || guilty "$(cat "$work/lost")"
}

take_commands
compare_headings
cover
compare_diagnoses
compare_reasons
compare_meanings
look_at_help
follow_links
exit $guilty
