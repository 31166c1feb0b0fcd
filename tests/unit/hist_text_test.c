/* SPDX-License-Identifier: BSD-2-Clause */
/* What kernels printed into their hist files, and what they did not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "trace/hist_text.h"

static struct hist_table read_text(const char *text)
{
	struct hist_table table = { 0 };

	assert_int_equal(hist_text_read(&table, text), 0);
	return table;
}

static uint64_t hits(const struct hist_table *table)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < table->count; i++)
		sum += table->entries[i].count;
	return sum;
}

/* Each: the figures of its own Totals, and what is in its first entry. */
static void reads_what_kernels_print(void **state)
{
	static const char *const names[] = {
		"6.1.0-all", "6.1.0-dport", "6.1.0-cookie",
		"6.12.107-all", "6.12.107-dport", "6.12.107-cookie"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		static char text[16384];
		unsigned long long told, entries;
		struct hist_table table;
		char path[64];
		size_t length;
		FILE *file;

		snprintf(path, sizeof(path), "tests/recorded/hist/%s", names[i]);
		file = fopen(path, "r");
		assert_non_null(file);
		length = fread(text, 1, sizeof(text) - 1, file);
		fclose(file);
		text[length] = '\0';
		table = read_text(text);
		assert_int_equal(sscanf(strstr(text, "Hits:"), "Hits: %llu", &told), 1);
		assert_int_equal(sscanf(strstr(text, "Entries:"), "Entries: %llu",
					&entries), 1);
		assert_int_equal(hits(&table), told);
		assert_int_equal(table.count, entries);
		assert_int_equal(table.dropped, 0);
		for (size_t j = 0; j < table.count; j++) {
			const struct hist_entry *entry = &table.entries[j];
			uint64_t le = UINT64_C(1) << entry->le_log2;

			assert_true(entry->sum <= entry->count * le);
			assert_true(entry->sum > entry->count * (le / 2));
			assert_int_equal(!entry->key, !!strstr(names[i], "all"));
		}
		hist_table_done(&table);
	}
}

static void reads_every_key(void **state)
{
	struct hist_table table = read_text(
		"{ srtt: ~ 2^5 , sport:        443 } hitcount:          3  srtt:        100\n"
		"{ srtt: ~ 2^10, dport:      65535 } hitcount:          1  srtt:       1000\n"
		"{ srtt: ~ 2^0 , sock_cookie: 281474976710655 } hitcount: 1  srtt: 1\n"
		"{ srtt: ~ 2^6 , sock_cookie:          7 } hitcount: 2  srtt:       99\n"
		"\nTotals:\n    Hits: 7\n    Entries: 4\n    Dropped: 12");

	(void)state;
	assert_int_equal(table.count, 4);
	assert_int_equal(table.entries[0].key, 7);
	assert_int_equal(table.entries[0].le_log2, 6);
	assert_int_equal(table.entries[0].count, 2);
	assert_int_equal(table.entries[0].sum, 99);
	assert_int_equal(table.entries[1].key, 443);
	assert_int_equal(table.entries[2].key, 65535);
	assert_true(table.entries[3].key == 281474976710655);
	assert_int_equal(table.entries[3].le_log2, 0);
	assert_int_equal(table.dropped, 12);
	hist_table_done(&table);
}

static void leaves_out_what_it_does_not_know(void **state)
{
	static const char *const texts[] = {
		"", "\n\n", "{", "{ srtt: ~ 2^5", "{ srtt: ~ 2^5 }",
		"{ srtt: ~ 2^5 } hitcount: x  srtt: 100",
		"{ srtt: ~ 2^65 } hitcount: 1  srtt: 100",
		"{ srtt: ~ 2^5 , other: 3 } hitcount: 1  srtt: 20",
		"{ srtt: ~ 2^5 } hitcount: 1",
		"{ srtt: 5 } hitcount: 1  srtt: 20",
		"} hitcount: 1  srtt: 20 { srtt: ~ 2^5",
		"{ srtt: ~ 2^\n5 } hitcount: 1  srtt: 20",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct hist_table table = read_text(texts[i]);

		assert_int_equal(table.count, 0);
		hist_table_done(&table);
	}
}

static void subtracts_by_key_and_bucket(void **state)
{
	struct hist_table before = read_text(
		"{ srtt: ~ 2^5 , sport: 1 } hitcount: 3  srtt: 90\n"
		"{ srtt: ~ 2^6 , sport: 1 } hitcount: 1  srtt: 40\n"
		"{ srtt: ~ 2^5 , sport: 9 } hitcount: 5  srtt: 120\n"
		"    Dropped: 1\n");
	struct hist_table now = read_text(
		"{ srtt: ~ 2^5 , sport: 9 } hitcount: 6  srtt: 140\n"
		"{ srtt: ~ 2^4 , sport: 3 } hitcount: 1  srtt: 16\n"
		"{ srtt: ~ 2^6 , sport: 1 } hitcount: 1  srtt: 40\n"
		"{ srtt: ~ 2^5 , sport: 1 } hitcount: 4  srtt: 122\n"
		"    Dropped: 4\n");

	(void)state;
	hist_table_subtract(&now, &before);
	assert_int_equal(now.count, 3);
	assert_int_equal(now.entries[0].key, 1);
	assert_int_equal(now.entries[0].count, 1);
	assert_int_equal(now.entries[0].sum, 32);
	assert_int_equal(now.entries[1].key, 3);
	assert_int_equal(now.entries[1].count, 1);
	assert_int_equal(now.entries[2].key, 9);
	assert_int_equal(now.entries[2].sum, 20);
	assert_int_equal(now.dropped, 3);
	hist_table_done(&before);
	hist_table_done(&now);
}

static void a_table_is_filled_again(void **state)
{
	struct hist_table table = read_text(
		"{ srtt: ~ 2^5 } hitcount: 3  srtt: 90\n    Dropped: 1\n");

	(void)state;
	assert_int_equal(hist_text_read(&table,
		"{ srtt: ~ 2^6 } hitcount: 4  srtt: 190\n"), 0);
	assert_int_equal(table.count, 1);
	assert_int_equal(table.entries[0].le_log2, 6);
	assert_int_equal(table.dropped, 0);
	hist_table_done(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_kernels_print),
		cmocka_unit_test(reads_every_key),
		cmocka_unit_test(leaves_out_what_it_does_not_know),
		cmocka_unit_test(subtracts_by_key_and_bucket),
		cmocka_unit_test(a_table_is_filled_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
