/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's numbers of TCP and congestion states, and their names. */
#include "tcpwatch/tcp_state.h"

#include <errno.h>
#include <stddef.h>
#include <strings.h>

static const char *const tcp_names[TCP_STATE_COUNT] = {
	[TCP_STATE_ESTABLISHED] = "ESTABLISHED",
	[TCP_STATE_SYN_SENT] = "SYN_SENT",
	[TCP_STATE_SYN_RECV] = "SYN_RECV",
	[TCP_STATE_FIN_WAIT1] = "FIN_WAIT1",
	[TCP_STATE_FIN_WAIT2] = "FIN_WAIT2",
	[TCP_STATE_TIME_WAIT] = "TIME_WAIT",
	[TCP_STATE_CLOSE] = "CLOSE",
	[TCP_STATE_CLOSE_WAIT] = "CLOSE_WAIT",
	[TCP_STATE_LAST_ACK] = "LAST_ACK",
	[TCP_STATE_LISTEN] = "LISTEN",
	[TCP_STATE_CLOSING] = "CLOSING",
	[TCP_STATE_NEW_SYN_RECV] = "NEW_SYN_RECV",
	[TCP_STATE_BOUND_INACTIVE] = "BOUND_INACTIVE",
};

static const char *const cong_names[CONG_STATE_COUNT] = {
	[CONG_STATE_OPEN] = "OPEN",
	[CONG_STATE_DISORDER] = "DISORDER",
	[CONG_STATE_CWR] = "CWR",
	[CONG_STATE_RECOVERY] = "RECOVERY",
	[CONG_STATE_LOSS] = "LOSS",
};

static const char unnamed[] = "UNKNOWN";

static int find_name(const char *const *names, int count, const char *name)
{
	int number;

	for (number = 0; number < count; number++)
		if (names[number] && !strcasecmp(names[number], name))
			return number;
	return -EINVAL;
}

const char *tcp_state_name(unsigned int state)
{
	return state < TCP_STATE_COUNT ? tcp_names[state] : unnamed;
}

int tcp_state_parse(const char *name)
{
	return find_name(tcp_names, TCP_STATE_COUNT, name);
}

const char *cong_state_name(unsigned int state)
{
	if (state == CONG_STATE_UNKNOWN)
		return NULL;
	return state < CONG_STATE_COUNT ? cong_names[state] : unnamed;
}

int cong_state_parse(const char *name)
{
	return find_name(cong_names, CONG_STATE_COUNT, name);
}
