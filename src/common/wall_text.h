/* SPDX-License-Identifier: BSD-2-Clause */
/* Wall times as users asked for them, with the last second's text kept: the
 * calendar is asked once a second, not once a row. */
#ifndef WALL_TEXT_H
#define WALL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WALL_TEXT_MAX = 48, WALL_TEXT_SHORT = 8, WALL_TEXT_ISO_UTC = 27,
       WALL_TEXT_ISO_LOCAL = 32 };

struct wall_text {
	bool iso, utc;
	uint64_t second;        /* whose text is kept; UINT64_MAX = none yet */
	size_t head_length, tail_length;
	uint64_t rfc3339_second; /* likewise */
	char rfc3339[32];       /* up to the point behind its seconds */
	char head[32];          /* up to the seconds */
	char tail[8];           /* behind the microseconds: "Z", "+01:00" */
};

/* iso: "2026-11-22T13:04:06.123456+01:00"; else "13:04:06".
 * utc: in UTC ("Z" behind an iso time), else in local time. */
void wall_text_init(struct wall_text *wall, bool iso, bool utc);

/* wall_ns: since 1970. Writes without a NUL; returns the bytes written, at
 * most WALL_TEXT_MAX. */
size_t wall_text_write(struct wall_text *wall, char *text, uint64_t wall_ns);

/* "2026-11-22T13:04:06.123456789Z" whatever the options; as above. */
size_t wall_text_rfc3339(struct wall_text *wall, char *text, uint64_t wall_ns);

#endif
