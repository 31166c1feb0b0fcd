#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Packs the sources, always into the same bytes: dist.sh FILE. In a repository that
# is what git follows, in an unpacked archive all but build/.
set -eu
cd "$(dirname "$0")/.."

version=$(cat VERSION)
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y VERSION)}

files()
{
	git ls-files -z 2>/dev/null ||
		find . -path ./build -prune -o ! -type d -printf '%P\0'
}

mkdir -p "$(dirname "$1")"
files | LC_ALL=C sort -z | tar --null -T - --format=ustar --mtime="@$epoch" --mode=u+w,go=rX \
	--owner=0 --group=0 --numeric-owner --transform "s,^,tcpwatch-$version/,S" \
	-cf - | gzip -n -9 >"$1.new"
mv "$1.new" "$1"
