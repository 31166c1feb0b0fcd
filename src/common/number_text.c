/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers, addresses and times to text, by hand and without printf. */
#include "number_text.h"

#include <string.h>

#include "ns.h"

enum { SECONDS_PER_DAY = 86400, GROUPS = 8 };

static const char pairs[] =
	"00010203040506070809101112131415161718192021222324"
	"25262728293031323334353637383940414243444546474849"
	"50515253545556575859606162636465666768697071727374"
	"75767778798081828384858687888990919293949596979899";

static const char hex_digits[] = "0123456789abcdef";

static const uint64_t powers_of_ten[] = {
	UINT64_C(1), UINT64_C(10), UINT64_C(100), UINT64_C(1000),
	UINT64_C(10000), UINT64_C(100000), UINT64_C(1000000),
	UINT64_C(10000000), UINT64_C(100000000), UINT64_C(1000000000),
	UINT64_C(10000000000), UINT64_C(100000000000),
	UINT64_C(1000000000000), UINT64_C(10000000000000),
	UINT64_C(100000000000000), UINT64_C(1000000000000000),
	UINT64_C(10000000000000000), UINT64_C(100000000000000000),
	UINT64_C(1000000000000000000), UINT64_C(10000000000000000000)
};

/* How many decimal digits value has; 0 has one. */
static size_t digit_count(uint64_t value)
{
	unsigned int bits = 64 - (unsigned int)__builtin_clzll(value | 1);
	/* 1233 / 4096 is log10(2) from above: right, or one too few. */
	unsigned int digits = bits * 1233 >> 12;

	return digits + (value >= powers_of_ten[digits] || !digits);
}

/* As number_text_digits(), for any value. */
static void put_digits(char *text, uint64_t value, size_t count)
{
	while (count >= 2) {
		count -= 2;
		memcpy(text + count, pairs + value % 100 * 2, 2);
		value /= 100;
	}
	if (count)
		*text = (char)('0' + value);
}

/* Ports, process ids, milliseconds: most numbers are short. */
static size_t put_short(char *text, uint32_t value)
{
	uint32_t low;

	if (value < 10) {
		*text = (char)('0' + value);
		return 1;
	}
	if (value < 100) {
		memcpy(text, pairs + value * 2, 2);
		return 2;
	}
	low = value % 100;
	value /= 100;
	if (value < 10) {
		*text = (char)('0' + value);
		memcpy(text + 1, pairs + low * 2, 2);
		return 3;
	}
	if (value < 100) {
		memcpy(text, pairs + value * 2, 2);
		memcpy(text + 2, pairs + low * 2, 2);
		return 4;
	}
	*text = (char)('0' + value / 100);
	memcpy(text + 1, pairs + value % 100 * 2, 2);
	memcpy(text + 3, pairs + low * 2, 2);
	return 5;
}

enum { SHORT_LIMIT = 100000 };          /* of put_short() */

/* whole, a point, and the first keep of the digits of rest; all of them are
 * written, since to write fewer would cost a division. */
static size_t put_fixed(char *text, uint64_t whole, uint64_t rest, size_t digits,
			size_t keep)
{
	size_t length = number_text_u64(text, whole);

	text[length] = '.';
	put_digits(text + length + 1, rest, digits);
	return keep ? length + 1 + keep : length;
}

/* The decimal text of every byte: its digits, what may be behind them, and how
 * many they are. */
struct byte_text {
	char digits[3];
	uint8_t length;
};

#define DIGIT(n) ((char)('0' + (n) % 10))
#define BYTE(n) { { \
	(n) > 99 ? DIGIT((n) / 100) : (n) > 9 ? DIGIT((n) / 10) : DIGIT(n), \
	(n) > 99 ? DIGIT((n) / 10) : DIGIT(n), \
	DIGIT(n) }, (n) > 99 ? 3 : (n) > 9 ? 2 : 1 }
#define BYTES_4(n) BYTE(n), BYTE(n + 1), BYTE(n + 2), BYTE(n + 3)
#define BYTES_16(n) BYTES_4(n), BYTES_4(n + 4), BYTES_4(n + 8), BYTES_4(n + 12)
#define BYTES_64(n) BYTES_16(n), BYTES_16(n + 16), BYTES_16(n + 32), \
	BYTES_16(n + 48)

static const struct byte_text byte_texts[256] = {
	BYTES_64(0), BYTES_64(64), BYTES_64(128), BYTES_64(192)
};

static size_t put_byte(char *text, uint8_t value)
{
	memcpy(text, byte_texts[value].digits, sizeof(byte_texts->digits));
	return byte_texts[value].length;
}

static size_t put_ipv4(char *text, const uint8_t address[4])
{
	size_t length = put_byte(text, address[0]);

	for (int i = 1; i < 4; i++) {
		text[length++] = '.';
		length += put_byte(text + length, address[i]);
	}
	return length;
}

/* The longest run of at least two zero groups, the first among equals;
 * *count is 0 when there is none. */
static size_t zero_run(const uint16_t groups[GROUPS], size_t *count)
{
	size_t best = 0, run = 0;

	*count = 0;
	for (size_t i = 0; i < GROUPS; i++) {
		run = groups[i] ? 0 : run + 1;
		if (run >= 2 && run > *count) {
			*count = run;
			best = i + 1 - run;
		}
	}
	return best;
}

static size_t put_group(char *text, unsigned int group)
{
	size_t length = 0;

	for (int shift = 12; shift >= 0; shift -= 4)
		if (length || group >> shift || !shift)
			text[length++] = hex_digits[group >> shift & 15];
	return length;
}

/*
 * Always in hexadecimal groups: RFC 5952 (section 5) wants a dotted tail only
 * under prefixes known to hold IPv4, and the one that matters, ::ffff:0:0/96,
 * comes here as IPv4.
 */
static size_t put_ipv6(char *text, const uint8_t address[16])
{
	uint16_t groups[GROUPS];
	size_t length = 0, zeros, start;

	for (size_t i = 0; i < GROUPS; i++)
		groups[i] = (uint16_t)(address[2 * i] << 8 | address[2 * i + 1]);
	start = zero_run(groups, &zeros);
	for (size_t i = 0; i < GROUPS; i++) {
		if (zeros && i == start) {
			text[length++] = ':';
			text[length++] = ':';
			i += zeros - 1;
			continue;
		}
		if (i && text[length - 1] != ':')
			text[length++] = ':';
		length += put_group(text + length, groups[i]);
	}
	return length;
}

/*
 * Gregorian date of a day counted from 1970-01-01. Years are counted from the
 * first of March, so that the leap day is the last of its year, and from 1600,
 * which begins a cycle of 400 years and lies before every date here.
 */
static size_t put_date(char *text, uint64_t days_since_1970)
{
	uint32_t days = (uint32_t)days_since_1970 + 135080;
	uint32_t cycle = days / 146097, century, leap, year, month;

	days %= 146097;
	century = days / 36524 < 3 ? days / 36524 : 3;
	days -= century * 36524;
	leap = days / 1461;
	days -= leap * 1461;
	year = days / 365 < 3 ? days / 365 : 3;
	days -= year * 365;
	year += 1600 + cycle * 400 + century * 100 + leap * 4;
	/* From March on, five months in a row always have 153 days. */
	month = (5 * days + 2) / 153;
	days -= (153 * month + 2) / 5;
	year += month >= 10;
	month = month < 10 ? month + 3 : month - 9;

	put_digits(text, year, 4);
	text[4] = '-';
	put_digits(text + 5, month, 2);
	text[7] = '-';
	put_digits(text + 8, days + 1, 2);
	return 10;
}

size_t number_text_u64(char *text, uint64_t value)
{
	size_t count;

	if (value < SHORT_LIMIT)
		return put_short(text, (uint32_t)value);
	count = digit_count(value);
	put_digits(text, value, count);
	return count;
}

void number_text_digits(char *text, uint32_t value, size_t count)
{
	put_digits(text, value, count);
}

size_t number_text_i64(char *text, int64_t value)
{
	if (value >= 0)
		return number_text_u64(text, (uint64_t)value);
	*text = '-';
	return 1 + number_text_u64(text + 1, -(uint64_t)value);
}

size_t number_text_hex16(char *text, uint64_t value)
{
	for (int i = 15; i >= 0; i--, value >>= 4)
		text[i] = hex_digits[value & 15];
	return 16;
}

size_t number_text_address(char *text, const uint8_t address[16],
			   uint8_t family)
{
	if (family == EVENT_FAMILY_IPV4)
		return put_ipv4(text, address + 12);
	return put_ipv6(text, address);
}

size_t number_text_ms_fit(char *text, uint64_t ns, size_t width)
{
	uint64_t ms = ns / NS_PER_MS;
	uint32_t rest = (uint32_t)(ns - ms * NS_PER_MS) / 1000;
	size_t length = number_text_u64(text, ms);
	size_t keep = 3;

	while (keep && length + 1 + keep > width)
		keep--;
	text[length] = '.';
	text[length + 1] = (char)('0' + rest / 100);
	memcpy(text + length + 2, pairs + rest % 100 * 2, 2);
	return keep ? length + 1 + keep : length;
}

size_t number_text_ms_full(char *text, uint64_t ns)
{
	size_t length = put_fixed(text, ns / NS_PER_MS, ns % NS_PER_MS, 6, 6);

	while (text[length - 1] == '0')
		length--;
	return text[length - 1] == '.' ? length - 1 : length;
}

size_t number_text_seconds(char *text, uint64_t ns)
{
	return put_fixed(text, ns / NS_PER_S, ns % NS_PER_S / 1000, 6, 6);
}

size_t number_text_rfc3339_utc(char *text, uint64_t wall_ns)
{
	uint64_t seconds = wall_ns / NS_PER_S;
	uint32_t of_day = (uint32_t)(seconds % SECONDS_PER_DAY);

	put_date(text, seconds / SECONDS_PER_DAY);
	text[10] = 'T';
	put_digits(text + 11, of_day / 3600, 2);
	text[13] = ':';
	put_digits(text + 14, of_day / 60 % 60, 2);
	text[16] = ':';
	put_digits(text + 17, of_day % 60, 2);
	text[19] = '.';
	put_digits(text + 20, wall_ns % NS_PER_S, 9);
	text[29] = 'Z';
	return 30;
}
