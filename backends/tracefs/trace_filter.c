/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Composes kernel event filters; see trace_filter.h.
 *
 * Only fields of 1, 2, 4 or 8 bytes are ever compared: a number against a field
 * of another size is accepted by the kernel, never matches on 6.1 and later,
 * and calls a null function on 5.10 (select_comparison_fn() has no default).
 * The socket's family is never compared: an IPv4 client of a [::] listener is
 * AF_INET6.
 */
#include "trace_filter.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>

enum { IPV4_PREFIX_BITS = 96 };

struct condition {
	char text[TRACE_FILTER_BYTES];
	size_t length;
	bool overflowed;
};

__attribute__((format(printf, 2, 3)))
static void add(struct condition *condition, const char *format, ...)
{
	size_t room = sizeof(condition->text) - condition->length;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(condition->text + condition->length, room, format,
			   arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= room)
		condition->overflowed = true;
	else
		condition->length += (size_t)length;
}

static void add_range(struct condition *condition, const char *field,
		      const struct match_range *range)
{
	if (range->low == range->high)
		add(condition, "%s %s %u", field, range->negated ? "!=" : "==",
		    range->low);
	else if (range->negated)
		add(condition, "(%s < %u || %s > %u)", field, range->low, field,
		    range->high);
	else
		add(condition, "(%s >= %u && %s <= %u)", field, range->low, field,
		    range->high);
}

/* All items of one sign, joined; returns how many there were. */
static size_t add_ranges(struct condition *condition, const char *field,
			 const struct match_ranges *ranges, bool negated)
{
	size_t added = 0;

	for (size_t i = 0; i < ranges->count; i++) {
		if (ranges->items[i].negated != negated)
			continue;
		if (added)
			add(condition, negated ? " && " : " || ");
		add_range(condition, field, &ranges->items[i]);
		added++;
	}
	return added;
}

static bool has_sign(const struct match_ranges *ranges, bool negated)
{
	for (size_t i = 0; i < ranges->count; i++)
		if (ranges->items[i].negated == negated)
			return true;
	return false;
}

/* "(sport == 0 || ((plain items) && (negated items)))" */
static void compose_ports(struct condition *condition, const char *field,
			  const struct match_ranges *ports)
{
	bool plain = has_sign(ports, false);
	bool negated = has_sign(ports, true);

	if (!ports->count)
		return;
	add(condition, "(%s == 0 || (", field);
	if (plain) {
		add(condition, "(");
		add_ranges(condition, field, ports, false);
		add(condition, ")");
	}
	if (plain && negated)
		add(condition, " && ");
	if (negated)
		add_ranges(condition, field, ports, true);
	add(condition, "))");
}

/*
 * The kernel reads the four address bytes as a number of its own byte order
 * and has no masks: a prefix is "no bit that must be 0, each bit that must be
 * 1".
 */
static void add_prefix(struct condition *condition, const char *field,
		       const struct match_prefix *prefix)
{
	uint32_t mask = htonl(UINT32_MAX << (128 - prefix->bits));
	uint32_t value;

	memcpy(&value, prefix->address + 12, sizeof(value));
	value &= mask;
	if (prefix->bits == 128) {
		add(condition, " || %s == 0x%x", field, value);
		return;
	}
	add(condition, " || (!(%s & 0x%x)", field, mask & ~value);
	for (uint32_t bit = 1; bit; bit <<= 1)
		if (value & bit)
			add(condition, " && (%s & 0x%x)", field, bit);
	add(condition, ")");
}

/* Plain IPv4 items only: they alone say nothing about IPv6 sockets, whose
 * saddr holds an arbitrary IPv4 address (127.0.0.6, LOOPBACK4_IPV6). */
static bool is_composable(const struct match_prefixes *prefixes)
{
	static const struct match_prefix mapped = {
		.address = { [10] = 0xff, [11] = 0xff }
	};

	for (size_t i = 0; i < prefixes->count; i++) {
		const struct match_prefix *item = &prefixes->items[i];

		if (item->negated || item->bits <= IPV4_PREFIX_BITS ||
		    memcmp(item->address, mapped.address, 12))
			return false;
	}
	return prefixes->count != 0;
}

bool trace_filter_compares(const struct match_prefixes *prefixes)
{
	return !prefixes->count || is_composable(prefixes);
}

static void compose_addresses(struct condition *condition, const char *field,
			      const struct match_prefixes *prefixes)
{
	if (!is_composable(prefixes))
		return;
	add(condition, "(%s == 0", field);
	for (size_t i = 0; i < prefixes->count; i++)
		add_prefix(condition, field, &prefixes->items[i]);
	add(condition, ")");
}

/* Appends a finished condition; false where it does not fit. */
static bool append(char *text, const struct condition *condition)
{
	size_t length = strlen(text);
	size_t room = TRACE_FILTER_BYTES - length;

	if (condition->overflowed ||
	    condition->length + sizeof(" && ") > room)
		return false;
	if (condition->length)
		snprintf(text + length, room, "%s%s", length ? " && " : "",
			 condition->text);
	return true;
}

static bool has(const struct trace_layout *layout, enum trace_field_id id,
		uint16_t size)
{
	return layout->fields[id].size == size;
}

bool trace_filter_compose(char *text, const struct trace_layout *layout,
			  const struct backend_filter *filter)
{
	struct condition condition;
	bool whole = true;

	text[0] = '\0';
	if (layout->fields[TRACE_FIELD_PROTOCOL].size) {
		condition = (struct condition){ 0 };
		add(&condition, "protocol == %d", IPPROTO_TCP);
		whole &= append(text, &condition);
	}
	if (!filter)
		return whole;
	if (has(layout, TRACE_FIELD_SPORT, 2)) {
		condition = (struct condition){ 0 };
		compose_ports(&condition, "sport", &filter->local_ports);
		whole &= append(text, &condition);
	}
	if (has(layout, TRACE_FIELD_DPORT, 2)) {
		condition = (struct condition){ 0 };
		compose_ports(&condition, "dport", &filter->remote_ports);
		whole &= append(text, &condition);
	}
	if (has(layout, TRACE_FIELD_SADDR, 4)) {
		condition = (struct condition){ 0 };
		compose_addresses(&condition, "saddr", &filter->local_addresses);
		whole &= append(text, &condition);
	}
	if (has(layout, TRACE_FIELD_DADDR, 4)) {
		condition = (struct condition){ 0 };
		compose_addresses(&condition, "daddr", &filter->remote_addresses);
		whole &= append(text, &condition);
	}
	return whole;
}
