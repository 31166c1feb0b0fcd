/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which events the kernel told in one run through its code: by where they ran,
 * never by how soon they came. Between any two a CPU may stand still, a virtual
 * one for seconds.
 */
#ifndef REASON_RUN_H
#define REASON_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "tcpwatch/event.h"

struct reason_run {
	int32_t tid;
	uint16_t cpu;
	bool interrupt;
};

static inline struct reason_run reason_run_of(const struct event *event)
{
	return (struct reason_run){
		.tid = event->tid,
		.cpu = event->cpu,
		.interrupt = event->context & EVENT_CONTEXT_INTERRUPT,
	};
}

/* True when two events of one socket, with none of it between them, may be of one
 * run; false when they cannot. */
static inline bool reason_run_is_same(struct reason_run one,
				      struct reason_run other)
{
	return one.tid == other.tid && one.cpu == other.cpu &&
	       one.interrupt == other.interrupt;
}

#endif
