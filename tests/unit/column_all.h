/* SPDX-License-Identifier: BSD-2-Clause */
/* Every column there is, for tests that ask for any of them. */
#ifndef COLUMN_ALL_H
#define COLUMN_ALL_H

#include "output/column.h"

static inline const struct column_ids *column_all(void)
{
	static enum column_id ids[COLUMN_COUNT];
	static const struct column_ids all = COLUMN_IDS(ids);

	for (size_t i = 0; i < COLUMN_COUNT; i++)
		ids[i] = (enum column_id)i;
	return &all;
}

#endif
