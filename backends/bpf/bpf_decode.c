/* SPDX-License-Identifier: BSD-2-Clause */
/* Decodes records by their kind; see bpf_decode.h. */
#include "bpf_decode.h"

#include <string.h>

#include "tcpwatch/reset_reason.h"
#include "tcpwatch/tcp_state.h"

/* CLONE_THREAD of <linux/sched.h>: the task joins its creator's process. */
#define CLONE_THREAD_FLAG 0x00010000u

static const struct {
	size_t length;
	enum event_kind kind;
} kinds[BPF_RECORD_KIND_COUNT] = {
	[BPF_RECORD_STATE] = { sizeof(struct bpf_record_state), EVENT_STATE },
	[BPF_RECORD_CONG] = { sizeof(struct bpf_record_socket), EVENT_CONG },
	[BPF_RECORD_RETRANSMIT] =
		{ sizeof(struct bpf_record_socket), EVENT_RETRANS },
	[BPF_RECORD_RETRANSMIT_SYNACK] =
		{ sizeof(struct bpf_record_socket), EVENT_RETRANS },
	[BPF_RECORD_SEND_RESET] =
		{ sizeof(struct bpf_record_socket), EVENT_RESET },
	[BPF_RECORD_RECEIVE_RESET] =
		{ sizeof(struct bpf_record_socket), EVENT_RESET },
	[BPF_RECORD_ERROR] = { sizeof(struct bpf_record_socket), EVENT_ERROR },
	[BPF_RECORD_DESTROY] =
		{ sizeof(struct bpf_record_socket), EVENT_DESTROY },
	[BPF_RECORD_GONE] = { sizeof(struct bpf_record_gone), EVENT_GONE },
	[BPF_RECORD_SAMPLE] = { sizeof(struct bpf_record_sample), EVENT_SAMPLE },
	[BPF_RECORD_NEWTASK] = { sizeof(struct bpf_record_task), EVENT_TASK },
	[BPF_RECORD_RENAME] = { sizeof(struct bpf_record_task), EVENT_TASK },
};

static bool is_unspecified(const uint8_t address[16])
{
	static const uint8_t zero[16];

	return !memcmp(address, zero, sizeof(zero));
}

static void set_any_ipv4(uint8_t address[16])
{
	static const uint8_t any[16] = { [10] = 0xff, [11] = 0xff };

	memcpy(address, any, sizeof(any));
}

/* The family goes by the addresses: an IPv4 client of a [::] listener is
 * AF_INET6 to the kernel. Where one end is IPv4, an end that is still :: is
 * 0.0.0.0. */
static void settle_family(struct event *event)
{
	bool local_ipv4 = endpoint_is_ipv4(&event->local);
	bool remote_ipv4 = endpoint_is_ipv4(&event->remote);

	event->family = local_ipv4 || remote_ipv4 ? EVENT_FAMILY_IPV4 :
						    EVENT_FAMILY_IPV6;
	if (local_ipv4 == remote_ipv4)
		return;
	if (is_unspecified(event->local.address))
		set_any_ipv4(event->local.address);
	if (is_unspecified(event->remote.address))
		set_any_ipv4(event->remote.address);
}

static void decode_ends(const struct bpf_record_ends *ends, struct event *event)
{
	memcpy(event->local.address, ends->local, sizeof(ends->local));
	memcpy(event->remote.address, ends->remote, sizeof(ends->remote));
	event->local.port = ends->local_port;
	event->remote.port = ends->remote_port;
	event->has |= EVENT_HAS_ENDPOINTS;
	settle_family(event);
}

static void decode_retransmit(const struct bpf_record_socket *record,
			      struct event *event)
{
	event->retrans.synack = false;
	event->retrans.state = record->head.first;
	event->retrans.err = record->number;
	event->has |= EVENT_HAS_TCP_STATE;
	event->retrans.sequence = (uint32_t)record->detail;
	if (record->head.flags & BPF_RECORD_HAS_NUMBER)
		event->has |= EVENT_HAS_ERRNO;
}

/* The state is what ss shows for a request. */
static void decode_retransmit_synack(struct event *event)
{
	event->retrans.synack = true;
	event->retrans.state = TCP_STATE_SYN_RECV;
	event->retrans.err = 0;
	event->has |= EVENT_HAS_TCP_STATE;
}

static void decode_reset(const struct bpf_decode *decode,
			 const struct bpf_record_socket *record,
			 enum event_reset_direction direction,
			 struct event *event)
{
	event->reset.direction = (uint8_t)direction;
	event->reset.state = record->head.first;
	if (event->reset.state)
		event->has |= EVENT_HAS_TCP_STATE;
	event->reset.reason = RESET_REASON_NONE;
	if (record->head.flags & BPF_RECORD_HAS_NUMBER &&
	    record->number >= 0 && record->number < BPF_DECODE_REASONS)
		event->reset.reason = decode->reset_reasons[record->number];
	if (event->reset.reason != RESET_REASON_NONE)
		event->has |= EVENT_HAS_REASON;
}

static void decode_place(const struct bpf_record_socket *record,
			 struct event *event)
{
	if (record->head.kind == BPF_RECORD_DESTROY ||
	    !(record->head.flags & BPF_RECORD_HAS_FIGURES))
		return;
	event->has |= EVENT_HAS_PLACE;
	event->place.netns = record->netns;
	event->place.cgroup = record->cgroup;
	event->place.srtt_us = record->srtt_us;
	event->place.cwnd = record->cwnd;
	event->place.packets_out = record->packets_out;
	event->place.total_retrans = record->total_retrans;
}

static void decode_socket(const struct bpf_decode *decode,
			  const struct bpf_record_socket *record,
			  struct event *event)
{
	event->socket_id = record->socket;
	if (event->socket_id)
		event->has |= EVENT_HAS_SOCKET;
	decode_ends(&record->ends, event);
	decode_place(record, event);
	switch (record->head.kind) {
	case BPF_RECORD_STATE:
		event->state.old_state = record->head.first;
		event->state.new_state = record->head.second;
		break;
	case BPF_RECORD_CONG:
		event->cong.new_state = record->head.first;
		event->cong.probed = event->cong.entry_only = false;
		break;
	case BPF_RECORD_RETRANSMIT:
		decode_retransmit(record, event);
		break;
	case BPF_RECORD_RETRANSMIT_SYNACK:
		decode_retransmit_synack(event);
		break;
	case BPF_RECORD_SEND_RESET:
		decode_reset(decode, record, EVENT_RESET_SENT, event);
		break;
	case BPF_RECORD_RECEIVE_RESET:
		decode_reset(decode, record, EVENT_RESET_RECEIVED, event);
		break;
	case BPF_RECORD_ERROR:
		/* As in the other source of this event, which has no address: the
		 * join by the ends is the same for both. */
		event->socket_id = 0;
		event->has &= (uint16_t)~EVENT_HAS_SOCKET;
		event->error.number = record->number;
		break;
	case BPF_RECORD_DESTROY:
		event->destroy.cookie = record->detail;
		if (record->detail)
			event->has |= EVENT_HAS_COOKIE;
		break;
	}
}

/* As where sock_diag tells it: without SYN and FIN. */
static uint64_t acked_of(const struct bpf_record_gone *record)
{
	uint64_t once = record->bytes_sent - record->bytes_retrans;

	if (!record->head.second || record->bytes_retrans > record->bytes_sent)
		return record->bytes_acked;
	return record->bytes_acked < once ? record->bytes_acked : once;
}

/* tcp_disconnect() takes the remote port away, and all figures. */
static void decode_gone(const struct bpf_record_gone *record,
			struct event *event)
{
	event->cookie = record->cookie;
	if (record->cookie)
		event->has |= EVENT_HAS_COOKIE;
	decode_ends(&record->ends, event);
	if (!event->remote.port)
		return;
	event->has |= EVENT_HAS_BYTES | (record->srtt_us ? EVENT_HAS_RTT : 0);
	event->gone.bytes_acked = acked_of(record);
	event->gone.bytes_received = record->bytes_received;
	event->gone.srtt_us = record->srtt_us;
	event->gone.min_rtt_us = record->min_rtt_us == UINT32_MAX ? 0 :
				 record->min_rtt_us;
	event->gone.retrans = record->total_retrans;
	event->gone.segs_out = record->segs_out;
	event->gone.segs_in = record->segs_in;
	event->gone.unread = record->unread;
}

#define COOKIE_MASK ((UINT64_C(1) << 48) - 1)

static void decode_sample(const struct bpf_record_sample *record,
			  struct event *event)
{
	event->socket_id = record->socket;
	event->has |= EVENT_HAS_SOCKET;
	decode_ends(&record->ends, event);
	if (record->cookie)
		event->has |= EVENT_HAS_COOKIE;
	event->sample = (struct event_sample){
		.cookie = record->cookie & COOKIE_MASK,
		.every = 1,
		.srtt_us = record->srtt_us,
		.cwnd = record->cwnd,
		.ssthresh = record->ssthresh,
		.snd_wnd = record->snd_wnd,
		.rcv_wnd = record->rcv_wnd,
		.snd_nxt = record->snd_nxt,
		.snd_una = record->snd_una,
		.data_bytes = record->data_bytes,
		.mss = record->mss,
	};
}

static void decode_task(const struct bpf_record_task *record,
			struct event *event)
{
	event->socket_id = 0;
	event->task.tid = record->tid;
	event->task.tgid = 0;
	memcpy(event->task.comm, record->comm, sizeof(event->task.comm));
	event->has |= EVENT_HAS_COMM;
	if (record->head.kind == BPF_RECORD_RENAME) {
		event->task.change = EVENT_TASK_RENAMED;
	} else if (record->clone_flags & CLONE_THREAD_FLAG) {
		event->task.change = EVENT_TASK_CLONED;
	} else {
		event->task.change = EVENT_TASK_FORKED;
		event->task.tgid = record->tid;
		event->has |= EVENT_HAS_TGID;
	}
}

static void decode_head(const struct bpf_record_head *head, struct event *event)
{
	event->time_ns = head->time_ns;
	event->kind = (uint8_t)kinds[head->kind].kind;
	event->has = 0;
	event->context = 0;
	event->family = 0;
	event->late = false;
	event->cpu = head->cpu;
	event->tid = head->tid;
	if (head->context & BPF_RECORD_CONTEXT_UNKNOWN)
		return;
	event->has = EVENT_HAS_CONTEXT;
	event->context = head->context & EVENT_CONTEXT_INTERRUPT;
}

bool bpf_decode_record(const struct bpf_decode *decode, const void *record,
		       size_t length, struct event *event)
{
	const struct bpf_record_head *head = record;

	if (length < sizeof(*head) || head->kind >= BPF_RECORD_KIND_COUNT ||
	    length < kinds[head->kind].length)
		return false;
	decode_head(head, event);
	if (event->kind == EVENT_TASK)
		decode_task(record, event);
	else if (event->kind == EVENT_SAMPLE)
		decode_sample(record, event);
	else if (event->kind == EVENT_GONE)
		decode_gone(record, event);
	else
		decode_socket(decode, record, event);
	return true;
}

struct event bpf_decode_listed(const struct bpf_record_listed *record)
{
	struct event event = {
		.time_ns = record->time_ns,
		.socket_id = record->socket,
		.has = EVENT_HAS_SOCKET,
		.kind = EVENT_SEEN,
		.seen = {
			.from_ns = record->time_ns,
			.state = (uint8_t)record->state,
			.part = EVENT_SEEN_SOCKET,
		},
	};

	decode_ends(&record->ends, &event);
	return event;
}
