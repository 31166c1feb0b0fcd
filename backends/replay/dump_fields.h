/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands behind an event's name in a line of text: fields, as the kernel's
 * "print fmt" writes them. */
#ifndef DUMP_FIELDS_H
#define DUMP_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "tcpwatch/event.h"

enum { DUMP_FIELDS_VALUE_BYTES = 64 };

/* The value behind " key="; false: there is none. */
bool dump_fields_find(const char *fields, const char *key,
		      char value[DUMP_FIELDS_VALUE_BYTES]);

/* The same as a number in any notation of C; 0: there is none. */
long dump_fields_number(const char *fields, const char *key);

/* The same as enum tcp_state: "TCP_ESTABLISHED", or a number where nobody knew its
 * name. */
uint8_t dump_fields_state(const char *fields, const char *key);

/* The endpoints, and an id that is made of them, since a line does not say which
 * socket it is. False: there are none. */
bool dump_fields_socket(const char *fields, struct event *event);

#endif
