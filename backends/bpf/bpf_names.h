/* SPDX-License-Identifier: BSD-2-Clause */
/* Records name the process that acts, by the name that it has then. Told as
 * EVENT_TASK, but only where it is another than was told last. */
#ifndef BPF_NAMES_H
#define BPF_NAMES_H

#include <stddef.h>

#include "tcpwatch/bpf_record.h"
#include "tcpwatch/event.h"

enum { BPF_NAMES_SLOTS = 1024, BPF_NAMES_EVENTS = 2 };

/* Zero-initialised = nothing was told. */
struct bpf_names {
	struct bpf_name {
		int32_t tid, tgid;
		char comm[BPF_RECORD_COMM_BYTES];
	} told[BPF_NAMES_SLOTS];        /* by tid */
};

/* Returns how many events there are, to be delivered in front of the record's own:
 * which process the thread is of, and what that is called. */
size_t bpf_names_take(struct bpf_names *names,
		      const struct bpf_record_state *record,
		      struct event events[BPF_NAMES_EVENTS]);

#endif
