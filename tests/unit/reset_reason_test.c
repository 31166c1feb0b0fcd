/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of reset reasons and of errors, both ways. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "common/errno_name.h"
#include "tcpwatch/reset_reason.h"

static void a_name_is_found_by_its_number(void **state)
{
	const char *name = "TCP_ABORT_ON_DATA";
	uint8_t number = reset_reason_find(name, strlen(name));

	(void)state;
	assert_string_equal(reset_reason_name(number), name);
	assert_null(reset_reason_name(RESET_REASON_NONE));
	for (uint8_t i = RESET_REASON_NONE + 1; i < reset_reason_find("ERROR", 5); i++)
		assert_int_equal(reset_reason_find(reset_reason_name(i),
						   strlen(reset_reason_name(i))), i);
}

static void what_has_no_name_is_unknown(void **state)
{
	(void)state;
	assert_int_equal(reset_reason_find("TCP_ABORT_ON", 12), RESET_REASON_UNNAMED);
	assert_int_equal(reset_reason_find("", 0), RESET_REASON_UNNAMED);
	assert_string_equal(reset_reason_name(RESET_REASON_UNNAMED), "UNKNOWN");
}

static void errors_of_sockets_have_names(void **state)
{
	(void)state;
	assert_string_equal(errno_name(ETIMEDOUT), "ETIMEDOUT");
	assert_string_equal(errno_name(ECONNABORTED), "ECONNABORTED");
	assert_null(errno_name(0));
	assert_null(errno_name(ENOTTY));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_found_by_its_number),
		cmocka_unit_test(what_has_no_name_is_unknown),
		cmocka_unit_test(errors_of_sockets_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
