/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One raw trace record to one struct event, by the offsets that the kernel's
 * own format descriptions give. A field that a kernel lacks becomes a missing
 * bit, never a zero; nothing here asks for a kernel version.
 */
#ifndef TRACE_RECORD_H
#define TRACE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/error.h"
#include "tcpwatch/event.h"

enum trace_event {
	TRACE_EVENT_SET_STATE,          /* sock:inet_sock_set_state, 4.16;
	                                 * tcp:tcp_set_state in 4.15 */
	TRACE_EVENT_CONG_STATE,         /* tcp:tcp_cong_state_set, 5.19 */
	TRACE_EVENT_RETRANSMIT,         /* tcp:tcp_retransmit_skb, 4.15 */
	TRACE_EVENT_RETRANSMIT_SYNACK,  /* tcp:tcp_retransmit_synack, 4.15 */
	TRACE_EVENT_DESTROY,            /* tcp:tcp_destroy_sock, 4.15 */
	TRACE_EVENT_NEWTASK,            /* task:task_newtask */
	TRACE_EVENT_RENAME,             /* task:task_rename */
	TRACE_EVENT_SEND_RESET,         /* tcp:tcp_send_reset, 4.15 */
	TRACE_EVENT_RECEIVE_RESET,      /* tcp:tcp_receive_reset, 4.15 */
	TRACE_EVENT_ERROR_REPORT,       /* sock:inet_sk_error_report, 5.14 */
	TRACE_EVENT_SAMPLE,             /* tcp:tcp_probe, 4.16 */
	TRACE_EVENT_PROBE_SET_STATE,    /* kernel probes of our own, in place of */
	TRACE_EVENT_PROBE_LOSS,         /* tcp_cong_state_set before 5.19 */
	TRACE_EVENT_PROBE_RECOVERY,
	TRACE_EVENT_PROBE_CWR,
	TRACE_EVENT_COUNT
};

/* What a trace event is called, and what it becomes. */
struct trace_event_info {
	const char *system;             /* NULL: a probe, in a system of ours */
	const char *name;
	enum event_kind kind;
	const char *old_system;         /* before it had that name; */
	const char *old_name;           /* NULL: it always had */
};

extern const struct trace_event_info trace_events[TRACE_EVENT_COUNT];

/* The fields of all events that we use; each event has some of them. */
enum trace_field_id {
	TRACE_FIELD_TYPE,               /* common_type */
	TRACE_FIELD_FLAGS,              /* common_flags */
	TRACE_FIELD_PID,                /* common_pid: a thread */
	TRACE_FIELD_SKADDR,
	TRACE_FIELD_OLDSTATE,
	TRACE_FIELD_NEWSTATE,
	TRACE_FIELD_STATE,
	TRACE_FIELD_CONG_STATE,
	TRACE_FIELD_ERR,
	TRACE_FIELD_PROTOCOL,
	TRACE_FIELD_SPORT,
	TRACE_FIELD_DPORT,
	TRACE_FIELD_SADDR,
	TRACE_FIELD_DADDR,
	TRACE_FIELD_SADDR_V6,
	TRACE_FIELD_DADDR_V6,
	TRACE_FIELD_SOCK_COOKIE,
	TRACE_FIELD_TASK_PID,           /* pid */
	TRACE_FIELD_COMM,
	TRACE_FIELD_NEWCOMM,
	TRACE_FIELD_CLONE_FLAGS,
	TRACE_FIELD_FAMILY,
	TRACE_FIELD_DPORT_BE,           /* in network order */
	TRACE_FIELD_REASON,
	TRACE_FIELD_ERROR,
	TRACE_FIELD_SOURCE,             /* saddr and daddr where they are a */
	TRACE_FIELD_DESTINATION,        /* sockaddr, with the port in it */
	TRACE_FIELD_SRTT,
	TRACE_FIELD_SND_CWND,
	TRACE_FIELD_SSTHRESH,
	TRACE_FIELD_SND_WND,
	TRACE_FIELD_RCV_WND,
	TRACE_FIELD_SND_NXT,
	TRACE_FIELD_SND_UNA,
	TRACE_FIELD_DATA_LEN,
	TRACE_FIELD_COUNT
};

struct trace_field {
	uint16_t offset, size;          /* size 0: this kernel lacks the field */
};

struct trace_layout {
	bool present;
	uint16_t type;                  /* common_type of its records */
	uint16_t length;                /* end of the last field that we use */
	struct trace_field fields[TRACE_FIELD_COUNT];
};

enum { TRACE_RESET_REASONS = 64 };

/* The layouts of one kernel. Zero-initialise, set big_endian, add formats. */
struct trace_format {
	bool big_endian;
	uint8_t reset_reasons[TRACE_RESET_REASONS]; /* the kernel's number to ours
	                                             * (reset_reason.h) */
	struct trace_layout layouts[TRACE_EVENT_COUNT];
};

/* trace_format.c: reads the text of one `format` file. -EBADMSG when it cannot
 * be understood, lacks a field that the event is useless without, or has one of
 * a size that cannot be; *err says which. */
int trace_format_add(struct trace_format *format, enum trace_event event,
		     const char *text, size_t length, struct error *err);

/*
 * The next field behind *id (-1: the first) of those that we use of the event,
 * common ones left out: true and its name in *name; false when there are no
 * more. Whether this kernel has it stands in layouts[event].fields[*id].size.
 */
bool trace_format_next_field(const struct trace_format *format,
			     enum trace_event event, int *id, const char **name);

/* EVENT_BIT set of the kinds that the layouts present give. */
unsigned int trace_format_kinds(const struct trace_format *format);

/* A record of tcp:tcp_probe: there may be too many to decode them all. */
bool trace_record_is_sample(const struct trace_format *format,
			    const uint8_t *data, size_t length);

/*
 * Decodes one record (data, length as from a page) of that CPU and time.
 * False: not an event of ours, not TCP (protocol other than 6, where the
 * kernel says), or shorter than its format. *event is then undefined.
 */
bool trace_record_decode(const struct trace_format *format,
			 const uint8_t *data, size_t length, uint64_t time_ns,
			 unsigned int cpu, struct event *event);

#endif
