# SPDX-License-Identifier: BSD-2-Clause
# Builds tcpwatch into build/ and runs its tests; `make help` lists the targets.

.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := all

BUILD ?= build
PREFIX ?= /usr/local
PKG_CONFIG ?= pkg-config
WITH_TRACEFS ?= auto
WITH_ZLIB ?= auto
WITH_ZSTD ?= auto
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

# What this build has: library, minimum version, Debian's package
parts := TRACEFS ZLIB ZSTD
TRACEFS := libtracefs 1.6 libtracefs-dev
ZLIB := zlib 1.2 zlib1g-dev
ZSTD := libzstd 1.4 libzstd-dev
find = $(shell $(PKG_CONFIG) --exists '$(word 1,$1) >= $(word 2,$1)' 2>/dev/null && echo yes || echo no)
check = $(if $(filter auto yes no,$(WITH_$1)),,$(error WITH_$1 is '$(WITH_$1)'; use auto, yes or no)) \
	$(eval HAS_$1 := $(if $(filter no,$(WITH_$1)),no,$(call find,$($1)))) \
	$(if $(and $(filter yes-no,$(WITH_$1)-$(HAS_$1)),$(filter-out clean help,$(goals))),\
		$(error WITH_$1=yes needs the package $(word 3,$($1)) (>= $(word 2,$($1)))))
$(foreach p,$(parts),$(call check,$p))
having := $(foreach p,$(parts),$(if $(filter yes,$(HAS_$p)),$p))
libraries := $(foreach p,$(having),$(firstword $($p)))
ifneq ($(libraries),)
library_flags := $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(libraries)))
library_links := $(shell $(PKG_CONFIG) --libs $(libraries))
endif

# What it is made of
lacking_TRACEFS := backends/tracefs/%
lacking_ZLIB := backends/replay/inflate_zlib.c
lacking_ZSTD := backends/replay/inflate_zstd.c
lacking := $(foreach p,$(filter-out $(having),$(parts)),$(lacking_$p))
sources := $(filter-out $(lacking),$(wildcard src/*.c backends/*.c backends/*/*.c))
tests := $(wildcard tests/unit/*_test.c)
ifeq ($(HAS_TRACEFS),no)
tests := $(filter-out $(shell grep -l tracefs/ $(tests) /dev/null),$(tests))
endif
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
flags := -std=gnu11 -O2 -g $(warnings) $(sanitize)
version := $(shell cat VERSION)
defines := -D_GNU_SOURCE -DTCPWATCH_VERSION='"$(version)"' \
	$(foreach p,$(parts),-DWITH_$p=$(if $(filter $p,$(having)),1,0))
compile = $(CC) $(defines) $(includes) $(flags) $(CPPFLAGS) $(CFLAGS) -MMD -MP
link = $(CC) $(flags) $(CFLAGS) $(LDFLAGS)

.PHONY: all deps run check check-unit check-live check-vm check-headers check-layers check-man \
	bench bench-replay bench-instructions bench-samples bench-record sizes fuzz format-check readme-matrix install \
	uninstall clean help always

all: $(B)/tcpwatch

# Which folder may see which headers is part of the design.
$(B)/src/%.o: includes := -Iinclude -Isrc
$(B)/backends/%.o: includes := -Iinclude -Ibackends $(library_flags)
$(B)/tests/% $(B)/bench/%: includes := -Iinclude -Isrc -Ibackends -Itests $(library_flags)

$(B)/%.o: %.c $(B)/configuration
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compile) -c -o $@ $<

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
$(B)/bench/measure: $(B)/bench/measure.o
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
	@$(own); [ ! -t 0 ] || set -m; $(B)/tcpwatch --backend=tracefs

check:
	+@MAKE='$(MAKE)' BUILD='$(BUILD)' tests/check.sh

check-unit: all $(unit_programs)
	@TCPWATCH=$(B)/tcpwatch tests/run.sh unit $(unit_programs)

check-live: all $(load)
	@TCPWATCH=$(B)/tcpwatch LOAD=$(load) tests/run.sh live \
		$(filter-out tests/live/lib.sh,$(wildcard tests/live/*.sh))

check-vm: all $(load)
	@TCPWATCH=$(B)/tcpwatch LOAD=$(load) VM=$(BUILD)/vm tests/vm/check.sh

bench bench-replay bench-instructions bench-samples bench-record: all $(load) $(B)/bench/measure $(B)/bench/replay_bench
	@BUILD=$(B) bench/$@.sh

check-headers check-layers check-man sizes format-check readme-matrix:
	@contrib/$@.sh

fuzz: $(fuzz_programs)
	@FUZZ_SECONDS=$(FUZZ_SECONDS) tests/run.sh fuzz $(fuzz_programs)

install: all
	install -D -m 755 $(B)/tcpwatch $(DESTDIR)$(PREFIX)/sbin/tcpwatch
	install -D -m 644 contrib/tcpwatch.8 $(DESTDIR)$(PREFIX)/share/man/man8/tcpwatch.8

uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,sbin/tcpwatch share/man/man8/tcpwatch.8)

clean:
	rm -rf $(BUILD)

help:
	@sed -n 's/^#: //p' Makefile

-include $(shell find $(B) -name '*.d' 2>/dev/null)
endif

#: make                 build build/tcpwatch
#: make deps GOALS      install what the other goals need (apt), then make them
#: make run             build, then watch with the tracefs backend
#: make check           every test; check-unit, check-live (root), check-headers, check-layers,
#:                      check-man, check-vm (in other kernels, KERNELS=bookworm): a part of them
#: make fuzz            the fuzz targets, FUZZ_SECONDS=10 each (clang)
#: make bench           beside the peers (root); bench-replay, bench-record, ...: alone
#: make sizes           what stands out; format-check: compare with .clang-format;
#:                      readme-matrix: README.md's table of kernels, of the last check-vm
#: make install         to DESTDIR and PREFIX (/usr/local); uninstall; clean: remove build/
#: WITH_TRACEFS=auto|yes|no   the tracefs backend and record (libtracefs)
#: WITH_ZLIB= WITH_ZSTD=      likewise: recordings compressed so (zlib, libzstd)
#: SANITIZE=address,undefined build with sanitizers, in a folder of its own
#: CC= CFLAGS= LDFLAGS=       as usual, appended to ours; WERROR=1, V=1 (show commands)
