/* SPDX-License-Identifier: BSD-2-Clause */
/* Why the kernel does not let us use BPF, and what the user can do about it. */
#ifndef BPF_REFUSAL_H
#define BPF_REFUSAL_H

#include <stdbool.h>
#include <stdint.h>

#include "tcpwatch/error.h"

/* What refusals come from. */
struct bpf_refusal {
	uint64_t capabilities;  /* effective ones, as bits */
	bool locked_down;       /* mode confidentiality */
	bool seccomp;           /* a filter is on */
	bool memory_limited;    /* RLIMIT_MEMLOCK */
};

struct bpf_refusal bpf_refusal_look(void);

/* What forbids it before it is tried: capabilities, lockdown. 0, or -EPERM and *err
 * with the remedy. */
int bpf_refusal_check(const struct bpf_refusal *refusal, struct error *err);

/* Stores the reason for a call that failed with that errno while we did what is
 * named ("load the BPF programs"). log: the verifier's last words, or NULL.
 * Returns -code. */
int bpf_refusal_judge(const struct bpf_refusal *refusal, int code,
		      const char *doing, const char *log, struct error *err);

/* The same of this process as it is now. */
int bpf_refusal_set(struct error *err, int code, const char *doing,
		    const char *log);

/* 0 when this process has the capabilities that BPF asks for; -EPERM and *err
 * with their names. */
int bpf_refusal_check_capabilities(struct error *err);

#endif
