/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocks of as many samples as one is to stand for, and seconds in which they
 * are counted. */
#include "sample_gate.h"

#include "tcpwatch/backend.h"

#define SECOND_NS UINT64_C(1000000000)

enum { RANDOM_SEED = 0x2545f491 };

static uint32_t clamp(uint64_t every)
{
	if (every > UINT16_MAX)
		return UINT16_MAX;
	return every ? (uint32_t)every : 1;
}

/* xorshift32 (G. Marsaglia, 2003): the same in every run. */
static uint32_t next_random(struct sample_gate *gate)
{
	gate->random ^= gate->random << 13;
	gate->random ^= gate->random >> 17;
	gate->random ^= gate->random << 5;
	return gate->random;
}

/* A second in which nothing came divides what came before it. */
static void end_seconds(struct sample_gate *gate, uint64_t time_ns)
{
	uint64_t seconds = (time_ns - gate->second_ns) / SECOND_NS;
	uint64_t rate = gate->seen / seconds;

	gate->next_every = clamp((rate + BACKEND_SAMPLES_PER_S - 1) /
				 BACKEND_SAMPLES_PER_S);
	gate->second_ns += seconds * SECOND_NS;
	gate->seen = 0;
}

/* Also within a second there is a limit, which the first one would not have. */
static void count(struct sample_gate *gate, uint64_t time_ns)
{
	if (!gate->second_ns)
		gate->second_ns = time_ns;
	if (time_ns > gate->second_ns && time_ns - gate->second_ns >= SECOND_NS)
		end_seconds(gate, time_ns);
	gate->seen++;
	if (gate->seen > (uint64_t)gate->next_every * BACKEND_SAMPLES_PER_S)
		gate->next_every = clamp(2 * (uint64_t)gate->next_every);
}

static void begin_block(struct sample_gate *gate)
{
	gate->every = (uint16_t)gate->next_every;
	gate->left = gate->next_every;
	gate->taken_at = 1 + next_random(gate) % gate->left;
}

void sample_gate_init(struct sample_gate *gate, uint16_t every)
{
	*gate = (struct sample_gate){
		.fixed = every,
		.next_every = clamp(every),
		.random = RANDOM_SEED,
	};
}

bool sample_gate_takes(struct sample_gate *gate, uint64_t time_ns)
{
	bool takes;

	if (!gate->fixed)
		count(gate, time_ns);
	if (!gate->left)
		begin_block(gate);
	takes = gate->left == gate->taken_at;
	gate->left--;
	return takes;
}
