/* SPDX-License-Identifier: BSD-2-Clause */
/* What to show: a view turns observations into rows of typed columns. */
#ifndef VIEW_H
#define VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/wall_clock.h"
#include "counter_spans.h"
#include "output/column.h"
#include "output/column_list.h"
#include "output/output.h"
#include "tracker/tracker.h"
#include "tcpwatch/backend.h"
#include "tcpwatch/error.h"
#include "tcpwatch/keeper.h"

enum {
	VIEW_SHOW_STATE = 1u << 0,
	VIEW_SHOW_CONG = 1u << 1,
	VIEW_SHOW_RETRANS = 1u << 2,
	VIEW_SHOW_RESET = 1u << 3,
	VIEW_SHOW_ERROR = 1u << 4,
	VIEW_SHOW_SAMPLE = 1u << 5,
	VIEW_SHOW_STUCK = 1u << 6       /* --stuck alone shows them, too */
};

enum rtt_by { RTT_BY_ALL, RTT_BY_LADDR, RTT_BY_RADDR, RTT_BY_LPORT,
	      RTT_BY_RPORT, RTT_BY_COMM, RTT_BY_SOCK, RTT_BY_COUNT };

enum { RTT_IPV6_PREFIX = 64, RTT_TOP_MAX = 10000 };

struct view_rtt_options {
	uint8_t by;             /* enum rtt_by */
	uint8_t prefix;         /* bits of IPv4 addresses, and RTT_IPV6_PREFIX of IPv6
	                         * ones, that make a group; 0 = all of them */
	uint32_t top;           /* groups that are told apart */
	bool milliseconds;      /* unit of the drawn histogram */
	bool average;           /* in its title */
};

struct view_cwnd_options {
	const char *plot;       /* file; NULL = no picture */
	uint64_t sock;          /* the only socket; 0 = all */
};

/* Where metrics go; neither: to stdout. Groups are made by view_rtt_options. */
struct view_metrics_options {
	const char *file;       /* NULL = none */
	const char *listen;     /* metrics_address.h; NULL = nowhere */
	bool srtt;              /* samples of round trips, too */
};

/* Of sockets as they are now. */
struct view_sockets_options {
	bool listening, all;
	bool problems;          /* only those that have any */
	bool as_ss;             /* -t, -n: nothing else is shown */
	uint8_t sort;           /* enum column_id of a number; 0 = by state */
	uint64_t top;           /* 0 = no limit */
};

/* Of the kernel's counters. */
struct view_counters_options {
	bool zeros;             /* those that have not grown, too */
	bool alone;             /* nothing is traced beside them */
	counter_spans_read_fn *read; /* how they are read; NULL = from this kernel */
};

struct filter;

struct view_options {
	unsigned int show;      /* VIEW_SHOW_* of the stream; 0 = the default */
	bool wide;
	bool kernel_addresses;
	bool time;              /* -T: wall time in front */
	bool since;             /* -t: seconds since the first row in front */
	bool stuck;             /* --stuck was given: STUCK rows will come */
	bool stack;             /* states: the kernel stack of each change */
	uint64_t interval_ns;   /* 0 = none */
	struct view_rtt_options rtt;
	struct view_sockets_options sockets;
	struct view_counters_options counters;
	struct view_cwnd_options cwnd;
	struct view_metrics_options metrics;
	uint64_t outputs;       /* intervals; 0 = no limit */
	bool failed;            /* life: only those that ended badly */
	bool retrans;           /* life: only those with retransmissions */
	uint64_t min_ns;        /* life: only those that lasted so long */

	/* Of the run, for views that gather rows before they show them. */
	const struct filter *filter;    /* NULL = none */
	size_t max_sockets;
	uint64_t latency_ns;
	bool count;             /* retrans -c: by flow */
	bool sequence;          /* retrans -s */
	bool loss_probes;       /* retrans -l: they are always shown */
	bool changes;           /* cong --changes */
	bool distribution;      /* cong -d */
	bool microseconds;      /* cong -u */
};

struct view;

struct view_ops {
	const char *name;       /* the command; "" for the stream */
	const char *summary;
	const struct column_ids *columns; /* every column it can fill */
	bool is_list;           /* rows of what there is now, by sockets_run(): it
	                         * watches nothing, and has no new() and take() */
	bool takes_interval;    /* [interval [outputs]] may follow the command */
	bool takes_all;         /* it applies the filter to its rows itself */
	bool spares_events;     /* it has something to tell without any, too: where no
	                         * backend works, time goes on; it has no filter */
	const char *note;       /* what the user is told of it at each start; NULL =
	                         * nothing */
	const char *format;     /* the one of its own, which is its default; NULL:
	                         * none, and the table is */

	/* OUTPUT_ROWS_* that its rows are with these options. NULL: single
	 * events. */
	unsigned int (*rows)(const struct view_options *options);

	/* 0, or -EINVAL and *err: which of these options do not go together.
	 * NULL: all do. */
	int (*check)(const struct view_options *options, struct error *err);

	/* BACKEND_* that these options need beyond those of all views. NULL:
	 * none. */
	unsigned int (*needs)(const struct view_options *options);

	/* EVENT_BIT set that these options need from the backend. shown: the
	 * columns that are. */
	unsigned int (*events)(const struct view_options *options,
			       const struct column_list *shown);

	/* EVENT_BIT set of SEEN, DESTROY and GONE: those whose observations it
	 * takes, too. events() must ask for them as well. */
	unsigned int observed;

	/* The columns shown when the user names none, for table or csv. */
	void (*default_columns)(const struct view_options *options, bool csv,
				struct column_list *list);

	/* NULL when memory is short. output is borrowed until free(). */
	struct view *(*new)(const struct view_options *options,
			    struct output *output, struct error *err);

	/* Once, before the first observation: from now on this process opens no
	 * file, and keeper (borrowed until free()) is asked to. NULL: of no
	 * interest. */
	void (*confine)(struct view *view, const struct keeper *keeper);

	/* Once, before the first observation: what the tracker counts, borrowed
	 * until free(). NULL: of no interest. */
	void (*counts)(struct view *view, const struct tracker_counts *counts);

	/* Once, when every event is on and a command has not yet begun: what it
	 * takes note of then. 0, or -errno and *err, which ends the run. NULL:
	 * nothing. */
	int (*begin)(struct view *view, const struct backend_facts *facts,
		     struct error *err);

	/* One observation that passed the filter (takes_all: any); a TICK, if events() asks for
	 * those, comes when all that is older has. Returns how many rows it
	 * made. */
	unsigned int (*take)(struct view *view,
			     const struct observation *observation,
			     struct wall_clock wall);

	/* Once, when no more events are wanted: those that have happened are still
	 * to come. NULL: it is not interested. */
	void (*end)(struct view *view);

	/* Rows of what has been summed up so far: the user asks for them, or
	 * (final) the events are over. Returns how many. NULL: every row has been
	 * made by take(). */
	unsigned int (*report)(struct view *view, bool final,
			       struct wall_clock wall);

	/* A descriptor that is waited for as well, or negative: none; when it is
	 * readable, serve() is called, which returns 0, or -errno and *err to end
	 * the run. NULL: none. */
	int (*fd)(const struct view *view);
	int (*serve)(struct view *view, struct error *err);

	/* The view wants no more events. NULL: it never has enough. */
	bool (*is_done)(const struct view *view);

	/* Once, after the last rows: what it writes besides. 0 or -errno and *err.
	 * NULL: nothing. */
	int (*finish)(struct view *view, struct error *err);

	void (*free)(struct view *view); /* accepts NULL */
};

extern const struct view_ops view_stream;
extern const struct view_ops view_states;
extern const struct view_ops view_rtt;
extern const struct view_ops view_cwnd;
extern const struct view_ops view_life;
extern const struct view_ops view_retrans;
extern const struct view_ops view_cong;
extern const struct view_ops view_graph;
extern const struct view_ops view_report;        /* the stream of a recording */
extern const struct view_ops view_sockets;
extern const struct view_ops view_metrics;
extern const struct view_ops view_counters;
extern const struct view_ops *const views[];     /* NULL-terminated */

/* The view of that command; NULL when there is none. */
const struct view_ops *view_find(const char *name);

#endif
