/* SPDX-License-Identifier: BSD-2-Clause */
/* Loads the smallest program of each kind and takes it away again; see
 * bpf_survey.h. */
#include "bpf_survey.h"

#include <errno.h>
#include <stdbool.h>

#include "bpf_kernel.h"
#include "bpf_refusal.h"
#include "host/survey_check.h"
#include "trace/trace_record.h"

static const char use_of_all[] = "the bpf backend (the same events, by BPF)";

struct place {
	struct bpf_kernel kernel;       /* zeroed: it has no type information */
	struct error no_kernel;
	struct error no_rights;         /* zeroed: we may try */
};

static bool have_rights(const struct place *place,
			struct survey_finding *finding)
{
	if (place->no_rights.code)
		survey_check_find(finding, SURVEY_RIGHTS,
				  "not tried, for want of rights");
	return !place->no_rights.code;
}

/* What needs BTF or rights that are not there is not tried. */
static bool may_try(const struct place *place, struct survey_finding *finding)
{
	if (!have_rights(place, finding))
		return false;
	if (!place->kernel.btf)
		survey_check_find(finding, SURVEY_BAD, "not tried: it needs BTF");
	return place->kernel.btf;
}

static void look_at_rights(const void *context, struct survey_finding *finding)
{
	const struct place *place = context;

	survey_check_settle(finding, SURVEY_RIGHTS, &place->no_rights,
			    "the capabilities suffice");
}

static void look_at_btf(const void *context, struct survey_finding *finding)
{
	const struct place *place = context;

	if (place->kernel.btf)
		survey_check_find(finding, SURVEY_GOOD, "/sys/kernel/btf/vmlinux");
	else
		survey_check_fail(finding, SURVEY_BAD, &place->no_kernel);
}

static void look_at_ring(const void *context, struct survey_finding *finding)
{
	const struct place *place = context;
	struct error failed = { 0 };
	int ret;

	if (!have_rights(place, finding))
		return;
	ret = bpf_kernel_try_ring();
	if (!ret) {
		survey_check_find(finding, SURVEY_GOOD, "one was made");
		return;
	}
	if (ret == -EINVAL)
		error_set(&failed, ENOTSUP, "this kernel has none (5.8 has)");
	else
		bpf_refusal_set(&failed, -ret, "make one", NULL);
	survey_check_fail(finding, SURVEY_BAD, &failed);
	finding->verdict = SURVEY_BAD; /* it was not for want of rights */
}

static void look_at_tp_btf(const void *context, struct survey_finding *finding)
{
	const struct place *place = context;
	struct error failed = { 0 };
	int ret;

	if (!may_try(place, finding))
		return;
	ret = bpf_kernel_try_event(&place->kernel, "inet_sock_set_state");
	if (!ret) {
		survey_check_find(finding, SURVEY_GOOD,
				  "a program was loaded and attached");
		return;
	}
	if (ret == -ENOENT)
		error_set(&failed, ENOENT, "this kernel has no "
			  "inet_sock_set_state for BPF");
	else
		bpf_refusal_set(&failed, -ret, "attach a program to it", NULL);
	survey_check_fail(finding, SURVEY_BAD, &failed);
	finding->verdict = SURVEY_BAD;
}

static void look_at_fentry(const void *context, struct survey_finding *finding)
{
	const struct place *place = context;

	if (!may_try(place, finding))
		return;
	if (bpf_kernel_takes_fentry(&place->kernel, "tcp_rcv_established"))
		survey_check_find(finding, SURVEY_GOOD,
				  "a program was loaded and attached");
	else
		survey_check_find(finding, SURVEY_LESS, "refused at "
				  "tcp_rcv_established: samples come from the event "
				  "tcp_probe");
}

static void look_at_events(const void *context, struct survey_finding *finding)
{
	const struct place *place = context;

	if (!place->kernel.btf) {
		survey_check_find(finding, SURVEY_BAD, "not known without BTF");
		return;
	}
	for (unsigned int which = 0; which < TRACE_EVENT_COUNT; which++)
		if (trace_events[which].system)
			survey_check_add(finding,
					 bpf_kernel_arguments(&place->kernel,
						trace_events[which].name) >= 0,
					 trace_events[which].name);
	if (finding->lacks[0])
		survey_check_find(finding, SURVEY_LESS, "this kernel lacks %s",
				  finding->lacks);
	else
		survey_check_find(finding, SURVEY_GOOD, "all that are of use");
}

static const struct survey_check checks[] = {
	{ .name = "rights", .enables = use_of_all, .look = look_at_rights },
	{ .name = "btf", .enables = use_of_all, .look = look_at_btf },
	{ .name = "ring-buffer", .enables = use_of_all, .look = look_at_ring },
	{ .name = "tp_btf", .enables = use_of_all, .look = look_at_tp_btf },
	{
		.name = "fentry",
		.enables = "samples at the function instead of the event",
		.look = look_at_fentry,
	}, {
		.name = "events",
		.enables = "the kinds of events there are",
		.look = look_at_events,
	},
	{ .name = NULL }
};

void bpf_survey(const struct survey_sink *sink)
{
	struct place place = { .no_kernel.code = 0 };

	bpf_refusal_check_capabilities(&place.no_rights);
	bpf_kernel_open(&place.kernel, &place.no_kernel);
	survey_check_all(checks, "bpf", &place, sink);
	bpf_kernel_close(&place.kernel);
}
