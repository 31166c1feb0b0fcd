/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's lockdown: what it forbids even to root. */
#ifndef LOCKDOWN_H
#define LOCKDOWN_H

#define LOCKDOWN_PATH "/sys/kernel/security/lockdown"

enum lockdown {
	LOCKDOWN_UNKNOWN,       /* the file cannot be read */
	LOCKDOWN_NONE,
	LOCKDOWN_INTEGRITY,
	LOCKDOWN_CONFIDENTIALITY
};

/* What the file of that path says: every level, the one in force in brackets. */
enum lockdown lockdown_read(const char *path);

#endif
