/* SPDX-License-Identifier: BSD-2-Clause */
/* Shapes and words of an SVG picture, as far as a plot needs them. Colours are
 * the caller's; texts are trusted and hold none of <, > and &. */
#ifndef SVG_H
#define SVG_H

#include <stdio.h>

enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };

void svg_begin(FILE *file, int width, int height, const char *title);
void svg_end(FILE *file);

void svg_rect(FILE *file, double x, double y, double width, double height,
	      const char *fill);
void svg_line(FILE *file, double x1, double y1, double x2, double y2,
	      const char *stroke);
void svg_text(FILE *file, double x, double y, enum svg_anchor anchor,
	      const char *text);

/* A small triangle that points down to its place. */
void svg_mark(FILE *file, double x, double y, const char *fill);

/* A line through points: begin, point after point, end. dashes: as in SVG's
 * stroke-dasharray, NULL = none. */
void svg_path_begin(FILE *file, const char *stroke, double width,
		    const char *dashes);
void svg_path_point(FILE *file, double x, double y);
void svg_path_end(FILE *file);

#endif
