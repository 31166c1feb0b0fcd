/* SPDX-License-Identifier: BSD-2-Clause */
/* Two panels over one time: windows in segments above, round trips below;
 * congestion states as bands behind both, retransmissions as marks. */
#include "cwnd_drawing.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/number_text.h"
#include "output/svg.h"
#include "tcpwatch/tcp_state.h"

enum {
	WIDTH = 1200, HEIGHT = 680,
	LEFT = 70, RIGHT = 1120,
	WINDOWS_TOP = 80, WINDOWS_BOTTOM = 440,
	TRIPS_TOP = 480, TRIPS_BOTTOM = 620,
	TICKS = 5,
	INFINITE_SSTHRESH = 0x7fffffff  /* TCP_INFINITE_SSTHRESH */
};

/* Where values and times are in the picture. */
struct panel {
	double top, bottom;
	double largest;         /* value, at the top */
};

struct drawing {
	FILE *file;
	const struct cwnd_series *series;
	uint64_t begin_ns, end_ns;
	struct panel windows, bytes, trips;
};

static const struct {
	const char *fill;
} bands[] = {
	[CONG_STATE_OPEN] = { NULL },
	[CONG_STATE_DISORDER] = { "#fdf0c4" },
	[CONG_STATE_CWR] = { "#d8e8f8" },
	[CONG_STATE_RECOVERY] = { "#fbd5b0" },
	[CONG_STATE_LOSS] = { "#f6b3b3" },
};

static const char cwnd_color[] = "#1f5fa8", in_flight_color[] = "#2e8b57",
		  ssthresh_color[] = "#888", trip_color[] = "#7b3fa0",
		  mark_color[] = "#c00", frame_color[] = "#666",
		  grid_color[] = "#ddd";

static double x_of(const struct drawing *drawing, uint64_t time_ns)
{
	double whole = (double)(drawing->end_ns - drawing->begin_ns);

	if (time_ns < drawing->begin_ns)
		time_ns = drawing->begin_ns;
	if (time_ns > drawing->end_ns)
		time_ns = drawing->end_ns;
	return LEFT + (RIGHT - LEFT) *
	       (double)(time_ns - drawing->begin_ns) / whole;
}

static double y_of(const struct panel *panel, double value)
{
	return panel->bottom -
	       (panel->bottom - panel->top) * value / panel->largest;
}

/* A round number near a part of the whole. */
static double step_of(double largest)
{
	double rough = largest / TICKS, power = 1;

	while (power > rough)
		power /= 10;
	while (power * 10 <= rough)
		power *= 10;
	if (rough / power < 1.5)
		return power;
	if (rough / power < 3.5)
		return 2 * power;
	return (rough / power < 7.5 ? 5 : 10) * power;
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

/* A window without ssthresh is none. */
static bool has_ssthresh(const struct cwnd_point *point)
{
	return point->ssthresh && point->ssthresh < INFINITE_SSTHRESH;
}

static void measure(struct drawing *drawing)
{
	const struct cwnd_series *series = drawing->series;
	double windows = 1, bytes = 1, trips = 1;

	for (size_t i = 0; i < series->points; i++) {
		const struct cwnd_point *point = &series->point[i];

		windows = larger(windows, point->cwnd);
		bytes = larger(bytes, point->in_flight);
		trips = larger(trips, point->srtt_us / 1000.0);
	}
	if (series->mss)
		windows = larger(windows, bytes / series->mss);
	drawing->begin_ns = series->point[0].time_ns;
	drawing->end_ns = series->end_ns > drawing->begin_ns ?
			  series->end_ns : drawing->begin_ns + 1;
	drawing->windows = (struct panel){ WINDOWS_TOP, WINDOWS_BOTTOM,
					   windows * 1.08 };
	drawing->bytes = (struct panel){ WINDOWS_TOP, WINDOWS_BOTTOM,
					 bytes * 1.08 };
	drawing->trips = (struct panel){ TRIPS_TOP, TRIPS_BOTTOM, trips * 1.08 };
}

static void draw_bands(const struct drawing *drawing)
{
	const struct cwnd_series *series = drawing->series;

	for (size_t i = 0; i < series->changes; i++) {
		const struct cwnd_change *change = &series->change[i];
		uint64_t until = i + 1 < series->changes ? change[1].time_ns :
							   drawing->end_ns;
		double x = x_of(drawing, change->time_ns);
		double width = x_of(drawing, until) - x;

		if (change->cong >= CONG_STATE_COUNT ||
		    !bands[change->cong].fill)
			continue;
		/* One that is too short to be seen is drawn all the same. */
		width = larger(width, 1);
		svg_rect(drawing->file, x, WINDOWS_TOP, width,
			 WINDOWS_BOTTOM - WINDOWS_TOP, bands[change->cong].fill);
		svg_rect(drawing->file, x, TRIPS_TOP, width,
			 TRIPS_BOTTOM - TRIPS_TOP, bands[change->cong].fill);
	}
}

static void draw_scale(const struct drawing *drawing, const struct panel *panel,
		       const char *title)
{
	double step = step_of(panel->largest);
	char text[32];

	for (double value = 0; value <= panel->largest; value += step) {
		double y = y_of(panel, value);

		svg_line(drawing->file, LEFT, y, RIGHT, y, grid_color);
		snprintf(text, sizeof(text), "%g", value);
		svg_text(drawing->file, LEFT - 6, y + 4, SVG_END, text);
	}
	svg_text(drawing->file, LEFT, panel->top - 8, SVG_START, title);
	svg_line(drawing->file, LEFT, panel->top, LEFT, panel->bottom,
		 frame_color);
	svg_line(drawing->file, LEFT, panel->bottom, RIGHT, panel->bottom,
		 frame_color);
}

/* Bytes have their own scale where segments are not known. */
static void draw_bytes_scale(const struct drawing *drawing)
{
	const struct panel *panel = &drawing->bytes;
	double step = step_of(panel->largest);
	char text[32];

	for (double value = 0; value <= panel->largest; value += step) {
		snprintf(text, sizeof(text), "%g", value);
		svg_text(drawing->file, RIGHT + 6, y_of(panel, value) + 4,
			 SVG_START, text);
	}
	svg_text(drawing->file, RIGHT + 6, panel->top - 8, SVG_START, "bytes");
}

static void draw_times(const struct drawing *drawing)
{
	double seconds = (double)(drawing->end_ns - drawing->begin_ns) / 1e9;
	double step = step_of(seconds);
	char text[32];

	for (double value = 0; value <= seconds; value += step) {
		double x = x_of(drawing, drawing->begin_ns +
				(uint64_t)(value * 1e9));

		svg_line(drawing->file, x, TRIPS_BOTTOM, x, TRIPS_BOTTOM + 5,
			 frame_color);
		snprintf(text, sizeof(text), "%g", value);
		svg_text(drawing->file, x, TRIPS_BOTTOM + 20, SVG_MIDDLE, text);
	}
	svg_text(drawing->file, RIGHT, TRIPS_BOTTOM + 38, SVG_END,
		 "seconds since its first sample");
}

enum figure { FIGURE_CWND, FIGURE_SSTHRESH, FIGURE_IN_FLIGHT, FIGURE_TRIP };

/* False where the point has no such figure. */
static bool figure_of(const struct drawing *drawing,
		      const struct cwnd_point *point, enum figure figure,
		      double *y)
{
	uint16_t mss = drawing->series->mss;

	switch (figure) {
	case FIGURE_CWND:
		*y = y_of(&drawing->windows, point->cwnd);
		return true;
	case FIGURE_SSTHRESH:
		if (!has_ssthresh(point) ||
		    point->ssthresh > drawing->windows.largest)
			return false;
		*y = y_of(&drawing->windows, point->ssthresh);
		return true;
	case FIGURE_IN_FLIGHT:
		*y = mss ? y_of(&drawing->windows,
				(double)point->in_flight / mss)
			 : y_of(&drawing->bytes, point->in_flight);
		return true;
	case FIGURE_TRIP:
		*y = y_of(&drawing->trips, point->srtt_us / 1000.0);
		return point->srtt_us;
	}
	return false;
}

/* In steps: each figure holds until the next sample. */
static void draw_figure(const struct drawing *drawing, enum figure figure,
			const char *color, double width, const char *dashes)
{
	const struct cwnd_series *series = drawing->series;
	double before = 0;
	bool open = false;

	for (size_t i = 0; i < series->points; i++) {
		const struct cwnd_point *point = &series->point[i];
		double x = x_of(drawing, point->time_ns), y;

		if (!figure_of(drawing, point, figure, &y)) {
			if (open)
				svg_path_end(drawing->file);
			open = false;
			continue;
		}
		if (!open)
			svg_path_begin(drawing->file, color, width, dashes);
		else if (y < before || y > before)
			svg_path_point(drawing->file, x, before);
		svg_path_point(drawing->file, x, y);
		before = y;
		open = true;
	}
	if (open)
		svg_path_end(drawing->file);
}

static void draw_marks(const struct drawing *drawing)
{
	const struct cwnd_series *series = drawing->series;

	for (size_t i = 0; i < series->retransmissions; i++)
		svg_mark(drawing->file,
			 x_of(drawing, series->retransmission[i]),
			 WINDOWS_TOP, mark_color);
}

static void draw_legend(const struct drawing *drawing)
{
	static const struct {
		const char *name, *color;
	} lines[] = {
		{ "cwnd", cwnd_color }, { "in flight", in_flight_color },
		{ "ssthresh", ssthresh_color }, { "srtt", trip_color },
	};
	double x = LEFT;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		svg_rect(drawing->file, x, 39, 18, 3, lines[i].color);
		svg_text(drawing->file, x + 24, 45, SVG_START, lines[i].name);
		x += 105;
	}
	for (unsigned int state = 0; state < CONG_STATE_COUNT; state++) {
		if (!bands[state].fill)
			continue;
		svg_rect(drawing->file, x, 33, 18, 14, bands[state].fill);
		svg_text(drawing->file, x + 24, 45, SVG_START,
			 cong_state_name(state));
		x += 115;
	}
	svg_mark(drawing->file, x + 9, 44, mark_color);
	svg_text(drawing->file, x + 24, 45, SVG_START, "retransmission");
}

static void end_text(char text[64], const struct endpoint *endpoint,
		     uint8_t family)
{
	bool ipv4 = family == EVENT_FAMILY_IPV4;
	char address[NUMBER_TEXT_ADDRESS + 1];

	address[number_text_address(address, endpoint->address, family)] = '\0';
	snprintf(text, 64, ipv4 ? "%s:%u" : "[%s]:%u", address, endpoint->port);
}

static void draw_title(const struct drawing *drawing)
{
	const struct cwnd_series *series = drawing->series;
	char local[64], remote[64], text[224];

	end_text(local, &series->local, series->family);
	end_text(remote, &series->remote, series->family);
	snprintf(text, sizeof(text), "s%" PRIu64 "  %s to %s, %" PRIu64
		 " samples, %zu retransmissions", series->sock, local, remote,
		 series->samples, series->retransmissions);
	svg_text(drawing->file, LEFT, 22, SVG_START, text);
}

void cwnd_drawing_write(FILE *file, const struct cwnd_series *series)
{
	struct drawing drawing = { .file = file, .series = series };

	measure(&drawing);
	svg_begin(file, WIDTH, HEIGHT, "tcpwatch cwnd");
	draw_bands(&drawing);
	draw_scale(&drawing, &drawing.windows, "segments");
	if (!series->mss)
		draw_bytes_scale(&drawing);
	draw_scale(&drawing, &drawing.trips, "srtt, ms");
	draw_times(&drawing);
	draw_figure(&drawing, FIGURE_SSTHRESH, ssthresh_color, 1.2, "5 4");
	draw_figure(&drawing, FIGURE_IN_FLIGHT, in_flight_color, 1, NULL);
	draw_figure(&drawing, FIGURE_CWND, cwnd_color, 1.8, NULL);
	draw_figure(&drawing, FIGURE_TRIP, trip_color, 1.4, NULL);
	draw_marks(&drawing);
	draw_legend(&drawing);
	draw_title(&drawing);
	svg_end(file);
}
