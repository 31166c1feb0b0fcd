/* SPDX-License-Identifier: BSD-2-Clause */
/* An output into a temporary file, and what came of it, for the tests of
 * views and outputs. */
#ifndef OUTPUT_CAPTURE_H
#define OUTPUT_CAPTURE_H

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output/output.h"

struct output_capture {
	char path[32];
	char text[16384];
	struct output *output;
};

static inline void output_capture_open(struct output_capture *capture,
				       const struct output_options *options)
{
	struct output_options own = *options;
	struct error err = { 0 };

	strcpy(capture->path, "/tmp/tcpwatch-test-XXXXXX");
	close(mkstemp(capture->path));
	own.path = capture->path;
	capture->output = output_new(&own, &err);
	if (!capture->output || output_begin(capture->output, &err))
		fail_msg("%s", err.text);
}

static inline const char *output_capture_read(struct output_capture *capture,
					      const char *path)
{
	FILE *file = fopen(path, "r");
	size_t length;

	assert_non_null(file);
	length = fread(capture->text, 1, sizeof(capture->text) - 1, file);
	fclose(file);
	capture->text[length] = '\0';
	return capture->text;
}

/* All that was printed; closes the output. */
static inline const char *output_capture_close(struct output_capture *capture)
{
	struct error err = { 0 };

	assert_int_equal(output_flush(capture->output, &err), 0);
	output_free(capture->output);
	output_capture_read(capture, capture->path);
	unlink(capture->path);
	return capture->text;
}

/* An endpoint from "192.0.2.1" or "2001:db8::1"; returns its family. */
static inline uint8_t output_capture_endpoint(struct endpoint *endpoint,
					      const char *address, uint16_t port)
{
	memset(endpoint, 0, sizeof(*endpoint));
	endpoint->port = port;
	if (inet_pton(AF_INET6, address, endpoint->address) == 1)
		return EVENT_FAMILY_IPV6;
	memset(endpoint->address + 10, 0xff, 2);
	assert_int_equal(inet_pton(AF_INET, address, endpoint->address + 12), 1);
	return EVENT_FAMILY_IPV4;
}

#endif
