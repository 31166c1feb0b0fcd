/* SPDX-License-Identifier: BSD-2-Clause */
/* Strict parsing of option values: the whole word, in range, or an error. */
#include "options_value.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/ns.h"

enum { NS_DIGITS = 9 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads digits and moves *text behind them; false when there are none or the
 * number has no room. */
static bool read_digits(const char **text, uint64_t *value)
{
	const char *start = *text;
	uint64_t sum = 0;

	for (; is_digit(**text); (*text)++) {
		if (__builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, **text - '0', &sum))
			return false;
	}
	*value = sum;
	return *text > start;
}

/* The digits behind a decimal point, as nanoseconds. */
static bool read_fraction(const char **text, uint64_t *ns)
{
	const char *start = *text;
	unsigned int digits = 0;
	uint64_t sum = 0;

	for (; is_digit(**text); (*text)++) {
		if (digits < NS_DIGITS) {
			sum = sum * 10 + (uint64_t)(**text - '0');
			digits++;
		}
	}
	for (; digits < NS_DIGITS; digits++)
		sum *= 10;
	*ns = sum;
	return *text > start;
}

static int check_range(uint64_t *value, uint64_t parsed, bool whole,
		       const char *text, const struct options_range *range,
		       struct error *err)
{
	if (!whole || parsed < range->low || parsed > range->high)
		return error_set(err, EINVAL, "'%.60s' is not %s", text,
				 range->words);
	*value = parsed;
	return 0;
}

int options_value_number(uint64_t *value, const char *text,
			 const struct options_range *range, struct error *err)
{
	const char *rest = text;
	uint64_t number = 0;
	bool whole = read_digits(&rest, &number) && *rest == '\0';

	return check_range(value, number, whole, text, range, err);
}

static unsigned int unit_shift(char unit)
{
	switch (unit) {
	case 'k':
	case 'K':
		return 10;
	case 'm':
	case 'M':
		return 20;
	case 'g':
	case 'G':
		return 30;
	default:
		return 0;
	}
}

int options_value_bytes(uint64_t *bytes, const char *text,
			const struct options_range *range, struct error *err)
{
	const char *rest = text;
	uint64_t number = 0;
	unsigned int shift;
	bool whole = read_digits(&rest, &number);

	shift = unit_shift(*rest);
	if (shift)
		rest++;
	whole = whole && *rest == '\0' && number <= UINT64_MAX >> shift;
	return check_range(bytes, whole ? number << shift : 0, whole, text,
			   range, err);
}

int options_value_seconds(uint64_t *ns, const char *text,
			  const struct options_range *range, struct error *err)
{
	const char *rest = text;
	uint64_t seconds = 0, fraction = 0, total = 0;
	bool whole = read_digits(&rest, &seconds) || *text == '.';

	if (whole && *rest == '.') {
		rest++;
		whole = read_fraction(&rest, &fraction);
	}
	whole = whole && *rest == '\0' &&
		!__builtin_mul_overflow(seconds, NS_PER_S, &total) &&
		!__builtin_add_overflow(total, fraction, &total);
	return check_range(ns, total, whole, text, range, err);
}

static bool find_name(const char *word, size_t length,
		      const struct options_names *names, unsigned int *number)
{
	unsigned int i;

	for (i = names->first; i < names->end; i++) {
		const char *name = names->name(i);

		if (strlen(name) == length &&
		    strncasecmp(name, word, length) == 0) {
			*number = i;
			return true;
		}
	}
	return false;
}

int options_value_names(uint32_t *set, const char *text,
			const struct options_names *names, struct error *err)
{
	uint32_t found = 0;
	const char *word = text;

	for (;;) {
		size_t length = strcspn(word, ",");
		unsigned int number;

		if (!find_name(word, length, names, &number))
			return options_value_wrong_name(word, length, names, err);
		found |= UINT32_C(1) << number;
		if (word[length] == '\0')
			break;
		word += length + 1;
	}
	*set |= found;
	return 0;
}

int options_value_wrong_name(const char *word, size_t length,
			     const struct options_names *names,
			     struct error *err)
{
	char right[256] = "";
	size_t used = 0;
	unsigned int i;

	for (i = names->first; i < names->end && used < sizeof(right); i++)
		used += (size_t)snprintf(right + used, sizeof(right) - used,
					 "%s%s", used ? ", " : "",
					 names->name(i));
	return error_set(err, EINVAL, "'%.*s' is not %s; use one of %s",
			 length < 40 ? (int)length : 40, word, names->words,
			 right);
}
