/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of events that a script may have. */
#ifndef SCRIPT_FORM_H
#define SCRIPT_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "script_token.h"
#include "tcpwatch/event.h"

/* An event's word, what it becomes, and the parts of its line. */
struct script_form {
	const char *word;
	enum event_kind kind;
	unsigned int change;            /* enum event_task_change, or for SEEN
	                                 * enum event_seen_part */
	bool synack;
	uint64_t needs, takes;
	const char *example;
};

/* NULL when the word is no event's. */
const struct script_form *script_form_find(const struct script_token *word);

#endif
