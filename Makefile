# SPDX-License-Identifier: BSD-2-Clause
# Builds tcpwatch into build/ and runs its tests; `make help` lists the targets.

.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := all

BUILD ?= build
PREFIX ?= /usr/local
PKG_CONFIG ?= pkg-config
CLANG ?= clang
BPFTOOL ?= bpftool
FUZZ_SECONDS ?= 10

# Goals beside `deps` are made by a fresh make, since this one has asked
# pkg-config before the packages were there. Under sudo all goals are, so that
# what was built is given to the user however they end; run does it itself.
goals := $(or $(MAKECMDGOALS),all)
reenter := $(filter deps,$(goals))$(if $(REENTERED),,$(SUDO_UID))
own = $(if $(SUDO_UID),[ ! -d $(BUILD) ] || chown -Rh $(SUDO_UID):$(SUDO_GID) $(BUILD),:)

ifneq ($(reenter),)

.PHONY: reenter $(goals)
$(goals): reenter
	@:
reenter:
	$(if $(filter deps,$(goals)),@contrib/deps.sh $(goals))
	$(if $(filter-out deps,$(goals)),+@status=0; \
		$(MAKE) REENTERED=1 $(filter-out deps,$(goals)) || status=$$?; \
		$(own); exit $$status)

else

# The fuzz targets need clang and a library that is instrumented for them.
ifneq ($(filter fuzz,$(goals)),)
override CC := clang
override SANITIZE := fuzzer-no-link,address,undefined
endif

comma := ,
B := $(BUILD)$(if $(SANITIZE),/sanitize-$(subst $(comma),-,$(SANITIZE)))
Q := $(if $(V),,@)
say = $(if $(V),@:,@printf '  %-7s %s\n' $(1) $(2))

# What this build has: library (if any), minimum version, what Debian calls its needs
parts := TRACEFS BPF ZLIB ZSTD METRICS
TRACEFS := tracefs
BPF := libbpf 1.1 libbpf-dev (>= 1.1), clang (>= 14) and bpftool
ZLIB := zlib 1.2 zlib1g-dev (>= 1.2)
ZSTD := libzstd 1.4 libzstd-dev (>= 1.4)
METRICS := libmicrohttpd 0.9.71 libmicrohttpd-dev (>= 0.9.71)
tools_BPF := [ "$$($(CLANG) -dumpversion | cut -d. -f1)" -ge 14 ] && $(BPFTOOL) version
find = $(if $(word 2,$($1)),$(call ask,$1),yes)
ask = $(shell ($(PKG_CONFIG) --exists '$(word 1,$($1)) >= $(word 2,$($1))' && \
	$(or $(tools_$1),true)) >/dev/null 2>&1 && echo yes || echo no)
check = $(eval WITH_$1 ?= auto) $(if $(filter auto yes no,$(WITH_$1)),,\
		$(error WITH_$1 is '$(WITH_$1)'; use auto, yes or no)) \
	$(eval HAS_$1 := $(if $(filter no,$(WITH_$1)),no,$(call find,$1))) \
	$(if $(and $(filter yes-no,$(WITH_$1)-$(HAS_$1)),$(filter-out clean help,$(goals))),\
		$(error WITH_$1=yes needs $(wordlist 3,12,$($1))))
$(foreach p,$(parts),$(call check,$p))
having := $(foreach p,$(parts),$(if $(filter yes,$(HAS_$p)),$p))
libraries := $(foreach p,$(having),$(if $(word 2,$($p)),$(firstword $($p))))
config = $(if $(libraries),$(shell $(PKG_CONFIG) $1 $(libraries)))
library_flags := $(patsubst -I%,-isystem %,$(call config,--cflags))
library_links := $(call config,--libs)

# What it is made of
lacking_TRACEFS := backends/tracefs/%
lacking_BPF := backends/bpf/%
lacking_ZLIB := backends/replay/inflate_zlib.c
lacking_ZSTD := backends/replay/inflate_zstd.c
lacking_METRICS := src/metrics/metrics_http.c
lacking := $(foreach p,$(filter-out $(having),$(parts)),$(lacking_$p)) $(if $(HAS_METRICS:no=),src/metrics/metrics_http_none.c)
sources := $(filter-out $(lacking),$(wildcard $(foreach d,src backends,$d/*.c $d/*/*.c)))
tests := $(wildcard tests/unit/*_test.c)
tests := $(filter-out $(foreach p,TRACEFS:tracefs/ BPF:"bpf/,$(if $(filter no,$(HAS_$(firstword \
	$(subst :, ,$p)))),$(shell grep -l '$(lastword $(subst :, ,$p))' $(tests) /dev/null))),$(tests))
objects := $(sources:%.c=$(B)/%.o)
helpers := $(patsubst %.c,$(B)/%.o,$(wildcard tests/*.c))
archives := $(B)/libtests.a $(B)/libtcpwatch.a
unit_programs := $(tests:%.c=$(B)/%)
fuzz_programs := $(patsubst %.c,$(B)/%,$(wildcard tests/fuzz/*_fuzz.c))
load := $(B)/tests/load/load

# How it is compiled; the user's flags come last and so win
warnings := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Wundef -Wformat=2 $(if $(WERROR),-Werror)
sanitize := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer \
	-fno-sanitize-recover=all)
nowhere := -ffile-prefix-map=$(CURDIR)=.
flags := -std=gnu11 -O2 -g $(nowhere) $(warnings) $(sanitize)
version := $(shell cat VERSION)
defines := -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 \
	-DTCPWATCH_VERSION='"$(version)"' $(if $(SANITIZE),-DSYSCALL_FILTER_OFF) \
	$(foreach p,$(parts),-DWITH_$p=$(if $(filter $p,$(having)),1,0))
compile = $(CC) $(defines) $(includes) $(flags) $(CPPFLAGS) $(CFLAGS) -MMD -MP
link = $(CC) $(flags) $(CFLAGS) $(LDFLAGS)

.PHONY: all deps run check check-unit check-live check-headers check-layers check-man \
	bench bench-replay bench-instructions bench-samples bench-record sizes fuzz format-check readme-matrix \
	clean help always

all: $(B)/tcpwatch

# Which folder may see which headers is part of the design.
$(B)/src/%.o: includes := -Iinclude -Isrc
$(B)/backends/%.o: includes := -Iinclude -Ibackends -isystem $(B)/bpf $(library_flags)
$(B)/tests/% $(B)/bench/%: includes := -Iinclude -Isrc -Ibackends -Itests $(library_flags)

$(B)/%.o: %.c $(B)/configuration
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compile) -c -o $@ $<

# The kernel's side: its machine code becomes a header of ours.
$(B)/bpf/tcpwatch.bpf.o: bpf/tcpwatch.bpf.c $(B)/configuration
	@mkdir -p $(@D)
	$(call say,BPF,$<)
	$(Q)$(CLANG) -target bpf -O2 -g $(nowhere) -Wall -ffreestanding -Iinclude $(library_flags) \
		-idirafter /usr/include/$(shell $(CC) -print-multiarch) -MMD -MP -c -o $@ $<
$(B)/bpf/tcpwatch.skel.h: $(B)/bpf/tcpwatch.bpf.o
	$(Q)$(BPFTOOL) gen object $(@:.skel.h=.o) $< && \
		$(BPFTOOL) gen skeleton $(@:.skel.h=.o) name tcpwatch_bpf >$@
$(B)/backends/bpf/bpf_programs.o: $(B)/bpf/tcpwatch.skel.h

$(B)/tcpwatch: $(objects)
	$(call say,LINK,$@)
	$(Q)$(link) -o $@ $^ $(library_links) $(LDLIBS)

$(B)/libtcpwatch.a: $(filter-out $(B)/src/main.o,$(objects))
$(B)/libtests.a: $(helpers)
$(archives):
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(unit_programs): $(B)/%: $(B)/%.o $(archives)
	$(call say,LINK,$@)
	$(Q)$(link) -o $@ $^ $(library_links) $(LDLIBS) -lcmocka

$(fuzz_programs): $(B)/%: $(B)/%.o $(B)/libtcpwatch.a
	$(call say,LINK,$@)
	$(Q)$(link) -fsanitize=fuzzer -o $@ $^ $(library_links) $(LDLIBS)

$(load): $(patsubst %.c,$(B)/%.o,$(wildcard tests/load/*.c))
$(load): library_links :=
$(B)/bench/measure: $(patsubst %,$(B)/bench/%.o,measure child)
$(B)/bench/replay_bench: $(patsubst %,$(B)/bench/replay_%.o,bench pages path) $(B)/libtcpwatch.a
$(load) $(B)/bench/measure $(B)/bench/replay_bench:
	$(call say,LINK,$@)
	$(Q)$(link) -o $@ $^ $(library_links) $(LDLIBS) -pthread

# Everything is built again when the compiler, a flag or a switch changes.
configuration := $(CC) $(flags) $(defines) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS)
$(B)/configuration: always
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(configuration))' >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; \
		printf '%s\n' 'tcpwatch $(version), $(CC), into $(B)' \
		$(foreach p,$(parts),'  $(firstword $($p)) $(HAS_$p)') \
		'  sanitize $(or $(SANITIZE),no)'; fi

run: all
	@# Its own foreground process group: Ctrl-C ends tcpwatch and not make.
	@$(own); [ ! -t 0 ] || set -m; $(B)/tcpwatch

check:
	+@MAKE='$(MAKE)' BUILD='$(BUILD)' tests/check.sh

check-unit: all $(unit_programs)
	@TCPWATCH=$(or $(TCPWATCH),$(B)/tcpwatch) tests/run.sh unit $(unit_programs)

check-live: all $(load)
	@TCPWATCH=$(or $(TCPWATCH),$(B)/tcpwatch) LOAD=$(load) UNPACKED=$(BUILD)/debian/root tests/run.sh \
		live $(or $(LIVE:%=tests/live/%.sh),$(filter-out tests/live/lib.sh,$(wildcard tests/live/*.sh)))

bench bench-replay bench-instructions bench-samples bench-record: all $(load) $(B)/bench/measure $(B)/bench/replay_bench
	@BUILD=$(B) bench/$@.sh

check-headers check-layers check-man sizes format-check readme-matrix:
	@contrib/$@.sh

fuzz: $(fuzz_programs)
	@FUZZ_SECONDS=$(FUZZ_SECONDS) tests/run.sh fuzz $(fuzz_programs)

clean:
	rm -rf $(BUILD)

help:
	@cat contrib/make-help.txt

# Packages, and builds for other machines
include $(sort $(wildcard contrib/*.mk))

-include $(shell find $(B) -name '*.d' -type f 2>/dev/null)
endif
