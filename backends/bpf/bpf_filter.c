/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Says lists in other words; see bpf_filter.h.
 *
 * The prefixes that an address is in contain each other. So those that hold for
 * an address whose longest one is P are those that hold for P's own first
 * address and are not longer than P: the list is asked once for each prefix.
 */
#include "bpf_filter.h"

#include <string.h>

bool bpf_filter_is_plain(const struct match_ranges *ranges)
{
	for (size_t i = 0; i < ranges->count; i++)
		if (ranges->items[i].negated ||
		    ranges->items[i].low != ranges->items[i].high)
			return false;
	return ranges->count;
}

void bpf_filter_ports(uint64_t words[BPF_RECORD_PORT_WORDS],
		      const struct match_ranges *ranges)
{
	memset(words, 0, BPF_RECORD_PORT_WORDS * sizeof(words[0]));
	for (uint32_t port = 0; port < 65536; port++)
		if (!port || match_ranges_has(ranges, port))
			words[port / 64] |= UINT64_C(1) << port % 64;
}

/* Does the item hold for all addresses of the prefix? */
static bool contains(const struct match_prefix *item,
		     const struct bpf_filter_prefix *prefix)
{
	struct match_prefixes alone = { .count = 1, .items = { *item } };

	alone.items[0].negated = false;
	return item->bits <= prefix->bits &&
	       match_prefixes_has(&alone, prefix->address);
}

/* As match_prefixes_has(), for all addresses of the prefix that are in no longer
 * item. */
static bool passes(const struct match_prefixes *prefixes,
		   const struct bpf_filter_prefix *prefix)
{
	bool wanted = true, matched = false;

	for (size_t i = 0; i < prefixes->count; i++) {
		const struct match_prefix *item = &prefixes->items[i];
		bool inside = contains(item, prefix);

		if (item->negated && inside)
			return false;
		if (!item->negated) {
			wanted = false;
			matched |= inside;
		}
	}
	return wanted || matched;
}

static void add(struct bpf_filter_prefix *tree, size_t *count,
		const struct match_prefixes *prefixes,
		const struct bpf_filter_prefix *prefix)
{
	for (size_t i = 0; i < *count; i++)
		if (tree[i].bits == prefix->bits &&
		    !memcmp(tree[i].address, prefix->address, 16))
			return;
	tree[*count] = *prefix;
	tree[(*count)++].passes = passes(prefixes, prefix);
}

/* The address with all bits behind the prefix 0. */
static void mask(uint8_t address[16], uint32_t bits)
{
	for (uint32_t i = 0; i < 16; i++) {
		if (bits >= 8 * (i + 1))
			continue;
		if (bits <= 8 * i)
			address[i] = 0;
		else
			address[i] &= (uint8_t)(0xff << (8 * (i + 1) - bits));
	}
}

size_t bpf_filter_prefixes(struct bpf_filter_prefix tree[BPF_FILTER_PREFIXES],
			   const struct match_prefixes *prefixes)
{
	struct bpf_filter_prefix prefix = { .bits = 0 };
	size_t count = 0;

	add(tree, &count, prefixes, &prefix);
	/* An IPv6 item never holds for an IPv4 address. */
	prefix.bits = 96;
	prefix.address[10] = prefix.address[11] = 0xff;
	add(tree, &count, prefixes, &prefix);
	for (size_t i = 0; i < prefixes->count; i++) {
		prefix.bits = prefixes->items[i].bits;
		memcpy(prefix.address, prefixes->items[i].address, 16);
		mask(prefix.address, prefix.bits);
		add(tree, &count, prefixes, &prefix);
	}
	return count;
}
