#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Fetches the guests' tools for the processor in ARCH, with the libraries that they
# need: tools.sh FOLDER unpacks them into FOLDER/root and keeps them there. They
# are those of this host's Debian release, from the mirror that its apt uses. Skips
# with 77 and a line "skip: reason".
set -eu

mkdir -p "$1"
folder=$(cd "$1" && pwd)
. "$(dirname "$0")/../../contrib/apt.inc"

packages="busybox-static coreutils dash iproute2 nftables openssl util-linux"

[ "$(cat "$folder/packages" 2>/dev/null)" != "$packages" ] || exit 0
uri=$(apt_mirror)
codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
[ -n "$uri" ] || skip "apt on this host names no Debian mirror"
apt_root deb "$codename" "$ARCH" "$uri"
apt_update || skip "$(apt_error)"
# shellcheck disable=SC2086 # a list of words
timeout 300 apt-get -qq -y --no-install-recommends --download-only install $packages \
	>"$folder/apt/log" 2>&1 || skip "$(apt_error)"
rm -rf "$folder/root"
for package in "$folder"/apt/cache/archives/*.deb; do
	dpkg-deb -x "$package" "$folder/root"
done
rm -rf "$folder/apt/cache"
echo "$packages" >"$folder/packages"
