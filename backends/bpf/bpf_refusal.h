/* SPDX-License-Identifier: BSD-2-Clause */
/* Why the kernel does not let us use BPF, and what the user can do about it. */
#ifndef BPF_REFUSAL_H
#define BPF_REFUSAL_H

#include "tcpwatch/error.h"

/* Stores the reason for a call that failed with that errno while we did what is
 * named ("load the BPF programs"). log: the verifier's last words, or NULL.
 * Returns -code. */
int bpf_refusal_set(struct error *err, int code, const char *doing,
		    const char *log);

/* 0 when this process has the capabilities that BPF asks for; -EPERM and *err
 * with their names. */
int bpf_refusal_check_capabilities(struct error *err);

#endif
