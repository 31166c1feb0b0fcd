# SPDX-License-Identifier: BSD-2-Clause
# Bad input ends with exit 2, a backend that cannot work with 3, each with one
# line that says what would be right, and before anything is opened.
. "$(dirname "$0")/lib.sh"

# refuse STATUS WORD ARGUMENT...: one line on stderr with WORD in it.
refuse()
{
	expected=$1 word=$2
	shift 2
	timeout 60 "$TCPWATCH" "$@" >"$work/out" 2>"$work/usage.err"
	expect "exit status of '$*'" $? "$expected"
	expect "output of '$*'" "$(wc -c <"$work/out")" 0
	expect "lines about '$*'" "$(wc -l <"$work/usage.err")" 1
	grep -qF -e "$word" "$work/usage.err" ||
		fail "'$*' says: $(cat "$work/usage.err")"
}

refuse 2 --nonsense --nonsense
refuse 2 nosuch nosuch
refuse 2 70000 -L 70000
refuse 2 -L -L 80,,81
refuse 2 10.0.0.300 --raddr 10.0.0.300
refuse 2 10.0.0.0/33 --laddr 10.0.0.0/33
refuse 2 ESTAB --state ESTAB
refuse 2 nosuch --events state,nosuch
refuse 2 nosuch --columns pid,nosuch
refuse 2 nosuch --backend=nosuch
refuse 2 nosuch --format nosuch
refuse 2 -6 -4 -6
refuse 2 0 -c 0
refuse 2 never -d never
refuse 2 diag record --backend=diag -o "$work/x.dat"
refuse 2 tracefs --backend=tracefs -r "$work/no-file"

# Without rights it says what is needed. (busybox's setpriv cannot do this.)
if setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
	cp "$TCPWATCH" "$work/tcpwatch" && chmod 755 "$work" "$work/tcpwatch"
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$work/tcpwatch" --backend=tracefs >"$work/out" 2>"$work/usage.err"
	expect "exit status without root" $? 3
	grep -q root "$work/usage.err" || fail "it does not say: as root"
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$work/tcpwatch" --backend=bpf >"$work/out" 2>"$work/usage.err"
	expect "exit status without capabilities" $? 3
	grep -qE "CAP_BPF and CAP_PERFMON|this build has no 'bpf'" \
		"$work/usage.err" || fail "it does not say which"
fi

# What cannot be written is a failure while running.
timeout 60 "$TCPWATCH" --backend=tracefs -o "$work/no/folder" \
	>"$work/out" 2>"$work/usage.err"
status=$?
[ $status -eq 1 ] || [ $status -eq 2 ] || fail "exit $status for -o"
if [ -c /dev/full ]; then
	timeout 60 "$TCPWATCH" --backend=tracefs >/dev/full 2>"$work/usage.err"
	expect "exit status on a full disk" $? 1
fi
# A reader that is gone has what it wants: a pipe without one.
mkfifo "$work/gone"
exec 3<>"$work/gone" 4>"$work/gone" 3>&-
for word in --help --version --list-columns doctor sockets; do
	"$TCPWATCH" "$word" >&4 2>"$work/usage.err"
	expect "exit status of '$word' without a reader" $? 0
	expect "lines about '$word'" "$(wc -l <"$work/usage.err")" 0
done
exec 4>&-

mount_tracefs
expect "instances that are left" "$(find $tracing/instances -maxdepth 1 \
	-name "tcpwatch-$$*" | wc -l)" 0
echo "summary: 21 refusals"
