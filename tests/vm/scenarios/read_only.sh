# SPDX-License-Identifier: BSD-2-Clause
# tracefs mounted read-only, as in many containers.
. "$(dirname "$0")/lib.sh"

mount_tracefs
mount -o remount,bind,ro $tracing || fail "no read-only mount"
refused "it is mounted read-only" bpf
diagnosed tracefs mount good
diagnosed tracefs instances bad
