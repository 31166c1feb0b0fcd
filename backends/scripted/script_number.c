/* SPDX-License-Identifier: BSD-2-Clause */
/* Where each number belongs, and how large it may be; see script_number.h. */
#include "script_number.h"

#include <stdbool.h>
#include <stddef.h>

#include "script_part.h"

/* What event_sample.cookie and event_destroy.cookie have room for. */
#define COOKIE_MAX ((UINT64_C(1) << 48) - 1)

enum { BUCKET_MAX = 64 };

static void set_error(struct event *event, int32_t err)
{
	if (event->kind == EVENT_ERROR) {
		event->error.number = err;
		return;
	}
	event->retrans.err = err;
	event->has |= EVENT_HAS_ERRNO;
}

/* The field of a sample that a part is; NULL: it is none, or a smaller one. */
static uint32_t *find_window(struct event_sample *sample, uint64_t part)
{
	switch (part) {
	case SCRIPT_PART_SRTT:
		return &sample->srtt_us;
	case SCRIPT_PART_CWND:
		return &sample->cwnd;
	case SCRIPT_PART_SSTHRESH:
		return &sample->ssthresh;
	case SCRIPT_PART_SND_WND:
		return &sample->snd_wnd;
	case SCRIPT_PART_RCV_WND:
		return &sample->rcv_wnd;
	case SCRIPT_PART_SND_NXT:
		return &sample->snd_nxt;
	case SCRIPT_PART_SND_UNA:
		return &sample->snd_una;
	default:
		return NULL;
	}
}

static void set_cookie(struct event *event, uint64_t cookie)
{
	if (event->kind == EVENT_SAMPLE)
		event->sample.cookie = cookie & COOKIE_MAX;
	else if (event->kind == EVENT_DESTROY)
		event->destroy.cookie = cookie;
	else
		event->cookie = cookie;
	event->has |= EVENT_HAS_COOKIE;
}

static uint64_t highest_of(uint64_t part)
{
	if (part & (SCRIPT_PART_CPU | SCRIPT_PART_DATA | SCRIPT_PART_MSS))
		return UINT16_MAX;
	if (part & (SCRIPT_PART_SOCKET | SCRIPT_PART_COUNT | SCRIPT_PART_ACKED |
		    SCRIPT_PART_RECEIVED | SCRIPT_PART_KEY | SCRIPT_PART_SUM |
		    SCRIPT_PART_ADDRESS | SCRIPT_PART_CGROUP))
		return UINT64_MAX;
	if (part == SCRIPT_PART_LE)
		return BUCKET_MAX;
	if (part & SCRIPT_PART_COOKIE)
		return COOKIE_MAX;
	if (part >= SCRIPT_PART_SRTT)
		return UINT32_MAX;
	return INT32_MAX;
}

static void set_process(struct event *event, int32_t tgid)
{
	if (event->kind == EVENT_SEEN)
		event->seen.tgid = tgid;
	else if (event->kind == EVENT_STATE)
		event->state.tgid = tgid;
	else
		event->task.tgid = tgid;
	event->has |= EVENT_HAS_TGID;
}

static void set_place(struct event *event, uint64_t part, uint64_t number)
{
	event->has |= EVENT_HAS_PLACE;
	switch (part) {
	case SCRIPT_PART_NETNS:
		event->place.netns = (uint32_t)number;
		break;
	case SCRIPT_PART_CGROUP:
		event->place.cgroup = number;
		break;
	case SCRIPT_PART_PACKETS_OUT:
		event->place.packets_out = (uint32_t)number;
		break;
	case SCRIPT_PART_TOTAL_RETRANS:
		event->place.total_retrans = (uint32_t)number;
		break;
	case SCRIPT_PART_SRTT:
		event->place.srtt_us = (uint32_t)number;
		break;
	case SCRIPT_PART_CWND:
		event->place.cwnd = (uint32_t)number;
		break;
	}
}

/* Of a gone line. */
static void set_figure(struct event *event, uint64_t part, uint64_t number)
{
	event->has |= part & (SCRIPT_PART_SRTT | SCRIPT_PART_MIN_RTT) ? EVENT_HAS_RTT :
							  EVENT_HAS_BYTES;
	switch (part) {
	case SCRIPT_PART_ACKED:
		event->gone.bytes_acked = number;
		break;
	case SCRIPT_PART_RECEIVED:
		event->gone.bytes_received = number;
		break;
	case SCRIPT_PART_SRTT:
		event->gone.srtt_us = (uint32_t)number;
		break;
	case SCRIPT_PART_MIN_RTT:
		event->gone.min_rtt_us = (uint32_t)number;
		break;
	case SCRIPT_PART_RETRANS:
		event->gone.retrans = (uint32_t)number;
		break;
	case SCRIPT_PART_SEGS:
		event->gone.segs_out = (uint32_t)number;
		break;
	}
}

static void set_stack(struct event *event, uint32_t number)
{
	if (event->kind == EVENT_FRAME) {
		event->frame.stack = number;
		return;
	}
	event->state.stack = number;
	event->has |= EVENT_HAS_STACK;
}

int script_number_parse(struct script_token token, uint64_t part,
			struct event *event, struct error *err)
{
	const struct script_token whole = token;
	bool negative = part == SCRIPT_PART_ERR && script_token_cut(&token, "-");
	uint64_t number;

	if (!script_token_number(token, highest_of(part), &number))
		return script_token_refuse(
			&whole, "it is not a number, or too large", err);
	switch (part) {
	case SCRIPT_PART_CPU:
		event->cpu = (uint16_t)number;
		break;
	case SCRIPT_PART_SOCKET:
		event->socket_id = number;
		event->has |= EVENT_HAS_SOCKET;
		break;
	case SCRIPT_PART_TID:
		event->tid = (int32_t)number;
		event->has |= EVENT_HAS_CONTEXT;
		break;
	case SCRIPT_PART_ERR:
		set_error(event, negative ? -(int32_t)number : (int32_t)number);
		break;
	case SCRIPT_PART_COOKIE:
		set_cookie(event, number);
		break;
	case SCRIPT_PART_PID:
		set_process(event, (int32_t)number);
		break;
	case SCRIPT_PART_CHILD:
		event->task.tid = (int32_t)number;
		break;
	case SCRIPT_PART_COUNT:
		if (event->kind == EVENT_BUCKET) {
			event->bucket.count = number;
			break;
		}
		event->lost.count = number;
		event->has |= EVENT_HAS_COUNT;
		break;
	case SCRIPT_PART_KEY:
		event->bucket.key = number;
		break;
	case SCRIPT_PART_LE:
		event->bucket.le_log2 = (uint8_t)number;
		break;
	case SCRIPT_PART_SUM:
		event->bucket.sum = number;
		break;
	case SCRIPT_PART_STACK:
		set_stack(event, (uint32_t)number);
		break;
	case SCRIPT_PART_ADDRESS:
		event->frame.address = number;
		break;
	case SCRIPT_PART_SEQUENCE:
		event->retrans.sequence = (uint32_t)number;
		event->has |= EVENT_HAS_PLACE;
		break;
	case SCRIPT_PART_DATA:
		event->sample.data_bytes = (uint16_t)number;
		break;
	case SCRIPT_PART_MSS:
		event->sample.mss = (uint16_t)number;
		break;
	default:
		if (event->kind == EVENT_GONE)
			set_figure(event, part, number);
		else if (part & SCRIPT_PARTS_PLACE && event->kind != EVENT_SAMPLE)
			set_place(event, part, number);
		else
			*find_window(&event->sample, part) = (uint32_t)number;
	}
	return 0;
}
