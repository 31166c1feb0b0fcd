/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of the kernel's functions by their addresses, as /proc/kallsyms
 * tells them: read once, so that what is loaded later has no name. */
#ifndef KERNEL_SYMBOLS_H
#define KERNEL_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/error.h"

#define KERNEL_SYMBOLS_PATH "/proc/kallsyms"

/* More are refused, as is a file with more text. */
enum { KERNEL_SYMBOLS_MAX = 1 << 20, KERNEL_SYMBOLS_TEXT_MAX = 64 << 20 };

struct kernel_symbol {
	uint64_t address;
	uint32_t name;                  /* offset in names */
};

struct kernel_symbols {
	struct kernel_symbol *symbols;  /* by address */
	size_t count, capacity;
	char *names;                    /* each NUL-terminated */
	size_t names_bytes, names_capacity;
};

/* Reads the functions of that file; lines of another form are passed over. 0, or
 * -errno with *err and nothing left; -EPERM where the kernel hides addresses. */
int kernel_symbols_open(struct kernel_symbols *symbols, const char *path,
			struct error *err);
void kernel_symbols_close(struct kernel_symbols *symbols); /* accepts a zeroed object */

/* The function that the instruction at address belongs to: "tcp_v4_rcv",
 * "nft_do_chain [nf_tables]"; of several names the one that the kernel lists
 * first. NULL when none begins near enough. Untrusted bytes; borrowed until
 * close. */
const char *kernel_symbols_find(const struct kernel_symbols *symbols,
				uint64_t address);

#endif
