/* SPDX-License-Identifier: BSD-2-Clause */
/* A picture of one socket's congestion window over time: which of several
 * sockets it is, and the drawing. */
#ifndef CWND_PLOT_H
#define CWND_PLOT_H

#include <stdint.h>

#include "tracker/tracker.h"
#include "tcpwatch/error.h"

struct cwnd_plot;

/* Opens the file, and leaves alone what stands in it. path is borrowed. NULL
 * with *err set. */
struct cwnd_plot *cwnd_plot_new(const char *path, struct error *err);
void cwnd_plot_free(struct cwnd_plot *plot);    /* accepts NULL */

/* A SAMPLE, CONG or RETRANS; others are passed over. */
void cwnd_plot_take(struct cwnd_plot *plot,
		    const struct observation *observation);

/* Writes the picture of the socket that had the most samples; *sock: which, 0 =
 * there was none, and the file is left alone. 0 or -errno and *err. */
int cwnd_plot_write(struct cwnd_plot *plot, uint64_t *sock, struct error *err);

#endif
