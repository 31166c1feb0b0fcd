/* SPDX-License-Identifier: BSD-2-Clause */
/* Forks, starts and reaps the watched command; see command.h. */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "common/diagnostics.h"
#include "signals.h"

/* As the shell has them. */
enum { EXIT_NOT_EXECUTABLE = 126, EXIT_NOT_FOUND = 127, EXIT_BY_SIGNAL = 128 };

/* In the child: an end of file instead of a byte means that tcpwatch failed or
 * was killed before the watch began. */
__attribute__((noreturn))
static void wait_and_exec(int gate_fd, char **argv)
{
	struct error err = { 0 };
	char go;

	signals_restore();
	if (read(gate_fd, &go, 1) != 1)
		_exit(0);
	execvp(argv[0], argv);
	error_set(&err, errno, "cannot run '%s': %s", argv[0], strerror(errno));
	diagnostics_error(&err);
	_exit(err.code == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE);
}

int command_fork(struct command *command, char **argv, struct error *err)
{
	int gate[2];
	pid_t pid;

	if (pipe2(gate, O_CLOEXEC))
		return error_set(err, errno, "cannot start '%s': %s", argv[0],
				 strerror(errno));
	pid = fork();
	if (pid == 0) {
		close(gate[1]);
		wait_and_exec(gate[0], argv);
	}
	close(gate[0]);
	if (pid < 0) {
		close(gate[1]);
		return error_set(err, errno, "cannot start '%s': %s", argv[0],
				 strerror(errno));
	}
	*command = (struct command){ .pid = pid, .gate_fd = gate[1] };
	return 0;
}

static void close_gate(struct command *command)
{
	if (command->gate_fd >= 0)
		close(command->gate_fd);
	command->gate_fd = -1;
}

void command_start(struct command *command)
{
	/* A child that was killed while it waited is seen by command_reap(). */
	if (command->gate_fd >= 0 && write(command->gate_fd, "", 1) < 0)
		command->exit_code = 0;
	close_gate(command);
}

bool command_reap(struct command *command)
{
	int status;

	if (!command->pid || command->ended)
		return command->ended;
	if (waitpid(command->pid, &status, WNOHANG) != command->pid)
		return false;
	command->ended = true;
	command->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) :
			     EXIT_BY_SIGNAL + WTERMSIG(status);
	return true;
}

void command_signal(struct command *command, int number,
		    const struct keeper *keeper)
{
	struct keeper_answer answer;

	command->signalled = true;
	if (!command->pid || command->ended)
		return;
	if (keeper)
		keeper_ask(keeper, KEEPER_SIGNAL, (uint32_t)number, &answer);
	else
		kill(command->pid, number);
}

void command_done(struct command *command)
{
	if (!command->pid)
		return;
	close_gate(command);
	*command = (struct command){ .gate_fd = -1 };
}
