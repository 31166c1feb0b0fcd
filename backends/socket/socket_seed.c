/* SPDX-License-Identifier: BSD-2-Clause */
/* First who holds which socket, then the sockets of every network namespace,
 * our own first. */
#include "socket_seed.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "diag/diag_dump.h"
#include "socket_owners.h"
#include "tcpwatch/tcp_state.h"

/* A piece of an answer holds fewer sockets than this: each takes 88 bytes. */
enum { PIECE_SOCKETS = DIAG_DUMP_ROOM / 88 + 1, EVENTS_MAX = 2048 };

_Static_assert((int)SOCKET_SEED_LISTED < (int)PIECE_SOCKETS,
	       "a piece is the most at a time");

/* Not what comes before a socket (SYN_RECV shows requests) nor after it. */
#define STATES \
	(1u << TCP_STATE_ESTABLISHED | 1u << TCP_STATE_SYN_SENT | \
	 1u << TCP_STATE_FIN_WAIT1 | 1u << TCP_STATE_FIN_WAIT2 | \
	 1u << TCP_STATE_CLOSE_WAIT | 1u << TCP_STATE_LAST_ACK | \
	 1u << TCP_STATE_LISTEN | 1u << TCP_STATE_CLOSING)

enum stage { STAGE_OWNERS, STAGE_DUMP, STAGE_DONE };

struct socket_seed {
	enum stage stage;
	struct socket_owners *owners;   /* NULL: nobody can tell */
	const struct keeper *keeper;    /* NULL: we may open files ourselves */
	size_t namespace;               /* that is dumped; 0 = ours */
	const struct socket_seed_lister *lister; /* NULL: by dumps */
	struct diag_dump dump;          /* dump.fd < 0: none goes on */
	const char *note;
	size_t next, count;             /* of events */
	struct event events[EVENTS_MAX];
	uint8_t room[DIAG_DUMP_ROOM];
};

struct socket_seed *socket_seed_new(bool owners,
				    const struct socket_seed_lister *lister)
{
	struct socket_seed *seed = malloc(sizeof(*seed));

	if (!seed)
		return NULL;
	seed->stage = STAGE_OWNERS;
	seed->owners = owners ? socket_owners_new(NULL) : NULL;
	seed->keeper = NULL;
	seed->namespace = 0;
	seed->lister = lister;
	seed->dump.fd = -1;
	seed->note = NULL;
	seed->next = seed->count = 0;
	return seed;
}

void socket_seed_confine(struct socket_seed *seed, const struct keeper *keeper)
{
	seed->keeper = keeper;
	if (!seed->owners)
		return;
	socket_owners_free(seed->owners);
	seed->owners = socket_owners_new(keeper);
}

void socket_seed_free(struct socket_seed *seed)
{
	if (!seed)
		return;
	if (seed->dump.fd >= 0)
		close(seed->dump.fd);
	socket_owners_free(seed->owners);
	free(seed);
}

static void add_mark(struct socket_seed *seed, enum event_seen_part part)
{
	seed->events[seed->count++] = (struct event){
		.time_ns = clock_monotonic_ns(),
		.kind = EVENT_SEEN,
		.seen.part = (uint8_t)part,
	};
}

static void add_owner(const struct socket_seed *seed, struct event *event,
		      uint64_t inode)
{
	if (seed->owners && inode)
		event->seen.tgid = socket_owners_find(seed->owners, inode);
	if (event->seen.tgid)
		event->has |= EVENT_HAS_TGID;
}

static void add_socket(struct socket_seed *seed, const struct diag_piece *piece,
		       const struct diag_socket *socket)
{
	struct event *event = &seed->events[seed->count];

	/* The state is read after a socket was picked by it. */
	if (socket->mini || !(STATES >> socket->state & 1) || !socket->cookie)
		return;
	*event = (struct event){
		.time_ns = piece->until_ns,
		.cookie = socket->cookie,
		.has = EVENT_HAS_COOKIE | EVENT_HAS_ENDPOINTS,
		.kind = EVENT_SEEN,
		.family = socket->family,
		.local = socket->local,
		.remote = socket->remote,
		.seen = {
			.from_ns = piece->from_ns,
			.state = socket->state,
			.part = EVENT_SEEN_SOCKET,
		},
	};
	add_owner(seed, event, socket->inode);
	seed->count++;
}

static void add_piece(struct socket_seed *seed, struct diag_piece piece)
{
	struct diag_message message;

	while (diag_dump_next(&piece, &message))
		add_socket(seed, &piece, &message.socket);
}

static int socket_here(void *context)
{
	const struct socket_seed *seed = context;

	return seed->lister ? seed->lister->open(seed->lister->context) :
			      diag_dump_socket();
}

static size_t namespaces(const struct socket_seed *seed)
{
	return seed->owners ? socket_owners_namespaces(seed->owners) : 0;
}

static int open_list(struct socket_seed *seed, size_t namespace)
{
	if (seed->keeper)
		return keeper_ask_fd(seed->keeper, KEEPER_NAMESPACE,
				     (uint32_t)namespace);
	return namespace ? socket_owners_open_in(seed->owners, namespace,
						 socket_here, seed) :
			   socket_here(seed);
}

/* One that cannot be looked into is passed over: its sockets stay unknown. */
static bool open_dump(struct socket_seed *seed)
{
	static const struct diag_query query = { .states = STATES };
	size_t count = namespaces(seed);

	while (seed->dump.fd < 0 && seed->namespace <= count) {
		int fd = open_list(seed, seed->namespace++);

		if (fd >= 0)
			diag_dump_init(&seed->dump, fd, &query);
	}
	return seed->dump.fd >= 0;
}

static void close_dump(struct socket_seed *seed, int result)
{
	close(seed->dump.fd);
	seed->dump.fd = -1;
	if (seed->owners && socket_owners_are_incomplete(seed->owners))
		seed->note = "sockets older than the watch do not all have an owner: "
			"too many files are open, or network namespaces";
	if (result < 0)
		seed->note = seed->lister ? "sockets older than the watch are not "
			"all known: BPF failed to list them" :
			"sockets older than the watch are not all known: "
			"sock_diag failed";
	if (result == -ENOENT && !seed->lister)
		seed->note = "sockets older than the watch have no owner: the "
			"kernel has no sock_diag for TCP (module tcp_diag)";
}

static int read_listed(struct socket_seed *seed)
{
	const struct socket_seed_lister *lister = seed->lister;
	struct event *events = &seed->events[seed->count];
	uint64_t inodes[SOCKET_SEED_LISTED];
	int count = lister->read(lister->context, seed->dump.fd, events, inodes);

	for (int i = 0; i < count; i++) {
		if (!(STATES >> events[i].seen.state & 1))
			continue;
		add_owner(seed, &events[i], inodes[i]);
		seed->events[seed->count++] = events[i];
	}
	return count;
}

static void read_piece(struct socket_seed *seed)
{
	struct diag_piece piece;
	int ret;

	if (!open_dump(seed)) {
		add_mark(seed, EVENT_SEEN_END);
		socket_owners_free(seed->owners);
		seed->owners = NULL;
		seed->stage = STAGE_DONE;
		return;
	}
	if (seed->lister) {
		ret = read_listed(seed);
	} else {
		ret = diag_dump_read(&seed->dump, seed->room, &piece);
		if (ret > 0)
			add_piece(seed, piece);
	}
	if (ret <= 0)
		close_dump(seed, ret);
}

bool socket_seed_step(struct socket_seed *seed, uint64_t until_ns)
{
	if (seed->next == seed->count)
		seed->next = seed->count = 0;
	do {
		if (seed->stage == STAGE_OWNERS) {
			if (seed->owners && socket_owners_step(seed->owners))
				continue;
			add_mark(seed, EVENT_SEEN_BEGIN);
			seed->stage = STAGE_DUMP;
		} else if (seed->stage == STAGE_DUMP) {
			if (EVENTS_MAX - seed->count <= PIECE_SOCKETS)
				return true;
			read_piece(seed);
		}
	} while (seed->stage != STAGE_DONE && clock_monotonic_ns() < until_ns);
	return seed->stage != STAGE_DONE;
}

const struct event *socket_seed_peek(const struct socket_seed *seed)
{
	return seed->next < seed->count ? &seed->events[seed->next] : NULL;
}

void socket_seed_drop(struct socket_seed *seed)
{
	seed->next++;
}

const char *socket_seed_note(const struct socket_seed *seed)
{
	return seed->note;
}
