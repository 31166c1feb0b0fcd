# SPDX-License-Identifier: BSD-2-Clause
# Under lockdown=confidentiality at boot tracefs is there and empty; the message
# names the lockdown and not a missing event. sock_diag goes on working.
. "$(dirname "$0")/lib.sh"

grep -q '\[confidentiality\]' /sys/kernel/security/lockdown ||
	fail "this guest is not locked down"
"$TCPWATCH" --backend=bpf >"$work/bpf.out" 2>"$work/bpf.err"
expect "exit status of bpf" $? 3
expect "lines of bpf" "$(wc -l <"$work/bpf.err")" 1
grep -qF "lockdown mode 'confidentiality' forbids BPF" "$work/bpf.err" ||
	fail "bpf says: $(cat "$work/bpf.err")"
refused "the kernel's lockdown mode 'confidentiality' forbids tracing"
grep -qF "forbids BPF" "$work/auto.err" ||
	fail "by itself it says: $(cat "$work/auto.err")"
diagnosed host lockdown bad
diagnosed tracefs mount bad
