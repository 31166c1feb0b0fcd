#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Boots one guest, waits until it has run its scenarios, and reports on each:
# guest.sh SUITE GUEST CPUS KERNEL_ARGUMENTS|- SCENARIO...
set -u

suite=$1 guest=$2 cpus=$3 arguments=${4#-}
shift 4
here=$(cd "$(dirname "$0")" && pwd)
folder=$VM/$suite
console=$folder/console.$guest result=$folder/result.$guest
again=$folder/again.$guest
limit=${VM_SECONDS:-400} first=120
version=$(sed 's/^\([0-9]*\.[0-9]*\).*/\1/' "$folder/release")
kernel=$version
[ "$ARCH" = amd64 ] || kernel=$version-$ARCH${suite#"${suite%-16k}"}
initrd=$folder/initrd
[ "$guest" != bare ] || initrd=$folder/initrd.bare
rm -f "$again"

# Newer kernels for x86 panic now and then in the emulator when they change their
# code while several CPUs start: one starts, the others are put online later.
[ "$cpus" -eq 1 ] || case $ARCH-$version in
arm64-* | *-5.* | *-6.[0-9] | *-6.1[01]) ;;
*) arguments="$arguments maxcpus=1" ;;
esac
# What a guest with several CPUs runs is short: a long silence is a lockup.
[ "$cpus" -eq 1 ] || limit=${VM_SECONDS:-120}

case $ARCH in
amd64) port=ttyS0 megabytes=512 ;;
arm64) port=ttyAMA0 megabytes=768 ;;
esac

emulator='' watchdog=''
end_all()
{
	for process in $emulator $watchdog; do
		kill -KILL "$process" 2>/dev/null
	done
}
trap 'end_all; exit 130' INT TERM HUP

# Ends a guest that has had nothing to tell for too long, however slow the host.
watch_over()
{
	quiet=0 size=0 patience=$first
	while [ $quiet -lt "$patience" ]; do
		sleep 2
		quiet=$((quiet + 2))
		now=$(wc -c <"$result")
		[ "$now" -eq "$size" ] || quiet=0 size=$now patience=$limit
	done
	kill -KILL "$emulator"
}

# The emulator and a board of its with two serial ports, the second of which the
# kernel calls ttyS1. QEMU 7.2 spoils the flags at times when it emulates
# cmpxchg16b, and kernels from 6.12 on die of it: without cx16 they use none. What
# authenticates pointers on arm64 takes most of the time.
emulate()
{
	case $ARCH in
	amd64)
		set -- qemu-system-x86_64 -cpu max,-cx16 \
			-serial "file:$console" -serial "file:$result" "$@"
		;;
	arm64)
		set -- qemu-system-aarch64 -M virt -cpu max,pauth=off \
			-serial "file:$console" -chardev null,id=none \
			-chardev "file,id=result,path=$result" \
			-device pci-serial-2x,chardev1=none,chardev2=result "$@"
		;;
	esac
	exec "$@" </dev/null >"$folder/emulator.$guest" 2>&1
}

# A guest's end is its own, a panic (at once, without a reboot), or its silence.
boot()
{
	: >"$console"
	: >"$result"
	emulate -accel tcg -smp "$cpus" -m "$megabytes" \
		-nodefaults -display none -no-reboot \
		-kernel "$folder/vmlinuz" -initrd "$initrd" \
		-append "console=$port panic=-1 oops=panic mitigations=off random.trust_cpu=on $arguments -- $*" &
	emulator=$!
	watch_over >"$folder/watchdog.$guest" 2>&1 &
	watchdog=$!
	wait "$emulator"
	status=$?
	kill "$watchdog" 2>/dev/null
	emulator='' watchdog=''
}

# The emulator, and not the kernel, is to blame for a guest that dies before its
# first line, for a breakpoint of the kernel's own that it did not expect, and
# for a CPU that never comes back to its scheduler (seen on 6.1 with 4 CPUs, one
# of them being taken offline).
blamed='int3: 0000|BUG: (soft|hard) lockup|detected (expedited )?stalls'
blamed="$blamed|self-detected stall|NMI backtrace for cpu"
emulator_failed()
{
	! grep -qx done "$result" || return 1
	! grep -q '^boot ' "$result" || grep -qE "$blamed" "$console"
}

boot "$@"
for _ in 1 2 3; do
	emulator_failed || break
	echo "$kernel $guest" >>"$again"
	boot "$@"
done

ended="died"
[ $status -ne 137 ] || ended="told nothing for a long time and was ended"
tr -d '\r' <"$result" | awk -v kernel="$kernel" -v guest="$guest" \
	-v scenarios="$*" -v ended="$ended" -v console="$console" \
	-v table="$VM/table" -v skips="${RESULTS:+$RESULTS.skips}" \
	-f "$here/report.awk" >"$folder/report.$guest"
cat "$folder/report.$guest"
