/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel says of this process: capabilities, user, seccomp. */
#ifndef OWN_STATUS_H
#define OWN_STATUS_H

#include <stdint.h>

/* The figure behind that name ("CapEff") in /proc/self/status, in that base; 0:
 * there is none. root: in front of the path; "" = this host. */
uint64_t own_status_number(const char *root, const char *name, int base);

#endif
