/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a flight recorder waits for (--when), watched through an instance of its
 * own: to read the flight recorder's would empty it.
 */
#ifndef TRIGGER_H
#define TRIGGER_H

#include <stdbool.h>

#include "options/options.h"
#include "tcpwatch/error.h"

struct trigger;

/* Watches from now on for what options->when says; options are borrowed until
 * trigger_close(). NULL: *err is set. */
struct trigger *trigger_open(const struct options *options, struct error *err);

/* Readable when trigger_read() has something to do. Valid until close. */
int trigger_fd(const struct trigger *trigger);

/* Reads what has come; *fired becomes true when it happened. 0 or -errno and
 * *err. */
int trigger_read(struct trigger *trigger, bool *fired, struct error *err);

/* Accepts NULL. */
void trigger_close(struct trigger *trigger);

#endif
