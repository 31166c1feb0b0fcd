/* SPDX-License-Identifier: BSD-2-Clause */
/* Chooses, loads and attaches, each program for itself; see bpf_programs.h. */
#include "bpf_programs.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <tcpwatch.skel.h>

#include "bpf_filter.h"
#include "bpf_refusal.h"

enum { LOG_BYTES = 64 * 1024, ANY = INT32_MAX };

/* Names first, so that the first socket already has an owner. */
static const struct {
	const char *program;
	const char *event;              /* NULL: at the function */
	int least, most;                /* arguments that the event gives */
	enum event_kind kind;
	bool last;                      /* of those that give the same */
} rows[] = {
	{ "newtask", "task_newtask", 2, ANY, EVENT_TASK, true },
	{ "rename", "task_rename", 2, ANY, EVENT_TASK, true },
	{ "destroy", "tcp_destroy_sock", 1, ANY, EVENT_DESTROY, true },
	{ "error_report", "inet_sk_error_report", 1, ANY, EVENT_ERROR, true },
	{ "send_reset_3", "tcp_send_reset", 3, ANY, EVENT_RESET, false },
	{ "send_reset_2", "tcp_send_reset", 2, 2, EVENT_RESET, true },
	{ "receive_reset", "tcp_receive_reset", 1, ANY, EVENT_RESET, true },
	{ "cong_state_set", "tcp_cong_state_set", 2, ANY, EVENT_CONG, true },
	{ "retransmit_skb_3", "tcp_retransmit_skb", 3, ANY, EVENT_RETRANS, false },
	{ "retransmit_skb_2", "tcp_retransmit_skb", 2, 2, EVENT_RETRANS, true },
	{ "retransmit_synack", "tcp_retransmit_synack", 2, ANY, EVENT_RETRANS,
	  true },
	{ "sample_function", NULL, 0, 0, EVENT_SAMPLE, false },
	{ "sample_event", "tcp_probe", 2, ANY, EVENT_SAMPLE, true },
	{ "set_state", "inet_sock_set_state", 3, ANY, EVENT_STATE, true },
};

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

_Static_assert((int)ROW_COUNT <= (int)BPF_PROGRAMS_MAX,
	       "a link for each program");

static const char sampled_function[] = "tcp_rcv_established";

static bool suits(const struct bpf_kernel *kernel, size_t row)
{
	int arguments;

	if (!rows[row].event)
		return bpf_kernel_takes_fentry(kernel, sampled_function);
	arguments = bpf_kernel_arguments(kernel, rows[row].event);
	return arguments >= rows[row].least && arguments <= rows[row].most;
}

static struct bpf_program *find(const struct bpf_programs *programs, size_t row)
{
	return bpf_object__find_program_by_name(programs->skeleton->obj,
						rows[row].program);
}

static void add_note(struct bpf_programs *programs, const char *event)
{
	size_t length = strlen(programs->note);

	snprintf(programs->note + length, sizeof(programs->note) - length,
		 "%sthis kernel has no event %s", length ? "; " : "", event);
}

/* Of programs that give the same, the first that suits. */
static int choose(struct bpf_programs *programs, const struct bpf_kernel *kernel,
		  unsigned int kinds, struct error *err)
{
	bool found = false;

	for (size_t row = 0; row < ROW_COUNT; row++) {
		bool wanted = kinds & EVENT_BIT(rows[row].kind);
		bool load = wanted && !found && suits(kernel, row);

		bpf_program__set_autoload(find(programs, row), load);
		found |= load;
		if (load)
			programs->kinds |= EVENT_BIT(rows[row].kind);
		if (!rows[row].last)
			continue;
		if (wanted && !found && rows[row].kind == EVENT_STATE)
			return error_set(err, ENOTSUP, "this kernel has no event "
					 "%s with the arguments that tcpwatch knows",
					 rows[row].event);
		if (wanted && !found)
			add_note(programs, rows[row].event);
		found = false;
	}
	return 0;
}

static int size_tree(struct bpf_map *map, const struct match_prefixes *prefixes)
{
	return bpf_map__set_max_entries(map, prefixes->count ?
					BPF_FILTER_PREFIXES : 1);
}

static int prepare(struct bpf_programs *programs,
		   const struct bpf_kernel *kernel,
		   const struct backend_filter *filter, uint32_t ring_bytes)
{
	struct tcpwatch_bpf *skeleton = programs->skeleton;
	int ret = bpf_map__set_max_entries(skeleton->maps.records, ring_bytes);

	skeleton->rodata->preempt_count_from_run_queue =
		kernel->preempt_count_from_run_queue;
	if (!filter || ret)
		return ret;
	skeleton->rodata->filters_local_ports = filter->local_ports.count;
	skeleton->rodata->filters_remote_ports = filter->remote_ports.count;
	skeleton->rodata->filters_local_addresses = filter->local_addresses.count;
	skeleton->rodata->filters_remote_addresses =
		filter->remote_addresses.count;
	if (filter->local_ports.count)
		bpf_filter_ports(skeleton->rodata->local_ports,
				 &filter->local_ports);
	if (filter->remote_ports.count)
		bpf_filter_ports(skeleton->rodata->remote_ports,
				 &filter->remote_ports);
	ret = size_tree(skeleton->maps.local_prefixes, &filter->local_addresses);
	if (!ret)
		ret = size_tree(skeleton->maps.remote_prefixes,
				&filter->remote_addresses);
	return ret;
}

static int fill_tree(const struct bpf_map *map,
		     const struct match_prefixes *prefixes)
{
	struct bpf_filter_prefix tree[BPF_FILTER_PREFIXES];
	size_t count = prefixes->count ? bpf_filter_prefixes(tree, prefixes) : 0;

	for (size_t i = 0; i < count; i++) {
		struct {
			uint32_t bits;
			uint8_t address[16];
		} key = { .bits = tree[i].bits };
		uint8_t passes = tree[i].passes;
		int ret;

		memcpy(key.address, tree[i].address, sizeof(key.address));
		ret = bpf_map_update_elem(bpf_map__fd(map), &key, &passes, BPF_ANY);
		if (ret)
			return ret;
	}
	return 0;
}

static int fill_trees(const struct bpf_programs *programs,
		      const struct backend_filter *filter, struct error *err)
{
	int ret = 0;

	if (filter)
		ret = fill_tree(programs->skeleton->maps.local_prefixes,
				&filter->local_addresses);
	if (filter && !ret)
		ret = fill_tree(programs->skeleton->maps.remote_prefixes,
				&filter->remote_addresses);
	return ret ? bpf_refusal_set(err, -ret, "set a filter", NULL) : 0;
}

static int attach(struct bpf_programs *programs, struct error *err)
{
	for (size_t row = 0; row < ROW_COUNT; row++) {
		struct bpf_program *program = find(programs, row);
		char doing[64];

		if (!bpf_program__autoload(program))
			continue;
		programs->links[row] = bpf_program__attach(program);
		if (programs->links[row])
			continue;
		snprintf(doing, sizeof(doing), "attach the BPF program %s",
			 rows[row].program);
		return bpf_refusal_set(err, errno, doing, NULL);
	}
	return 0;
}

/* The verifier says last why it refused. */
static const char *last_line(char *log)
{
	size_t length = strlen(log);
	char *line, *summary = strstr(log, "\nprocessed ");

	if (summary)
		length = (size_t)(summary - log);
	log[length] = '\0';
	line = strrchr(log, '\n');
	return line ? line + 1 : log;
}

static int load(struct bpf_programs *programs, const struct bpf_kernel *kernel,
		const struct backend_options *options, uint32_t ring_bytes,
		char *log, struct error *err)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .kernel_log_buf = log,
		    .kernel_log_size = LOG_BYTES);
	int ret;

	programs->skeleton = tcpwatch_bpf__open_opts(&opts);
	if (!programs->skeleton)
		return bpf_refusal_set(err, errno, "open the BPF programs", NULL);
	ret = choose(programs, kernel, options->events, err);
	if (ret)
		return ret;
	ret = prepare(programs, kernel, options->filter, ring_bytes);
	if (!ret)
		ret = tcpwatch_bpf__load(programs->skeleton);
	if (ret)
		return bpf_refusal_set(err, -ret, "load the BPF programs",
				       last_line(log));
	return fill_trees(programs, options->filter, err);
}

int bpf_programs_open(struct bpf_programs *programs,
		      const struct bpf_kernel *kernel,
		      const struct backend_options *options, uint32_t ring_bytes,
		      struct error *err)
{
	char *log = malloc(LOG_BYTES);
	int ret;

	*programs = (struct bpf_programs){ 0 };
	if (!log)
		return error_set(err, ENOMEM, "no memory to load BPF programs");
	log[0] = '\0';
	ret = load(programs, kernel, options, ring_bytes, log, err);
	free(log);
	if (!ret)
		ret = attach(programs, err);
	if (ret) {
		bpf_programs_close(programs);
		return ret;
	}
	programs->ring_fd = bpf_map__fd(programs->skeleton->maps.records);
	programs->failures = programs->skeleton->bss->failures;
	programs->wake = &programs->skeleton->bss->wake;
	return 0;
}

void bpf_programs_close(struct bpf_programs *programs)
{
	for (size_t row = 0; row < ROW_COUNT; row++)
		bpf_link__destroy(programs->links[row]);
	tcpwatch_bpf__destroy(programs->skeleton);
	*programs = (struct bpf_programs){ 0 };
}
