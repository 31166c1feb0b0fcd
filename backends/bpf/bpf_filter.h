/* SPDX-License-Identifier: BSD-2-Clause */
/* The user's lists in the forms in which the kernel side can look them up at
 * once: a bit a port, and a tree of prefixes. */
#ifndef BPF_FILTER_H
#define BPF_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/bpf_record.h"
#include "tcpwatch/match.h"

/* Sets the bit of each port that passes; 0, "not chosen", always does. */
void bpf_filter_ports(uint64_t words[BPF_RECORD_PORT_WORDS],
		      const struct match_ranges *ranges);

/* Is it a list of plain numbers, each to be looked up? */
bool bpf_filter_is_plain(const struct match_ranges *ranges);

/* What holds for the addresses in a prefix that are in no longer one of the same
 * tree. */
struct bpf_filter_prefix {
	uint32_t bits;          /* 0..128 */
	uint8_t address[16];    /* network order */
	bool passes;
};

/* Every item, and the two families as a whole. */
enum { BPF_FILTER_PREFIXES = MATCH_ITEMS_MAX + 2 };

/* Writes the tree that says the same as the list; returns how many there are.
 * Unspecified addresses are not its business: they always pass. */
size_t bpf_filter_prefixes(struct bpf_filter_prefix tree[BPF_FILTER_PREFIXES],
			   const struct match_prefixes *prefixes);

#endif
