/* SPDX-License-Identifier: BSD-2-Clause */
/* What may stand on an event's line behind its time, as bits. */
#ifndef SCRIPT_PART_H
#define SCRIPT_PART_H

#include <stdint.h>

#include "script_token.h"

#define SCRIPT_PART_CPU (UINT64_C(1) << 0)
#define SCRIPT_PART_LATE (UINT64_C(1) << 1)
#define SCRIPT_PART_SOCKET (UINT64_C(1) << 2)
#define SCRIPT_PART_TID (UINT64_C(1) << 3)
#define SCRIPT_PART_CONTEXT (UINT64_C(1) << 4)
#define SCRIPT_PART_ENDPOINTS (UINT64_C(1) << 5)
#define SCRIPT_PART_TRANSITION (UINT64_C(1) << 6) /* OLD>NEW */
#define SCRIPT_PART_STATE (UINT64_C(1) << 7)
#define SCRIPT_PART_CONG (UINT64_C(1) << 8)
#define SCRIPT_PART_ERR (UINT64_C(1) << 9)
#define SCRIPT_PART_COOKIE (UINT64_C(1) << 10)
#define SCRIPT_PART_PID (UINT64_C(1) << 11)
#define SCRIPT_PART_CHILD (UINT64_C(1) << 12)
#define SCRIPT_PART_COMM (UINT64_C(1) << 13)
#define SCRIPT_PART_COUNT (UINT64_C(1) << 14)
#define SCRIPT_PART_DIRECTION (UINT64_C(1) << 15)
#define SCRIPT_PART_REASON (UINT64_C(1) << 16)
#define SCRIPT_PART_SRTT (UINT64_C(1) << 17)
#define SCRIPT_PART_CWND (UINT64_C(1) << 18)
#define SCRIPT_PART_SSTHRESH (UINT64_C(1) << 19)
#define SCRIPT_PART_SND_WND (UINT64_C(1) << 20)
#define SCRIPT_PART_RCV_WND (UINT64_C(1) << 21)
#define SCRIPT_PART_SND_NXT (UINT64_C(1) << 22)
#define SCRIPT_PART_SND_UNA (UINT64_C(1) << 23)
#define SCRIPT_PART_DATA (UINT64_C(1) << 24)
#define SCRIPT_PART_MSS (UINT64_C(1) << 25)
#define SCRIPT_PART_FROM (UINT64_C(1) << 26)
#define SCRIPT_PART_ACKED (UINT64_C(1) << 27)
#define SCRIPT_PART_RECEIVED (UINT64_C(1) << 28)
#define SCRIPT_PART_MIN_RTT (UINT64_C(1) << 29)
#define SCRIPT_PART_RETRANS (UINT64_C(1) << 30)
#define SCRIPT_PART_SEGS (UINT64_C(1) << 31)
#define SCRIPT_PART_KEY (UINT64_C(1) << 32)
#define SCRIPT_PART_LE (UINT64_C(1) << 33)
#define SCRIPT_PART_SUM (UINT64_C(1) << 34)
#define SCRIPT_PART_FIRST (UINT64_C(1) << 35)
#define SCRIPT_PART_LAST (UINT64_C(1) << 36)
#define SCRIPT_PART_STACK (UINT64_C(1) << 37)
#define SCRIPT_PART_ADDRESS (UINT64_C(1) << 38)
#define SCRIPT_PART_GOES_ON (UINT64_C(1) << 39)
#define SCRIPT_PART_NAME (UINT64_C(1) << 40)
#define SCRIPT_PART_NETNS (UINT64_C(1) << 41)
#define SCRIPT_PART_CGROUP (UINT64_C(1) << 42)
#define SCRIPT_PART_PACKETS_OUT (UINT64_C(1) << 43)
#define SCRIPT_PART_TOTAL_RETRANS (UINT64_C(1) << 44)
#define SCRIPT_PART_SEQUENCE (UINT64_C(1) << 45)

/* What all events have, those of sockets, samples, the last figures of a socket,
 * and what BPF adds to an event of a socket. */
#define SCRIPT_PARTS_ANY (SCRIPT_PART_CPU | SCRIPT_PART_LATE)
#define SCRIPT_PARTS_SOCKET \
	(SCRIPT_PARTS_ANY | SCRIPT_PART_SOCKET | SCRIPT_PART_TID | \
	 SCRIPT_PART_CONTEXT | SCRIPT_PART_ENDPOINTS)
#define SCRIPT_PARTS_SAMPLE \
	(SCRIPT_PARTS_SOCKET | SCRIPT_PART_COOKIE | SCRIPT_PART_SRTT | \
	 SCRIPT_PART_CWND | SCRIPT_PART_SSTHRESH | SCRIPT_PART_SND_WND | \
	 SCRIPT_PART_RCV_WND | SCRIPT_PART_SND_NXT | SCRIPT_PART_SND_UNA | \
	 SCRIPT_PART_DATA | SCRIPT_PART_MSS)
#define SCRIPT_PARTS_FIGURES \
	(SCRIPT_PART_ACKED | SCRIPT_PART_RECEIVED | SCRIPT_PART_SRTT | \
	 SCRIPT_PART_MIN_RTT | SCRIPT_PART_RETRANS | SCRIPT_PART_SEGS)
#define SCRIPT_PARTS_PLACE \
	(SCRIPT_PART_NETNS | SCRIPT_PART_CGROUP | SCRIPT_PART_PACKETS_OUT | \
	 SCRIPT_PART_TOTAL_RETRANS | SCRIPT_PART_SRTT | SCRIPT_PART_CWND)

/* The part that a token is the beginning of, with its "name=" cut off; a bare
 * name is that of a congestion state where the line takes one, else of a TCP
 * state. *arrow: the '>' of a SCRIPT_PART_TRANSITION. */
uint64_t script_part_find(struct script_token *token, uint64_t takes,
			  const char **arrow);

#endif
