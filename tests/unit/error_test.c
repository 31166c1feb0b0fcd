/* SPDX-License-Identifier: BSD-2-Clause */
/* The first failure wins, and texts are cut rather than overrun. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <errno.h>
#include <string.h>

#include <cmocka.h>

#include "tcpwatch/error.h"

static void stores_code_and_text(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(error_set(&err, EACCES, "cannot open '%s'", "x"),
			 -EACCES);
	assert_int_equal(err.code, EACCES);
	assert_string_equal(err.text, "cannot open 'x'");
}

static void keeps_the_first_failure(void **state)
{
	struct error err = { 0 };

	(void)state;
	error_set(&err, EACCES, "first");
	assert_int_equal(error_set(&err, EINVAL, "second"), -EINVAL);
	assert_int_equal(err.code, EACCES);
	assert_string_equal(err.text, "first");
}

static void accepts_no_error(void **state)
{
	(void)state;
	assert_int_equal(error_set(NULL, ENOMEM, "no memory"), -ENOMEM);
	error_prefix(NULL, "prefix");
}

static void cuts_long_texts(void **state)
{
	struct error err = { 0 };
	char text[1000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	error_set(&err, EINVAL, "%s", text);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

static void prefixes_a_failure(void **state)
{
	struct error err = { 0 };

	(void)state;
	error_prefix(&err, "unused");
	assert_string_equal(err.text, "");
	error_set(&err, EINVAL, "'x' is no port");
	error_prefix(&err, "--lport");
	assert_string_equal(err.text, "--lport: 'x' is no port");
}

static void cuts_prefixed_texts(void **state)
{
	struct error err = { 0 };
	char text[1000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	error_set(&err, EINVAL, "%s", text);
	error_prefix(&err, "abc");
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	assert_memory_equal(err.text, "abc: xxx", 8);
	error_prefix(&err, text);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stores_code_and_text),
		cmocka_unit_test(keeps_the_first_failure),
		cmocka_unit_test(accepts_no_error),
		cmocka_unit_test(cuts_long_texts),
		cmocka_unit_test(prefixes_a_failure),
		cmocka_unit_test(cuts_prefixed_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
