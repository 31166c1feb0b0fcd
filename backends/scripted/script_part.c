/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells parts of a line apart; see script_part.h. */
#include "script_part.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *prefix;
	uint64_t part;
} named[] = {
	{ "cpu=", SCRIPT_PART_CPU },
	{ "sk=", SCRIPT_PART_SOCKET },
	{ "tid=", SCRIPT_PART_TID },
	{ "err=", SCRIPT_PART_ERR },
	{ "cookie=", SCRIPT_PART_COOKIE },
	{ "pid=", SCRIPT_PART_PID },
	{ "child=", SCRIPT_PART_CHILD },
	{ "count=", SCRIPT_PART_COUNT },
	{ "comm=", SCRIPT_PART_COMM },
	{ "reason=", SCRIPT_PART_REASON },
	{ "srtt=", SCRIPT_PART_SRTT },
	{ "cwnd=", SCRIPT_PART_CWND },
	{ "ssthresh=", SCRIPT_PART_SSTHRESH },
	{ "snd_wnd=", SCRIPT_PART_SND_WND },
	{ "rcv_wnd=", SCRIPT_PART_RCV_WND },
	{ "snd_nxt=", SCRIPT_PART_SND_NXT },
	{ "snd_una=", SCRIPT_PART_SND_UNA },
	{ "data=", SCRIPT_PART_DATA },
	{ "mss=", SCRIPT_PART_MSS },
	{ "from=", SCRIPT_PART_FROM },
	{ "acked=", SCRIPT_PART_ACKED },
	{ "received=", SCRIPT_PART_RECEIVED },
	{ "minrtt=", SCRIPT_PART_MIN_RTT },
	{ "retrans=", SCRIPT_PART_RETRANS },
	{ "segs=", SCRIPT_PART_SEGS },
	{ "key=", SCRIPT_PART_KEY },
	{ "le=", SCRIPT_PART_LE },
	{ "sum=", SCRIPT_PART_SUM },
	{ "stack=", SCRIPT_PART_STACK },
	{ "address=", SCRIPT_PART_ADDRESS },
	{ "name=", SCRIPT_PART_NAME },
	{ "netns=", SCRIPT_PART_NETNS },
	{ "cgroup=", SCRIPT_PART_CGROUP },
	{ "out=", SCRIPT_PART_PACKETS_OUT },
	{ "resent=", SCRIPT_PART_TOTAL_RETRANS },
	{ "seq=", SCRIPT_PART_SEQUENCE },
};

uint64_t script_part_find(struct script_token *token, uint64_t takes,
			  const char **arrow)
{
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (script_token_cut(token, named[i].prefix))
			return named[i].part;
	if (script_token_is(token, "late"))
		return SCRIPT_PART_LATE;
	if (script_token_is(token, "first"))
		return SCRIPT_PART_FIRST;
	if (script_token_is(token, "last"))
		return SCRIPT_PART_LAST;
	if (script_token_is(token, "more"))
		return SCRIPT_PART_GOES_ON;
	if (script_token_is(token, "task") ||
	    script_token_is(token, "softirq") ||
	    script_token_is(token, "hardirq") ||
	    script_token_is(token, "nmi"))
		return SCRIPT_PART_CONTEXT;
	if (script_token_is(token, "sent") ||
	    script_token_is(token, "received"))
		return SCRIPT_PART_DIRECTION;
	if (memchr(token->at, ':', token->length))
		return SCRIPT_PART_ENDPOINTS;
	*arrow = memchr(token->at, '>', token->length);
	if (*arrow)
		return SCRIPT_PART_TRANSITION;
	return takes & SCRIPT_PART_CONG ? SCRIPT_PART_CONG : SCRIPT_PART_STATE;
}
