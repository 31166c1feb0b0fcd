/* SPDX-License-Identifier: BSD-2-Clause */
/* Untrusted bytes to text that can neither disturb a terminal nor break a
 * format. */
#include "safe_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The smallest code that may be written in that many bytes (RFC 3629). */
static const uint32_t smallest_code[] = { 0, 0, 0x80, 0x800, 0x10000 };

static size_t sequence_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first < 0xe0)
		return 2;
	if (first >= 0xe0 && first < 0xf0)
		return 3;
	if (first >= 0xf0 && first < 0xf5)
		return 4;
	return 0;
}

/* Length in bytes of the character at bytes, its number in *code; 0 when what
 * stands there is not UTF-8. left > 0. */
static size_t decode(const char *bytes, size_t left, uint32_t *code)
{
	unsigned char first = (unsigned char)bytes[0];
	size_t length = sequence_length(first);

	if (length == 1) {
		*code = first;
		return 1;
	}
	if (!length || length > left)
		return 0;
	*code = first & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		unsigned char next = (unsigned char)bytes[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (next & 0x3f);
	}
	if (*code < smallest_code[length] || *code > 0x10ffff)
		return 0;
	if (*code >= 0xd800 && *code <= 0xdfff)
		return 0;
	return length;
}

/* Would the character do more on a terminal than stand there? */
static bool disturbs(uint32_t code)
{
	if (code < 0x20 || (code >= 0x7f && code <= 0x9f))
		return true;
	if (code < 0x61c)
		return false;
	return code == 0x61c || code == 0x200e || code == 0x200f ||
	       (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

/* The bulk of all names: one byte, to be copied as it is. */
static bool is_plain(char byte)
{
	return byte >= 0x20 && byte < 0x7f;
}

/* code is below 0x10000. */
static size_t put_escape(char *text, uint32_t code)
{
	static const char digits[] = "0123456789abcdef";

	text[0] = '\\';
	text[1] = 'u';
	for (int i = 0; i < 4; i++)
		text[2 + i] = digits[code >> (12 - 4 * i) & 15];
	return 6;
}

static size_t put_json(char *text, const char *bytes, size_t length,
		       uint32_t code)
{
	if (!length) {
		memcpy(text, "\xef\xbf\xbd", 3);
		return 3;
	}
	if (disturbs(code))
		return put_escape(text, code);
	if (code == '"' || code == '\\') {
		text[0] = '\\';
		text[1] = (char)code;
		return 2;
	}
	memcpy(text, bytes, length);
	return length;
}

size_t safe_text_terminal(char *text, const char *bytes, size_t length,
			  size_t *columns)
{
	size_t written = 0, characters = 0;

	for (size_t i = 0; i < length && bytes[i]; characters++) {
		uint32_t code = 0;
		size_t taken;

		if (is_plain(bytes[i])) {
			text[written++] = bytes[i++];
			continue;
		}
		taken = decode(bytes + i, length - i, &code);
		if (!taken || disturbs(code)) {
			text[written++] = '?';
		} else {
			memcpy(text + written, bytes + i, taken);
			written += taken;
		}
		i += taken ? taken : 1;
	}
	if (columns)
		*columns = characters;
	return written;
}

size_t safe_text_json(char *text, const char *bytes, size_t length)
{
	size_t written = 0;

	for (size_t i = 0; i < length && bytes[i];) {
		uint32_t code = 0;
		size_t taken;

		if (is_plain(bytes[i]) && bytes[i] != '"' && bytes[i] != '\\') {
			text[written++] = bytes[i++];
			continue;
		}
		taken = decode(bytes + i, length - i, &code);
		written += put_json(text + written, bytes + i, taken, code);
		i += taken ? taken : 1;
	}
	return written;
}

size_t safe_text_csv(char *text, const char *bytes, size_t length)
{
	size_t plain = safe_text_terminal(text, bytes, length, NULL);
	size_t quotes = 0, to;

	for (size_t i = 0; i < plain; i++)
		quotes += text[i] == '"';
	if (!quotes && !memchr(text, ',', plain))
		return plain;

	to = plain + quotes + 2;
	length = to;
	text[--to] = '"';
	/* From the end, so that the text can be spread out where it stands. */
	for (size_t i = plain; i > 0; i--) {
		char byte = text[i - 1];

		text[--to] = byte;
		if (byte == '"')
			text[--to] = '"';
	}
	text[0] = '"';
	return length;
}
