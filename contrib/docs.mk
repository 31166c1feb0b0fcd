# SPDX-License-Identifier: BSD-2-Clause
# The pages under docs: installed beside the man page, compared with the program,
# and their runs printed anew (make examples, root).

pages := docs/examples.md docs/overhead.md docs/caveats.md $(wildcard docs/diagnoses/*.md)
doc_folder = $(share)/doc/tcpwatch

.PHONY: check-docs examples install-docs uninstall-docs

check-docs: all
	@contrib/check-docs.sh $(B)/tcpwatch

examples: all $(load)
	@TCPWATCH=$(B)/tcpwatch LOAD=$(load) sh contrib/examples.sh

install: install-docs
install-docs:
	$(foreach p,$(pages),install -D -m 644 $p $(doc_folder)/$(p:docs/%=%) &&) :

uninstall: uninstall-docs
uninstall-docs:
	rm -rf $(doc_folder)/diagnoses
	rm -f $(addprefix $(doc_folder)/,examples.md overhead.md caveats.md)
