#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Every header compiles alone, with every compiler we support, as strict C.
set -u
cd "$(dirname "$0")/.." || exit 1
# cmocka's header wants these before it, and tests' headers come after it.
cmocka="-include stdarg.h -include stddef.h -include stdint.h -include setjmp.h
	-include cmocka.h"
guilty=0

for compiler in gcc clang; do
	if ! command -v "$compiler" >/dev/null; then
		echo "$compiler is missing: make deps check"
		guilty=1
		continue
	fi
	while read -r header; do
		case $header in
		src/*) paths="-Iinclude -Isrc" ;;
		backends/*) paths="-Iinclude -Ibackends" ;;
		tests/*) paths="-Iinclude -Isrc -Ibackends -Itests $cmocka" ;;
		*) paths=-Iinclude ;;
		esac
		# shellcheck disable=SC2086 # lists of words
		"$compiler" -std=c11 -D_GNU_SOURCE $paths -Wall -Wextra -Wshadow \
			-Wundef -Wno-unused-function -pedantic -Werror \
			-fsyntax-only -x c "$header" ||
			guilty=1
	done < <(find include src backends tests -name '*.h' | sort)
done
exit $guilty
