/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages on stderr: prefix, verbosity, nothing that disturbs a terminal. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "common/diagnostics.h"

static int real_stderr, ends[2];
static char text[8192];

static int capture(void **state)
{
	(void)state;
	real_stderr = dup(STDERR_FILENO);
	if (pipe2(ends, O_NONBLOCK))
		return -1;
	return dup2(ends[1], STDERR_FILENO) < 0;
}

static int release(void **state)
{
	(void)state;
	diagnostics_set_verbosity(0);
	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	close(ends[0]);
	return close(ends[1]);
}

/* What came on stderr since the last call. */
static const char *said(void)
{
	ssize_t length = read(ends[0], text, sizeof(text) - 1);

	text[length > 0 ? length : 0] = '\0';
	return text;
}

static void messages_have_prefix_and_newline(void **state)
{
	struct error err = { .code = 1, .text = "cannot open 'x': run as root" };

	(void)state;
	diagnostics_error(&err);
	assert_string_equal(said(), "tcpwatch: cannot open 'x': run as root\n");
	diagnostics_note("%d events, %s", 3, "0 lost");
	assert_string_equal(said(), "tcpwatch: 3 events, 0 lost\n");
}

static void verbosity_decides(void **state)
{
	struct error err = { .code = 1, .text = "failed" };

	(void)state;
	diagnostics_detail("detail");
	assert_string_equal(said(), "");
	diagnostics_set_verbosity(1);
	diagnostics_detail("detail");
	assert_string_equal(said(), "tcpwatch: detail\n");
	diagnostics_set_verbosity(-1);
	diagnostics_note("note");
	assert_string_equal(said(), "");
	diagnostics_error(&err);
	assert_string_equal(said(), "tcpwatch: failed\n");
}

static void control_bytes_are_harmless(void **state)
{
	(void)state;
	diagnostics_note("file '%s'", "a\x1b[2J\nb\xff");
	assert_string_equal(said(), "tcpwatch: file 'a?[2J?b?'\n");
	diagnostics_note("%s", "caf\xc3\xa9");
	assert_string_equal(said(), "tcpwatch: caf\xc3\xa9\n");
}

static void long_messages_are_one_line(void **state)
{
	char long_text[4000];

	(void)state;
	memset(long_text, 'x', sizeof(long_text));
	long_text[sizeof(long_text) - 1] = '\0';
	diagnostics_note("%s", long_text);
	said();
	assert_in_range(strlen(text), 1000, 1100);
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(messages_have_prefix_and_newline,
						capture, release),
		cmocka_unit_test_setup_teardown(verbosity_decides, capture,
						release),
		cmocka_unit_test_setup_teardown(control_bytes_are_harmless,
						capture, release),
		cmocka_unit_test_setup_teardown(long_messages_are_one_line,
						capture, release)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
