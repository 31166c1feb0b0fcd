/* SPDX-License-Identifier: BSD-2-Clause */
/* Parses and applies the lists that the user filters by. */
#include "tcpwatch/match.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "tcpwatch/event.h"

enum {
	IPV4_OFFSET = 12,               /* bytes in front of a mapped IPv4 */
	IPV4_PREFIX_BITS = 96,
	IPV4_BITS = 32,
	IPV6_BITS = 128,
	PORT_HIGHEST = 65535,
	PIECE_SHOWN = 64                /* bytes of a wrong piece in a message */
};

/* A part of the user's text. */
struct piece {
	const char *text;
	size_t length;
};

/* Takes the text up to the next comma; false when nothing is left. */
static bool next_piece(const char **text, struct piece *piece)
{
	if (!*text)
		return false;
	piece->text = *text;
	piece->length = strcspn(*text, ",");
	*text = piece->text[piece->length] ? piece->text + piece->length + 1
					   : NULL;
	return true;
}

static struct piece piece_from(struct piece piece, size_t start)
{
	return (struct piece){ piece.text + start, piece.length - start };
}

static bool take_negation(struct piece *piece)
{
	if (!piece->length || piece->text[0] != '!')
		return false;
	*piece = piece_from(*piece, 1);
	return true;
}

/* Splits at the first separator; false, and all in *left, without one. */
static bool split(struct piece piece, char separator, struct piece *left,
		  struct piece *right)
{
	const char *found = memchr(piece.text, separator, piece.length);

	*left = piece;
	if (!found)
		return false;
	left->length = (size_t)(found - piece.text);
	*right = piece_from(piece, left->length + 1);
	return true;
}

static bool parse_number(struct piece piece, uint32_t highest, uint32_t *number)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < piece.length; i++) {
		if (piece.text[i] < '0' || piece.text[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(piece.text[i] - '0');
		if (value > highest)
			return false;
	}
	*number = (uint32_t)value;
	return piece.length > 0;
}

static bool parse_range(struct piece piece, uint32_t highest,
			struct match_range *range)
{
	struct piece low, high;

	range->negated = take_negation(&piece);
	if (!split(piece, '-', &low, &high))
		high = low;
	return parse_number(low, highest, &range->low) &&
	       parse_number(high, highest, &range->high) &&
	       range->low <= range->high;
}

/* Fills the 16 bytes; *bits receives how long the longest prefix is. */
static bool parse_address(struct piece piece, uint8_t address[16],
			  uint32_t *bits)
{
	static const uint8_t mapped[IPV4_OFFSET] = { [10] = 0xff, [11] = 0xff };
	char text[INET6_ADDRSTRLEN];
	bool bare = !piece.length || piece.text[0] != '[';

	/* As rows show it in front of a port. */
	if (!bare && piece.text[piece.length - 1] == ']') {
		piece.text++;
		piece.length -= 2;
	}
	if (piece.length >= sizeof(text))
		return false;
	memcpy(text, piece.text, piece.length);
	text[piece.length] = '\0';
	memcpy(address, mapped, sizeof(mapped));
	if (bare && inet_pton(AF_INET, text, address + IPV4_OFFSET) == 1) {
		*bits = IPV4_BITS;
		return true;
	}
	*bits = IPV6_BITS;
	return inet_pton(AF_INET6, text, address) == 1;
}

static void clear_host_bits(struct match_prefix *prefix)
{
	size_t byte = prefix->bits / 8;

	if (byte == sizeof(prefix->address))
		return;
	prefix->address[byte] &= (uint8_t)~(0xffu >> prefix->bits % 8);
	memset(prefix->address + byte + 1, 0,
	       sizeof(prefix->address) - byte - 1);
}

static bool parse_prefix(struct piece piece, struct match_prefix *prefix)
{
	struct piece address, length;
	uint32_t highest, bits;
	bool has_length;

	prefix->negated = take_negation(&piece);
	has_length = split(piece, '/', &address, &length);
	if (!parse_address(address, prefix->address, &highest))
		return false;
	bits = highest;
	if (has_length && !parse_number(length, highest, &bits))
		return false;
	if (highest == IPV4_BITS)
		bits += IPV4_PREFIX_BITS;
	prefix->bits = (uint8_t)bits;
	clear_host_bits(prefix);
	return true;
}

static int shown_length(struct piece piece)
{
	return piece.length < PIECE_SHOWN ? (int)piece.length : PIECE_SHOWN;
}

static int refuse_range(struct piece piece, uint32_t highest,
			struct error *err)
{
	if (highest == PORT_HIGHEST)
		return error_set(err, EINVAL,
				 "'%.*s' is not a port (0-65535) or a range like 8000-8099",
				 shown_length(piece), piece.text);
	return error_set(err, EINVAL,
			 "'%.*s' is not a number (0-%u) or a range like 100-199",
			 shown_length(piece), piece.text, highest);
}

static int refuse_prefix(struct piece piece, struct error *err)
{
	return error_set(err, EINVAL,
			 "'%.*s' is not an address or a prefix like 10.0.0.0/8 or "
			 "2001:db8::/32", shown_length(piece), piece.text);
}

static int refuse_length(struct piece piece, struct error *err)
{
	return error_set(err, E2BIG,
			 "'%.*s' is one too many: a list has at most %d items",
			 shown_length(piece), piece.text, MATCH_ITEMS_MAX);
}

int match_ranges_parse(struct match_ranges *ranges, const char *text,
		       uint32_t highest, struct error *err)
{
	struct match_ranges parsed = *ranges;
	struct piece piece;

	while (next_piece(&text, &piece)) {
		if (parsed.count == MATCH_ITEMS_MAX)
			return refuse_length(piece, err);
		if (!parse_range(piece, highest, &parsed.items[parsed.count]))
			return refuse_range(piece, highest, err);
		parsed.count++;
	}
	*ranges = parsed;
	return 0;
}

int match_prefixes_parse(struct match_prefixes *prefixes, const char *text,
			 struct error *err)
{
	struct match_prefixes parsed = *prefixes;
	struct piece piece;

	while (next_piece(&text, &piece)) {
		if (parsed.count == MATCH_ITEMS_MAX)
			return refuse_length(piece, err);
		if (!parse_prefix(piece, &parsed.items[parsed.count]))
			return refuse_prefix(piece, err);
		parsed.count++;
	}
	*prefixes = parsed;
	return 0;
}

bool match_ranges_has(const struct match_ranges *ranges, uint32_t value)
{
	bool wanted = true, matched = false;
	size_t i;

	for (i = 0; i < ranges->count; i++) {
		const struct match_range *range = &ranges->items[i];
		bool inside = value >= range->low && value <= range->high;

		if (range->negated && inside)
			return false;
		if (!range->negated) {
			wanted = false;
			matched |= inside;
		}
	}
	return wanted || matched;
}

static bool is_ipv4(const uint8_t address[16])
{
	struct endpoint endpoint;

	memcpy(endpoint.address, address, sizeof(endpoint.address));
	return endpoint_is_ipv4(&endpoint);
}

static bool prefix_has(const struct match_prefix *prefix,
		       const uint8_t address[16], bool ipv4)
{
	size_t bytes = prefix->bits / 8;
	uint8_t mask = (uint8_t)~(0xffu >> prefix->bits % 8);

	/* ::/0 covers the mapped addresses too, but means IPv6. */
	if (ipv4 != is_ipv4(prefix->address))
		return false;
	if (memcmp(prefix->address, address, bytes))
		return false;
	return !mask || prefix->address[bytes] == (address[bytes] & mask);
}

bool match_prefixes_has(const struct match_prefixes *prefixes,
			const uint8_t address[16])
{
	bool ipv4 = is_ipv4(address);
	bool wanted = true, matched = false;
	size_t i;

	for (i = 0; i < prefixes->count; i++) {
		const struct match_prefix *prefix = &prefixes->items[i];
		bool inside = prefix_has(prefix, address, ipv4);

		if (prefix->negated && inside)
			return false;
		if (!prefix->negated) {
			wanted = false;
			matched |= inside;
		}
	}
	return wanted || matched;
}
