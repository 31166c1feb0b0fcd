/* SPDX-License-Identifier: BSD-2-Clause */
/* What the bpf backend needs rights for once it is open: done here, or asked of
 * the keeper, or answered as the keeper. */
#include "bpf_backend.h"

uint64_t bpf_missed(const struct bpf *bpf)
{
	struct keeper_answer answer;

	if (!bpf->keeper)
		return bpf_programs_missed(&bpf->programs);
	return keeper_ask(bpf->keeper, KEEPER_OVERRUNS, 0, &answer) ?
	       bpf->missed : answer.number;
}

/* What was opened here for the walk, and then asked of the keeper. */
static void forget(struct bpf *bpf)
{
	process_walk_free(bpf->walk);
	bpf->walk = NULL;
	diag_events_close(&bpf->diag);
}

void bpf_serve(struct backend *backend, const struct keeper_request *request,
	       struct keeper_answer *answer, int *fd)
{
	struct bpf *bpf = (struct bpf *)backend;

	if (request->question == KEEPER_OVERRUNS)
		answer->number = bpf_programs_missed(&bpf->programs);
	else
		lookup_serve(&bpf->lookup, request, answer, fd);
	if (request->question == KEEPER_FORGET)
		forget(bpf);
}

/* What is in the kernel goes away with its last descriptor. */
void bpf_confine(struct backend *backend, const struct keeper *keeper)
{
	struct bpf *bpf = (struct bpf *)backend;

	bpf->keeper = keeper;
	process_walk_confine(&bpf->walk, keeper);
	diag_events_confine(&bpf->diag, keeper);
}
