/* SPDX-License-Identifier: BSD-2-Clause */
/* What a process that was taken over could still do: nothing of all this. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "process/privileges.h"
#include "watch/syscall_filter.h"
#include "watch/syscall_table.h"
#include "watch/watch.h"

enum { UNFILTERED = 99 };

static char text[1024];                 /* what the child said */
static pid_t parent;

static void open_a_file(void) { open("/etc/passwd", O_RDONLY); }
static void make_a_file(void) { open("/tmp/owned", O_CREAT | O_WRONLY, 0600); }
static void open_a_socket(void) { socket(AF_INET, SOCK_STREAM, 0); }
static void run_a_program(void) { execl("/bin/true", "true", NULL); }
static void fork_a_child(void) { fork(); }
static void trace_the_parent(void) { ptrace(PTRACE_ATTACH, parent, 0, 0); }
static void kill_the_parent(void) { kill(parent, 0); }
static void remove_a_file(void) { unlinkat(AT_FDCWD, "/tmp/none", 0); }
static void look_at_a_path(void) { access("/etc/shadow", F_OK); }
static void look_at_one_by_statx(void)
{
#ifdef SYS_statx
	static char answer[256];

	syscall(SYS_statx, AT_FDCWD, "/etc/shadow", 0, 0x7ff, answer);
#else
	look_at_a_path();
#endif
}
static void type_on_the_terminal(void) { ioctl(0, TIOCSTI, "x"); }
static void take_the_signal(void) { signal(SIGSYS, SIG_IGN); }

static void map_code(void)
{
	mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
	     -1, 0);
}

static void make_data_code(void)
{
	static char page[8192];

	mprotect((char *)((uintptr_t)(page + 4095) & ~(uintptr_t)4095), 4096,
		 PROT_READ | PROT_WRITE | PROT_EXEC);
}

static void do_its_work(void)
{
	char *memory = malloc(1 << 20);
	char *more = memory ? realloc(memory, 1 << 22) : NULL;
	struct timespec now;
	struct stat status;

	if (fstat(STDERR_FILENO, &status))
		_exit(1);
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!more || write(STDERR_FILENO, "done", 4) != 4)
		_exit(1);
	memset(more, 1, 1 << 22);
	free(more);
}

/* In a child that gave up everything; its exit status, or minus a signal. */
static int confined(void (*act)(void))
{
	const struct privileges_user nobody_else = { 0 };
	int ends[2], status;
	struct error err = { 0 };
	ssize_t length;
	pid_t pid;

	parent = getpid();
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		dup2(ends[1], STDERR_FILENO);
		if (privileges_confine(&nobody_else, &err))
			_exit(2);
		if (syscall_filter_enter(&err))
			_exit(err.code ? 2 : UNFILTERED);
		act();
		_exit(0);
	}
	close(ends[1]);
	length = read(ends[0], text, sizeof(text) - 1);
	text[length > 0 ? length : 0] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* syscall_filter.c tells which of them. */
static void skip_unfiltered(void)
{
	puts("skip: no filter under a sanitizer, in an emulator, or on this processor");
	skip();
}

static void other_calls_end_the_process(void **state)
{
	static const struct {
		void (*act)(void);
		const char *named;      /* NULL: by its number */
	} cases[] = {
		{ open_a_file, "openat" }, { make_a_file, "openat" },
		{ open_a_socket, "socket" }, { run_a_program, "execve" },
		{ fork_a_child, NULL }, { trace_the_parent, "ptrace" },
		{ kill_the_parent, "kill" }, { remove_a_file, "unlinkat" },
		{ look_at_a_path, NULL }, { look_at_one_by_statx, NULL },
		{ type_on_the_terminal, "ioctl" }, { map_code, "mmap" },
		{ make_data_code, "mprotect" }, { take_the_signal, "rt_sigaction" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int status = confined(cases[i].act);

		if (status == UNFILTERED)
			skip_unfiltered();
		if (status != EXIT_FAILED)
			fail_msg("case %zu: status %d, '%s'", i, status, text);
		assert_non_null(strstr(text, "refused"));
		if (cases[i].named && !strstr(text, cases[i].named))
			fail_msg("%s is not in '%s'", cases[i].named, text);
	}
}

static void what_the_loop_needs_stays(void **state)
{
	int status = confined(do_its_work);

	(void)state;
	if (status == UNFILTERED)
		skip_unfiltered();
	assert_int_equal(status, 0);
	assert_string_equal(text, "done");
}

static void an_abort_is_an_abort(void **state)
{
	int status = confined(abort);

	(void)state;
	if (status == UNFILTERED)
		skip_unfiltered();
	assert_int_equal(status, -SIGABRT);
}

/* The kernel would refuse the whole program for one wrong jump. */
static void every_way_ends_in_an_answer(void **state)
{
	struct sock_filter program[SYSCALL_FILTER_MAX];
	size_t count = syscall_filter_compose(program);

	(void)state;
	if (!count)
		skip_unfiltered();
	assert_in_range(count, 10, SYSCALL_FILTER_MAX);
	for (size_t i = 0; i < count; i++) {
		if (BPF_CLASS(program[i].code) != BPF_JMP)
			continue;
		assert_in_range(i + 1 + program[i].jt, i + 1, count - 1);
		assert_in_range(i + 1 + program[i].jf, i + 1, count - 1);
	}
	assert_int_equal(program[count - 1].k, SECCOMP_RET_TRAP);
}

static void no_call_stands_twice(void **state)
{
	(void)state;
	for (const struct syscall_row *row = syscall_table; row->name; row++)
		for (const struct syscall_row *other = row + 1; other->name;
		     other++)
			if (row->number >= 0 && row->number == other->number)
				fail_msg("%s and %s", row->name, other->name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_calls_end_the_process),
		cmocka_unit_test(what_the_loop_needs_stays),
		cmocka_unit_test(an_abort_is_an_abort),
		cmocka_unit_test(every_way_ends_in_an_answer),
		cmocka_unit_test(no_call_stands_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
