/* SPDX-License-Identifier: BSD-2-Clause */
/* Every event's word and the parts of its line; see script_form.h. */
#include "script_form.h"

#include <stddef.h>

#include "script_part.h"

static const struct script_form forms[] = {
	{ "state", EVENT_STATE, 0, false,
	  SCRIPT_PART_SOCKET | SCRIPT_PART_TRANSITION,
	  SCRIPT_PARTS_SOCKET | SCRIPT_PARTS_PLACE | SCRIPT_PART_TRANSITION |
	  SCRIPT_PART_STACK | SCRIPT_PART_FROM | SCRIPT_PART_PID,
	  "state 1.5 sk=1 CLOSE>SYN_SENT 10.0.0.1:0 > 10.0.0.2:80 tid=100" },
	{ "cong", EVENT_CONG, 0, false,
	  SCRIPT_PART_SOCKET | SCRIPT_PART_CONG,
	  SCRIPT_PARTS_SOCKET | SCRIPT_PARTS_PLACE | SCRIPT_PART_CONG |
	  SCRIPT_PART_FROM,
	  "cong 1.5 sk=1 DISORDER 10.0.0.1:40000 > 10.0.0.2:80 softirq" },
	{ "retrans", EVENT_RETRANS, 0, false,
	  SCRIPT_PART_SOCKET,
	  SCRIPT_PARTS_SOCKET | SCRIPT_PARTS_PLACE | SCRIPT_PART_STATE |
	  SCRIPT_PART_ERR | SCRIPT_PART_FROM | SCRIPT_PART_SEQUENCE,
	  "retrans 1.5 sk=1 ESTABLISHED 10.0.0.1:40000 > 10.0.0.2:80 softirq" },
	{ "synack", EVENT_RETRANS, 0, true,
	  SCRIPT_PART_SOCKET,
	  SCRIPT_PARTS_SOCKET | SCRIPT_PARTS_PLACE,
	  "synack 1.5 sk=9 10.0.0.2:80 > 10.0.0.1:40000 softirq" },
	{ "reset", EVENT_RESET, 0, false,
	  SCRIPT_PART_DIRECTION,
	  SCRIPT_PARTS_SOCKET | SCRIPT_PARTS_PLACE | SCRIPT_PART_DIRECTION |
	  SCRIPT_PART_STATE | SCRIPT_PART_REASON,
	  "reset 1.5 sk=1 received SYN_SENT 10.0.0.1:40000 > 10.0.0.2:80 softirq" },
	{ "error", EVENT_ERROR, 0, false,
	  SCRIPT_PART_ERR,
	  (SCRIPT_PARTS_SOCKET & ~SCRIPT_PART_SOCKET) | SCRIPT_PARTS_PLACE |
	  SCRIPT_PART_ERR,
	  "error 1.5 err=110 10.0.0.1:40000 > 10.0.0.2:80 softirq" },
	{ "destroy", EVENT_DESTROY, 0, false,
	  SCRIPT_PART_SOCKET,
	  SCRIPT_PARTS_SOCKET | SCRIPT_PART_COOKIE,
	  "destroy 1.5 sk=1" },
	{ "sample", EVENT_SAMPLE, 0, false,
	  SCRIPT_PART_SRTT,
	  SCRIPT_PARTS_SAMPLE,
	  "sample 1.5 sk=1 srtt=1500 cwnd=10 10.0.0.1:40000 > 10.0.0.2:80" },
	{ "listing", EVENT_SEEN, EVENT_SEEN_BEGIN, false, 0, 0, "listing 1.5" },
	{ "seen", EVENT_SEEN, EVENT_SEEN_SOCKET, false,
	  SCRIPT_PART_COOKIE | SCRIPT_PART_STATE | SCRIPT_PART_FROM |
	  SCRIPT_PART_ENDPOINTS,
	  SCRIPT_PART_COOKIE | SCRIPT_PART_STATE | SCRIPT_PART_FROM |
	  SCRIPT_PART_ENDPOINTS | SCRIPT_PART_PID | SCRIPT_PART_LATE |
	  SCRIPT_PART_SOCKET,
	  "seen 1.5 from=1.4 cookie=7 ESTABLISHED 10.0.0.1:40000 > 10.0.0.2:80 pid=100" },
	{ "listed", EVENT_SEEN, EVENT_SEEN_END, false, 0, 0, "listed 1.5" },
	{ "gone", EVENT_GONE, 0, false,
	  SCRIPT_PART_COOKIE,
	  SCRIPT_PART_COOKIE | SCRIPT_PART_ENDPOINTS | SCRIPT_PART_LATE |
	  SCRIPT_PARTS_FIGURES,
	  "gone 1.5 cookie=7 acked=1000 received=200 srtt=800 minrtt=500 retrans=1 segs=9" },
	{ "bucket", EVENT_BUCKET, 0, false,
	  SCRIPT_PART_COUNT,
	  SCRIPT_PARTS_ANY | SCRIPT_PART_COUNT | SCRIPT_PART_KEY |
	  SCRIPT_PART_LE | SCRIPT_PART_SUM | SCRIPT_PART_FIRST |
	  SCRIPT_PART_LAST,
	  "bucket 1.5 key=443 le=10 count=3 sum=2500" },
	{ "task", EVENT_TASK, EVENT_TASK_LISTED, false,
	  SCRIPT_PART_PID | SCRIPT_PART_TID,
	  SCRIPT_PARTS_ANY | SCRIPT_PART_PID | SCRIPT_PART_TID |
	  SCRIPT_PART_COMM,
	  "task 1.5 pid=100 tid=100 comm=\"curl\"" },
	{ "fork", EVENT_TASK, EVENT_TASK_FORKED, false,
	  SCRIPT_PART_TID | SCRIPT_PART_CHILD,
	  SCRIPT_PARTS_ANY | SCRIPT_PART_TID | SCRIPT_PART_CHILD |
	  SCRIPT_PART_COMM,
	  "fork 1.5 tid=100 child=101 comm=\"sh\"" },
	{ "clone", EVENT_TASK, EVENT_TASK_CLONED, false,
	  SCRIPT_PART_TID | SCRIPT_PART_CHILD,
	  SCRIPT_PARTS_ANY | SCRIPT_PART_TID | SCRIPT_PART_CHILD |
	  SCRIPT_PART_COMM,
	  "clone 1.5 tid=100 child=101 comm=\"sh\"" },
	{ "rename", EVENT_TASK, EVENT_TASK_RENAMED, false,
	  SCRIPT_PART_TID | SCRIPT_PART_COMM,
	  SCRIPT_PARTS_ANY | SCRIPT_PART_TID | SCRIPT_PART_COMM,
	  "rename 1.5 tid=101 comm=\"curl\"" },
	{ "lost", EVENT_LOST, 0, false,
	  SCRIPT_PART_CPU,
	  SCRIPT_PART_CPU | SCRIPT_PART_LATE | SCRIPT_PART_COUNT,
	  "lost 1.5 cpu=3 count=159" },
	{ "frame", EVENT_FRAME, 0, false,
	  SCRIPT_PART_STACK,
	  SCRIPT_PART_CPU | SCRIPT_PART_STACK | SCRIPT_PART_ADDRESS |
	  SCRIPT_PART_GOES_ON | SCRIPT_PART_NAME,
	  "frame 1.5 stack=1 name=\"tcp_v4_rcv\" address=0xffffffff81000000" },
	{ "tick", EVENT_TICK, 0, false, 0, 0, "tick 1.5" },
};

enum { FORM_COUNT = sizeof(forms) / sizeof(forms[0]) };

const struct script_form *script_form_find(const struct script_token *word)
{
	for (size_t i = 0; i < FORM_COUNT; i++)
		if (script_token_is(word, forms[i].word))
			return &forms[i];
	return NULL;
}
