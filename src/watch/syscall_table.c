/* SPDX-License-Identifier: BSD-2-Clause */
/* One row a system call; contrib/check-man.sh compares them with the man page. */
#include "syscall_table.h"

#include <stddef.h>

#include <sys/syscall.h>

/* What newer processors never had, and what only those of 32 bits have. */
#ifndef SYS_epoll_wait
#define SYS_epoll_wait -1
#endif
#ifndef SYS_poll
#define SYS_poll -1
#endif
#ifndef SYS_alarm
#define SYS_alarm -1
#endif
#ifndef SYS_send
#define SYS_send -1
#endif
#ifndef SYS_recv
#define SYS_recv -1
#endif
#ifndef SYS_mmap
#define SYS_mmap -1
#endif
#ifndef SYS_mmap2
#define SYS_mmap2 -1
#endif
#ifndef SYS_fstat
#define SYS_fstat -1
#endif
#ifndef SYS_fstat64
#define SYS_fstat64 -1
#endif
#ifndef SYS_newfstatat
#define SYS_newfstatat -1
#endif
#ifndef SYS_fstatat64
#define SYS_fstatat64 -1
#endif
#ifndef SYS_statx
#define SYS_statx -1
#endif
#ifndef SYS_fcntl
#define SYS_fcntl -1
#endif
#ifndef SYS_fcntl64
#define SYS_fcntl64 -1
#endif
#ifndef SYS_ftruncate
#define SYS_ftruncate -1
#endif
#ifndef SYS_ftruncate64
#define SYS_ftruncate64 -1
#endif
#ifndef SYS_lseek
#define SYS_lseek -1
#endif
#ifndef SYS__llseek
#define SYS__llseek -1
#endif
#ifndef SYS_sigreturn
#define SYS_sigreturn -1
#endif
#ifndef SYS_clock_gettime
#define SYS_clock_gettime -1
#endif
#ifndef SYS_clock_gettime32
#define SYS_clock_gettime32 -1
#endif
#ifndef SYS_clock_gettime64
#define SYS_clock_gettime64 -1
#endif
#ifndef SYS_timerfd_settime
#define SYS_timerfd_settime -1
#endif
#ifndef SYS_timerfd_settime32
#define SYS_timerfd_settime32 -1
#endif
#ifndef SYS_timerfd_settime64
#define SYS_timerfd_settime64 -1
#endif
#ifndef SYS_ppoll_time64
#define SYS_ppoll_time64 -1
#endif
#ifndef SYS_recvmmsg_time64
#define SYS_recvmmsg_time64 -1
#endif
#ifndef SYS_futex_time64
#define SYS_futex_time64 -1
#endif
#ifndef SYS_open
#define SYS_open -1
#endif
#ifndef SYS_fork
#define SYS_fork -1
#endif

#define CALL(called, rule) { SYS_##called, rule, #called }

const struct syscall_row syscall_table[] = {
	CALL(read, SYSCALL_ANY),
	CALL(epoll_wait, SYSCALL_ANY),
	CALL(epoll_pwait, SYSCALL_ANY),
	CALL(write, SYSCALL_ANY),
	CALL(clock_gettime, SYSCALL_ANY),
	CALL(clock_gettime32, SYSCALL_ANY),
	CALL(clock_gettime64, SYSCALL_ANY),
	CALL(timerfd_settime, SYSCALL_ANY),
	CALL(timerfd_settime32, SYSCALL_ANY),
	CALL(timerfd_settime64, SYSCALL_ANY),
	CALL(epoll_ctl, SYSCALL_ANY),
	CALL(recvmmsg, SYSCALL_ANY),
	CALL(recvmmsg_time64, SYSCALL_ANY),
	CALL(recvmsg, SYSCALL_ANY),
	CALL(recvfrom, SYSCALL_ANY),
	CALL(sendmsg, SYSCALL_ANY),
	CALL(recv, SYSCALL_ANY),
	CALL(sendto, SYSCALL_ANY),
	CALL(send, SYSCALL_ANY),
	CALL(pread64, SYSCALL_ANY),
	CALL(readv, SYSCALL_ANY),
	CALL(writev, SYSCALL_ANY),
	CALL(brk, SYSCALL_ANY),
	CALL(mmap, SYSCALL_DATA_ONLY),
	CALL(mmap2, SYSCALL_DATA_ONLY),
	CALL(mprotect, SYSCALL_DATA_ONLY),
	CALL(munmap, SYSCALL_ANY),
	CALL(mremap, SYSCALL_ANY),
	CALL(madvise, SYSCALL_ANY),
	CALL(memfd_create, SYSCALL_ANY),
	CALL(close, SYSCALL_ANY),
	CALL(lseek, SYSCALL_ANY),
	CALL(_llseek, SYSCALL_ANY),
	CALL(fcntl, SYSCALL_ANY),
	CALL(fcntl64, SYSCALL_ANY),
	CALL(ftruncate, SYSCALL_ANY),
	CALL(ftruncate64, SYSCALL_ANY),
	CALL(fstat, SYSCALL_ANY),
	CALL(fstat64, SYSCALL_ANY),
	CALL(newfstatat, SYSCALL_OPEN_FILE),
	CALL(fstatat64, SYSCALL_OPEN_FILE),
	CALL(statx, SYSCALL_OPEN_FILE_2),
	CALL(ioctl, SYSCALL_TERMINAL),
	CALL(epoll_create1, SYSCALL_ANY),
	CALL(poll, SYSCALL_ANY),
	CALL(ppoll, SYSCALL_ANY),
	CALL(ppoll_time64, SYSCALL_ANY),
	CALL(rt_sigreturn, SYSCALL_ANY),
	CALL(sigreturn, SYSCALL_ANY),
	CALL(rt_sigprocmask, SYSCALL_ANY),
	CALL(restart_syscall, SYSCALL_ANY),
	CALL(alarm, SYSCALL_ANY),
	CALL(setitimer, SYSCALL_ANY),
	CALL(wait4, SYSCALL_ANY),
	CALL(futex, SYSCALL_ANY),
	CALL(futex_time64, SYSCALL_ANY),
	CALL(sysinfo, SYSCALL_ANY),
	CALL(getrandom, SYSCALL_ANY),
	CALL(getpid, SYSCALL_ANY),
	CALL(gettid, SYSCALL_ANY),
	CALL(tgkill, SYSCALL_SELF),
	CALL(tkill, SYSCALL_SELF),
	CALL(exit, SYSCALL_ANY),
	CALL(exit_group, SYSCALL_ANY),
	{ -1, SYSCALL_ANY, NULL }
};

#define REFUSED(called) { SYS_##called, SYSCALL_ANY, #called }

static const struct syscall_row refused[] = {
	REFUSED(open), REFUSED(openat), REFUSED(socket), REFUSED(connect),
	REFUSED(execve), REFUSED(execveat), REFUSED(clone), REFUSED(fork),
	REFUSED(kill), REFUSED(ptrace), REFUSED(mmap), REFUSED(mmap2),
	REFUSED(mprotect), REFUSED(ioctl), REFUSED(newfstatat),
	REFUSED(fstatat64), REFUSED(statx), REFUSED(rt_sigaction), REFUSED(prctl),
	REFUSED(bpf), REFUSED(unlinkat), REFUSED(tgkill), REFUSED(tkill),
};

const char *syscall_table_refused(int number)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (refused[i].number == number)
			return refused[i].name;
	return NULL;
}
