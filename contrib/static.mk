# SPDX-License-Identifier: BSD-2-Clause
# build/tcpwatch-static, for appliances: everything but the bpf backend and compressed
# recordings, in one stripped file that needs no library. STATIC_CC is a compiler
# for musl (or any C library that has an archive to link).

STATIC_CC ?= musl-gcc
STATIC_BYTES ?= 1048576
STRIP ?= strip

static_folder := $(BUILD)/static
# musl's compiler does not look where the kernel's headers are.
kernel_headers = $(wildcard $(addprefix /usr/include/,linux asm-generic \
	$(addsuffix /asm,. $(shell $(firstword $(STATIC_CC)) -print-multiarch))))
static_init := $(static_folder)/tests/vm/bare_init

.PHONY: static

static:
	@command -v $(firstword $(STATIC_CC)) >/dev/null || { \
		echo "static: $(firstword $(STATIC_CC)) is missing: make deps static" >&2; exit 1; }
	@mkdir -p $(static_folder)/headers
	@ln -sfn $(kernel_headers) $(static_folder)/headers
	+@$(MAKE) BUILD=$(static_folder) CC='$(STATIC_CC) -isystem $(static_folder)/headers' \
		WITH_BPF=no WITH_ZLIB=no WITH_ZSTD=no WITH_METRICS=no \
		CFLAGS='-ffunction-sections -fdata-sections -fstack-protector-strong $(CFLAGS)' \
		LDFLAGS='-static -Wl,--gc-sections,-z,relro,-z,now,-z,noexecstack $(LDFLAGS)' all $(static_init)
	$(call say,STRIP,$(BUILD)/tcpwatch-static)
	$(Q)$(STRIP) -o $(BUILD)/tcpwatch-static $(static_folder)/tcpwatch
	@size=$$(stat -c %s $(BUILD)/tcpwatch-static); [ $$size -le $(STATIC_BYTES) ] || { \
		echo "static: $$size bytes are more than $(STATIC_BYTES)" >&2; exit 1; }

$(B)/tests/vm/bare_init: $(B)/tests/vm/bare_init.o
	$(call say,LINK,$@)
	$(Q)$(link) -o $@ $^
