/* SPDX-License-Identifier: BSD-2-Clause */
/* One failure, told once: what went wrong and what the user can do about it. */
#ifndef TCPWATCH_ERROR_H
#define TCPWATCH_ERROR_H

/*
 * Zero-initialise before use. The first failure stored wins, so a function
 * that cleans up after a failure cannot overwrite the cause.
 */
struct error {
	int code;               /* positive errno; 0 = nothing failed yet */
	char text[640];         /* one line, no trailing full stop or newline */
};

/*
 * Stores a failure and returns -code, so that reporting is one statement:
 *	return error_set(err, EACCES, "cannot open '%s': run as root", path);
 * code: positive errno. Accepts err == NULL (the failure is only returned).
 */
int error_set(struct error *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Puts "<prefix>: " in front of the stored text, for a caller that knows the
 * context which the place of failure did not. Does nothing without a failure.
 */
void error_prefix(struct error *err, const char *prefix);

#endif
