#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Builds the Debian packages, looks at them with lintian, and installs, runs and
# purges them in a Debian of their own, of which nothing is left afterwards; looks at
# the form of the other recipes as far as their tools are here. As root.
set -eu
cd "$(dirname "$0")/.."

: "${BUILD:=build}"
folder=$(realpath -m "$BUILD/packages-apt")
. contrib/apt.inc
unset APT_CONFIG
for tool in dpkg-buildpackage dh lintian mmdebstrap; do
	command -v $tool >/dev/null || skip "$tool is missing: make deps check-packages"
done
[ "$(id -u)" -eq 0 ] || skip "not root"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
trap 'exit 130' INT TERM HUP

fail()
{
	echo "FAIL: $*"
	exit 1
}

look_at_recipes()
{
	contrib/package.sh recipes >/dev/null
	! grep -r '@[A-Z0-9_]*@' "$BUILD/recipes" || fail "a recipe has a gap"
	command -v rpmspec >/dev/null || return 0
	[ "$(rpmspec -q --qf '%{version}' "$BUILD/recipes/rpm/tcpwatch.spec")" = \
		"$(cat VERSION)" ] || fail "the spec names another version"
}

# inside COMMAND: in the other Debian.
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }

installed() { inside dpkg -L "$1" | grep -c '^/usr/'; }

look_at_recipes
BUILD=$BUILD contrib/package.sh deb >"$BUILD/packages.log" 2>&1 || {
	tail -n 40 "$BUILD/packages.log"
	fail "the packages were not built"
}
lintian --fail-on error,warning "$BUILD"/packages/*.changes || fail "lintian"

codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
uri=$(apt_mirror)
[ -n "$uri" ] || skip "apt on this host names no Debian mirror"
mmdebstrap --quiet --variant=apt --mode=root "$codename" "$root" "$uri" \
	>"$BUILD/packages.log" 2>&1 ||
	skip "no Debian was made: $(tail -n 1 "$BUILD/packages.log")"
cp "$BUILD"/packages/tcpwatch*.deb "$root/tmp/"
rm -f "$root"/tmp/*dbgsym*
# It reaches the mirror as this host does.
for file in /etc/resolv.conf /etc/hosts; do
	[ ! -e $file ] || cat $file >"$root$file"
done
inside sh -c 'apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
	apt-get -qq install -y --no-install-recommends /tmp/*.deb' \
	>"$BUILD/packages.log" 2>&1 ||
	fail "not installed: $(tail -n 3 "$BUILD/packages.log")"
for program in tcpwatch tcpwatch-static; do
	[ "$(inside $program --version | head -n 1)" = "tcpwatch $(cat VERSION)" ] ||
		fail "$program does not run"
	inside $program help life >/dev/null || fail "$program help life"
	[ "$(installed $program)" -gt 2 ] || fail "$program: no files"
done
inside dpkg --purge tcpwatch tcpwatch-static >/dev/null
! find "$root/usr" "$root/etc" "$root/var/lib" -name '*tcpwatch*' | grep . ||
	fail "files are left behind"
echo "summary: 2 packages installed, run and purged"
