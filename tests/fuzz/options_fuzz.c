/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a command line: arguments end at each NUL. */
#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "options/options.h"

enum { ARGUMENTS_MAX = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[ARGUMENTS_MAX + 1] = { (char *)"tcpwatch" };
	struct options options;
	struct error err = { 0 };
	char *words = malloc(size + 1);
	size_t start = 0;
	int argc = 1;
	int rc;

	if (!words)
		return 0;
	memcpy(words, data, size);
	words[size] = '\0';
	while (start < size && argc < ARGUMENTS_MAX) {
		argv[argc++] = words + start;
		start += strlen(words + start) + 1;
	}
	rc = options_parse(&options, argc, argv, &err);
	assert(rc == 0 || rc == -EINVAL);
	assert(rc != 0 || err.code == 0);
	/* A word that is explained is of no view. */
	assert(rc != 0 || options.view || options.action == OPTIONS_MEANING);
	assert(rc == 0 || (err.code > 0 && err.text[0]));
	free(words);
	return 0;
}
