/* SPDX-License-Identifier: BSD-2-Clause */
/* What the host is, from trees of files that look like other hosts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "host/host_survey.h"
#include "host/lockdown.h"
#include "survey_capture.h"

#define RELEASE "proc/sys/kernel/osrelease"
#define STATUS "proc/self/status"
#define LOCKDOWN "sys/kernel/security/lockdown"

static struct survey_capture capture;

static const struct survey_finding *look(const char *root, bool foreign_pids,
					 const char *name)
{
	const struct survey_sink sink = survey_capture_sink(&capture);
	const struct host_survey host = { root, foreign_pids };

	host_survey_run(&host, &sink);
	return survey_capture_find(&capture, name);
}

/* One file in a tree of its own, and what is found then. */
static void expect(const char *path, const char *text, const char *name,
		   enum survey_verdict verdict, const char *found)
{
	const char *root = survey_tree_new();
	const struct survey_finding *finding;

	if (path)
		survey_tree_add(path, text);
	finding = look(root, false, name);
	survey_tree_free();
	assert_string_equal(finding->found, found);
	assert_int_equal(finding->verdict, verdict);
	assert_string_equal(finding->about, "host");
	assert_true(verdict == SURVEY_GOOD ? !finding->remedy :
					     finding->remedy != NULL);
}

static void kernels_since_4_15_will_do(void **state)
{
	(void)state;
	expect(RELEASE, "6.18.44\n", "kernel", SURVEY_GOOD, "Linux 6.18.44");
	expect(RELEASE, "5.10.0-32-cloud-amd64\n", "kernel", SURVEY_GOOD,
	       "Linux 5.10.0-32-cloud-amd64");
	expect(RELEASE, "4.15.0\n", "kernel", SURVEY_GOOD, "Linux 4.15.0");
	expect(RELEASE, "4.14.336\n", "kernel", SURVEY_BAD, "Linux 4.14.336");
	expect(RELEASE, "3.10.0-1160\n", "kernel", SURVEY_BAD,
	       "Linux 3.10.0-1160");
	expect(NULL, NULL, "kernel", SURVEY_LESS, "/proc does not say");
}

static void lockdown_has_levels(void **state)
{
	(void)state;
	expect(LOCKDOWN, "[none] integrity confidentiality\n", "lockdown",
	       SURVEY_GOOD, "none");
	expect(LOCKDOWN, "none [integrity] confidentiality\n", "lockdown",
	       SURVEY_GOOD, "integrity: takes nothing from tcpwatch");
	expect(LOCKDOWN, "none integrity [confidentiality]\n", "lockdown",
	       SURVEY_BAD, "confidentiality: tracing is forbidden, to root as "
	       "well");
	expect(LOCKDOWN, "", "lockdown", SURVEY_GOOD,
	       "not known: no " LOCKDOWN_PATH);
	expect(NULL, NULL, "lockdown", SURVEY_GOOD,
	       "not known: no " LOCKDOWN_PATH);
}

static void capabilities_are_told_apart(void **state)
{
	const char *root = survey_tree_new();
	const struct survey_finding *finding;

	(void)state;
	survey_tree_add(STATUS, "Name:\tx\nUid:\t1000\t1000\nCapEff:\t"
			"000000c000000002\nSeccomp:\t0\n");
	finding = look(root, false, "capabilities");
	survey_tree_free();
	assert_int_equal(finding->verdict, SURVEY_RIGHTS);
	assert_string_equal(finding->has,
			    "CAP_DAC_OVERRIDE CAP_BPF CAP_PERFMON ");
	assert_string_equal(finding->lacks, "CAP_SYS_ADMIN CAP_SYS_PTRACE "
			    "CAP_SYSLOG CAP_NET_ADMIN ");
	assert_string_equal(finding->found, "user 1000, without CAP_SYS_ADMIN "
			    "(mounting it, other network namespaces), "
			    "CAP_SYS_PTRACE (owners), CAP_SYSLOG (--stack), "
			    "CAP_NET_ADMIN (bursts of ends)");
	assert_string_equal(finding->remedy, "run as root");
}

/* CAP_BPF came with 5.8: root does not have it on older kernels, nor need it. */
static void root_lacks_nothing(void **state)
{
	(void)state;
	expect(STATUS, "Name:\tx\nUid:\t0\t0\nCapEff:\t000001ffffffffff\n",
	       "capabilities", SURVEY_GOOD, "user 0, all that are of use");
	expect(STATUS, "Name:\tx\nUid:\t0\t0\nCapEff:\t0000003fffffffff\n",
	       "capabilities", SURVEY_GOOD, "user 0, all that are of use");
}

/* A user may be in thousands of groups, which come first. */
static void many_groups_hide_nothing(void **state)
{
	char status[8000] = "Name:\tx\nUid:\t0\t0\nGroups:\t";
	size_t length = strlen(status);

	(void)state;
	memset(status + length, '7', 7500);
	strcpy(status + length + 7500, "\nCapEff:\t000001ffffffffff\n");
	expect(STATUS, status, "capabilities", SURVEY_GOOD,
	       "user 0, all that are of use");
}

static void containers_leave_marks(void **state)
{
	(void)state;
	expect(NULL, NULL, "container", SURVEY_GOOD, "not in one");
	expect("proc/self/uid_map", "         0          0 4294967295\n",
	       "container", SURVEY_GOOD, "not in one");
	expect("proc/self/uid_map", "         0     100000      65536\n",
	       "container", SURVEY_LESS, "in one: user-namespace");
	expect(".dockerenv", "", "container", SURVEY_LESS, "in one: docker");
	expect("run/.containerenv", "", "container", SURVEY_LESS,
	       "in one: podman");
	expect("run/systemd/container", "lxc\n", "container", SURVEY_LESS,
	       "in one: container");
	expect(STATUS, "Name:\tx\nSeccomp:\t2\n", "container", SURVEY_LESS,
	       "in one: seccomp - system calls are filtered, perhaps also bpf() "
	       "and mount()");
}

static void foreign_pids_are_told(void **state)
{
	const char *root = survey_tree_new();
	const struct survey_finding *finding = look(root, true, "container");

	(void)state;
	survey_tree_free();
	assert_int_equal(finding->verdict, SURVEY_LESS);
	assert_string_equal(finding->found, "in one: pid-namespace - process ids "
			    "are the host's: --pid and -- CMD need a run outside");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernels_since_4_15_will_do),
		cmocka_unit_test(lockdown_has_levels),
		cmocka_unit_test(capabilities_are_told_apart),
		cmocka_unit_test(root_lacks_nothing),
		cmocka_unit_test(many_groups_hide_nothing),
		cmocka_unit_test(containers_leave_marks),
		cmocka_unit_test(foreign_pids_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
