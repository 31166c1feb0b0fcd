/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes on their way to a descriptor whose reader may be slow, or have gone. */
#ifndef OUTPUT_BUFFER_H
#define OUTPUT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct output_buffer {
	int fd;                 /* the caller's to open and close */
	size_t used;            /* how many bytes wait */
	char *bytes;            /* the caller's, too */

	/* As in struct output_options. */
	bool (*stopping)(void *context);
	void *stopping_context;
};

/*
 * Writes it all, and blocks as long as the reader does. 0 when it is empty, else
 * -errno with the rest kept at its start: -EINTR once a signal has interrupted a
 * write, or, when it is time to stop, once nobody reads.
 */
int output_buffer_flush(struct output_buffer *buffer);

/* The same, but signals interrupt it only when it is time to stop. */
int output_buffer_empty(struct output_buffer *buffer);

#endif
