/* SPDX-License-Identifier: BSD-2-Clause */
/* Wall times to text, the calendar kept for a second. */
#include "wall_text.h"

#include <string.h>
#include <time.h>

#include "ns.h"
#include "number_text.h"

/* strftime() writes the offset as +hhmm; ISO 8601 beside colons wants +hh:mm. */
static size_t put_offset(char tail[8], const struct tm *time)
{
	if (strftime(tail, 8, "%z", time) != 5)
		return 0;
	memmove(tail + 4, tail + 3, 2);
	tail[3] = ':';
	return 6;
}

static void keep_second(struct wall_text *wall, uint64_t second)
{
	time_t clock = (time_t)second;
	struct tm time = { 0 };

	if (wall->utc)
		gmtime_r(&clock, &time);
	else
		localtime_r(&clock, &time);
	wall->head_length = wall->iso ?
		strftime(wall->head, sizeof(wall->head), "%Y-%m-%dT%H:%M:%S", &time) :
		strftime(wall->head, sizeof(wall->head), "%H:%M:%S", &time);
	if (wall->utc) {
		wall->tail[0] = 'Z';
		wall->tail_length = 1;
	} else {
		wall->tail_length = put_offset(wall->tail, &time);
	}
	wall->second = second;
}

static size_t put_microseconds(char *text, uint32_t microseconds)
{
	text[0] = '.';
	for (int i = 6; i > 0; i--, microseconds /= 10)
		text[i] = (char)('0' + microseconds % 10);
	return 7;
}

void wall_text_init(struct wall_text *wall, bool iso, bool utc)
{
	*wall = (struct wall_text){
		.iso = iso, .utc = utc, .second = UINT64_MAX,
		.rfc3339_second = UINT64_MAX,
	};
	/* localtime_r() need not read TZ by itself. */
	tzset();
}

size_t wall_text_write(struct wall_text *wall, char *text, uint64_t wall_ns)
{
	uint64_t second = wall_ns / NS_PER_S;
	size_t length;

	if (second != wall->second)
		keep_second(wall, second);
	memcpy(text, wall->head, wall->head_length);
	length = wall->head_length;
	if (!wall->iso)
		return length;
	length += put_microseconds(text + length,
				   (uint32_t)(wall_ns % NS_PER_S / 1000));
	memcpy(text + length, wall->tail, wall->tail_length);
	return length + wall->tail_length;
}

size_t wall_text_rfc3339(struct wall_text *wall, char *text, uint64_t wall_ns)
{
	uint64_t second = wall_ns / NS_PER_S;

	if (second != wall->rfc3339_second) {
		number_text_rfc3339_utc(wall->rfc3339, second * NS_PER_S);
		wall->rfc3339_second = second;
	}
	memcpy(text, wall->rfc3339, sizeof(wall->rfc3339));
	number_text_digits(text + 20, (uint32_t)(wall_ns % NS_PER_S), 9);
	return 30;
}
