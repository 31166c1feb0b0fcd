/* SPDX-License-Identifier: BSD-2-Clause */
/* Leaves this process the system calls of syscall_table.h and no others. */
#ifndef SYSCALL_FILTER_H
#define SYSCALL_FILTER_H

#include <stddef.h>

#include <linux/filter.h>

#include "tcpwatch/error.h"

enum { SYSCALL_FILTER_MAX = 512 };

/* Composes the kernel's program; room for SYSCALL_FILTER_MAX. Returns how many
 * instructions it has; 0: there is none for this processor. */
size_t syscall_filter_compose(struct sock_filter *program);

/*
 * From now on any other call ends the process, with exit status EXIT_FAILED and
 * one line that names it. For good; no_new_privs must be set. 0; 1 where that is
 * not possible (this build, valgrind, the kernel), which the user is told; or
 * -errno and *err.
 */
int syscall_filter_enter(struct error *err);

#endif
