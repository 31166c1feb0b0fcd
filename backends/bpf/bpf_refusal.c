/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks for the likely reason among those that leave a trace; see
 * bpf_refusal.h. */
#include "bpf_refusal.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <linux/capability.h>
#include <sys/resource.h>

#include "host/lockdown.h"
#include "host/own_status.h"

static bool has(uint64_t capabilities, unsigned int capability)
{
	return capabilities >> capability & 1;
}

struct bpf_refusal bpf_refusal_look(void)
{
	struct bpf_refusal refusal = {
		.capabilities = own_status_number("", "CapEff", 16),
		.locked_down = lockdown_read(LOCKDOWN_PATH) ==
			       LOCKDOWN_CONFIDENTIALITY,
		.seccomp = own_status_number("", "Seccomp", 10),
	};
	struct rlimit limit;

	refusal.memory_limited = !getrlimit(RLIMIT_MEMLOCK, &limit) &&
				 limit.rlim_cur != RLIM_INFINITY;
	return refusal;
}

/* Programs that trace need both, whatever the sysctl says. Before 5.8 they did
 * not exist. */
static int judge_capabilities(const struct bpf_refusal *refusal,
			      struct error *err)
{
	bool admin = has(refusal->capabilities, CAP_SYS_ADMIN);
	bool bpf = admin || has(refusal->capabilities, CAP_BPF);
	bool perfmon = admin || has(refusal->capabilities, CAP_PERFMON);

	if (bpf && perfmon)
		return 0;
	return error_set(err, EPERM, "it needs %s%s%s (or CAP_SYS_ADMIN), also "
			 "with kernel.unprivileged_bpf_disabled=0: run as root",
			 bpf ? "" : "CAP_BPF", bpf || perfmon ? "" : " and ",
			 perfmon ? "" : "CAP_PERFMON");
}

int bpf_refusal_check(const struct bpf_refusal *refusal, struct error *err)
{
	int ret = judge_capabilities(refusal, err);

	if (ret || !refusal->locked_down)
		return ret;
	return error_set(err, EPERM, "the kernel's lockdown mode "
			 "'confidentiality' forbids BPF to read kernel memory; "
			 "boot with lockdown=integrity or without lockdown");
}

int bpf_refusal_check_capabilities(struct error *err)
{
	const struct bpf_refusal refusal = bpf_refusal_look();

	return judge_capabilities(&refusal, err);
}

static int judge_permission(const struct bpf_refusal *refusal, const char *doing,
			    struct error *err)
{
	int ret = bpf_refusal_check(refusal, err);

	if (ret)
		return ret;
	if (refusal->seccomp)
		return error_set(err, EPERM, "cannot %s: not permitted, and this "
				 "process is under a seccomp filter (of a "
				 "container?): allow bpf() in its profile", doing);
	if (refusal->memory_limited)
		return error_set(err, EPERM, "cannot %s: not permitted; raise the "
				 "limit of locked memory (ulimit -l unlimited), "
				 "which kernels before 5.11 go by", doing);
	return error_set(err, EPERM, "cannot %s: not permitted to root; look for "
			 "a security module that forbids BPF", doing);
}

int bpf_refusal_judge(const struct bpf_refusal *refusal, int code,
		      const char *doing, const char *log, struct error *err)
{
	switch (code) {
	case EPERM:
		return judge_permission(refusal, doing, err);
	case ENOSYS:
		return error_set(err, code, "this kernel has no bpf() "
				 "(CONFIG_BPF_SYSCALL)");
	case ENOMEM:
		return error_set(err, code, "cannot %s: no memory; ask for less "
				 "with --buffer-size", doing);
	case EMFILE:
		return error_set(err, code, "cannot %s: too many open files; raise "
				 "'ulimit -n' to 64", doing);
	}
	return error_set(err, code, "cannot %s: %s%s%s%s; use --backend=tracefs",
			 doing, strerror(code), log && log[0] ? " (" : "",
			 log && log[0] ? log : "", log && log[0] ? ")" : "");
}

int bpf_refusal_set(struct error *err, int code, const char *doing,
		    const char *log)
{
	const struct bpf_refusal refusal = bpf_refusal_look();

	return bpf_refusal_judge(&refusal, code, doing, log, err);
}
