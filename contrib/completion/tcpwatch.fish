# SPDX-License-Identifier: BSD-2-Clause
# fish completion of tcpwatch. Commands, options, values and columns are what the
# program itself says of its tables, so nothing here can be out of date.

function __tcpwatch_commands
    tcpwatch help 2>/dev/null | sed -n '/^Commands/,/^[^ C]/s/^  \([a-z]\{1,\}\) \{1,\}\(.*\)/\1\t\2/p'
end

function __tcpwatch_command
    set -l known (__tcpwatch_commands | string split -f 1 \t)
    for word in (commandline -opc)[2..-1]
        if contains -- $word $known
            echo $word
            return
        end
    end
end

# "--option<tab>VALUE<tab>help", VALUE empty where the option takes none.
function __tcpwatch_table
    tcpwatch help (__tcpwatch_command) 2>/dev/null |
            sed '/^Always:/{s/^Always://;s/  -/\n  -/g}' | string match -r '^ +-.*' | while read -l line
        set -l halves (string split -m 1 -- '  ' (string trim -- $line))
        set -l names (string split -- ' ' (string replace -a -- ',' '' $halves[1]))
        set -l kind ''
        if not string match -q -- '-*' $names[-1]
            set kind $names[-1]
            set -e names[-1]
        end
        for name in $names
            printf '%s\t%s\t%s\n' $name $kind (string trim -- "$halves[2]")
        end
    end
end

# A wrong value is refused with the right ones; the second wrong option makes sure
# that nothing is ever run.
function __tcpwatch_values -a option
    if test $option = --columns
        tcpwatch (__tcpwatch_command) --list-columns 2>/dev/null | string replace -r ' .*' ''
        return
    end
    tcpwatch (__tcpwatch_command) $option=. --no-such-option 2>&1 </dev/null |
        sed -n 's/.*; use //p' | sed 's/^one of //; s/ or /, /' | tr -d ' ' | tr , \n |
        string match -r '^[A-Za-z_0-9]+$'
end

function __tcpwatch_complete
    set -l current (commandline -ct)
    set -l option (commandline -opc)[-1]
    set -l start ''
    if contains -- -- (commandline -opc)
        complete -C "$current"
        return
    end
    if string match -q -- '--*=*' $current
        set option (string split -m 1 -- = $current)[1]
        set start $option=
        set current (string split -m 1 -- = $current)[2]
    end
    set -l row (__tcpwatch_table | string match -- "$option"\t'*')
    set -l kind (string split -- \t "$row[1]")[2]
    if test "$kind" = FILE
        __fish_complete_path $current | string replace -r '^' -- $start
    else if test -n "$kind"
        if test $kind = LIST; and string match -q '*,*' -- $current
            set start $start(string replace -r '[^,]*$' '' -- $current)
        end
        for value in (__tcpwatch_values $option)
            echo $start$value
        end
    else if string match -q -- '-*' $current
        __tcpwatch_table | while read -l -d \t name kind help
            printf '%s\t%s\n' $name $help
        end
    else if test -z (__tcpwatch_command)
        __tcpwatch_commands
        if contains -- help (commandline -opc)
            tcpwatch help diagnoses 2>/dev/null | string match -r '^  .*' | string split ', ' | string trim -c ', '
            echo diagnoses
        else
            printf 'help\tthe options of a command, or what words mean\n'
        end
    end
end

complete -c tcpwatch -f -a '(__tcpwatch_complete)'
