/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes and removes kernel probes; see trace_probes.h. */
#include "trace_probes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "trace/trace_record.h"
#include "trace_instance.h"

#define SYSTEM_PREFIX "tcpwatch_"

enum { FILE_BYTES = 64 * 1024, DEFINITION_BYTES = 512 };

/*
 * Where struct sock_common keeps the endpoints: unchanged from 4.16 to 7.2
 * (include/net/sock.h). The port of the other end is in network order.
 */
#define SOCKET_ARGUMENTS \
	"skaddr=$arg1:x64 daddr=+0($arg1):x32 saddr=+4($arg1):x32 " \
	"dport_be=+12($arg1):x16 sport=+14($arg1):u16 family=+16($arg1):u16"

/*
 * The callback by which an algorithm learns of each new state, from the inlined
 * tcp_set_ca_state() (.set_state of struct tcp_congestion_ops in
 * net/ipv4/tcp_*.c, 4.16 to 5.18). One probe event serves them all, since 5.4.
 */
static const char *const set_state_functions[] = {
	"bictcp_state",                 /* cubic and bic */
	"bbr_set_state", "dctcp_state", "htcp_state", "hybla_state",
	"tcp_illinois_state", "tcpnv_state", "tcp_vegas_state",
	"tcp_veno_state",
};

/* For algorithms without that callback (reno): the ways in. The way back to
 * OPEN is in static functions and is not seen. */
static const struct {
	enum trace_event event;
	const char *function;
} entries[] = {
	{ TRACE_EVENT_PROBE_LOSS, "tcp_enter_loss" },
	{ TRACE_EVENT_PROBE_RECOVERY, "tcp_enter_recovery" },
	{ TRACE_EVENT_PROBE_CWR, "tcp_enter_cwr" },
};

/* One command per write(2): that is how the kernel takes them. 0 or -errno. */
static int command(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_APPEND | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static int add(const struct trace_probes *probes, enum trace_event event,
	       const char *function, const char *arguments)
{
	char text[DEFINITION_BYTES];

	snprintf(text, sizeof(text), "p:%s/%s %s " SOCKET_ARGUMENTS "%s\n",
		 probes->system, trace_events[event].name, function, arguments);
	return command(probes->file, text);
}

/* An algorithm that is not in this kernel, or not loaded, is refused: with
 * ENOENT, or by 5.10 with EINVAL, for it looks at $arg first. Whether probes work
 * here at all is seen by the functions that every kernel has. */
static int add_all(const struct trace_probes *probes)
{
	size_t count = sizeof(set_state_functions) /
		       sizeof(set_state_functions[0]);
	int ret = 0;

	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]) && !ret; i++)
		ret = add(probes, entries[i].event, entries[i].function, "");
	for (size_t i = 0; i < count && !ret; i++)
		add(probes, TRACE_EVENT_PROBE_SET_STATE, set_state_functions[i],
		    " cong_state=$arg2:u8");
	return ret;
}

static void name_system(char *system, size_t room, const char *instance)
{
	snprintf(system, room, "%s", instance);
	for (char *letter = system; *letter; letter++)
		if (*letter == '-' || *letter == '.')
			*letter = '_';
}

int trace_probes_open(struct trace_probes *probes, const char *tracing_dir,
		      const char *instance, struct error *err)
{
	int ret;

	name_system(probes->system, sizeof(probes->system), instance);
	snprintf(probes->file, sizeof(probes->file), "%s/kprobe_events",
		 tracing_dir);
	ret = add_all(probes);
	if (!ret)
		return 0;
	trace_probes_close(probes);
	return error_set(err, -ret, "cannot probe congestion states: %s",
			 ret == -ENOENT ? "this kernel has no kprobe_events" :
					  strerror(-ret));
}

static void remove_event(const char *file, const char *system,
			 const char *name)
{
	char text[DEFINITION_BYTES];

	snprintf(text, sizeof(text), "-:%s/%s\n", system, name);
	command(file, text);
}

static void remove_system(const char *file, const char *system)
{
	for (unsigned int which = 0; which < TRACE_EVENT_COUNT; which++)
		if (!trace_events[which].system)
			remove_event(file, system, trace_events[which].name);
}

void trace_probes_close(struct trace_probes *probes)
{
	if (probes->system[0])
		remove_system(probes->file, probes->system);
	*probes = (struct trace_probes){ 0 };
}

/* The instance that a system of ours serves: "tcpwatch_12_1" is
 * "tcpwatch-12.1". */
static bool serves_an_instance(const char *tracing_dir, const char *system)
{
	char path[256];
	struct stat folder;
	char *rest;

	snprintf(path, sizeof(path), "%s/instances/" TRACE_INSTANCE_PREFIX "%.32s",
		 tracing_dir, system + strlen(SYSTEM_PREFIX));
	rest = strchr(strrchr(path, '/'), '_');
	if (rest)
		*rest = '.';
	return !stat(path, &folder);
}

static void remove_if_abandoned(const char *tracing_dir, const char *file,
				const char *line)
{
	const char *begin = strchr(line, ':');
	char system[64];
	size_t length;

	if (line[0] != 'p' || !begin ||
	    strncmp(begin + 1, SYSTEM_PREFIX, strlen(SYSTEM_PREFIX)))
		return;
	begin++;
	length = strcspn(begin, "/");
	if (length >= sizeof(system))
		return;
	memcpy(system, begin, length);
	system[length] = '\0';
	if (!serves_an_instance(tracing_dir, system))
		remove_system(file, system);
}

static ssize_t read_whole(const char *file, char *text, size_t room)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t got;

	if (fd < 0)
		return -1;
	while (length < room - 1 &&
	       (got = read(fd, text + length, room - 1 - length)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	close(fd);
	return (ssize_t)length;
}

void trace_probes_remove_abandoned(const char *tracing_dir)
{
	char file[256];
	char *text = malloc(FILE_BYTES);
	char *line, *next;

	snprintf(file, sizeof(file), "%s/kprobe_events", tracing_dir);
	if (text && read_whole(file, text, FILE_BYTES) > 0) {
		for (line = text; line; line = next) {
			next = strchr(line, '\n');
			if (next)
				*next++ = '\0';
			remove_if_abandoned(tracing_dir, file, line);
		}
	}
	free(text);
}
