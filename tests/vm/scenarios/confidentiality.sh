# SPDX-License-Identifier: BSD-2-Clause
# Under lockdown=confidentiality at boot tracefs is there and empty; the message
# names the lockdown and not a missing event. sock_diag goes on working.
. "$(dirname "$0")/lib.sh"

grep -q '\[confidentiality\]' /sys/kernel/security/lockdown ||
	fail "this guest is not locked down"
refused "the kernel's lockdown mode 'confidentiality' forbids tracing"
