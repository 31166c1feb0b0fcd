#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# How soon each build watches, and in how much memory: a table in Markdown, also left
# in $BUILD/start/table.md. The builds take turns, and every moment is one that the
# kernel tells of (start.c): nothing is looked for again and again. As root.
#
#   ROUNDS=11
set -eu

if [ -z "${BENCH_INSIDE:-}" ]; then
	[ "$(id -u)" -eq 0 ] || {
		echo "bench-start: needs root" >&2
		exit 1
	}
	BENCH_INSIDE=yes
	export BENCH_INSIDE
	# tracefs may have to be mounted: not for others to see.
	exec unshare -m -n sh "$0"
fi

: "${BUILD:=build}" "${ROUNDS:=11}" "${STRIP:=strip}"
builds="full bpf no-metrics bare static"
here=$(cd "$(dirname "$0")" && pwd)
start=$BUILD/bench/start
work=$(mktemp -d /tmp/tcpwatch-bench.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

title()
{
	case $1 in
	full) echo "\`tcpwatch\`, stripped" ;;
	bpf) echo "the same, \`--backend=bpf\`" ;;
	no-metrics) echo "\`WITH_METRICS=no\`" ;;
	bare) echo "\`WITH_BPF=no WITH_METRICS=no\`" ;;
	static) echo "\`tcpwatch-static\`" ;;
	esac
}

program()
{
	case $1 in
	full) echo "$BUILD/tcpwatch" ;;
	static) echo "$BUILD/tcpwatch-static" ;;
	*) echo "$BUILD/start/$1/tcpwatch" ;;
	esac
}

# The libraries that it names, and how many they bring with them.
links()
{
	readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\.so.*/\1/p' |
		sed 's/^libc$/C library/' >"$work/needed"
	needed=$(paste -s -d, "$work/needed" | sed 's/,/, /g')
	loaded=$(ldd "$1" 2>/dev/null | grep -c '=> /' || :)
	more=$((loaded - $(wc -l <"$work/needed")))
	[ "$more" -le 0 ] || needed="$needed, and $more of theirs"
	echo "${needed:-nothing}"
}

fail()
{
	echo "bench-start: $*" >&2
	exit 1
}

record() { echo "$*" >>"$work/records"; }

# As it is installed.
prepare()
{
	record title "$1" "$(title "$1")"
	case $1 in
	bpf) ln "$work/full" "$work/bpf" ;;
	*)
		"$STRIP" -o "$work/$1" "$(program "$1")"
		record size "$1" "$(stat -c %s "$work/$1")"
		record links "$1" "$(links "$work/$1")"
		;;
	esac
}

# once BUILD: one start to its end, and one to its first row.
once()
{
	case $1 in
	bpf) backend=bpf ;;
	*)
		backend=auto
		figures=$("$start" exit "$work/$1" --version) || fail "$1 --version"
		record exit "$1" "$figures"
		;;
	esac
	figures=$("$start" watch "$work/ready" "$work/$1" --backend=$backend \
		--ready-file "$work/ready") || fail "$1 does not watch"
	record watch "$1" "$figures"
}

tracing=/sys/kernel/tracing
[ -d $tracing/events ] || mount -t tracefs tracefs $tracing
ip link set lo up
record host "$(date -u +%Y-%m-%d)" "$(uname -r | cut -d . -f 1,2)" "$(nproc)" \
	"$ROUNDS" "$(cut -d ' ' -f 1 /proc/loadavg)"
"$BUILD/tcpwatch" --backend=bpf -q -d 0.1 >/dev/null 2>&1 ||
	builds="full no-metrics bare static"
for build in $builds; do
	prepare "$build"
done
for _ in $(seq "$ROUNDS"); do
	for build in $builds; do
		once "$build"
	done
done
mkdir -p "$BUILD/start"
awk -f "$here/median.awk" -f "$here/start.awk" "$work/records" |
	tee "$BUILD/start/table.md"
