/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a source of events must implement. A backend knows one kernel
 * interface (or one kind of file) and nothing else. It delivers events in time
 * order with its losses in their place, on a clock that it names.
 *
 * Order of calls: probe* -> open -> [confine] -> (facts | fd | read)* ->
 * [stop -> read*] -> close. All from one thread. Nothing here prints, exits,
 * sleeps or blocks.
 */
#ifndef TCPWATCH_BACKEND_H
#define TCPWATCH_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/error.h"
#include "tcpwatch/event.h"
#include "tcpwatch/held_files.h"
#include "tcpwatch/keeper.h"
#include "tcpwatch/match.h"
#include "tcpwatch/survey.h"

enum {                          /* promises: ask for these, never for a name */
	BACKEND_LIVE = 1u << 0,         /* watches this machine now */
	BACKEND_EXACT = 1u << 1,        /* every transition, not samples */
	BACKEND_OWNER = 1u << 2,        /* delivers TASK events */
	BACKEND_AUTO = 1u << 3,         /* may be chosen without being named */
	BACKEND_FILE = 1u << 4,         /* reads backend_options.path */
	BACKEND_SEQUENCE = 1u << 5,     /* tells sequence numbers of what is sent
	                                 * again */
	BACKEND_PLACE = 1u << 6         /* knows where sockets live, and filters by
	                                 * that */
};

enum backend_answer {           /* counts never share a variable with failures */
	BACKEND_IDLE,           /* drained for now: wait for the fd */
	BACKEND_MORE,           /* budget spent: call again at once */
	BACKEND_END,            /* nothing will ever follow */
	BACKEND_FAILED          /* *err says why; only close() may follow */
};

struct event_sink {             /* the event is borrowed until take() returns */
	void (*take)(void *context, const struct event *event);
	void *context;
};

/* What a source may leave out. Leaving out less is always right: core filters
 * again. A source must never leave out an event whose port or address is still
 * 0, nor TASK events: the tracker needs them. */
struct backend_filter {
	struct match_ranges local_ports, remote_ports;
	struct match_prefixes local_addresses, remote_addresses;
	uint8_t family;                 /* enum event_family; 0 = both */
	struct match_ranges pids;       /* of owners */

	/* For BACKEND_PLACE, which leaves out all others: core cannot tell. Plain
	 * numbers: inodes, ids. */
	struct match_ranges netns, cgroups;
};

enum { BACKEND_SAMPLES_PER_S = 100000 };

enum backend_aggregate {
	BACKEND_AGGREGATE_NEVER,        /* SAMPLE events */
	BACKEND_AGGREGATE_MAY,          /* BUCKET events, where that is possible */
	BACKEND_AGGREGATE_MUST          /* ... or open() fails */
};

enum backend_samples_key { BACKEND_KEY_NONE, BACKEND_KEY_LOCAL_PORT,
			   BACKEND_KEY_REMOTE_PORT, BACKEND_KEY_SOCKET };

/* How SAMPLE events are taken, or counted in the kernel. A source that counts
 * there applies all of backend_options.filter itself, or does not count. */
struct backend_samples {
	uint16_t every;                 /* 1 in so many; 0 = every one up to
	                                 * BACKEND_SAMPLES_PER_S, then 1 in as many
	                                 * as keeps to that. event_sample.every
	                                 * tells which */
	bool mss;                       /* find out event_sample.mss */
	uint8_t aggregate;              /* enum backend_aggregate; SAMPLE and
	                                 * BUCKET must both be asked for */
	uint8_t key;                    /* enum backend_samples_key: what BUCKET
	                                 * events are told apart by */
	uint64_t period_ns;             /* ... and how often they come */
};

struct backend_options {
	unsigned int events;            /* EVENT_BIT set that the view needs; with
	                                 * TICK a live source delivers one within
	                                 * each latency_ns, else when it likes;
	                                 * FRAME: state changes with their stacks */
	uint64_t latency_ns;            /* an event is delivered within this */
	size_t buffer_bytes;            /* per CPU; 0 = the backend decides */
	uint64_t poll_ns;               /* period of one that samples, or longer
	                                 * where that costs too much; 0 = likewise */
	const char *path;               /* BACKEND_FILE; else NULL */
	const struct held_files *held;  /* NULL, or the files that path stands for
	                                 * are of these; until close() */
	struct backend_samples samples;
	const struct backend_filter *filter; /* NULL = none; read in open() only */
};

struct backend_facts {
	const char *clock;              /* "monotonic", "boot", "trace:local" */
	int64_t wall_offset_ns;         /* event time + offset = wall time ... */
	bool wall_offset_known;         /* ... if this is true; may follow steps of
	                                 * the wall clock from call to call */
	uint64_t since_ns;              /* every event later than this is
	                                 * delivered or counted as lost */
	uint64_t sample_ns;             /* period; 0 when BACKEND_EXACT */
	bool foreign_pids;              /* process ids in its events are not those
	                                 * of our PID namespace */
	unsigned int events;            /* EVENT_BIT set of the kinds that it can
	                                 * deliver in this run */
	const char *note;               /* one line that the user should know about
	                                 * this run, or NULL; lives until close().
	                                 * Another pointer is another note */
};

struct backend_ops;

struct backend {                /* first member of each backend's own struct */
	const struct backend_ops *ops;
};

/* All members are required but fd, stop, serve, confine and survey. */
struct backend_ops {
	const char *name;               /* as in --backend=name */
	const char *summary;            /* one line for help */
	unsigned int promises;          /* BACKEND_* */

	/* Could open() work here? Cheap, leaves nothing behind. 0, or -errno with
	 * the reason and the remedy in *err. */
	int (*probe)(const struct backend_options *options, struct error *err);

	/* Acquires everything or nothing. NULL: *err is set and nothing is left,
	 * neither in this process nor in the kernel. options may go away after. */
	struct backend *(*open)(const struct backend_options *options,
				struct error *err);

	/* Fills *facts; cheap enough to be called before every batch. */
	void (*facts)(const struct backend *backend, struct backend_facts *facts);

	/* The one descriptor to wait on: readable when read() has something to
	 * do, its own time limits included. Valid until close(). NULL member:
	 * always readable. */
	int (*fd)(const struct backend *backend);

	/*
	 * Hands at most budget events to the sink (TICK, BUCKET and FRAME are
	 * free), in time order; a budget of 0 hands over none and answers MORE
	 * unless at the end. A live source ends a batch with a TICK: no event older
	 * than its time will follow, but for those marked late.
	 */
	enum backend_answer (*read)(struct backend *backend, size_t budget,
				    const struct event_sink *sink,
				    struct error *err);

	/* Take no new events from now on; read() then hands over what is left and
	 * answers END. NULL member: there is nothing to stop. */
	void (*stop)(struct backend *backend);

	/*
	 * In the keeper's process, on a copy of the backend that was opened and
	 * has read nothing: answers what confine()'s keeper was asked. *fd: a
	 * descriptor to be handed over, which the caller then closes. NULL
	 * member: nothing is asked.
	 */
	void (*serve)(struct backend *backend,
		      const struct keeper_request *request,
		      struct keeper_answer *answer, int *fd);

	/*
	 * From now on this process opens nothing and changes nothing in the kernel:
	 * what needs that is asked of keeper (borrowed until close()), and close()
	 * leaves it to the close() of the keeper's copy, which comes after. NULL
	 * member: it cannot do without, or never needs to.
	 */
	void (*confine)(struct backend *backend, const struct keeper *keeper);

	/* Undoes open(), in the kernel too. Accepts NULL. */
	void (*close)(struct backend *backend);

	/* Tells what this backend stands on here, one finding each, by trying it
	 * where that is the only way to know; needs no open(). May take a moment;
	 * what it tries is undone. NULL member: it stands on nothing. */
	void (*survey)(const struct survey_sink *sink);
};

/* registry.c: every backend of this build, best first; NULL-terminated. */
extern const struct backend_ops *const backends[];

/* silent.c: nothing but the time. Not in backends[]: for what goes on without any
 * events. */
extern const struct backend_ops backend_silent;

enum { BACKEND_REPORT_BYTES = 512 };

/*
 * Opens the backend called name, or with name NULL or "auto" the first one
 * that has BACKEND_AUTO, keeps all promises in needs, and works here.
 * report: BACKEND_REPORT_BYTES; receives one line saying which was taken and
 * why better ones were passed over. Returns NULL with *err set; its code is
 * EINVAL for a name that no build has, or one that watches while needs has
 * BACKEND_FILE.
 */
struct backend *backend_open(const char *name, unsigned int needs,
			     const struct backend_options *options,
			     char *report, struct error *err);

/* True when name is "auto" or a backend that some build of tcpwatch has, so
 * that a misspelt name and one that this build lacks can be told apart. */
bool backend_name_exists(const char *name);

/* What this build has, in BACKEND_REPORT_BYTES of text: "backends tracefs, diag,
 * replay; compressed recordings zlib". */
void backend_describe_build(char *text);

#endif
