/* SPDX-License-Identifier: BSD-2-Clause */
/* The user's filter in the language of the kernel's event filters, as far as
 * that is safe; what is left out here is filtered in user space. */
#ifndef TRACE_FILTER_H
#define TRACE_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "tcpwatch/backend.h"
#include "trace/trace_record.h"

/* A filter must fit into one page less its terminating NUL. */
enum { TRACE_FILTER_BYTES = 4096 };

/*
 * Writes the filter for events of this layout to text (TRACE_FILTER_BYTES);
 * an empty text means no filter. filter: NULL = the user has none. Whatever
 * has port or address 0 always passes. A condition that would not fit is left
 * out: then it returns false. (Addresses that it cannot compare do not count.)
 */
bool trace_filter_compose(char *text, const struct trace_layout *layout,
			  const struct backend_filter *filter);

/* False: there are such addresses, and the kernel cannot compare them. */
bool trace_filter_compares(const struct match_prefixes *prefixes);

#endif
