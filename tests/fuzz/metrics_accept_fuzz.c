/* SPDX-License-Identifier: BSD-2-Clause */
/* A scraper's Accept header, of any bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "metrics/metrics_accept.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *accept = malloc(size + 1);

	if (!accept)
		return 0;
	memcpy(accept, data, size);
	accept[size] = '\0';
	if (metrics_accept_best(accept) >= METRICS_FORMAT_COUNT)
		abort();
	free(accept);
	return 0;
}
