/* SPDX-License-Identifier: BSD-2-Clause */
/* An event script: a text file read whole, checked whole, and then given line
 * by line with its repeated blocks unrolled. The language: script_line.h. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "script_line.h"
#include "tcpwatch/error.h"

/* A place in the text. */
struct script_place {
	size_t at;
	size_t line;                    /* the one before it, from 1 */
};

struct script {
	char *path;                     /* for messages */
	char *text;
	size_t length;
	uint64_t since_ns;              /* 0 unless the script says it */
	int64_t wall_ns;
	bool wall_known;

	struct script_place place;
	struct script_repeat repeat;    /* count 0: in no block */
	struct script_place block;      /* where its lines begin */
	uint64_t turn;                  /* of the block, from 0 */
};

/* Reads and checks the file. 0, or -errno with file, line and what is right in
 * *err; nothing is left then. */
int script_open(struct script *script, const char *path, struct error *err);
void script_close(struct script *script); /* accepts a zeroed object */

/* Gives the next line that does something: EVENT, IDLE, HANG or FAIL. False
 * at the end. */
bool script_next(struct script *script, struct script_line *line);

#endif
