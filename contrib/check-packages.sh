#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Builds the Debian packages, looks at them with lintian, and installs, runs and
# purges them in a Debian of their own, of which nothing is left afterwards but its
# archive, for the next time. As root; DEB_BUILD_OPTIONS=nocheck where the unit tests
# have run before.
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
log=$BUILD/packages.log
codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")

fail()
{
	echo "FAIL: $*"
	exit 1
}

build()
{
	BUILD=$BUILD contrib/package.sh deb >"$log" 2>&1 || {
		tail -n 40 "$log"
		fail "the packages were not built"
	}
	lintian --fail-on error,warning "$BUILD"/packages/*.changes ||
		fail "lintian"
}

# Names of the packages that ours depend on.
needs()
{
	for package in "$BUILD"/packages/tcpwatch*.deb; do
		case $package in *dbgsym*) continue ;; esac
		dpkg-deb -f "$package" Depends
	done | tr ',' '\n' | sed -e 's/(.*//' -e 's/|.*//' | tr -d ' ' | sort -u | grep .
}

# A Debian with what ours need, from the mirror of this host unless it is here.
make_root()
{
	made=$folder/$codename-$(needs | sha256sum | cut -c 1-8).tar
	mkdir -p "$folder"
	if [ ! -e "$made" ]; then
		uri=$(apt_mirror)
		[ -n "$uri" ] || skip "apt on this host names no Debian mirror"
		mmdebstrap --quiet --variant=essential --mode=root \
			--include="$(needs | paste -s -d,)" "$codename" "${made%.tar}.new.tar" \
			"$uri" >"$log" 2>&1 ||
			skip "no Debian was made: $(tail -n 1 "$log")"
		mv "${made%.tar}.new.tar" "$made"
	fi
	tar -x -C "$root" --numeric-owner --exclude='./dev/*' -f "$made"
}

# inside COMMAND: in the other Debian.
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }

try_packages()
{
	cp "$BUILD"/packages/tcpwatch*.deb "$root/tmp/"
	rm -f "$root"/tmp/*dbgsym*
	inside sh -c 'dpkg -i /tmp/*.deb' >"$log" 2>&1 ||
		fail "not installed: $(tail -n 3 "$log")"
	for program in tcpwatch tcpwatch-static; do
		[ "$(inside $program --version | head -n 1)" = "tcpwatch $(cat VERSION)" ] ||
			fail "$program does not run"
		inside $program help life >/dev/null || fail "$program help life"
	done
	for file in $files; do
		[ -e "$root/$file" ] || fail "$file is not there"
	done
	find "$root/etc/systemd" -name '*tcpwatch*' | grep . &&
		fail "a unit is enabled that nobody asked for"
	inside dpkg --purge tcpwatch tcpwatch-static >"$log" 2>&1 || fail "not purged"
	! find "$root/usr" "$root/lib" "$root/etc" "$root/var/lib" -name '*tcpwatch*' |
		grep . || fail "files are left behind"
}

# Where Debian looks for them.
files='usr/sbin/tcpwatch usr/sbin/tcpwatch-static
usr/share/man/man8/tcpwatch.8.gz usr/share/man/man8/tcpwatch-static.8.gz
usr/share/bash-completion/completions/tcpwatch
usr/share/zsh/vendor-completions/_tcpwatch
usr/share/fish/vendor_completions.d/tcpwatch.fish
lib/systemd/system/tcpwatch-metrics.service
lib/systemd/system/tcpwatch-stream.service
usr/share/doc/tcpwatch/copyright usr/share/doc/tcpwatch-static/copyright'

mkdir -p "$BUILD"
build
make_root
try_packages
echo "summary: 2 packages installed, run and purged"
