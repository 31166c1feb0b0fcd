/* SPDX-License-Identifier: BSD-2-Clause */
/* What the groups of metrics have in common, and what they are called. */
#ifndef METRICS_KEY_H
#define METRICS_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "metrics.h"
#include "metrics_groups.h"
#include "tracker/tracker.h"
#include "tcpwatch/event.h"

/* Takes note of the port of a listener that an EVENT_STATE or EVENT_SEEN tells
 * of: such ports alone have a group by lport. */
void metrics_key_note_listener(struct metrics *metrics,
			       const struct event *event);

/* Does the observation tell which group its socket belongs to? */
bool metrics_key_is_told(const struct metrics *metrics,
			 const struct observation *observation);

/* The group that the observation tells is its socket's from now on. */
void metrics_key_join(const struct metrics *metrics,
		      struct metrics_membership *membership,
		      const struct observation *observation);

/* What tells the group from others, fit for a label; "other" for that of all
 * others, where any is told apart. */
void metrics_key_text(const struct metrics *metrics,
		      const struct metrics_group *group, char *text, size_t size);

#endif
