/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps what happened to several sockets, and writes one of them; see
 * cwnd_plot.h. */
#include "cwnd_plot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cwnd_drawing.h"
#include "cwnd_series.h"

enum { SERIES = 16 };    /* sockets that may become the picture */

struct cwnd_plot {
	const char *path;       /* borrowed */
	int fd;
	struct cwnd_series *series[SERIES];
};

struct cwnd_plot *cwnd_plot_new(const char *path, struct error *err)
{
	struct cwnd_plot *plot = calloc(1, sizeof(*plot));

	if (!plot) {
		error_set(err, ENOMEM, "out of memory for the picture");
		return NULL;
	}
	plot->path = path;
	plot->fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (plot->fd >= 0)
		return plot;
	error_set(err, errno, "cannot write to '%s': %s", path, strerror(errno));
	free(plot);
	return NULL;
}

void cwnd_plot_free(struct cwnd_plot *plot)
{
	if (!plot)
		return;
	for (size_t i = 0; i < SERIES; i++)
		free(plot->series[i]);
	if (plot->fd >= 0)
		close(plot->fd);
	free(plot);
}

/* A place for a socket that has none: an unused one, else that of the socket
 * with the fewest samples. */
static struct cwnd_series *find_place(struct cwnd_plot *plot)
{
	struct cwnd_series *least = plot->series[0];

	for (size_t i = 0; i < SERIES; i++) {
		if (!plot->series[i]) {
			plot->series[i] = malloc(sizeof(*plot->series[i]));
			return plot->series[i];
		}
		if (plot->series[i]->samples < least->samples)
			least = plot->series[i];
	}
	return least;
}

static struct cwnd_series *series_of(struct cwnd_plot *plot,
				     const struct observation *observation)
{
	struct cwnd_series *series;

	for (size_t i = 0; i < SERIES && plot->series[i]; i++)
		if (plot->series[i]->sock == observation->sock)
			return plot->series[i];
	if (observation->event.kind != EVENT_SAMPLE)
		return NULL;
	series = find_place(plot);
	if (series)
		cwnd_series_begin(series, observation->sock);
	return series;
}

void cwnd_plot_take(struct cwnd_plot *plot,
		    const struct observation *observation)
{
	struct cwnd_series *series;

	if (!observation->sock)
		return;
	series = series_of(plot, observation);
	if (series)
		cwnd_series_take(series, observation);
}

static const struct cwnd_series *find_largest(const struct cwnd_plot *plot)
{
	const struct cwnd_series *largest = plot->series[0];

	for (size_t i = 1; i < SERIES && plot->series[i]; i++)
		if (plot->series[i]->samples > largest->samples)
			largest = plot->series[i];
	return largest;
}

int cwnd_plot_write(struct cwnd_plot *plot, uint64_t *sock, struct error *err)
{
	const struct cwnd_series *series = find_largest(plot);
	FILE *file;
	int failed = 0;

	*sock = series ? series->sock : 0;
	if (!series)
		return 0;
	/* EINVAL: not a file that has a length. */
	if (ftruncate(plot->fd, 0) && errno != EINVAL)
		failed = errno;
	file = fdopen(plot->fd, "w");
	if (!file)
		return error_set(err, errno, "cannot write to '%s': %s",
				 plot->path, strerror(errno));
	plot->fd = -1;
	cwnd_drawing_write(file, series);
	if (ferror(file) || fflush(file))
		failed = errno ? errno : EIO;
	if (fclose(file) && !failed)
		failed = errno;
	return failed ? error_set(err, failed, "cannot write to '%s': %s",
				  plot->path, strerror(failed)) : 0;
}
