#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Installs what the goals named on the command line need, with apt; asks the
# network for nothing when all of it is there.
set -eu

packages="gcc libc6-dev pkg-config zlib1g-dev libzstd-dev"
for goal in "$@"; do
	case $goal in
	check | check-unit)
		packages="$packages libcmocka-dev graphviz"
		;;
	esac
	case $goal in
	check | check-live)
		packages="$packages iproute2 nftables libbpf-tools procps graphviz"
		packages="$packages openssl trace-cmd strace"
		;;
	esac
	case $goal in
	check | check-vm)
		packages="$packages qemu-system-x86 busybox-static xz-utils"
		packages="$packages iproute2 nftables openssl debian-archive-keyring"
		;;
	esac
	case $goal in
	check | check-vm | static)
		packages="$packages musl-tools"
		;;
	esac
	case $goal in
	check | check-headers | fuzz)
		packages="$packages clang"
		;;
	esac
	case $goal in
	check | bench-instructions)
		packages="$packages valgrind"
		;;
	bench | bench-record)
		packages="$packages iproute2 libbpf-tools bpftrace trace-cmd linux-perf"
		;;
	esac
	case $goal in
	check | check-man)
		packages="$packages mandoc"
		;;
	format-check)
		packages="$packages clang-format"
		;;
	esac
done
# The bpf backend; its kernel side is compiled by clang.
[ "${WITH_BPF:-auto}" = no ] || bpf_packages="libbpf-dev clang bpftool"

missing()
{
	for package in "$@"; do
		dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null |
			grep -q ' installed$' || echo "$package"
	done
}

updated=
install()
{
	[ $# -gt 0 ] || return 0
	echo "installing: $*"
	if [ "$(id -u)" != 0 ]; then
		echo "deps: run as root: apt-get install $*" >&2
		exit 1
	fi
	[ -n "$updated" ] || apt-get -q update
	updated=yes
	DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		--no-install-recommends install "$@"
}

if ! command -v apt-get >/dev/null; then
	echo "deps: no apt-get here; needed, by their Debian names: $packages ${bpf_packages:-}" >&2
	exit 1
fi
# shellcheck disable=SC2046,SC2086 # lists of words
install $(missing $packages ${bpf_packages:-})

# The run-time of the sanitizers and of libFuzzer is named after clang's
# version, which is known only now.
case " $packages " in
*" clang "*)
	version=$(clang -dumpversion)
	# shellcheck disable=SC2046
	install $(missing "libclang-rt-${version%%.*}-dev")
	;;
esac
