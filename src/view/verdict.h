/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel's TCP counters say of a network, in words: rules over how much
 * they have grown, each with the document that it rests on. Pure.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include <stddef.h>
#include <stdint.h>

#include "tracker/reason.h"
#include "tcpwatch/tcp_counters.h"

enum {
	VERDICT_TEXT_BYTES = 320, VERDICT_NAME_MAX = 32, VERDICT_MAX = 12,
	VERDICT_NOTES = 3
};

struct verdict {
	const char *name;       /* "loss"; static, shorter than VERDICT_NAME_MAX */
	const char *source;     /* the document; static; NULL = none is needed */
	char text[VERDICT_TEXT_BYTES]; /* the name and the figures behind it, one
	                                * sentence; no quote and no backslash */
};

struct verdicts {
	size_t count;           /* 1 or more */
	struct verdict items[VERDICT_MAX];
};

/* by: how much each has grown. Every rule that holds, in the order of the table;
 * where none does, that nothing is wrong. */
void verdict_judge(struct verdicts *verdicts, const struct tcp_counters *by);

/*
 * What the figures alone do not say: into texts, at most VERDICT_NOTES of them;
 * returns how many. traced: retransmissions by class that the trace saw; NULL:
 * there was none.
 */
size_t verdict_notes(char texts[VERDICT_NOTES][VERDICT_TEXT_BYTES],
		     const struct tcp_counters *by,
		     const uint64_t traced[REASON_CLASS_COUNT]);

#endif
