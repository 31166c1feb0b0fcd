# SPDX-License-Identifier: BSD-2-Clause
# Without the right to use BPF, and without every other capability: a process of
# root's that owns nothing but root's files can still watch.
. "$(dirname "$0")/lib.sh"

mount_tracefs
with_setpriv --bounding-set -all --inh-caps -all
expect "capabilities" "$(setpriv --bounding-set -all --inh-caps -all \
	sed -n 's/^CapEff:[[:space:]]*0*$/none/p' /proc/self/status)" none
smoke
echo "summary: 23 connections without a capability"
