/* SPDX-License-Identifier: BSD-2-Clause */
/* SVG 1.1, readable by itself: no scripts, no fonts, nothing from elsewhere. */
#include "svg.h"

void svg_begin(FILE *file, int width, int height, const char *title)
{
	fprintf(file, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
		"height=\"%d\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" "
		"font-size=\"13\" fill=\"#222\">\n<title>%s</title>\n", width,
		height, width, height, title);
	svg_rect(file, 0, 0, width, height, "#fff");
}

void svg_end(FILE *file)
{
	fputs("</svg>\n", file);
}

void svg_rect(FILE *file, double x, double y, double width, double height,
	      const char *fill)
{
	fprintf(file, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
		"fill=\"%s\"/>\n", x, y, width, height, fill);
}

void svg_line(FILE *file, double x1, double y1, double x2, double y2,
	      const char *stroke)
{
	fprintf(file, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
		"stroke=\"%s\"/>\n", x1, y1, x2, y2, stroke);
}

void svg_text(FILE *file, double x, double y, enum svg_anchor anchor,
	      const char *text)
{
	static const char *const anchors[] = { "start", "middle", "end" };

	fprintf(file, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
		x, y, anchors[anchor], text);
}

void svg_mark(FILE *file, double x, double y, const char *fill)
{
	fprintf(file, "<path d=\"M%.1f %.1fl-3.5 -8h7z\" fill=\"%s\"/>\n", x, y,
		fill);
}

void svg_path_begin(FILE *file, const char *stroke, double width,
		    const char *dashes)
{
	fprintf(file, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" ",
		stroke, width);
	if (dashes)
		fprintf(file, "stroke-dasharray=\"%s\" ", dashes);
	fputs("points=\"", file);
}

void svg_path_point(FILE *file, double x, double y)
{
	fprintf(file, "%.1f,%.1f ", x, y);
}

void svg_path_end(FILE *file)
{
	fputs("\"/>\n", file);
}
