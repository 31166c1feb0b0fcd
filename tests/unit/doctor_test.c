/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the doctor says of hosts that are made up here, as text and as JSON,
 * beside the files tests/golden/doctor-*. UPDATE=1 in the environment writes
 * these anew: read what changed before you keep it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "doctor/doctor.h"

#define STATES (EVENT_BIT(EVENT_STATE) | EVENT_BIT(EVENT_DESTROY) | \
		EVENT_BIT(EVENT_TASK) | EVENT_BIT(EVENT_RESET) | \
		EVENT_BIT(EVENT_ERROR) | EVENT_BIT(EVENT_SEEN) | \
		EVENT_BIT(EVENT_RETRANS))
#define STREAM (STATES | EVENT_BIT(EVENT_CONG))
#define SAMPLES (EVENT_BIT(EVENT_SAMPLE) | EVENT_BIT(EVENT_BUCKET))

enum { WIDTH = 80, TEXT_BYTES = 16384 };

static struct doctor doctor;

static struct doctor_command *add(const char *command, const char *option,
				  unsigned int wanted)
{
	struct doctor_command *added = &doctor.commands[doctor.command_count++];

	added->command = command;
	added->option = option;
	added->wanted = wanted;
	return added;
}

static void choose(struct doctor_command *command, const char *source,
		   unsigned int promises, unsigned int given)
{
	command->choice.source = source;
	command->choice.promises = promises;
	command->choice.given = given;
	snprintf(command->choice.report, sizeof(command->choice.report),
		 "using %s", source);
}

static void refuse(struct doctor_command *command, const char *reason)
{
	snprintf(command->choice.refusal, sizeof(command->choice.refusal), "%s",
		 reason);
}

static struct survey_finding *find(const char *about, const char *name,
				   enum survey_verdict verdict,
				   const char *found)
{
	struct survey_finding *finding = &doctor.findings[doctor.finding_count++];

	*finding = (struct survey_finding){
		.about = about, .name = name, .verdict = verdict,
		.enables = "what it is good for",
	};
	snprintf(finding->found, sizeof(finding->found), "%s", found);
	return finding;
}

static char *read_file(const char *path, char *text)
{
	FILE *file = fopen(path, "r");
	size_t length = file ? fread(text, 1, TEXT_BYTES - 1, file) : 0;

	if (file)
		fclose(file);
	text[length] = '\0';
	return text;
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void expect(const char *name,
		   void (*print)(const struct doctor *doctor, FILE *file))
{
	static char expected[TEXT_BYTES];
	const char *update = getenv("UPDATE");
	char path[64], *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);

	assert_non_null(file);
	print(&doctor, file);
	assert_int_equal(fclose(file), 0);
	snprintf(path, sizeof(path), "tests/golden/%s", name);
	if (update && !strcmp(update, "1"))
		write_file(path, text);
	assert_string_equal(text, read_file(path, expected));
	free(text);
}

static void expect_width(void)
{
	char *text = NULL, *line, *rest;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);

	assert_non_null(file);
	doctor_text_print(&doctor, file);
	assert_int_equal(fclose(file), 0);
	for (rest = text; (line = strsep(&rest, "\n"));)
		if (strlen(line) > WIDTH)
			fail_msg("too wide: %s", line);
	free(text);
}

static void all_is_well(void **state)
{
	struct survey_finding *finding;

	(void)state;
	doctor = (struct doctor){ .finding_count = 0 };
	choose(add("", NULL, STREAM), "tracefs", BACKEND_EXACT, STREAM);
	choose(add("rtt", NULL, STATES | SAMPLES), "tracefs", BACKEND_EXACT,
	       STATES | EVENT_BIT(EVENT_BUCKET));
	choose(add("sockets", NULL, 0), "sock_diag", 0, 0);
	find("host", "kernel", SURVEY_GOOD, "Linux 6.18.44");
	finding = find("tracefs", "tcp:tcp_retransmit_skb", SURVEY_GOOD,
		       "2 of 3 fields, without err");
	strcpy(finding->has, "skaddr sport ");
	strcpy(finding->lacks, "err ");
	expect("doctor-well.txt", doctor_text_print);
	expect("doctor-well.json", doctor_json_print);
	expect_width();
}

static void an_old_kernel_has_less(void **state)
{
	struct doctor_command *command;

	(void)state;
	doctor = (struct doctor){ .finding_count = 0 };
	command = add("", NULL, STREAM);
	choose(command, "tracefs", BACKEND_EXACT,
	       STREAM & ~EVENT_BIT(EVENT_ERROR));
	strcpy(command->choice.note, "congestion states come from kernel probes; "
	       "this kernel has no event sock:inet_sk_error_report");
	command = add("rtt", "--aggregate kernel", STATES | SAMPLES);
	refuse(command, "no backend works here (tracefs: the kernel cannot count "
	       "round trips: this kernel has no hist triggers)");
	choose(add("rtt", NULL, STATES | SAMPLES), "tracefs", BACKEND_EXACT,
	       STATES | EVENT_BIT(EVENT_SAMPLE));
	find("tracefs", "hist", SURVEY_LESS, "this kernel has no hist triggers "
	     "(CONFIG_HIST_TRIGGERS): round trips are counted from samples");
	expect("doctor-old.txt", doctor_text_print);
	expect("doctor-old.json", doctor_json_print);
	expect_width();
}

/* Without rights sock_diag alone is what works, and root would change that. */
static void nobody_looks_now_and_then(void **state)
{
	struct doctor_command *command;
	struct survey_finding *finding;

	(void)state;
	doctor = (struct doctor){ .finding_count = 0 };
	command = add("", NULL, STREAM);
	choose(command, "diag", 0, STREAM & ~(EVENT_BIT(EVENT_RESET) |
					      EVENT_BIT(EVENT_ERROR)));
	strcpy(command->choice.report, "using diag (tracefs: cannot read "
	       "/sys/kernel/tracing: Permission denied; run as root; bpf: it needs "
	       "CAP_BPF and CAP_PERFMON (or CAP_SYS_ADMIN): run as root)");
	choose(add("cwnd", NULL, STATES | EVENT_BIT(EVENT_SAMPLE)), "diag", 0,
	       STATES);
	find("host", "lockdown", SURVEY_GOOD, "none");
	finding = find("host", "capabilities", SURVEY_RIGHTS,
		       "user 1000, without CAP_BPF (BPF)");
	finding->remedy = "run as root";
	finding = find("tracefs", "mount", SURVEY_RIGHTS, "cannot read "
		       "/sys/kernel/tracing: Permission denied; run as root");
	finding->enables = "the tracefs backend (every event, exact times)";
	finding = find("tracefs", "instances", SURVEY_RIGHTS, "no right");
	finding->enables = "not told twice of one backend";
	finding = find("bpf", "rights", SURVEY_RIGHTS, "it needs CAP_BPF");
	finding->enables = "the bpf backend (the same events, by BPF)";
	expect("doctor-nobody.txt", doctor_text_print);
	expect("doctor-nobody.json", doctor_json_print);
	expect_width();
}

static void nothing_works(void **state)
{
	struct survey_finding *finding;

	(void)state;
	doctor = (struct doctor){ .finding_count = 0 };
	refuse(add("", NULL, STREAM), "no backend works here (tracefs: not in this "
	       "build; bpf: not in this build; diag: the kernel has no sock_diag "
	       "for TCP: load the module tcp_diag (modprobe tcp_diag))");
	finding = find("host", "lockdown", SURVEY_BAD, "confidentiality: tracing "
		       "is forbidden, to root as well");
	finding->remedy = "boot with lockdown=integrity, or without lockdown";
	expect("doctor-nothing.txt", doctor_text_print);
	expect("doctor-nothing.json", doctor_json_print);
	expect_width();
}

/* A name that somebody else chose can do nothing to a terminal, or to JSON. */
static void what_others_wrote_is_harmless(void **state)
{
	(void)state;
	doctor = (struct doctor){ .finding_count = 0 };
	refuse(add("", NULL, STREAM), "a \033[31mred\033[m reason");
	find("host", "kernel", SURVEY_GOOD, "Linux \"\033]0;x\a\\");
	expect("doctor-hostile.txt", doctor_text_print);
	expect("doctor-hostile.json", doctor_json_print);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_well),
		cmocka_unit_test(an_old_kernel_has_less),
		cmocka_unit_test(nobody_looks_now_and_then),
		cmocka_unit_test(nothing_works),
		cmocka_unit_test(what_others_wrote_is_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
