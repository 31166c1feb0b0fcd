# SPDX-License-Identifier: BSD-2-Clause
# Where everything goes on a host: install and uninstall, under DESTDIR and PREFIX.

# Where this zsh looks, below share; where systemd does, nothing for no units.
ZSH_FUNCTIONS ?= zsh/site-functions
UNITS ?= $(PREFIX)/lib/systemd/system

share = $(DESTDIR)$(PREFIX)/share
man_page := man/man8/tcpwatch.8
completions = bash-completion/completions/tcpwatch:tcpwatch.bash \
	$(ZSH_FUNCTIONS)/_tcpwatch:_tcpwatch \
	fish/vendor_completions.d/tcpwatch.fish:tcpwatch.fish
installed = $(firstword $(subst :, ,$1))
original = contrib/completion/$(lastword $(subst :, ,$1))
units = $(if $(UNITS),tcpwatch-stream.service \
	$(if $(filter yes,$(HAS_METRICS)),tcpwatch-metrics.service))

.PHONY: install uninstall check-install check-completion

install: all
	install -D -m 755 $(B)/tcpwatch $(DESTDIR)$(PREFIX)/sbin/tcpwatch
	install -D -m 644 contrib/tcpwatch.8 $(share)/$(man_page)
	$(foreach c,$(completions),install -D -m 644 $(call original,$c) \
		$(share)/$(call installed,$c) &&) :
	$(foreach u,$(units),sed 's,/usr/local/,$(PREFIX)/,' contrib/systemd/$u | \
		install -D -m 644 /dev/stdin $(DESTDIR)$(UNITS)/$u &&) :

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/sbin/tcpwatch $(addprefix $(share)/,$(man_page) \
		$(foreach c,$(completions),$(call installed,$c))) \
		$(addprefix $(DESTDIR)$(UNITS)/,$(units))

check-install: all
	@MAKE='$(MAKE)' BUILD='$(BUILD)' METRICS=$(HAS_METRICS) contrib/check-install.sh

check-completion: all
	@contrib/check-completion.sh $(B)/tcpwatch
