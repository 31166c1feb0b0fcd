# SPDX-License-Identifier: BSD-2-Clause
# tracefs only where debugfs has it, as on older hosts.
. "$(dirname "$0")/lib.sh"

umount $tracing || fail "tracefs cannot be unmounted"
mount -t debugfs none /sys/kernel/debug || fail "debugfs cannot be mounted"
[ -d /sys/kernel/debug/tracing/events ] || skip "debugfs has no tracing folder"
tracing=/sys/kernel/debug/tracing
smoke
grep -q '"found":"/sys/kernel/debug/tracing"' "$work/doctor.json" ||
	fail "the doctor does not find tracefs under debugfs"
grep -q "$tracing\|not mounted" "$work/run.err" &&
	fail "it did not take the tracefs under debugfs"
summary "23 connections"
