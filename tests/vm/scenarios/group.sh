# SPDX-License-Identifier: BSD-2-Clause
# A member of the group that may read tracefs can make no instance: the message
# says that reading rights are not enough. sock_diag needs none.
. "$(dirname "$0")/lib.sh"

gid=4711
mount_tracefs
mount -o remount,gid=$gid,mode=750 $tracing || fail "tracefs takes no gid="
at_exit() { mount -o remount,gid=0,mode=700 $tracing; }

with_setpriv --reuid 1000 --regid 1000 --groups $gid
"$work/setpriv" cat $tracing/events/sock/inet_sock_set_state/format >/dev/null ||
	fail "the group cannot read: what is tested?"
refused "reading rights are not enough"
diagnosed tracefs mount good
diagnosed tracefs instances rights
diagnosed tracefs sock:inet_sock_set_state good
