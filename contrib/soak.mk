# SPDX-License-Identifier: BSD-2-Clause
# Endurance: make soak MINUTES=30 (root).

MINUTES ?= 1

.PHONY: soak

soak: all $(load)
	@TCPWATCH=$(B)/tcpwatch LOAD=$(load) MINUTES=$(MINUTES) SERIES=$(B)/soak.csv \
		LIVE_SECONDS=$$(($(MINUTES) * 60 + 300)) tests/run.sh live tests/soak.sh
