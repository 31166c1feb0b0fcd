#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Lets real shells complete command lines, and asks each of them for every command
# and option that the program's tables have. Called with the program's path.
set -u
cd "$(dirname "$0")/.." || exit 1

program=$(realpath "$1")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$program" "$work/bin/tcpwatch"
PATH=$work/bin:$PATH
export PATH
guilty=0

# What is typed before the key, and what stands there after it.
cases='
tcpwatch st|tcpwatch states
tcpwatch help lif|tcpwatch help life
tcpwatch help zero|tcpwatch help zero-window
tcpwatch help closed-by-u|tcpwatch help closed-by-us
tcpwatch --form|tcpwatch --format
tcpwatch states --sta|tcpwatch states --sta
tcpwatch states --stac|tcpwatch states --stack
tcpwatch --format js|tcpwatch --format json
tcpwatch --format=js|tcpwatch --format=json
tcpwatch --state CLOSE,LI|tcpwatch --state CLOSE,LISTEN
tcpwatch --backend=scr|tcpwatch --backend=scripted
tcpwatch rtt --aggregate k|tcpwatch rtt --aggregate kernel
tcpwatch --columns pid,duration_|tcpwatch --columns pid,duration_ms
tcpwatch record -o contrib/tcpwatch.|tcpwatch record -o contrib/tcpwatch.8
tcpwatch -- make_no_such|tcpwatch -- make_no_such'

# The longest beginning that all answers share, like a key would insert.
cat >"$work/bash" <<'EOS'
. contrib/completion/tcpwatch.bash
IFS= read -r line
typed=$line
read -ra COMP_WORDS <<<"${line//=/ = }"
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_tcpwatch tcpwatch
answers=$(printf '%s\n' "${COMPREPLY[@]}" | sort -u)
common=$(printf '%s\n' "$answers" | sed -e '1{h;d}' -e 'G;s/^\(.*\).*\n\1.*$/\1/;h;$!d')
[[ $answers == *$'\n'* ]] || common=$answers
printf '%s\n' "${typed%"${COMP_WORDS[COMP_CWORD]}"}${common:-${COMP_WORDS[COMP_CWORD]}}"
EOS

cat >"$work/fish" <<'EOS'
source contrib/completion/tcpwatch.fish
read line
set answers (complete -C "$line" | string replace -r '\t.*' '' | sort -u)
set typed (string replace -r '[^ ]*$' '' -- $line)
set last (string replace -r '.* ' '' -- $line)
if test (count $answers) -eq 1
    set last $answers
end
echo $typed$last
EOS

# A terminal of its own, and the key itself; ^X shows what stands there.
cat >"$work/zsh" <<'EOS'
zmodload zsh/zpty
read -r line
zpty terminal "TERM=dumb zsh -f -i"
zpty -w terminal "PS1=; fpath=($PWD/contrib/completion \$fpath)
autoload -Uz compinit; compinit -u -D; setopt no_beep no_auto_menu no_auto_list
show() { print -r -- \"<<\$BUFFER>>\"; BUFFER=; zle .accept-line }
zle -N show; bindkey '^X' show; bindkey '^I' complete-word; print re''ady"
while zpty -r terminal answer; do
	[[ $answer != *ready* ]] || break
done
zpty -n -w terminal "$line"$'\t\C-x'
while zpty -r terminal answer; do
	[[ $answer != *'<<'*'>>'* ]] || break
done
answer=${answer##*<<}
answer=${answer%%>>*}
print -r -- ${answer%" "}
zpty -d terminal
EOS

# complete SHELL LINE
complete()
{
	case $1 in
	bash) echo "$2" | timeout 60 bash --norc "$work/bash" ;;
	fish) echo "$2" | HOME=$work timeout 60 fish --no-config "$work/fish" ;;
	zsh) echo "$2" | timeout 60 zsh -f "$work/zsh" ;;
	esac
}

check_cases()
{
	echo "$cases" | grep . | while IFS='|' read -r typed wanted; do
		got=$(complete "$1" "$typed" 2>"$work/err")
		[ "$got" = "$wanted" ] && [ ! -s "$work/err" ] && continue
		echo "$1 makes '$got' of '$typed', not '$wanted'"
		cat "$work/err"
	done
}

offered()
{
	case $1 in
	bash) bash --norc -c '. contrib/completion/tcpwatch.bash
		COMP_WORDS=(tcpwatch '"$2"' --) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_tcpwatch tcpwatch; printf "%s\n" "${COMPREPLY[@]}"' ;;
	fish) HOME=$work fish --no-config -c 'source contrib/completion/tcpwatch.fish
		complete -C "tcpwatch '"$2"' --"' | sed 's/	.*//' ;;
	esac | grep '^--[a-z]' | sort -u
}

# From the table itself, all commands together.
table=$(sed -n 's/^	{ "[^"]*", "\([^" ]\{1,\}\)[^"]*",.*/--\1/p' src/options/options_table.c | sort -u)

check_table()
{
	{
		offered "$1" ""
		for command in $(tcpwatch help | sed -n '/^Commands/,/^[^ C]/s/^  \([a-z]\{1,\}\) .*/\1/p'); do
			offered "$1" "$command"
		done
	} | sort -u >"$work/offered"
	echo "$table" | comm -3 - "$work/offered" | sed "s/^/$1 and the table differ in /"
}

for shell in bash zsh fish; do
	if ! command -v $shell >/dev/null; then
		echo "skip: $shell is missing: make deps check-completion"
		[ $guilty -ne 0 ] || guilty=77
		continue
	fi
	found=$(check_cases $shell; [ $shell = zsh ] || check_table $shell)
	[ -z "$found" ] && continue
	echo "$found"
	guilty=1
done
exit $guilty
