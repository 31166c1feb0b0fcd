# SPDX-License-Identifier: BSD-2-Clause
# How soon each build watches and in how much memory (root), and README.md's table
# of it, which the last run made.

start_folder := $(BUILD)/start

.PHONY: bench-start readme-start

bench-start: all static $(B)/bench/start
	+@$(MAKE) BUILD=$(start_folder)/no-metrics WITH_METRICS=no all
	+@$(MAKE) BUILD=$(start_folder)/bare WITH_BPF=no WITH_METRICS=no all
	@BUILD=$(BUILD) bench/bench-start.sh

$(B)/bench/start: $(patsubst %,$(B)/bench/%.o,start child)
	$(call say,LINK,$@)
	$(Q)$(link) -o $@ $^ $(LDLIBS)

readme-start:
	@contrib/readme-put.sh $@ $(start_folder)/table.md
