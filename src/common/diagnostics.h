/* SPDX-License-Identifier: BSD-2-Clause */
/* Words to the user on stderr; the only code that prints there. */
#ifndef DIAGNOSTICS_H
#define DIAGNOSTICS_H

#include "tcpwatch/error.h"

/* -1 quiet: errors only; 0: notes too; 1: details too. Default 0. */
void diagnostics_set_verbosity(int verbosity);

/* Each prints "tcpwatch: ..." and a newline, control bytes made harmless. */
void diagnostics_error(const struct error *err);
void diagnostics_note(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
void diagnostics_detail(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#endif
