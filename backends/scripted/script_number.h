/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of an event's line that are a name, '=' and a number. */
#ifndef SCRIPT_NUMBER_H
#define SCRIPT_NUMBER_H

#include <stdint.h>

#include "script_token.h"
#include "tcpwatch/error.h"
#include "tcpwatch/event.h"

/* Puts what stands behind the '=' of that part (script_part.h) where an event of
 * this kind has it. 0, or -EINVAL and *err. */
int script_number_parse(struct script_token token, uint64_t part,
			struct event *event, struct error *err);

#endif
