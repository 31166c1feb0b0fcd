/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks sock_diag as the backend does; see diag_survey.h. */
#include "diag_survey.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "diag_gone.h"
#include "host/survey_check.h"
#include "registry.h"

static void look_at_lists(const void *place, struct survey_finding *finding)
{
	struct error failed = { 0 };

	(void)place;
	diag_backend.probe(NULL, &failed);
	survey_check_settle(finding, SURVEY_BAD, &failed, "lists TCP sockets");
}

static void look_at_ends(const void *place, struct survey_finding *finding)
{
	struct diag_gone *gone = diag_gone_open();

	(void)place;
	if (gone)
		survey_check_find(finding, SURVEY_GOOD,
				  "both destroy groups can be joined");
	else
		survey_check_find(finding, SURVEY_LESS,
				  "the destroy groups cannot be joined: %s",
				  strerror(errno));
	diag_gone_close(gone);
}

/* The first process may hide what it has open; nobody has more rights. */
static void look_at_owners(const void *place, struct survey_finding *finding)
{
	(void)place;
	if (!access("/proc/1/fd", R_OK | X_OK))
		survey_check_find(finding, SURVEY_GOOD,
				  "what every process has open can be seen");
	else
		survey_check_find(finding, errno == ENOENT ? SURVEY_LESS :
				  SURVEY_RIGHTS, "what others have open cannot be "
				  "seen: %s", strerror(errno));
}

static const struct survey_check checks[] = {
	{
		.name = "sock_diag",
		.enables = "sockets, the diag backend, owners of older sockets",
		.look = look_at_lists,
	}, {
		.name = "destroy-groups",
		.enables = "bytes and round trips of sockets that ended",
		.remedy = "load the module tcp_diag (modprobe tcp_diag)",
		.look = look_at_ends,
	}, {
		.name = "owners",
		.enables = "whose the sockets of others are",
		.remedy = "run as root",
		.look = look_at_owners,
	},
	{ .name = NULL }
};

void diag_survey(const struct survey_sink *sink)
{
	survey_check_all(checks, "diag", NULL, sink);
}
