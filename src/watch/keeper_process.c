/* SPDX-License-Identifier: BSD-2-Clause */
/* One pair of sockets, a question at a time; see keeper_process.h. */
#include "keeper_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "common/diagnostics.h"
#include "metrics/metrics_file.h"
#include "process/signals.h"

union passed {                  /* room for one descriptor */
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static struct msghdr message(struct iovec *part, union passed *passed)
{
	return (struct msghdr){
		.msg_iov = part,
		.msg_iovlen = 1,
		.msg_control = passed,
		.msg_controllen = sizeof(*passed),
	};
}

/* What the other process has at hand of ours must not outlive us there: readers of
 * our output wait for its end. */
static void let_go(const struct keeper_duty *duty)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	output_free(duty->output);
	command_done(duty->command);
}

/* Of the command: once it was reaped its id may be another's. */
struct target {
	pid_t pid;              /* 0: there is no command */
	int fd;                 /* -1: a kernel before 5.3 */
};

static struct target find_command(pid_t pid)
{
	return (struct target){
		pid, pid ? (int)syscall(SYS_pidfd_open, pid, 0) : -1
	};
}

static int signal_command(const struct target *command, uint32_t number)
{
	int ret;

	if (!command->pid || !signals_stop_by((int)number))
		return -EINVAL;
	ret = command->fd < 0 ? kill(command->pid, (int)number) :
		(int)syscall(SYS_pidfd_send_signal, command->fd, number, NULL, 0);
	return ret ? -errno : 0;
}

static void serve(const struct keeper_duty *duty, const struct target *command,
		  const struct keeper_request *request,
		  struct keeper_answer *answer, int *fd)
{
	const struct backend_ops *ops = duty->backend->ops;
	struct error err = { 0 };

	switch (request->question) {
	case KEEPER_REOPEN:
		*fd = duty->path ? output_open_again(duty->path, &err) : -EBADF;
		answer->result = *fd < 0 ? *fd : 0;
		break;
	case KEEPER_METRICS:
		*fd = duty->metrics ? metrics_file_begin(duty->metrics, &err) :
				      -EBADF;
		answer->result = *fd < 0 ? *fd : 0;
		break;
	case KEEPER_METRICS_END:
		answer->result = duty->metrics ?
			metrics_file_end(duty->metrics, request->number, &err) :
			-EBADF;
		break;
	case KEEPER_SIGNAL:
		answer->result = signal_command(command, request->number);
		break;
	default:
		if (!ops->serve)
			answer->result = -EINVAL;
		else
			ops->serve(duty->backend, request, answer, fd);
	}
}

static bool answer_one(const struct keeper_duty *duty,
		       const struct target *command, int fd)
{
	struct keeper_request request;
	struct keeper_answer answer = { 0 };
	struct iovec part = { &answer, sizeof(answer) };
	union passed passed = { 0 };
	struct msghdr reply = message(&part, &passed);
	int found = -1;
	bool sent;

	if (recv(fd, &request, sizeof(request), 0) != sizeof(request))
		return false;
	serve(duty, command, &request, &answer, &found);
	if (found < 0) {
		reply.msg_control = NULL;
		reply.msg_controllen = 0;
	} else {
		passed.head = (struct cmsghdr){
			.cmsg_len = CMSG_LEN(sizeof(found)),
			.cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS,
		};
		memcpy(CMSG_DATA(&passed.head), &found, sizeof(found));
	}
	sent = sendmsg(fd, &reply, MSG_NOSIGNAL) == sizeof(answer);
	if (found >= 0)
		close(found);
	return sent;
}

/* Its own session: no key of the terminal ends it before us. */
__attribute__((noreturn))
static void keep(const struct keeper_duty *duty, int fd)
{
	const struct target command = find_command(duty->command->pid);

	signals_ignore();
	setsid();
	prctl(PR_SET_NAME, "tcpwatch-keeper", 0, 0, 0);
	let_go(duty);
	while (answer_one(duty, &command, fd))
		;
	duty->backend->ops->close(duty->backend);
	_exit(0);
}

static int receive(int fd, struct keeper_answer *answer, int *passed_fd)
{
	struct iovec part = { answer, sizeof(*answer) };
	union passed passed = { 0 };
	struct msghdr reply = message(&part, &passed);
	const struct cmsghdr *head;
	ssize_t length;

	do {
		length = recvmsg(fd, &reply, MSG_CMSG_CLOEXEC);
	} while (length < 0 && errno == EINTR);
	if (length < 0)
		return -errno;
	if (length != sizeof(*answer))
		return -EPIPE;
	head = CMSG_FIRSTHDR(&reply);
	if (passed_fd && head && head->cmsg_type == SCM_RIGHTS)
		memcpy(passed_fd, CMSG_DATA(head), sizeof(*passed_fd));
	return answer->result;
}

/* A signal must not come between a question and its answer: the next answer
 * would be that to this one. */
static int ask(void *context, const struct keeper_request *request,
	       struct keeper_answer *answer, int *fd)
{
	const struct keeper_process *process = context;
	ssize_t length;

	do {
		length = send(process->fd, request, sizeof(*request),
			      MSG_NOSIGNAL);
	} while (length < 0 && errno == EINTR);
	return length < 0 ? -errno : receive(process->fd, answer, fd);
}

int keeper_process_open(struct keeper_process *process,
			const struct keeper_duty *duty, struct error *err)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return error_set(err, errno, "cannot keep the rights apart: %s",
				 strerror(errno));
	pid = fork();
	if (pid == 0) {
		close(pair[0]);
		keep(duty, pair[1]);
	}
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return error_set(err, errno, "cannot keep the rights apart: %s",
				 strerror(errno));
	}
	signals_except(pid);
	*process = (struct keeper_process){ { ask, process }, pid, pair[0] };
	return 0;
}

void keeper_process_close(struct keeper_process *process)
{
	int status = 0;

	if (!process->pid)
		return;
	close(process->fd);
	while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status)
		diagnostics_note("the process that keeps the rights was killed: what "
				 "was made in the kernel is removed by the next run");
	*process = (struct keeper_process){ 0 };
}
