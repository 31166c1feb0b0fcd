/* SPDX-License-Identifier: BSD-2-Clause */
/* The MSS of sockets of our own on loopback, which sock_diag knows by their
 * cookies, and of some that it does not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "diag/diag_info.h"
#include "socket/socket_mss.h"

#ifndef SO_COOKIE
#define SO_COOKIE 57
#endif

/* A connection to itself's listener; *sample is of its client. */
struct connection {
	int listener, client, server;
	struct event sample;
};

static void place(struct endpoint *endpoint, const struct sockaddr_in *address)
{
	memset(endpoint->address, 0, 10);
	memset(endpoint->address + 10, 0xff, 2);
	memcpy(endpoint->address + 12, &address->sin_addr, 4);
	endpoint->port = ntohs(address->sin_port);
}

static void connect_it(struct connection *connection)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(address);
	uint64_t cookie = 0;
	socklen_t cookie_length = sizeof(cookie);

	memset(connection, 0, sizeof(*connection));
	connection->listener = socket(AF_INET, SOCK_STREAM, 0);
	connection->client = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(connection->listener, (void *)&address, length), 0);
	assert_int_equal(listen(connection->listener, 1), 0);
	assert_int_equal(getsockname(connection->listener, (void *)&address,
				     &length), 0);
	assert_int_equal(connect(connection->client, (void *)&address, length), 0);
	connection->server = accept(connection->listener, NULL, NULL);
	assert_true(connection->server >= 0);
	place(&connection->sample.remote, &address);
	assert_int_equal(getsockname(connection->client, (void *)&address,
				     &length), 0);
	place(&connection->sample.local, &address);
	if (getsockopt(connection->client, SOL_SOCKET, SO_COOKIE, &cookie,
		       &cookie_length)) {
		puts("skip: sockets have no cookies here (an emulator of user space)");
		skip();
	}
	connection->sample.kind = EVENT_SAMPLE;
	connection->sample.has = EVENT_HAS_COOKIE | EVENT_HAS_ENDPOINTS;
	connection->sample.family = EVENT_FAMILY_IPV4;
	connection->sample.sample.cookie = cookie & ((UINT64_C(1) << 48) - 1);
}

static void close_it(const struct connection *connection)
{
	close(connection->listener);
	close(connection->client);
	close(connection->server);
}

static void asks_for_one_socket(void **state)
{
	struct connection connection;
	struct socket_mss mss;
	socklen_t length = sizeof(int);
	int right = 0;
	uint16_t told;

	(void)state;
	connect_it(&connection);
	assert_int_equal(getsockopt(connection.client, IPPROTO_TCP, TCP_MAXSEG,
				    &right, &length), 0);
	socket_mss_open(&mss);
	told = socket_mss_get(&mss, &connection.sample);
	if (!told) {
		socket_mss_close(&mss);
		close_it(&connection);
		puts("skip: no sock_diag in this kernel");
		skip();
	}
	assert_int_equal(told, right);
	/* Once: the socket may go, what is known of it stays. */
	close_it(&connection);
	assert_int_equal(socket_mss_get(&mss, &connection.sample), right);
	socket_mss_close(&mss);
}

/* As a socket of another network namespace with the same ends would have. */
static void another_cookie_is_another_socket(void **state)
{
	struct connection connection;
	struct socket_mss mss;

	(void)state;
	connect_it(&connection);
	socket_mss_open(&mss);
	connection.sample.sample.cookie ^= UINT64_C(1) << 40;
	assert_int_equal(socket_mss_get(&mss, &connection.sample), 0);
	connection.sample.has &= (uint16_t)~EVENT_HAS_COOKIE;
	assert_int_equal(socket_mss_get(&mss, &connection.sample), 0);
	socket_mss_close(&mss);
	close_it(&connection);
}

static void nothing_opened_knows_nothing(void **state)
{
	struct socket_mss mss = { .fd = -1 };
	const struct event sample = {
		.kind = EVENT_SAMPLE,
		.has = EVENT_HAS_COOKIE | EVENT_HAS_ENDPOINTS,
	};

	(void)state;
	assert_int_equal(socket_mss_get(&mss, &sample), 0);
	socket_mss_close(&mss);
}

static void short_infos_tell_nothing(void **state)
{
	uint8_t info[64] = { [16] = 0xa8, 0x05 };       /* 1448 */
	struct diag_socket socket = { .info = info, .info_length = 20 };

	(void)state;
	if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
		assert_int_equal(diag_info_mss(&socket), 1448);
	socket.info_length = 19;
	assert_int_equal(diag_info_mss(&socket), 0);
	socket.info = NULL;
	assert_int_equal(diag_info_mss(&socket), 0);
	info[18] = 1;                                   /* above 65535 */
	socket.info = info;
	socket.info_length = 20;
	assert_int_equal(diag_info_mss(&socket), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_for_one_socket),
		cmocka_unit_test(another_cookie_is_another_socket),
		cmocka_unit_test(nothing_opened_knows_nothing),
		cmocka_unit_test(short_infos_tell_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
