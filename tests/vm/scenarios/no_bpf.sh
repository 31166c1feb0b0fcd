# SPDX-License-Identifier: BSD-2-Clause
# Without the right to use BPF, and without any other capability but the one to
# write to root's read-only files: 5.10 has buffer_percent as such a one.
. "$(dirname "$0")/lib.sh"

mount_tracefs
with_setpriv --bounding-set -all,+dac_override --inh-caps -all
expect "capabilities" "$("$work/setpriv" sed -n 's/^CapEff:[[:space:]]*//p' \
	/proc/self/status)" 0000000000000002
smoke
diagnosed tracefs instances good
diagnosed host capabilities rights
! grep -q '"about":"bpf"' "$work/doctor.json" || diagnosed bpf rights rights
summary "23 connections without BPF"
