/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel's side looks up says the same as the lists do. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "bpf/bpf_filter.h"

static void check_ports(const char *text)
{
	struct match_ranges ranges = { 0 };
	uint64_t words[BPF_RECORD_PORT_WORDS];
	struct error err = { 0 };

	assert_int_equal(match_ranges_parse(&ranges, text, 65535, &err), 0);
	bpf_filter_ports(words, &ranges);
	for (uint32_t port = 0; port < 65536; port++)
		assert_int_equal(words[port / 64] >> port % 64 & 1,
				 !port || match_ranges_has(&ranges, port));
}

static void ports(void **state)
{
	(void)state;
	check_ports("80");
	check_ports("80,8000-8099,!8080");
	check_ports("!22,!1-3");
	check_ports("0-65535");
}

static bool covers(const struct bpf_filter_prefix *prefix,
		   const uint8_t address[16])
{
	for (uint32_t bit = 0; bit < prefix->bits; bit++)
		if ((prefix->address[bit / 8] ^ address[bit / 8]) &
		    0x80 >> bit % 8)
			return false;
	return true;
}

/* As the kernel's tree does it: the longest one counts. */
static bool look_up(const struct bpf_filter_prefix *tree, size_t count,
		    const uint8_t address[16])
{
	const struct bpf_filter_prefix *longest = NULL;

	for (size_t i = 0; i < count; i++)
		if (covers(&tree[i], address) &&
		    (!longest || tree[i].bits >= longest->bits))
			longest = &tree[i];
	assert_non_null(longest);
	return longest->passes;
}

static void parse(const char *text, uint8_t address[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, 0xff };

	if (strchr(text, ':')) {
		assert_int_equal(inet_pton(AF_INET6, text, address), 1);
		return;
	}
	memcpy(address, mapped, sizeof(mapped));
	assert_int_equal(inet_pton(AF_INET, text, address + 12), 1);
}

static void check_prefixes(const char *text)
{
	static const char *const addresses[] = {
		"10.0.0.0", "10.0.0.1", "10.1.2.3", "10.1.2.4", "10.255.255.255",
		"11.0.0.0", "127.0.0.1", "192.0.2.1", "255.255.255.255",
		"::1", "2001:db8::", "2001:db8::1", "2001:db8:1::1", "2001:db9::",
		"fe80::1", "::fffe:a00:1", "ffff::",
	};
	struct bpf_filter_prefix tree[BPF_FILTER_PREFIXES];
	struct match_prefixes prefixes = { 0 };
	struct error err = { 0 };
	size_t count;

	assert_int_equal(match_prefixes_parse(&prefixes, text, &err), 0);
	count = bpf_filter_prefixes(tree, &prefixes);
	assert_true(count <= BPF_FILTER_PREFIXES);
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		uint8_t address[16];

		parse(addresses[i], address);
		if (look_up(tree, count, address) !=
		    match_prefixes_has(&prefixes, address))
			fail_msg("%s under %s", addresses[i], text);
	}
}

static void prefixes(void **state)
{
	(void)state;
	check_prefixes("10.0.0.1");
	check_prefixes("10.0.0.0/8");
	check_prefixes("10.0.0.0/8,!10.1.2.3");
	check_prefixes("!10.0.0.0/8");
	check_prefixes("!10.0.0.0/8,10.1.0.0/16");
	check_prefixes("10.0.0.0/24,10.0.0.0/8,!10.0.0.0/30");
	check_prefixes("0.0.0.0/0");
	check_prefixes("::/0");
	check_prefixes("!::/0");
	check_prefixes("::/8");
	check_prefixes("2001:db8::/32,!2001:db8:1::/48");
	check_prefixes("10.0.0.0/8,2001:db8::/33");
	check_prefixes("::1,127.0.0.0/8,!fe80::/10");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ports),
		cmocka_unit_test(prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
