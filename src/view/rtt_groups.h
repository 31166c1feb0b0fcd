/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Round trips by group, in memory that does not grow with the number of groups:
 * the largest are kept apart, the rest are summed up in one.
 */
#ifndef RTT_GROUPS_H
#define RTT_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/histogram.h"
#include "common/id_map.h"
#include "tcpwatch/event.h"

/* What a group has in common; unused bytes are zero. */
struct rtt_key {
	uint8_t bytes[16];      /* an address, or a process's name */
	uint64_t number;        /* a port, a socket */
	uint8_t family;         /* enum event_family, with an address */
	bool by_kernel;         /* of a socket: the number is its cookie */
};

struct rtt_group {
	struct rtt_key key;
	uint64_t hash;          /* of the key */
	uint64_t order;         /* in which it came */
	uint64_t members;       /* groups that it sums up, at most: one that came
	                         * back after it was given up counts twice */
	struct endpoint local, remote;  /* of a socket ... */
	uint8_t family;                 /* ... if not 0 */
	struct histogram_log2 log2;     /* microseconds */
	struct histogram exact; /* the same; empty where the kernel counted */
};

struct rtt_groups {
	size_t top;             /* groups that are told apart in the end */
	size_t limit;           /* ... and while they are counted */
	size_t count;
	uint64_t orders;        /* given out */
	size_t made;            /* groups that there is memory for */
	struct rtt_group **groups;
	struct rtt_group other; /* what is beyond */
	struct id_map map;      /* hash to index + 1 */
};

/* Keys are the same where this is. */
uint64_t rtt_groups_hash(const struct rtt_key *key);

/* top > 0. 0 or -ENOMEM. */
int rtt_groups_init(struct rtt_groups *groups, size_t top);
void rtt_groups_done(struct rtt_groups *groups);        /* accepts zeroed */

/*
 * The group of that key, which may be new: then the smallest half may have gone
 * into groups->other. Borrowed until the next call; groups->other itself when
 * memory is short.
 */
struct rtt_group *rtt_groups_get(struct rtt_groups *groups,
				 const struct rtt_key *key);

/* Sorts the groups, largest first; what is beyond groups->top goes into
 * groups->other. */
void rtt_groups_rank(struct rtt_groups *groups);

/* Empties them. */
void rtt_groups_clear(struct rtt_groups *groups);

/* What the kernel has counted in one bucket. */
void rtt_group_add_bucket(struct rtt_group *group,
			  const struct event_bucket *bucket);

/* The round trip that per_mille of 1000 do not exceed; where the kernel counted,
 * the upper edge of its bucket. */
uint64_t rtt_group_percentile(const struct rtt_group *group,
			      unsigned int per_mille);

/* In microseconds; 0 of an empty group. */
double rtt_group_average(const struct rtt_group *group);

/* A sample that stands for so many. */
void rtt_group_add(struct rtt_group *group, uint32_t srtt_us, uint32_t every);

#endif
