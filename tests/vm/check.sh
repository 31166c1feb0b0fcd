#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs the live tests, and what only other kernels and set-ups can show, inside
# real kernels under emulation. Called by `make check-vm`, which sets TCPWATCH,
# LOAD and VM, the folder for all that is fetched and made. KERNELS="bookworm"
# takes only that suite's kernel, GUESTS="plain 2-cpus" boots only these.
set -u

: "${KERNELS:=bullseye bookworm trixie trixie-backports}"
: "${GUESTS:=live plain integrity confidentiality 2-cpus 4-cpus}"
here=$(cd "$(dirname "$0")" && pwd)
table=$VM/table
export TCPWATCH LOAD VM
mkdir -p "$VM"
: >"$table"
: >"$VM/jobs"

# note KERNEL GUEST SCENARIO PASSED FAILED SKIPPED: a line of the table.
note() { echo "$*" >>"$table"; }

# cpus, kernel arguments ("-" for none) and scenarios of a guest.
about_guest()
{
	case $1 in
	live) echo 1 - live ;;
	plain) echo 1 - smoke group read_only debugfs_only unmounted no_bpf \
		suspend netem ;;
	integrity | confidentiality) echo 1 "lockdown=$1" "$1" ;;
	2-cpus | 4-cpus) echo "${1%-cpus}" - smoke hotplug ;;
	*) return 1 ;;
	esac
}

# Fetches the kernel of a suite and makes its root file system.
prepare()
{
	folder=$VM/$1
	"$here/kernel.sh" "$1" "$folder" >"$VM/log" 2>&1
	status=$?
	if [ $status -eq 77 ]; then
		reason=$(sed -n 's/^skip: //p' "$VM/log")
		echo "skip  kernel of $1: $reason"
		[ -z "${RESULTS:-}" ] ||
			echo "skip  kernel of $1: $reason" >>"$RESULTS.skips"
		note "$1" - - 0 0 1
		return 1
	elif [ $status -ne 0 ] ||
		! "$here/initramfs.sh" modules "$folder" "$folder/modules.cpio"; then
		echo "FAIL  kernel of $1"
		sed 's/^/      | /' "$VM/log"
		note "$1" - - 0 1 0
		return 1
	fi
	cat "$VM/tools.cpio" "$folder/modules.cpio" >"$folder/initrd"
	echo "      $1 is $(cat "$folder/release")"
}

for tool in qemu-system-x86_64 busybox setpriv nft tc ip xz; do
	command -v $tool >/dev/null && continue
	echo "check-vm: $tool is missing: make deps check-vm" >&2
	exit 1
done
"$here/initramfs.sh" tools "$VM/tools.cpio" || exit 1

ready=
for suite in $KERNELS; do
	prepare "$suite" && ready="$ready $suite"
done
# All long ones first: so no processor is idle at the end.
for guest in $GUESTS; do
	about=$(about_guest "$guest") || {
		echo "check-vm: there is no guest '$guest'" >&2
		exit 1
	}
	for suite in $ready; do
		echo "$suite $guest $about" >>"$VM/jobs"
	done
done
xargs -r -P "${VM_JOBS:-2}" -L 1 "$here/guest.sh" <"$VM/jobs"

awk -f "$here/matrix.awk" "$table" >"$VM/matrix.md"
again=$(cat "$VM"/*/again.* 2>/dev/null | wc -l)
[ "$again" -eq 0 ] || echo "      guests that the emulator lost and that were booted again: $again"
awk '{ passed += $4; failed += $5; skipped += $6 }
	END {
		line = passed + 0 " " failed + 0 " " skipped + 0
		if (results != "")
			print line >>results
		else
			printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
		exit failed > 0 || !NR
	}' results="${RESULTS:-}" "$table"
