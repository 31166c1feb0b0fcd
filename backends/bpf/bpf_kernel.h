/* SPDX-License-Identifier: BSD-2-Clause */
/* What this kernel's type information (BTF) tells: which hooks there are, with
 * which arguments, and what cannot be asked on the kernel's side. */
#ifndef BPF_KERNEL_H
#define BPF_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf_decode.h"
#include "tcpwatch/error.h"

struct btf;

struct bpf_kernel {
	struct btf *btf;
	int64_t preempt_count_from_run_queue; /* bytes, within a CPU's own
	                                       * variables; 0 = not known */
	struct bpf_decode decode;
};

/* 0, or -errno with the reason and the remedy in *err. */
int bpf_kernel_open(struct bpf_kernel *kernel, struct error *err);
void bpf_kernel_close(struct bpf_kernel *kernel);       /* accepts zeroed */

/* How many arguments the tracepoint gives, -1 where there is no such event. */
int bpf_kernel_arguments(const struct bpf_kernel *kernel, const char *event);

/* Does it keep the control group where a program can read it (5.15)? */
bool bpf_kernel_knows_cgroups(const struct bpf_kernel *kernel);

/* May a program list the TCP sockets (iter/tcp, 5.9)? */
bool bpf_kernel_lists_sockets(const struct bpf_kernel *kernel);

/* Puts a program at the tracepoint and takes it away again. 0; -ENOENT: there is
 * no such event; or -errno. */
int bpf_kernel_try_event(const struct bpf_kernel *kernel, const char *event);

/* May a program be put at the function's beginning (fentry)? Tries it. */
bool bpf_kernel_takes_fentry(const struct bpf_kernel *kernel,
			     const char *function);

/* Makes the smallest ring buffer and takes it away again. 0; -EINVAL: this kernel
 * has none; or -errno. */
int bpf_kernel_try_ring(void);

#endif
