# SPDX-License-Identifier: BSD-2-Clause
# For other processors, with Debian's compilers: build/cross/ARCH/tcpwatch and
# tcpwatch-static, and their tests under qemu-user. ARCH is arm64, armhf or riscv64.

ARCH ?= arm64

.PHONY: cross check-cross

cross check-cross:
	+@MAKE='$(MAKE)' BUILD='$(BUILD)' contrib/cross.sh $(ARCH) $(filter check-%,$@)
