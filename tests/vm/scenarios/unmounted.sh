# SPDX-License-Identifier: BSD-2-Clause
# tracefs mounted nowhere: tcpwatch mounts it for itself, says so, and the host
# does not see it.
. "$(dirname "$0")/lib.sh"

umount $tracing || fail "tracefs cannot be unmounted"
smoke
grep -q "tracefs was not mounted" "$work/run.err" || fail "it does not say so"
diagnosed tracefs mount good
[ ! -d $tracing/events ] || fail "the mount is left behind"
summary "23 connections"
