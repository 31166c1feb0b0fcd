/* SPDX-License-Identifier: BSD-2-Clause */
/* Which group a sample belongs to, and what the group is called. */
#ifndef RTT_KEY_H
#define RTT_KEY_H

#include "rtt_groups.h"
#include "tracker/tracker.h"
#include "view.h"

enum { RTT_KEY_TEXT = 160 };

/* The key of the observation's group. */
struct rtt_key rtt_key_of(const struct view_rtt_options *options,
			  const struct observation *observation);

/* What --by calls the groups: "raddr/24". */
void rtt_key_by_text(const struct view_rtt_options *options,
		     char text[RTT_KEY_TEXT]);

/* What tells the group from others: "10.0.0.0/24", "s12"; fit for a terminal. */
void rtt_key_text(const struct view_rtt_options *options,
		  const struct rtt_group *group, char text[RTT_KEY_TEXT]);

/* The line above its histogram: "Remote Address = 10.0.0.1". rest: it is the
 * group of all others. */
void rtt_key_title(const struct view_rtt_options *options,
		   const struct rtt_group *group, bool rest,
		   char text[RTT_KEY_TEXT]);

#endif
