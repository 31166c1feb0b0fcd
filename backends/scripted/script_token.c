/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes lines of event scripts to pieces; see script_token.h. */
#include "script_token.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include <arpa/inet.h>

#define NS_PER_SECOND UINT64_C(1000000000)

enum { SHOWN_MAX = 60 };                /* bytes of a bad token in a message */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One byte of quoted text, escapes resolved. False for a bad escape. */
static bool take_byte(const char **at, const char *end, char *byte)
{
	const char *p = *at;

	*byte = *p++;
	*at = p;
	if (*byte != '\\')
		return *byte != '"';
	if (p < end && (*p == '"' || *p == '\\')) {
		*byte = *p;
		*at = p + 1;
		return true;
	}
	if (end - p < 3 || *p != 'x' || digit_value(p[1]) < 0 ||
	    digit_value(p[2]) < 0)
		return false;
	*byte = (char)(digit_value(p[1]) * 16 + digit_value(p[2]));
	*at = p + 3;
	return true;
}

bool script_token_next(struct script_cursor *cursor,
			 struct script_token *token)
{
	bool quoted = false;

	while (cursor->at < cursor->end && is_blank(*cursor->at))
		cursor->at++;
	if (cursor->at == cursor->end || *cursor->at == '#')
		return false;
	token->at = cursor->at;
	while (cursor->at < cursor->end && (quoted || !is_blank(*cursor->at))) {
		if (quoted && *cursor->at == '\\' && cursor->at + 1 < cursor->end)
			cursor->at++;
		else if (*cursor->at == '"')
			quoted = !quoted;
		cursor->at++;
	}
	token->length = (size_t)(cursor->at - token->at);
	return true;
}

bool script_token_is(const struct script_token *token, const char *text)
{
	return token->length == strlen(text) &&
	       !memcmp(token->at, text, token->length);
}

bool script_token_cut(struct script_token *token, const char *prefix)
{
	size_t length = strlen(prefix);

	if (token->length < length || memcmp(token->at, prefix, length))
		return false;
	token->at += length;
	token->length -= length;
	return true;
}

bool script_token_copy(const struct script_token *token, char *text,
			 size_t bytes)
{
	if (token->length >= bytes || memchr(token->at, '\0', token->length))
		return false;
	memcpy(text, token->at, token->length);
	text[token->length] = '\0';
	return true;
}

bool script_token_number(struct script_token token, uint64_t highest,
			   uint64_t *value)
{
	uint64_t base = script_token_cut(&token, "0x") ? 16 : 10;
	uint64_t number = 0;

	if (token.length == 0)
		return false;
	for (size_t i = 0; i < token.length; i++) {
		uint64_t digit = (uint64_t)digit_value(token.at[i]);

		if (digit >= base ||
		    __builtin_mul_overflow(number, base, &number) ||
		    __builtin_add_overflow(number, digit, &number))
			return false;
	}
	*value = number;
	return number <= highest;
}

bool script_token_seconds(struct script_token token, uint64_t *ns)
{
	struct script_token whole = token;
	const char *point = memchr(token.at, '.', token.length);
	uint64_t unit = NS_PER_SECOND;
	uint64_t fraction = 0;
	uint64_t seconds;

	if (point) {
		whole.length = (size_t)(point - token.at);
		for (const char *at = point + 1; at < token.at + token.length; at++) {
			if (*at < '0' || *at > '9' || unit == 1)
				return false;
			unit /= 10;
			fraction += (uint64_t)(*at - '0') * unit;
		}
	}
	if (!script_token_number(whole, SCRIPT_TOKEN_SECONDS_MAX, &seconds))
		return false;
	*ns = seconds * NS_PER_SECOND + fraction;
	return true;
}

bool script_token_wall(const struct script_token *token, int64_t *wall_ns)
{
	struct tm tm = { 0 };
	char text[32];
	const char *rest;

	if (!script_token_copy(token, text, sizeof(text)))
		return false;
	rest = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (!rest || *rest != '\0' || tm.tm_year < 70 || tm.tm_year > 300)
		return false;
	*wall_ns = (int64_t)timegm(&tm) * (int64_t)NS_PER_SECOND;
	return true;
}

bool script_token_quoted(const struct script_token *token, char *bytes,
			   size_t room)
{
	const char *at, *end;
	size_t length = 0;

	if (token->length < 2 || token->at[0] != '"' ||
	    token->at[token->length - 1] != '"')
		return false;
	at = token->at + 1;
	end = token->at + token->length - 1;
	memset(bytes, 0, room);
	while (at < end) {
		char byte;

		if (!take_byte(&at, end, &byte) || length == room)
			return false;
		bytes[length++] = byte;
	}
	return true;
}

bool script_token_endpoint(const struct script_token *token,
			     struct endpoint *endpoint)
{
	const char *colon = memrchr(token->at, ':', token->length);
	struct script_token address = *token;
	struct script_token port;
	char text[INET6_ADDRSTRLEN];
	uint64_t number;

	if (!colon)
		return false;
	address.length = (size_t)(colon - token->at);
	port.at = colon + 1;
	port.length = token->length - address.length - 1;
	if (!script_token_number(port, UINT16_MAX, &number))
		return false;
	endpoint->port = (uint16_t)number;
	if (address.length >= 2 && *address.at == '[' && colon[-1] == ']') {
		address.at++;
		address.length -= 2;
		return script_token_copy(&address, text, sizeof(text)) &&
		       inet_pton(AF_INET6, text, endpoint->address) == 1;
	}
	memset(endpoint->address, 0, 10);
	memset(endpoint->address + 10, 0xff, 2);
	return script_token_copy(&address, text, sizeof(text)) &&
	       inet_pton(AF_INET, text, endpoint->address + 12) == 1;
}

int script_token_refuse(const struct script_token *token, const char *right,
			  struct error *err)
{
	int shown = token->length < SHOWN_MAX ? (int)token->length : SHOWN_MAX;

	return error_set(err, EINVAL, "'%.*s' is wrong here: %s", shown, token->at,
			 right);
}
