# SPDX-License-Identifier: BSD-2-Clause
# Runs a recipe's commands as far as they can run here: systems.make SYSTEM=buildroot|openwrt
# RECIPE=FILE TREE=FOLDER TARGET=FOLDER build|install. Only what the recipes use of
# their systems is here. Builds are not made but listed.

.PHONY: build install
needed = $(if $(strip $($1)),,$(error $1 is empty))

ifeq ($(SYSTEM),buildroot)

override MAKE := make -n
BR2_PACKAGE_ZLIB := $(LIBRARIES)
BR2_PACKAGE_ZSTD := $(LIBRARIES)
BR2_INIT_SYSTEMD := y
TCPWATCH_PKGDIR := $(dir $(RECIPE))
TARGET_DIR := $(TARGET)
TARGET_CONFIGURE_OPTS := CC=gcc CFLAGS=-Os LDFLAGS=
generic-package :=
include $(RECIPE)
$(foreach v,VERSION SITE LICENSE LICENSE_FILES,$(call needed,TCPWATCH_$v))
build install: @D = $(TREE)
build:
	$(TCPWATCH_BUILD_CMDS)
install:
	$(TCPWATCH_INSTALL_TARGET_CMDS)

else

TOPDIR := $(TARGET)/topdir
INCLUDE_DIR := $(TOPDIR)
PKG_BUILD_DIR := $(TREE)
INSTALL_DIR := install -d -m 755
INSTALL_BIN := install -m 755
MAKE_FLAGS := CC=gcc ARCH=x86_64
BuildPackage = $(eval $(Package/$1))
include $(RECIPE)
$(foreach v,PKG_NAME PKG_RELEASE PKG_SOURCE PKG_SOURCE_URL PKG_LICENSE \
	Package/tcpwatch/description SECTION CATEGORY TITLE,$(call needed,$v))
$(TOPDIR)/%.mk:
	@mkdir -p $(@D) && : >$@
build:
	make -n -C $(PKG_BUILD_DIR) $(MAKE_FLAGS)
install:
	rm -rf $(TOPDIR)
	mkdir -p $(TREE)/build && : >>$(TREE)/build/tcpwatch
	$(call Package/tcpwatch/install,$(TARGET))

endif
