/* SPDX-License-Identifier: BSD-2-Clause */
/* What a 6.18 kernel answered, whole, cut at every byte, and with lengths that
 * cannot be; tests/recorded/README.md tells what the answers hold. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "diag/diag_info.h"
#include "diag/diag_message.h"
#include "diag/diag_query.h"
#include "tcpwatch/tcp_state.h"

#define FOLDER "tests/recorded/diag-6.18/"

enum { ANSWER_BYTES = 4096, HEADER_BYTES = 16, BODY_BYTES = 72 };

struct answer {
	uint8_t bytes[ANSWER_BYTES];
	size_t length;
};

/* The kernel answers in the byte order of its processor. */
static void load(struct answer *answer, const char *name)
{
	char path[128];
	FILE *file;

	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) {
		puts("skip: what the kernel answered is of a little-endian one");
		skip();
	}
	snprintf(path, sizeof(path), FOLDER "%s", name);
	file = fopen(path, "rb");
	assert_non_null(file);
	answer->length = fread(answer->bytes, 1, sizeof(answer->bytes), file);
	assert_true(answer->length > 0 && answer->length < sizeof(answer->bytes));
	fclose(file);
}

static struct diag_reader reader_of(const struct answer *answer)
{
	return (struct diag_reader){ answer->bytes, answer->length };
}

static void asks_as_recorded(void **state)
{
	/* LISTEN, CLOSING and 1 to 9 but 3, 6, 7 */
	const struct diag_query query = { .states = 0xf36 };
	uint8_t request[DIAG_QUERY_MAX];
	struct answer recorded;

	(void)state;
	load(&recorded, "dump-inet.request");
	assert_int_equal(diag_query_compose(request, AF_INET, &query, 7),
			 recorded.length);
	assert_memory_equal(request, recorded.bytes, recorded.length);
}

/* All sockets of an answer; each answer ends with DONE. */
static size_t read_sockets(const struct answer *answer,
			   struct diag_socket *sockets, size_t room)
{
	struct diag_reader reader = reader_of(answer);
	enum diag_message_kind kind;
	struct diag_message message;
	size_t count = 0;

	while ((kind = diag_message_next(&reader, &message)) ==
	       DIAG_MESSAGE_SOCKET) {
		assert_int_equal(message.sequence, 7);
		assert_false(message.interrupted);
		assert_true(message.socket.cookie);
		assert_true(count < room);
		sockets[count++] = message.socket;
	}
	assert_int_equal(kind, DIAG_MESSAGE_DONE);
	assert_int_equal(diag_message_next(&reader, &message), DIAG_MESSAGE_END);
	assert_int_equal(diag_message_next(&reader, &message), DIAG_MESSAGE_END);
	return count;
}

/* The one socket with these ports, which must be in that state. */
static const struct diag_socket *find(const struct diag_socket *sockets,
				      size_t count, uint16_t local,
				      uint16_t remote, uint8_t tcp_state)
{
	const struct diag_socket *found = NULL;

	for (size_t i = 0; i < count; i++) {
		if (sockets[i].local.port != local ||
		    sockets[i].remote.port != remote)
			continue;
		assert_null(found);
		found = &sockets[i];
	}
	assert_non_null(found);
	assert_int_equal(found->state, tcp_state);
	assert_int_equal(found->family, EVENT_FAMILY_IPV4);
	assert_true(endpoint_is_ipv4(&found->local));
	return found;
}

static void reads_ipv4(void **state)
{
	const struct diag_socket *listener, *mini;
	struct diag_socket sockets[16];
	struct answer answer;
	size_t count;

	(void)state;
	load(&answer, "dump-inet");
	count = read_sockets(&answer, sockets, 16);
	assert_int_equal(count, 8);
	listener = find(sockets, count, 7823, 0, TCP_STATE_LISTEN);
	find(sockets, count, 7823, 40001, TCP_STATE_ESTABLISHED);
	find(sockets, count, 40001, 7823, TCP_STATE_ESTABLISHED);
	find(sockets, count, 40003, 7824, TCP_STATE_ESTABLISHED);
	find(sockets, count, 40004, 7823, TCP_STATE_FIN_WAIT2);
	find(sockets, count, 7823, 40004, TCP_STATE_CLOSE_WAIT);
	mini = find(sockets, count, 40005, 7823, TCP_STATE_FIN_WAIT2);
	find(sockets, count, 7823, 40005, TCP_STATE_CLOSE_WAIT);
	assert_false(listener->mini);
	assert_true(listener->inode);
	assert_true(mini->mini);
	assert_int_equal(mini->inode, 0);
}

/* An IPv4 client of a [::] listener is of AF_INET6 and IPv4 all the same. */
static void reads_ipv6(void **state)
{
	struct diag_socket sockets[16];
	struct answer answer;
	size_t count, plain = 0;

	(void)state;
	load(&answer, "dump-inet6");
	count = read_sockets(&answer, sockets, 16);
	find(sockets, count, 7824, 40003, TCP_STATE_ESTABLISHED);
	for (size_t i = 0; i < count; i++)
		plain += sockets[i].family == EVENT_FAMILY_IPV6;
	assert_int_equal(count, 4);
	assert_int_equal(plain, 3);     /* a listener, both ends over ::1 */
}

static void tells_a_refusal(void **state)
{
	struct diag_message message;
	struct diag_reader reader;
	struct answer answer;

	(void)state;
	load(&answer, "dump-unspec");
	reader = reader_of(&answer);
	assert_int_equal(diag_message_next(&reader, &message),
			 DIAG_MESSAGE_ERROR);
	assert_int_equal(message.error, ENOENT);
}

static struct event gone(struct answer *answer)
{
	struct diag_reader reader = reader_of(answer);
	struct diag_message message;

	assert_int_equal(diag_message_next(&reader, &message),
			 DIAG_MESSAGE_SOCKET);
	return diag_info_gone(&message.socket);
}

static struct event load_gone(const char *name)
{
	struct answer answer;

	load(&answer, name);
	return gone(&answer);
}

/* The kernel says 1002 and 501: SYN of the client and FIN of both count there. */
static void leaves_out_syn_and_fin(void **state)
{
	const struct event client = load_gone("gone-client");
	const struct event server = load_gone("gone-server");

	(void)state;
	assert_int_equal(client.kind, EVENT_GONE);
	assert_int_equal(client.has, EVENT_HAS_COOKIE | EVENT_HAS_ENDPOINTS |
				     EVENT_HAS_BYTES | EVENT_HAS_RTT);
	assert_int_equal(client.local.port, 40001);
	assert_true(client.cookie);
	assert_int_equal(client.gone.bytes_acked, 1000);
	assert_int_equal(client.gone.bytes_received, 500);
	assert_int_equal(client.gone.srtt_us, 5365);
	assert_int_equal(client.gone.min_rtt_us, 26);
	assert_int_equal(client.gone.segs_out, 5);
	assert_int_equal(client.gone.segs_in, 4);
	assert_int_equal(client.gone.retrans, 0);
	assert_int_equal(server.gone.bytes_acked, 500);
	assert_int_equal(server.gone.bytes_received, 1001);
	assert_int_equal(client.gone.unread, 0);
	assert_int_equal(server.gone.unread, 1);        /* the FIN */
}

static void knows_what_was_wiped(void **state)
{
	const struct event wiped = load_gone("gone-wiped");
	const struct event reset = load_gone("gone-reset");

	(void)state;
	assert_int_equal(wiped.remote.port, 0);
	assert_int_equal(wiped.has, EVENT_HAS_COOKIE | EVENT_HAS_ENDPOINTS);
	assert_int_equal(wiped.gone.bytes_acked, 0);
	assert_true(reset.has & EVENT_HAS_BYTES);
	assert_int_equal(reset.gone.bytes_received, 100);
	assert_int_equal(reset.gone.bytes_acked, 0);
}

/* Sets the length of the attribute of that type, and cuts the message there. */
static void shorten_info(struct answer *answer, uint16_t length)
{
	size_t at = HEADER_BYTES + BODY_BYTES;
	uint32_t total;

	for (;;) {
		uint16_t attribute[2];

		assert_true(at + sizeof(attribute) <= answer->length);
		memcpy(attribute, answer->bytes + at, sizeof(attribute));
		if (attribute[1] == 2)
			break;
		at += (attribute[0] + 3u) & ~3u;
	}
	memcpy(answer->bytes + at, &length, sizeof(length));
	answer->length = at + length;
	total = (uint32_t)answer->length;
	memcpy(answer->bytes, &total, sizeof(total));
}

/* tcp_info grew with the kernels: to 4.1, 4.6 and 4.19 it ended earlier. */
static void reads_older_figures(void **state)
{
	struct answer answer;
	struct event event;

	(void)state;
	load(&answer, "gone-client");
	shorten_info(&answer, 4 + 192); /* before bytes_sent */
	event = gone(&answer);
	assert_int_equal(event.gone.bytes_acked, 1002);
	assert_int_equal(event.gone.min_rtt_us, 26);
	shorten_info(&answer, 4 + 136); /* before segs_out */
	event = gone(&answer);
	assert_true(event.has & EVENT_HAS_BYTES);
	assert_int_equal(event.gone.segs_out, 0);
	assert_int_equal(event.gone.min_rtt_us, 0);
	assert_int_equal(event.gone.srtt_us, 5365);
	shorten_info(&answer, 4 + 104); /* before bytes_acked */
	event = gone(&answer);
	assert_false(event.has & EVENT_HAS_BYTES);
	assert_true(event.has & EVENT_HAS_RTT);
	shorten_info(&answer, 4);
	event = gone(&answer);
	assert_int_equal(event.has, EVENT_HAS_COOKIE | EVENT_HAS_ENDPOINTS);
}

/* Appends what skmeminfo says, as many numbers of it, the last of all drops. */
static uint32_t drops_of(const struct answer *recorded, size_t numbers)
{
	const uint32_t figures[9] = { 1, 2, 3, 4, 5, 6, 7, 8, 23 };
	const uint16_t attribute[2] = { (uint16_t)(4 + 4 * numbers), 7 };
	struct answer answer = *recorded;
	struct diag_reader reader;
	struct diag_message message;
	uint32_t total;

	memcpy(answer.bytes + answer.length, attribute, sizeof(attribute));
	memcpy(answer.bytes + answer.length + 4, figures, 4 * numbers);
	answer.length += 4 + 4 * numbers;
	total = (uint32_t)answer.length;
	memcpy(answer.bytes, &total, sizeof(total));
	reader = reader_of(&answer);
	assert_int_equal(diag_message_next(&reader, &message),
			 DIAG_MESSAGE_SOCKET);
	return message.socket.drops;
}

/* 4.7 began to count them: before there were eight numbers. */
static void reads_what_was_dropped(void **state)
{
	struct answer answer;

	(void)state;
	load(&answer, "gone-client");
	assert_int_equal(drops_of(&answer, 9), 23);
	assert_int_equal(drops_of(&answer, 8), 0);
	assert_int_equal(drops_of(&answer, 0), 0);
}

/* Reads to the end whatever is in exactly length bytes; how many sockets. */
static size_t read_all(const uint8_t *bytes, size_t length,
		       enum diag_message_kind *last)
{
	uint8_t *exact = malloc(length ? length : 1);
	struct diag_reader reader = { exact, length };
	struct diag_message message;
	size_t sockets = 0;

	assert_non_null(exact);
	memcpy(exact, bytes, length);
	do {
		*last = diag_message_next(&reader, &message);
		sockets += *last == DIAG_MESSAGE_SOCKET;
	} while (*last != DIAG_MESSAGE_END && *last != DIAG_MESSAGE_BROKEN);
	free(exact);
	return sockets;
}

static void refuses_what_is_cut(void **state)
{
	const size_t message_bytes = 124; /* of the first two, the listener's too */
	enum diag_message_kind last;
	struct answer answer;

	(void)state;
	load(&answer, "dump-inet");
	for (size_t length = 0; length < message_bytes * 2; length++) {
		assert_int_equal(read_all(answer.bytes, length, &last),
				 length / message_bytes);
		assert_int_equal(last, length % message_bytes ?
				 DIAG_MESSAGE_BROKEN : DIAG_MESSAGE_END);
	}
}

static enum diag_message_kind with_length(struct answer *answer, size_t at,
					  uint32_t length, size_t size)
{
	struct answer copy = *answer;
	struct diag_reader reader;
	struct diag_message message;

	memcpy(copy.bytes + at, &length, size);
	reader = reader_of(&copy);
	return diag_message_next(&reader, &message);
}

static void refuses_wrong_lengths(void **state)
{
	const size_t attribute = HEADER_BYTES + BODY_BYTES;
	struct answer answer;

	(void)state;
	load(&answer, "gone-client");
	assert_int_equal(with_length(&answer, 0, 0, 4), DIAG_MESSAGE_BROKEN);
	assert_int_equal(with_length(&answer, 0, 15, 4), DIAG_MESSAGE_BROKEN);
	assert_int_equal(with_length(&answer, 0, UINT32_MAX, 4),
			 DIAG_MESSAGE_BROKEN);
	assert_int_equal(with_length(&answer, 0, HEADER_BYTES + BODY_BYTES - 1, 4),
			 DIAG_MESSAGE_BROKEN);
	assert_int_equal(with_length(&answer, 0, HEADER_BYTES + BODY_BYTES, 4),
			 DIAG_MESSAGE_SOCKET);
	assert_int_equal(with_length(&answer, attribute, 0, 2),
			 DIAG_MESSAGE_BROKEN);
	assert_int_equal(with_length(&answer, attribute, 3, 2),
			 DIAG_MESSAGE_BROKEN);
	assert_int_equal(with_length(&answer, attribute, 0xffff, 2),
			 DIAG_MESSAGE_BROKEN);
	/* Neither IPv4 nor IPv6; a message of another kind; MPTCP. */
	assert_int_equal(with_length(&answer, HEADER_BYTES, 1, 1),
			 DIAG_MESSAGE_OTHER);
	assert_int_equal(with_length(&answer, 4, 1, 2), DIAG_MESSAGE_OTHER);
	assert_int_equal(with_length(&answer, attribute + 4, 132, 1),
			 DIAG_MESSAGE_OTHER);
}

static void notices_an_interrupted_dump(void **state)
{
	const uint16_t interrupted = 0x10 | 0x2;
	struct diag_message message;
	struct diag_reader reader;
	struct answer answer;

	(void)state;
	load(&answer, "dump-inet");
	memcpy(answer.bytes + 6, &interrupted, sizeof(interrupted));
	reader = reader_of(&answer);
	assert_int_equal(diag_message_next(&reader, &message),
			 DIAG_MESSAGE_SOCKET);
	assert_true(message.interrupted);
	assert_int_equal(diag_message_next(&reader, &message),
			 DIAG_MESSAGE_SOCKET);
	assert_false(message.interrupted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_as_recorded),
		cmocka_unit_test(reads_ipv4),
		cmocka_unit_test(reads_ipv6),
		cmocka_unit_test(tells_a_refusal),
		cmocka_unit_test(leaves_out_syn_and_fin),
		cmocka_unit_test(knows_what_was_wiped),
		cmocka_unit_test(reads_older_figures),
		cmocka_unit_test(refuses_what_is_cut),
		cmocka_unit_test(reads_what_was_dropped),
		cmocka_unit_test(refuses_wrong_lengths),
		cmocka_unit_test(notices_an_interrupted_dump),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
