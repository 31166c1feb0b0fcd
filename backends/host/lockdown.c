/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the level in brackets; see lockdown.h. */
#include "lockdown.h"

#include <stddef.h>
#include <string.h>

#include "small_file.h"

enum lockdown lockdown_read(const char *path)
{
	static const struct {
		const char *word;
		enum lockdown level;
	} levels[] = {
		{ "[none]", LOCKDOWN_NONE },
		{ "[integrity]", LOCKDOWN_INTEGRITY },
		{ "[confidentiality]", LOCKDOWN_CONFIDENTIALITY },
	};
	char text[128];

	small_file_read(path, text, sizeof(text));
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (strstr(text, levels[i].word))
			return levels[i].level;
	return LOCKDOWN_UNKNOWN;
}
