/* SPDX-License-Identifier: BSD-2-Clause */
/* A path of a known delay between this network namespace and that of another
 * process, where the kernel has no netem: two tun devices and a queue between
 * them. It can also drop packets, or let others overtake them. */
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/if.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>

#include "load_socket.h"

enum { PACKET_MAX = 2048, QUEUE_MAX = 8192, SMALL = 400 };

struct packet {
	uint64_t due_ns;
	size_t length;
	uint8_t bytes[PACKET_MAX];
};

/* What is on its way in one direction. */
struct direction {
	int from, to;
	size_t head, tail;
	unsigned int large;             /* packets with data that came */
	struct packet *packets;
	struct packet held;             /* the one that others overtake; length 0 =
	                                 * there is none */
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* In the network namespace that we are in: a descriptor stays in it. */
static int open_device(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	memcpy(request.ifr_name, name, strlen(name));
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request))
		load_socket_fail("/dev/net/tun");
	return fd;
}

static void enter(unsigned int peer)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/ns/net", peer);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		load_socket_fail("setns");
	close(fd);
}

/* Is it the one of so many that has bad luck? */
static bool is_chosen(const struct load_options *options,
		      struct direction *direction, size_t length)
{
	unsigned int one_in = options->drop ? options->drop : options->late;

	return one_in && length > SMALL && !(++direction->large % one_in);
}

/* False: there is no room, for another is held. */
static bool hold(const struct load_options *options,
		 struct direction *direction, const struct packet *packet)
{
	if (direction->held.length)
		return false;
	direction->held = *packet;
	direction->held.due_ns += options->late_ms * UINT64_C(1000000);
	return true;
}

static void take(const struct load_options *options,
		 struct direction *direction)
{
	while (direction->tail - direction->head < QUEUE_MAX) {
		struct packet *packet =
			&direction->packets[direction->tail % QUEUE_MAX];
		ssize_t got = read(direction->from, packet->bytes, PACKET_MAX);

		if (got <= 0)
			return;
		packet->length = (size_t)got;
		packet->due_ns = now_ns() + options->delay_ms * UINT64_C(1000000);
		if (!is_chosen(options, direction, (size_t)got) ||
		    (!options->drop && !hold(options, direction, packet)))
			direction->tail++;
	}
}

/* When it is due, or UINT64_MAX. */
static uint64_t give_held(struct direction *direction)
{
	struct packet *packet = &direction->held;

	if (!packet->length)
		return UINT64_MAX;
	if (packet->due_ns > now_ns())
		return packet->due_ns;
	if (write(direction->to, packet->bytes, packet->length) < 0 &&
	    errno == EAGAIN)
		return now_ns() + 100000;
	packet->length = 0;
	return UINT64_MAX;
}

/* When the next one is due, or UINT64_MAX. */
static uint64_t give(struct direction *direction)
{
	while (direction->head != direction->tail) {
		struct packet *packet =
			&direction->packets[direction->head % QUEUE_MAX];

		if (packet->due_ns > now_ns())
			return packet->due_ns;
		if (write(direction->to, packet->bytes, packet->length) < 0 &&
		    errno == EAGAIN)
			return now_ns() + 100000;
		direction->head++;
	}
	return UINT64_MAX;
}

static void wait_for(const struct direction directions[2], uint64_t until_ns)
{
	struct pollfd readable[2] = {
		{ .fd = directions[0].from, .events = POLLIN },
		{ .fd = directions[1].from, .events = POLLIN },
	};
	uint64_t left_ns = until_ns > now_ns() ? until_ns - now_ns() : 0;
	const struct timespec timeout = {
		.tv_sec = (time_t)(left_ns / 1000000000),
		.tv_nsec = (long)(left_ns % 1000000000),
	};

	ppoll(readable, 2, until_ns == UINT64_MAX ? NULL : &timeout, NULL);
}

int load_remote_relay(const struct load_options *options)
{
	struct direction directions[2];
	int here, there;

	if (!options->peer) {
		fputs("load: relay needs --peer PID\n", stderr);
		return 2;
	}
	here = open_device("here");
	enter(options->peer);
	there = open_device("there");
	memset(directions, 0, sizeof(directions));
	directions[0].from = directions[1].to = here;
	directions[1].from = directions[0].to = there;
	for (size_t i = 0; i < 2; i++) {
		directions[i].packets = calloc(QUEUE_MAX, sizeof(struct packet));
		if (!directions[i].packets)
			load_socket_fail("calloc");
	}
	puts("ready");
	fflush(stdout);
	for (;;) {
		uint64_t next_ns = UINT64_MAX;

		for (size_t i = 0; i < 2; i++) {
			uint64_t due_ns;

			take(options, &directions[i]);
			due_ns = give(&directions[i]);
			if (due_ns < next_ns)
				next_ns = due_ns;
			due_ns = give_held(&directions[i]);
			if (due_ns < next_ns)
				next_ns = due_ns;
		}
		wait_for(directions, next_ns);
	}
}
