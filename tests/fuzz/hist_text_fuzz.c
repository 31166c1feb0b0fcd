/* SPDX-License-Identifier: BSD-2-Clause */
/* Any text as a hist file: nothing but entries that can be. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "trace/hist_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hist_table table = { 0 }, before = { 0 };
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	assert(!hist_text_read(&before, text));
	if (size > 8)
		assert(!hist_text_read(&table, text + size / 8));
	for (size_t i = 0; i < table.count; i++)
		assert(table.entries[i].le_log2 <= 64);
	hist_table_subtract(&table, &before);
	hist_table_done(&table);
	hist_table_done(&before);
	free(text);
	return 0;
}
