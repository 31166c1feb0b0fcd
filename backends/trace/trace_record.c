/* SPDX-License-Identifier: BSD-2-Clause */
/* Decodes raw records by offset and size; see trace_record.h. */
#include "trace_record.h"

#include <string.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include "tcpwatch/reset_reason.h"
#include "tcpwatch/tcp_state.h"

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

/* One record being decoded. */
struct record {
	const struct trace_layout *layout;
	const uint8_t *data;
	bool foreign;                   /* in the other byte order */
};

static bool is_foreign(const struct trace_format *format)
{
	return format->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

/* Only recordings of other machines are: without saying so, the compiler swaps
 * every number and then chooses. */
static bool is_swapped(const struct record *record)
{
	return __builtin_expect(record->foreign, false);
}

static bool has_field(const struct record *record, enum trace_field_id id)
{
	return record->layout->fields[id].size != 0;
}

static const uint8_t *field_bytes(const struct record *record,
				  enum trace_field_id id)
{
	return record->data + record->layout->fields[id].offset;
}

/* Fields whose size trace_format.c leaves no choice are read by that size, where
 * the event must have them. Only the others need field_number(). */
static uint16_t field_u16(const struct record *record, enum trace_field_id id)
{
	uint16_t value;

	memcpy(&value, field_bytes(record, id), sizeof(value));
	return is_swapped(record) ? __builtin_bswap16(value) : value;
}

static uint32_t field_u32(const struct record *record, enum trace_field_id id)
{
	uint32_t value;

	memcpy(&value, field_bytes(record, id), sizeof(value));
	return is_swapped(record) ? __builtin_bswap32(value) : value;
}

static uint64_t field_u64(const struct record *record, enum trace_field_id id)
{
	uint64_t value;

	memcpy(&value, field_bytes(record, id), sizeof(value));
	return is_swapped(record) ? __builtin_bswap64(value) : value;
}

/* An unsigned field of 1, 2, 4 or 8 bytes; 0 when this kernel lacks it. */
static inline uint64_t field_number(const struct record *record,
				    enum trace_field_id id)
{
	switch (record->layout->fields[id].size) {
	case 1:
		return *field_bytes(record, id);
	case 2:
		return field_u16(record, id);
	case 4:
		return field_u32(record, id);
	case 8:
		return field_u64(record, id);
	default:
		return 0;
	}
}

/* What fits a byte, in a field of any size: its lowest one. */
static uint8_t field_small(const struct record *record, enum trace_field_id id)
{
	bool big_endian = record->foreign !=
			  (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	size_t last = record->layout->fields[id].size - 1u;

	return field_bytes(record, id)[big_endian ? last : 0];
}

/* A kernel address: that of a 32-bit kernel is shorter. */
static uint64_t field_pointer(const struct record *record,
			      enum trace_field_id id)
{
	if (record->layout->fields[id].size == sizeof(uint64_t))
		return field_u64(record, id);
	return field_u32(record, id);
}

static uint16_t field_remote_port(const struct record *record)
{
	const uint8_t *port;

	if (has_field(record, TRACE_FIELD_DPORT))
		return field_u16(record, TRACE_FIELD_DPORT);
	port = field_bytes(record, TRACE_FIELD_DPORT_BE);
	return (uint16_t)(port[0] << 8 | port[1]);
}

static void map_ipv4(uint8_t address[16], const uint8_t ipv4[4])
{
	memset(address, 0, 10);
	memset(address + 10, 0xff, 2);
	memcpy(address + 12, ipv4, 4);
}

/* True when the address is IPv4. */
static bool decode_address(const struct record *record, enum trace_field_id v6,
			   enum trace_field_id v4, struct endpoint *endpoint)
{
	if (!has_field(record, v6)) {
		map_ipv4(endpoint->address, field_bytes(record, v4));
		return true;
	}
	memcpy(endpoint->address, field_bytes(record, v6), 16);
	return endpoint_is_ipv4(endpoint);
}

static bool is_unspecified(const uint8_t address[16])
{
	static const uint8_t zero[16];

	return !memcmp(address, zero, sizeof(zero));
}

/*
 * The family goes by the addresses: an IPv4 client of a [::] listener is
 * AF_INET6 to the kernel, and several events had no family before 5.13. Where
 * one end is IPv4, an end that is still :: is 0.0.0.0.
 */
static inline void settle_family(struct event *event, bool local_ipv4,
				 bool remote_ipv4)
{
	static const uint8_t any[4];

	event->has |= EVENT_HAS_ENDPOINTS;
	event->family = local_ipv4 || remote_ipv4 ? EVENT_FAMILY_IPV4 :
						    EVENT_FAMILY_IPV6;
	if (local_ipv4 == remote_ipv4)
		return;
	if (is_unspecified(event->local.address))
		map_ipv4(event->local.address, any);
	if (is_unspecified(event->remote.address))
		map_ipv4(event->remote.address, any);
}

static void decode_endpoints(const struct record *record, struct event *event)
{
	bool local_ipv4 = decode_address(record, TRACE_FIELD_SADDR_V6,
					 TRACE_FIELD_SADDR, &event->local);
	bool remote_ipv4 = decode_address(record, TRACE_FIELD_DADDR_V6,
					  TRACE_FIELD_DADDR, &event->remote);

	event->local.port = field_u16(record, TRACE_FIELD_SPORT);
	event->remote.port = field_remote_port(record);
	settle_family(event, local_ipv4, remote_ipv4);
}

/* Linux's numbers, whatever host reads the recording. */
enum { SOCKADDR_IPV4 = 2, SOCKADDR_IPV6 = 10 };

/* False when it holds no address: a family other than the two. */
static bool decode_sockaddr(const struct record *record, enum trace_field_id id,
			    struct endpoint *endpoint)
{
	const uint8_t *bytes = field_bytes(record, id);
	uint16_t family = field_u16(record, id);

	endpoint->port = (uint16_t)(bytes[2] << 8 | bytes[3]);
	if (family == SOCKADDR_IPV4)
		map_ipv4(endpoint->address, bytes + 4);
	else if (family == SOCKADDR_IPV6)
		memcpy(endpoint->address, bytes + 8, 16);
	else
		return false;
	return true;
}

static void decode_sockaddrs(const struct record *record, struct event *event)
{
	if (decode_sockaddr(record, TRACE_FIELD_SOURCE, &event->local) &&
	    decode_sockaddr(record, TRACE_FIELD_DESTINATION, &event->remote))
		settle_family(event, endpoint_is_ipv4(&event->local),
			      endpoint_is_ipv4(&event->remote));
}

/* A probe reads the socket itself, as far as its layout is the same on every
 * kernel: that leaves out IPv6 addresses, which the tracker may know. */
static bool has_endpoints(const struct record *record)
{
	if (has_field(record, TRACE_FIELD_FAMILY))
		return field_u16(record, TRACE_FIELD_FAMILY) == AF_INET;
	return has_field(record, TRACE_FIELD_SADDR);
}

/* What all events of sockets have. */
static void decode_socket(const struct record *record, struct event *event)
{
	event->socket_id = field_pointer(record, TRACE_FIELD_SKADDR);
	if (event->socket_id)
		event->has |= EVENT_HAS_SOCKET;
	if (has_endpoints(record))
		decode_endpoints(record, event);
}

/* SCTP and MPTCP share the events of sock:*; their states mean other things. */
static bool is_tcp(const struct record *record)
{
	return !has_field(record, TRACE_FIELD_PROTOCOL) ||
	       field_number(record, TRACE_FIELD_PROTOCOL) == IPPROTO_TCP;
}

static bool decode_set_state(const struct record *record, struct event *event)
{
	if (!is_tcp(record))
		return false;
	event->state.old_state = field_small(record, TRACE_FIELD_OLDSTATE);
	event->state.new_state = field_small(record, TRACE_FIELD_NEWSTATE);
	return true;
}

static bool decode_cong_state(const struct record *record, struct event *event)
{
	event->cong.new_state = field_small(record, TRACE_FIELD_CONG_STATE);
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

static bool decode_retransmit(const struct record *record, struct event *event)
{
	event->retrans.synack = false;
	event->retrans.state = (uint8_t)field_number(record, TRACE_FIELD_STATE);
	if (has_field(record, TRACE_FIELD_STATE))
		event->has |= EVENT_HAS_TCP_STATE;
	event->retrans.err = (int32_t)field_number(record, TRACE_FIELD_ERR);
	if (has_field(record, TRACE_FIELD_ERR))
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
static bool decode_reset(const struct record *record,
			 const struct trace_format *format,
			 enum event_reset_direction direction,
			 struct event *event)
{
	uint64_t reason = field_number(record, TRACE_FIELD_REASON);

	event->reset.direction = (uint8_t)direction;
	event->reset.state = (uint8_t)field_number(record, TRACE_FIELD_STATE);
	if (event->reset.state)
		event->has |= EVENT_HAS_TCP_STATE;
	event->reset.reason = RESET_REASON_NONE;
	if (has_field(record, TRACE_FIELD_REASON) && reason < TRACE_RESET_REASONS)
		event->reset.reason = format->reset_reasons[reason];
	if (event->reset.reason != RESET_REASON_NONE)
		event->has |= EVENT_HAS_REASON;
	if (has_field(record, TRACE_FIELD_SOURCE))
		decode_sockaddrs(record, event);
	return true;
}

static bool decode_error_report(const struct record *record,
				struct event *event)
{
	if (!is_tcp(record))
		return false;
	decode_endpoints(record, event);
	event->error.number = (int32_t)field_u32(record, TRACE_FIELD_ERROR);
	return true;
}

static bool decode_destroy(const struct record *record, struct event *event)
{
	event->destroy.cookie = field_number(record, TRACE_FIELD_SOCK_COOKIE);
	if (event->destroy.cookie)
		event->has |= EVENT_HAS_COOKIE;
	return true;
}

#define COOKIE_MASK ((UINT64_C(1) << 48) - 1)

/* The cookie came first, the address of the socket between 6.8 and 6.11. */
static bool decode_sample(const struct record *record, struct event *event)
{
	uint64_t cookie = field_u64(record, TRACE_FIELD_SOCK_COOKIE);

	decode_sockaddrs(record, event);
	if (cookie)
		event->has |= EVENT_HAS_COOKIE;
	event->sample = (struct event_sample){
		.cookie = cookie & COOKIE_MASK,
		.every = 1,
		.srtt_us = field_u32(record, TRACE_FIELD_SRTT),
		.cwnd = field_u32(record, TRACE_FIELD_SND_CWND),
		.ssthresh = field_u32(record, TRACE_FIELD_SSTHRESH),
		.snd_wnd = field_u32(record, TRACE_FIELD_SND_WND),
		.rcv_wnd = field_u32(record, TRACE_FIELD_RCV_WND),
		.snd_nxt = field_u32(record, TRACE_FIELD_SND_NXT),
		.snd_una = field_u32(record, TRACE_FIELD_SND_UNA),
		.data_bytes = field_u16(record, TRACE_FIELD_DATA_LEN),
	};
	return true;
}

static void decode_comm(const struct record *record, enum trace_field_id id,
			struct event *event)
{
	size_t size = record->layout->fields[id].size;

	memset(event->task.comm, 0, sizeof(event->task.comm));
	if (size > sizeof(event->task.comm))
		size = sizeof(event->task.comm);
	memcpy(event->task.comm, field_bytes(record, id), size);
	event->has |= EVENT_HAS_COMM;
}

/* CLONE_THREAD of <linux/sched.h>: the task joins its creator's process. */
#define CLONE_THREAD_FLAG 0x00010000u

static bool decode_newtask(const struct record *record, struct event *event)
{
	event->task.tid = (int32_t)field_u32(record, TRACE_FIELD_TASK_PID);
	decode_comm(record, TRACE_FIELD_COMM, event);
	if (field_number(record, TRACE_FIELD_CLONE_FLAGS) & CLONE_THREAD_FLAG) {
		event->task.change = EVENT_TASK_CLONED;
		event->task.tgid = 0;
	} else {
		event->task.change = EVENT_TASK_FORKED;
		event->task.tgid = event->task.tid;
		event->has |= EVENT_HAS_TGID;
	}
	return true;
}

static bool decode_rename(const struct record *record, struct event *event)
{
	event->task.tid = (int32_t)field_u32(record, TRACE_FIELD_TASK_PID);
	event->task.tgid = 0;
	event->task.change = EVENT_TASK_RENAMED;
	decode_comm(record, TRACE_FIELD_NEWCOMM, event);
	return true;
}

static bool decode_payload(const struct record *record,
			   const struct trace_format *format,
			   enum trace_event which, struct event *event)
{
	if (has_field(record, TRACE_FIELD_SKADDR))
		decode_socket(record, event);
	switch (which) {
	case TRACE_EVENT_SET_STATE:
		return decode_set_state(record, event);
	case TRACE_EVENT_CONG_STATE:
		return decode_cong_state(record, event);
	case TRACE_EVENT_RETRANSMIT:
		return decode_retransmit(record, event);
	case TRACE_EVENT_RETRANSMIT_SYNACK:
		return decode_retransmit_synack(event);
	case TRACE_EVENT_DESTROY:
		return decode_destroy(record, event);
	case TRACE_EVENT_NEWTASK:
		return decode_newtask(record, event);
	case TRACE_EVENT_RENAME:
		return decode_rename(record, event);
	case TRACE_EVENT_SEND_RESET:
		return decode_reset(record, format, EVENT_RESET_SENT, event);
	case TRACE_EVENT_RECEIVE_RESET:
		return decode_reset(record, format, EVENT_RESET_RECEIVED, event);
	case TRACE_EVENT_ERROR_REPORT:
		return decode_error_report(record, event);
	case TRACE_EVENT_SAMPLE:
		return decode_sample(record, event);
	case TRACE_EVENT_PROBE_SET_STATE:
		return decode_probe(event,
				    field_small(record, TRACE_FIELD_CONG_STATE),
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
	return layout->type == (is_foreign(format) ? __builtin_bswap16(type) :
						     type);
}

bool trace_record_decode(const struct trace_format *format,
			 const uint8_t *data, size_t length, uint64_t time_ns,
			 unsigned int cpu, struct event *event)
{
	struct record record = { .data = data, .foreign = is_foreign(format) };
	enum trace_event which;
	uint16_t type;

	/* common_type stands first in every record (trace_entry, all kernels). */
	if (length < sizeof(type))
		return false;
	memcpy(&type, data, sizeof(type));
	if (is_swapped(&record))
		type = __builtin_bswap16(type);
	which = find_event(format, type);
	if (which == TRACE_EVENT_COUNT)
		return false;
	record.layout = &format->layouts[which];
	if (length < record.layout->length)
		return false;
	event->time_ns = time_ns;
	event->socket_id = 0;
	event->has = EVENT_HAS_CONTEXT;
	event->kind = (uint8_t)trace_events[which].kind;
	event->context = *field_bytes(&record, TRACE_FIELD_FLAGS) &
			 EVENT_CONTEXT_INTERRUPT;
	event->family = 0;
	event->late = false;
	event->cpu = (uint16_t)cpu;
	event->tid = (int32_t)field_u32(&record, TRACE_FIELD_PID);
	return decode_payload(&record, format, which, event);
}
