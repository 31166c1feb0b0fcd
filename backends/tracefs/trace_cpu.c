/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads one CPU's trace_pipe_raw; see trace_cpu.h. */
#include "trace_cpu.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int trace_cpu_open(struct trace_cpu *cpu, const struct trace_instance *instance,
		   unsigned int number, const struct trace_page_layout *layout,
		   struct error *err)
{
	char file[64];

	*cpu = (struct trace_cpu){ .fd = -1, .cpu = number, .layout = layout };
	snprintf(file, sizeof(file), "per_cpu/cpu%u/trace_pipe_raw", number);
	cpu->fd = trace_instance_open_file(instance, file,
					   O_RDONLY | O_NONBLOCK);
	if (cpu->fd < 0)
		return error_set(err, -cpu->fd, "cannot open %s of instance %s: %s",
				 file, instance->name, strerror(-cpu->fd));
	cpu->buffer = malloc(layout->page_bytes);
	if (!cpu->buffer) {
		close(cpu->fd);
		return error_set(err, ENOMEM, "no memory to read CPU %u", number);
	}
	return 0;
}

void trace_cpu_close(struct trace_cpu *cpu)
{
	if (!cpu->buffer)
		return;
	close(cpu->fd);
	free(cpu->buffer);
	*cpu = (struct trace_cpu){ .fd = -1 };
}

/* A CPU that was never online has a file but no buffer behind it. */
static bool means_empty(int code)
{
	return code == EAGAIN || code == EINTR || code == ENODEV;
}

static enum trace_cpu_answer fill(struct trace_cpu *cpu)
{
	ssize_t got = read(cpu->fd, cpu->buffer, cpu->layout->page_bytes);

	if (got < 0)
		return means_empty(errno) ? TRACE_CPU_EMPTY : TRACE_CPU_FAILED;
	if (got == 0)
		return TRACE_CPU_EMPTY;
	if (trace_page_load(&cpu->page, cpu->layout, cpu->buffer, (size_t)got)) {
		errno = EBADMSG;
		return TRACE_CPU_FAILED;
	}
	cpu->round_bytes += cpu->page.end;
	if (cpu->page.lost) {
		cpu->lost_known = cpu->page.lost_known && !cpu->lost;
		cpu->lost_count = cpu->page.lost_count;
		cpu->lost = true;
	}
	return TRACE_CPU_ENTRY;
}

enum trace_cpu_answer trace_cpu_next(struct trace_cpu *cpu)
{
	cpu->has_entry = false;
	for (;;) {
		enum trace_cpu_answer filled;

		if (cpu->page.bytes) {
			switch (trace_page_next(&cpu->page, &cpu->entry)) {
			case TRACE_PAGE_ENTRY:
				cpu->has_entry = true;
				return TRACE_CPU_ENTRY;
			case TRACE_PAGE_BROKEN: /* its rest is lost to us */
				cpu->lost = true;
				cpu->lost_known = false;
				break;
			case TRACE_PAGE_END:
				break;
			}
			cpu->page.bytes = NULL;
		}
		filled = fill(cpu);
		if (filled != TRACE_CPU_ENTRY)
			return filled;
	}
}
