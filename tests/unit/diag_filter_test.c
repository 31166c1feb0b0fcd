/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs for sock_diag, run as the kernel runs them, decide as our own filter
 * does; and the kernel's checks of a program would pass. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <linux/inet_diag.h>
#include <sys/socket.h>

#include "diag/diag_filter.h"

/* IPv4 addresses as the kernel has them: in IPv6 sockets they are mapped. */
struct ends {
	bool ipv6;
	struct endpoint local, remote;
};

static bool has_bits(const uint8_t *address, const uint8_t *prefix,
		     unsigned int bits)
{
	for (unsigned int i = 0; i < bits; i++)
		if ((address[i / 8] ^ prefix[i / 8]) & 0x80 >> i % 8)
			return false;
	return true;
}

static bool host_matches(const struct ends *ends, const uint8_t *operation,
			 const struct endpoint *end)
{
	struct inet_diag_hostcond host;
	const uint8_t *prefix;

	memcpy(&host, operation + sizeof(struct inet_diag_bc_op), sizeof(host));
	prefix = operation + sizeof(struct inet_diag_bc_op) + sizeof(host);
	assert_int_equal(host.port, -1);
	if (host.family == AF_INET)
		return (!ends->ipv6 || endpoint_is_ipv4(end)) &&
		       has_bits(end->address + 12, prefix, host.prefix_len);
	return ends->ipv6 && has_bits(end->address, prefix, host.prefix_len);
}

static bool holds(const uint8_t *operation, const struct ends *ends)
{
	struct inet_diag_bc_op op, value;

	memcpy(&op, operation, sizeof(op));
	switch (op.code) {
	case INET_DIAG_BC_S_COND:
		return host_matches(ends, operation, &ends->local);
	case INET_DIAG_BC_D_COND:
		return host_matches(ends, operation, &ends->remote);
	case INET_DIAG_BC_JMP:
		return false;
	}
	memcpy(&value, operation + sizeof(op), sizeof(value));
	switch (op.code) {
	case INET_DIAG_BC_S_GE:
		return ends->local.port >= value.no;
	case INET_DIAG_BC_S_LE:
		return ends->local.port <= value.no;
	case INET_DIAG_BC_D_GE:
		return ends->remote.port >= value.no;
	case INET_DIAG_BC_D_LE:
		return ends->remote.port <= value.no;
	}
	fail_msg("operation %u", op.code);
	return false;
}

static bool passes(const uint8_t *code, size_t length, const struct ends *ends)
{
	long left = (long)length;

	while (left > 0) {
		const uint8_t *at = code + length - (size_t)left;
		struct inet_diag_bc_op op;

		memcpy(&op, at, sizeof(op));
		left -= holds(at, ends) ? op.yes : op.no;
	}
	return !left;
}

/* The kernel takes only programs whose jumps lead to operations that are on the
 * way of "yes", to the end or four bytes behind it. */
static void expect_sound(const uint8_t *code, size_t length)
{
	static bool starts[DIAG_QUERY_FILTER_MAX + 8];
	struct inet_diag_bc_op op;
	size_t at;

	memset(starts, 0, sizeof(starts));
	for (at = 0; at < length; at += op.yes) {
		memcpy(&op, code + at, sizeof(op));
		starts[at] = true;
		assert_true(op.yes >= sizeof(op) && op.yes % 4 == 0);
	}
	assert_int_equal(at, length);
	starts[length] = starts[length + 4] = true;
	for (at = 0; at < length; at += op.yes) {
		memcpy(&op, code + at, sizeof(op));
		assert_true(op.no >= sizeof(op) && starts[at + op.no]);
	}
}

static bool port_passes(const struct match_ranges *ports, uint16_t port)
{
	return !port || match_ranges_has(ports, port);
}

static bool address_passes(const struct match_prefixes *prefixes,
			   const struct endpoint *end)
{
	static const struct endpoint none, none_ipv4 = {
		.address = { [10] = 0xff, [11] = 0xff }
	};

	return !memcmp(end->address, none.address, 16) ||
	       !memcmp(end->address, none_ipv4.address, 16) ||
	       match_prefixes_has(prefixes, end->address);
}

static bool should_pass(const struct backend_filter *filter,
			const struct ends *ends)
{
	return port_passes(&filter->local_ports, ends->local.port) &&
	       port_passes(&filter->remote_ports, ends->remote.port) &&
	       address_passes(&filter->local_addresses, &ends->local) &&
	       address_passes(&filter->remote_addresses, &ends->remote);
}

static struct endpoint end_of(const char *text, uint16_t port)
{
	struct match_prefixes prefix = { 0 };
	struct endpoint end = { .port = port };

	assert_int_equal(match_prefixes_parse(&prefix, text, NULL), 0);
	memcpy(end.address, prefix.items[0].address, sizeof(end.address));
	return end;
}

/* Every pair of some addresses, with some ports. strict: not more may pass. */
static void expect_like_ours(const struct backend_filter *filter, bool strict)
{
	static const char *const addresses[] = {
		"0.0.0.0", "10.1.2.3", "10.1.3.3", "192.0.2.1", "::",
		"2001:db8::1", "2001:db9::1", "::1"
	};
	static const uint16_t ports[] = { 0, 22, 80, 443, 8000, 65535 };
	static uint8_t code[DIAG_QUERY_FILTER_MAX];
	size_t length = diag_filter_compose(code, filter);

	expect_sound(code, length);
	for (size_t i = 0; i < 8 * 8 * 6 * 6; i++) {
		struct ends ends = {
			.local = end_of(addresses[i % 8], ports[i / 64 % 6]),
			.remote = end_of(addresses[i / 8 % 8], ports[i / 384]),
		};
		bool wanted = should_pass(filter, &ends);

		for (int ipv6 = 0; ipv6 < 2; ipv6++) {
			ends.ipv6 = ipv6;
			if (!ipv6 && (!endpoint_is_ipv4(&ends.local) ||
				      !endpoint_is_ipv4(&ends.remote)))
				continue;
			if (strict || wanted)
				assert_int_equal(passes(code, length, &ends), wanted);
		}
	}
}

static void no_filter_is_no_program(void **state)
{
	static uint8_t code[DIAG_QUERY_FILTER_MAX];
	const struct backend_filter filter = { 0 };

	(void)state;
	assert_int_equal(diag_filter_compose(code, NULL), 0);
	assert_int_equal(diag_filter_compose(code, &filter), 0);
}

static void each_list_is_kept(void **state)
{
	static const char *const ports[] = {
		"80", "22-443", "!22", "1-65535,!80", "80,8000-65535,!443", "!22,!443"
	};
	static const char *const addresses[] = {
		"10.1.2.3", "10.1.0.0/16", "!10.1.2.3", "10.0.0.0/8,!10.1.3.0/24",
		"2001:db8::/32", "!2001:db8::1", "2001:db8::/31,192.0.2.1,!2001:db9::1",
		"0.0.0.0/0"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		struct backend_filter local = { 0 }, remote = { 0 };

		match_ranges_parse(&local.local_ports, ports[i], 65535, NULL);
		match_ranges_parse(&remote.remote_ports, ports[i], 65535, NULL);
		expect_like_ours(&local, true);
		expect_like_ours(&remote, true);
	}
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		struct backend_filter local = { 0 }, remote = { 0 };

		match_prefixes_parse(&local.local_addresses, addresses[i], NULL);
		match_prefixes_parse(&remote.remote_addresses, addresses[i], NULL);
		expect_like_ours(&local, true);
		expect_like_ours(&remote, true);
	}
}

static void all_lists_together(void **state)
{
	struct backend_filter filter = { 0 };

	(void)state;
	match_ranges_parse(&filter.local_ports, "22-8000,!443", 65535, NULL);
	match_ranges_parse(&filter.remote_ports, "!22", 65535, NULL);
	match_prefixes_parse(&filter.local_addresses, "10.0.0.0/8,2001:db8::/32",
			     NULL);
	match_prefixes_parse(&filter.remote_addresses, "!192.0.2.0/24", NULL);
	expect_like_ours(&filter, true);
}

/* IPv4 addresses of IPv6 sockets lie in them, as the kernel sees it. */
static void wide_ipv6_prefixes_leave_out_too_little(void **state)
{
	struct backend_filter filter = { 0 };

	(void)state;
	match_prefixes_parse(&filter.local_addresses, "!::/0", NULL);
	expect_like_ours(&filter, false);
}

static void the_longest_lists_fit(void **state)
{
	static uint8_t code[DIAG_QUERY_FILTER_MAX];
	struct backend_filter filter = { 0 };
	size_t length;

	(void)state;
	for (uint32_t i = 0; i < MATCH_ITEMS_MAX; i++) {
		const struct match_range range = { 10 * i, 10 * i + 5, i % 2 };
		const struct match_prefix prefix = {
			.address = { 0x20, 1, (uint8_t)i }, .bits = 24,
			.negated = i % 2
		};

		filter.local_ports.items[i] = filter.remote_ports.items[i] = range;
		filter.local_addresses.items[i] = prefix;
		filter.remote_addresses.items[i] = prefix;
	}
	filter.local_ports.count = filter.remote_ports.count = MATCH_ITEMS_MAX;
	filter.local_addresses.count = MATCH_ITEMS_MAX;
	filter.remote_addresses.count = MATCH_ITEMS_MAX;
	length = diag_filter_compose(code, &filter);
	assert_true(length && length <= DIAG_QUERY_FILTER_MAX);
	expect_sound(code, length);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_filter_is_no_program),
		cmocka_unit_test(each_list_is_kept),
		cmocka_unit_test(all_lists_together),
		cmocka_unit_test(wide_ipv6_prefixes_leave_out_too_little),
		cmocka_unit_test(the_longest_lists_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
