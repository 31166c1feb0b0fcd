#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Two builds of the archive in folders of different names and depths must be the
# same to the byte, and so must two archives be. Called by make.
set -eu
cd "$(dirname "$0")/.."

: "${MAKE:=make}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(cat VERSION)
guilty=0

same()
{
	cmp "$work/$1" "$work/$2" >/dev/null && return
	echo "$1 and $2 differ"
	guilty=1
}

contrib/dist.sh "$work/first.tar.gz"
for folder in one another/folder; do
	mkdir -p "$work/$folder"
	tar -x -C "$work/$folder" -f "$work/first.tar.gz"
	# shellcheck disable=SC2086 # MAKE holds words
	(cd "$work/$folder/tcpwatch-$version" &&
		env -u BUILD $MAKE BUILD=build all ${STATIC_TOO:-static} >/dev/null)
done
(cd "$work/one/tcpwatch-$version" && SOURCE_DATE_EPOCH=1 contrib/dist.sh ../a.tar.gz)
(cd "$work/another/folder/tcpwatch-$version" &&
	SOURCE_DATE_EPOCH=1 contrib/dist.sh ../a.tar.gz)
same one/a.tar.gz another/folder/a.tar.gz
for program in tcpwatch tcpwatch-static; do
	same "one/tcpwatch-$version/build/$program" \
		"another/folder/tcpwatch-$version/build/$program"
done
exit $guilty
