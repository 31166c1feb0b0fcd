/* SPDX-License-Identifier: BSD-2-Clause */
/* One record of our own BPF programs to one struct event. */
#ifndef BPF_DECODE_H
#define BPF_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/bpf_record.h"
#include "tcpwatch/event.h"

enum { BPF_DECODE_REASONS = 64 };

/* The kernel's numbers of reasons for a reset to ours (reset_reason.h). */
struct bpf_decode {
	uint8_t reset_reasons[BPF_DECODE_REASONS];
};

/* False when it is no record of ours: of an unknown kind, or too short.
 * record: aligned to 8 bytes. *event is then undefined. */
bool bpf_decode_record(const struct bpf_decode *decode, const void *record,
		       size_t length, struct event *event);

/* An EVENT_SEEN with the socket's address. */
struct event bpf_decode_listed(const struct bpf_record_listed *record);

#endif
