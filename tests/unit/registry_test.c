/* SPDX-License-Identifier: BSD-2-Clause */
/* The choice of a backend: by name, by itself, and what it says about it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <errno.h>
#include <string.h>

#include <cmocka.h>

#include "registry.h"
#include "survey_capture.h"

enum {
	NEEDS = BACKEND_LIVE | BACKEND_EXACT,
	NEEDS_FILE = BACKEND_FILE | BACKEND_EXACT
};

static struct backend opened;           /* what every good open() gives */

static int probe_good(const struct backend_options *options, struct error *err)
{
	(void)options;
	(void)err;
	return 0;
}

static int probe_refusing(const struct backend_options *options,
			  struct error *err)
{
	(void)options;
	return error_set(err, EPERM, "the kernel is locked");
}

static struct backend *open_good(const struct backend_options *options,
				 struct error *err)
{
	(void)options;
	(void)err;
	return &opened;
}

static struct backend *open_refusing(const struct backend_options *options,
				     struct error *err)
{
	(void)options;
	error_set(err, EACCES, "not allowed: run as root");
	return NULL;
}

static struct backend *open_silent(const struct backend_options *options,
				   struct error *err)
{
	(void)options;
	(void)err;
	return NULL;
}

static const struct backend_ops good_bpf = {
	.name = "bpf", .promises = NEEDS | BACKEND_AUTO,
	.probe = probe_good, .open = open_good,
};

static const struct backend_ops locked_bpf = {
	.name = "bpf", .promises = NEEDS | BACKEND_AUTO,
	.probe = probe_refusing, .open = open_good,
};

static const struct backend_ops good_tracefs = {
	.name = "tracefs", .promises = NEEDS | BACKEND_AUTO,
	.probe = probe_good, .open = open_good,
};

static const struct backend_ops refused_tracefs = {
	.name = "tracefs", .promises = NEEDS | BACKEND_AUTO,
	.probe = probe_good, .open = open_refusing,
};

static const struct backend_ops silent_tracefs = {
	.name = "tracefs", .promises = NEEDS | BACKEND_AUTO,
	.probe = probe_good, .open = open_silent,
};

static const struct backend_ops good_diag = {
	.name = "diag", .promises = BACKEND_LIVE | BACKEND_AUTO,
	.probe = probe_good, .open = open_good,
};

static const struct backend_ops good_scripted = {
	.name = "scripted", .promises = BACKEND_EXACT | BACKEND_FILE,
	.probe = probe_good, .open = open_good,
};

static const struct backend_ops good_replay = {
	.name = "replay", .promises = NEEDS_FILE | BACKEND_AUTO,
	.probe = probe_good, .open = open_good,
};

static const struct backend_ops refused_replay = {
	.name = "replay", .promises = NEEDS_FILE | BACKEND_AUTO,
	.probe = probe_good, .open = open_refusing,
};

static void expect_choice(const struct backend_ops *const *table,
			  const char *name, unsigned int needs,
			  const char *expected)
{
	const struct backend_options options = { .events = ~0u };
	char report[BACKEND_REPORT_BYTES] = "untouched";
	struct error err = { 0 };

	assert_ptr_equal(registry_open(table, name, needs, &options, report,
				       &err), &opened);
	assert_string_equal(report, expected);
	assert_int_equal(err.code, 0);
}

static void expect_refusal(const struct backend_ops *const *table,
			   const char *name, unsigned int needs, int code,
			   const char *expected)
{
	const struct backend_options options = { .events = ~0u };
	char report[BACKEND_REPORT_BYTES];
	struct error err = { 0 };

	assert_null(registry_open(table, name, needs, &options, report, &err));
	assert_int_equal(err.code, code);
	assert_string_equal(err.text, expected);
}

static void takes_the_best_that_works(void **state)
{
	const struct backend_ops *const all[] = {
		&good_tracefs, &good_bpf, &good_diag, &good_scripted, NULL
	};
	const struct backend_ops *const refused[] = {
		&refused_tracefs, &good_bpf, &good_scripted, NULL
	};
	const struct backend_ops *const without_tracefs[] = {
		&good_bpf, &good_scripted, NULL
	};
	const struct backend_ops *const last[] = {
		&refused_tracefs, &locked_bpf, &good_diag, NULL
	};

	(void)state;
	expect_choice(all, NULL, NEEDS, "using tracefs");
	expect_choice(all, "auto", NEEDS, "using tracefs");
	expect_choice(refused, "auto", NEEDS,
		      "using bpf (tracefs: not allowed: run as root)");
	expect_choice(without_tracefs, "auto", NEEDS,
		      "using bpf (tracefs: not in this build)");
	expect_choice(last, "auto", BACKEND_LIVE,
		      "using diag (tracefs: not allowed: run as root; "
		      "bpf: the kernel is locked)");
}

static void asks_for_promises(void **state)
{
	const struct backend_ops *const table[] = {
		&refused_tracefs, &good_diag, &good_scripted, NULL
	};

	(void)state;
	expect_choice(table, "auto", BACKEND_LIVE, "using diag (tracefs: not "
		      "allowed: run as root; bpf: not in this build)");
	expect_refusal(table, "auto", NEEDS, ENODEV, "no backend works here "
		       "(tracefs: not allowed: run as root; bpf: not in this build; "
		       "diag: cannot see every transition)");
	expect_refusal(table, "diag", NEEDS, ENOTSUP, "the 'diag' backend cannot "
		       "see every transition, which this command needs");
}

static void never_takes_a_script_by_itself(void **state)
{
	const struct backend_ops *const table[] = { &good_scripted, NULL };

	(void)state;
	expect_refusal(table, NULL, 0, ENODEV, "no backend works here "
		       "(tracefs: not in this build; bpf: not in this build; "
		       "diag: not in this build)");
	expect_choice(table, "scripted", BACKEND_EXACT, "using scripted");
}

static void reads_recordings(void **state)
{
	const struct backend_ops *const all[] = {
		&good_tracefs, &good_replay, &good_scripted, NULL
	};
	const struct backend_ops *const refused[] = {
		&good_tracefs, &refused_replay, &good_scripted, NULL
	};
	const struct backend_ops *const without[] = {
		&good_tracefs, &good_scripted, NULL
	};

	(void)state;
	expect_choice(all, "auto", NEEDS_FILE, "using replay");
	expect_choice(all, "auto", NEEDS, "using tracefs");
	expect_choice(all, "scripted", NEEDS_FILE, "using scripted");
	expect_refusal(refused, "auto", NEEDS_FILE, EACCES,
		       "not allowed: run as root");
	expect_refusal(without, "auto", NEEDS_FILE, ENOTSUP, "no backend of this "
		       "build reads recordings ('replay' does); use "
		       "--backend=scripted for a script of events");
	expect_refusal(without, "replay", NEEDS_FILE, ENOTSUP, "this build has no "
		       "'replay' backend; it has tracefs, scripted");
	expect_refusal(without, "bpf", NEEDS_FILE, EINVAL, "--backend: 'bpf' "
		       "watches this machine and cannot go with --read; leave out "
		       "one of the two");
}

static void fails_with_the_reason_of_a_named_one(void **state)
{
	const struct backend_ops *const refused[] = {
		&refused_tracefs, &good_diag, NULL
	};
	const struct backend_ops *const silent[] = { &silent_tracefs, NULL };

	(void)state;
	expect_refusal(refused, "tracefs", NEEDS, EACCES,
		       "tracefs: not allowed: run as root");
	expect_refusal(silent, "tracefs", NEEDS, EIO,
		       "tracefs: failed without a reason");
}

static void tells_misspelt_from_missing(void **state)
{
	const struct backend_ops *const table[] = {
		&good_tracefs, &good_scripted, NULL
	};

	(void)state;
	expect_refusal(table, "ebpf", NEEDS, EINVAL, "there is no 'ebpf' backend; "
		       "use auto, tracefs, scripted");
	expect_refusal(table, "", NEEDS, EINVAL, "there is no '' backend; "
		       "use auto, tracefs, scripted");
	expect_refusal(table, "bpf", NEEDS, ENOTSUP, "this build has no 'bpf' "
		       "backend; it has tracefs, scripted");
	assert_true(backend_name_exists("auto"));
	assert_true(backend_name_exists("bpf"));
	assert_true(backend_name_exists("replay"));
	assert_true(backend_name_exists("scripted"));
	assert_false(backend_name_exists("ebpf"));
	assert_false(backend_name_exists(""));
	assert_false(backend_name_exists("Tracefs"));
}

static void keeps_a_long_reason_in_its_room(void **state)
{
	const struct backend_ops *const table[] = { &good_tracefs, NULL };
	struct error err = { 0 };
	char report[BACKEND_REPORT_BYTES];
	char name[1024];

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_null(registry_open(table, name, 0, &(struct backend_options){ 0 },
				  report, &err));
	assert_int_equal(err.code, EINVAL);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

static void this_build_is_in_order(void **state)
{
	static const char *const order[] = {
		"tracefs", "bpf", "diag", "replay", "scripted", NULL
	};
	size_t at = 0;
	bool has_scripted = false;

	(void)state;
	for (const struct backend_ops *const *row = backends; *row; row++) {
		while (order[at] && strcmp(order[at], (*row)->name))
			at++;
		assert_non_null(order[at]);
		has_scripted |= *row == &scripted_backend;
	}
	assert_true(has_scripted);
}

static void opens_from_this_build(void **state)
{
	const struct backend_options options = { .path = "/nonexistent/script" };
	char report[BACKEND_REPORT_BYTES];
	struct error err = { 0 };

	(void)state;
	assert_null(backend_open("scripted", BACKEND_FILE, &options, report, &err));
	assert_int_equal(err.code, ENOENT);
	assert_string_equal(err.text, "scripted: cannot open '/nonexistent/script': "
			    "No such file or directory");
}

static void tell_tracefs(const struct survey_sink *sink)
{
	sink->take(sink->context, &(struct survey_finding){
		.about = "tracefs", .name = "mount", .enables = "all",
		.found = "there" });
}

static void tell_diag(const struct survey_sink *sink)
{
	sink->take(sink->context, &(struct survey_finding){
		.about = "diag", .name = "sock_diag", .enables = "some",
		.found = "there" });
}

/* The host first, then backends in their order; one that has nothing to tell is
 * passed over. */
static void surveys_what_there_is(void **state)
{
	static struct survey_capture capture;
	const struct survey_sink sink = survey_capture_sink(&capture);
	const struct backend_ops tracefs = {
		.name = "tracefs", .survey = tell_tracefs
	};
	const struct backend_ops diag = { .name = "diag", .survey = tell_diag };
	const struct backend_ops *const table[] = {
		&tracefs, &good_bpf, &diag, &good_replay, NULL
	};
	const struct survey_finding *last;

	(void)state;
	registry_survey(table, &sink);
	assert_true(capture.count > 2);
	assert_string_equal(capture.findings[0].name, "build");
	assert_string_equal(capture.findings[0].has, "tracefs bpf diag replay ");
	assert_string_equal(capture.findings[0].lacks, "scripted ");
	assert_int_equal(capture.findings[0].verdict, SURVEY_LESS);
	for (size_t i = 0; i < capture.count - 2; i++)
		assert_string_equal(capture.findings[i].about, "host");
	last = &capture.findings[capture.count - 1];
	assert_string_equal(last[-1].about, "tracefs");
	assert_string_equal(last->about, "diag");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_the_best_that_works),
		cmocka_unit_test(asks_for_promises),
		cmocka_unit_test(never_takes_a_script_by_itself),
		cmocka_unit_test(reads_recordings),
		cmocka_unit_test(fails_with_the_reason_of_a_named_one),
		cmocka_unit_test(tells_misspelt_from_missing),
		cmocka_unit_test(keeps_a_long_reason_in_its_room),
		cmocka_unit_test(this_build_is_in_order),
		cmocka_unit_test(opens_from_this_build),
		cmocka_unit_test(surveys_what_there_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
