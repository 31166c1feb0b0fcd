/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows become edges of graphs, and graphviz takes them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <sys/wait.h>

#include "output_capture.h"

static const struct row_kind kind = { .name = "edge", .letter = 'G' };

static void put(struct output *output, const char *old_state,
		const char *new_state, const char *why)
{
	static const struct word timer = { "timer", 5 };
	struct row row = { .kind = &kind };

	if (old_state)
		row.cells[COLUMN_OLD] = (struct cell){
			.type = CELL_TEXT, .text = old_state };
	if (new_state)
		row.cells[COLUMN_NEW] = (struct cell){
			.type = CELL_TEXT, .text = new_state };
	row.cells[COLUMN_TRIGGER] = (struct cell){
		.type = CELL_WORD, .word = &timer };
	row.cells[COLUMN_WHY] = (struct cell){ .type = CELL_TEXT, .text = why };
	row.cells[COLUMN_P50_MS] = (struct cell){
		.type = CELL_MS, .id = 1373000 };
	output_row(output, &row);
}

static void open_dot(struct output_capture *capture)
{
	const struct output_options options = {
		.format = "dot",
		.columns = { .count = 5, .uses = {
			{ .id = COLUMN_OLD }, { .id = COLUMN_NEW },
			{ .id = COLUMN_P50_MS }, { .id = COLUMN_TRIGGER },
			{ .id = COLUMN_WHY }
		} },
	};

	output_capture_open(capture, &options);
}

static void each_group_is_a_graph(void **state)
{
	struct output_capture capture;
	const char *text;

	(void)state;
	open_dot(&capture);
	output_open_group(capture.output);
	put(capture.output, "A", "B", "timed out");
	output_close_group(capture.output);
	output_open_group(capture.output);
	output_close_group(capture.output);
	text = output_capture_close(&capture);
	assert_non_null(strstr(text, "\t\"A\" -> \"B\" [label=\"p50_ms 1.373"
			       "\\ntimed out\", color=\"#b3261e\", "
			       "fontcolor=\"#b3261e\"];\n}\ndigraph tcp {\n"));
	assert_string_equal(text + strlen(text) - 2, "}\n");
}

static void quotes_do_not_end_a_label(void **state)
{
	struct output_capture capture;

	(void)state;
	open_dot(&capture);
	put(capture.output, "A\"", "B\\", "\"];}");
	assert_string_equal(output_capture_close(&capture),
			    "\t\"A\\\"\" -> \"B\\\\\" [label=\"p50_ms 1.373\\n"
			    "\\\"];}\", color=\"#b3261e\", "
			    "fontcolor=\"#b3261e\"];\n");
}

static void what_is_no_edge_is_a_comment(void **state)
{
	struct output_capture capture;

	(void)state;
	open_dot(&capture);
	put(capture.output, NULL, "B", "7 events lost on CPU 1");
	assert_string_equal(output_capture_close(&capture),
			    "// p50_ms 1.373, 7 events lost on CPU 1\n");
}

/* What the view prints of its golden cases, as the program prints it. */
static void graphviz_takes_it(void **state)
{
	const char *program = getenv("TCPWATCH");
	char command[4096];

	(void)state;
	if (system("command -v dot >/dev/null 2>&1")) {
		print_message("skip: dot is missing: make deps check-unit\n");
		skip();
	}
	if (!program) {
		print_message("skip: TCPWATCH is not set\n");
		skip();
	}
	snprintf(command, sizeof(command),
		 "for script in graph loss client; do '%s' graph -q "
		 "--backend=scripted -r tests/golden/$script.events; done | "
		 "dot -Tsvg | grep -c '<title>SYN_SENT&#45;&gt;ESTABLISHED' | "
		 "grep -qx 3", program);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_group_is_a_graph),
		cmocka_unit_test(quotes_do_not_end_a_label),
		cmocka_unit_test(what_is_no_edge_is_a_comment),
		cmocka_unit_test(graphviz_takes_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
