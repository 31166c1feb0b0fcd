# SPDX-License-Identifier: BSD-2-Clause
# bash completion of tcpwatch. Commands, options, values and columns are what the
# program itself says of its tables, so nothing here can be out of date.

_tcpwatch_commands()
{
	"$1" help 2>/dev/null | sed -n '/^Commands/,/^[^ C]/s/^  \([a-z]\{1,\}\) .*/\1/p'
}

# What help explains besides commands.
_tcpwatch_names()
{
	"$1" help diagnoses 2>/dev/null | sed -n 's/^  //p' | tr -d ' ' | tr ',' '\n'
	echo diagnoses
}

# The last group stands on one line.
_tcpwatch_rows()
{
	"$1" help $2 2>/dev/null | sed '/^Always:/{s/^Always://;s/  -/\n  -/g}' |
		grep '^  *-'
}

_tcpwatch_options()
{
	_tcpwatch_rows "$1" "$2" | sed 's/^ *//; s/  .*//' | tr ', ' '\n\n' |
		grep '^-'
}

# What help calls the value of an option: FILE, LIST, ...; nothing if it has none.
_tcpwatch_value()
{
	_tcpwatch_rows "$1" "$2" | sed 's/^ *//; s/  .*//; s/,//g' |
		awk -v option="$3" '{
			for (i = 1; i <= NF; i++)
				if ($i == option && $NF !~ /^-/)
					print $NF
		}'
}

# A wrong value is refused with the right ones; the second wrong option makes sure
# that nothing is ever run.
_tcpwatch_values()
{
	case $3 in
	--columns)
		"$1" $2 --list-columns 2>/dev/null | sed 's/ .*//'
		;;
	*)
		"$1" $2 "$3=." --no-such-option 2>&1 </dev/null |
			sed -n 's/.*; use //p' | sed 's/^one of //; s/ or /, /' |
			tr -d ' ' | tr ',' '\n' | grep '^[A-Za-z_0-9]*$'
		;;
	esac
}

# Lists go on behind a comma.
_tcpwatch_reply_values()
{
	local value=$4 before=
	case $(_tcpwatch_value "$1" "$2" "$3") in
	FILE)
		compopt -o filenames 2>/dev/null
		COMPREPLY=($(compgen -f -- "$value"))
		return
		;;
	LIST)
		[[ $value != *,* ]] || before=${value%,*},
		;;
	esac
	COMPREPLY=($(compgen -P "$before" -W "$(_tcpwatch_values "$1" "$2" "$3")" \
		-- "${value##*,}"))
}

_tcpwatch()
{
	local program=$1 current=${COMP_WORDS[COMP_CWORD]} command= option= i
	local before=${COMP_WORDS[COMP_CWORD - 1]}
	local commands=" $(_tcpwatch_commands "$program" | tr '\n' ' ')"

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		if [[ ${COMP_WORDS[i]} == -- ]]; then
			COMPREPLY=($(compgen -c -- "$current"))
			return
		fi
		[[ -n $command || $commands != *" ${COMP_WORDS[i]} "* ]] ||
			command=${COMP_WORDS[i]}
	done
	# "--option=value" comes as three words.
	if [[ $current == = ]]; then
		option=$before current=
	elif [[ $before == = ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $before == -* ]]; then
		option=$before
	fi
	if [[ -n $option && -n $(_tcpwatch_value "$program" "$command" "$option") ]]; then
		_tcpwatch_reply_values "$program" "$command" "$option" "$current"
	elif [[ $current == -* ]]; then
		COMPREPLY=($(compgen -W "$(_tcpwatch_options "$program" "$command")" \
			-- "$current"))
	elif [[ -z $command && $before == help ]]; then
		COMPREPLY=($(compgen -W "$commands $(_tcpwatch_names "$program")" \
			-- "$current"))
	elif [[ -z $command ]]; then
		COMPREPLY=($(compgen -W "$commands help" -- "$current"))
	fi
}

complete -F _tcpwatch tcpwatch
