# SPDX-License-Identifier: BSD-2-Clause
SUMMARY = "What every TCP socket of the host is going through"
LICENSE = "BSD-2-Clause"
LIC_FILES_CHKSUM = "file://LICENSE;md5=@LICENSE_MD5@"
SECTION = "net"

SRC_URI = "file://tcpwatch-${PV}.tar.gz"
SRC_URI[sha256sum] = "@SHA256@"

DEPENDS = "zlib zstd"
inherit pkgconfig systemd

EXTRA_OEMAKE = "WITH_BPF=no WITH_METRICS=no WITH_ZLIB=yes WITH_ZSTD=yes PREFIX=${prefix} \
    UNITS=${@bb.utils.contains('DISTRO_FEATURES', 'systemd', '${systemd_system_unitdir}', '', d)}"

# Who installs it does not yet want the network to be watched.
SYSTEMD_SERVICE:${PN} = "tcpwatch-stream.service"
SYSTEMD_AUTO_ENABLE = "disable"

do_compile() {
    oe_runmake all
}

do_install() {
    oe_runmake install DESTDIR=${D}
}

FILES:${PN} += "${datadir}/bash-completion ${datadir}/zsh ${datadir}/fish"
