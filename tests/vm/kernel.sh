#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Fetches the newest cloud kernel of a Debian suite for the processor in ARCH:
# kernel.sh SUITE FOLDER leaves vmlinuz, release and lib/modules there, and keeps
# them until there is a newer one. SUITE-16k is arm64's kernel with pages of 16 KiB.
# The mirror is the one that apt uses on this host, the signatures are checked by
# apt. Skips with 77 and a line "skip: reason".
set -eu

case $1 in
*-16k) image=linux-image-$ARCH-16k ;;
*) image=linux-image-cloud-$ARCH ;;
esac
suite=${1%-16k}
mkdir -p "$2"
folder=$(cd "$2" && pwd)
. "$(dirname "$0")/../../contrib/apt.inc"

# The kernel's own packages behind the one that always names the newest: one
# package in older suites, an image and its modules apart in newer ones.
packages()
{
	set -- "$image"
	while [ $# -gt 0 ]; do
		found=$(apt-cache show --no-all-versions "$1" |
			sed -n 's/^Depends: //p' | tr ',' '\n' | sed -n \
			's/^ *\(linux-\(image\|binary\|modules\)-[0-9][^ ]*\) (= \([^)]*\)).*/\1=\3/p')
		echo "$found"
		shift
		for package in $found; do
			set -- "$@" "$package"
		done
	done | grep . | sort -u
}

download()
{
	rm -rf "$folder/new"
	mkdir "$folder/new"
	# shellcheck disable=SC2046 # a list of words
	(cd "$folder/new" && timeout 300 apt-get -qq download $(cat "$folder/packages.new"))
}

# Modules are unpacked, since busybox reads no compressed ones.
unpack()
{
	for package in "$folder"/new/*.deb; do
		dpkg-deb --fsys-tarfile "$package" |
			tar -x -C "$folder/new" --wildcards '*/boot/vmlinuz*' \
			'*/lib/modules/*' 2>/dev/null || true
	done
	modules=$(ls -d "$folder"/new/lib/modules/*/kernel \
		"$folder"/new/usr/lib/modules/*/kernel 2>/dev/null | head -n 1)
	[ -n "$modules" ] || return 1
	modules=${modules%/kernel}
	basename "$modules" >"$folder/release"
	find "$modules" -name '*.ko.xz' -exec xz -d {} +
	rm -rf "$folder/lib"
	mkdir -p "$folder/lib/modules"
	mv "$(ls "$folder"/new/boot/vmlinuz* "$modules/vmlinuz" 2>/dev/null |
		head -n 1)" "$folder/vmlinuz"
	mv "$modules" "$folder/lib/modules/"
	busybox depmod -b "$folder" "$(cat "$folder/release")"
	rm -rf "$folder/new"
}

# fallback REASON: the kernel that is there already, if there is one.
fallback()
{
	[ -f "$folder/packages" ] || skip "$*"
	exit 0
}

uri=$(apt_mirror)
[ -n "$uri" ] || fallback "apt on this host names no Debian mirror"
apt_root deb "$suite" "$ARCH" "$uri"
apt_update || fallback "$(apt_error)"
packages >"$folder/packages.new"
[ -s "$folder/packages.new" ] || fallback "no $image there"
cmp -s "$folder/packages" "$folder/packages.new" && exit 0
download >"$folder/apt/log" 2>&1 || fallback "$(apt_error)"
rm -f "$folder/packages"
unpack
mv "$folder/packages.new" "$folder/packages"
