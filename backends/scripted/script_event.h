/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of an event script that are events. */
#ifndef SCRIPT_EVENT_H
#define SCRIPT_EVENT_H

#include "script_token.h"
#include "tcpwatch/error.h"
#include "tcpwatch/event.h"

/* Parses what follows word. 0; -ENOENT when word is no event's, *err untouched;
 * -EINVAL with what is right in *err. *event is undefined unless 0. */
int script_event_parse(struct event *event, const struct script_token *word,
			 struct script_cursor *cursor, struct error *err);

#endif
