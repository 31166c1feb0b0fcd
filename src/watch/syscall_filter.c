/* SPDX-License-Identifier: BSD-2-Clause */
/* The table as a program for seccomp(2); see syscall_filter.h. */
#include "syscall_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "common/diagnostics.h"
#include "syscall_table.h"
#include "watch.h"

#if defined(__x86_64__) && defined(__LP64__)
#define PROCESSOR AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define PROCESSOR AUDIT_ARCH_AARCH64
#elif defined(__arm__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define PROCESSOR AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
#define PROCESSOR AUDIT_ARCH_RISCV64
#else
#define PROCESSOR 0
#endif

/* Sanitizers, and whatever else runs in this process, make calls of their own. */
#if defined(SYSCALL_FILTER_OFF) || defined(__SANITIZE_ADDRESS__)
#define POSSIBLE 0
#else
#define POSSIBLE 1
#endif

/* Of glibc and musl; the kernel's headers of some hosts lack it. */
#ifndef SECCOMP_FILTER_FLAG_SPEC_ALLOW
#define SECCOMP_FILTER_FLAG_SPEC_ALLOW (1ul << 2)
#endif

/* Processors are little endian: the first half of an argument is its low one. */
#define LOAD(at) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(at))
#define LOAD_ARGUMENT(which) LOAD(offsetof(struct seccomp_data, args[which]))
#define IF(test, value, then, otherwise) \
	BPF_JUMP(BPF_JMP | (test) | BPF_K, (uint32_t)(value), then, otherwise)
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, what)
#define ALLOW ANSWER(SECCOMP_RET_ALLOW)
#define REFUSE ANSWER(SECCOMP_RET_TRAP)

/* What is tested once the number is right. Each ends with an answer. */
static size_t compose_rule(struct sock_filter *program, enum syscall_rule rule)
{
	const struct sock_filter any[] = { ALLOW };
	const struct sock_filter data_only[] = {
		LOAD_ARGUMENT(2), IF(BPF_JSET, PROT_EXEC, 0, 1), REFUSE, ALLOW
	};
	const struct sock_filter open_file[] = {
		LOAD_ARGUMENT(3), IF(BPF_JSET, AT_EMPTY_PATH, 1, 0), REFUSE, ALLOW
	};
	const struct sock_filter open_file_2[] = {
		LOAD_ARGUMENT(2), IF(BPF_JSET, AT_EMPTY_PATH, 1, 0), REFUSE, ALLOW
	};
	const struct sock_filter terminal[] = {
		LOAD_ARGUMENT(1), IF(BPF_JEQ, TCGETS, 2, 0),
		IF(BPF_JEQ, TIOCGWINSZ, 1, 0), REFUSE, ALLOW
	};
	const struct sock_filter self[] = {
		LOAD_ARGUMENT(0), IF(BPF_JEQ, getpid(), 1, 0), REFUSE, ALLOW
	};

#define TAKE(part) (memcpy(program, part, sizeof(part)), \
		    sizeof(part) / sizeof((part)[0]))
	switch (rule) {
	case SYSCALL_DATA_ONLY:
		return TAKE(data_only);
	case SYSCALL_OPEN_FILE:
		return TAKE(open_file);
	case SYSCALL_OPEN_FILE_2:
		return TAKE(open_file_2);
	case SYSCALL_TERMINAL:
		return TAKE(terminal);
	case SYSCALL_SELF:
		return TAKE(self);
	case SYSCALL_ANY:
		break;
	}
	return TAKE(any);
#undef TAKE
}

size_t syscall_filter_compose(struct sock_filter *program)
{
	const struct sock_filter head[] = {
		LOAD(offsetof(struct seccomp_data, arch)),
		IF(BPF_JEQ, PROCESSOR, 1, 0),
		REFUSE,
		LOAD(offsetof(struct seccomp_data, nr)),
	};
	size_t count = sizeof(head) / sizeof(head[0]);

	if (!PROCESSOR)
		return 0;
	memcpy(program, head, sizeof(head));
	for (const struct syscall_row *row = syscall_table; row->name; row++) {
		size_t length;

		if (row->number < 0)
			continue;
		length = compose_rule(program + count + 1, row->rule);
		program[count] = (struct sock_filter)
			IF(BPF_JEQ, row->number, 0, (uint8_t)length);
		count += 1 + length;
	}
	program[count++] = (struct sock_filter)REFUSE;
	return count;
}

/* The call was not made. What has come this far must not go on. */
static void refuse(int number, siginfo_t *info, void *context)
{
	const char *name = syscall_table_refused(info->si_syscall);
	struct error err = { 0 };

	(void)number;
	(void)context;
	error_set(&err, EPERM, "a system call that is never needed here was refused: "
		  "%s (%d); this is a fault or an attack",
		  name ? name : "number", info->si_syscall);
	diagnostics_error(&err);
	_exit(EXIT_FAILED);
}

/* Without slowing the process down for what it could guess about itself (4.17). */
static int enter(const struct sock_fprog *program)
{
	if (!syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		     SECCOMP_FILTER_FLAG_SPEC_ALLOW, program))
		return 0;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0) ?
	       -errno : 0;
}

#define UNFILTERED "no system call is given up: this is "

/* It makes calls of its own in our place. */
static bool is_under_valgrind(void)
{
	const char *preload = getenv("LD_PRELOAD");

	return preload && strstr(preload, "vgpreload");
}

int syscall_filter_enter(struct error *err)
{
	const struct sigaction action = {
		.sa_sigaction = refuse, .sa_flags = SA_SIGINFO
	};
	struct sock_filter filter[SYSCALL_FILTER_MAX];
	struct sock_fprog program = { 0, filter };
	int ret;

	if (!POSSIBLE || is_under_valgrind()) {
		diagnostics_detail(UNFILTERED "a sanitizer or valgrind");
		return 1;
	}
	program.len = (unsigned short)syscall_filter_compose(filter);
	if (!program.len) {
		diagnostics_note(UNFILTERED "a processor without a list of them");
		return 1;
	}
	sigaction(SIGSYS, &action, NULL);
	ret = enter(&program);
	if (ret == -EINVAL || ret == -ENOSYS) {
		diagnostics_note(UNFILTERED "a kernel without CONFIG_SECCOMP_FILTER");
		return 1;
	}
	return ret ? error_set(err, -ret, "cannot give up system calls: %s",
			       strerror(-ret)) : 0;
}
