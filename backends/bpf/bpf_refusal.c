/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks for the likely reason among those that leave a trace; see
 * bpf_refusal.h. */
#include "bpf_refusal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/capability.h>

/* The beginning of a small file; false when it cannot be read. */
static bool read_text(const char *path, char *text, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, room - 1);

	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = '\0';
	return got > 0;
}

/* A figure of /proc/self/status in that base. */
static uint64_t status_number(const char *name, int base)
{
	char text[4096];
	char *line;

	if (!read_text("/proc/self/status", text, sizeof(text)))
		return 0;
	line = strstr(text, name);
	return line ? strtoull(line + strlen(name), NULL, base) : 0;
}

static bool has(uint64_t capabilities, unsigned int capability)
{
	return capabilities >> capability & 1;
}

int bpf_refusal_check_capabilities(struct error *err)
{
	uint64_t own = status_number("\nCapEff:", 16);
	bool bpf = has(own, CAP_BPF) || has(own, CAP_SYS_ADMIN);
	bool perfmon = has(own, CAP_PERFMON) || has(own, CAP_SYS_ADMIN);

	if (bpf && perfmon)
		return 0;
	/* Before 5.8 they did not exist. */
	return error_set(err, EPERM, "it needs %s%s%s (or CAP_SYS_ADMIN): run as "
			 "root", bpf ? "" : "CAP_BPF",
			 bpf || perfmon ? "" : " and ",
			 perfmon ? "" : "CAP_PERFMON");
}

static bool is_locked_down(void)
{
	char text[128];

	return read_text("/sys/kernel/security/lockdown", text, sizeof(text)) &&
	       strstr(text, "[confidentiality]");
}

static int refuse_permission(struct error *err, const char *doing)
{
	if (bpf_refusal_check_capabilities(err))
		return -EPERM;
	if (is_locked_down())
		return error_set(err, EPERM, "cannot %s: kernel lockdown is "
				 "'confidentiality', which forbids reading kernel "
				 "memory; boot with lockdown=integrity", doing);
	if (status_number("\nSeccomp:", 10))
		return error_set(err, EPERM, "cannot %s: not permitted, and this "
				 "process is under a seccomp filter (of a "
				 "container?): allow bpf() in its profile", doing);
	return error_set(err, EPERM, "cannot %s: not permitted to root; raise "
			 "'ulimit -l' on kernels before 5.11, or look for a "
			 "security module that forbids BPF", doing);
}

int bpf_refusal_set(struct error *err, int code, const char *doing,
		    const char *log)
{
	switch (code) {
	case EPERM:
		return refuse_permission(err, doing);
	case ENOSYS:
		return error_set(err, code, "this kernel has no bpf() "
				 "(CONFIG_BPF_SYSCALL)");
	case ENOMEM:
		return error_set(err, code, "cannot %s: no memory; ask for less "
				 "with --buffer-size", doing);
	}
	return error_set(err, code, "cannot %s: %s%s%s%s", doing, strerror(code),
			 log && log[0] ? " (" : "", log && log[0] ? log : "",
			 log && log[0] ? ")" : "");
}
