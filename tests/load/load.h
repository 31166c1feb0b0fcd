/* SPDX-License-Identifier: BSD-2-Clause */
/* What a run of the load generator is asked to do, and its modes. */
#ifndef LOAD_H
#define LOAD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

union load_address {
	struct sockaddr any;
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;
};

struct load_options {
	union load_address address;     /* where the server is; port 0 = any */
	unsigned int count;             /* connections, over all threads */
	unsigned int threads;
	unsigned int rate;              /* connections a second; 0 = no limit */
	unsigned int sources;           /* client addresses 127.0.0.1 and up */
	unsigned int timeout_ms;        /* of the timeout mode's connect */
	unsigned long long bytes;       /* of a bulk transfer */
	unsigned int peer;              /* process in the relay's other namespace */
	unsigned int delay_ms;          /* of a relay, each way */
	unsigned int drop;              /* it drops one large packet in so many */
	unsigned int late;              /* or holds one back ... */
	unsigned int late_ms;           /* ... for so long beyond the delay */
	const char *directory;          /* for the links of shortlived, or NULL */
	char **words;                   /* the steps of act; ends with NULL */
	bool server_closes;             /* the server's end closes first */
	bool hold;                      /* bulk closes on the end of stdin */
	bool list;                      /* print a line for each connection */
};

/* load_local.c: both ends are in this process (or in a child of it). */
int load_local_churn(const struct load_options *options);
int load_local_rst(const struct load_options *options);
int load_local_refused(const struct load_options *options);
int load_local_listen_close(const struct load_options *options);
int load_local_hold(const struct load_options *options);
int load_local_shortlived(const struct load_options *options);

/* load_remote.c: one end. */
int load_remote_server(const struct load_options *options);
int load_remote_client(const struct load_options *options);
int load_remote_timeout(const struct load_options *options);
int load_remote_bulk(const struct load_options *options);

/* load_act.c: whatever the steps say. */
int load_act(const struct load_options *options);

/* load_relay.c */
int load_remote_relay(const struct load_options *options);

#endif
