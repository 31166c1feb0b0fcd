/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks at tracefs by the same modules that a watch uses; see trace_survey.h. */
#include "trace_survey.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/lockdown.h"
#include "host/survey_check.h"
#include "trace_events.h"
#include "trace_instance.h"
#include "trace_mount.h"

static const char about[] = "tracefs";
static const char use_of_all[] = "the tracefs backend (every event, exact times)";

/* What each event is good for; NULL: a probe of our own. */
static const char *const uses[TRACE_EVENT_COUNT] = {
	[TRACE_EVENT_SET_STATE] = "every state change",
	[TRACE_EVENT_CONG_STATE] = "congestion states",
	[TRACE_EVENT_RETRANSMIT] = "retransmissions",
	[TRACE_EVENT_RETRANSMIT_SYNACK] = "SYN-ACKs that were sent again",
	[TRACE_EVENT_DESTROY] = "telling the lives of a socket's address apart",
	[TRACE_EVENT_NEWTASK] = "processes that live for a moment",
	[TRACE_EVENT_RENAME] = "names of processes that live for a moment",
	[TRACE_EVENT_SEND_RESET] = "resets sent, as reasons",
	[TRACE_EVENT_RECEIVE_RESET] = "resets received, as reasons",
	[TRACE_EVENT_ERROR_REPORT] = "socket errors, as reasons",
	[TRACE_EVENT_SAMPLE] = "round trips and congestion windows",
};

static void look_at_instances(const void *place, struct survey_finding *finding)
{
	struct error failed = { 0 };

	trace_instance_check(place, &failed);
	survey_check_settle(finding, SURVEY_BAD, &failed, "may be made");
}

/* Is there such a file, which we can open? */
static bool has_file(const char *tracing_dir, const char *file)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", tracing_dir, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno == EACCES || errno == EPERM;
}

static void look_at_hist(const void *place, struct survey_finding *finding)
{
	if (has_file(place, "events/tcp/tcp_probe/hist"))
		survey_check_find(finding, SURVEY_GOOD, "there are hist triggers");
	else
		survey_check_find(finding, SURVEY_LESS, "this kernel has no hist "
				  "triggers (CONFIG_HIST_TRIGGERS): round trips "
				  "are counted from samples");
}

static void look_at_probes(const void *place, struct survey_finding *finding)
{
	if (has_file(place, "kprobe_events"))
		survey_check_find(finding, SURVEY_GOOD, "may be made");
	else if (has_file(place, "events/tcp/tcp_cong_state_set/format"))
		survey_check_find(finding, SURVEY_GOOD, "there are none, and none "
				  "are needed");
	else
		survey_check_find(finding, SURVEY_LESS, "this kernel has none "
				  "(CONFIG_KPROBE_EVENTS)");
}

static void look_at_stacks(const void *place, struct survey_finding *finding)
{
	if (has_file(place, "options/stacktrace"))
		survey_check_find(finding, SURVEY_GOOD, "can be recorded");
	else
		survey_check_find(finding, SURVEY_LESS, "this kernel has none "
				  "(CONFIG_STACKTRACE)");
}

static void tell_fields(const struct trace_events *events,
			enum trace_event which, struct survey_finding *finding)
{
	const struct trace_layout *layout = &events->format.layouts[which];
	unsigned int count = 0, there = 0;
	const char *name;

	for (int id = -1; trace_format_next_field(&events->format, which, &id,
						  &name);) {
		survey_check_add(finding, layout->fields[id].size, name);
		count++;
		there += layout->fields[id].size > 0;
	}
	survey_check_find(finding, SURVEY_GOOD, "%u of %u fields%s%s", there,
			  count, there < count ? ", without " : "",
			  finding->lacks);
}

/* What the watch can do without is left out there. */
static enum survey_verdict verdict_on(enum trace_event which)
{
	return which == TRACE_EVENT_SET_STATE ? SURVEY_BAD : SURVEY_LESS;
}

static void look_at_event(struct trace_events *events,
			  const struct trace_instance *instance,
			  enum trace_event which, const struct survey_sink *sink)
{
	char name[64];
	struct survey_finding finding = {
		.about = about, .name = name, .enables = uses[which],
	};
	struct error failed = { 0 };
	int ret = trace_events_read(events, instance, which, &failed);

	snprintf(name, sizeof(name), "%s:%s", trace_events_system(events, which),
		 events->older & 1u << which ? trace_events[which].old_name :
					       trace_events[which].name);
	if (!ret)
		tell_fields(events, which, &finding);
	else if (ret == -ENOENT && which == TRACE_EVENT_CONG_STATE)
		survey_check_find(&finding, SURVEY_LESS, "this kernel has no such "
				  "event (5.19 has): kernel probes stand in");
	else if (ret == -ENOENT)
		survey_check_find(&finding, verdict_on(which),
				  "this kernel has no such event");
	else
		survey_check_fail(&finding, verdict_on(which), &failed);
	sink->take(sink->context, &finding);
}

static void look_at_events(const char *tracing_dir,
			   const struct survey_sink *sink)
{
	struct trace_events events = { .older = 0 };
	struct trace_instance top;

	if (trace_instance_open_top(&top, tracing_dir, NULL))
		return;
	for (unsigned int which = 0; which < TRACE_EVENT_COUNT; which++)
		if (trace_events[which].system)
			look_at_event(&events, &top, which, sink);
	trace_instance_close(&top);
}

static const struct survey_check checks[] = {
	{
		.name = "instances",
		.enables = use_of_all,
		.look = look_at_instances,
	}, {
		.name = "hist",
		.enables = "round trips counted by the kernel itself",
		.look = look_at_hist,
	}, {
		.name = "kprobes",
		.enables = "congestion states before Linux 5.19",
		.look = look_at_probes,
	}, {
		.name = "stacks",
		.enables = "states --stack",
		.look = look_at_stacks,
	},
	{ .name = NULL }
};

void trace_survey_folder(const char *tracing_dir, const struct survey_sink *sink)
{
	survey_check_all(checks, about, tracing_dir, sink);
	look_at_events(tracing_dir, sink);
}

/* The folder, or NULL. */
static const char *look_at_mount(const struct survey_sink *sink)
{
	struct survey_finding finding = {
		.about = about, .name = "mount", .enables = use_of_all,
	};
	struct error failed = { 0 };
	bool mounted;
	const char *tracing_dir = trace_mount_get(&mounted, &failed);

	if (tracing_dir)
		survey_check_find(&finding, SURVEY_GOOD, "%s%s", tracing_dir,
				  mounted ? ", where it is not mounted: a run mounts "
				  "it for itself" : "");
	else
		survey_check_fail(&finding, SURVEY_BAD, &failed);
	/* No rights help against lockdown. */
	if (!tracing_dir &&
	    lockdown_read(LOCKDOWN_PATH) == LOCKDOWN_CONFIDENTIALITY)
		finding.verdict = SURVEY_BAD;
	sink->take(sink->context, &finding);
	return tracing_dir;
}

void trace_survey(const struct survey_sink *sink)
{
	const char *tracing_dir = look_at_mount(sink);

	if (tracing_dir)
		trace_survey_folder(tracing_dir, sink);
}
