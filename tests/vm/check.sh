#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs the live tests, and what only other kernels and set-ups can show, inside
# real kernels under emulation. Called by `make check-vm`, which sets TCPWATCH,
# LOAD, STATIC and BARE_INIT, all of the processor in ARCH (amd64 or arm64), and VM,
# the folder for all that is fetched and made. KERNELS="bookworm" takes only that
# suite's kernel, GUESTS="plain 2-cpus" boots only these.
set -u

: "${ARCH:=amd64}"
[ -n "${KERNELS:-}${GUESTS:-}" ] && whole='' || whole=yes
case $ARCH in
amd64)
	emulator=qemu-system-x86_64
	: "${KERNELS:=bullseye bookworm trixie trixie-backports}"
	;;
arm64)
	# What README.md shows is of amd64.
	emulator=qemu-system-aarch64 whole=''
	: "${KERNELS:=bookworm trixie-16k}" "${GUESTS:=live plain 2-cpus bare}"
	;;
*)
	echo "check-vm: ARCH is '$ARCH'; use amd64 or arm64" >&2
	exit 1
	;;
esac
: "${GUESTS:=live plain integrity confidentiality 2-cpus 4-cpus bare}"
here=$(cd "$(dirname "$0")" && pwd)
table=$VM/table
export ARCH TCPWATCH LOAD STATIC BARE_INIT VM TOOLS
mkdir -p "$VM"
: >"$table"
: >"$VM/jobs"
# One guest more at once than there are processors, for two fifths of its time one
# waits for timers of TCP; within the host's memory.
jobs=$(($(nproc) + 1))
[ "$jobs" -le 4 ] || jobs=4

# note KERNEL GUEST SCENARIO PASSED FAILED SKIPPED: a line of the table (see
# report.awk).
note() { echo "$*" >>"$table"; }

# A line that is shown again at the end of all tests.
skipped()
{
	echo "$1"
	[ -z "${RESULTS:-}" ] || echo "$1" >>"$RESULTS.skips"
}

# How often a guest of this run was booted again.
again()
{
	while read -r suite guest _; do
		cat "$VM/$suite/again.$guest" 2>/dev/null
	done <"$VM/jobs" | wc -l
}

# cpus, kernel arguments ("-" for none) and scenarios of a guest.
about_guest()
{
	case $1 in
	live) echo 1 - live ;;
	bare) echo 1 - bare ;;
	plain) echo 1 - smoke group read_only debugfs_only unmounted no_bpf \
		suspend netem aggregate windows ;;
	integrity | confidentiality) echo 1 "lockdown=$1" "$1" ;;
	# Emulated CPUs hang now and then, so only who asks for it waits for this.
	soak) echo 2 - hotplug_soak ;;
	2-cpus | 4-cpus) echo "${1%-cpus}" - smoke hotplug ;;
	*) return 1 ;;
	esac
}

# The guests' tools are this host's, if it has the same processor.
prepare_tools()
{
	TOOLS=
	[ "$ARCH" != amd64 ] || return 0
	TOOLS=$VM/tools/root
	"$here/tools.sh" "$VM/tools" >"$VM/log" 2>&1
	status=$?
	[ $status -ne 0 ] || return 0
	cat "$VM/log"
	exit $status
}

# Fetches the kernel of a suite and makes its root file system.
prepare()
{
	folder=$VM/$1
	"$here/kernel.sh" "$1" "$folder" >"$VM/log" 2>&1
	status=$?
	if [ $status -eq 77 ]; then
		skipped "skip  kernel of $1: $(sed -n 's/^skip: //p' "$VM/log")"
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
	cat "$VM/bare.cpio" "$folder/modules.cpio" >"$folder/initrd.bare"
	echo "      $1 is $(cat "$folder/release")"
}

for tool in $emulator busybox readelf xz; do
	command -v $tool >/dev/null && continue
	echo "check-vm: $tool is missing: make deps check-vm" >&2
	exit 1
done
prepare_tools
"$here/initramfs.sh" tools "$VM/tools.cpio" || exit 1
"$here/initramfs.sh" bare "$VM/bare.cpio" || exit 1

ready=
for suite in $KERNELS; do
	prepare "$suite" && ready="$ready $suite"
done
# The long ones first: so no processor is idle at the end.
for guest in $GUESTS; do
	about=$(about_guest "$guest") || {
		echo "check-vm: there is no guest '$guest'" >&2
		exit 1
	}
	for suite in $ready; do
		echo "$suite $guest $about" >>"$VM/jobs"
	done
done
xargs -r -P "${VM_JOBS:-$jobs}" -L 1 "$here/guest.sh" <"$VM/jobs"

# The README shows what a whole run found, so only such a run can tell.
compare_readme()
{
	awk -f "$here/matrix.awk" "$table" >"$VM/matrix.md"
	said=$("$here/../../contrib/readme-matrix.sh" check)
	case $? in
	0) note README - - 1 0 0 ;;
	77) skipped "$said" && note README - - 0 0 1 ;;
	*) echo "$said" && note README - - 0 1 0 ;;
	esac
}

[ -z "$whole" ] || compare_readme
echo "      guests that the emulator lost, booted again: $(again)"
echo "      scenarios repeated for late events: $(awk '{ sum += $7 }
	END { print sum + 0 }' "$table")"
awk '{ passed += $4; failed += $5; skipped += $6 }
	END {
		line = passed + 0 " " failed + 0 " " skipped + 0
		if (results != "")
			print line >>results
		else
			printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
		exit failed > 0 || !NR
	}' results="${RESULTS:-}" "$table"
