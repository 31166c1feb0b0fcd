/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's own TCP counters, those that tell of losses and their like. */
#ifndef TCPWATCH_TCP_COUNTERS_H
#define TCPWATCH_TCP_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/error.h"

enum tcp_counter {              /* in the order in which they are shown */
	TCP_COUNTER_ACTIVE_OPENS,
	TCP_COUNTER_PASSIVE_OPENS,
	TCP_COUNTER_OUT_SEGS,
	TCP_COUNTER_RETRANS_SEGS,
	TCP_COUNTER_SYN_RETRANS,
	TCP_COUNTER_FAST_RETRANS,
	TCP_COUNTER_SLOW_START_RETRANS,
	TCP_COUNTER_LOST_RETRANSMIT,
	TCP_COUNTER_RETRANS_FAIL,
	TCP_COUNTER_SPURIOUS_HOST_QUEUES,
	TCP_COUNTER_TIMEOUTS,
	TCP_COUNTER_LOSS_PROBES,
	TCP_COUNTER_LOSS_PROBE_RECOVERY,
	TCP_COUNTER_SACK_RECOVERY,
	TCP_COUNTER_RENO_RECOVERY,
	TCP_COUNTER_SACK_RECOVERY_FAIL,
	TCP_COUNTER_RENO_RECOVERY_FAIL,
	TCP_COUNTER_SACK_FAILURES,
	TCP_COUNTER_RENO_FAILURES,
	TCP_COUNTER_LOSS_FAILURES,
	TCP_COUNTER_FULL_UNDO,
	TCP_COUNTER_PARTIAL_UNDO,
	TCP_COUNTER_DSACK_UNDO,
	TCP_COUNTER_LOSS_UNDO,
	TCP_COUNTER_SPURIOUS_RTOS,
	TCP_COUNTER_SACK_REORDER,
	TCP_COUNTER_RENO_REORDER,
	TCP_COUNTER_TS_REORDER,
	TCP_COUNTER_DSACK_RECV,
	TCP_COUNTER_DSACK_OFO_RECV,
	TCP_COUNTER_LISTEN_OVERFLOWS,
	TCP_COUNTER_LISTEN_DROPS,
	TCP_COUNTER_REQ_QFULL_COOKIES,
	TCP_COUNTER_REQ_QFULL_DROP,
	TCP_COUNTER_ATTEMPT_FAILS,
	TCP_COUNTER_ESTAB_RESETS,
	TCP_COUNTER_OUT_RSTS,
	TCP_COUNTER_ABORT_ON_DATA,
	TCP_COUNTER_ABORT_ON_CLOSE,
	TCP_COUNTER_ABORT_ON_MEMORY,
	TCP_COUNTER_ABORT_ON_TIMEOUT,
	TCP_COUNTER_ABORT_ON_LINGER,
	TCP_COUNTER_ABORT_FAILED,
	TCP_COUNTER_MEMORY_PRESSURES,
	TCP_COUNTER_MEMORY_PRESSURES_MS,
	TCP_COUNTER_PRUNE_CALLED,
	TCP_COUNTER_RCV_PRUNED,
	TCP_COUNTER_OFO_PRUNED,
	TCP_COUNTER_RCV_COLLAPSED,
	TCP_COUNTER_RCV_QUEUE_DROP,
	TCP_COUNTER_BACKLOG_DROP,
	TCP_COUNTER_WQUEUE_TOO_BIG,
	TCP_COUNTER_COUNT
};

_Static_assert(TCP_COUNTER_COUNT <= 64, "each has a bit in known");

struct tcp_counters {
	uint64_t at_ns;         /* CLOCK_MONOTONIC when they were read */
	uint32_t netns;         /* inode of the network namespace; 0 = not known */
	uint64_t known;         /* 1 << enum tcp_counter: this kernel has it */
	uint64_t values[TCP_COUNTER_COUNT]; /* since the namespace began; 0 where
	                                     * not known */
};

enum { TCP_COUNTERS_FILES = 2 };

struct tcp_counters_files {     /* zero-initialise */
	int fds[TCP_COUNTERS_FILES];
	size_t count;           /* of those that are open */
	uint32_t netns;         /* as in struct tcp_counters */
};

/* The kernel's own name, "RetransSegs", and what it counts. Static. */
const char *tcp_counters_name(enum tcp_counter counter);
const char *tcp_counters_meaning(enum tcp_counter counter);

static inline bool tcp_counters_know(const struct tcp_counters *counters,
				     enum tcp_counter counter)
{
	return counters->known & UINT64_C(1) << counter;
}

/* Opens what they are read from, for the network namespace that this thread is in
 * now: later that needs no right. 0, or -errno and *err. */
int tcp_counters_open(struct tcp_counters_files *files, struct error *err);

/* Those of that namespace, as they are now. 0, or -errno and *err. */
int tcp_counters_read(const struct tcp_counters_files *files,
		      struct tcp_counters *counters, struct error *err);

/* Accepts a zeroed object. */
void tcp_counters_close(struct tcp_counters_files *files);

/* Adds those that text tells of, in the form of /proc/net/snmp and
 * /proc/net/netstat: pairs of lines, names and values. What is in another form is
 * passed over. */
void tcp_counters_parse(struct tcp_counters *counters, const char *text);

/* How much each has grown from *before to *after, with the time, the namespace
 * and what is known of the latter. */
struct tcp_counters tcp_counters_grown(const struct tcp_counters *before,
				       const struct tcp_counters *after);

#endif
