# SPDX-License-Identifier: BSD-2-Clause
# Where BPF is refused it ends with status 3 and one line that names what is
# missing; tcpwatch by itself says in one line what it took and why. With the two
# capabilities alone it works.
. "$(dirname "$0")/lib.sh"

need_bpf
setpriv --bounding-set -all --inh-caps -all true 2>/dev/null ||
	skip "no setpriv that takes capabilities away"

# without CAPABILITIES ARGUMENT...: tcpwatch as root without these.
without()
{
	lacking=$1
	shift
	setpriv --bounding-set "$lacking" --inh-caps "$lacking" \
		"$TCPWATCH" "$@" >"$work/out" 2>"$work/refused.err"
	status=$?
}

# refused WORDS: by status 3 and one line with these words.
refused()
{
	expect "exit status without $lacking" $status 3
	expect "lines on stderr without $lacking" \
		"$(wc -l <"$work/refused.err")" 1
	expect "bytes on stdout without $lacking" "$(wc -c <"$work/out")" 0
	grep -qF "$1" "$work/refused.err" ||
		fail "without $lacking it says: $(cat "$work/refused.err")"
	refusals=$((refusals + 1))
}

refusals=0
without -sys_admin,-bpf,-perfmon --backend=bpf
refused "needs CAP_BPF and CAP_PERFMON (or CAP_SYS_ADMIN)"
without -sys_admin,-bpf --backend=bpf
refused "needs CAP_BPF (or CAP_SYS_ADMIN)"
without -sys_admin,-perfmon --backend=bpf
refused "needs CAP_PERFMON (or CAP_SYS_ADMIN)"
without -sys_admin,-bpf retrans -s
refused "tracefs: cannot tell sequence numbers; bpf: it needs CAP_BPF"

# In the middle of open.
lacking="file descriptors"
(ulimit -n 24 && exec "$TCPWATCH" --backend=bpf) >"$work/out" \
	2>"$work/refused.err"
status=$?
refused "too many open files"

# Before 5.11 maps are locked memory, which root has without a limit elsewhere.
ulimit -l unlimited 2>/dev/null || :
without -all,+bpf,+perfmon --backend=bpf -d 0.1
expect "exit status with CAP_BPF and CAP_PERFMON alone" $status 0
# Neither tracefs, by its files' owner, nor BPF.
without -all --events state -d 0.1
[ $status -ne 0 ] || expect "lines on what was taken" \
	"$(grep -c '^tcpwatch: using' "$work/refused.err")" 1
grep -q "^tcpwatch: using bpf" "$work/refused.err" &&
	fail "it took bpf without a capability"
echo "summary: $refusals refusals"
