/* SPDX-License-Identifier: BSD-2-Clause */
/* A list of sockets in the order of one of their figures. Pure. */
#ifndef SOCKET_ORDER_H
#define SOCKET_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "output/column.h"
#include "socket_history.h"
#include "tcpwatch/socket_limits.h"
#include "tcpwatch/socket_list.h"

struct socket_found {
	struct socket_status status;
	struct socket_past past;
	size_t unclosed;        /* of its owner, in CLOSE_WAIT */
};

/* Columns that --sort takes. */
enum { SOCKET_ORDER_COLUMNS = 14 };
extern const enum column_id socket_order_columns[SOCKET_ORDER_COLUMNS];

/* Leaves out what came twice, as it does when the kernel began a list again: how
 * many are left. */
size_t socket_order_once(struct socket_found *found, size_t count);

/* Tells each socket how many of its owner's the peer alone has closed; the order
 * is another then. */
void socket_order_count(struct socket_found *found, size_t count);

/* The largest first by that column, 0: by their states; of the same figure the
 * oldest. */
void socket_order_sort(struct socket_found *found, size_t count, uint8_t column,
		       const struct socket_limits *limits);

#endif
