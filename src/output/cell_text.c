/* SPDX-License-Identifier: BSD-2-Clause */
/* Cells to text, by type. */
#include "cell_text.h"

#include <string.h>

#include "common/number_text.h"
#include "common/safe_text.h"

_Static_assert((int)CELL_TEXT_MAX >= (int)EVENT_COMM_BYTES &&
	       (int)CELL_TEXT_MAX >= NUMBER_TEXT_ADDRESS + 8 &&
	       (int)CELL_TEXT_MAX >= (int)WALL_TEXT_MAX &&
	       (int)CELL_TEXT_MAX >= NUMBER_TEXT_MS + 1,
	       "every cell fits");

/* Words are short: for these a loop is faster than strnlen() and memcpy(). */
static size_t put_words(char *text, const char *words)
{
	size_t length = 0;

	for (; length < CELL_TEXT_MAX && words[length]; length++)
		text[length] = words[length];
	return length;
}

/* All of it: what is behind its end is written over. */
static size_t put_word(char *text, const struct word *word)
{
	memcpy(text, word, sizeof(*word));
	return word->length;
}

static size_t put_sock(char *text, uint64_t sock)
{
	text[0] = 's';
	return 1 + number_text_u64(text + 1, sock);
}

static size_t put_endpoint(char *text, const struct endpoint *endpoint,
			   uint8_t family)
{
	bool brackets = family != EVENT_FAMILY_IPV4;
	size_t length = 0;

	if (brackets)
		text[length++] = '[';
	length += number_text_address(text + length, endpoint->address, family);
	if (brackets)
		text[length++] = ']';
	text[length++] = ':';
	return length + number_text_u64(text + length, endpoint->port);
}

static size_t put_bool(char *text, bool value)
{
	memcpy(text, value ? "true " : "false", 5);
	return value ? 4 : 5;
}

size_t cell_text_duration(char *text, struct span span, size_t width)
{
	if (span_is_exact(span))
		return number_text_ms_fit(text, span.min_ns, width);
	if (span_is_unknown(span))
		return 0;
	if (span.min_ns) {
		text[0] = '>';
		return 1 + number_text_ms_fit(text + 1, span.min_ns, width - 1);
	}
	text[0] = '<';
	return 1 + number_text_ms_fit(text + 1, span.max_ns, width - 1);
}

_Static_assert(CELL_MAPS_ENTRIES * (sizeof(struct word) + NUMBER_TEXT_MS + 3) <=
	       (size_t)CELL_TEXT_MAPS_MAX, "all maps of a row fit");

/* "ESTABLISHED=12.345;CLOSE_WAIT=>1.000". Not inlined: events have none. */
__attribute__((noinline))
static size_t put_map(char *text, const struct cell_map *map)
{
	size_t length = 0;

	for (size_t i = 0; i < map->count; i++) {
		const struct cell_entry *entry = &map->entries[i];

		if (i)
			text[length++] = ';';
		length += put_word(text + length, entry->name);
		text[length++] = '=';
		if (entry->at_least)
			text[length++] = '>';
		length += map->durations ?
			number_text_ms_fit(text + length, entry->value,
					   NUMBER_TEXT_MS) :
			number_text_u64(text + length, entry->value);
	}
	return length;
}

_Static_assert(CELL_LISTS_BYTES + 4 * CELL_LIST_TEXTS <=
	       (int)CELL_TEXT_LISTS_MAX, "all lists of a row fit");

/* Always in quotes: its texts have commas and no quotes, and only CSV prints them by
 * this. */
__attribute__((noinline))
static size_t put_list(char *text, const struct cell_list *list)
{
	size_t length = 0;

	text[length++] = '"';
	for (size_t i = 0; i < list->count; i++) {
		size_t bytes = strnlen(list->texts[i], CELL_LIST_TEXT_MAX);

		if (i) {
			text[length++] = ';';
			text[length++] = ' ';
		}
		memcpy(text + length, list->texts[i], bytes);
		length += bytes;
	}
	text[length++] = '"';
	return length;
}

size_t cell_text(char *text, const struct cell *cell, struct wall_text *wall)
{
	switch ((enum cell_type)cell->type) {
	case CELL_NONE:
		return 0;
	case CELL_NUMBER:
		return number_text_i64(text, cell->number);
	case CELL_HEX:
		return number_text_hex16(text, cell->id);
	case CELL_TEXT:
		return put_words(text, cell->text);
	case CELL_WORD:
		return put_word(text, cell->word);
	case CELL_COMM:
		return safe_text_terminal(text, cell->comm, EVENT_COMM_BYTES, NULL);
	case CELL_SOCK:
		return put_sock(text, cell->id);
	case CELL_ADDRESS:
		return number_text_address(text, cell->endpoint->address,
					   cell->family);
	case CELL_ENDPOINT:
		return put_endpoint(text, cell->endpoint, cell->family);
	case CELL_DURATION:
		return cell_text_duration(text, cell->span, NUMBER_TEXT_MS);
	case CELL_WALL:
		return wall_text_write(wall, text, cell->id);
	case CELL_SINCE:
		return number_text_seconds(text, cell->id);
	case CELL_MICROS:       /* a millionth of them, as ms of ns */
		return number_text_ms_full(text, cell->id);
	case CELL_MAP:
		return put_map(text, cell->map);
	case CELL_LIST:
		return put_list(text, cell->list);
	case CELL_BOOL:
		return put_bool(text, cell->id);
	case CELL_MS:
		return number_text_ms_fit(text, cell->id, NUMBER_TEXT_MS);
	case CELL_UNKNOWN:
		*text = '?';
		return 1;
	}
	return 0;
}
