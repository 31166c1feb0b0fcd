/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's names of reset reasons; see tcpwatch/reset_reason.h. */
#include "tcpwatch/reset_reason.h"

#include <string.h>

static const char *const names[] = {
	[RESET_REASON_NONE] = NULL,
	"NOT_SPECIFIED", "NO_SOCKET", "TCP_INVALID_ACK_SEQUENCE",
	"TCP_RFC7323_PAWS", "TCP_TOO_OLD_ACK", "TCP_ACK_UNSENT_DATA",
	"TCP_FLAGS", "TCP_OLD_ACK", "TCP_ABORT_ON_DATA", "TCP_TIMEWAIT_SOCKET",
	"INVALID_SYN", "TCP_ABORT_ON_CLOSE", "TCP_ABORT_ON_LINGER",
	"TCP_ABORT_ON_MEMORY", "TCP_STATE", "TCP_KEEPALIVE_TIMEOUT",
	"TCP_DISCONNECT_WITH_DATA", "MPTCP_RST_EUNSPEC", "MPTCP_RST_EMPTCP",
	"MPTCP_RST_ERESOURCE", "MPTCP_RST_EPROHIBIT", "MPTCP_RST_EWQ2BIG",
	"MPTCP_RST_EBADPERF", "MPTCP_RST_EMIDDLEBOX", "ERROR",
};

enum { COUNT = sizeof(names) / sizeof(names[0]) };

uint8_t reset_reason_find(const char *name, size_t length)
{
	for (size_t i = RESET_REASON_NONE + 1; i < COUNT; i++)
		if (strlen(names[i]) == length && !memcmp(names[i], name, length))
			return (uint8_t)i;
	return RESET_REASON_UNNAMED;
}

const char *reset_reason_name(unsigned int reason)
{
	return reason < COUNT ? names[reason] : "UNKNOWN";
}
