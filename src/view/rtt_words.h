/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines above and below the histogram of a group of round trips. */
#ifndef RTT_WORDS_H
#define RTT_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "rtt_groups.h"
#include "rtt_key.h"
#include "view.h"

enum { RTT_WORDS_TITLE = 2 * RTT_KEY_TEXT, RTT_WORDS_SUMMARY = 256 };

/* Which group it is, and its average where options want that. rest: it is the
 * group of all others. */
void rtt_words_title(const struct view_rtt_options *options,
		     const struct rtt_group *group, bool rest,
		     char text[RTT_WORDS_TITLE]);

/* Its figures, of a group that is not empty. sampled: a sample stood for so many,
 * at most. */
void rtt_words_summary(const struct view_rtt_options *options,
		       const struct rtt_group *group, uint64_t sampled,
		       char text[RTT_WORDS_SUMMARY]);

#endif
