#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Builds for another processor: cross.sh ARCH [check-cross|check-vm]. The libraries
# are Debian's for that processor, fetched by apt into the build's folder; riscv64
# has none in Debian 12: its build is static, and what its tests need is compiled
# from Debian's source package. check-cross runs the unit tests and the golden cases
# under qemu-user, check-vm the tests of tests/vm in emulated kernels (arm64 only).
# Skips with 77 and a line "skip: reason".
set -eu

arch=$1 bpf=no links="-lz -lzstd"
: "${MAKE:=make}" "${BUILD:=build}"
case $arch in
arm64) triplet=aarch64-linux-gnu emulator=qemu-aarch64 bpf=auto ;;
armhf) triplet=arm-linux-gnueabihf emulator=qemu-arm ;;
riscv64) triplet=riscv64-linux-gnu emulator=qemu-riscv64 ;;
s390x) triplet=s390x-linux-gnu emulator=qemu-s390x ;;
*)
	echo "cross: ARCH is '$arch'; use arm64, armhf, riscv64 or s390x" >&2
	exit 1
	;;
esac
out=$BUILD/cross/$arch
mkdir -p "$out"
folder=$(cd "$out" && pwd)
root=$folder/root
libraries=$root/usr/lib/$triplet
. "$(dirname "$0")/apt.inc"

command -v "$triplet-gcc" >/dev/null || skip "$triplet-gcc is missing: make deps cross"

ask_apt()
{
	uri=$(apt_mirror)
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	[ -n "$uri" ] || skip "apt on this host names no Debian mirror"
	apt_root "$1" "$codename" "$2" "$uri"
	apt_update || skip "$(apt_error)"
	rm -rf "$folder/new"
	mkdir -p "$folder/new"
}

fetch_libraries()
{
	ask_apt deb "$arch"
	# shellcheck disable=SC2086 # a list of words
	(cd "$folder/new" && timeout 300 apt-get -qq download $packages) \
		>"$folder/apt/log" 2>&1 || skip "$(apt_error)"
	for package in "$folder"/new/*.deb; do
		dpkg-deb -x "$package" "$root"
	done
	# Some are in /lib, where links of /usr/lib lead to.
	cp -a "$root/lib" "$root/usr/" 2>/dev/null || true
	find "$libraries" -lname '/lib/*' | while read -r link; do
		ln -sf "$(basename "$(readlink "$link")")" "$link"
	done
}

# One file without a configuration worth the name.
make_cmocka()
{
	ask_apt deb-src amd64
	(cd "$folder/new" && timeout 300 apt-get -qq source --download-only cmocka) \
		>"$folder/apt/log" 2>&1 || skip "$(apt_error)"
	tar -x -C "$folder/new" --strip-components=1 -f "$folder"/new/cmocka_*.orig.tar.*[2z]
	mkdir -p "$root/usr/include" "$libraries"
	: >"$folder/new/config.h"
	"$triplet-gcc" -O2 -w -c -o "$folder/new/cmocka.o" -I "$folder/new/include" \
		-I "$folder/new" -DHAVE_CONFIG_H -DHAVE_SIGNAL_H -DHAVE_STRSIGNAL \
		-DHAVE_STRUCT_TIMESPEC -DHAVE_CLOCK_GETTIME_REALTIME -DHAVE_UNISTD_H \
		-DHAVE_INTTYPES_H "$folder/new/src/cmocka.c"
	cp "$folder/new/include/"cmocka*.h "$root/usr/include/"
	rm -f "$libraries/libcmocka.a"
	"$triplet-ar" rcs "$libraries/libcmocka.a" "$folder/new/cmocka.o"
}

packages="libc6 zlib1g zlib1g-dev libzstd1 libzstd-dev libcmocka0 libcmocka-dev"
[ $bpf = no ] || links="-lbpf -lelf $links"
[ $bpf = no ] || packages="$packages linux-libc-dev libelf1 libelf-dev libbpf1 libbpf-dev"
if [ "$(cat "$root/complete" 2>/dev/null)" != "$packages" ]; then
	rm -rf "$root"
	case $arch in
	riscv64) make_cmocka ;;
	*) fetch_libraries ;;
	esac
	rm -rf "$folder/new"
	echo "$packages" >"$root/complete"
fi

export PKG_CONFIG_LIBDIR="$libraries/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$root"
case $arch in
riscv64) with=no static=-static ;;
*) with=yes static='' ;;
esac
make_()
{
	$MAKE BUILD="$out" WERROR=1 CC="$triplet-gcc" AR="$triplet-ar" \
		CLANG="${CLANG:-clang} -idirafter $root/usr/include/$triplet" \
		WITH_BPF=$bpf WITH_METRICS=no WITH_ZLIB=$with WITH_ZSTD=$with CPPFLAGS="-isystem $root/usr/include" \
		LDFLAGS="-L$libraries -Wl,-rpath-link,$libraries $static" "$@"
}

# The objects are the same: only the last step differs.
make_ all "$out/libtcpwatch.a"
if [ $with = yes ]; then
	# shellcheck disable=SC2086 # words
	"$triplet-gcc" -static -o "$out/tcpwatch-static.whole" "$out/src/main.o" \
		"$out/libtcpwatch.a" -L"$libraries" $links
else
	cp "$out/tcpwatch" "$out/tcpwatch-static.whole"
fi
"$triplet-strip" -o "$out/tcpwatch-static" "$out/tcpwatch-static.whole"
rm "$out/tcpwatch-static.whole"

check_vm()
{
	make_ "$out/tests/load/load" "$out/tests/vm/bare_init.o"
	"$triplet-gcc" -static -o "$out/bare_init" "$out/tests/vm/bare_init.o"
	ARCH=$arch VM=$BUILD/vm/$arch TCPWATCH=$out/tcpwatch LOAD=$out/tests/load/load \
		STATIC=$out/tcpwatch-static BARE_INIT=$out/bare_init \
		"$(dirname "$0")/../tests/vm/check.sh"
}

case ${2:-} in
check-cross) ;;
check-vm)
	check_vm
	exit
	;;
*) exit 0 ;;
esac

# Programs of the other processor are run by ours through a file that says how.
command -v "$emulator" >/dev/null || skip "$emulator is missing: make deps check-cross"
RUNNER="$emulator -L $root"
# The emulator knows no seccomp, of which the program tells.
for name in tcpwatch tcpwatch-static; do
	cat >"$out/run-$name" <<-EOF
	#!/bin/sh
	$RUNNER "$folder/$name" "\$@" 2>"$folder/errors.\$\$"
	status=\$?
	grep -v "^tcpwatch: no system call is given up: " "$folder/errors.\$\$" >&2
	rm -f "$folder/errors.\$\$"
	exit \$status
	EOF
	chmod +x "$out/run-$name"
done
export RUNNER UNIT_SECONDS=300 UNIT_STRIDE=23
make_ TCPWATCH="$out/run-tcpwatch" check-unit
