/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets for the load generator: each function does its job or ends the
 * program with a message. */
#ifndef LOAD_SOCKET_H
#define LOAD_SOCKET_H

#include <stdbool.h>

#include "load.h"

enum { LOAD_SOCKET_MESSAGE_BYTES = 8 };

struct load_socket_text {
	char address[INET6_ADDRSTRLEN], port[6];
};

void load_socket_fail(const char *what) __attribute__((noreturn));

/* A listening socket; *address receives the port that it got. */
int load_socket_listen(union load_address *address);

/* A new socket of that family. */
int load_socket_new(const union load_address *address);

/* Binds a client to the n-th source address; the port is left open until
 * connect(), as it is for a client that does not bind. */
void load_socket_bind_source(int fd, unsigned int n);

/* Binds a client to a port now, on the address it would use anyway. */
void load_socket_bind_port(int fd, const union load_address *remote);

/* 0 or the errno of connect(). */
int load_socket_connect(int fd, const union load_address *remote);

int load_socket_accept(int fd);

void load_socket_send(int fd);
void load_socket_receive(int fd);

/* Waits for the other end to close. A reset is an end as well if allowed. */
void load_socket_wait_end(int fd, bool reset_allowed);

/* Waits for the end of stdin: whoever holds it open has the last word. */
void load_socket_wait_stdin(void);

void load_socket_describe(const union load_address *address,
			  struct load_socket_text *text);

/* Prints "laddr lport raddr rport pid comm" of a client in one write. */
void load_socket_list(int fd, const union load_address *remote);

/* Prints "ready addr port pid" of a server. */
void load_socket_ready(const union load_address *address);

#endif
