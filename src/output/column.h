/* SPDX-License-Identifier: BSD-2-Clause */
/* The one table of columns, from which help, man page and outputs come; and
 * rows: typed values in these columns. */
#ifndef COLUMN_H
#define COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/span.h"
#include "tcpwatch/event.h"

enum column_id {
	/* What the rows of single events fill: these come first. */
	COLUMN_TIME,            /* wall time; RFC 3339 in JSON */
	COLUMN_SINCE,           /* seconds since the first row */
	COLUMN_MONO_NS,
	COLUMN_SOCK,
	COLUMN_SKADDR,
	COLUMN_PID,
	COLUMN_COMM,
	COLUMN_OWNER,
	COLUMN_CONTEXT,
	COLUMN_FAMILY,
	COLUMN_LADDR,
	COLUMN_LPORT,
	COLUMN_RADDR,
	COLUMN_RPORT,
	COLUMN_REMOTE,          /* raddr:rport in one */
	COLUMN_EVENT,           /* the row kind's letter; its name but in tables;
	                         * needs no cell */
	COLUMN_OLD,
	COLUMN_ARROW,           /* the "->" between two states */
	COLUMN_NEW,
	COLUMN_DURATION,
	COLUMN_WHY,
	COLUMN_INFERRED,
	COLUMN_TRIGGER,
	COLUMN_STATE,
	COLUMN_CONG,
	COLUMN_CLASS,
	COLUMN_ERR,
	COLUMN_DIRECTION,
	COLUMN_RESET_REASON,
	COLUMN_ERRNO,
	COLUMN_ERRNO_NAME,
	COLUMN_COUNT_LOST,
	COLUMN_CPU,
	COLUMN_SRTT,            /* of the row's event, where the source tells, else
	                         * of the socket's last sample */
	COLUMN_CWND,
	COLUMN_NETNS,           /* where the source tells of places */
	COLUMN_CGROUP,
	COLUMN_PACKETS_OUT,
	COLUMN_TOTAL_RETRANS,
	COLUMN_SEQUENCE,        /* of a retransmission */
	COLUMN_SSTHRESH,        /* from here on of a sample alone */
	COLUMN_IN_FLIGHT,
	COLUMN_IN_FLIGHT_SEGMENTS,
	COLUMN_SND_WND,
	COLUMN_RCV_WND,
	COLUMN_SND_NXT,
	COLUMN_SND_UNA,
	COLUMN_DATA,
	COLUMN_MSS,
	COLUMN_SAMPLED,
	COLUMN_EVENT_COUNT,     /* ends the columns of single events */

	/* What only some views fill: nobody clears these for them. */
	COLUMN_BY = COLUMN_EVENT_COUNT,
	COLUMN_KEY,
	COLUMN_GROUPS,
	COLUMN_AGGREGATE,
	COLUMN_MIN_US,
	COLUMN_P50_US,
	COLUMN_P90_US,
	COLUMN_P99_US,
	COLUMN_MAX_US,
	COLUMN_AVG_US,
	COLUMN_BEGIN, /* of a life */
	COLUMN_END,
	COLUMN_HOW,
	COLUMN_ENDED_BY,
	COLUMN_STATE_MS,
	COLUMN_CONG_MS,
	COLUMN_RETRANS,
	COLUMN_TX_BYTES,
	COLUMN_RX_BYTES,
	COLUMN_TX_KB,
	COLUMN_RX_KB,
	COLUMN_LOCAL,           /* laddr:lport in one */
	COLUMN_SENT,            /* "R>" or "L>" */
	COLUMN_INTERVAL,
	COLUMN_RETRANSMITS,
	COLUMN_SYN,             /* retransmissions by class, in the order of
	                         * enum reason_class */
	COLUMN_SYNACK,
	COLUMN_RTO,
	COLUMN_SLOWSTART,
	COLUMN_FAST,
	COLUMN_TLP,
	COLUMN_FAILED,
	COLUMN_UNKNOWN,
	COLUMN_OPEN_MS,         /* time in congestion states, in the order of enum
	                         * cong_state */
	COLUMN_DISORDER_MS,
	COLUMN_CWR_MS,
	COLUMN_RECOVERY_MS,
	COLUMN_LOSS_MS,
	COLUMN_OPEN_US,
	COLUMN_DISORDER_US,
	COLUMN_CWR_US,
	COLUMN_RECOVERY_US,
	COLUMN_LOSS_US,
	COLUMN_CHANGES,
	COLUMN_MEASURED,
	COLUMN_P50_MS,
	COLUMN_P99_MS,
	COLUMN_TIMER,           /* of sockets as they are now */
	COLUMN_TIMER_MS,
	COLUMN_RETRIES,
	COLUMN_RECV_Q,
	COLUMN_SEND_Q,
	COLUMN_NOTSENT,
	COLUMN_UNACKED,
	COLUMN_RESENT,
	COLUMN_DROPS,
	COLUMN_IDLE,
	COLUMN_GIVES_UP,        /* from here on with options that a process has set */
	COLUMN_KEEPALIVE,
	COLUMN_KEEP_IDLE,
	COLUMN_KEEP_INTERVAL,
	COLUMN_KEEP_COUNT,
	COLUMN_USER_TIMEOUT,
	COLUMN_DEFER_ACCEPT,    /* the last of these */
	COLUMN_PROBLEM,
	COLUMN_COUNTER,         /* of the kernel's counters */
	COLUMN_GROWN,
	COLUMN_PER_S,
	COLUMN_TRACED,
	COLUMN_MEANING,
	COLUMN_COUNTERS,
	COLUMN_VERDICT,
	COLUMN_WORDS,
	COLUMN_NOTES,
	COLUMN_WHOLE,
	COLUMN_COUNT
};

/* Columns in an order; the list is static. */
struct column_ids {
	const enum column_id *ids;
	size_t count;
};

/* For initialisers: .columns = COLUMN_IDS(an_array) */
#define COLUMN_IDS(array) { (array), sizeof(array) / sizeof((array)[0]) }

enum cell_type {
	CELL_NONE,              /* not known or does not apply: "-" or null */
	CELL_UNKNOWN,           /* there is one, not known here: "?" or null */
	CELL_NUMBER,            /* number; signed */
	CELL_HEX,               /* hex: 64 bits, 16 digits */
	CELL_TEXT,              /* text: our own words, trusted */
	CELL_WORD,              /* word: a short one of ours, trusted */
	CELL_COMM,              /* comm: untrusted bytes, EVENT_COMM_BYTES long */
	CELL_SOCK,              /* id: short id of a socket */
	CELL_ADDRESS,           /* endpoint and family */
	CELL_ENDPOINT,          /* endpoint and family, "address:port" */
	CELL_DURATION,          /* span */
	CELL_WALL,              /* ns since 1970 in id */
	CELL_SINCE,             /* ns in id, printed as seconds */
	CELL_MICROS,            /* picoseconds in id, printed as microseconds */
	CELL_BOOL,              /* id: 0 or 1 */
	CELL_MS,                /* ns in id, printed as milliseconds */
	CELL_MAP,               /* map */
	CELL_LIST               /* list */
};

/* A state's name and the like: fixed in size, so that copying it needs neither a
 * call nor a loop. */
struct word {
	char text[31];
	uint8_t length;
};

/* Several values under their names, in one cell. */
struct cell_entry {
	const struct word *name; /* borrowed, as in struct cell */
	uint64_t value;         /* a number, or ns */
	bool at_least;
};

enum { CELL_MAP_ENTRIES = 52, CELL_MAPS_ENTRIES = 72 /* of all in a row */ };

struct cell_map {
	bool durations;         /* values are ns, shown as ms */
	size_t count;
	struct cell_entry entries[CELL_MAP_ENTRIES];
};

/* Several texts in one cell: our own words, of printable ASCII without quotes and
 * backslashes, each shorter than CELL_LIST_TEXT_MAX, all of a row within
 * CELL_LISTS_BYTES. Such a row has neither a histogram nor a stack. */
enum { CELL_LIST_TEXTS = 12, CELL_LIST_TEXT_MAX = 320, CELL_LISTS_BYTES = 5900 };

struct cell_list {
	size_t count;
	const char *texts[CELL_LIST_TEXTS];
};

/* Pointers are borrowed until output_row() returns. */
struct cell {
	uint8_t type;           /* enum cell_type */
	uint8_t family;         /* enum event_family, with endpoint */
	union {
		int64_t number;
		uint64_t id;
		const char *text;
		const struct word *word;
		const char *comm;
		const struct endpoint *endpoint;
		struct span span;
		const struct cell_map *map;
		const struct cell_list *list;
	};
};

enum { COLUMN_NAME_BYTES = 16 };

struct column {
	char name[COLUMN_NAME_BYTES]; /* key in JSON, CSV header, word for
	                               * --columns */
	uint8_t name_length;    /* known beforehand, as that of key */
	char key[COLUMN_NAME_BYTES + 8]; /* as JSON has it: ,"name": */
	uint8_t key_length;
	const char *title;      /* over the table's column */
	uint8_t width;          /* of the table's column; wider values push */
	uint8_t wide_width;     /* under --wide; 0 = the same */
	bool right;             /* aligned right in the table */
	bool cut;               /* longer values are cut in the table */
	bool optional;          /* last in a table: nothing instead of "-" */
	const char *unit;       /* "ms", "ns", ...; NULL = none */
	const char *meaning;    /* one sentence, for --list-columns and man page */
};

extern const struct column columns[COLUMN_COUNT];

/* A row kind: one sort of row that a view emits. */
struct row_kind {
	const char *name;       /* "event" in JSON: "state", "cong", ... */
	char letter;            /* in the table's E column */
	const char *tint;       /* of its table line, where colours are wanted:
	                         * SGR parameters (ECMA-48); NULL = none */
	struct column_ids json; /* keys after v and event, in order */
};

struct histogram_log2;

/* What a row that sums up shows besides its cells: JSON as the last key, a table
 * without columns in place of a line. All is borrowed, texts are trusted. */
struct row_histogram {
	const struct histogram_log2 *counts;    /* of microseconds; such a row has no
	                                         * maps. NULL = none: a title alone */
	const char *title;      /* the line above */
	const char *summary;    /* the line below; NULL = none */
	bool milliseconds;      /* the table's unit */
	bool begins;            /* the first one of a report */
	bool time;              /* ... which is to say when it was */
	const char *words;      /* what a table with columns says in a line of its own,
	                         * never cut, in place of the cells; NULL = nothing */
};

/* What a row may show besides its cells, behind them all: names of functions,
 * "tcp_v4_connect;__sys_connect", in this many bytes at most and of these
 * characters alone: printable ones of ASCII but for the comma, the quote and
 * the backslash. */
enum { ROW_STACK_MAX = 4096, ROW_STACK_NAMES = 256 };

struct row {
	const struct row_kind *kind;
	const struct row_histogram *histogram;  /* NULL = none */
	const char *stack;      /* NULL = not known, or nobody asked */
	/* Cleared and filled for each row: that is faster where they are aligned, as
	 * far as malloc() does it: 8 bytes on processors of 32 bits. */
	_Alignas(max_align_t) struct cell cells[COLUMN_COUNT];
};

/* The column whose name, or else whose title, is name (letters in either
 * case); -EINVAL: no such column. */
int column_find(const char *name);

bool column_ids_have(const struct column_ids *ids, int id);

#endif
