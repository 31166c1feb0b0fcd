/* SPDX-License-Identifier: BSD-2-Clause */
/* What the values of the options of sockets do. */
#include "options_take.h"

#include <string.h>

#include "options_value.h"
#include "output/column.h"
#include "sockets/socket_order.h"

static const char *sort_name(unsigned int index)
{
	return columns[socket_order_columns[index]].name;
}

int options_take_sort(struct options *options,
		      const struct options_given *given, struct error *err)
{
	const struct options_names names = {
		.end = SOCKET_ORDER_COLUMNS,
		.name = sort_name,
		.words = "a column to sort by",
	};
	int id = column_find(given->value);

	for (unsigned int i = 0; i < SOCKET_ORDER_COLUMNS; i++)
		if (id == (int)socket_order_columns[i]) {
			options->view_options.sockets.sort = (uint8_t)id;
			return 0;
		}
	return options_value_wrong_name(given->value, strlen(given->value), &names,
					err);
}

int options_take_top_sockets(struct options *options,
			     const struct options_given *given,
			     struct error *err)
{
	static const struct options_range range = {
		.low = 1,
		.high = UINT64_MAX,
		.words = "a whole number of sockets, 1 or more",
	};

	return options_value_number(&options->view_options.sockets.top,
				    given->value, &range, err);
}
