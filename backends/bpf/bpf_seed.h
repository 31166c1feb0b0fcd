/* SPDX-License-Identifier: BSD-2-Clause */
/* Our program lists the sockets that there are (iter/tcp, 5.9): by the addresses
 * that later events have, each at a moment that is known exactly. */
#ifndef BPF_SEED_H
#define BPF_SEED_H

#include <stddef.h>

#include "bpf_programs.h"
#include "socket/socket_seed.h"

struct bpf_seed {
	struct socket_seed_lister lister;
	struct bpf_link *link;          /* NULL: not open */
	size_t used;                    /* bytes of a record that is not whole */
	uint8_t room[SOCKET_SEED_LISTED * sizeof(struct bpf_record_listed)];
};

/* False where the kernel does not take it: sockets are then to be listed in
 * another way. */
bool bpf_seed_open(struct bpf_seed *seed, const struct bpf_programs *programs);
void bpf_seed_close(struct bpf_seed *seed);     /* accepts a zeroed object */

#endif
