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
#include <sys/socket.h>
#include <tcpwatch.skel.h>

#include "bpf_filter.h"
#include "bpf_refusal.h"
#include "phrase.h"

enum {
	/* The verifier's of one program, at length. Where it does not fit kernels before
	 * 6.4 answer ENOSPC instead of why they refuse; memory only where it is used. */
	LOG_BYTES = 4 * 1024 * 1024,
	ANY = INT32_MAX,
	OTHERS_MAX = 65536              /* sockets; of more, some are delivered */
};

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

/* As TAKE() in bpf/tcpwatch.bpf.c names it. NULL: what is missed is missed. */
static struct bpf_program *find_stand_in(const struct bpf_programs *programs,
					 size_t row)
{
	char name[64];

	snprintf(name, sizeof(name), "%s_stand_in", rows[row].program);
	return bpf_object__find_program_by_name(programs->skeleton->obj, name);
}

static void set_load(const struct bpf_programs *programs, size_t row, bool load)
{
	struct bpf_program *stand_in = find_stand_in(programs, row);

	bpf_program__set_autoload(find(programs, row), load);
	if (stand_in)
		bpf_program__set_autoload(stand_in, load);
}

/* Of programs that give the same, the first that suits. */
static int choose(struct bpf_programs *programs, const struct bpf_kernel *kernel,
		  unsigned int kinds, struct error *err)
{
	bool found = false;

	for (size_t row = 0; row < ROW_COUNT; row++) {
		bool wanted = kinds & EVENT_BIT(rows[row].kind);
		bool load = wanted && !found && suits(kernel, row);

		set_load(programs, row, load);
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
			phrase_add(programs->note, sizeof(programs->note), "; ",
				   "this kernel has no event %s",
				   rows[row].event);
		found = false;
	}
	/* The same program tells, if it is wanted. */
	if (programs->kinds & EVENT_BIT(EVENT_DESTROY))
		programs->kinds |= kinds & EVENT_BIT(EVENT_GONE);
	return 0;
}

/* Where it is not taken nothing but the way to list sockets is another. */
static void choose_list(const struct bpf_programs *programs,
			const struct bpf_kernel *kernel, unsigned int kinds)
{
	bpf_program__set_autoload(programs->skeleton->progs.list,
				  kinds & EVENT_BIT(EVENT_SEEN) &&
				  bpf_kernel_lists_sockets(kernel));
}

static int size_tree(struct bpf_map *map, const struct match_prefixes *prefixes)
{
	return bpf_map__set_max_entries(map, prefixes->count ?
					BPF_FILTER_PREFIXES : 1);
}

static int size_maps(struct tcpwatch_bpf *skeleton,
		     const struct backend_filter *filter)
{
	int ret = size_tree(skeleton->maps.local_prefixes,
			    &filter->local_addresses);

	if (!ret)
		ret = size_tree(skeleton->maps.remote_prefixes,
				&filter->remote_addresses);
	if (!ret && filter->netns.count)
		ret = bpf_map__set_max_entries(skeleton->maps.wanted_netns,
					       MATCH_ITEMS_MAX);
	if (!ret && filter->cgroups.count)
		ret = bpf_map__set_max_entries(skeleton->maps.wanted_cgroups,
					       MATCH_ITEMS_MAX);
	if (ret || !bpf_filter_is_plain(&filter->pids))
		return ret;
	ret = bpf_map__set_max_entries(skeleton->maps.wanted_pids,
				       MATCH_ITEMS_MAX);
	return ret ? ret : bpf_map__set_max_entries(skeleton->maps.others,
						    OTHERS_MAX);
}

static int prepare_filter(struct tcpwatch_bpf *skeleton,
			  const struct backend_filter *filter)
{
	struct tcpwatch_bpf__rodata *rodata = skeleton->rodata;

	rodata->filters_family = filter->family == EVENT_FAMILY_IPV4 ? AF_INET :
				 filter->family ? AF_INET6 : 0;
	rodata->filters_netns = filter->netns.count;
	rodata->filters_cgroups = filter->cgroups.count;
	rodata->filters_pids = bpf_filter_is_plain(&filter->pids);
	rodata->filters_local_ports = filter->local_ports.count;
	rodata->filters_remote_ports = filter->remote_ports.count;
	rodata->filters_local_addresses = filter->local_addresses.count;
	rodata->filters_remote_addresses = filter->remote_addresses.count;
	if (filter->local_ports.count)
		bpf_filter_ports(rodata->local_ports, &filter->local_ports);
	if (filter->remote_ports.count)
		bpf_filter_ports(rodata->remote_ports, &filter->remote_ports);
	return size_maps(skeleton, filter);
}

static int prepare(struct bpf_programs *programs,
		   const struct bpf_kernel *kernel,
		   const struct backend_filter *filter, uint32_t ring_bytes)
{
	struct tcpwatch_bpf *skeleton = programs->skeleton;
	int ret = bpf_map__set_max_entries(skeleton->maps.records, ring_bytes);

	skeleton->rodata->wants_gone = programs->kinds & EVENT_BIT(EVENT_GONE);
	skeleton->rodata->preempt_count_from_run_queue =
		kernel->preempt_count_from_run_queue;
	return ret || !filter ? ret : prepare_filter(skeleton, filter);
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

static int fill_numbers(const struct bpf_map *map,
			const struct match_ranges *ranges)
{
	const uint8_t yes = 1;
	int ret = 0;

	for (size_t i = 0; i < ranges->count && !ret; i++) {
		uint64_t key = ranges->items[i].low;

		ret = bpf_map_update_elem(bpf_map__fd(map), &key, &yes, BPF_ANY);
	}
	return ret;
}

static int fill_maps(const struct bpf_programs *programs,
		     const struct backend_filter *filter, struct error *err)
{
	const struct tcpwatch_bpf *skeleton = programs->skeleton;
	int ret = 0;

	if (!filter)
		return 0;
	ret = fill_tree(skeleton->maps.local_prefixes, &filter->local_addresses);
	if (!ret)
		ret = fill_tree(skeleton->maps.remote_prefixes,
				&filter->remote_addresses);
	if (!ret)
		ret = fill_numbers(skeleton->maps.wanted_netns, &filter->netns);
	if (!ret)
		ret = fill_numbers(skeleton->maps.wanted_cgroups,
				   &filter->cgroups);
	if (!ret && skeleton->rodata->filters_pids)
		ret = fill_numbers(skeleton->maps.wanted_pids, &filter->pids);
	return ret ? bpf_refusal_set(err, -ret, "set a filter", NULL) : 0;
}

static int attach_program(struct bpf_program *program, struct bpf_link **link,
			  struct error *err)
{
	char doing[96];

	if (!program || !bpf_program__autoload(program))
		return 0;
	*link = bpf_program__attach(program);
	if (*link)
		return 0;
	snprintf(doing, sizeof(doing), "attach the BPF program %s",
		 bpf_program__name(program));
	return bpf_refusal_set(err, errno, doing, NULL);
}

/* The kernel runs them in this order: a stand-in comes second, and an event that
 * reaches it has met its program before. */
static int attach(struct bpf_programs *programs, struct error *err)
{
	int ret = 0;

	for (size_t row = 0; row < ROW_COUNT && !ret; row++) {
		ret = attach_program(find(programs, row), &programs->links[row], err);
		if (!ret)
			ret = attach_program(find_stand_in(programs, row),
					     &programs->stand_ins[row], err);
	}
	return ret;
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

static int load(struct bpf_programs *programs, struct bpf_kernel *kernel,
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
	choose_list(programs, kernel, options->events);
	if (options->filter && options->filter->cgroups.count &&
	    !bpf_kernel_knows_cgroups(kernel))
		return error_set(err, ENOTSUP, "--cgroup: this kernel does not tell "
				 "programs the control group of a socket; 5.15 and "
				 "later do");
	ret = prepare(programs, kernel, options->filter, ring_bytes);
	bpf_kernel_close(kernel);
	if (!ret)
		ret = tcpwatch_bpf__load(programs->skeleton);
	if (ret)
		return bpf_refusal_set(err, -ret, "load the BPF programs",
				       last_line(log));
	return fill_maps(programs, options->filter, err);
}

int bpf_programs_open(struct bpf_programs *programs,
		      struct bpf_kernel *kernel,
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

struct bpf_link *bpf_programs_list(const struct bpf_programs *programs)
{
	const struct bpf_program *list = programs->skeleton->progs.list;

	return bpf_program__autoload(list) ? bpf_program__attach(list) : NULL;
}

/* How often a first program was not run. */
static uint64_t missed_first(const struct bpf_programs *programs)
{
	uint64_t missed = 0;

	for (size_t row = 0; row < ROW_COUNT; row++) {
		struct bpf_prog_info info = { 0 };
		uint32_t length = sizeof(info);

		if (programs->links[row] &&
		    !bpf_obj_get_info_by_fd(bpf_program__fd(find(programs, row)),
					    &info, &length))
			missed += info.recursion_misses;
	}
	return missed;
}

/* Asked second, who stood in is never behind: an event in between is one too few
 * until the next time, where the other order would tell a loss that is none. */
uint64_t bpf_programs_missed(const struct bpf_programs *programs)
{
	uint64_t missed = missed_first(programs);
	uint64_t stood_in = programs->skeleton->bss->stood_in;

	return missed > stood_in ? missed - stood_in : 0;
}

void bpf_programs_close(struct bpf_programs *programs)
{
	for (size_t row = 0; row < ROW_COUNT; row++) {
		bpf_link__destroy(programs->stand_ins[row]);
		bpf_link__destroy(programs->links[row]);
	}
	tcpwatch_bpf__destroy(programs->skeleton);
	*programs = (struct bpf_programs){ 0 };
}
