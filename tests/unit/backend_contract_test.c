/* SPDX-License-Identifier: BSD-2-Clause */
/* Every backend of this build keeps the contract, whether it can work here or
 * not; and those that break it are found. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "backend_contract.h"
#include "broken_backends.h"

static const char script[] =
	"since 0.5\n"
	"state 1 sk=1 CLOSE>SYN_SENT 10.0.0.1:0 > 10.0.0.2:80 tid=1\n"
	"tick 1\n"
	"repeat 50 time=+0.1 sk=+1\n"
	"state 2 sk=10 CLOSE>SYN_SENT [::1]:0 > [::1]:80 tid=1\n"
	"end\n"
	"destroy 1.5 sk=1 late\n"
	"lost 7 cpu=1\n";

static char script_path[256];

static int write_script(void **state)
{
	const char *folder = getenv("TMPDIR");
	bool written;
	int fd;

	(void)state;
	snprintf(script_path, sizeof(script_path),
		 "%s/tcpwatch-contract-XXXXXX",
		 folder && *folder ? folder : "/tmp");
	fd = mkstemp(script_path);
	if (fd < 0)
		return -1;
	written = write(fd, script, strlen(script)) == (ssize_t)strlen(script);
	return close(fd) == 0 && written ? 0 : -1;
}

static int remove_script(void **state)
{
	(void)state;
	return unlink(script_path);
}

static void expect_innocent(const struct backend_ops *ops, const char *path,
			    struct error *refusal)
{
	const struct backend_options options = {
		.events = ~0u,
		.latency_ns = 100000000,
		.path = path,
	};
	const char *crime = backend_contract_check(ops, &options, refusal);

	if (crime)
		print_error("%s: %s\n", ops->name, crime);
	assert_null(crime);
	if (refusal->code)
		print_message("%s: %s\n", ops->name, refusal->text);
}

/* Each reader of files has files of its own kind. */
static const char *path_for(const struct backend_ops *ops)
{
	if (!(ops->promises & BACKEND_FILE))
		return NULL;
	return ops->promises & BACKEND_AUTO ?
	       "tests/recorded/trace-dat/trace-cmd-v6.dat" : script_path;
}

static void every_backend_keeps_the_contract(void **state)
{
	(void)state;
	for (const struct backend_ops *const *row = backends; *row; row++) {
		struct error refusal = { 0 };
		bool reads = (*row)->promises & BACKEND_FILE;

		expect_innocent(*row, path_for(*row), &refusal);
		if (reads)
			assert_int_equal(refusal.code, 0);
	}
}

static void the_silent_one_keeps_the_contract(void **state)
{
	struct error refusal = { 0 };

	(void)state;
	expect_innocent(&backend_silent, NULL, &refusal);
	assert_int_equal(refusal.code, 0);
}

static void readers_of_files_refuse_a_missing_one(void **state)
{
	(void)state;
	for (const struct backend_ops *const *row = backends; *row; row++) {
		struct error refusal = { 0 };

		if (!((*row)->promises & BACKEND_FILE))
			continue;
		expect_innocent(*row, "/nonexistent/file", &refusal);
		assert_true(refusal.code > 0);
		refusal = (struct error){ 0 };
		expect_innocent(*row, NULL, &refusal);
		assert_true(refusal.code > 0);
	}
}

static void names_are_unique(void **state)
{
	(void)state;
	for (const struct backend_ops *const *row = backends; *row; row++) {
		assert_true(backend_name_exists((*row)->name));
		for (const struct backend_ops *const *other = row + 1; *other;
		     other++)
			assert_string_not_equal((*row)->name, (*other)->name);
	}
}

static void every_crime_is_found(void **state)
{
	const struct backend_options options = { .events = ~0u };
	struct broken_backend broken;

	(void)state;
	for (size_t i = 0; broken_backends_get(i, &broken); i++) {
		struct error refusal = { 0 };
		const char *crime = backend_contract_check(&broken.ops, &options,
							   &refusal);

		broken_backends_clean();
		if (!broken.crime) {
			assert_null(crime);
			continue;
		}
		if (!crime || !strstr(crime, broken.crime))
			print_error("'%s' was found to be '%s'\n", broken.crime,
				    crime ? crime : "in order");
		assert_non_null(crime);
		assert_non_null(strstr(crime, broken.crime));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_backend_keeps_the_contract),
		cmocka_unit_test(the_silent_one_keeps_the_contract),
		cmocka_unit_test(readers_of_files_refuse_a_missing_one),
		cmocka_unit_test(names_are_unique),
		cmocka_unit_test(every_crime_is_found),
	};

	return cmocka_run_group_tests(tests, write_script, remove_script);
}
