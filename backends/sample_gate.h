/* SPDX-License-Identifier: BSD-2-Clause */
/* Which samples are taken when there are more than anybody can look at: the one
 * rule of all backends. By event time, so that a recording gives the same. */
#ifndef SAMPLE_GATE_H
#define SAMPLE_GATE_H

#include <stdbool.h>
#include <stdint.h>

struct sample_gate {
	uint16_t fixed;         /* 1 in so many; 0 = by their rate */
	uint16_t every;         /* what the last one that was taken stands for */
	uint32_t next_every;    /* of the next block of so many */
	uint32_t left;          /* of the block that runs ... */
	uint32_t taken_at;      /* ... of which this one is taken */
	uint32_t random;        /* which it is: a cycle of the traffic must not
	                         * meet one of ours */
	uint32_t seen;          /* in the second that runs ... */
	uint64_t second_ns;     /* ... since then; 0 = none does yet */
};

/* every: as in struct backend_samples. */
void sample_gate_init(struct sample_gate *gate, uint16_t every);

/* Is the sample of that time taken? It then stands for gate->every. */
bool sample_gate_takes(struct sample_gate *gate, uint64_t time_ns);

#endif
