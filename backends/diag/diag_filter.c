/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each list becomes a block: what is 0 leaves it at once, what is excluded ends
 * the program, what is included leaves it, and if anything must be included the
 * rest ends the program. A jump is as long as the distance from its own start;
 * one to the end accepts, one to four bytes behind it refuses. The kernel checks a
 * program along its "yes" ways, so these always lead to the next operation.
 */
#include "diag_filter.h"

#include <stdbool.h>
#include <string.h>

#include <linux/inet_diag.h>
#include <sys/socket.h>

enum {
	LISTS = 4,
	BLOCK_JUMPS = MATCH_ITEMS_MAX + 2,
	REFUSALS = LISTS * (MATCH_ITEMS_MAX + 1),
	OPERATION = sizeof(struct inet_diag_bc_op),
	COMPARISON = 2 * OPERATION,     /* of a port */
	MAPPED_BITS = 96                /* ::ffff:0.0.0.0/96 */
};

_Static_assert(LISTS * ((MATCH_ITEMS_MAX + 3) *
			(2 * OPERATION + sizeof(struct inet_diag_hostcond) + 16)) <=
	       DIAG_QUERY_FILTER_MAX, "every filter fits");

struct program {
	uint8_t *code;
	size_t length;
	size_t leave[BLOCK_JUMPS];      /* operations that leave the block */
	size_t leave_count;
	size_t refuse[REFUSALS];        /* operations that end the program */
	size_t refuse_count;
};

static void add(struct program *program, uint8_t operation, size_t yes, size_t no)
{
	const struct inet_diag_bc_op op = {
		.code = operation, .yes = (uint8_t)yes, .no = (uint16_t)no
	};

	memcpy(program->code + program->length, &op, sizeof(op));
	program->length += sizeof(op);
}

/* no: bytes from here to where it goes on when the port is another. */
static void add_port(struct program *program, uint8_t comparison, uint32_t port,
		     size_t no)
{
	const struct inet_diag_bc_op value = { .no = (uint16_t)port };

	add(program, comparison, COMPARISON, no);
	memcpy(program->code + program->length, &value, sizeof(value));
	program->length += sizeof(value);
}

static void set_distance(struct program *program, size_t at, size_t target)
{
	const uint16_t distance = (uint16_t)(target - at);

	memcpy(program->code + at + offsetof(struct inet_diag_bc_op, no),
	       &distance, sizeof(distance));
}

static void leave_at(struct program *program, size_t at)
{
	program->leave[program->leave_count++] = at;
}

static void add_leave(struct program *program)
{
	leave_at(program, program->length);
	add(program, INET_DIAG_BC_JMP, OPERATION, 0);
}

static void add_refuse(struct program *program)
{
	program->refuse[program->refuse_count++] = program->length;
	add(program, INET_DIAG_BC_JMP, OPERATION, 0);
}

static void end_block(struct program *program, bool included)
{
	if (included)
		add_refuse(program);
	for (size_t i = 0; i < program->leave_count; i++)
		set_distance(program, program->leave[i], program->length);
	program->leave_count = 0;
}

static void end_program(struct program *program)
{
	for (size_t i = 0; i < program->refuse_count; i++)
		set_distance(program, program->refuse[i],
			     program->length + OPERATION);
}

static void add_range(struct program *program, const struct match_range *range,
		      bool remote)
{
	add_port(program, remote ? INET_DIAG_BC_D_GE : INET_DIAG_BC_S_GE,
		 range->low, 2 * COMPARISON + OPERATION);
	add_port(program, remote ? INET_DIAG_BC_D_LE : INET_DIAG_BC_S_LE,
		 range->high, COMPARISON + OPERATION);
	if (range->negated)
		add_refuse(program);
	else
		add_leave(program);
}

static void add_ports(struct program *program, const struct match_ranges *ports,
		      bool remote)
{
	bool included = false;

	if (!ports->count)
		return;
	leave_at(program, program->length);
	add_port(program, remote ? INET_DIAG_BC_D_GE : INET_DIAG_BC_S_GE, 1, 0);
	for (int negated = 1; negated >= 0; negated--)
		for (size_t i = 0; i < ports->count; i++)
			if (ports->items[i].negated == negated) {
				included |= !negated;
				add_range(program, &ports->items[i], remote);
			}
	end_block(program, included);
}

static bool is_mapped(const uint8_t address[16], unsigned int bits)
{
	static const uint8_t mapped[12] = {
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff
	};

	return bits >= MAPPED_BITS && !memcmp(address, mapped, sizeof(mapped));
}

/* To the kernel IPv4 addresses of IPv6 sockets lie in these as well. */
static bool holds_mapped(const struct match_prefix *prefix)
{
	static const uint8_t zero[10];

	return prefix->bits < MAPPED_BITS &&
	       !memcmp(prefix->address, zero,
		       prefix->bits / 8 < sizeof(zero) ? prefix->bits / 8 :
							 sizeof(zero));
}

/* Whoever has another address goes on behind the operation that follows. */
static void add_prefix(struct program *program, const struct match_prefix *prefix,
		       bool remote)
{
	const bool ipv4 = is_mapped(prefix->address, prefix->bits);
	const size_t address_length = ipv4 ? 4 : 16;
	const struct inet_diag_hostcond condition = {
		.family = ipv4 ? AF_INET : AF_INET6,
		.prefix_len = (uint8_t)(prefix->bits - (ipv4 ? MAPPED_BITS : 0)),
		.port = -1,
	};
	const size_t length = OPERATION + sizeof(condition) + address_length;

	add(program, remote ? INET_DIAG_BC_D_COND : INET_DIAG_BC_S_COND, length,
	    length + OPERATION);
	memcpy(program->code + program->length, &condition, sizeof(condition));
	program->length += sizeof(condition);
	memcpy(program->code + program->length,
	       prefix->address + 16 - address_length, address_length);
	program->length += address_length;
}

static void add_addresses(struct program *program,
			  const struct match_prefixes *prefixes, bool remote)
{
	static const struct match_prefix none[] = {
		{ .bits = 128 },
		{ .address = { [10] = 0xff, [11] = 0xff }, .bits = 128 },
	};
	bool included = false;

	if (!prefixes->count)
		return;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		add_prefix(program, &none[i], remote);
		add_leave(program);
	}
	for (size_t i = 0; i < prefixes->count; i++)
		if (prefixes->items[i].negated &&
		    !holds_mapped(&prefixes->items[i])) {
			add_prefix(program, &prefixes->items[i], remote);
			add_refuse(program);
		}
	for (size_t i = 0; i < prefixes->count; i++)
		if (!prefixes->items[i].negated) {
			included = true;
			add_prefix(program, &prefixes->items[i], remote);
			add_leave(program);
		}
	end_block(program, included);
}

size_t diag_filter_compose(uint8_t *code, const struct backend_filter *filter)
{
	struct program program = { .code = code };

	if (!filter)
		return 0;
	add_ports(&program, &filter->local_ports, false);
	add_ports(&program, &filter->remote_ports, true);
	add_addresses(&program, &filter->local_addresses, false);
	add_addresses(&program, &filter->remote_addresses, true);
	end_program(&program);
	return program.length;
}
