/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets up an instance's ring buffers; see trace_buffers.h. */
#include "trace_buffers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/sysinfo.h>

/* Per CPU. */
static const size_t wished_bytes = 1408 * 1024;
static const size_t least_bytes = 64 * 1024;
static const uint64_t all_cpus_max_bytes = 64ull << 20;

enum {
	MEMORY_SHARE = 64,              /* at most one part in so many */
	FLOODS_SHARE = 4               /* these records are larger, or more */
};

size_t trace_buffers_list_cpus(const struct trace_instance *instance,
			       unsigned int *numbers, size_t room)
{
	/* Not sysconf(): in musl it counts what this process may run on, and ids
	 * may have holes. */
	int fd = trace_instance_open_file(instance, "per_cpu",
					  O_RDONLY | O_DIRECTORY);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	size_t count = 0;

	if (!folder) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (count < room && (entry = readdir(folder)))
		count += sscanf(entry->d_name, "cpu%u", &numbers[count]) == 1;
	closedir(folder);
	return count;
}

/* The wish, bounded over all CPUs, by itself and by a share of the memory that
 * small hosts can spare. */
static size_t bound(size_t wish, size_t cpu_count)
{
	uint64_t all = all_cpus_max_bytes;
	struct sysinfo info;
	size_t bytes;

	if (!sysinfo(&info)) {
		uint64_t share = (uint64_t)info.totalram * info.mem_unit /
				 MEMORY_SHARE;

		if (share < all)
			all = share;
	}
	bytes = (size_t)(all / cpu_count);
	if (bytes > wish)
		bytes = wish;
	return bytes < least_bytes ? least_bytes : bytes;
}

size_t trace_buffers_for_floods(size_t cpu_count)
{
	return bound(FLOODS_SHARE * wished_bytes, cpu_count);
}

/* A number in a file of the instance; 0 when there is none. */
static size_t get_number(const struct trace_instance *instance,
			 const char *file)
{
	char text[64];

	if (trace_instance_read(instance, file, text, sizeof(text)) <= 0)
		return 0;
	return strtoul(text, NULL, 10);
}

static int write_size(const struct trace_instance *instance, size_t bytes)
{
	char text[32];

	snprintf(text, sizeof(text), "%zu", bytes / 1024);
	return trace_instance_write(instance, "buffer_size_kb", text);
}

/*
 * Changing the size costs some 15 ms, which the start has better use for: what
 * the kernel gave the instance by itself (1408 KB a CPU and a little) will do,
 * unless it is more than suits this host. It cannot be changed later: the kernel
 * stops tracing meanwhile (tracing_stop_tr() in __tracing_resize_ring_buffer(),
 * seen on 6.18) and counts nothing of what it misses.
 */
static int set_size(const struct trace_instance *instance, size_t cpu_count,
		    size_t *bytes, struct error *err)
{
	size_t wanted = *bytes ? *bytes : bound(wished_bytes, cpu_count);
	size_t given = get_number(instance, "buffer_size_kb") * 1024;
	int ret;

	if (!*bytes && given >= least_bytes && given <= wanted + wanted / 16) {
		*bytes = given;
		return 0;
	}
	ret = write_size(instance, wanted);
	if (ret)
		return error_set(err, -ret,
				 "cannot have a trace buffer of %zu KB a CPU: %s; use a "
				 "smaller --buffer-size", wanted / 1024,
				 strerror(-ret));
	*bytes = wanted;
	return 0;
}

static int read_page_layout(const struct trace_instance *instance,
			    struct trace_page_layout *layout, struct error *err)
{
	char text[1024];
	int ret = trace_instance_read(instance, "events/header_page", text,
				      sizeof(text));

	if (ret < 0)
		return error_set(err, -ret, "cannot read events/header_page: %s",
				 strerror(-ret));
	layout->big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	return trace_page_layout_parse(layout, text, err);
}

int trace_buffers_set_up(const struct trace_instance *instance,
			 size_t cpu_count, size_t *bytes, bool *wakes,
			 struct trace_page_layout *layout, struct error *err)
{
	int ret;

	ret = set_size(instance, cpu_count, bytes, err);
	if (ret)
		return ret;
	/* Setting the clock empties the buffer: before any event is on. */
	ret = trace_instance_write(instance, "trace_clock", "mono");
	if (ret)
		return error_set(err, -ret, "cannot use the trace clock 'mono': %s",
				 strerror(-ret));
	/* Absent before 5.0, where poll() always reports the first event; closed
	 * to root without CAP_DAC_OVERRIDE on 5.10. */
	ret = trace_instance_write(instance, "buffer_percent", "0");
	*wakes = !ret || ret == -ENOENT;
	return read_page_layout(instance, layout, err);
}
