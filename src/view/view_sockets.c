/* SPDX-License-Identifier: BSD-2-Clause */
/* The columns of sockets as they are now. */
#include "view.h"
#include "view_row.h"
#include "view_row_list.h"

static unsigned int rows(const struct view_options *options)
{
	(void)options;
	return OUTPUT_ROWS_SUMS;
}

static unsigned int events(const struct view_options *options,
			   const struct column_list *shown)
{
	(void)options;
	(void)shown;
	return 0;
}

/* What is wrong stands where a terminal shows it, with whom it concerns. */
static bool has_words_alone(const struct view_options *options, bool csv)
{
	return options->sockets.problems && !options->wide && !csv;
}

static void default_columns(const struct view_options *options, bool csv,
			    struct column_list *list)
{
	static const enum column_id figures[] = {
		COLUMN_STATE, COLUMN_DURATION, COLUMN_TIMER, COLUMN_TIMER_MS, COLUMN_RETRIES,
		COLUMN_RECV_Q, COLUMN_SEND_Q, COLUMN_RESENT
	};
	static const enum column_id others[] = {
		COLUMN_UNACKED, COLUMN_NOTSENT, COLUMN_DROPS, COLUMN_IDLE,
		COLUMN_GIVES_UP, COLUMN_SRTT, COLUMN_CWND, COLUMN_KEEPALIVE,
		COLUMN_KEEP_IDLE, COLUMN_KEEP_INTERVAL, COLUMN_KEEP_COUNT,
		COLUMN_USER_TIMEOUT, COLUMN_DEFER_ACCEPT
	};

	view_row_list_times(list, options, NULL, NULL);
	view_row_list(list, COLUMN_PID, NULL, 0);
	view_row_list(list, COLUMN_COMM, NULL, 0);
	if (options->wide || csv)
		view_row_list(list, COLUMN_LADDR, NULL, 0);
	view_row_list(list, COLUMN_LPORT, NULL, 0);
	if (csv) {
		view_row_list(list, COLUMN_RADDR, NULL, 0);
		view_row_list(list, COLUMN_RPORT, NULL, 0);
	} else {
		view_row_list(list, COLUMN_REMOTE, NULL, 0);
	}
	for (size_t i = 0; !has_words_alone(options, csv) &&
	     i < sizeof(figures) / sizeof(figures[0]); i++)
		view_row_list(list, figures[i], !csv &&
			      figures[i] == COLUMN_DURATION ? "AGE_MS" : NULL, 0);
	for (size_t i = 0; (options->wide || csv) &&
	     i < sizeof(others) / sizeof(others[0]); i++)
		view_row_list(list, others[i], NULL, 0);
	if (options->sockets.problems || csv)
		view_row_list(list, COLUMN_PROBLEM, NULL, 0);
}

static const enum column_id filled_ids[] = {
	COLUMN_TIME, COLUMN_PID, COLUMN_COMM, COLUMN_FAMILY, COLUMN_LADDR,
	COLUMN_LPORT, COLUMN_RADDR, COLUMN_RPORT, COLUMN_LOCAL, COLUMN_REMOTE,
	COLUMN_STATE, COLUMN_DURATION, COLUMN_TIMER, COLUMN_TIMER_MS,
	COLUMN_RETRIES, COLUMN_GIVES_UP, COLUMN_RECV_Q, COLUMN_SEND_Q,
	COLUMN_UNACKED, COLUMN_NOTSENT, COLUMN_RESENT, COLUMN_DROPS, COLUMN_IDLE,
	COLUMN_SRTT, COLUMN_CWND, COLUMN_KEEPALIVE, COLUMN_KEEP_IDLE,
	COLUMN_KEEP_INTERVAL, COLUMN_KEEP_COUNT, COLUMN_USER_TIMEOUT,
	COLUMN_DEFER_ACCEPT, COLUMN_PROBLEM
};

static const struct column_ids filled = COLUMN_IDS(filled_ids);

const struct view_ops view_sockets = {
	.name = "sockets",
	.summary = "what each socket is doing now; --problems: what is wrong",
	.columns = &filled,
	.is_list = true,
	.takes_interval = true,
	.rows = rows,
	.events = events,
	.default_columns = default_columns,
};
