# SPDX-License-Identifier: BSD-2-Clause
# lockdown=integrity, as with secure boot, takes nothing from tcpwatch.
. "$(dirname "$0")/lib.sh"

grep -q '\[integrity\]' /sys/kernel/security/lockdown ||
	fail "this guest is not locked down"
smoke
diagnosed host lockdown good
summary "23 connections"
