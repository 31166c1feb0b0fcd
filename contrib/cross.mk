# SPDX-License-Identifier: BSD-2-Clause
# For other processors, with Debian's compilers: build/cross/ARCH/tcpwatch and
# tcpwatch-static, and their tests under qemu-user. ARCH is one or more of arm64,
# armhf, riscv64 and s390x.

.PHONY: cross check-cross check-vm

cross check-cross:
	+@for arch in $(or $(ARCH),arm64); do \
		MAKE='$(MAKE)' BUILD='$(BUILD)' contrib/cross.sh $$arch $(filter check-%,$@) || exit; done

# The tests inside real kernels: this processor's, or ARCH's
ifeq ($(filter-out amd64,$(ARCH)),)
check-vm: all static $(load)
	@TCPWATCH=$(B)/tcpwatch LOAD=$(load) STATIC=$(BUILD)/tcpwatch-static \
		BARE_INIT=$(static_init) VM=$(BUILD)/vm ARCH=amd64 tests/vm/check.sh
else
check-vm:
	+@MAKE='$(MAKE)' BUILD='$(BUILD)' contrib/cross.sh $(ARCH) $@
endif
