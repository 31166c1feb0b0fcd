/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks the kernel's BTF; see bpf_kernel.h. */
#include "bpf_kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "tcpwatch/reset_reason.h"

#define REASON_PREFIX "SK_RST_REASON_"

static void read_reasons(struct bpf_kernel *kernel)
{
	int id = btf__find_by_name_kind(kernel->btf, "sk_rst_reason",
					BTF_KIND_ENUM);
	const struct btf_type *type = btf__type_by_id(kernel->btf, (uint32_t)id);
	const struct btf_enum *values;

	if (id < 0 || !type)
		return;
	values = btf_enum(type);
	for (unsigned int i = 0; i < btf_vlen(type); i++) {
		const char *name = btf__name_by_offset(kernel->btf,
						       values[i].name_off);

		if (!name || strncmp(name, REASON_PREFIX, strlen(REASON_PREFIX)) ||
		    values[i].val < 0 || values[i].val >= BPF_DECODE_REASONS)
			continue;
		name += strlen(REASON_PREFIX);
		kernel->decode.reset_reasons[values[i].val] =
			reset_reason_find(name, strlen(name));
	}
}

/* Where in a CPU's own memory the variable lies; false when BTF does not say. */
static bool find_own(const struct bpf_kernel *kernel, const char *name,
		     int64_t *offset)
{
	int section = btf__find_by_name_kind(kernel->btf, ".data..percpu",
					     BTF_KIND_DATASEC);
	int id = btf__find_by_name_kind(kernel->btf, name, BTF_KIND_VAR);
	const struct btf_type *type;
	const struct btf_var_secinfo *variables;

	if (section < 0 || id < 0)
		return false;
	type = btf__type_by_id(kernel->btf, (uint32_t)section);
	variables = btf_var_secinfos(type);
	for (unsigned int i = 0; i < btf_vlen(type); i++)
		if (variables[i].type == (uint32_t)id) {
			*offset = variables[i].offset;
			return true;
		}
	return false;
}

/* In bytes; -1 where there is no such member, also in the nameless ones. */
static int64_t member_offset(const struct btf *btf, uint32_t id,
			     const char *name)
{
	const struct btf_type *type = btf__type_by_id(btf, id);
	const struct btf_member *members;

	if (!type || !btf_is_composite(type))
		return -1;
	members = btf_members(type);
	for (unsigned int i = 0; i < btf_vlen(type); i++) {
		const char *called = btf__name_by_offset(btf, members[i].name_off);
		int64_t inside = 0;

		if (!called || !called[0])
			inside = member_offset(btf, members[i].type, name);
		else if (strcmp(called, name))
			continue;
		if (inside >= 0)
			return btf_member_bit_offset(type, i) / 8 + inside;
	}
	return -1;
}

bool bpf_kernel_knows_cgroups(const struct bpf_kernel *kernel)
{
	int id = btf__find_by_name_kind(kernel->btf, "sock_cgroup_data",
					BTF_KIND_STRUCT);

	return id > 0 && member_offset(kernel->btf, (uint32_t)id, "cgroup") >= 0;
}

/* What kallsyms says of the two, with CONFIG_KALLSYMS_ALL; false when it does not
 * tell. */
static bool find_symbols(const char *const names[2], int64_t addresses[2])
{
	FILE *file = fopen("/proc/kallsyms", "re");
	char line[256], name[128];
	unsigned long long address;
	unsigned int found = 0;

	if (!file)
		return false;
	while (found < 2 && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%llx %*c %127s", &address, name) != 2)
			continue;
		for (unsigned int i = 0; i < 2; i++)
			if (!strcmp(name, names[i])) {
				addresses[i] = (int64_t)address;
				found++;
			}
	}
	fclose(file);
	return found == 2;
}

/* BTF of Debian's 5.10 has no variables. */
static void find_preempt_count_by_symbol(struct bpf_kernel *kernel)
{
	static const char *const names[2] = { "__preempt_count", "runqueues" };
	int64_t addresses[2] = { 0 };

	if (find_symbols(names, addresses))
		kernel->preempt_count_from_run_queue = addresses[0] -
						       addresses[1];
}

/* x86 keeps it in a variable of its own, but in one with others from 6.2 to
 * 6.14 (pcpu_hot). */
static void find_preempt_count(struct bpf_kernel *kernel)
{
	int hot = btf__find_by_name_kind(kernel->btf, "pcpu_hot",
					 BTF_KIND_STRUCT);
	int64_t run_queue, count, member = 0;

	if (!find_own(kernel, "runqueues", &run_queue)) {
		find_preempt_count_by_symbol(kernel);
		return;
	}
	if (find_own(kernel, "pcpu_hot", &count))
		member = hot < 0 ? -1 : member_offset(kernel->btf, (uint32_t)hot,
						      "preempt_count");
	else if (!find_own(kernel, "__preempt_count", &count))
		return;
	if (member >= 0)
		kernel->preempt_count_from_run_queue = count + member - run_queue;
}

/* It can be mapped since 6.16: otherwise each read is of a page. */
static struct btf *load_btf(void)
{
	int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC);
	struct btf *btf = NULL;
	struct stat status;
	void *map;

	if (fd >= 0 && !fstat(fd, &status) && status.st_size > 0) {
		size_t length = (size_t)status.st_size;

		map = mmap(NULL, length, PROT_READ, MAP_PRIVATE, fd, 0);
		if (map != MAP_FAILED) {
			btf = btf__new(map, (uint32_t)length);
			munmap(map, length);
		}
	}
	if (fd >= 0)
		close(fd);
	return btf ? btf : btf__load_vmlinux_btf();
}

int bpf_kernel_open(struct bpf_kernel *kernel, struct error *err)
{
	*kernel = (struct bpf_kernel){ 0 };
	libbpf_set_print(NULL); /* its reasons are in what it answers */
	kernel->btf = load_btf();
	if (!kernel->btf)
		return error_set(err, errno == ENOENT || errno == ESRCH ?
				 ENOTSUP : errno,
				 "this kernel has no type information "
				 "(/sys/kernel/btf/vmlinux: CONFIG_DEBUG_INFO_BTF); "
				 "use --backend=tracefs");
	read_reasons(kernel);
	find_preempt_count(kernel);
	return 0;
}

void bpf_kernel_close(struct bpf_kernel *kernel)
{
	btf__free(kernel->btf);
	kernel->btf = NULL;
}

/* The type that a program at that tracepoint names; negative: there is none. */
static int find_event(const struct bpf_kernel *kernel, const char *event)
{
	char name[64];

	snprintf(name, sizeof(name), "btf_trace_%s", event);
	return btf__find_by_name_kind(kernel->btf, name, BTF_KIND_TYPEDEF);
}

int bpf_kernel_arguments(const struct bpf_kernel *kernel, const char *event)
{
	const struct btf_type *type;
	int id = find_event(kernel, event);

	if (id < 0)
		return -1;
	type = btf__type_by_id(kernel->btf, (uint32_t)id);      /* typedef, */
	type = type ? btf__type_by_id(kernel->btf, type->type) : NULL; /* pointer, */
	type = type ? btf__type_by_id(kernel->btf, type->type) : NULL;
	if (!type || !btf_is_func_proto(type) || !btf_vlen(type))
		return -1;
	return (int)btf_vlen(type) - 1; /* the first is the kernel's own */
}

bool bpf_kernel_lists_sockets(const struct bpf_kernel *kernel)
{
	return btf__find_by_name_kind(kernel->btf, "bpf_iter_tcp",
				      BTF_KIND_FUNC) > 0;
}

/* Puts a program that does nothing there, and takes it away again. 0 or -errno. */
static int try_program(enum bpf_attach_type type, int id)
{
	/* return 0 */
	const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = type,
		    .attach_btf_id = (uint32_t)id);
	int program, link;

	if (id < 0)
		return -ENOENT;
	program = bpf_prog_load(BPF_PROG_TYPE_TRACING, "tcpwatch_try",
				"Dual BSD/GPL", code, 2, &options);
	if (program < 0)
		return program;
	/* Only here is a function changed, or not. */
	link = bpf_raw_tracepoint_open(NULL, program);
	close(program);
	if (link < 0)
		return link;
	close(link);
	return 0;
}

int bpf_kernel_try_event(const struct bpf_kernel *kernel, const char *event)
{
	return try_program(BPF_TRACE_RAW_TP, find_event(kernel, event));
}

bool bpf_kernel_takes_fentry(const struct bpf_kernel *kernel,
			     const char *function)
{
	return !try_program(BPF_TRACE_FENTRY,
			    btf__find_by_name_kind(kernel->btf, function,
						   BTF_KIND_FUNC));
}

int bpf_kernel_try_ring(void)
{
	int map = bpf_map_create(BPF_MAP_TYPE_RINGBUF, NULL, 0, 0,
				 (uint32_t)sysconf(_SC_PAGESIZE), NULL);

	if (map < 0)
		return map;
	close(map);
	return 0;
}
