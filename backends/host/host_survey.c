/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks at /proc and /sys; see host_survey.h. */
#include "host_survey.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/capability.h>

#include "lockdown.h"
#include "own_status.h"
#include "small_file.h"
#include "survey_check.h"

enum { PATH_BYTES = 512, OLDEST_MAJOR = 4, OLDEST_MINOR = 15 };

/* Those that make a difference; root has them all, unless in a container. */
static const struct {
	unsigned int number;
	bool in_admin;          /* whoever has CAP_SYS_ADMIN needs it not */
	const char *name, *enables;
} capabilities[] = {
	{ CAP_DAC_OVERRIDE, false, "CAP_DAC_OVERRIDE", "tracefs" },
	{ CAP_SYS_ADMIN, false, "CAP_SYS_ADMIN",
	  "mounting it, other network namespaces" },
	{ CAP_BPF, true, "CAP_BPF", "BPF" },
	{ CAP_PERFMON, true, "CAP_PERFMON", "BPF" },
	{ CAP_SYS_PTRACE, false, "CAP_SYS_PTRACE", "owners" },
	{ CAP_SYSLOG, true, "CAP_SYSLOG", "--stack" },
	{ CAP_NET_ADMIN, false, "CAP_NET_ADMIN", "bursts of ends" },
};

enum { CAPABILITY_COUNT = sizeof(capabilities) / sizeof(capabilities[0]) };

/* The beginning of a file under root; false when it cannot be read. */
static bool read_text(const struct host_survey *host, const char *path,
		      char *text, size_t room)
{
	char whole[PATH_BYTES];

	snprintf(whole, sizeof(whole), "%s%s", host->root, path);
	return small_file_read(whole, text, room);
}

static bool exists(const struct host_survey *host, const char *path)
{
	char whole[PATH_BYTES];

	snprintf(whole, sizeof(whole), "%s%s", host->root, path);
	return !access(whole, F_OK);
}

static void look_at_kernel(const void *place, struct survey_finding *finding)
{
	unsigned int major = 0, minor = 0;
	char release[128];
	bool old;

	if (!read_text(place, "/proc/sys/kernel/osrelease", release,
		       sizeof(release))) {
		survey_check_find(finding, SURVEY_LESS, "/proc does not say");
		finding->remedy = "mount /proc";
		return;
	}
	release[strcspn(release, "\n")] = '\0';
	sscanf(release, "%u.%u", &major, &minor);
	old = major < OLDEST_MAJOR ||
	      (major == OLDEST_MAJOR && minor < OLDEST_MINOR);
	survey_check_find(finding, old ? SURVEY_BAD : SURVEY_GOOD, "Linux %s",
			  release);
}

static void look_at_lockdown(const void *place, struct survey_finding *finding)
{
	const struct host_survey *host = place;
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s" LOCKDOWN_PATH, host->root);
	switch (lockdown_read(path)) {
	case LOCKDOWN_CONFIDENTIALITY:
		survey_check_find(finding, SURVEY_BAD,
				  "confidentiality: tracing is forbidden, to root "
				  "as well");
		return;
	case LOCKDOWN_INTEGRITY:
		survey_check_find(finding, SURVEY_GOOD,
				  "integrity: takes nothing from tcpwatch");
		return;
	case LOCKDOWN_NONE:
		survey_check_find(finding, SURVEY_GOOD, "none");
		return;
	case LOCKDOWN_UNKNOWN:
		survey_check_find(finding, SURVEY_GOOD,
				  "not known: no " LOCKDOWN_PATH);
		return;
	}
}

static void look_at_capabilities(const void *place,
				 struct survey_finding *finding)
{
	const struct host_survey *host = place;
	uint64_t own = own_status_number(host->root, "CapEff", 16);
	uint64_t uid = own_status_number(host->root, "Uid", 10);
	size_t length;

	survey_check_find(finding, SURVEY_GOOD, "user %u, all that are of use",
			  (unsigned int)uid);
	for (size_t i = 0; i < CAPABILITY_COUNT; i++) {
		bool has = own >> capabilities[i].number & 1 ||
			   (capabilities[i].in_admin && own >> CAP_SYS_ADMIN & 1);

		survey_check_add(finding, has, capabilities[i].name);
		if (has)
			continue;
		if (finding->verdict == SURVEY_GOOD)
			survey_check_find(finding, SURVEY_RIGHTS, "user %u, without",
					  (unsigned int)uid);
		length = strlen(finding->found);
		snprintf(finding->found + length, sizeof(finding->found) - length,
			 "%s %s (%s)", finding->found[length - 1] == ')' ? "," : "",
			 capabilities[i].name, capabilities[i].enables);
	}
}

/* Whose marks there are; NULL: none. */
static const char *container_kind(const struct host_survey *host)
{
	if (exists(host, "/.dockerenv"))
		return "docker";
	if (exists(host, "/run/.containerenv"))
		return "podman";
	return exists(host, "/run/systemd/container") ? "container" : NULL;
}

static bool has_own_users(const struct host_survey *host)
{
	unsigned long long inside = 0, outside = 0, count = UINT32_MAX;
	char map[128];

	if (read_text(host, "/proc/self/uid_map", map, sizeof(map)))
		sscanf(map, "%llu %llu %llu", &inside, &outside, &count);
	return outside || count != UINT32_MAX;
}

static void look_at_container(const void *place, struct survey_finding *finding)
{
	const struct host_survey *host = place;
	const char *kind = container_kind(host);
	bool filtered = own_status_number(host->root, "Seccomp", 10) > 1;

	survey_check_find(finding, SURVEY_GOOD, "not in one");
	if (kind)
		survey_check_add(finding, true, kind);
	if (host->foreign_pids)
		survey_check_add(finding, true, "pid-namespace");
	if (has_own_users(host))
		survey_check_add(finding, true, "user-namespace");
	if (filtered)
		survey_check_add(finding, true, "seccomp");
	if (finding->has[0])
		survey_check_find(finding, SURVEY_LESS, "in one: %s%s%s",
				  finding->has,
				  host->foreign_pids ? "- process ids are the "
				  "host's: --pid and -- CMD need a run outside" : "",
				  filtered ? "- system calls are filtered, perhaps "
				  "also bpf() and mount()" : "");
}

static const struct survey_check checks[] = {
	{
		.name = "kernel",
		.enables = "its tracepoints of TCP, which came with 4.15",
		.remedy = "use Linux 4.15 or later",
		.look = look_at_kernel,
	}, {
		.name = "lockdown",
		.enables = "tracing",
		.remedy = "boot with lockdown=integrity, or without lockdown",
		.look = look_at_lockdown,
	}, {
		.name = "capabilities",
		.enables = "what is forbidden to others",
		.remedy = "run as root",
		.look = look_at_capabilities,
	}, {
		.name = "container",
		.enables = "process ids as the kernel has them",
		.remedy = "run it on the host itself",
		.look = look_at_container,
	},
	{ .name = NULL }
};

void host_survey_run(const struct host_survey *host,
		     const struct survey_sink *sink)
{
	survey_check_all(checks, "host", host, sink);
}
