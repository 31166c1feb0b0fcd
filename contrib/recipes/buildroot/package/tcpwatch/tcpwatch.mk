################################################################################
#
# tcpwatch
#
################################################################################

TCPWATCH_VERSION = @VERSION@
TCPWATCH_SITE = $(realpath $(TCPWATCH_PKGDIR))
TCPWATCH_SITE_METHOD = file
TCPWATCH_LICENSE = BSD-2-Clause
TCPWATCH_LICENSE_FILES = LICENSE

# Its own build, without what only a larger system has.
TCPWATCH_MAKE_OPTS = WITH_BPF=no WITH_METRICS=no PREFIX=/usr \
	UNITS=$(if $(BR2_INIT_SYSTEMD),/usr/lib/systemd/system)

ifeq ($(BR2_PACKAGE_ZLIB),y)
TCPWATCH_DEPENDENCIES += host-pkgconf zlib
TCPWATCH_MAKE_OPTS += WITH_ZLIB=yes
else
TCPWATCH_MAKE_OPTS += WITH_ZLIB=no
endif

ifeq ($(BR2_PACKAGE_ZSTD),y)
TCPWATCH_DEPENDENCIES += host-pkgconf zstd
TCPWATCH_MAKE_OPTS += WITH_ZSTD=yes
else
TCPWATCH_MAKE_OPTS += WITH_ZSTD=no
endif

define TCPWATCH_BUILD_CMDS
	$(TARGET_MAKE_ENV) $(MAKE) $(TARGET_CONFIGURE_OPTS) $(TCPWATCH_MAKE_OPTS) \
		-C $(@D) all
endef

define TCPWATCH_INSTALL_TARGET_CMDS
	$(TARGET_MAKE_ENV) $(MAKE) $(TARGET_CONFIGURE_OPTS) $(TCPWATCH_MAKE_OPTS) \
		-C $(@D) DESTDIR=$(TARGET_DIR) install
endef

$(eval $(generic-package))
