/* SPDX-License-Identifier: BSD-2-Clause */
/* Records made byte by byte at the offsets that each recorded kernel gives,
 * and formats that are not what they should be. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "recorded_format.h"
#include "tcpwatch/tcp_state.h"
#include "trace/trace_record.h"

enum { SOFTIRQ = 0x10, NEED_RESCHED = 0x04, CPU = 3 };

#define TIME_NS 123456789u
#define SKADDR 0xffff888012345678ull

/* A record of one kernel's event being written. */
struct image {
	struct recorded_format text;
	struct trace_format format;
	uint8_t bytes[256];
	size_t size;
};

static void image_add(struct image *image, enum trace_event event)
{
	struct error err = { 0 };

	assert_int_equal(trace_format_add(&image->format, event,
					  image->text.text, image->text.length,
					  &err), 0);
}

/* False when that kernel lacks the event. */
static bool image_begin(struct image *image, const char *release,
			enum trace_event event)
{
	memset(image, 0, sizeof(*image));
	if (!recorded_format_read_event(&image->text, release, event))
		return false;
	image_add(image, event);
	image->size = recorded_format_size(&image->text);
	assert_true(image->size <= sizeof(image->bytes));
	/* What nobody writes must not be read as anything. */
	memset(image->bytes, 0xa5, image->size);
	return true;
}

static void put(struct image *image, const char *name, uint64_t value)
{
	size_t offset, size;

	if (!recorded_format_field(&image->text, name, &offset, &size))
		return;
	for (size_t i = 0; i < size; i++) {
		size_t shift = image->format.big_endian ? size - 1 - i : i;

		image->bytes[offset + i] = (uint8_t)(value >> (8 * shift));
	}
}

static void put_bytes(struct image *image, const char *name, const void *bytes)
{
	size_t offset, size;

	if (recorded_format_field(&image->text, name, &offset, &size))
		memcpy(image->bytes + offset, bytes, size);
}

static void put_common(struct image *image, uint8_t flags, int32_t tid)
{
	put(image, "common_type", recorded_format_id(&image->text));
	put(image, "common_flags", flags);
	put(image, "common_pid", (uint32_t)tid);
}

/* Addresses as text; the kernel writes IPv4 in both forms. */
static void put_endpoints(struct image *image, const char *local,
			  const char *remote)
{
	uint8_t address[16];

	assert_int_equal(inet_pton(AF_INET6, local, address), 1);
	put_bytes(image, "saddr_v6", address);
	put_bytes(image, "saddr", address + 12);
	assert_int_equal(inet_pton(AF_INET6, remote, address), 1);
	put_bytes(image, "daddr_v6", address);
	put_bytes(image, "daddr", address + 12);
	put(image, "sport", 40000);
	put(image, "dport", 443);
	put(image, "skaddr", SKADDR);
}

static bool decode_size(const struct image *image, size_t size,
			struct event *event)
{
	uint8_t *exact = malloc(size ? size : 1);
	bool decoded;

	assert_non_null(exact);
	memcpy(exact, image->bytes, size);
	memset(event, 0x5a, sizeof(*event));
	decoded = trace_record_decode(&image->format, exact, size, TIME_NS, CPU,
				      event);
	free(exact);
	return decoded;
}

static bool decode(const struct image *image, struct event *event)
{
	return decode_size(image, image->size, event);
}

static void expect_socket(const struct event *event, const char *local,
			  const char *remote, uint8_t family)
{
	uint8_t address[16];

	assert_true(event->has & EVENT_HAS_SOCKET);
	assert_true(event->has & EVENT_HAS_ENDPOINTS);
	assert_true(event->socket_id == SKADDR);
	assert_int_equal(event->family, family);
	assert_int_equal(inet_pton(AF_INET6, local, address), 1);
	assert_memory_equal(event->local.address, address, 16);
	assert_int_equal(inet_pton(AF_INET6, remote, address), 1);
	assert_memory_equal(event->remote.address, address, 16);
	assert_int_equal(event->local.port, 40000);
	assert_int_equal(event->remote.port, 443);
}

static void expect_common(const struct event *event, enum event_kind kind,
			  uint8_t context, int32_t tid)
{
	assert_int_equal(event->kind, kind);
	assert_int_equal(event->time_ns, TIME_NS);
	assert_int_equal(event->cpu, CPU);
	assert_true(event->has & EVENT_HAS_CONTEXT);
	assert_int_equal(event->context, context);
	assert_int_equal(event->tid, tid);
	assert_false(event->late);
}

static void knows_every_kernel(void **state)
{
	(void)state;
	for (const char *const *release = recorded_releases; *release; release++) {
		for (unsigned int i = 0; i < TRACE_EVENT_COUNT; i++) {
			static struct image image;
			bool has;

			if (!trace_events[i].system)
				continue;       /* a probe: no kernel's own */
			has = image_begin(&image, *release, i);
			assert_true(has || ((i == TRACE_EVENT_CONG_STATE ||
					     i == TRACE_EVENT_ERROR_REPORT) &&
					    !strncmp(*release, "5.10.", 5)));
			if (!has)
				continue;
			assert_true(image.format.layouts[i].present);
			assert_int_equal(image.format.layouts[i].type,
					 recorded_format_id(&image.text));
			assert_true(image.format.layouts[i].length <= image.size);
		}
	}
}

static void decodes_state_changes(void **state)
{
	(void)state;
	for (const char *const *release = recorded_releases; *release; release++) {
		static struct image image;
		struct event event;

		assert_true(image_begin(&image, *release, TRACE_EVENT_SET_STATE));
		put_common(&image, SOFTIRQ | NEED_RESCHED, 77);
		put_endpoints(&image, "::ffff:10.0.0.1", "::ffff:10.0.0.2");
		put(&image, "protocol", 6);
		put(&image, "oldstate", TCP_STATE_SYN_SENT);
		put(&image, "newstate", TCP_STATE_ESTABLISHED);
		assert_true(decode(&image, &event));
		expect_common(&event, EVENT_STATE, EVENT_CONTEXT_SOFTIRQ, 77);
		expect_socket(&event, "::ffff:10.0.0.1", "::ffff:10.0.0.2",
			      EVENT_FAMILY_IPV4);
		assert_int_equal(event.state.old_state, TCP_STATE_SYN_SENT);
		assert_int_equal(event.state.new_state, TCP_STATE_ESTABLISHED);
	}
}

static void decodes_congestion_states(void **state)
{
	(void)state;
	for (const char *const *release = recorded_releases; *release; release++) {
		static struct image image;
		struct event event;

		if (!image_begin(&image, *release, TRACE_EVENT_CONG_STATE))
			continue;
		put_common(&image, 0, 5);
		put_endpoints(&image, "2001:db8::1", "2001:db8::2");
		put(&image, "cong_state", CONG_STATE_LOSS);
		assert_true(decode(&image, &event));
		expect_common(&event, EVENT_CONG, 0, 5);
		expect_socket(&event, "2001:db8::1", "2001:db8::2",
			      EVENT_FAMILY_IPV6);
		assert_int_equal(event.cong.new_state, CONG_STATE_LOSS);
	}
}

/* A record of a probe of ours, as 5.10 describes it. */
static void begin_probe(struct image *image, enum trace_event event)
{
	static const uint8_t port[] = { 443 >> 8, 443 & 0xff };
	char path[128];

	memset(image, 0, sizeof(*image));
	snprintf(path, sizeof(path), "probe/%s/format", trace_events[event].name);
	assert_true(recorded_format_read(&image->text, "5.10.0-32-cloud-amd64",
					 path));
	image_add(image, event);
	image->size = recorded_format_size(&image->text);
	memset(image->bytes, 0xa5, image->size);
	put_common(image, SOFTIRQ, 9);
	put_endpoints(image, "::ffff:10.0.0.1", "::ffff:10.0.0.2");
	put_bytes(image, "dport_be", port);
	put(image, "family", AF_INET);
}

static void decodes_probes(void **state)
{
	static const struct {
		enum trace_event event;
		enum cong_state new_state;
		bool entry_only;
	} cases[] = {
		{ TRACE_EVENT_PROBE_SET_STATE, CONG_STATE_DISORDER, false },
		{ TRACE_EVENT_PROBE_SET_STATE, CONG_STATE_OPEN, false },
		{ TRACE_EVENT_PROBE_LOSS, CONG_STATE_LOSS, true },
		{ TRACE_EVENT_PROBE_RECOVERY, CONG_STATE_RECOVERY, true },
		{ TRACE_EVENT_PROBE_CWR, CONG_STATE_CWR, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		static struct image image;
		struct event event;

		begin_probe(&image, cases[i].event);
		put(&image, "cong_state", cases[i].new_state);
		assert_true(decode(&image, &event));
		expect_common(&event, EVENT_CONG, EVENT_CONTEXT_SOFTIRQ, 9);
		expect_socket(&event, "::ffff:10.0.0.1", "::ffff:10.0.0.2",
			      EVENT_FAMILY_IPV4);
		assert_int_equal(event.cong.new_state, cases[i].new_state);
		assert_true(event.cong.probed);
		assert_int_equal(event.cong.entry_only, cases[i].entry_only);
		for (size_t size = 0; size < image.format.
		     layouts[cases[i].event].length; size++)
			assert_false(decode_size(&image, size, &event));
	}
}

/* Where a probe finds no IPv4 addresses it tells of the socket alone. */
static void probes_know_no_ipv6_addresses(void **state)
{
	static struct image image;
	struct event event;

	(void)state;
	begin_probe(&image, TRACE_EVENT_PROBE_LOSS);
	put(&image, "family", AF_INET6);
	assert_true(decode(&image, &event));
	assert_true(event.has & EVENT_HAS_SOCKET);
	assert_true(event.socket_id == SKADDR);
	assert_false(event.has & EVENT_HAS_ENDPOINTS);
	assert_int_equal(event.family, 0);
}

static void decodes_retransmissions(void **state)
{
	(void)state;
	for (const char *const *release = recorded_releases; *release; release++) {
		static struct image image;
		size_t offset, size;
		struct event event;

		assert_true(image_begin(&image, *release, TRACE_EVENT_RETRANSMIT));
		put_common(&image, SOFTIRQ, 0);
		put_endpoints(&image, "2001:db8::1", "2001:db8::2");
		put(&image, "state", TCP_STATE_FIN_WAIT1);
		put(&image, "err", (uint32_t)-16);
		assert_true(decode(&image, &event));
		expect_common(&event, EVENT_RETRANS, EVENT_CONTEXT_SOFTIRQ, 0);
		expect_socket(&event, "2001:db8::1", "2001:db8::2",
			      EVENT_FAMILY_IPV6);
		assert_false(event.retrans.synack);
		assert_true(event.has & EVENT_HAS_TCP_STATE);
		assert_int_equal(event.retrans.state, TCP_STATE_FIN_WAIT1);
		if (recorded_format_field(&image.text, "err", &offset, &size)) {
			assert_true(event.has & EVENT_HAS_ERRNO);
			assert_int_equal(event.retrans.err, -16);
		} else {
			assert_false(event.has & EVENT_HAS_ERRNO);
		}
	}
}

static void decodes_synack_retransmissions(void **state)
{
	(void)state;
	for (const char *const *release = recorded_releases; *release; release++) {
		static struct image image;
		struct event event;

		assert_true(image_begin(&image, *release,
					TRACE_EVENT_RETRANSMIT_SYNACK));
		put_common(&image, SOFTIRQ, 0);
		put_endpoints(&image, "::ffff:10.0.0.1", "::ffff:10.0.0.2");
		assert_true(decode(&image, &event));
		expect_common(&event, EVENT_RETRANS, EVENT_CONTEXT_SOFTIRQ, 0);
		expect_socket(&event, "::ffff:10.0.0.1", "::ffff:10.0.0.2",
			      EVENT_FAMILY_IPV4);
		assert_true(event.retrans.synack);
		assert_false(event.has & EVENT_HAS_ERRNO);
	}
}

static void decodes_the_end_of_a_socket(void **state)
{
	(void)state;
	for (const char *const *release = recorded_releases; *release; release++) {
		static struct image image;
		struct event event;

		assert_true(image_begin(&image, *release, TRACE_EVENT_DESTROY));
		put_common(&image, 0, 9);
		put_endpoints(&image, "::ffff:10.0.0.1", "::ffff:10.0.0.2");
		put(&image, "sock_cookie", 0x1122334455667788ull);
		assert_true(decode(&image, &event));
		expect_common(&event, EVENT_DESTROY, 0, 9);
		expect_socket(&event, "::ffff:10.0.0.1", "::ffff:10.0.0.2",
			      EVENT_FAMILY_IPV4);
		assert_true(event.has & EVENT_HAS_COOKIE);
		assert_true(event.destroy.cookie == 0x1122334455667788ull);
	}
}

/* Socket addresses are in network order, whatever the kernel's is. */
static void put_sockaddr(struct image *image, const char *name,
			 const char *text, uint16_t port)
{
	uint8_t bytes[28] = { 0 };
	bool ipv4 = !strchr(text, ':');
	uint8_t family = ipv4 ? 2 : 10;

	bytes[image->format.big_endian ? 1 : 0] = family;
	bytes[2] = (uint8_t)(port >> 8);
	bytes[3] = (uint8_t)port;
	assert_int_equal(inet_pton(ipv4 ? AF_INET : AF_INET6, text,
				   bytes + (ipv4 ? 4 : 8)), 1);
	put_bytes(image, name, bytes);
}

static void put_sample(struct image *image, const char *local,
		       const char *remote)
{
	put_common(image, SOFTIRQ, 0);
	put_sockaddr(image, "saddr", local, 40000);
	put_sockaddr(image, "daddr", remote, 443);
	put(image, "skaddr", SKADDR);
	put(image, "sport", 40000);
	put(image, "dport", 443);
	put(image, "data_len", 1234);
	put(image, "snd_nxt", 0x00000010);
	put(image, "snd_una", 0xfffffff0);
	put(image, "snd_cwnd", 33);
	put(image, "ssthresh", 0x7fffffff);
	put(image, "snd_wnd", 65280);
	put(image, "srtt", 20123);
	put(image, "rcv_wnd", 65536);
	put(image, "sock_cookie", 0x1234567);
}

static void expect_sample(const struct event *event)
{
	const struct event_sample *sample = &event->sample;

	assert_true(event->has & EVENT_HAS_COOKIE);
	assert_true(sample->cookie == 0x1234567);
	assert_int_equal(sample->every, 1);
	assert_int_equal(sample->srtt_us, 20123);
	assert_int_equal(sample->cwnd, 33);
	assert_int_equal(sample->ssthresh, 0x7fffffff);
	assert_int_equal(sample->snd_wnd, 65280);
	assert_int_equal(sample->rcv_wnd, 65536);
	assert_int_equal(sample->snd_nxt, 0x10);
	assert_true(sample->snd_una == 0xfffffff0);
	assert_int_equal(sample->data_bytes, 1234);
	assert_int_equal(sample->mss, 0);
}

static void decodes_samples(void **state)
{
	(void)state;
	for (const char *const *release = recorded_releases; *release; release++) {
		static struct image image;
		size_t offset, size;
		struct event event;
		bool has_address;

		assert_true(image_begin(&image, *release, TRACE_EVENT_SAMPLE));
		has_address = recorded_format_field(&image.text, "skaddr",
						    &offset, &size);
		put_sample(&image, "2001:db8::1", "2001:db8::2");
		assert_true(trace_record_is_sample(&image.format, image.bytes,
						   image.size));
		assert_true(decode(&image, &event));
		expect_common(&event, EVENT_SAMPLE, EVENT_CONTEXT_SOFTIRQ, 0);
		assert_int_equal(!!(event.has & EVENT_HAS_SOCKET), has_address);
		event.has |= EVENT_HAS_SOCKET;  /* seen; now look at the rest */
		event.socket_id = has_address ? event.socket_id : SKADDR;
		expect_socket(&event, "2001:db8::1", "2001:db8::2",
			      EVENT_FAMILY_IPV6);
		expect_sample(&event);
		put_sample(&image, "10.0.0.1", "10.0.0.2");
		assert_true(decode(&image, &event));
		assert_int_equal(event.family, EVENT_FAMILY_IPV4);
		put_sample(&image, "::ffff:10.0.0.1", "::ffff:10.0.0.2");
		assert_true(decode(&image, &event));
		assert_int_equal(event.family, EVENT_FAMILY_IPV4);
	}
}

/* Nor is it taken for one of another event. */
static void tells_samples_from_others(void **state)
{
	static struct image image;

	(void)state;
	assert_true(image_begin(&image, recorded_releases[0],
				TRACE_EVENT_SET_STATE));
	put_common(&image, 0, 1);
	assert_false(trace_record_is_sample(&image.format, image.bytes,
					    image.size));
	assert_true(image_begin(&image, recorded_releases[0],
				TRACE_EVENT_SAMPLE));
	put_common(&image, 0, 1);
	assert_false(trace_record_is_sample(&image.format, image.bytes, 1));
	image.bytes[0] ^= 1;
	assert_false(trace_record_is_sample(&image.format, image.bytes,
					    image.size));
}

static void decodes_new_tasks(void **state)
{
	static const char comm[16] = "sixteen bytes ok";

	(void)state;
	for (const char *const *release = recorded_releases; *release; release++) {
		static struct image image;
		struct event event;

		assert_true(image_begin(&image, *release, TRACE_EVENT_NEWTASK));
		put_common(&image, 0, 100);
		put(&image, "pid", 101);
		put_bytes(&image, "comm", comm);
		put(&image, "clone_flags", 0x01200000);
		assert_true(decode(&image, &event));
		expect_common(&event, EVENT_TASK, 0, 100);
		assert_int_equal(event.task.change, EVENT_TASK_FORKED);
		assert_int_equal(event.task.tid, 101);
		assert_true(event.has & EVENT_HAS_TGID);
		assert_int_equal(event.task.tgid, 101);
		assert_true(event.has & EVENT_HAS_COMM);
		assert_memory_equal(event.task.comm, comm, 16);
		assert_false(event.has & (EVENT_HAS_SOCKET | EVENT_HAS_ENDPOINTS));

		put(&image, "clone_flags", 0x003d0f00);
		assert_true(decode(&image, &event));
		assert_int_equal(event.task.change, EVENT_TASK_CLONED);
		assert_false(event.has & EVENT_HAS_TGID);
	}
}

static void decodes_renamed_tasks(void **state)
{
	(void)state;
	for (const char *const *release = recorded_releases; *release; release++) {
		static struct image image;
		struct event event;

		assert_true(image_begin(&image, *release, TRACE_EVENT_RENAME));
		put_common(&image, 0, 101);
		put(&image, "pid", 102);
		put_bytes(&image, "oldcomm", "bash\0\0\0\0\0\0\0\0\0\0\0");
		put_bytes(&image, "newcomm", "curl\0\0\0\0\0\0\0\0\0\0\0");
		assert_true(decode(&image, &event));
		expect_common(&event, EVENT_TASK, 0, 101);
		assert_int_equal(event.task.change, EVENT_TASK_RENAMED);
		assert_int_equal(event.task.tid, 102);
		assert_true(event.has & EVENT_HAS_COMM);
		assert_string_equal(event.task.comm, "curl");
	}
}

static void decodes_error_reports(void **state)
{
	(void)state;
	for (const char *const *release = recorded_releases; *release; release++) {
		static struct image image;
		struct event event;

		if (!image_begin(&image, *release, TRACE_EVENT_ERROR_REPORT))
			continue;
		put_common(&image, EVENT_CONTEXT_SOFTIRQ, 7);
		put_endpoints(&image, "::ffff:192.0.2.1", "::ffff:192.0.2.2");
		put(&image, "error", 110);
		put(&image, "protocol", 17);
		assert_false(decode(&image, &event));
		put(&image, "protocol", 6);
		assert_true(decode(&image, &event));
		expect_common(&event, EVENT_ERROR, EVENT_CONTEXT_SOFTIRQ, 7);
		assert_false(event.has & EVENT_HAS_SOCKET);
		assert_int_equal(event.family, EVENT_FAMILY_IPV4);
		assert_int_equal(event.local.port, 40000);
		assert_int_equal(event.remote.port, 443);
		assert_int_equal(event.error.number, 110);
	}
}

/* SCTP and MPTCP share the event; their states mean other things. */
static void refuses_other_protocols(void **state)
{
	static const unsigned int protocols[] = { 0, 132, 262, 33, 17, 0x600 };
	static struct image image;
	struct event event;

	(void)state;
	assert_true(image_begin(&image, "6.18.44", TRACE_EVENT_SET_STATE));
	put_common(&image, 0, 1);
	put_endpoints(&image, "::1", "::1");
	put(&image, "oldstate", TCP_STATE_CLOSE);
	put(&image, "newstate", TCP_STATE_LISTEN);
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
		put(&image, "protocol", protocols[i]);
		assert_false(decode(&image, &event));
	}
	put(&image, "protocol", 6);
	assert_true(decode(&image, &event));
}

static void refuses_short_records(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < TRACE_EVENT_COUNT; i++) {
		static struct image image;
		struct event event;
		size_t needed;

		if (!trace_events[i].system)
			continue;       /* a probe: no kernel has its format */
		assert_true(image_begin(&image, "7.3.4+deb13-cloud-amd64", i));
		put_common(&image, 0, 1);
		put(&image, "protocol", 6);
		needed = image.format.layouts[i].length;
		for (size_t size = 0; size < needed; size++)
			assert_false(decode_size(&image, size, &event));
		for (size_t size = needed; size <= image.size; size++)
			assert_true(decode_size(&image, size, &event));
	}
}

static void refuses_other_events(void **state)
{
	static struct image image;
	struct event event;

	(void)state;
	assert_true(image_begin(&image, "6.18.44", TRACE_EVENT_SET_STATE));
	put_common(&image, 0, 1);
	put(&image, "protocol", 6);
	assert_true(decode(&image, &event));
	put(&image, "common_type", recorded_format_id(&image.text) + 1);
	assert_false(decode(&image, &event));
	put(&image, "common_type", 0);
	assert_false(decode(&image, &event));
}

static void leaves_out_what_a_kernel_lacks(void **state)
{
	static struct image image;
	struct event event;

	(void)state;
	assert_true(recorded_format_read_event(&image.text, "6.19.14+deb13-cloud-amd64",
					       TRACE_EVENT_RETRANSMIT));
	recorded_format_drop(&image.text, "state");
	recorded_format_drop(&image.text, "err");
	recorded_format_drop(&image.text, "saddr_v6");
	recorded_format_drop(&image.text, "daddr_v6");
	memset(&image.format, 0, sizeof(image.format));
	image_add(&image, TRACE_EVENT_RETRANSMIT);
	image.size = recorded_format_size(&image.text);
	put_common(&image, 0, 1);
	put_endpoints(&image, "::ffff:192.0.2.1", "::ffff:192.0.2.2");
	assert_true(decode(&image, &event));
	assert_false(event.has & (EVENT_HAS_TCP_STATE | EVENT_HAS_ERRNO));
	expect_socket(&event, "::ffff:192.0.2.1", "::ffff:192.0.2.2",
		      EVENT_FAMILY_IPV4);
}

/* The socket's own family is AF_INET6 for an IPv4 client of a [::] listener;
 * what counts is the addresses. */
static void takes_the_family_from_the_addresses(void **state)
{
	static const struct {
		const char *local, *remote;
		uint8_t family;
		const char *shown_local, *shown_remote;
	} cases[] = {
		{ "::ffff:10.0.0.1", "::ffff:10.0.0.2", EVENT_FAMILY_IPV4,
		  "::ffff:10.0.0.1", "::ffff:10.0.0.2" },
		{ "::", "::ffff:10.0.0.2", EVENT_FAMILY_IPV4,
		  "::ffff:0.0.0.0", "::ffff:10.0.0.2" },
		{ "::ffff:10.0.0.1", "::", EVENT_FAMILY_IPV4,
		  "::ffff:10.0.0.1", "::ffff:0.0.0.0" },
		{ "::", "::", EVENT_FAMILY_IPV6, "::", "::" },
		{ "fd00:1111:2222:3333:4444:5555:6666:7777", "::1",
		  EVENT_FAMILY_IPV6, "fd00:1111:2222:3333:4444:5555:6666:7777",
		  "::1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (uint64_t kernel_family = 2; kernel_family <= 10;
		     kernel_family += 8) {
			static struct image image;
			struct event event;

			assert_true(image_begin(&image, "6.18.44",
						TRACE_EVENT_SET_STATE));
			put_common(&image, 0, 1);
			put(&image, "protocol", 6);
			put(&image, "family", kernel_family);
			put_endpoints(&image, cases[i].local, cases[i].remote);
			assert_true(decode(&image, &event));
			expect_socket(&event, cases[i].shown_local,
				      cases[i].shown_remote, cases[i].family);
		}
	}
}

static void reads_a_foreign_byte_order(void **state)
{
	static struct image image;
	struct event event;

	(void)state;
	assert_true(image_begin(&image, "6.1.0-50-cloud-amd64",
				TRACE_EVENT_SET_STATE));
	image.format.big_endian = true;
	put_common(&image, SOFTIRQ, 0x01020304);
	put(&image, "protocol", 6);
	put(&image, "oldstate", TCP_STATE_LISTEN);
	put(&image, "newstate", TCP_STATE_SYN_RECV);
	put_endpoints(&image, "2001:db8::1", "2001:db8::2");
	assert_true(decode(&image, &event));
	expect_common(&event, EVENT_STATE, EVENT_CONTEXT_SOFTIRQ, 0x01020304);
	expect_socket(&event, "2001:db8::1", "2001:db8::2", EVENT_FAMILY_IPV6);
	assert_int_equal(event.state.old_state, TCP_STATE_LISTEN);
	assert_int_equal(event.state.new_state, TCP_STATE_SYN_RECV);
	put(&image, "protocol", 0x0006 << 8);
	assert_false(decode(&image, &event));
}

static void expect_refused(const struct recorded_format *text,
			   enum trace_event event, const char *named)
{
	struct trace_format format = { 0 };
	struct error err = { 0 };

	assert_int_equal(trace_format_add(&format, event, text->text,
					  text->length, &err), -EBADMSG);
	assert_int_equal(err.code, EBADMSG);
	assert_non_null(strstr(err.text, named));
	assert_false(format.layouts[event].present);
}

static void refuses_odd_sizes(void **state)
{
	static const struct {
		const char *field;
		char digit;
	} cases[] = {
		{ "sport", '3' }, { "sport", '1' }, { "sport", '0' },
		{ "skaddr", '2' }, { "saddr", '8' }, { "oldstate", '3' },
		{ "protocol", '5' }, { "common_pid", '8' },
		{ "common_flags", '2' },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct recorded_format text;

		assert_true(recorded_format_read_event(&text, "6.18.44",
						       TRACE_EVENT_SET_STATE));
		recorded_format_resize(&text, cases[i].field, cases[i].digit);
		expect_refused(&text, TRACE_EVENT_SET_STATE, cases[i].field);
	}
}

static void refuses_formats_without_the_needful(void **state)
{
	static const struct {
		enum trace_event event;
		const char *field;
	} cases[] = {
		{ TRACE_EVENT_SET_STATE, "skaddr" },
		{ TRACE_EVENT_SET_STATE, "newstate" },
		{ TRACE_EVENT_SET_STATE, "dport" },
		{ TRACE_EVENT_CONG_STATE, "cong_state" },
		{ TRACE_EVENT_RETRANSMIT, "skaddr" },
		{ TRACE_EVENT_NEWTASK, "pid" },
		{ TRACE_EVENT_NEWTASK, "clone_flags" },
		{ TRACE_EVENT_RENAME, "newcomm" },
	};
	struct recorded_format text;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(recorded_format_read_event(&text, "6.18.44",
						       cases[i].event));
		recorded_format_drop(&text, cases[i].field);
		expect_refused(&text, cases[i].event, cases[i].field);
	}
	text = (struct recorded_format){ .text = "no format\n", .length = 10 };
	expect_refused(&text, TRACE_EVENT_RENAME, "task_rename");
	text.length = 0;
	expect_refused(&text, TRACE_EVENT_RENAME, "task_rename");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_every_kernel),
		cmocka_unit_test(decodes_state_changes),
		cmocka_unit_test(decodes_congestion_states),
		cmocka_unit_test(decodes_probes),
		cmocka_unit_test(probes_know_no_ipv6_addresses),
		cmocka_unit_test(decodes_retransmissions),
		cmocka_unit_test(decodes_synack_retransmissions),
		cmocka_unit_test(decodes_the_end_of_a_socket),
		cmocka_unit_test(decodes_samples),
		cmocka_unit_test(tells_samples_from_others),
		cmocka_unit_test(decodes_new_tasks),
		cmocka_unit_test(decodes_renamed_tasks),
		cmocka_unit_test(decodes_error_reports),
		cmocka_unit_test(refuses_other_protocols),
		cmocka_unit_test(refuses_short_records),
		cmocka_unit_test(refuses_other_events),
		cmocka_unit_test(leaves_out_what_a_kernel_lacks),
		cmocka_unit_test(takes_the_family_from_the_addresses),
		cmocka_unit_test(reads_a_foreign_byte_order),
		cmocka_unit_test(refuses_odd_sizes),
		cmocka_unit_test(refuses_formats_without_the_needful),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
