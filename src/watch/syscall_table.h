/* SPDX-License-Identifier: BSD-2-Clause */
/* The system calls that are left when everything is open. */
#ifndef SYSCALL_TABLE_H
#define SYSCALL_TABLE_H

enum syscall_rule {
	SYSCALL_ANY,
	SYSCALL_DATA_ONLY,      /* memory that is not to be executed */
	SYSCALL_OPEN_FILE,      /* AT_EMPTY_PATH: meant for what is open */
	SYSCALL_OPEN_FILE_2,    /* the same where flags are argument 2 */
	SYSCALL_TERMINAL,       /* is it one, and how wide */
	SYSCALL_SELF            /* to this process only */
};

struct syscall_row {
	int number;             /* negative: not on this processor */
	enum syscall_rule rule;
	const char *name;
};

/* Ends with a row without a name; those of the loop come first. */
extern const struct syscall_row syscall_table[];

/* For messages: NULL when it is none of those that a fault would make. */
const char *syscall_table_refused(int number);

#endif
