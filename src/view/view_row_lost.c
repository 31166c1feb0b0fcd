/* SPDX-License-Identifier: BSD-2-Clause */
/* Losses in words; see view_row_lost.h. */
#include "view_row_lost.h"

#include <string.h>

#include "cell_set.h"
#include "common/number_text.h"

/* "159 events lost on CPU 3" in words; NULL when nothing was lost. */
static const char *lost_words(char words[VIEW_ROW_WORDS],
			      const struct event *event)
{
	const char *lost_on = "events lost on CPU ";
	size_t length = 0;

	if (event->kind != EVENT_LOST)
		return NULL;
	if (event->has & EVENT_HAS_BOUNDS && !(event->has & EVENT_HAS_COUNT))
		return "some ends of sockets were lost";
	if (event->has & EVENT_HAS_COUNT) {
		length = number_text_u64(words, event->lost.count);
		words[length++] = ' ';
		if (event->lost.count == 1)
			lost_on = "event lost on CPU ";
	}
	memcpy(words + length, lost_on, strlen(lost_on));
	length += strlen(lost_on);
	if (event->has & EVENT_HAS_BOUNDS)
		length -= strlen(" on CPU ");
	else
		length += number_text_u64(words + length, event->cpu);
	words[length] = '\0';
	return words;
}

void view_row_lost_fill(struct view_row *view_row, const struct event *event)
{
	struct cell *cells = view_row->row.cells;

	cell_set_text(&cells[COLUMN_WHY], lost_words(view_row->words, event));
	if (event->has & EVENT_HAS_COUNT)
		cell_set_integer(&cells[COLUMN_COUNT_LOST], (int64_t)event->lost.count);
}

void view_row_lost_tell(struct view_row *view_row, const struct event *event,
			enum column_id first, enum column_id second)
{
	struct cell *cells = view_row->row.cells;
	char *text = view_row->lost;
	size_t length = 0;

	if (event->has & EVENT_HAS_COUNT)
		length = number_text_u64(text, event->lost.count);
	else
		text[length++] = '?';
	if (!(event->has & EVENT_HAS_BOUNDS)) {
		memcpy(text + length, "@CPU", 4);
		length += 4;
		length += number_text_u64(text + length, event->cpu);
	}
	text[length] = '\0';
	cell_set_text(&cells[first], "LOST");
	cell_set_text(&cells[second], text);
}
