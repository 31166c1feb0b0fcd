/* SPDX-License-Identifier: BSD-2-Clause */
/* Understands the kernel's `format` descriptions, once at open. */
#include "trace_record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace_format_text.h"

#include "tcpwatch/reset_reason.h"

/* Sizes that a field may have, as bits: size 4 is bit 4. */
#define SIZE(bytes) (1u << (bytes))
#define SIZE_ANY_NUMBER (SIZE(1) | SIZE(2) | SIZE(4) | SIZE(8))
#define SIZE_POINTER (SIZE(4) | SIZE(8))

struct field_spec {
	const char *name;
	uint32_t sizes;
};

static const struct field_spec field_specs[TRACE_FIELD_COUNT] = {
	[TRACE_FIELD_TYPE] = { "common_type", SIZE(2) },
	[TRACE_FIELD_FLAGS] = { "common_flags", SIZE(1) },
	[TRACE_FIELD_PID] = { "common_pid", SIZE(4) },
	[TRACE_FIELD_SKADDR] = { "skaddr", SIZE_POINTER },
	[TRACE_FIELD_OLDSTATE] = { "oldstate", SIZE_ANY_NUMBER },
	[TRACE_FIELD_NEWSTATE] = { "newstate", SIZE_ANY_NUMBER },
	[TRACE_FIELD_STATE] = { "state", SIZE_ANY_NUMBER },
	[TRACE_FIELD_CONG_STATE] = { "cong_state", SIZE_ANY_NUMBER },
	[TRACE_FIELD_ERR] = { "err", SIZE(4) },
	[TRACE_FIELD_PROTOCOL] = { "protocol", SIZE_ANY_NUMBER },
	[TRACE_FIELD_SPORT] = { "sport", SIZE(2) },
	[TRACE_FIELD_DPORT] = { "dport", SIZE(2) },
	[TRACE_FIELD_SADDR] = { "saddr", SIZE(4) },
	[TRACE_FIELD_DADDR] = { "daddr", SIZE(4) },
	[TRACE_FIELD_SADDR_V6] = { "saddr_v6", SIZE(16) },
	[TRACE_FIELD_DADDR_V6] = { "daddr_v6", SIZE(16) },
	[TRACE_FIELD_SOCK_COOKIE] = { "sock_cookie", SIZE(8) },
	[TRACE_FIELD_TASK_PID] = { "pid", SIZE(4) },
	[TRACE_FIELD_COMM] = { "comm", SIZE(16) },
	[TRACE_FIELD_NEWCOMM] = { "newcomm", SIZE(16) },
	[TRACE_FIELD_CLONE_FLAGS] = { "clone_flags", SIZE_POINTER },
	[TRACE_FIELD_FAMILY] = { "family", SIZE(2) },
	[TRACE_FIELD_DPORT_BE] = { "dport_be", SIZE(2) },
	[TRACE_FIELD_REASON] = { "reason", SIZE(4) },
	[TRACE_FIELD_ERROR] = { "error", SIZE(4) },
	[TRACE_FIELD_SOURCE] = { "saddr", SIZE(28) },
	[TRACE_FIELD_DESTINATION] = { "daddr", SIZE(28) },
	[TRACE_FIELD_SRTT] = { "srtt", SIZE(4) },
	[TRACE_FIELD_SND_CWND] = { "snd_cwnd", SIZE(4) },
	[TRACE_FIELD_SSTHRESH] = { "ssthresh", SIZE(4) },
	[TRACE_FIELD_SND_WND] = { "snd_wnd", SIZE(4) },
	[TRACE_FIELD_RCV_WND] = { "rcv_wnd", SIZE(4) },
	[TRACE_FIELD_SND_NXT] = { "snd_nxt", SIZE(4) },
	[TRACE_FIELD_SND_UNA] = { "snd_una", SIZE(4) },
	[TRACE_FIELD_DATA_LEN] = { "data_len", SIZE(2) },
};

#define FIELD(name) (UINT64_C(1) << TRACE_FIELD_##name)
#define COMMON_FIELDS (FIELD(TYPE) | FIELD(FLAGS) | FIELD(PID))
#define ENDPOINT_FIELDS (FIELD(SPORT) | FIELD(DPORT) | FIELD(SADDR) | \
			 FIELD(DADDR))
#define PROBE_FIELDS (FIELD(SKADDR) | FIELD(FAMILY) | FIELD(SPORT) | \
		      FIELD(DPORT_BE) | FIELD(SADDR) | FIELD(DADDR))
#define ENDPOINT_V6_FIELDS (FIELD(SADDR_V6) | FIELD(DADDR_V6))
#define SAMPLE_FIELDS (FIELD(SRTT) | FIELD(SND_CWND) | FIELD(SSTHRESH) | \
		       FIELD(SND_WND) | FIELD(RCV_WND) | FIELD(SND_NXT) | \
		       FIELD(SND_UNA) | FIELD(DATA_LEN) | FIELD(SOCK_COOKIE))

_Static_assert(TRACE_FIELD_COUNT <= 64, "a field set has a bit for each field");

/* What an event is useless without, and what else it may have. */
struct field_set {
	uint64_t required, optional;
};

/* The IPv4 addresses are required: every version of these events has them, and
 * they stand in where a kernel without IPv6 lacks the others. */
static const struct field_set event_fields[TRACE_EVENT_COUNT] = {
	[TRACE_EVENT_SET_STATE] = {
		COMMON_FIELDS | ENDPOINT_FIELDS | FIELD(SKADDR) |
			FIELD(OLDSTATE) | FIELD(NEWSTATE),
		ENDPOINT_V6_FIELDS | FIELD(PROTOCOL) },
	[TRACE_EVENT_CONG_STATE] = {
		COMMON_FIELDS | ENDPOINT_FIELDS | FIELD(SKADDR) |
			FIELD(CONG_STATE),
		ENDPOINT_V6_FIELDS },
	[TRACE_EVENT_RETRANSMIT] = {
		COMMON_FIELDS | ENDPOINT_FIELDS | FIELD(SKADDR),
		ENDPOINT_V6_FIELDS | FIELD(STATE) | FIELD(ERR) },
	[TRACE_EVENT_RETRANSMIT_SYNACK] = {
		COMMON_FIELDS | ENDPOINT_FIELDS | FIELD(SKADDR),
		ENDPOINT_V6_FIELDS },
	[TRACE_EVENT_DESTROY] = {
		COMMON_FIELDS | ENDPOINT_FIELDS | FIELD(SKADDR),
		ENDPOINT_V6_FIELDS | FIELD(SOCK_COOKIE) },
	[TRACE_EVENT_NEWTASK] = {
		COMMON_FIELDS | FIELD(TASK_PID) | FIELD(COMM) |
			FIELD(CLONE_FLAGS), 0 },
	[TRACE_EVENT_RENAME] = {
		COMMON_FIELDS | FIELD(TASK_PID) | FIELD(NEWCOMM), 0 },
	[TRACE_EVENT_SEND_RESET] = {
		COMMON_FIELDS | ENDPOINT_FIELDS | FIELD(SKADDR),
		ENDPOINT_V6_FIELDS | FIELD(STATE) | FIELD(REASON) },
	[TRACE_EVENT_RECEIVE_RESET] = {
		COMMON_FIELDS | ENDPOINT_FIELDS | FIELD(SKADDR),
		ENDPOINT_V6_FIELDS | FIELD(STATE) | FIELD(REASON) },
	[TRACE_EVENT_ERROR_REPORT] = {
		COMMON_FIELDS | ENDPOINT_FIELDS | FIELD(ERROR) |
			FIELD(PROTOCOL),
		ENDPOINT_V6_FIELDS },
	/* The ports, which the addresses hold too, are for the kernel's filter. */
	[TRACE_EVENT_SAMPLE] = {
		COMMON_FIELDS | SAMPLE_FIELDS | FIELD(SOURCE) |
			FIELD(DESTINATION) | FIELD(SPORT) | FIELD(DPORT),
		FIELD(SKADDR) },
	[TRACE_EVENT_PROBE_SET_STATE] = {
		COMMON_FIELDS | PROBE_FIELDS | FIELD(CONG_STATE), 0 },
	[TRACE_EVENT_PROBE_LOSS] = { COMMON_FIELDS | PROBE_FIELDS, 0 },
	[TRACE_EVENT_PROBE_RECOVERY] = { COMMON_FIELDS | PROBE_FIELDS, 0 },
	[TRACE_EVENT_PROBE_CWR] = { COMMON_FIELDS | PROBE_FIELDS, 0 },
};

/* tcp_send_reset since it was rewritten (6.8 to 6.11): the fields saddr and
 * daddr became socket addresses, and those for the ports went. */
static const struct field_set rewritten_send_reset = {
	COMMON_FIELDS | FIELD(SKADDR) | FIELD(SOURCE) | FIELD(DESTINATION),
	FIELD(STATE) | FIELD(REASON)
};

static const char *system_of(enum trace_event which)
{
	const char *system = trace_events[which].system;

	return system ? system : "probe";
}

static int add_field(struct trace_layout *layout, enum trace_event which,
		     enum trace_field_id id, unsigned int offset,
		     unsigned int size, struct error *err)
{
	const struct field_spec *spec = &field_specs[id];

	if (size < 1 || size > 31 || offset > UINT16_MAX - size ||
	    !(spec->sizes & SIZE(size)))
		return error_set(err, EBADMSG,
				 "%s:%s: field %s has %u bytes at offset %u, which "
				 "tcpwatch does not understand",
				 system_of(which), trace_events[which].name,
				 spec->name, size, offset);
	layout->fields[id].offset = (uint16_t)offset;
	layout->fields[id].size = (uint16_t)size;
	if (offset + size > layout->length)
		layout->length = (uint16_t)(offset + size);
	return 0;
}

static const struct field_set *fields_of(enum trace_event which,
					 const struct trace_format_text *text)
{
	unsigned int offset, size;

	if (which == TRACE_EVENT_SEND_RESET &&
	    !trace_format_text_field(text, field_specs[TRACE_FIELD_SPORT].name,
				     &offset, &size))
		return &rewritten_send_reset;
	return &event_fields[which];
}

static int add_fields(struct trace_layout *layout, enum trace_event which,
		      const struct trace_format_text *text, struct error *err)
{
	const struct field_set *set = fields_of(which, text);
	uint64_t required = set->required;
	uint64_t wanted = required | set->optional;

	for (unsigned int id = 0; id < TRACE_FIELD_COUNT; id++) {
		unsigned int offset, size;
		bool found;
		int ret;

		if (!(wanted & (UINT64_C(1) << id)))
			continue;
		found = trace_format_text_field(text, field_specs[id].name,
						&offset, &size);
		if (!found && (required & (UINT64_C(1) << id)))
			return error_set(err, EBADMSG, "%s:%s has no field '%s'",
					 system_of(which),
					 trace_events[which].name,
					 field_specs[id].name);
		if (!found)
			continue;
		ret = add_field(layout, which, id, offset, size, err);
		if (ret)
			return ret;
	}
	return 0;
}

bool trace_format_next_field(const struct trace_format *format,
			     enum trace_event event, int *id, const char **name)
{
	const struct trace_layout *layout = &format->layouts[event];
	const struct field_set *set = &event_fields[event];
	uint64_t used;

	if (event == TRACE_EVENT_SEND_RESET && layout->present &&
	    !layout->fields[TRACE_FIELD_SPORT].size)
		set = &rewritten_send_reset;
	used = (set->required | set->optional) & ~COMMON_FIELDS;
	while (++*id < TRACE_FIELD_COUNT)
		if (used & UINT64_C(1) << *id) {
			*name = field_specs[*id].name;
			return true;
		}
	return false;
}

unsigned int trace_format_kinds(const struct trace_format *format)
{
	unsigned int kinds = 0;

	for (unsigned int which = 0; which < TRACE_EVENT_COUNT; which++)
		if (format->layouts[which].present)
			kinds |= EVENT_BIT(trace_events[which].kind);
	return kinds;
}

/*
 * Fills the table from what the print format says of the field: pairs of
 * { number, "NAME" } behind "REC->reason,". Without such pairs it stays empty.
 */
static void add_reset_reasons(struct trace_format *format, const char *text,
			      size_t length)
{
	static const char field[] = "REC->reason,";
	const char *end = text + length;
	const char *at = memmem(text, length, field, strlen(field));

	while (at && (at = memchr(at, '{', (size_t)(end - at))) != NULL) {
		unsigned long number = strtoul(at + 1, NULL, 10);
		const char *name = memchr(at, '"', (size_t)(end - at));
		const char *close;

		if (!name)
			return;
		name++;
		close = memchr(name, '"', (size_t)(end - name));
		if (!close)
			return;
		if (number < TRACE_RESET_REASONS)
			format->reset_reasons[number] =
				reset_reason_find(name, (size_t)(close - name));
		at = close;
	}
}

int trace_format_add(struct trace_format *format, enum trace_event event,
		     const char *text, size_t length, struct error *err)
{
	const struct trace_format_text format_text = { text, length };
	struct trace_layout layout = { .present = true };
	unsigned int id = trace_format_text_id(&format_text);
	int ret;

	if (id < 1 || id > UINT16_MAX)
		return error_set(err, EBADMSG,
				 "the format of %s:%s cannot be understood",
				 system_of(event), trace_events[event].name);
	layout.type = (uint16_t)id;
	ret = add_fields(&layout, event, &format_text, err);
	if (!ret)
		format->layouts[event] = layout;
	if (!ret && layout.fields[TRACE_FIELD_REASON].size)
		add_reset_reasons(format, text, length);
	return ret;
}
