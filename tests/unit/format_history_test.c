/* SPDX-License-Identifier: BSD-2-Clause */
/* Layouts that no recorded kernel has any more, and the resets of before and
 * after their rewrite: each in both byte orders, alone and in whole pages. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "recorded_format.h"
#include "tcpwatch/reset_reason.h"
#include "tcpwatch/tcp_state.h"
#include "trace/trace_page.h"
#include "trace/trace_record.h"
#include "tracefs/trace_events.h"

enum { SOFTIRQ = 0x10, TID = 77, CPU = 5, LPORT = 40000, RPORT = 443 };

#define TIME_NS 987654321u
#define SKADDR 0xffff888012345678ull
#define SKADDR_32BIT 0xc1234568u

/* A record being written. */
struct image {
	struct recorded_format text;
	struct trace_format format;
	uint8_t bytes[128];
	size_t size;
};

static void image_add(struct image *image, enum trace_event event,
		      bool big_endian)
{
	struct error err = { 0 };

	memset(&image->format, 0, sizeof(image->format));
	image->format.big_endian = big_endian;
	assert_int_equal(trace_format_add(&image->format, event,
					  image->text.text, image->text.length,
					  &err), 0);
	image->size = recorded_format_size(&image->text);
	assert_true(image->size <= sizeof(image->bytes));
	/* What nobody writes must not be read as anything. */
	memset(image->bytes, 0xa5, sizeof(image->bytes));
}

static void put_number(uint8_t *bytes, size_t size, uint64_t value,
		       bool big_endian)
{
	for (size_t i = 0; i < size; i++) {
		size_t shift = big_endian ? size - 1 - i : i;

		bytes[i] = (uint8_t)(value >> (8 * shift));
	}
}

/* The field must be there. */
static void put(struct image *image, const char *name, uint64_t value)
{
	size_t offset, size;

	assert_true(recorded_format_field(&image->text, name, &offset, &size));
	put_number(image->bytes + offset, size, value, image->format.big_endian);
}

static void put_bytes(struct image *image, const char *name, const void *bytes,
		      size_t length)
{
	size_t offset, size;

	assert_true(recorded_format_field(&image->text, name, &offset, &size));
	assert_true(length <= size);
	memcpy(image->bytes + offset, bytes, length);
}

static void put_common(struct image *image, uint64_t skaddr)
{
	put(image, "common_type", recorded_format_id(&image->text));
	put(image, "common_flags", SOFTIRQ);
	put(image, "common_pid", TID);
	put(image, "skaddr", skaddr);
}

static void put_endpoints(struct image *image, const char *local,
			  const char *remote)
{
	uint8_t address[16];

	assert_int_equal(inet_pton(AF_INET6, local, address), 1);
	put_bytes(image, "saddr_v6", address, 16);
	put_bytes(image, "saddr", address + 12, 4);
	assert_int_equal(inet_pton(AF_INET6, remote, address), 1);
	put_bytes(image, "daddr_v6", address, 16);
	put_bytes(image, "daddr", address + 12, 4);
	put(image, "sport", LPORT);
	put(image, "dport", RPORT);
}

static void image_begin(struct image *image, const char *path,
			enum trace_event event, bool big_endian)
{
	assert_true(recorded_format_read_derived(&image->text, path));
	image_add(image, event, big_endian);
	put_common(image, SKADDR);
	put_endpoints(image, "2001:db8::1", "2001:db8::2");
}

static bool decode(const struct image *image, struct event *event)
{
	uint8_t *exact = malloc(image->size);
	bool decoded;

	assert_non_null(exact);
	memcpy(exact, image->bytes, image->size);
	memset(event, 0x5a, sizeof(*event));
	decoded = trace_record_decode(&image->format, exact, image->size,
				      TIME_NS, CPU, event);
	free(exact);
	return decoded;
}

static void expect_endpoints(const struct event *event, uint8_t family,
			     const char *local, const char *remote)
{
	uint8_t address[16];

	assert_int_equal(event->family, family);
	assert_int_equal(inet_pton(AF_INET6, local, address), 1);
	assert_memory_equal(event->local.address, address, 16);
	assert_int_equal(inet_pton(AF_INET6, remote, address), 1);
	assert_memory_equal(event->remote.address, address, 16);
	assert_int_equal(event->local.port, LPORT);
	assert_int_equal(event->remote.port, RPORT);
}

/* has: all the bits there are, beside the context. */
static void expect_common(const struct event *event, enum event_kind kind,
			  unsigned int has)
{
	assert_int_equal(event->kind, kind);
	assert_int_equal(event->time_ns, TIME_NS);
	assert_int_equal(event->cpu, CPU);
	assert_int_equal(event->context, EVENT_CONTEXT_SOFTIRQ);
	assert_int_equal(event->tid, TID);
	assert_false(event->late);
	assert_int_equal(event->has, has | EVENT_HAS_CONTEXT);
}

/* An event with the endpoints of image_begin() and these bits more. */
static void expect_socket(const struct event *event, enum event_kind kind,
			  unsigned int has)
{
	expect_common(event, kind,
		      has | EVENT_HAS_SOCKET | EVENT_HAS_ENDPOINTS);
	assert_true(event->socket_id == SKADDR);
	expect_endpoints(event, EVENT_FAMILY_IPV6, "2001:db8::1", "2001:db8::2");
}

static void decodes_tcp_set_state(void **state)
{
	(void)state;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		static struct image image;
		struct event event;

		image_begin(&image, "4.15/tcp/tcp_set_state/format",
			    TRACE_EVENT_SET_STATE, big_endian);
		put(&image, "oldstate", TCP_STATE_SYN_SENT);
		put(&image, "newstate", TCP_STATE_ESTABLISHED);
		assert_true(decode(&image, &event));
		expect_socket(&event, EVENT_STATE, 0);
		assert_int_equal(event.state.old_state, TCP_STATE_SYN_SENT);
		assert_int_equal(event.state.new_state, TCP_STATE_ESTABLISHED);
		assert_int_equal(trace_format_kinds(&image.format),
				 EVENT_BIT(EVENT_STATE));
	}
}

static void knows_the_name_of_4_15(void **state)
{
	const struct trace_event_info *info = &trace_events[TRACE_EVENT_SET_STATE];

	(void)state;
	assert_string_equal(info->old_system, "tcp");
	assert_string_equal(info->old_name, "tcp_set_state");
	for (unsigned int i = 0; i < TRACE_EVENT_COUNT; i++)
		assert_true(!trace_events[i].old_name == !trace_events[i].old_system);
}

/* The folders and files of a kernel's tracefs, as far as a watch of state
 * changes needs them; in the order in which they can be made. */
static const char *const tree_4_15[] = {
	"/instances", "/instances/i", "/instances/i/events",
	"/instances/i/events/tcp", "/instances/i/events/tcp/tcp_set_state",
};

#define FILE_4_15(name) "/instances/i/events/tcp/tcp_set_state/" name

enum { TREE_4_15 = sizeof(tree_4_15) / sizeof(tree_4_15[0]) };

static void write_file(const char *root, const char *name, const char *text)
{
	char path[160];
	FILE *file;

	snprintf(path, sizeof(path), "%s%s", root, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void remove_file(const char *root, const char *name)
{
	char path[160];

	snprintf(path, sizeof(path), "%s%s", root, name);
	assert_int_equal(remove(path), 0);
}

static void falls_back_on_the_name_of_4_15(void **state)
{
	char root[] = "/tmp/format_history.XXXXXX", path[160], text[8];
	struct trace_instance instance = { .instances_fd = -1 };
	struct trace_events events;
	struct recorded_format format;
	struct error err = { 0 };

	(void)state;
	assert_non_null(mkdtemp(root));
	for (int i = 0; i < TREE_4_15; i++) {
		snprintf(path, sizeof(path), "%s%s", root, tree_4_15[i]);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	snprintf(path, sizeof(path), "%s/instances/i", root);
	instance.folder_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(instance.folder_fd >= 0);
	assert_int_equal(trace_events_open(&events, &instance, root,
					   EVENT_BIT(EVENT_STATE), &err), -ENOENT);
	assert_non_null(strstr(err.text, "inet_sock_set_state"));

	assert_true(recorded_format_read_derived(&format,
						 "4.15/tcp/tcp_set_state/format"));
	write_file(root, FILE_4_15("format"), format.text);
	write_file(root, FILE_4_15("enable"), "0");
	assert_int_equal(trace_events_open(&events, &instance, root,
					   EVENT_BIT(EVENT_STATE), &err), 0);
	assert_string_equal(events.note, "");
	assert_int_equal(trace_format_kinds(&events.format),
			 EVENT_BIT(EVENT_STATE));
	assert_int_equal(trace_events_enable(&events, &instance, NULL, &err), 0);
	assert_int_equal(trace_instance_read(&instance,
					     "events/tcp/tcp_set_state/enable",
					     text, sizeof(text)), 1);
	assert_string_equal(text, "1");
	trace_events_close(&events);

	close(instance.folder_fd);
	remove_file(root, FILE_4_15("format"));
	remove_file(root, FILE_4_15("enable"));
	for (int i = TREE_4_15; i-- > 0;)
		remove_file(root, tree_4_15[i]);
	assert_int_equal(rmdir(root), 0);
}

static void decodes_a_protocol_of_one_byte(void **state)
{
	(void)state;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		static struct image image;
		const struct trace_field *fields;
		struct event event;

		image_begin(&image, "4.16/sock/inet_sock_set_state/format",
			    TRACE_EVENT_SET_STATE, big_endian);
		fields = image.format.layouts[TRACE_EVENT_SET_STATE].fields;
		assert_int_equal(fields[TRACE_FIELD_PROTOCOL].size, 1);
		assert_int_equal(fields[TRACE_FIELD_SADDR].offset, 31);
		assert_int_equal(fields[TRACE_FIELD_DADDR].offset, 35);
		assert_int_equal(fields[TRACE_FIELD_SADDR_V6].offset, 39);
		assert_int_equal(fields[TRACE_FIELD_DADDR_V6].offset, 55);
		put(&image, "oldstate", TCP_STATE_LISTEN);
		put(&image, "newstate", TCP_STATE_SYN_RECV);
		put(&image, "protocol", 6);
		assert_true(decode(&image, &event));
		expect_socket(&event, EVENT_STATE, 0);
		assert_int_equal(event.state.old_state, TCP_STATE_LISTEN);
		assert_int_equal(event.state.new_state, TCP_STATE_SYN_RECV);
		put(&image, "protocol", 132);
		assert_false(decode(&image, &event));
	}
}

static void decodes_short_pointers(void **state)
{
	(void)state;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		static struct image image;
		struct event event;

		image_begin(&image, "4.16-32bit/sock/inet_sock_set_state/format",
			    TRACE_EVENT_SET_STATE, big_endian);
		put(&image, "skaddr", SKADDR_32BIT);
		put(&image, "oldstate", TCP_STATE_CLOSE);
		put(&image, "newstate", TCP_STATE_SYN_SENT);
		put(&image, "protocol", 6);
		assert_true(decode(&image, &event));
		expect_common(&event, EVENT_STATE,
			      EVENT_HAS_SOCKET | EVENT_HAS_ENDPOINTS);
		assert_true(event.socket_id == SKADDR_32BIT);
		expect_endpoints(&event, EVENT_FAMILY_IPV6, "2001:db8::1",
				 "2001:db8::2");
		assert_int_equal(event.state.old_state, TCP_STATE_CLOSE);
		assert_int_equal(event.state.new_state, TCP_STATE_SYN_SENT);
	}
}

/* Without a family field an IPv4 socket is known by its mapped addresses. */
static void decodes_a_congestion_state_without_family(void **state)
{
	(void)state;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		static struct image image;
		struct event event;

		image_begin(&image, "5.19/tcp/tcp_cong_state_set/format",
			    TRACE_EVENT_CONG_STATE, big_endian);
		put(&image, "cong_state", CONG_STATE_RECOVERY);
		assert_true(decode(&image, &event));
		expect_socket(&event, EVENT_CONG, 0);
		assert_int_equal(event.cong.new_state, CONG_STATE_RECOVERY);
		assert_false(event.cong.probed);
		put_endpoints(&image, "::ffff:10.0.0.1", "::ffff:10.0.0.2");
		assert_true(decode(&image, &event));
		expect_endpoints(&event, EVENT_FAMILY_IPV4, "::ffff:10.0.0.1",
				 "::ffff:10.0.0.2");
	}
}

static void decodes_retransmissions(void **state)
{
	(void)state;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		static struct image image;
		struct event event;

		image_begin(&image, "4.15/tcp/tcp_retransmit_skb/format",
			    TRACE_EVENT_RETRANSMIT, big_endian);
		assert_true(decode(&image, &event));
		expect_socket(&event, EVENT_RETRANS, 0);
		assert_false(event.retrans.synack);

		image_begin(&image, "5.0/tcp/tcp_retransmit_skb/format",
			    TRACE_EVENT_RETRANSMIT, big_endian);
		put(&image, "state", TCP_STATE_CLOSE_WAIT);
		assert_true(decode(&image, &event));
		expect_socket(&event, EVENT_RETRANS, EVENT_HAS_TCP_STATE);
		assert_int_equal(event.retrans.state, TCP_STATE_CLOSE_WAIT);
	}
}

static void decodes_an_end_without_cookie(void **state)
{
	(void)state;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		static struct image image;
		struct event event;

		image_begin(&image, "4.15/tcp/tcp_destroy_sock/format",
			    TRACE_EVENT_DESTROY, big_endian);
		assert_true(decode(&image, &event));
		expect_socket(&event, EVENT_DESTROY, 0);
	}
}

static void decodes_resets_of_4_15(void **state)
{
	(void)state;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		static struct image image;
		struct event event;

		image_begin(&image, "4.15/tcp/tcp_send_reset/format",
			    TRACE_EVENT_SEND_RESET, big_endian);
		assert_int_equal(trace_format_kinds(&image.format),
				 EVENT_BIT(EVENT_RESET));
		assert_true(decode(&image, &event));
		expect_socket(&event, EVENT_RESET, 0);
		assert_int_equal(event.reset.direction, EVENT_RESET_SENT);

		image_begin(&image, "4.15/tcp/tcp_receive_reset/format",
			    TRACE_EVENT_RECEIVE_RESET, big_endian);
		assert_true(decode(&image, &event));
		expect_socket(&event, EVENT_RESET, 0);
		assert_int_equal(event.reset.direction, EVENT_RESET_RECEIVED);
	}
}

static void decodes_sent_resets_with_a_state(void **state)
{
	(void)state;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		static struct image image;
		struct event event;

		image_begin(&image, "5.0/tcp/tcp_send_reset/format",
			    TRACE_EVENT_SEND_RESET, big_endian);
		put(&image, "state", TCP_STATE_ESTABLISHED);
		assert_true(decode(&image, &event));
		expect_socket(&event, EVENT_RESET, EVENT_HAS_TCP_STATE);
		assert_int_equal(event.reset.state, TCP_STATE_ESTABLISHED);
		assert_int_equal(event.reset.direction, EVENT_RESET_SENT);
	}
}

static void decodes_received_resets_of_every_kernel(void **state)
{
	(void)state;
	for (const char *const *release = recorded_releases; *release; release++) {
		static struct image image;
		struct event event;

		assert_true(recorded_format_read_event(&image.text, *release,
						       TRACE_EVENT_RECEIVE_RESET));
		image_add(&image, TRACE_EVENT_RECEIVE_RESET, false);
		/* As tcp_send_reset has told: it is no number of this event. */
		image.format.reset_reasons[0] = 1;
		put_common(&image, SKADDR);
		put_endpoints(&image, "2001:db8::1", "2001:db8::2");
		assert_true(decode(&image, &event));
		expect_socket(&event, EVENT_RESET, 0);
		assert_int_equal(event.reset.direction, EVENT_RESET_RECEIVED);
	}
}

/* A sockaddr_in or sockaddr_in6, as its family wants. */
static void put_sockaddr(struct image *image, const char *name, uint16_t family,
			 const char *text, uint16_t port)
{
	uint8_t bytes[28] = { 0 };

	put_number(bytes, 2, family, image->format.big_endian);
	put_number(bytes + 2, 2, port, true);
	if (family == 2)
		assert_int_equal(inet_pton(AF_INET, text, bytes + 4), 1);
	else
		assert_int_equal(inet_pton(AF_INET6, text, bytes + 8), 1);
	put_bytes(image, name, bytes, sizeof(bytes));
}

static void begin_rewritten(struct image *image, const char *release,
			    bool big_endian)
{
	assert_true(recorded_format_read_event(&image->text, release,
					       TRACE_EVENT_SEND_RESET));
	image_add(image, TRACE_EVENT_SEND_RESET, big_endian);
	put_common(image, SKADDR);
	put(image, "state", TCP_STATE_CLOSE_WAIT);
	put(image, "reason", 12);
}

static void decodes_rewritten_resets(void **state)
{
	static const char *const releases[] = {
		"6.12.107+deb13-cloud-amd64", "6.18.44",
		"6.19.14+deb13-cloud-amd64", "7.3.4+deb13-cloud-amd64",
	};
	static const struct {
		uint16_t family;
		const char *local, *remote;
		uint8_t shown_family;
		const char *shown_local, *shown_remote;
	} cases[] = {
		{ 2, "192.0.2.1", "198.51.100.2", EVENT_FAMILY_IPV4,
		  "::ffff:192.0.2.1", "::ffff:198.51.100.2" },
		{ 10, "2001:db8::1", "2001:db8::2", EVENT_FAMILY_IPV6,
		  "2001:db8::1", "2001:db8::2" },
		{ 10, "::ffff:192.0.2.1", "::ffff:198.51.100.2",
		  EVENT_FAMILY_IPV4, "::ffff:192.0.2.1", "::ffff:198.51.100.2" },
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(releases) / sizeof(releases[0]); i++) {
		for (size_t j = 0; j < sizeof(cases) / sizeof(cases[0]); j++) {
			static struct image image;
			struct event event;

			begin_rewritten(&image, releases[i / 2], i % 2);
			put_sockaddr(&image, "saddr", cases[j].family,
				     cases[j].local, LPORT);
			put_sockaddr(&image, "daddr", cases[j].family,
				     cases[j].remote, RPORT);
			assert_true(decode(&image, &event));
			expect_common(&event, EVENT_RESET, EVENT_HAS_SOCKET |
				      EVENT_HAS_ENDPOINTS | EVENT_HAS_TCP_STATE |
				      EVENT_HAS_REASON);
			assert_true(event.socket_id == SKADDR);
			expect_endpoints(&event, cases[j].shown_family,
					 cases[j].shown_local,
					 cases[j].shown_remote);
			assert_int_equal(event.reset.direction, EVENT_RESET_SENT);
			assert_int_equal(event.reset.state, TCP_STATE_CLOSE_WAIT);
			assert_string_equal(reset_reason_name(event.reset.reason),
					    "TCP_ABORT_ON_LINGER");
		}
	}
}

static void decodes_resets_without_a_socket(void **state)
{
	(void)state;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		static struct image image;
		struct event event;

		begin_rewritten(&image, "6.12.107+deb13-cloud-amd64", big_endian);
		put(&image, "skaddr", 0);
		put(&image, "state", 0);
		put(&image, "reason", 1);
		put_sockaddr(&image, "saddr", 2, "192.0.2.1", LPORT);
		put_sockaddr(&image, "daddr", 2, "192.0.2.2", RPORT);
		assert_true(decode(&image, &event));
		expect_common(&event, EVENT_RESET,
			      EVENT_HAS_ENDPOINTS | EVENT_HAS_REASON);
		assert_string_equal(reset_reason_name(event.reset.reason),
				    "NO_SOCKET");

		put_sockaddr(&image, "daddr", 0, "::", 0);
		assert_true(decode(&image, &event));
		expect_common(&event, EVENT_RESET, EVENT_HAS_REASON);
	}
}

/* Neither form: the old one's ports, the new one's addresses. */
static void refuses_a_mixture(void **state)
{
	struct trace_format format = { 0 };
	struct recorded_format text;
	struct error err = { 0 };

	(void)state;
	assert_true(recorded_format_read_derived(&text,
						 "5.0/tcp/tcp_send_reset/format"));
	recorded_format_drop(&text, "sport");
	assert_true(trace_format_add(&format, TRACE_EVENT_SEND_RESET, text.text,
				     text.length, &err) < 0);
	assert_non_null(strstr(err.text, "saddr"));
	assert_false(format.layouts[TRACE_EVENT_SEND_RESET].present);
}

/* Fills a page with state changes, numbered by their local port; returns how
 * many there was room for. */
static unsigned int fill_page(uint8_t *page,
			      const struct trace_page_layout *layout,
			      struct image *image)
{
	uint32_t words = (uint32_t)image->size / 4, delta = 1;
	size_t at = layout->data_offset;
	unsigned int count = 0;

	put_number(page, 8, TIME_NS, layout->big_endian);
	while (at + 4 + image->size <= layout->page_bytes) {
		put(image, "sport", ++count);
		put_number(page + at, 4, layout->big_endian ?
			   words << 27 | delta : delta << 5 | words,
			   layout->big_endian);
		memcpy(page + at + 4, image->bytes, image->size);
		at += 4 + image->size;
	}
	put_number(page + layout->commit_offset, layout->commit_bytes,
		   at - layout->data_offset, layout->big_endian);
	return count;
}

static void expect_page(const struct trace_page_layout *layout,
			struct image *image, unsigned int at_least)
{
	uint8_t *bytes = calloc(1, layout->page_bytes);
	struct trace_page_entry entry;
	struct trace_page page;
	unsigned int written, read = 0;

	assert_non_null(bytes);
	written = fill_page(bytes, layout, image);
	assert_true(written >= at_least);
	assert_int_equal(trace_page_load(&page, layout, bytes,
					 layout->page_bytes), 0);
	while (trace_page_next(&page, &entry) == TRACE_PAGE_ENTRY) {
		struct event event;

		assert_true(trace_record_decode(&image->format, entry.data,
						entry.length, entry.time_ns, CPU,
						&event));
		read++;
		assert_int_equal(event.time_ns, TIME_NS + read);
		assert_int_equal(event.local.port, read);
		assert_int_equal(event.remote.port, RPORT);
		assert_int_equal(event.state.new_state, TCP_STATE_LISTEN);
	}
	assert_int_equal(read, written);
	free(bytes);
}

static void reads_pages_of_every_size_and_order(void **state)
{
	static const struct {
		const char *header_page, *event;
		uint32_t page_bytes;
		unsigned int at_least;
	} cases[] = {
		{ "header_page/16k-long4", "4.16-32bit", 16384, 225 },
		{ "header_page/16k-long8", "4.16", 16384, 215 },
		{ "header_page/64k-long4", "4.16-32bit", 65536, 905 },
		{ "header_page/64k-long8", "4.16", 65536, 860 },
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		static struct image image;
		struct trace_page_layout layout = { .big_endian = i % 2 };
		struct recorded_format text;
		struct error err = { 0 };
		char path[64];

		assert_true(recorded_format_read_derived(&text,
							 cases[i / 2].header_page));
		assert_int_equal(trace_page_layout_parse(&layout, text.text, &err),
				 0);
		assert_int_equal(layout.page_bytes, cases[i / 2].page_bytes);
		snprintf(path, sizeof(path), "%s/sock/inet_sock_set_state/format",
			 cases[i / 2].event);
		image_begin(&image, path, TRACE_EVENT_SET_STATE, i % 2);
		put(&image, "protocol", 6);
		put(&image, "oldstate", TCP_STATE_CLOSE);
		put(&image, "newstate", TCP_STATE_LISTEN);
		expect_page(&layout, &image, cases[i / 2].at_least);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_tcp_set_state),
		cmocka_unit_test(knows_the_name_of_4_15),
		cmocka_unit_test(falls_back_on_the_name_of_4_15),
		cmocka_unit_test(decodes_a_protocol_of_one_byte),
		cmocka_unit_test(decodes_short_pointers),
		cmocka_unit_test(decodes_a_congestion_state_without_family),
		cmocka_unit_test(decodes_retransmissions),
		cmocka_unit_test(decodes_an_end_without_cookie),
		cmocka_unit_test(decodes_resets_of_4_15),
		cmocka_unit_test(decodes_sent_resets_with_a_state),
		cmocka_unit_test(decodes_received_resets_of_every_kernel),
		cmocka_unit_test(decodes_rewritten_resets),
		cmocka_unit_test(decodes_resets_without_a_socket),
		cmocka_unit_test(refuses_a_mixture),
		cmocka_unit_test(reads_pages_of_every_size_and_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
