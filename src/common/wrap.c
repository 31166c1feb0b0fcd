/* SPDX-License-Identifier: BSD-2-Clause */
/* Breaks lines between words; see wrap.h. */
#include "wrap.h"

#include <stdbool.h>
#include <string.h>

void wrap_print(const struct wrap *wrap, const char *text)
{
	int column = wrap->column;

	for (bool first = true; *text; first = false) {
		int letters = (int)strcspn(text, " ");

		if (!first && column + 1 + letters > wrap->width) {
			fprintf(wrap->file, "\n%*s", wrap->indent, "");
			column = wrap->indent;
		} else if (!first) {
			column += fprintf(wrap->file, " ");
		}
		column += fprintf(wrap->file, "%.*s", letters, text);
		text += letters;
		text += strspn(text, " ");
	}
	fprintf(wrap->file, "\n");
}
