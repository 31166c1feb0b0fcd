/* SPDX-License-Identifier: BSD-2-Clause */
/* Decodes raw records by offset and size; see trace_record.h. */
#include "trace_record.h"

#include <string.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include "tcpwatch/reset_reason.h"
#include "tcpwatch/tcp_state.h"
#include "trace_address.h"
#include "trace_raw.h"

const struct trace_event_info trace_events[TRACE_EVENT_COUNT] = {
	[TRACE_EVENT_SET_STATE] =
		{ "sock", "inet_sock_set_state", EVENT_STATE,
		  "tcp", "tcp_set_state" },
	[TRACE_EVENT_CONG_STATE] =
		{ "tcp", "tcp_cong_state_set", EVENT_CONG, NULL, NULL },
	[TRACE_EVENT_RETRANSMIT] =
		{ "tcp", "tcp_retransmit_skb", EVENT_RETRANS, NULL, NULL },
	[TRACE_EVENT_RETRANSMIT_SYNACK] =
		{ "tcp", "tcp_retransmit_synack", EVENT_RETRANS, NULL, NULL },
	[TRACE_EVENT_DESTROY] =
		{ "tcp", "tcp_destroy_sock", EVENT_DESTROY, NULL, NULL },
	[TRACE_EVENT_NEWTASK] =
		{ "task", "task_newtask", EVENT_TASK, NULL, NULL },
	[TRACE_EVENT_RENAME] =
		{ "task", "task_rename", EVENT_TASK, NULL, NULL },
	[TRACE_EVENT_SEND_RESET] =
		{ "tcp", "tcp_send_reset", EVENT_RESET, NULL, NULL },
	[TRACE_EVENT_RECEIVE_RESET] =
		{ "tcp", "tcp_receive_reset", EVENT_RESET, NULL, NULL },
	[TRACE_EVENT_ERROR_REPORT] =
		{ "sock", "inet_sk_error_report", EVENT_ERROR, NULL, NULL },
	[TRACE_EVENT_SAMPLE] =
		{ "tcp", "tcp_probe", EVENT_SAMPLE, NULL, NULL },
	[TRACE_EVENT_PROBE_SET_STATE] =
		{ NULL, "cong_set_state", EVENT_CONG, NULL, NULL },
	[TRACE_EVENT_PROBE_LOSS] =
		{ NULL, "cong_enter_loss", EVENT_CONG, NULL, NULL },
	[TRACE_EVENT_PROBE_RECOVERY] =
		{ NULL, "cong_enter_recovery", EVENT_CONG, NULL, NULL },
	[TRACE_EVENT_PROBE_CWR] =
		{ NULL, "cong_enter_cwr", EVENT_CONG, NULL, NULL },
};

/* A probe reads the socket itself, as far as its layout is the same on every
 * kernel: that leaves out IPv6 addresses, which the tracker may know. */
static bool has_endpoints(const struct trace_raw *raw)
{
	if (trace_raw_has(raw, TRACE_FIELD_FAMILY))
		return trace_raw_u16(raw, TRACE_FIELD_FAMILY) == AF_INET;
	return trace_raw_has(raw, TRACE_FIELD_SADDR);
}

/* What all events of sockets have. */
static void decode_socket(const struct trace_raw *raw, struct event *event)
{
	event->socket_id = trace_raw_pointer(raw, TRACE_FIELD_SKADDR);
	if (event->socket_id)
		event->has |= EVENT_HAS_SOCKET;
	if (has_endpoints(raw))
		trace_address_decode(raw, event);
}

/* SCTP and MPTCP share the events of sock:*; their states mean other things. */
static bool is_tcp(const struct trace_raw *raw)
{
	return !trace_raw_has(raw, TRACE_FIELD_PROTOCOL) ||
	       trace_raw_number(raw, TRACE_FIELD_PROTOCOL) == IPPROTO_TCP;
}

static bool decode_set_state(const struct trace_raw *raw, struct event *event)
{
	if (!is_tcp(raw))
		return false;
	event->state.old_state = trace_raw_small(raw, TRACE_FIELD_OLDSTATE);
	event->state.new_state = trace_raw_small(raw, TRACE_FIELD_NEWSTATE);
	return true;
}

static bool decode_cong_state(const struct trace_raw *raw, struct event *event)
{
	event->cong.new_state = trace_raw_small(raw, TRACE_FIELD_CONG_STATE);
	event->cong.probed = event->cong.entry_only = false;
	return true;
}

static bool decode_probe(struct event *event, enum cong_state state,
			 bool entry_only)
{
	event->has |= EVENT_HAS_SOCKET;
	event->cong.new_state = (uint8_t)state;
	event->cong.probed = true;
	event->cong.entry_only = entry_only;
	return true;
}

static bool decode_retransmit(const struct trace_raw *raw, struct event *event)
{
	event->retrans.synack = false;
	event->retrans.state = (uint8_t)trace_raw_number(raw, TRACE_FIELD_STATE);
	if (trace_raw_has(raw, TRACE_FIELD_STATE))
		event->has |= EVENT_HAS_TCP_STATE;
	event->retrans.err = (int32_t)trace_raw_number(raw, TRACE_FIELD_ERR);
	if (trace_raw_has(raw, TRACE_FIELD_ERR))
		event->has |= EVENT_HAS_ERRNO;
	return true;
}

/* The socket of this event is the listener: the request has none yet. Its
 * state is what ss shows for such a request. */
static bool decode_retransmit_synack(struct event *event)
{
	event->retrans.synack = true;
	event->retrans.err = 0;
	event->retrans.state = TCP_STATE_SYN_RECV;
	event->has |= EVENT_HAS_TCP_STATE;
	return true;
}

/* From its rewrite (6.8 to 6.11) tcp_send_reset tells also of resets without a
 * socket, whose state it gives as 0. */
static bool decode_reset(const struct trace_raw *raw,
			 const struct trace_format *format,
			 enum event_reset_direction direction,
			 struct event *event)
{
	uint64_t reason = trace_raw_number(raw, TRACE_FIELD_REASON);

	event->reset.direction = (uint8_t)direction;
	event->reset.state = (uint8_t)trace_raw_number(raw, TRACE_FIELD_STATE);
	if (event->reset.state)
		event->has |= EVENT_HAS_TCP_STATE;
	event->reset.reason = RESET_REASON_NONE;
	if (trace_raw_has(raw, TRACE_FIELD_REASON) && reason < TRACE_RESET_REASONS)
		event->reset.reason = format->reset_reasons[reason];
	if (event->reset.reason != RESET_REASON_NONE)
		event->has |= EVENT_HAS_REASON;
	if (trace_raw_has(raw, TRACE_FIELD_SOURCE))
		trace_address_decode_sockaddrs(raw, event);
	return true;
}

static bool decode_error_report(const struct trace_raw *raw,
				struct event *event)
{
	if (!is_tcp(raw))
		return false;
	trace_address_decode(raw, event);
	event->error.number = (int32_t)trace_raw_u32(raw, TRACE_FIELD_ERROR);
	return true;
}

static bool decode_destroy(const struct trace_raw *raw, struct event *event)
{
	event->destroy.cookie = trace_raw_number(raw, TRACE_FIELD_SOCK_COOKIE);
	if (event->destroy.cookie)
		event->has |= EVENT_HAS_COOKIE;
	return true;
}

#define COOKIE_MASK ((UINT64_C(1) << 48) - 1)

/* The cookie came first, the address of the socket between 6.8 and 6.11. */
static bool decode_sample(const struct trace_raw *raw, struct event *event)
{
	uint64_t cookie = trace_raw_u64(raw, TRACE_FIELD_SOCK_COOKIE);

	trace_address_decode_sockaddrs(raw, event);
	if (cookie)
		event->has |= EVENT_HAS_COOKIE;
	event->sample = (struct event_sample){
		.cookie = cookie & COOKIE_MASK,
		.every = 1,
		.srtt_us = trace_raw_u32(raw, TRACE_FIELD_SRTT),
		.cwnd = trace_raw_u32(raw, TRACE_FIELD_SND_CWND),
		.ssthresh = trace_raw_u32(raw, TRACE_FIELD_SSTHRESH),
		.snd_wnd = trace_raw_u32(raw, TRACE_FIELD_SND_WND),
		.rcv_wnd = trace_raw_u32(raw, TRACE_FIELD_RCV_WND),
		.snd_nxt = trace_raw_u32(raw, TRACE_FIELD_SND_NXT),
		.snd_una = trace_raw_u32(raw, TRACE_FIELD_SND_UNA),
		.data_bytes = trace_raw_u16(raw, TRACE_FIELD_DATA_LEN),
	};
	return true;
}

static void decode_comm(const struct trace_raw *raw, enum trace_field_id id,
			struct event *event)
{
	size_t size = raw->layout->fields[id].size;

	memset(event->task.comm, 0, sizeof(event->task.comm));
	if (size > sizeof(event->task.comm))
		size = sizeof(event->task.comm);
	memcpy(event->task.comm, trace_raw_bytes(raw, id), size);
	event->has |= EVENT_HAS_COMM;
}

/* CLONE_THREAD of <linux/sched.h>: the task joins its creator's process. */
#define CLONE_THREAD_FLAG 0x00010000u

static bool decode_newtask(const struct trace_raw *raw, struct event *event)
{
	event->task.tid = (int32_t)trace_raw_u32(raw, TRACE_FIELD_TASK_PID);
	decode_comm(raw, TRACE_FIELD_COMM, event);
	if (trace_raw_number(raw, TRACE_FIELD_CLONE_FLAGS) & CLONE_THREAD_FLAG) {
		event->task.change = EVENT_TASK_CLONED;
		event->task.tgid = 0;
	} else {
		event->task.change = EVENT_TASK_FORKED;
		event->task.tgid = event->task.tid;
		event->has |= EVENT_HAS_TGID;
	}
	return true;
}

static bool decode_rename(const struct trace_raw *raw, struct event *event)
{
	event->task.tid = (int32_t)trace_raw_u32(raw, TRACE_FIELD_TASK_PID);
	event->task.tgid = 0;
	event->task.change = EVENT_TASK_RENAMED;
	decode_comm(raw, TRACE_FIELD_NEWCOMM, event);
	return true;
}

static bool decode_payload(const struct trace_raw *raw,
			   const struct trace_format *format,
			   enum trace_event which, struct event *event)
{
	if (trace_raw_has(raw, TRACE_FIELD_SKADDR))
		decode_socket(raw, event);
	switch (which) {
	case TRACE_EVENT_SET_STATE:
		return decode_set_state(raw, event);
	case TRACE_EVENT_CONG_STATE:
		return decode_cong_state(raw, event);
	case TRACE_EVENT_RETRANSMIT:
		return decode_retransmit(raw, event);
	case TRACE_EVENT_RETRANSMIT_SYNACK:
		return decode_retransmit_synack(event);
	case TRACE_EVENT_DESTROY:
		return decode_destroy(raw, event);
	case TRACE_EVENT_NEWTASK:
		return decode_newtask(raw, event);
	case TRACE_EVENT_RENAME:
		return decode_rename(raw, event);
	case TRACE_EVENT_SEND_RESET:
		return decode_reset(raw, format, EVENT_RESET_SENT, event);
	case TRACE_EVENT_RECEIVE_RESET:
		return decode_reset(raw, format, EVENT_RESET_RECEIVED, event);
	case TRACE_EVENT_ERROR_REPORT:
		return decode_error_report(raw, event);
	case TRACE_EVENT_SAMPLE:
		return decode_sample(raw, event);
	case TRACE_EVENT_PROBE_SET_STATE:
		return decode_probe(event,
				    trace_raw_small(raw, TRACE_FIELD_CONG_STATE),
				    false);
	case TRACE_EVENT_PROBE_LOSS:
		return decode_probe(event, CONG_STATE_LOSS, true);
	case TRACE_EVENT_PROBE_RECOVERY:
		return decode_probe(event, CONG_STATE_RECOVERY, true);
	case TRACE_EVENT_PROBE_CWR:
		return decode_probe(event, CONG_STATE_CWR, true);
	case TRACE_EVENT_COUNT:
		break;
	}
	return false;
}

/* The event whose records have that common_type, or TRACE_EVENT_COUNT. */
static enum trace_event find_event(const struct trace_format *format,
				   uint16_t type)
{
	unsigned int which = 0;

	while (which < TRACE_EVENT_COUNT &&
	       !(format->layouts[which].type == type &&
		 format->layouts[which].present))
		which++;
	return which;
}

bool trace_record_is_sample(const struct trace_format *format,
			    const uint8_t *data, size_t length)
{
	const struct trace_layout *layout = &format->layouts[TRACE_EVENT_SAMPLE];
	uint16_t type;

	if (!layout->present || length < sizeof(type))
		return false;
	memcpy(&type, data, sizeof(type));
	if (trace_raw_is_foreign(format))
		type = __builtin_bswap16(type);
	return layout->type == type;
}

bool trace_record_decode(const struct trace_format *format,
			 const uint8_t *data, size_t length, uint64_t time_ns,
			 unsigned int cpu, struct event *event)
{
	struct trace_raw raw = {
		.data = data, .foreign = trace_raw_is_foreign(format)
	};
	enum trace_event which;
	uint16_t type;

	/* common_type stands first in every record (trace_entry, all kernels). */
	if (length < sizeof(type))
		return false;
	memcpy(&type, data, sizeof(type));
	if (trace_raw_is_swapped(&raw))
		type = __builtin_bswap16(type);
	which = find_event(format, type);
	if (which == TRACE_EVENT_COUNT)
		return false;
	raw.layout = &format->layouts[which];
	if (length < raw.layout->length)
		return false;
	event->time_ns = time_ns;
	event->socket_id = 0;
	event->has = EVENT_HAS_CONTEXT;
	event->kind = (uint8_t)trace_events[which].kind;
	event->context = *trace_raw_bytes(&raw, TRACE_FIELD_FLAGS) &
			 EVENT_CONTEXT_INTERRUPT;
	event->family = 0;
	event->late = false;
	event->cpu = (uint16_t)cpu;
	event->tid = (int32_t)trace_raw_u32(&raw, TRACE_FIELD_PID);
	return decode_payload(&raw, format, which, event);
}
