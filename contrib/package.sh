#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# package.sh deb: Debian packages in build/packages. package.sh recipes: what other
# systems build packages from (RPM, Buildroot, OpenWrt, Yocto), with this version
# and the archive's checksum filled in, in build/recipes.
set -eu
cd "$(dirname "$0")/.."

: "${MAKE:=make}" "${BUILD:=build}"
version=$(cat VERSION)
archive=$BUILD/tcpwatch-$version.tar.gz
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y VERSION)}
export SOURCE_DATE_EPOCH

fill_in()
{
	sed -e "s/@VERSION@/$version/g" -e "s/@SHA256@/$checksum/g" \
		-e "s/@DATE@/$(date -u -R -d "@$SOURCE_DATE_EPOCH")/g" \
		-e "s/@LICENSE_SHA256@/$(sha256sum LICENSE | cut -d' ' -f1)/g" \
		-e "s/@LICENSE_MD5@/$(md5sum LICENSE | cut -d' ' -f1)/g" \
		-e "s/@DAY@/$(LC_ALL=C date -u '+%a %b %d %Y' -d "@$SOURCE_DATE_EPOCH")/g" "$1"
}

deb()
{
	rm -rf "$BUILD/packages"
	mkdir -p "$BUILD/packages"
	cp "$archive" "$BUILD/packages/tcpwatch_$version.orig.tar.gz"
	tar -x -C "$BUILD/packages" -f "$archive"
	tree=$BUILD/packages/tcpwatch-$version
	cp -r contrib/debian "$tree/debian"
	rm "$tree/debian/changelog.in"
	fill_in contrib/debian/changelog.in >"$tree/debian/changelog"
	# No flag of this make is that one's.
	(cd "$tree" && env -u MAKE -u MAKEFLAGS -u MAKELEVEL -u BUILD \
		DEB_BUILD_OPTIONS="parallel=$(nproc) ${DEB_BUILD_OPTIONS:-}" \
		dpkg-buildpackage -us -uc ${DEB_FLAGS:-})
	rm -rf "$tree"
	ls "$BUILD"/packages/*.deb
}

recipes()
{
	rm -rf "$BUILD/recipes"
	find contrib/recipes -type f | while read -r file; do
		to=$BUILD/recipes/${file#contrib/recipes/}
		to=$(echo "$to" | sed "s/@VERSION@/$version/")
		mkdir -p "$(dirname "$to")"
		fill_in "$file" >"$to"
	done
	find "$BUILD/recipes" -type f
}

contrib/dist.sh "$archive"
checksum=$(sha256sum "$archive" | cut -d' ' -f1)
"$@"
