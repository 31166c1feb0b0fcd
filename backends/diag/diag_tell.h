/* SPDX-License-Identifier: BSD-2-Clause */
/* What diag_looks.c has found, as events into its queue: those that are wanted. */
#ifndef DIAG_TELL_H
#define DIAG_TELL_H

#include <stdint.h>

#include "diag_looks.h"
#include "diag_table.h"
#include "tcpwatch/event.h"

struct tcp_info;

/* A socket that is older than the watch, or the owner of one that nobody held. */
void diag_tell_seen(struct diag_looks *looks, const struct diag_known *known,
		    uint64_t time_ns, int32_t tgid);

/* From old_state to the one it has now, between the times of the look. */
void diag_tell_state(struct diag_looks *looks, const struct diag_known *known,
		     uint8_t old_state, const struct diag_look *look);

/* count of them; state: in which they were sent, UNKNOWN where it did not stay
 * the same. */
void diag_tell_retrans(struct diag_looks *looks, const struct diag_known *known,
		       uint8_t state, uint32_t count,
		       const struct diag_look *look);

/* The congestion state that it has now. */
void diag_tell_cong(struct diag_looks *looks, const struct diag_known *known,
		    const struct diag_look *look);

/* Nothing but for ESTABLISHED sockets whose round trip is known. */
void diag_tell_sample(struct diag_looks *looks, const struct diag_known *known,
		      const struct tcp_info *info, uint64_t time_ns);

/* Its last change, to CLOSE, and that it is no more. */
void diag_tell_end(struct diag_looks *looks, struct diag_known *known,
		   uint64_t time_ns);

/* The kernel's own EVENT_GONE. */
void diag_tell_gone(struct diag_looks *looks, const struct event *gone);

#endif
