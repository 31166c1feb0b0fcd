/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of the errors that TCP sockets report. */
#ifndef ERRNO_NAME_H
#define ERRNO_NAME_H

/* "ETIMEDOUT"; NULL for a number that TCP does not report. Static text.
 * (strerrorname_np() is not in musl.) */
const char *errno_name(int number);

#endif
