/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of views. */
#include "view.h"

#include <string.h>

const struct view_ops *view_find(const char *name)
{
	for (size_t i = 0; views[i]; i++)
		if (!strcmp(views[i]->name, name))
			return views[i];
	return NULL;
}

const struct view_ops *const views[] = {
	&view_stream,
	&view_states,
	&view_rtt,
	&view_cwnd,
	&view_life,
	&view_retrans,
	&view_cong,
	&view_graph,
	&view_report,
	&view_sockets,
	&view_metrics,
	&view_counters,
	NULL
};
