# SPDX-License-Identifier: BSD-2-Clause
# What others build from, and packages. The version is in VERSION alone.

.PHONY: dist deb recipes check-reproducible check-packages check-recipes

dist:
	@contrib/dist.sh $(BUILD)/tcpwatch-$(version).tar.gz
	@echo $(BUILD)/tcpwatch-$(version).tar.gz

deb recipes:
	@BUILD='$(BUILD)' contrib/package.sh $@

check-recipes: all
check-reproducible check-packages check-recipes:
	+@MAKE='$(MAKE)' BUILD='$(BUILD)' contrib/$@.sh
