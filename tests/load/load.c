/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes known TCP connections for tests and benchmarks, as many as it is told
 * and no longer than it is told. Connects to loopback only, unless it is
 * promised that it runs in a network namespace of its own.
 */
#include "load.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

struct mode {
	const char *name, *summary;
	int (*run)(const struct load_options *options);
};

static const struct mode modes[] = {
	{ "churn", "connect, 8 bytes each way, close", load_local_churn },
	{ "rst", "the same, but the client ends it with a reset", load_local_rst },
	{ "refused", "connect where nobody listens", load_local_refused },
	{ "listen-close", "listen and close", load_local_listen_close },
	{ "hold", "connect, and close on the end of stdin", load_local_hold },
	{ "shortlived", "each connection from a process of its own",
	  load_local_shortlived },
	{ "server", "serve client and bulk of other processes",
	  load_remote_server },
	{ "client", "as churn, against a server elsewhere", load_remote_client },
	{ "timeout", "connect, and give up after --timeout-ms",
	  load_remote_timeout },
	{ "bulk", "send --bytes to a server elsewhere", load_remote_bulk },
	{ "act", "the steps behind it, one by one: see load_act.c", load_act },
	{ "relay", "a path of --delay-ms to the namespace of --peer",
	  load_remote_relay },
};

enum { MODE_COUNT = sizeof(modes) / sizeof(modes[0]) };

static const struct option long_options[] = {
	{ "addr", required_argument, NULL, 'a' },
	{ "port", required_argument, NULL, 'p' },
	{ "count", required_argument, NULL, 'n' },
	{ "threads", required_argument, NULL, 't' },
	{ "rate", required_argument, NULL, 'r' },
	{ "sources", required_argument, NULL, 'o' },
	{ "bytes", required_argument, NULL, 'b' },
	{ "timeout-ms", required_argument, NULL, 'm' },
	{ "seconds", required_argument, NULL, 's' },
	{ "close", required_argument, NULL, 'c' },
	{ "comm", required_argument, NULL, 'C' },
	{ "links", required_argument, NULL, 'd' },
	{ "peer", required_argument, NULL, 'e' },
	{ "delay-ms", required_argument, NULL, 'y' },
	{ "drop", required_argument, NULL, 'x' },
	{ "late", required_argument, NULL, 'q' },
	{ "late-ms", required_argument, NULL, 'Q' },
	{ "hold", no_argument, NULL, 'H' },
	{ "list", no_argument, NULL, 'l' },
	{ "netns-ok", no_argument, NULL, 'N' },
	{ NULL, 0, NULL, 0 },
};

static void usage(void)
{
	fputs("load MODE --addr A [--port P] [--count N] [--threads T] [--rate R]\n"
	      "     [--sources N] [--bytes N] [--timeout-ms N] [--seconds S]\n"
	      "     [--close client|server] [--comm NAME] [--links DIR] [--hold]\n"
	      "     [--peer PID] [--delay-ms N] [--drop N | --late N --late-ms N]\n"
	      "     [--list] [--netns-ok] [STEP...]\n",
	      stderr);
	for (size_t i = 0; i < MODE_COUNT; i++)
		fprintf(stderr, "  %-13s %s\n", modes[i].name, modes[i].summary);
	exit(2);
}

static unsigned long long number(const char *text, unsigned long long low,
				 unsigned long long high)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value < low || value > high) {
		fprintf(stderr, "load: '%s' is not a number from %llu to %llu\n",
			text, low, high);
		exit(2);
	}
	return value;
}

static void parse_address(union load_address *address, const char *text)
{
	if (inet_pton(AF_INET, text, &address->ipv4.sin_addr) == 1) {
		address->any.sa_family = AF_INET;
	} else if (inet_pton(AF_INET6, text, &address->ipv6.sin6_addr) == 1) {
		address->any.sa_family = AF_INET6;
	} else {
		fprintf(stderr, "load: '%s' is not an address\n", text);
		exit(2);
	}
}

static bool is_loopback(const union load_address *address)
{
	if (address->any.sa_family == AF_INET)
		return ntohl(address->ipv4.sin_addr.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(&address->ipv6.sin6_addr);
}

/* Returns the bound on the whole run in seconds. */
static unsigned int parse(struct load_options *options, int argc, char **argv)
{
	unsigned int seconds = 150;     /* slow hosts, and less than a test has */
	bool netns_ok = false;
	in_port_t port = 0;
	int letter;

	while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		switch (letter) {
		case 'a': parse_address(&options->address, optarg); break;
		case 'p': port = htons(number(optarg, 1, 65535)); break;
		case 'n': options->count = number(optarg, 1, 10000000); break;
		case 't': options->threads = number(optarg, 1, 64); break;
		case 'r': options->rate = number(optarg, 1, 1000000); break;
		case 'o': options->sources = number(optarg, 1, 250); break;
		case 'b': options->bytes = number(optarg, 1, 1ull << 40); break;
		case 'm': options->timeout_ms = number(optarg, 1, 60000); break;
		case 's': seconds = number(optarg, 1, 3600); break;
		case 'c': options->server_closes = !strcmp(optarg, "server"); break;
		case 'C': prctl(PR_SET_NAME, optarg); break;
		case 'd': options->directory = optarg; break;
		case 'e': options->peer = number(optarg, 1, 4194304); break;
		case 'y': options->delay_ms = number(optarg, 0, 10000); break;
		case 'x': options->drop = number(optarg, 2, 1000000); break;
		case 'q': options->late = number(optarg, 2, 1000000); break;
		case 'Q': options->late_ms = number(optarg, 1, 10000); break;
		case 'H': options->hold = true; break;
		case 'l': options->list = true; break;
		case 'N': netns_ok = true; break;
		default: usage();
		}
	}
	if (optind >= argc ||
	    (!options->address.any.sa_family && !options->peer))
		usage();
	options->words = argv + optind + 1;
	if (*options->words && strcmp(argv[optind], "act"))
		usage();
	if (!netns_ok && (options->peer || !is_loopback(&options->address))) {
		fputs("load: only to loopback, or with --netns-ok\n", stderr);
		exit(2);
	}
	/* At the same place in both families. */
	options->address.ipv4.sin_port = port;
	return seconds;
}

int main(int argc, char **argv)
{
	struct load_options options = {
		.count = 1, .threads = 1, .sources = 1,
		.timeout_ms = 200, .bytes = 1 << 20,
	};

	alarm(parse(&options, argc, argv));
	for (size_t i = 0; i < MODE_COUNT; i++)
		if (!strcmp(argv[optind], modes[i].name))
			return modes[i].run(&options);
	usage();
}
