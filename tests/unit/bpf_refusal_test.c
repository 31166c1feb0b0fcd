/* SPDX-License-Identifier: BSD-2-Clause */
/* Each refusal of BPF names what it comes from and what helps. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <errno.h>
#include <string.h>

#include <cmocka.h>
#include <linux/capability.h>

#include "bpf/bpf_refusal.h"

#define BIT(capability) (UINT64_C(1) << (capability))

static const struct {
	int code;                       /* 0: before it is tried */
	struct bpf_refusal refusal;
	const char *log;
	const char *words[3];           /* all of them are in the text */
	const char *lacks;
} cases[] = {
	{ 0, { .capabilities = 0 }, NULL,
	  { "CAP_BPF and CAP_PERFMON", "unprivileged_bpf_disabled", "root" }, NULL },
	{ 0, { .capabilities = BIT(CAP_BPF) }, NULL,
	  { "needs CAP_PERFMON (or CAP_SYS_ADMIN)" }, "CAP_BPF" },
	{ 0, { .capabilities = BIT(CAP_PERFMON) }, NULL,
	  { "needs CAP_BPF (or CAP_SYS_ADMIN)" }, "CAP_PERFMON" },
	{ 0, { .capabilities = BIT(CAP_SYS_ADMIN), .locked_down = true }, NULL,
	  { "lockdown", "'confidentiality'", "lockdown=integrity" }, NULL },
	{ EPERM, { .capabilities = 0, .seccomp = true }, NULL,
	  { "CAP_BPF" }, "seccomp" },
	{ EPERM, { .capabilities = BIT(CAP_SYS_ADMIN), .seccomp = true,
		   .memory_limited = true }, NULL,
	  { "cannot load", "seccomp", "allow bpf()" }, "ulimit" },
	{ EPERM, { .capabilities = BIT(CAP_SYS_ADMIN), .memory_limited = true },
	  NULL, { "cannot load", "ulimit -l unlimited", "5.11" }, NULL },
	{ EPERM, { .capabilities = BIT(CAP_SYS_ADMIN) }, NULL,
	  { "cannot load", "security module" }, "ulimit" },
	{ ENOSYS, { .capabilities = BIT(CAP_SYS_ADMIN) }, NULL,
	  { "CONFIG_BPF_SYSCALL" }, NULL },
	{ ENOMEM, { .capabilities = BIT(CAP_SYS_ADMIN) }, NULL,
	  { "cannot load", "--buffer-size" }, NULL },
	{ EMFILE, { .capabilities = BIT(CAP_SYS_ADMIN) }, NULL,
	  { "cannot load", "ulimit -n" }, NULL },
	{ EINVAL, { .capabilities = BIT(CAP_SYS_ADMIN) }, "invalid mem access",
	  { "cannot load", "(invalid mem access)", "--backend=tracefs" }, NULL },
};

static int judge(size_t i, struct error *err)
{
	if (!cases[i].code)
		return bpf_refusal_check(&cases[i].refusal, err);
	return bpf_refusal_judge(&cases[i].refusal, cases[i].code,
				 "load the BPF programs", cases[i].log, err);
}

static void each_names_its_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int expected = cases[i].code ? cases[i].code : EPERM;
		struct error err = { 0 };

		assert_int_equal(judge(i, &err), -expected);
		assert_int_equal(err.code, expected);
		for (size_t word = 0; word < 3 && cases[i].words[word]; word++)
			if (!strstr(err.text, cases[i].words[word]))
				fail_msg("'%s' is not in: %s",
					 cases[i].words[word], err.text);
		if (cases[i].lacks && strstr(err.text, cases[i].lacks))
			fail_msg("'%s' is in: %s", cases[i].lacks, err.text);
	}
}

static void two_capabilities_are_enough(void **state)
{
	const struct bpf_refusal two = {
		.capabilities = BIT(CAP_BPF) | BIT(CAP_PERFMON),
	};
	struct error err = { 0 };

	(void)state;
	assert_int_equal(bpf_refusal_check(&two, &err), 0);
	assert_int_equal(err.code, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_names_its_reason),
		cmocka_unit_test(two_capabilities_are_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
