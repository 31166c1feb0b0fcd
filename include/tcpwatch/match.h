/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists that the user filters by: ports, addresses, numbers. Shared, since
 * core applies them and a backend may apply them earlier, in the kernel.
 *
 * Every list: items may be negated with a leading '!'. A value matches when it
 * is in no negated item, and in a plain one (or the list has no plain item).
 * An empty list matches everything.
 */
#ifndef TCPWATCH_MATCH_H
#define TCPWATCH_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/error.h"

enum { MATCH_ITEMS_MAX = 64 };

struct match_range {
	uint32_t low, high;     /* inclusive, low <= high */
	bool negated;
};

/* Ports or process ids. Zero-initialised = empty. */
struct match_ranges {
	size_t count;
	struct match_range items[MATCH_ITEMS_MAX];
};

struct match_prefix {
	uint8_t address[16];    /* network order; IPv4 as ::ffff:a.b.c.d */
	uint8_t bits;           /* 0..128; an IPv4 /n is 96 + n */
	bool negated;
};

struct match_prefixes {
	size_t count;
	struct match_prefix items[MATCH_ITEMS_MAX];
};

/*
 * Parses "80,8000-8099,!22" with values 0..highest and appends to *ranges.
 * Returns 0 or -EINVAL/-E2BIG with the offending piece named in *err;
 * *ranges is then unchanged.
 */
int match_ranges_parse(struct match_ranges *ranges, const char *text,
		       uint32_t highest, struct error *err);

/* Parses "10.0.0.0/8,!10.1.2.3,2001:db8::/32"; as above. */
int match_prefixes_parse(struct match_prefixes *prefixes, const char *text,
			 struct error *err);

bool match_ranges_has(const struct match_ranges *ranges, uint32_t value);

/* address: 16 bytes, IPv4 as ::ffff:a.b.c.d. An IPv4 item matches only IPv4
 * addresses, also with /0, and an IPv6 item only IPv6 ones. */
bool match_prefixes_has(const struct match_prefixes *prefixes,
			const uint8_t address[16]);

#endif
