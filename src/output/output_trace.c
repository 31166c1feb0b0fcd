/* SPDX-License-Identifier: BSD-2-Clause */
/* A line a row as `trace-cmd report` and the kernel's trace file print these
 * events, for programs that read such dumps: the one format that knows which
 * trace event a row comes from. */
#include "output.h"

#include <stdio.h>
#include <string.h>

#include "cell_text.h"
#include "common/number_text.h"
#include "common/safe_text.h"
#include "tcpwatch/tcp_state.h"

enum { COMM_WIDTH = 16, PID_WIDTH = 5, EVENT_WIDTH = 22,
       SECONDS_WIDTH = 5 };

struct line {
	char *text;
	size_t length;
};

static void put(struct line *line, const char *words)
{
	size_t length = strlen(words);

	memcpy(line->text + line->length, words, length);
	line->length += length;
}

static void put_number(struct line *line, uint64_t number)
{
	line->length += number_text_u64(line->text + line->length, number);
}

static void pad_to(struct line *line, size_t length)
{
	while (line->length < length)
		line->text[line->length++] = ' ';
}

static void put_word(struct line *line, const struct cell *cell)
{
	if (cell->type != CELL_WORD)
		return;
	memcpy(line->text + line->length, cell->word->text, cell->word->length);
	line->length += cell->word->length;
}

/* "            load-14186 ", as far as the owner is known. */
static void put_task(struct line *line, const struct cell *cells)
{
	char comm[EVENT_COMM_BYTES] = "<...>";
	size_t length = 5, from;

	if (cells[COLUMN_COMM].type == CELL_COMM)
		length = safe_text_terminal(comm, cells[COLUMN_COMM].comm,
					    strnlen(cells[COLUMN_COMM].comm,
						    EVENT_COMM_BYTES), NULL);
	pad_to(line, length < COMM_WIDTH ? COMM_WIDTH - length : 0);
	memcpy(line->text + line->length, comm, length);
	line->length += length;
	line->text[line->length++] = '-';
	from = line->length;
	put_number(line, cells[COLUMN_PID].type == CELL_NUMBER ?
			 (uint64_t)cells[COLUMN_PID].number : 0);
	pad_to(line, from + PID_WIDTH);
}

/* " [001] 14163.768121: " */
static void put_place(struct line *line, const struct cell *cells)
{
	uint64_t us = ((uint64_t)cells[COLUMN_MONO_NS].number + 500) / 1000;
	uint32_t cpu = (uint32_t)cells[COLUMN_CPU].number;
	size_t from;

	put(line, " [");
	number_text_digits(line->text + line->length, cpu % 1000, 3);
	line->length += 3;
	put(line, "] ");
	from = line->length;
	put_number(line, us / 1000000);
	if (line->length - from < SECONDS_WIDTH) {
		size_t pad = SECONDS_WIDTH - (line->length - from);

		memmove(line->text + from + pad, line->text + from,
			line->length - from);
		memset(line->text + from, ' ', pad);
		line->length += pad;
	}
	line->text[line->length++] = '.';
	number_text_digits(line->text + line->length, (uint32_t)(us % 1000000), 6);
	line->length += 6;
	put(line, ": ");
}

static void put_event(struct line *line, const char *name)
{
	size_t from = line->length;

	put(line, name);
	put(line, ":");
	pad_to(line, from + EVENT_WIDTH);
}

static void put_endpoints(struct line *line, const struct cell *cells)
{
	put(line, " sport=");
	put_number(line, (uint64_t)cells[COLUMN_LPORT].number);
	put(line, " dport=");
	put_number(line, (uint64_t)cells[COLUMN_RPORT].number);
}

/* The kernel prints both families, whichever it is. */
static void put_addresses(struct line *line, const struct cell *cells)
{
	char text[2][CELL_TEXT_MAX];
	const struct cell *ends[2] = { &cells[COLUMN_LADDR], &cells[COLUMN_RADDR] };
	bool is_v4 = ends[0]->family == EVENT_FAMILY_IPV4;

	for (size_t i = 0; i < 2; i++) {
		size_t length = ends[i]->type == CELL_ADDRESS ?
				cell_text(text[i], ends[i], NULL) : 0;

		text[i][length] = '\0';
	}
	put(line, " saddr=");
	put(line, is_v4 ? text[0] : "0.0.0.0");
	put(line, " daddr=");
	put(line, is_v4 ? text[1] : "0.0.0.0");
	put(line, is_v4 ? " saddrv6=::ffff:" : " saddrv6=");
	put(line, text[0]);
	put(line, is_v4 ? " daddrv6=::ffff:" : " daddrv6=");
	put(line, text[1]);
}

/* What every event of a socket has; protocol: some say it. */
static void put_socket(struct line *line, const struct cell *cells, bool protocol)
{
	put(line, cells[COLUMN_FAMILY].number == EVENT_FAMILY_IPV6 ?
		  "family=AF_INET6" : "family=AF_INET");
	if (protocol)
		put(line, " protocol=IPPROTO_TCP");
	put_endpoints(line, cells);
	put_addresses(line, cells);
}

/* Of a retransmission older kernels tell none, and of a reset some have none. */
static void put_state(struct line *line, const char *key, const struct cell *cell)
{
	if (cell->type != CELL_WORD || !cell->word->length)
		return;
	put(line, key);
	put(line, "TCP_");
	put_word(line, cell);
}

static void put_state_row(struct line *line, const struct cell *cells)
{
	put_event(line, "inet_sock_set_state");
	put_socket(line, cells, true);
	put_state(line, " oldstate=", &cells[COLUMN_OLD]);
	put_state(line, " newstate=", &cells[COLUMN_NEW]);
}

static void put_cong_row(struct line *line, const struct cell *cells)
{
	const struct word *word = cells[COLUMN_NEW].word;
	char name[sizeof(word->text) + 1] = "";
	int state;

	put_event(line, "tcp_cong_state_set");
	put_socket(line, cells, false);
	if (cells[COLUMN_NEW].type == CELL_WORD)
		memcpy(name, word->text, word->length);
	state = cong_state_parse(name);
	put(line, " cong_state=");
	put_number(line, state < 0 ? 0 : (uint64_t)state);
}

static void put_retrans_row(struct line *line, const struct cell *cells)
{
	put_event(line, "tcp_retransmit_skb");
	put_socket(line, cells, false);
	put_state(line, " state=", &cells[COLUMN_STATE]);
}

static void put_reset_row(struct line *line, const struct cell *cells)
{
	const struct cell *direction = &cells[COLUMN_DIRECTION];
	bool sent = direction->type == CELL_WORD && direction->word->text[0] == 's';

	put_event(line, sent ? "tcp_send_reset" : "tcp_receive_reset");
	put_socket(line, cells, false);
	put_state(line, " state=", &cells[COLUMN_STATE]);
}

static void put_error_row(struct line *line, const struct cell *cells)
{
	put_event(line, "inet_sk_error_report");
	put_socket(line, cells, true);
	put(line, " error=");
	put_number(line, (uint64_t)cells[COLUMN_ERRNO].number);
}

static void put_figure(struct line *line, const char *key,
		       const struct cell *cell)
{
	if (cell->type != CELL_NUMBER)
		return;
	put(line, key);
	put_number(line, (uint64_t)cell->number);
}

static void put_hexadecimal(struct line *line, const char *key,
			    const struct cell *cell)
{
	char text[32];

	if (cell->type != CELL_NUMBER)
		return;
	snprintf(text, sizeof(text), "%s%#x", key, (uint32_t)cell->number);
	put(line, text);
}

/* "10.0.0.1:443", "[::1]:443" */
static void put_end(struct line *line, const char *key, const struct cell *cells,
		    enum column_id address, enum column_id port)
{
	bool is_v6 = cells[COLUMN_FAMILY].number == EVENT_FAMILY_IPV6;

	put(line, key);
	put(line, is_v6 ? "[" : "");
	if (cells[address].type == CELL_ADDRESS)
		line->length += cell_text(line->text + line->length,
					  &cells[address], NULL);
	put(line, is_v6 ? "]:" : ":");
	put_number(line, (uint64_t)cells[port].number);
}

static void put_sample_row(struct line *line, const struct cell *cells)
{
	put_event(line, "tcp_probe");
	put(line, cells[COLUMN_FAMILY].number == EVENT_FAMILY_IPV6 ?
		  "family=AF_INET6" : "family=AF_INET");
	put_end(line, " src=", cells, COLUMN_LADDR, COLUMN_LPORT);
	put_end(line, " dest=", cells, COLUMN_RADDR, COLUMN_RPORT);
	put_figure(line, " data_len=", &cells[COLUMN_DATA]);
	put_hexadecimal(line, " snd_nxt=", &cells[COLUMN_SND_NXT]);
	put_hexadecimal(line, " snd_una=", &cells[COLUMN_SND_UNA]);
	put_figure(line, " snd_cwnd=", &cells[COLUMN_CWND]);
	put_figure(line, " ssthresh=", &cells[COLUMN_SSTHRESH]);
	put_figure(line, " snd_wnd=", &cells[COLUMN_SND_WND]);
	put_figure(line, " srtt=", &cells[COLUMN_SRTT]);
	put_figure(line, " rcv_wnd=", &cells[COLUMN_RCV_WND]);
}

/* As trace-cmd tells of a loss. */
static void put_lost_row(struct line *line, const struct cell *cells)
{
	line->length = 0;
	put(line, "CPU:");
	put_number(line, (uint64_t)cells[COLUMN_CPU].number);
	put(line, " [");
	if (cells[COLUMN_COUNT_LOST].type == CELL_NUMBER) {
		put_number(line, (uint64_t)cells[COLUMN_COUNT_LOST].number);
		put(line, " ");
	}
	put(line, "EVENTS DROPPED]");
}

static const struct {
	const char *kind;
	void (*put)(struct line *line, const struct cell *cells);
} kinds[] = {
	{ "state", put_state_row },
	{ "cong", put_cong_row },
	{ "retrans", put_retrans_row },
	{ "reset", put_reset_row },
	{ "error", put_error_row },
	{ "sample", put_sample_row },
	{ "lost", put_lost_row },
};

/* That a socket is stuck is no trace event. */
static void put_row(struct output *output, const struct row *row)
{
	struct line line = { .text = output_reserve(output, OUTPUT_RESERVE_MAX) };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].kind, row->kind->name))
			continue;
		put_task(&line, row->cells);
		put_place(&line, row->cells);
		kinds[i].put(&line, row->cells);
		line.text[line.length++] = '\n';
		output_commit(output, line.length);
		return;
	}
}

const struct output_format output_trace = {
	.name = "trace",
	.summary = "lines as trace-cmd report prints them",
	.rows = OUTPUT_ROWS_EVENTS,
	.rows_words = "single events",
	.row = put_row
};
