#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Installs under two prefixes into a folder of its own: what is there must be this
# list, systemd must understand the units, and uninstall must leave no file. Called
# by make, METRICS=yes|no tells whether the build has that part.
set -eu
cd "$(dirname "$0")/.."

: "${MAKE:=make}" "${BUILD:=build}" "${METRICS:=yes}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

fail()
{
	echo "FAIL: $*"
	exit 1
}

# Mode and path, in the order of the paths.
expected()
{
	cat <<-EOF
	644 lib/systemd/system/tcpwatch-metrics.service
	644 lib/systemd/system/tcpwatch-stream.service
	755 sbin/tcpwatch
	644 share/bash-completion/completions/tcpwatch
	644 share/doc/tcpwatch/caveats.md
	$(find docs/diagnoses -name '*.md' -printf '644 share/doc/tcpwatch/diagnoses/%f\n')
	644 share/doc/tcpwatch/examples.md
	644 share/doc/tcpwatch/overhead.md
	644 share/fish/vendor_completions.d/tcpwatch.fish
	644 share/man/man8/tcpwatch.8
	644 share/zsh/site-functions/_tcpwatch
	EOF
}

present() { find "$work/root$1" ! -type d -printf '%m %P\n' | sort -k 2; }

# shellcheck disable=SC2086 # MAKE holds words
make_() { $MAKE BUILD="$BUILD" DESTDIR="$work/root" "$@" >"$work/log" 2>&1; }

# Units are asked about with the program where it is now.
verify()
{
	command -v systemd-analyze >/dev/null || return 0
	for unit in "$work/root$1"/lib/systemd/system/*.service; do
		grep -q "^ExecStart=$1/sbin/tcpwatch " "$unit" ||
			fail "$unit starts another program"
		sed "s,^ExecStart=,&$work/root," "$unit" >"$work/${unit##*/}"
		systemd-analyze verify --man=no "$work/${unit##*/}" >"$work/log" 2>&1 &&
			[ ! -s "$work/log" ] || fail "${unit##*/}: $(cat "$work/log")"
	done
}

for prefix in /usr /usr/local; do
	make_ PREFIX=$prefix install || fail "install: $(cat "$work/log")"
	expected | sort -k 2 | { [ "$METRICS" = yes ] && cat || grep -v metrics; } >"$work/expected"
	present $prefix | diff "$work/expected" - || fail "other files in $prefix"
	verify $prefix
	make_ PREFIX=$prefix uninstall || fail "uninstall: $(cat "$work/log")"
	! present $prefix | grep . || fail "uninstall leaves files in $prefix"
done
make_ PREFIX=/usr UNITS= install || fail "install: $(cat "$work/log")"
! present /usr | grep service || fail "units although there should be none"
echo "summary: $(wc -l <"$work/expected") files installed and removed"
