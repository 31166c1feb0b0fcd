/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers and names of states, each from the other. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <errno.h>

#include <cmocka.h>

#include "tcpwatch/tcp_state.h"

static void every_tcp_state_has_a_name(void **state)
{
	unsigned int number;

	(void)state;
	for (number = 1; number < TCP_STATE_COUNT; number++) {
		assert_non_null(tcp_state_name(number));
		assert_int_equal(tcp_state_parse(tcp_state_name(number)),
				 number);
	}
	assert_string_equal(tcp_state_name(4), "FIN_WAIT1");
	assert_string_equal(tcp_state_name(10), "LISTEN");
}

static void every_cong_state_has_a_name(void **state)
{
	unsigned int number;

	(void)state;
	for (number = 0; number < CONG_STATE_COUNT; number++) {
		assert_non_null(cong_state_name(number));
		assert_int_equal(cong_state_parse(cong_state_name(number)),
				 number);
	}
	assert_string_equal(cong_state_name(3), "RECOVERY");
}

static void unknown_is_not_unnamed(void **state)
{
	(void)state;
	assert_null(tcp_state_name(TCP_STATE_UNKNOWN));
	assert_null(cong_state_name(CONG_STATE_UNKNOWN));
	assert_string_equal(tcp_state_name(TCP_STATE_COUNT), "UNKNOWN");
	assert_string_equal(cong_state_name(CONG_STATE_COUNT), "UNKNOWN");
}

static void letters_in_either_case(void **state)
{
	(void)state;
	assert_int_equal(tcp_state_parse("fin_Wait2"), TCP_STATE_FIN_WAIT2);
	assert_int_equal(cong_state_parse("cwr"), CONG_STATE_CWR);
}

static void other_words_are_refused(void **state)
{
	(void)state;
	assert_int_equal(tcp_state_parse("FIN_WAIT"), -EINVAL);
	assert_int_equal(tcp_state_parse("UNKNOWN"), -EINVAL);
	assert_int_equal(tcp_state_parse(""), -EINVAL);
	assert_int_equal(cong_state_parse("ESTABLISHED"), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_tcp_state_has_a_name),
		cmocka_unit_test(every_cong_state_has_a_name),
		cmocka_unit_test(unknown_is_not_unnamed),
		cmocka_unit_test(letters_in_either_case),
		cmocka_unit_test(other_words_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
