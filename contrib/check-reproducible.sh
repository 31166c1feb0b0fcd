#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A build of the archive in a folder of another name and depth must be the same to
# the byte as the build of this folder, and so must the two folders' archives be.
# Called by make.
set -eu
cd "$(dirname "$0")/.."

: "${MAKE:=make}" "${BUILD:=build}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
version=$(cat VERSION)
tree=$work/another/folder/tcpwatch-$version
guilty=0

same()
{
	cmp "$1" "$2" && return
	echo "FAIL: $1 and $2 differ"
	guilty=1
}

# With the flags of `make check`, which has made this folder's.
# shellcheck disable=SC2086 # MAKE holds words
make_() { $MAKE BUILD="$BUILD" "$@" >"$work/log" 2>&1; }

case $BUILD in
/* | ..*)
	echo "skip: BUILD=$BUILD is no folder of this one"
	exit 77
	;;
esac
SOURCE_DATE_EPOCH=1 contrib/dist.sh "$work/first.tar.gz"
mkdir -p "$work/another/folder"
tar -x -C "$work/another/folder" -f "$work/first.tar.gz"
(cd "$tree" && SOURCE_DATE_EPOCH=1 contrib/dist.sh "$work/second.tar.gz")
same "$work/first.tar.gz" "$work/second.tar.gz"
for folder in . "$tree"; do
	(cd "$folder" && make_ all && make_ WERROR=1 static) || {
		tail -n 20 "$work/log"
		exit 1
	}
done
for program in tcpwatch tcpwatch-static; do
	same "$BUILD/$program" "$tree/$BUILD/$program"
done
[ $guilty -ne 0 ] || echo "summary: the archive and 2 programs, byte for byte"
exit $guilty
