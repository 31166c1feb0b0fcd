/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of kernel symbols as they are, as they may be, and as they are when the
 * kernel hides them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "trace/kernel_symbols.h"

static const char path[] = "build/kernel_symbols_test.tmp";

static void write_list(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int open_list(struct kernel_symbols *symbols, const char *text,
		     struct error *err)
{
	int ret;

	write_list(text);
	ret = kernel_symbols_open(symbols, path, err);
	unlink(path);
	return ret;
}

static void finds_the_function_around(void **state)
{
	struct kernel_symbols symbols;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(open_list(&symbols,
				   "ffffffff81000100 T tcp_v4_rcv\n"
				   "ffffffff81000300 t tcp_fin\n"
				   "ffffffffc0000000 t nft_do_chain\t[nf_tables]\n"
				   "ffffffff81000200 W tcp_done\n", &err), 0);
	assert_int_equal(symbols.count, 4);
	assert_null(kernel_symbols_find(&symbols, 0));
	assert_null(kernel_symbols_find(&symbols, 0xffffffff810000ff));
	assert_string_equal(kernel_symbols_find(&symbols, 0xffffffff81000100),
			    "tcp_v4_rcv");
	assert_string_equal(kernel_symbols_find(&symbols, 0xffffffff810001ff),
			    "tcp_v4_rcv");
	assert_string_equal(kernel_symbols_find(&symbols, 0xffffffff81000200),
			    "tcp_done");
	assert_string_equal(kernel_symbols_find(&symbols, 0xffffffff81000301),
			    "tcp_fin");
	assert_string_equal(kernel_symbols_find(&symbols, 0xffffffffc0000010),
			    "nft_do_chain [nf_tables]");
	/* No function is that long: of a module that came later. */
	assert_null(kernel_symbols_find(&symbols, 0xffffffffc0100000));
	assert_null(kernel_symbols_find(&symbols, UINT64_MAX));
	kernel_symbols_close(&symbols);
	kernel_symbols_close(&symbols);
}

static void takes_the_first_of_several_names(void **state)
{
	struct kernel_symbols symbols;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(open_list(&symbols,
				   "ffffffff81000200 T third\n"
				   "ffffffff81000100 T first\n"
				   "ffffffff81000100 T second\n", &err), 0);
	assert_string_equal(kernel_symbols_find(&symbols, 0xffffffff81000150),
			    "first");
	kernel_symbols_close(&symbols);
}

static void passes_over_what_is_no_function(void **state)
{
	struct kernel_symbols symbols;
	struct error err = { 0 };
	char text[4096] = "ffffffff81000100 T before\n"
			  "ffffffff81000110 D data\n"
			  "ffffffff81000120 A fixed_percpu_data\n"
			  "\n"
			  "nonsense\n"
			  "zzzz T name\n"
			  "ffffffff81000130\n"
			  "ffffffff81000140 T\n"
			  "ffffffff81000150 T ";
	size_t length = strlen(text);

	(void)state;
	/* One that is longer than any: its rest is no line. */
	memset(text + length, 'x', 2000);
	strcpy(text + length + 2000, " T y\nffffffff81000160 T after");
	assert_int_equal(open_list(&symbols, text, &err), 0);
	assert_string_equal(kernel_symbols_find(&symbols, 0xffffffff81000145),
			    "before");
	assert_string_equal(kernel_symbols_find(&symbols, 0xffffffff81000160),
			    "after");
	assert_int_equal(strspn(kernel_symbols_find(&symbols,
						    0xffffffff81000155), "x"),
			 511);
	assert_int_equal(symbols.count, 3);
	kernel_symbols_close(&symbols);
}

static void says_when_addresses_are_hidden(void **state)
{
	struct kernel_symbols symbols;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(open_list(&symbols,
				   "0000000000000000 T tcp_v4_rcv\n"
				   "0000000000000000 t tcp_fin\n", &err), -EPERM);
	assert_non_null(strstr(err.text, "kptr_restrict"));
	assert_null(symbols.symbols);
	kernel_symbols_close(&symbols);
}

static void refuses_a_list_without_functions(void **state)
{
	struct kernel_symbols symbols;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(open_list(&symbols, "", &err), -ENOENT);
	err = (struct error){ 0 };
	assert_int_equal(kernel_symbols_open(&symbols, "build/no such file",
					     &err), -ENOENT);
	assert_int_equal(err.code, ENOENT);
}

static void is_bounded(void **state)
{
	struct kernel_symbols symbols;
	struct error err = { 0 };
	FILE *file = fopen(path, "w");

	(void)state;
	assert_non_null(file);
	for (unsigned int i = 0; i <= KERNEL_SYMBOLS_MAX; i++)
		fprintf(file, "%x T f\n", i + 1);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(kernel_symbols_open(&symbols, path, &err), -E2BIG);
	assert_null(symbols.symbols);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_function_around),
		cmocka_unit_test(takes_the_first_of_several_names),
		cmocka_unit_test(passes_over_what_is_no_function),
		cmocka_unit_test(says_when_addresses_are_hidden),
		cmocka_unit_test(refuses_a_list_without_functions),
		cmocka_unit_test(is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
