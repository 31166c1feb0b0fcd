#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs every test there is, each build that must stay good included, and ends on
# one line that counts them all. Called by `make check`.
set -u

: "${MAKE:=make}" "${BUILD:=build}"
RESULTS=$(mktemp)
export RESULTS
log=$RESULTS.log
: >"$RESULTS.skips"
trap 'rm -f "$RESULTS" "$RESULTS.skips" "$log"' EXIT
trap 'exit 130' INT TERM HUP

# A make that was not told how many jobs to run uses every processor. MAKE itself,
# which goes on to the makes inside of it, must not say so: theirs are its jobs.
case "${MAKEFLAGS:-}" in
*-j*) jobs='' ;;
*) jobs=-j$(nproc) ;;
esac

# Its own counts come from run.sh; a step that never got there counts as one.
counted()
{
	title=$1
	shift
	echo "== $title"
	before=$(wc -l <"$RESULTS")
	"$@"
	status=$?
	[ "$(wc -l <"$RESULTS")" -gt "$before" ] || single "$title" "$status"
}

# A step that passes, fails or (77) skips as a whole.
whole()
{
	title=$1
	shift
	echo "== $title"
	"$@" >"$log" 2>&1
	status=$?
	[ "$status" -eq 0 ] || sed 's/^/      | /' "$log"
	single "$title" "$status"
}

single()
{
	case $2 in
	0)
		echo "ok    $1"
		echo "1 0 0" >>"$RESULTS"
		;;
	77)
		reason=$(sed -n 's/^skip: //p' "$log" | tail -n 1)
		echo "skip  $1: ${reason:-no reason given}" |
			tee -a "$RESULTS.skips"
		echo "0 0 1" >>"$RESULTS"
		;;
	*)
		echo "FAIL  $1"
		echo "0 1 0" >>"$RESULTS"
		;;
	esac
}

# shellcheck disable=SC2086 # MAKE holds words
make_() { $MAKE $jobs "$@"; }

whole "gcc without a warning" make_ BUILD="$BUILD/gcc" CC=gcc WERROR=1 all
whole "clang without a warning" make_ BUILD="$BUILD/clang" CC=clang WERROR=1 all
whole headers contrib/check-headers.sh
whole layers contrib/check-layers.sh
whole "man page" contrib/check-man.sh
whole completion make_ BUILD="$BUILD" check-completion
whole "pages of docs" make_ BUILD="$BUILD" check-docs
counted "unit tests" make_ check-unit
# Where speed is not what is looked at, -O1 compiles in less time.
counted "unit tests, sanitized" make_ SANITIZE=address,undefined CFLAGS=-O1 check-unit
counted "unit tests, without tracefs and libmicrohttpd" \
	make_ BUILD="$BUILD/no-tracefs" WITH_TRACEFS=no WITH_METRICS=no \
	WERROR=1 CFLAGS=-O1 check-unit
whole "static build" make_ BUILD="$BUILD" WERROR=1 static
whole install make_ BUILD="$BUILD" check-install
whole recipes make_ BUILD="$BUILD" check-recipes
whole "reproducible build" make_ BUILD="$BUILD" check-reproducible
whole "Debian packages" env DEB_BUILD_OPTIONS=nocheck BUILD="$BUILD" \
	contrib/check-packages.sh
counted "golden cases, static build" env TCPWATCH="$BUILD/tcpwatch-static" \
	tests/run.sh unit "$BUILD/tests/unit/golden_test"
counted "unit tests, arm64" make_ BUILD="$BUILD" ARCH=arm64 check-cross
counted "fuzz targets" make_ FUZZ_SECONDS=5 fuzz
whole "bench builds" make_ "$BUILD/bench/replay_bench" "$BUILD/bench/measure" \
	"$BUILD/bench/start"
BUILD=$BUILD whole "instructions an event" bench/bench-instructions.sh
counted "live tests" make_ check-live
counted "endurance, a minute" make_ soak MINUTES=1
counted "real kernels" make_ ARCH=amd64 check-vm

echo
sort -u "$RESULTS.skips"
awk '{ passed += $1; failed += $2; skipped += $3 }
	END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
	      exit failed > 0 }' "$RESULTS"
