#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Whether the recipes for RPM, Buildroot, OpenWrt and Yocto are of the form their
# systems read, and agree with the archive, the Makefile and what install makes.
# Their commands run with what those systems would define (contrib/systems.make); the
# network is not asked. Called by make after a build.
set -eu
cd "$(dirname "$0")/.."

: "${MAKE:=make}" "${BUILD:=build}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
recipes=$BUILD/recipes
version=$(cat VERSION)
archive=$BUILD/tcpwatch-$version.tar.gz
tree=$work/tcpwatch-$version
spec=$recipes/rpm/tcpwatch.spec
buildroot=$recipes/buildroot/package/tcpwatch
openwrt=$recipes/openwrt/tcpwatch/Makefile
yocto=$recipes/yocto/recipes-networking/tcpwatch/tcpwatch_$version.bb
# The library of each part that needs one, and the least version of it.
libraries='BPF:libbpf ZLIB:zlib ZSTD:libzstd METRICS:libmicrohttpd'

fail()
{
	echo "FAIL: $*"
	exit 1
}

# has FILE WORDS: there is a line with them.
has() { grep -qF -e "$2" "$1" || fail "$1 lacks '$2'"; }

sum_of() { "$1" "$2" | cut -d' ' -f1; }

least() { sed -n "s/^$1 := \([^ ]* [0-9.]*\) .*/\1/p" Makefile; }

# The archive and its licence are those that the recipes name; nothing is left open.
look_at_sums()
{
	! grep -r '@[A-Z0-9_]*@' "$recipes" || fail "a recipe has a gap"
	archive_sum=$(sum_of sha256sum "$archive")
	tar -x -C "$work" -f "$archive" || fail "the archive is no archive"
	has "$buildroot/tcpwatch.hash" "sha256  $archive_sum  tcpwatch-$version.tar.gz"
	has "$buildroot/tcpwatch.hash" \
		"sha256  $(sum_of sha256sum "$tree/LICENSE")  LICENSE"
	has "$buildroot/tcpwatch.mk" "TCPWATCH_VERSION = $version"
	has "$openwrt" "PKG_HASH:=$archive_sum"
	has "$openwrt" "PKG_VERSION:=$version"
	has "$openwrt" "PKG_LICENSE_FILES:=LICENSE"
	has "$yocto" "SRC_URI[sha256sum] = \"$archive_sum\""
	has "$yocto" "file://LICENSE;md5=$(sum_of md5sum "$tree/LICENSE")\""
	git ls-files >"$work/git" 2>/dev/null || return 0
	tar -tf "$archive" | sed 's,^[^/]*/,,' | sort >"$work/packed"
	sort "$work/git" | diff - "$work/packed" || fail "the archive has other files"
}

# A switch that the Makefile has not, would silently do nothing; one left to "auto"
# would take what happens to be in the system's folder.
look_at_switches()
{
	parts=$(sed -n 's/^parts := //p' Makefile)
	for switch in $(grep -rhoE 'WITH_[A-Z0-9]+' "$recipes" | sort -u); do
		echo " $parts " | grep -q " ${switch#WITH_} " ||
			fail "a recipe has $switch, and the Makefile has not"
	done
	for recipe in "$buildroot/tcpwatch.mk" "$openwrt" "$yocto"; do
		for pair in $libraries; do
			grep -qE "WITH_${pair%:*}=(yes|no)" "$recipe" ||
				fail "$recipe leaves WITH_${pair%:*} open"
		done
	done
}

# Who builds a part says what it needs, in the version that the Makefile asks for.
look_at_needs()
{
	for pair in $libraries; do
		part=${pair%:*} library=${pair#*:}
		[ "$(least "$part")" ] || fail "the Makefile does not name $library"
		has "$spec" "pkgconfig($library) >= $(least "$part" | cut -d' ' -f2)"
		for need in $(sed -n "s/^$part := [^ ]* [^ ]* //p" Makefile |
			grep -oE '[a-z0-9-]+ \(>= [0-9.]+\)' | tr ' ' '~'); do
			has contrib/debian/control "$(echo "$need" | tr '~' ' ')"
		done
		for recipe in "$buildroot/tcpwatch.mk" "$yocto"; do
			! grep -q "WITH_$part=yes" "$recipe" ||
				grep -qE "DEPENDS.*${library#lib}|DEPENDENCIES.*${library#lib}" \
					"$recipe" || fail "$recipe does not depend on $library"
		done
	done
}

# run_recipe SYSTEM FILE GOAL...: the recipe's own commands.
run_recipe()
{
	system=$1 recipe=$2
	shift 2
	env -u MAKEFLAGS -u MAKELEVEL -u BUILD make -s -f contrib/systems.make \
		SYSTEM="$system" RECIPE="$recipe" TREE="$tree" TARGET="$work/$system" \
		"$@" >"$work/log" 2>&1 || fail "$recipe: $(cat "$work/log")"
}

look_at_buildroot()
{
	for with in y n; do
		run_recipe buildroot "$buildroot/tcpwatch.mk" LIBRARIES=$with build
		has "$work/log" "-DWITH_ZLIB=$([ $with = y ] && echo 1 || echo 0)"
		has "$work/log" "-DWITH_METRICS=0"
		run_recipe buildroot "$buildroot/tcpwatch.mk" LIBRARIES=$with install
		has "$work/log" "$work/buildroot/usr/sbin/tcpwatch"
	done
	awk '/^config BR2_PACKAGE_TCPWATCH$/ { found = 1; next }
		!/^$|^\t(bool|depends|help)|^\t  / { exit bad = 1 }
		length > 72 { exit bad = 1 }
		END { exit bad || !found }' "$buildroot/Config.in" ||
		fail "Config.in has another form"
}

look_at_openwrt()
{
	run_recipe openwrt "$openwrt" build
	has "$work/log" "-DWITH_BPF=0"
	run_recipe openwrt "$openwrt" install
	[ "$(cd "$work/openwrt" && find . -type f)" = ./usr/sbin/tcpwatch ] ||
		fail "OpenWrt's package has other files"
}

# Assignments, inherit and functions in shell; the latter are run.
look_at_yocto()
{
	awk -v functions="$work/functions" '
		inside { print >functions; if (/^}/) inside = 0; next }
		more { more = /\\$/; next }
		/^do_[a-z]+\(\) \{$/ { inside = 1; print >functions; next }
		/^[A-Z_]+(:\$\{PN\})?(\[sha256sum\])? (\+?=) "/ && /("|\\)$/ {
			more = /\\$/; next }
		/^(#.*|inherit [a-z ]+)?$/ { next }
		{ print "cannot be read: " $0; bad = 1 }
		END { exit bad || inside || more }' "$yocto" || fail "$yocto"
	sed -n '/^EXTRA_OEMAKE/,/"$/p' "$yocto" |
		sed -e 's/ = /=/' -e 's/\\$//' -e 's/\${@.*d)}/${units}/' >"$work/flags"
	{
		echo "set -e; prefix=/usr; D=$work/yocto; units=/lib/systemd/system"
		tr -d '\n' <"$work/flags"
		echo
		cat "$work/functions"
		echo "oe_runmake() { make -n -C $tree \$EXTRA_OEMAKE \"\$@\"; }"
		echo "do_compile; do_install"
	} >"$work/yocto.sh"
	env -u MAKEFLAGS -u MAKELEVEL -u BUILD sh "$work/yocto.sh" >"$work/log" 2>&1 ||
		fail "$yocto: $(tail -n 3 "$work/log")"
	has "$work/log" "-DWITH_ZSTD=1"
	has "$work/log" "$work/yocto/usr/sbin/tcpwatch"
	has "$work/log" "$work/yocto/lib/systemd/system/tcpwatch-stream.service"
}

look_at_spec()
{
	command -v rpmspec >/dev/null || return 0
	[ "$(rpmspec -q --qf '%{version}' "$spec")" = "$version" ] ||
		fail "the spec names another version"
	rpmspec -P "$spec" >"$work/spec" 2>"$work/log" && [ ! -s "$work/log" ] ||
		fail "rpmspec: $(cat "$work/log")"
	sed -n '/^%files/,/^%changelog/s/^\/\(.*[^*]\)\**$/\1/p' "$work/spec" | sort \
		>"$work/named"
	$MAKE BUILD="$BUILD" DESTDIR="$work/rpm" PREFIX=/usr install >/dev/null
	# What %doc takes from the tree, the spec removes here.
	rm -r "$work/rpm/usr/share/doc/tcpwatch"
	for page in $(sed -n 's/^%\(doc\|license\) //p' "$work/spec"); do
		[ -e "$tree/$page" ] || fail "%doc: no $page"
	done
	(cd "$work/rpm" && find ./* ! -type d | sed 's,^./,,' | sort) |
		diff "$work/named" - || fail "%files are not what is installed"
	command -v rpmlint >/dev/null || return 0
	rpmlint "$spec" >"$work/log" || fail "rpmlint: $(cat "$work/log")"
}

contrib/package.sh recipes >/dev/null
look_at_sums
look_at_switches
look_at_needs
look_at_buildroot
look_at_openwrt
look_at_yocto
look_at_spec
echo "summary: 4 recipes"
