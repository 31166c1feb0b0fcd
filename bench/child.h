/* SPDX-License-Identifier: BSD-2-Clause */
/* A program that is measured: started, waited for, ended. */
#ifndef CHILD_H
#define CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* CLOCK_MONOTONIC. */
uint64_t child_now_ns(void);

/* Says on stderr what failed, in errno's words, and ends with 1. */
void child_fail(const char *what) __attribute__((noreturn));

/* Starts the command; terminal: what it reads and writes, or NULL for ours. */
pid_t child_start(char **command, const char *terminal);

/* A terminal for a command, whose name ptsname() knows. */
int child_terminal(void);

/* Reads what comes there until text is in it; false when it ends or took 20 s. */
bool child_wait_text(int terminal, const char *text);

/* Before the command starts: what child_wait_file() waits with. */
int child_expect_file(const char *path);

/* Until the file appears by a rename, as the kernel tells it; false when the
 * command ended before, or it took 20 s. */
bool child_wait_file(int expected, const char *path, pid_t pid);

/* The process that started it; 0 when there is no such process. */
pid_t child_parent_of(const char *pid);

/* Ends the command and takes what it still has to say (terminal; -1: nothing). */
void child_end(pid_t pid, int terminal);

#endif
