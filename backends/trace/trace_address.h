/* SPDX-License-Identifier: BSD-2-Clause */
/* Where an event happened: the endpoints in a raw record, in the three forms that
 * kernels have them. */
#ifndef TRACE_ADDRESS_H
#define TRACE_ADDRESS_H

#include "tcpwatch/event.h"
#include "trace_raw.h"

/* From ports, and from addresses of either family or of IPv4 alone. */
void trace_address_decode(const struct trace_raw *raw, struct event *event);

/* From two struct sockaddr; nothing where these hold no addresses. */
void trace_address_decode_sockaddrs(const struct trace_raw *raw,
				    struct event *event);

#endif
