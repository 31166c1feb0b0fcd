/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Load with both ends in one process. On one host connect() returns before
 * accept() is called, so a thread plays both ends in turn: no second thread
 * to wait for, and the order of what happens to each socket is known.
 */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "load_socket.h"

struct worker {
	const struct load_options *options;
	union load_address address;     /* of this worker's own listener */
	int listener;
	unsigned int count;
	pthread_t thread;
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void sleep_until(uint64_t time_ns)
{
	struct timespec time = {
		.tv_sec = (time_t)(time_ns / 1000000000),
		.tv_nsec = (long)(time_ns % 1000000000),
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL))
		;
}

/* A connected pair; the client's end is returned, the server's in *server. */
static int connect_pair(const struct worker *worker, unsigned int n, int *server)
{
	const struct load_options *options = worker->options;
	int client = load_socket_new(&worker->address);

	if (options->sources > 1)
		load_socket_bind_source(client, n % options->sources);
	errno = load_socket_connect(client, &worker->address);
	if (errno)
		load_socket_fail("connect");
	*server = load_socket_accept(worker->listener);
	if (options->list)
		load_socket_list(client, &worker->address);
	return client;
}

static void close_in_order(int first, int second)
{
	close(first);
	load_socket_wait_end(second, false);
	close(second);
}

static void one_connection(const struct worker *worker, unsigned int n)
{
	int server, client = connect_pair(worker, n, &server);

	load_socket_send(client);
	load_socket_receive(server);
	load_socket_send(server);
	load_socket_receive(client);
	if (worker->options->server_closes)
		close_in_order(server, client);
	else
		close_in_order(client, server);
}

static void *churn(void *argument)
{
	struct worker *worker = argument;
	const struct load_options *options = worker->options;
	uint64_t step_ns = options->rate ?
		1000000000ull * options->threads / options->rate : 0;
	uint64_t next_ns = now_ns();

	for (unsigned int n = 0; n < worker->count; n++) {
		if (step_ns)
			sleep_until(next_ns += step_ns);
		one_connection(worker, n);
	}
	return NULL;
}

/* With a port given, worker i listens at port + i. */
static void worker_listen(struct worker *worker,
			  const struct load_options *options, unsigned int i)
{
	worker->options = options;
	worker->address = options->address;
	if (worker->address.ipv4.sin_port)
		worker->address.ipv4.sin_port =
			htons(ntohs(options->address.ipv4.sin_port) + i);
	worker->listener = load_socket_listen(&worker->address);
}

int load_local_churn(const struct load_options *options)
{
	struct worker workers[64];
	uint64_t start_ns;
	double seconds;

	for (unsigned int i = 0; i < options->threads; i++) {
		worker_listen(&workers[i], options, i);
		workers[i].count = options->count / options->threads +
			(i < options->count % options->threads);
	}
	start_ns = now_ns();
	for (unsigned int i = 1; i < options->threads; i++)
		if (pthread_create(&workers[i].thread, NULL, churn, &workers[i]))
			load_socket_fail("pthread_create");
	churn(&workers[0]);
	for (unsigned int i = 1; i < options->threads; i++)
		pthread_join(workers[i].thread, NULL);
	seconds = (double)(now_ns() - start_ns) / 1e9;
	if (!options->list)
		printf("%u connections in %.3f s, %.0f/s\n", options->count,
		       seconds, options->count / seconds);
	return 0;
}

int load_local_rst(const struct load_options *options)
{
	struct linger abort_now = { .l_onoff = 1, .l_linger = 0 };
	struct worker worker;
	int client, server;

	worker_listen(&worker, options, 0);
	for (unsigned int n = 0; n < options->count; n++) {
		client = connect_pair(&worker, n, &server);
		if (setsockopt(client, SOL_SOCKET, SO_LINGER, &abort_now,
			       sizeof(abort_now)))
			load_socket_fail("SO_LINGER");
		close(client);
		load_socket_wait_end(server, true);
		close(server);
	}
	return 0;
}

/* The ports are chosen before connect(), for a refused socket has none left
 * to list afterwards. */
int load_local_refused(const struct load_options *options)
{
	union load_address address = options->address;
	int fd;

	if (!address.ipv4.sin_port)
		close(load_socket_listen(&address));
	for (unsigned int n = 0; n < options->count; n++) {
		fd = load_socket_new(&address);
		load_socket_bind_port(fd, &address);
		if (options->list)
			load_socket_list(fd, &address);
		if (load_socket_connect(fd, &address) != ECONNREFUSED)
			load_socket_fail("connect was not refused");
		close(fd);
	}
	return 0;
}

int load_local_listen_close(const struct load_options *options)
{
	for (unsigned int n = 0; n < options->count; n++) {
		union load_address address = options->address;
		int fd = load_socket_listen(&address);

		if (options->list)
			load_socket_ready(&address);
		close(fd);
	}
	return 0;
}

int load_local_hold(const struct load_options *options)
{
	int *ends = calloc(options->count, 2 * sizeof(*ends));
	struct worker worker;

	if (!ends)
		load_socket_fail("memory");
	worker_listen(&worker, options, 0);
	for (unsigned int n = 0; n < options->count; n++)
		ends[2 * n] = connect_pair(&worker, n, &ends[2 * n + 1]);
	load_socket_ready(&worker.address);
	load_socket_wait_stdin();
	for (unsigned int n = 0; n < options->count; n++)
		close_in_order(ends[2 * n], ends[2 * n + 1]);
	free(ends);
	return 0;
}

/* The child of shortlived: half of them only rename themselves, half become
 * another program, which is this one under another name. */
static void become_client(const struct worker *worker, unsigned int n)
{
	const struct load_options *options = worker->options;
	struct load_socket_text text;
	char name[24], path[256];

	snprintf(name, sizeof(name), "brief-%u", n);
	if (!options->directory || n % 2) {
		prctl(PR_SET_NAME, name);
		_exit(load_remote_client(&(struct load_options){
			.address = worker->address, .count = 1,
			.list = options->list,
		}));
	}
	snprintf(path, sizeof(path), "%s/%s", options->directory, name);
	if (symlink("/proc/self/exe", path))
		load_socket_fail(path);
	load_socket_describe(&worker->address, &text);
	execl(path, name, "client", "--netns-ok", "--addr", text.address,
	      "--port", text.port, options->list ? "--list" : NULL, NULL);
	load_socket_fail("exec");
}

int load_local_shortlived(const struct load_options *options)
{
	struct worker worker;
	int server, status;
	pid_t child;

	worker_listen(&worker, options, 0);
	for (unsigned int n = 0; n < options->count; n++) {
		child = fork();
		if (child < 0)
			load_socket_fail("fork");
		if (!child)
			become_client(&worker, n);
		server = load_socket_accept(worker.listener);
		load_socket_receive(server);
		load_socket_send(server);
		load_socket_wait_end(server, false);
		close(server);
		if (waitpid(child, &status, 0) != child || status)
			load_socket_fail("a child failed");
	}
	return 0;
}
