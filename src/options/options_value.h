/* SPDX-License-Identifier: BSD-2-Clause */
/* Words of the command line to numbers: counts, sizes, seconds, name lists. */
#ifndef OPTIONS_VALUE_H
#define OPTIONS_VALUE_H

#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/error.h"

/* What an option admits, both ends included. */
struct options_range {
	uint64_t low, high;
	const char *words;      /* for the user: "a whole number from 1 to 9" */
};

/* Names that stand for the numbers first..end-1. */
struct options_names {
	unsigned int first, end;
	const char *(*name)(unsigned int number);
	const char *words;              /* for the user: "a TCP state" */
};

/*
 * Each parses the whole of text and stores the value, or returns -EINVAL with
 * the text and what would be right in *err; the value is then unchanged.
 */
int options_value_number(uint64_t *value, const char *text,
			 const struct options_range *range, struct error *err);

/* "512K", "4M", "1G" or plain bytes; powers of 1024, letters in either case. */
int options_value_bytes(uint64_t *bytes, const char *text,
			const struct options_range *range, struct error *err);

/* "2", "0.25"; digits beyond a nanosecond are dropped. */
int options_value_seconds(uint64_t *ns, const char *text,
			  const struct options_range *range,
			  struct error *err);

/* "NAME,NAME", letters in either case; adds bit 1 << number of each to *set.
 * For names whose end is at most 32. */
int options_value_names(uint32_t *set, const char *text,
			const struct options_names *names, struct error *err);

/* Always fails: the first length bytes of word are none of these names. */
int options_value_wrong_name(const char *word, size_t length,
			     const struct options_names *names,
			     struct error *err);

#endif
