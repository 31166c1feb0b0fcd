# SPDX-License-Identifier: BSD-2-Clause
# The live tests with a tcpwatch that finds its own faults (root). LIVE="cong life"
# takes only these.

.PHONY: check-sanitized check-valgrind coverage

check-sanitized check-valgrind: all $(load)
	+@MAKE='$(MAKE)' BUILD='$(BUILD)' tests/instrumented.sh \
		$(patsubst sanitized,sanitizers,$(@:check-%=%))

coverage:
	+@MAKE='$(MAKE)' BUILD='$(BUILD)' contrib/coverage.sh
