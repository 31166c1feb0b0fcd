# SPDX-License-Identifier: BSD-2-Clause
# Where everything goes on a host: install and uninstall, under DESTDIR and PREFIX.

.PHONY: install uninstall

install: all
	install -D -m 755 $(B)/tcpwatch $(DESTDIR)$(PREFIX)/sbin/tcpwatch
	install -D -m 644 contrib/tcpwatch.8 $(DESTDIR)$(PREFIX)/share/man/man8/tcpwatch.8

uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,sbin/tcpwatch share/man/man8/tcpwatch.8)
