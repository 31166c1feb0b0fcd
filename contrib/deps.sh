#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Installs what the goals named on the command line need, with apt; asks the
# network for nothing when all of it is there.
set -eu

packages="gcc libc6-dev pkg-config zlib1g-dev libzstd-dev"

# Of the processors in ARCH; make check takes arm64.
cross_packages()
{
	for arch in ${ARCH:-arm64}; do
		case $arch in
		armhf) echo gcc-arm-linux-gnueabihf libc6-dev-armhf-cross ;;
		riscv64) echo gcc-riscv64-linux-gnu libc6-dev-riscv64-cross ;;
		s390x) echo gcc-s390x-linux-gnu libc6-dev-s390x-cross ;;
		*) echo gcc-aarch64-linux-gnu libc6-dev-arm64-cross ;;
		esac
	done
}

for goal in "$@"; do
	case $goal in
	check | check-unit | coverage)
		packages="$packages libcmocka-dev graphviz"
		;;
	esac
	case $goal in
	check | check-live | check-sanitized | check-valgrind | coverage)
		packages="$packages iproute2 nftables libbpf-tools procps graphviz"
		packages="$packages openssl trace-cmd strace curl jq"
		# Programs of services: what would be installed, would be started.
		unpacked="prometheus prometheus-node-exporter"
		unpacked="$unpacked rsyslog libestr0 libfastjson4"
		;;
	esac
	case $goal in
	check | check-vm)
		packages="$packages qemu-system-x86 busybox-static xz-utils"
		packages="$packages iproute2 nftables openssl debian-archive-keyring"
		;;
	esac
	case $goal-${ARCH:-} in
	check-vm-arm64)
		packages="$packages qemu-system-arm $(cross_packages)"
		;;
	esac
	case $goal in
	check | check-recipes | check-packages)
		packages="$packages rpm rpmlint"
		;;
	esac
	case $goal in
	check | check-vm | check-reproducible | static)
		packages="$packages musl-tools"
		;;
	esac
	case $goal in
	check | deb | check-packages)
		packages="$packages debhelper dpkg-dev fakeroot musl-tools libcmocka-dev graphviz"
		packages="$packages lintian mmdebstrap"
		;;
	esac
	case $goal in
	check | check-completion)
		packages="$packages zsh fish"
		;;
	esac
	case $goal in
	check | cross | check-cross)
		packages="$packages $(cross_packages) qemu-user debian-archive-keyring"
		;;
	esac
	case $goal in
	check | check-headers | fuzz)
		packages="$packages clang"
		;;
	esac
	case $goal in
	check | bench-instructions | check-valgrind)
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
[ "${WITH_METRICS:-auto}" = no ] || packages="$packages libmicrohttpd-dev"
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
update()
{
	if [ "$(id -u)" != 0 ]; then
		echo "deps: run as root: apt-get $*" >&2
		exit 1
	fi
	[ -n "$updated" ] || apt-get -q update
	updated=yes
}

install()
{
	[ $# -gt 0 ] || return 0
	echo "installing: $*"
	update install "$@"
	DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		--no-install-recommends install "$@"
}

# Into the folder of the build, where nothing starts them.
unpack()
{
	folder=${BUILD:-build}/debian
	for package in "$@"; do
		[ ! -e "$folder/$package.done" ] || continue
		echo "unpacking: $package into $folder/root"
		update download "$package"
		mkdir -p "$folder"
		(cd "$folder" && apt-get -q -o APT::Sandbox::User=root \
			download "$package" &&
			dpkg -x "$package"_*.deb root &&
			rm "$package"_*.deb && : >"$package.done")
	done
}

if ! command -v apt-get >/dev/null; then
	echo "deps: no apt-get here; needed, by their Debian names: $packages ${bpf_packages:-} ${unpacked:-}" >&2
	exit 1
fi
# shellcheck disable=SC2046,SC2086 # lists of words
install $(missing $packages ${bpf_packages:-})
# shellcheck disable=SC2086
unpack ${unpacked:-}

# The run-time of the sanitizers and of libFuzzer is named after clang's
# version, which is known only now.
case " $packages " in
*" clang "*)
	version=$(clang -dumpversion)
	# shellcheck disable=SC2046
	install $(missing "libclang-rt-${version%%.*}-dev")
	;;
esac
