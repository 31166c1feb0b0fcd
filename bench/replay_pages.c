/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the records of many connections into pages; see replay_pages.h. */
#include "replay_pages.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tcpwatch/event.h"
#include "tcpwatch/tcp_state.h"

enum {
	OPEN_AT_ONCE = 1024,            /* connections, on each CPU */
	SOCKET_BYTES = 2432,            /* from one tcp_sock to the next, 6.12 */
	SERVER_PORT = 7700,
	FIRST_TID = 4000,
	FILE_BYTES = 16 * 1024
};

#define START_NS UINT64_C(1000000000000)
#define FIRST_SOCKET UINT64_C(0xffff888100000000)
#define SERVER_ADDRESS 0x7f000001u      /* 127.0.0.1 */

/* One CPU while its pages are written. */
struct writer {
	struct replay_pages *pages;
	struct replay_lane *lane;
	unsigned int cpu;
	uint32_t random;
	uint64_t time_ns;
	uint64_t last_ns;               /* of the record before, in this page */
	size_t used;                    /* of the page in hand; 0 = none */
	uint8_t record[256];
};

/* One end of a connection. */
struct socket {
	uint64_t id;
	uint16_t local_port, remote_port;
};

struct step {
	bool server;                    /* which end */
	uint8_t old_state, new_state;   /* both 0: its memory goes away */
	uint8_t flags;                  /* common_flags */
};

/* As seen with `load churn`: the client's first port is 0, and what arrives
 * runs in softirq context. */
static const struct step opening[] = {
	{ false, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, 0 },
	{ false, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, 0 },
	{ true, TCP_STATE_LISTEN, TCP_STATE_SYN_RECV, EVENT_CONTEXT_SOFTIRQ },
	{ true, TCP_STATE_SYN_RECV, TCP_STATE_ESTABLISHED, EVENT_CONTEXT_SOFTIRQ },
};

static const struct step closing[] = {
	{ false, TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1, 0 },
	{ true, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, EVENT_CONTEXT_SOFTIRQ },
	{ true, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, 0 },
	{ false, TCP_STATE_FIN_WAIT1, TCP_STATE_FIN_WAIT2, EVENT_CONTEXT_SOFTIRQ },
	{ false, TCP_STATE_FIN_WAIT2, TCP_STATE_CLOSE, EVENT_CONTEXT_SOFTIRQ },
	{ false, 0, 0, EVENT_CONTEXT_SOFTIRQ },
	{ true, TCP_STATE_LAST_ACK, TCP_STATE_CLOSE, EVENT_CONTEXT_SOFTIRQ },
	{ true, 0, 0, EVENT_CONTEXT_SOFTIRQ },
};

enum {
	OPENING_STEPS = sizeof(opening) / sizeof(opening[0]),
	CLOSING_STEPS = sizeof(closing) / sizeof(closing[0]),
	RECORDS_EACH = OPENING_STEPS + CLOSING_STEPS
};

/* Length, or -errno. */
static int read_text(const char *folder, const char *file, char *text,
		     struct error *err)
{
	char path[512];
	size_t length;
	FILE *from;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	from = fopen(path, "re");
	if (!from)
		return error_set(err, errno, "cannot read '%s': %s", path,
				 strerror(errno));
	length = fread(text, 1, FILE_BYTES - 1, from);
	text[length] = '\0';
	fclose(from);
	return (int)length;
}

static int read_formats(struct replay_pages *pages, const char *folder,
			struct error *err)
{
	static const enum trace_event used[] = {
		TRACE_EVENT_SET_STATE, TRACE_EVENT_DESTROY, TRACE_EVENT_NEWTASK
	};
	char text[FILE_BYTES], file[128];
	int ret = read_text(folder, "header_page", text, err);

	if (ret >= 0)
		ret = trace_page_layout_parse(&pages->layout, text, err);
	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]) && !ret; i++) {
		snprintf(file, sizeof(file), "%s/%s/format",
			 trace_events[used[i]].system, trace_events[used[i]].name);
		ret = read_text(folder, file, text, err);
		if (ret >= 0)
			ret = trace_format_add(&pages->format, used[i], text,
					       (size_t)ret, err);
	}
	return ret;
}

static void put(struct writer *writer, const struct trace_layout *layout,
		enum trace_field_id id, uint64_t value)
{
	const struct trace_field *field = &layout->fields[id];

	/* Little-endian, as the kernels whose formats these are. */
	for (size_t i = 0; i < field->size; i++)
		writer->record[field->offset + i] = (uint8_t)(value >> (8 * i));
}

static void put_address(struct writer *writer, const struct trace_layout *layout,
			enum trace_field_id v4, enum trace_field_id v6,
			uint32_t address)
{
	uint8_t mapped[16] = { [10] = 0xff, [11] = 0xff };

	for (size_t i = 0; i < 4; i++)
		mapped[12 + i] = (uint8_t)(address >> (24 - 8 * i));
	memcpy(writer->record + layout->fields[v4].offset, mapped + 12, 4);
	memcpy(writer->record + layout->fields[v6].offset, mapped, 16);
}

static void put_word(uint8_t *at, uint32_t word)
{
	for (size_t i = 0; i < 4; i++)
		at[i] = (uint8_t)(word >> (8 * i));
}

/* Starts a page whose first record is of the time in hand. */
static void begin_page(struct writer *writer)
{
	uint32_t page_bytes = writer->pages->layout.page_bytes;
	uint8_t *page = writer->lane->bytes + writer->lane->count++ * page_bytes;

	put_word(page, (uint32_t)writer->time_ns);
	put_word(page + 4, (uint32_t)(writer->time_ns >> 32));
	writer->used = writer->pages->layout.data_offset;
	writer->last_ns = writer->time_ns;
}

/* Appends the record, with a time some microseconds after the last one's. */
static void commit(struct writer *writer, const struct trace_layout *layout)
{
	const struct trace_page_layout *page_layout = &writer->pages->layout;
	uint32_t words = (layout->length + 3u) / 4;     /* 18: it fits type_len */
	size_t needed = 4 + 4 * words;
	uint8_t *page;

	writer->random = writer->random * 1664525 + 1013904223;
	writer->time_ns += 500 + (writer->random >> 20);
	if (!writer->used || writer->used + needed > page_layout->page_bytes)
		begin_page(writer);
	page = writer->lane->bytes +
	       (writer->lane->count - 1) * page_layout->page_bytes;
	put_word(page + writer->used,
		 (uint32_t)(writer->time_ns - writer->last_ns) << 5 | words);
	memcpy(page + writer->used + 4, writer->record, 4 * words);
	writer->used += needed;
	writer->last_ns = writer->time_ns;
	put_word(page + page_layout->commit_offset,
		 (uint32_t)(writer->used - page_layout->data_offset));
	memset(writer->record, 0, sizeof(writer->record));
	writer->pages->records++;
}

static void put_common(struct writer *writer, const struct trace_layout *layout,
		       uint8_t flags)
{
	put(writer, layout, TRACE_FIELD_TYPE, layout->type);
	put(writer, layout, TRACE_FIELD_FLAGS, flags);
	put(writer, layout, TRACE_FIELD_PID, FIRST_TID + writer->cpu);
}

static void write_task(struct writer *writer)
{
	const struct trace_layout *layout =
		&writer->pages->format.layouts[TRACE_EVENT_NEWTASK];

	put_common(writer, layout, 0);
	put(writer, layout, TRACE_FIELD_TASK_PID, FIRST_TID + writer->cpu);
	memcpy(writer->record + layout->fields[TRACE_FIELD_COMM].offset, "load", 4);
	commit(writer, layout);
}

static void write_step(struct writer *writer, const struct step *step,
		       const struct socket *socket)
{
	bool ends = !step->new_state;
	const struct trace_layout *layout = &writer->pages->format.layouts[
		ends ? TRACE_EVENT_DESTROY : TRACE_EVENT_SET_STATE];
	bool no_port = step->new_state == TCP_STATE_SYN_SENT;

	put_common(writer, layout, step->flags);
	put(writer, layout, TRACE_FIELD_SKADDR, socket->id);
	put(writer, layout, TRACE_FIELD_OLDSTATE, step->old_state);
	put(writer, layout, TRACE_FIELD_NEWSTATE, step->new_state);
	put(writer, layout, TRACE_FIELD_PROTOCOL, 6);
	put(writer, layout, TRACE_FIELD_SPORT, no_port ? 0 : socket->local_port);
	put(writer, layout, TRACE_FIELD_DPORT, socket->remote_port);
	put_address(writer, layout, TRACE_FIELD_SADDR, TRACE_FIELD_SADDR_V6,
		    SERVER_ADDRESS);
	put_address(writer, layout, TRACE_FIELD_DADDR, TRACE_FIELD_DADDR_V6,
		    SERVER_ADDRESS);
	commit(writer, layout);
	writer->pages->states += !ends;
}

/* The steps of connection n. The memory of sockets is used again. */
static void write_steps(struct writer *writer, const struct step *steps,
			size_t count, uint64_t n)
{
	uint64_t slot = (n % (OPEN_AT_ONCE + 1)) * REPLAY_PAGES_CPUS + writer->cpu;
	uint16_t server_port = (uint16_t)(SERVER_PORT + writer->cpu);
	uint16_t client_port = (uint16_t)(32768 + n % 28232);
	const struct socket client = {
		.id = FIRST_SOCKET + 2 * slot * SOCKET_BYTES,
		.local_port = client_port,
		.remote_port = server_port,
	};
	const struct socket server = {
		.id = FIRST_SOCKET + (2 * slot + 1) * SOCKET_BYTES,
		.local_port = server_port,
		.remote_port = client_port,
	};

	for (size_t i = 0; i < count; i++)
		write_step(writer, &steps[i], steps[i].server ? &server : &client);
}

static void write_lane(struct writer *writer, uint64_t connections)
{
	write_task(writer);
	for (uint64_t n = 0; n < connections + OPEN_AT_ONCE; n++) {
		if (n < connections)
			write_steps(writer, opening, OPENING_STEPS, n);
		if (n >= OPEN_AT_ONCE)
			write_steps(writer, closing, CLOSING_STEPS,
				    n - OPEN_AT_ONCE);
	}
}

/* Records of 100 bytes would need more pages than these do. */
static int make_room(struct replay_pages *pages, struct replay_lane *lane,
		     uint64_t connections)
{
	uint64_t records = connections * RECORDS_EACH + 1;

	lane->room = (size_t)(records * 100 / pages->layout.page_bytes + 2);
	lane->bytes = calloc(lane->room, pages->layout.page_bytes);
	return lane->bytes ? 0 : -ENOMEM;
}

int replay_pages_make(struct replay_pages *pages, const char *formats,
		      uint64_t states, struct error *err)
{
	uint64_t per_cpu = REPLAY_PAGES_CPUS * REPLAY_PAGES_STATES;
	uint64_t connections = (states + per_cpu - 1) / per_cpu;
	int ret = read_formats(pages, formats, err);

	pages->start_ns = START_NS - 1;
	for (unsigned int cpu = 0; cpu < REPLAY_PAGES_CPUS && !ret; cpu++) {
		struct writer writer = {
			.pages = pages,
			.lane = &pages->lanes[cpu],
			.cpu = cpu,
			.random = cpu + 1,
			.time_ns = START_NS,
		};

		ret = make_room(pages, &pages->lanes[cpu], connections);
		if (ret)
			return error_set(err, ENOMEM, "no memory for the pages");
		write_lane(&writer, connections);
	}
	return ret;
}

void replay_pages_done(struct replay_pages *pages)
{
	for (unsigned int cpu = 0; cpu < REPLAY_PAGES_CPUS; cpu++)
		free(pages->lanes[cpu].bytes);
}
