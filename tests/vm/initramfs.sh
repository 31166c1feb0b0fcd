#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Makes the guests' root file system, in two archives that the kernel joins:
# initramfs.sh tools FILE (busybox, tools, tcpwatch, tests: the same for all
# kernels) and initramfs.sh modules FOLDER FILE (of the kernel in FOLDER). Instead
# of the first there is initramfs.sh bare FILE: tcpwatch-static, and what starts it.
# The tools are this host's, or with TOOLS=FOLDER those under that folder.
set -eu

: "${TOOLS:=}"
here=$(cd "$(dirname "$0")" && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
trap 'exit 130' INT TERM HUP

pack()
{
	chmod 755 "$root"
	(cd "$root" && find . | busybox cpio -o -H newc -R 0:0) >"$1" 2>/dev/null
}

# The first of these files that there is.
first_of()
{
	for file in "$@"; do
		[ ! -e "$file" ] || break
	done
	[ -e "$file" ] && echo "$file"
}

find_program()
{
	case $TOOLS:$1 in
	*:*/*) echo "$1" ;;
	:*) command -v "$1" ;;
	*) first_of "$TOOLS"/usr/bin/"$1" "$TOOLS"/bin/"$1" "$TOOLS"/usr/sbin/"$1" \
		"$TOOLS"/sbin/"$1" ;;
	esac
}

# The loader and the libraries that a file names, as ldd tells them of this
# processor's; of another's those that they name in turn are not among them.
libraries_of()
{
	if [ -z "$TOOLS" ]; then
		ldd "$1" | grep -o '/[^ ]*'
		return
	fi
	readelf -ld "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p
		s/.*interpreter: \(.*\)\]/\1/p' | while read -r name; do
		first_of "$TOOLS"/lib/*/"$name" "$TOOLS"/usr/lib/*/"$name" \
			"$TOOLS$name" || echo "initramfs: $1 needs $name" >&2
	done
}

add_libraries()
{
	libraries_of "$1" | while read -r library; do
		[ ! -e "$root${library#"$TOOLS"}" ] || continue
		install -D "$library" "$root${library#"$TOOLS"}"
		(add_libraries "$library")
	done
}

# A program at its own place, with its libraries.
add_program()
{
	program=$(find_program "$1") || {
		echo "initramfs: $1 is missing: make deps check-vm" >&2
		exit 1
	}
	install -D "$(readlink -f "$program")" "$root/usr/bin/$(basename "$1")"
	add_libraries "$program"
}

tools()
{
	mkdir -p "$root/dev" "$root/proc" "$root/sys" "$root/tmp" "$root/run" \
		"$root/etc" "$root/sbin" "$root/bin" "$root/tests/load"
	cp "$(find_program busybox)" "$root/bin/busybox"
	for applet in $(busybox --list | grep -vx busybox); do
		ln -sf busybox "$root/bin/$applet"
	done
	ln -sf ../bin/modprobe "$root/sbin/modprobe"
	# /usr/bin comes before /bin. What runs other programs is not busybox's,
	# since that takes its own ip and tc whatever PATH says.
	for program in dash nsenter setpriv timeout unshare ip tc ss nft openssl \
		"$TCPWATCH" "$LOAD"; do
		add_program "$program"
	done
	ln -sf ../usr/bin/dash "$root/bin/sh"
	cp "$here/init" "$root/init"
	cp -r "$here/../live" "$here/../run.sh" "$root/tests/"
	mkdir "$root/tests/vm"
	cp -r "$here/scenarios" "$root/tests/vm/"
	pack "$1"
}

bare()
{
	install -D "$BARE_INIT" "$root/init"
	install -D "$STATIC" "$root/tcpwatch"
	pack "$1"
}

# What the tests use of a kernel; what that needs besides is in modules.dep.
wanted='
/crypto/crc32c_generic\.ko:
/net/sched/sch_(netem|tbf|fq|fq_codel)\.ko:
/drivers/net/(veth|tun)\.ko:
/net/ipv4/(tcp_|inet_diag)[^/]*\.ko:
/net/netfilter/(nf_tables|nft_|nfnetlink\.|nf_conntrack\.|nf_reject)[^/]*\.ko:
/net/ipv[46]/netfilter/nf[t_][^/]*\.ko:'

modules()
{
	release=$(cat "$1/release")
	from=$1/lib/modules/$release to=$root/lib/modules/$release
	mkdir -p "$to"
	echo "$wanted" | grep . >"$root/wanted"
	grep -Ef "$root/wanted" "$from/modules.dep" | tr -d : | tr ' ' '\n' |
		sort -u | while read -r module; do
		install -D -m 644 "$from/$module" "$to/$module"
	done
	rm "$root/wanted"
	busybox depmod -b "$root" "$release"
	pack "$2"
}

"$@"
