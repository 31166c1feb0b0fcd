/* SPDX-License-Identifier: BSD-2-Clause */
/* The pieces of an event script's line: words, numbers, times, quoted bytes
 * and endpoints, each with its bounds. */
#ifndef SCRIPT_TOKEN_H
#define SCRIPT_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/error.h"
#include "tcpwatch/event.h"

enum { SCRIPT_TOKEN_SECONDS_MAX = 1000000000 };

/* A piece of the line; not terminated, borrowed from it. */
struct script_token {
	const char *at;
	size_t length;
};

struct script_cursor {
	const char *at, *end;
};

/* The next piece between blanks, quoted text and all. False at the end of the
 * line or at a comment. */
bool script_token_next(struct script_cursor *cursor,
			 struct script_token *token);

bool script_token_is(const struct script_token *token, const char *text);

/* True when the token begins with prefix, which is then cut off. */
bool script_token_cut(struct script_token *token, const char *prefix);

/* The token as a C string; false when it is longer than the room for it. */
bool script_token_copy(const struct script_token *token, char *text,
			 size_t bytes);

/* Each is false, with *value undefined, for anything else than: */

/* a number of 0 to highest, decimal or 0x... */
bool script_token_number(struct script_token token, uint64_t highest,
			   uint64_t *value);

/* seconds with up to nine decimals, given as nanoseconds; */
bool script_token_seconds(struct script_token token, uint64_t *ns);

/* a time like 2026-11-22T13:00:00Z, given as ns since 1970; */
bool script_token_wall(const struct script_token *token, int64_t *wall_ns);

/* "text" with \" \\ and \xNN; what is left of room is zeroed; */
bool script_token_quoted(const struct script_token *token, char *bytes,
			   size_t room);

/* 10.0.0.1:80 or [2001:db8::1]:80. */
bool script_token_endpoint(const struct script_token *token,
			     struct endpoint *endpoint);

/* Stores "'<token>' is wrong here: <right>" and returns -EINVAL. */
int script_token_refuse(const struct script_token *token, const char *right,
			  struct error *err);

#endif
