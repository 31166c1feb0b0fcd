/* SPDX-License-Identifier: BSD-2-Clause */
/* TCP states and congestion states: the kernel's numbers and their names. */
#ifndef TCPWATCH_TCP_STATE_H
#define TCPWATCH_TCP_STATE_H

/* Values are the kernel's own (include/net/tcp_states.h). */
enum tcp_state {
	TCP_STATE_UNKNOWN = 0,          /* ours: no event said */
	TCP_STATE_ESTABLISHED = 1,
	TCP_STATE_SYN_SENT = 2,
	TCP_STATE_SYN_RECV = 3,
	TCP_STATE_FIN_WAIT1 = 4,
	TCP_STATE_FIN_WAIT2 = 5,
	TCP_STATE_TIME_WAIT = 6,
	TCP_STATE_CLOSE = 7,
	TCP_STATE_CLOSE_WAIT = 8,
	TCP_STATE_LAST_ACK = 9,
	TCP_STATE_LISTEN = 10,
	TCP_STATE_CLOSING = 11,
	TCP_STATE_NEW_SYN_RECV = 12,    /* request sockets */
	TCP_STATE_BOUND_INACTIVE = 13,  /* sock_diag only, since 6.8 */
	TCP_STATE_COUNT
};

/* Values are the kernel's own (enum tcp_ca_state, include/uapi/linux/tcp.h). */
enum cong_state {
	CONG_STATE_OPEN = 0,
	CONG_STATE_DISORDER = 1,
	CONG_STATE_CWR = 2,
	CONG_STATE_RECOVERY = 3,
	CONG_STATE_LOSS = 4,
	CONG_STATE_COUNT,
	CONG_STATE_UNKNOWN = 0xff       /* ours: no event said */
};

/*
 * The name as tcpstates spells it ("ESTABLISHED", "FIN_WAIT1"). NULL for
 * TCP_STATE_UNKNOWN; "UNKNOWN" for a number that this build has no name for.
 * Static text.
 */
const char *tcp_state_name(unsigned int state);

/* The state of that name, letters in either case; -EINVAL when there is none. */
int tcp_state_parse(const char *name);

/* "OPEN" "DISORDER" "CWR" "RECOVERY" "LOSS"; NULL for CONG_STATE_UNKNOWN;
 * "UNKNOWN" for a number that this build has no name for. Static text. */
const char *cong_state_name(unsigned int state);

/* The congestion state of that name; -EINVAL when there is none. */
int cong_state_parse(const char *name);

#endif
