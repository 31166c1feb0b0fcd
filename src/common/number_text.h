/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers, addresses and times to text, fast: this is the hot path of every
 * output, where printf would cost more than all the rest. Each function writes
 * at text without a terminating NUL and returns the number of bytes written;
 * the comment says how many that can be at most.
 */
#ifndef NUMBER_TEXT_H
#define NUMBER_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "span.h"
#include "tcpwatch/event.h"

enum {
	NUMBER_TEXT_U64 = 20,
	NUMBER_TEXT_I64 = 20,
	NUMBER_TEXT_HEX = 16,
	NUMBER_TEXT_IPV4 = 15,
	NUMBER_TEXT_ADDRESS = 45,
	NUMBER_TEXT_MS = 24,
	NUMBER_TEXT_SECONDS = 18,
	NUMBER_TEXT_RFC3339 = 35
};

size_t number_text_u64(char *text, uint64_t value);

/* Exactly count digits, zeros in front; value must not have more. */
void number_text_digits(char *text, uint32_t value, size_t count);
size_t number_text_i64(char *text, int64_t value);
size_t number_text_hex16(char *text, uint64_t value);   /* always 16 digits */

/* family IPv4: the last four bytes, dotted; else RFC 5952 form, all groups
 * hexadecimal. At most NUMBER_TEXT_IPV4 or NUMBER_TEXT_ADDRESS. */
size_t number_text_address(char *text, const uint8_t address[16],
			   uint8_t family);

/* Milliseconds with three decimals, truncated towards zero ("1002.114"); with
 * fewer (at least none) where three would be longer than width bytes. May
 * still be longer than width. */
size_t number_text_ms_fit(char *text, uint64_t ns, size_t width);

/* Milliseconds to the nanosecond, without zeros at the end ("1.25", "3"). */
size_t number_text_ms_full(char *text, uint64_t ns);

/* Seconds with six decimals ("12.345678"). */
size_t number_text_seconds(char *text, uint64_t ns);

/* "2026-11-22T13:04:06.123456789Z", ns since 1970. */
size_t number_text_rfc3339_utc(char *text, uint64_t wall_ns);

#endif
