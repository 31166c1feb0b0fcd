// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The kernel side: a program at each hook reads the socket, stamps and submits a
 * record, or counts that there was no room; a second one takes what the first
 * misses. Who may be NULL is checked for NULL; what a kernel lacks is left out by
 * asking its types (CO-RE).
 */
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "kernel_types.h"
#include "tcpwatch/bpf_record.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

enum {
	FAMILY_IPV4 = 2, FAMILY_IPV6 = 10,
	IPV4_SOURCE = 12, IPV4_DESTINATION = 16, /* in their headers, in bytes */
	IPV6_SOURCE = 8, IPV6_DESTINATION = 24,
	CA_CWR = 2, CA_RECOVERY = 3,
	STATE_SYN_SENT = 2, STATE_CLOSE = 7, STATE_LISTEN = 10,
	/* include/linux/preempt.h, 5.8 to 7.2: who set preempt_count */
	PREEMPT_SERVING_SOFTIRQ = 0x000100,
	PREEMPT_HARDIRQ = 0x0f0000,
	PREEMPT_NMI = 0xf00000,
	/* include/linux/trace_events.h, as in EVENT_CONTEXT_* */
	CONTEXT_HARDIRQ = 0x08, CONTEXT_SOFTIRQ = 0x10, CONTEXT_NMI = 0x40,
	NOTED_TASKS = 32768, NOTED_CPUS = 1024 /* powers of 2 */
};

/* An address and how many of its bits count, as that kind of map has it. */
struct prefix {
	uint32_t bits;
	uint8_t address[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);   /* bytes; set before loading */
} records SEC(".maps");

struct prefixes {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 1);         /* set before loading */
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct prefix);
	__type(value, uint8_t);         /* does such an address pass? */
};

struct prefixes local_prefixes SEC(".maps"), remote_prefixes SEC(".maps");

struct numbers {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);         /* set before loading */
	__type(key, uint64_t);
	__type(value, uint8_t);
};

struct numbers wanted_netns SEC(".maps"), wanted_cgroups SEC(".maps");
struct numbers wanted_pids SEC(".maps");

/* Sockets that other processes opened, until they are destroyed. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);         /* set before loading */
	__type(key, uint64_t);
	__type(value, uint8_t);
} others SEC(".maps");

/* Set before loading; what is false is no code in the kernel. */
const volatile bool filters_netns, filters_cgroups, filters_pids;
const volatile uint32_t filters_family; /* 0 = none */
const volatile bool wants_gone;
const volatile bool filters_local_ports, filters_remote_ports;
const volatile bool filters_local_addresses, filters_remote_addresses;
const volatile uint64_t local_ports[BPF_RECORD_PORT_WORDS]; /* a bit a port */
const volatile uint64_t remote_ports[BPF_RECORD_PORT_WORDS];

/* Shared with the reader, which maps it. */
uint32_t failures[BPF_RECORD_CPUS];     /* reservations that failed */
volatile uint32_t wake;                 /* it sleeps until the next record */
volatile uint64_t stood_in;             /* events that a stand-in took */

/* The event that its program has been run for and its stand-in has not: of the task
 * that runs, or of the CPU where none does, outside of interrupts and in one. No two
 * CPUs, and no tasks of neighbouring numbers, write to the same line of a cache. */
volatile uint64_t noted_tasks[NOTED_TASKS][2] __attribute__((aligned(64)));
volatile uint64_t noted_cpus[NOTED_CPUS][8] __attribute__((aligned(64)));

/* The CPU's own variables lie at the same distances from each other on all CPUs.
 * The address of one of them, the run queue, is known to the running task; what
 * kallsyms would tell needs CONFIG_KALLSYMS_ALL. 0 = not known. */
const volatile int64_t preempt_count_from_run_queue;

static __always_inline bool has_typed_task(void)
{
	return bpf_core_enum_value_exists(enum bpf_func_id,
					  BPF_FUNC_get_current_task_btf);
}

static __always_inline const char *run_queue(void)
{
	const struct task_struct *task;

	if (!has_typed_task()) {        /* before 5.11 */
		task = (void *)bpf_get_current_task();
		return (void *)BPF_CORE_READ(task, se.cfs_rq, rq);
	}
	task = (void *)bpf_get_current_task_btf();
	return (void *)task->se.cfs_rq->rq;
}

/* Of those that keep it with the task. */
static __always_inline bool task_preempt_count(uint32_t *count)
{
	const struct task_struct___arm64 *arm64;
	const struct task_struct *task;

	if (!has_typed_task())
		return false;
	task = (void *)bpf_get_current_task_btf();
	arm64 = (void *)task;
	if (bpf_core_field_exists(arm64->thread_info.preempt.count))
		*count = arm64->thread_info.preempt.count;
	else if (bpf_core_field_exists(task->thread_info.preempt_count))
		*count = (uint32_t)task->thread_info.preempt_count;
	else
		return false;
	return true;
}

static __always_inline bool preempt_count(uint32_t *count)
{
	if (preempt_count_from_run_queue)
		return !bpf_probe_read_kernel(count, sizeof(*count), run_queue() +
					      preempt_count_from_run_queue);
	return task_preempt_count(count);
}

/* With PREEMPT_RT a softirq runs in a thread and counts there. */
static __always_inline bool serves_softirq(uint32_t count)
{
	const struct task_struct *task;

	if (has_typed_task()) {
		task = (void *)bpf_get_current_task_btf();
		if (bpf_core_field_exists(task->softirq_disable_cnt))
			count = (uint32_t)task->softirq_disable_cnt;
	}
	return count & PREEMPT_SERVING_SOFTIRQ;
}

static __always_inline uint8_t context(void)
{
	uint32_t count = 0;

	if (!preempt_count(&count))
		return BPF_RECORD_CONTEXT_UNKNOWN;
	return (count & PREEMPT_NMI ? CONTEXT_NMI : 0) |
	       (count & PREEMPT_HARDIRQ ? CONTEXT_HARDIRQ : 0) |
	       (serves_softirq(count) ? CONTEXT_SOFTIRQ : 0);
}

/* Who raises an event: the thread that runs, and what has interrupted it. */
struct raiser {
	uint32_t tid;
	uint8_t context;
};

static __always_inline struct raiser raiser(void)
{
	return (struct raiser){
		.tid = (uint32_t)bpf_get_current_pid_tgid(),
		.context = context(),
	};
}

/* Only once there is room: what was reserved later is then younger, too, and
 * the reader knows how old what it has not seen can be at most. */
static __always_inline void stamp(struct bpf_record_head *head, struct raiser by,
				  uint8_t kind)
{
	uint32_t cpu = bpf_get_smp_processor_id();

	head->time_ns = bpf_ktime_get_ns();
	head->tid = (int32_t)by.tid;
	head->failures = failures[cpu % BPF_RECORD_CPUS];
	head->cpu = (uint16_t)cpu;
	head->kind = kind;
	head->context = by.context;
	head->flags = 0;
	head->first = head->second = 0;
	head->zero = 0;
}

static __always_inline void count_failure(void)
{
	uint32_t cpu = bpf_get_smp_processor_id();

	__sync_fetch_and_add(&failures[cpu % BPF_RECORD_CPUS], 1);
}

/* The reader has a timer while it is busy; only when it sleeps is it woken. */
static __always_inline void submit(void *record)
{
	uint64_t flags = BPF_RB_NO_WAKEUP;

	if (wake) {
		wake = 0;
		flags = BPF_RB_FORCE_WAKEUP;
	}
	bpf_ringbuf_submit(record, flags);
}

static __always_inline void map_ipv4(uint8_t address[16], uint32_t ipv4)
{
	uint32_t *words = (uint32_t *)address;

	words[0] = words[1] = 0;
	words[2] = bpf_htonl(0xffff);
	words[3] = ipv4;
}

static __always_inline void copy_ipv6(uint8_t address[16],
				      const struct in6_addr *from)
{
	uint32_t *words = (uint32_t *)address;

	words[0] = from->in6_u.u6_addr32[0];
	words[1] = from->in6_u.u6_addr32[1];
	words[2] = from->in6_u.u6_addr32[2];
	words[3] = from->in6_u.u6_addr32[3];
}

static __always_inline void common_ends(struct bpf_record_ends *ends,
					const struct sock_common *common)
{
	ends->local_port = common->skc_num;
	ends->remote_port = bpf_ntohs(common->skc_dport);
	ends->zero = 0;
	if (bpf_core_field_exists(common->skc_v6_daddr) &&
	    common->skc_family == FAMILY_IPV6) {
		copy_ipv6(ends->local, &common->skc_v6_rcv_saddr);
		copy_ipv6(ends->remote, &common->skc_v6_daddr);
		return;
	}
	map_ipv4(ends->local, common->skc_rcv_saddr);
	map_ipv4(ends->remote, common->skc_daddr);
}

/* A full socket keeps its port and address of before: skc_num and skc_rcv_saddr
 * are already 0 when it is closed. */
static __always_inline void socket_ends(struct bpf_record_ends *ends,
					const struct tcp_sock *tcp)
{
	const struct inet_sock *inet = &tcp->inet_conn.icsk_inet;

	common_ends(ends, &inet->sk.__sk_common);
	ends->local_port = bpf_ntohs(inet->inet_sport);
	if (inet->sk.__sk_common.skc_family != FAMILY_IPV6)
		map_ipv4(ends->local, inet->inet_saddr);
}

static __always_inline bool port_passes(const volatile uint64_t *ports,
					uint16_t port)
{
	return ports[port / 64] >> (port % 64) & 1;
}

static __always_inline bool is_unspecified(const uint8_t address[16])
{
	const uint32_t *words = (const uint32_t *)address;

	return !words[0] && !words[1] && !words[3] &&
	       (!words[2] || words[2] == bpf_htonl(0xffff));
}

static __always_inline bool address_passes(void *prefixes,
					   const uint8_t address[16])
{
	struct prefix key = { .bits = 128 };
	const uint8_t *passes;

	if (is_unspecified(address))
		return true;
	__builtin_memcpy(key.address, address, sizeof(key.address));
	passes = bpf_map_lookup_elem(prefixes, &key);
	return !passes || *passes;
}

static __always_inline bool is_ipv4(const uint8_t address[16])
{
	const uint32_t *words = (const uint32_t *)address;

	return !words[0] && !words[1] && words[2] == bpf_htonl(0xffff);
}

/* IPv6 sockets may have IPv4 ends later; no others change. */
static __always_inline bool family_passes(const struct bpf_record_ends *ends,
					  const struct sock *sk)
{
	if (filters_family == FAMILY_IPV6)
		return !sk || sk->__sk_common.skc_family != FAMILY_IPV4;
	return is_unspecified(ends->local) || is_unspecified(ends->remote) ||
	       is_ipv4(ends->local) || is_ipv4(ends->remote);
}

static __always_inline bool number_passes(void *wanted, uint64_t number)
{
	return bpf_map_lookup_elem(wanted, &number);
}

static __always_inline uint32_t netns_of(const struct sock *sk)
{
	if (!sk || !bpf_core_field_exists(sk->__sk_common.skc_net.net))
		return 0;
	return sk->__sk_common.skc_net.net->ns.inum;
}

/* tcp: NULL when it is not a full socket, which has none. */
static __always_inline uint64_t cgroup_of(const struct tcp_sock *tcp)
{
	const struct sock *sk = (void *)tcp;

	if (!tcp || !bpf_core_field_exists(sk->sk_cgrp_data.cgroup))
		return 0;
	return tcp->inet_conn.icsk_inet.sk.sk_cgrp_data.cgroup->kn->id;
}

/* Who opens a socket owns it from then on; nothing of it is told where that is
 * none of the wanted. */
static __always_inline bool owner_passes(const struct sock *sk)
{
	uint64_t socket = (uint64_t)sk;

	return !bpf_map_lookup_elem(&others, &socket);
}

static __always_inline bool place_passes(const struct sock *sk,
					 const struct tcp_sock *tcp)
{
	return (!filters_netns || number_passes(&wanted_netns, netns_of(sk))) &&
	       (!filters_cgroups ||
		number_passes(&wanted_cgroups, cgroup_of(tcp))) &&
	       (!filters_pids || owner_passes(sk));
}

static __always_inline bool passes(const struct bpf_record_ends *ends,
				   const struct sock *sk)
{
	return (!filters_family || family_passes(ends, sk)) &&
	       (!filters_local_ports ||
		port_passes(local_ports, ends->local_port)) &&
	       (!filters_remote_ports ||
		port_passes(remote_ports, ends->remote_port)) &&
	       (!filters_local_addresses ||
		address_passes(&local_prefixes, ends->local)) &&
	       (!filters_remote_addresses ||
		address_passes(&remote_prefixes, ends->remote));
}

/* tcp: NULL when it is not a full socket; then all is 0. */
static __always_inline void figures(struct bpf_record_socket *record,
				    const struct tcp_sock *tcp)
{
	record->srtt_us = record->cwnd = 0;
	record->packets_out = record->total_retrans = 0;
	record->netns = 0;
	record->cgroup = 0;
	if (!tcp)
		return;
	record->head.flags |= BPF_RECORD_HAS_FIGURES;
	record->netns = netns_of((void *)tcp);
	record->cgroup = cgroup_of(tcp);
	record->srtt_us = tcp->srtt_us >> 3;
	record->cwnd = tcp->snd_cwnd;
	record->packets_out = tcp->packets_out;
	record->total_retrans = tcp->total_retrans;
}

static __always_inline void fill(struct bpf_record_socket *record,
				 struct raiser by, uint8_t kind,
				 const void *socket, const struct tcp_sock *tcp,
				 const struct bpf_record_ends *ends)
{
	stamp(&record->head, by, kind);
	record->socket = (uint64_t)socket;
	record->ends = *ends;
	record->detail = 0;
	record->number = 0;
	figures(record, tcp);
}

/* A record of a socket with these ends, or NULL: it is to be left out, or there
 * is no room. tcp: as for figures(). */
static __always_inline struct bpf_record_socket *
begin(struct raiser by, uint8_t kind, const struct sock *sk,
      const struct tcp_sock *tcp, const struct bpf_record_ends *ends)
{
	struct bpf_record_socket *record;

	if (!passes(ends, sk) || !place_passes(sk, tcp))
		return NULL;
	record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);
	if (!record) {
		count_failure();
		return NULL;
	}
	fill(record, by, kind, sk, tcp, ends);
	return record;
}

/* Of a full TCP socket; NULL also where it is none. SCTP and MPTCP share some of
 * these hooks. */
static __always_inline struct bpf_record_socket *
begin_socket(struct raiser by, uint8_t kind, const struct sock *sk)
{
	struct bpf_record_ends ends;
	const struct tcp_sock *tcp;

	if (!sk)
		return NULL;
	tcp = bpf_skc_to_tcp_sock((void *)sk);
	if (!tcp)
		return NULL;
	socket_ends(&ends, tcp);
	return begin(by, kind, sk, tcp, &ends);
}

/* Outside of interrupts: the process, and its name at this moment. */
static __always_inline void name_owner(struct bpf_record_state *record)
{
	const struct task_struct *task;

	__builtin_memset(record->comm, 0, sizeof(record->comm));
	record->tgid = 0;
	record->zero = 0;
	if (record->socket.head.context)
		return;
	record->tgid = (int32_t)(bpf_get_current_pid_tgid() >> 32);
	task = (void *)bpf_get_current_task();
	BPF_CORE_READ_STR_INTO(&record->comm, task, group_leader, comm);
}

/* Nobody else opens a socket than who calls connect() or listen(). */
static __always_inline void note_opener(struct raiser by, const struct sock *sk,
					int old_state, int new_state)
{
	uint64_t pid = bpf_get_current_pid_tgid() >> 32;
	uint64_t socket = (uint64_t)sk;
	uint8_t yes = 1;

	if (old_state != STATE_CLOSE ||
	    (new_state != STATE_SYN_SENT && new_state != STATE_LISTEN))
		return;
	if (by.context || bpf_map_lookup_elem(&wanted_pids, &pid))
		bpf_map_delete_elem(&others, &socket);
	else
		bpf_map_update_elem(&others, &socket, &yes, BPF_ANY);
}

/*
 * A program is not run where it runs already (kernel/trace/bpf_trace.c since 6.1 and
 * in stable releases before it): what an interrupt does in the middle of it, and on
 * 7.3 another task that took its CPU, would be missed. So there are two at each event
 * but samples, and the second, the stand-in, takes what the first was not run for.
 * Both are given the address of the same room for arguments, on the stack of who
 * raised the event, which nobody else has meanwhile. Each place is one context's, so
 * it needs no lock. Two tasks share one only where their numbers are 32768 apart: if
 * they meet there an event is told twice, and hides one that was lost.
 */
static __always_inline volatile uint64_t *noted_by(uint32_t tid)
{
	uint64_t row = tid * 4 + tid / (NOTED_TASKS / 4) % 4; /* four a line */

	/* Masked where the compiler does not move it: verifiers (up to 6.1) lose the
	 * bounds of a sum. */
	__asm__ volatile("" : "+r"(row));
	if (tid)
		return noted_tasks[row & (NOTED_TASKS - 1)];
	return noted_cpus[bpf_get_smp_processor_id() % NOTED_CPUS];
}

/* Of the first program. Where it is not known what was interrupted nobody stands
 * in. */
static __always_inline void note(struct raiser by, const void *arguments)
{
	if (by.context != BPF_RECORD_CONTEXT_UNKNOWN)
		noted_by(by.tid)[by.context != 0] = (uint64_t)arguments;
}

/* Of its stand-in: is the event left to it? */
static __always_inline bool was_missed(const void *arguments)
{
	uint32_t tid = (uint32_t)bpf_get_current_pid_tgid();
	volatile uint64_t *places = noted_by(tid);

	for (int i = 0; i < 2; i++)
		if (places[i] == (uint64_t)arguments) {
			places[i] = 0;
			return false;
		}
	return true;
}

static __always_inline bool stands_in(struct raiser by)
{
	if (by.context == BPF_RECORD_CONTEXT_UNKNOWN)
		return false;
	__sync_fetch_and_add(&stood_in, 1);
	return true;
}

/* The program called NAME at EVENT, and its stand-in. */
#define TAKE(event, name, call, ...) \
	SEC("tp_btf/" #event) \
	int BPF_PROG(name, __VA_ARGS__) \
	{ \
		const struct raiser by = raiser(); \
		note(by, ctx); \
		call; \
		return 0; \
	} \
	SEC("tp_btf/" #event) \
	int BPF_PROG(name##_stand_in, __VA_ARGS__) \
	{ \
		struct raiser by; \
		if (!was_missed(ctx)) \
			return 0; \
		by = raiser(); \
		if (stands_in(by)) \
			call; \
		return 0; \
	}

static __always_inline void take_state(struct raiser by, const struct sock *sk,
				       int old_state, int new_state)
{
	struct bpf_record_state *record;
	struct bpf_record_ends ends;
	const struct tcp_sock *tcp;

	if (!sk)
		return;
	tcp = bpf_skc_to_tcp_sock((void *)sk);
	if (!tcp)
		return;
	if (filters_pids)
		note_opener(by, sk, old_state, new_state);
	socket_ends(&ends, tcp);
	if (!passes(&ends, sk) || !place_passes(sk, tcp))
		return;
	record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);
	if (!record) {
		count_failure();
		return;
	}
	fill(&record->socket, by, BPF_RECORD_STATE, sk, tcp, &ends);
	name_owner(record);
	record->socket.head.first = (uint8_t)old_state;
	record->socket.head.second = (uint8_t)new_state;
	submit(record);
}

TAKE(inet_sock_set_state, set_state, take_state(by, sk, old_state, new_state),
     const struct sock *sk, int old_state, int new_state)

static __always_inline void take_cong(struct raiser by, const struct sock *sk,
				      uint8_t state)
{
	struct bpf_record_socket *record = begin_socket(by, BPF_RECORD_CONG, sk);

	if (!record)
		return;
	record->head.first = state;
	submit(record);
}

TAKE(tcp_cong_state_set, cong_state_set, take_cong(by, sk, state),
     const struct sock *sk, uint8_t state)

static __always_inline void take_retransmit(struct raiser by, const struct sock *sk,
					    const struct sk_buff *skb,
					    uint8_t has_number, int err)
{
	struct bpf_record_socket *record =
		begin_socket(by, BPF_RECORD_RETRANSMIT, sk);
	const struct tcp_skb_cb *control;
	uint32_t sequence = 0;

	if (!record)
		return;
	record->head.first = sk->__sk_common.skc_state;
	record->head.flags |= has_number;
	record->number = err;
	if (skb) {
		control = (const void *)&skb->cb;
		bpf_core_read(&sequence, sizeof(sequence), &control->seq);
	}
	record->detail = sequence;
	submit(record);
}

TAKE(tcp_retransmit_skb, retransmit_skb_2, take_retransmit(by, sk, skb, 0, 0),
     const struct sock *sk, const struct sk_buff *skb)

/* err came between 6.14 and 6.18. */
TAKE(tcp_retransmit_skb, retransmit_skb_3,
     take_retransmit(by, sk, skb, BPF_RECORD_HAS_NUMBER, err),
     const struct sock *sk, const struct sk_buff *skb, int err)

/* The socket is the listener, the ends are those of the request. */
static __always_inline void take_synack(struct raiser by, const struct sock *sk,
					const struct request_sock *request)
{
	struct bpf_record_socket *record;
	struct bpf_record_ends ends;
	const struct tcp_sock *tcp;

	if (!sk || !request)
		return;
	tcp = bpf_skc_to_tcp_sock((void *)sk);
	if (!tcp)
		return;
	common_ends(&ends, &request->__req_common);
	record = begin(by, BPF_RECORD_RETRANSMIT_SYNACK, sk, tcp, &ends);
	if (record)
		submit(record);
}

TAKE(tcp_retransmit_synack, retransmit_synack, take_synack(by, sk, request),
     const struct sock *sk, const struct request_sock *request)

/* Ours is the end that the segment went to. False when it is neither IPv4 nor
 * IPv6. */
static __always_inline bool packet_ends(struct bpf_record_ends *ends,
					const struct sk_buff *skb)
{
	const unsigned char *ip = skb->head + skb->network_header;
	const unsigned char *segment = skb->head + skb->transport_header;
	struct tcp_header tcp = { 0 };
	uint8_t version = 0;
	uint32_t address = 0;

	bpf_probe_read_kernel(&tcp, sizeof(tcp), segment);
	bpf_probe_read_kernel(&version, sizeof(version), ip);
	ends->local_port = bpf_ntohs(tcp.destination);
	ends->remote_port = bpf_ntohs(tcp.source);
	ends->zero = 0;
	if (version >> 4 == 6) {
		bpf_probe_read_kernel(ends->local, 16, ip + IPV6_DESTINATION);
		bpf_probe_read_kernel(ends->remote, 16, ip + IPV6_SOURCE);
		return true;
	}
	bpf_probe_read_kernel(&address, sizeof(address), ip + IPV4_DESTINATION);
	map_ipv4(ends->local, address);
	bpf_probe_read_kernel(&address, sizeof(address), ip + IPV4_SOURCE);
	map_ipv4(ends->remote, address);
	return version >> 4 == 4;
}

/* The answer to a segment that met no socket, or one in TIME_WAIT, which is not
 * a full one. */
static __always_inline void take_send_reset(struct raiser by, const struct sock *sk,
					    const struct sk_buff *skb,
					    uint8_t has_number, int reason)
{
	const struct tcp_sock *tcp = NULL;
	struct bpf_record_socket *record;
	struct bpf_record_ends ends = { 0 };

	if (sk)
		tcp = bpf_skc_to_tcp_sock((void *)sk);
	if (tcp)
		socket_ends(&ends, tcp);
	else if (sk)
		common_ends(&ends, &sk->__sk_common);
	else if (!skb || !packet_ends(&ends, skb))
		return;
	record = begin(by, BPF_RECORD_SEND_RESET, sk, tcp, &ends);
	if (!record)
		return;
	if (sk)
		record->head.first = sk->__sk_common.skc_state;
	record->head.flags |= has_number;
	record->number = reason;
	submit(record);
}

TAKE(tcp_send_reset, send_reset_2, take_send_reset(by, sk, skb, 0, 0),
     const struct sock *sk, const struct sk_buff *skb)

/* The reason came between 6.8 and 6.11, and with it resets without a socket. */
TAKE(tcp_send_reset, send_reset_3,
     take_send_reset(by, sk, skb, BPF_RECORD_HAS_NUMBER, reason),
     const struct sock *sk, const struct sk_buff *skb, int reason)

static __always_inline void take_receive_reset(struct raiser by,
					       const struct sock *sk)
{
	struct bpf_record_socket *record =
		begin_socket(by, BPF_RECORD_RECEIVE_RESET, sk);

	if (record)
		submit(record);
}

TAKE(tcp_receive_reset, receive_reset, take_receive_reset(by, sk),
     const struct sock *sk)

static __always_inline void take_error(struct raiser by, const struct sock *sk)
{
	struct bpf_record_socket *record = begin_socket(by, BPF_RECORD_ERROR, sk);

	if (!record)
		return;
	record->number = sk->sk_err;
	submit(record);
}

TAKE(inet_sk_error_report, error_report, take_error(by, sk), const struct sock *sk)

/* Before that helper there is only what others had made: sock_diag, or 0. The
 * enumerator is of the version after it. */
static __always_inline uint64_t socket_cookie(struct sock *sk)
{
	if (bpf_core_enum_value_exists(enum bpf_func_id,
				       BPF_FUNC_for_each_map_elem))
		return bpf_get_socket_cookie(sk);
	return (uint64_t)sk->__sk_common.skc_cookie.counter;
}

static __always_inline void count_life(struct bpf_record_gone *record,
				       const struct tcp_sock *tcp)
{
	record->bytes_acked = tcp->bytes_acked;
	record->bytes_received = tcp->bytes_received;
	record->bytes_sent = record->bytes_retrans = 0;
	if (bpf_core_field_exists(tcp->bytes_retrans)) {
		record->head.second = 1;
		record->bytes_sent = tcp->bytes_sent;
		record->bytes_retrans = tcp->bytes_retrans;
	}
	record->srtt_us = tcp->srtt_us >> 3;
	record->min_rtt_us = tcp->rtt_min.s[0].v;
	record->total_retrans = tcp->total_retrans;
	record->segs_out = tcp->segs_out;
	record->segs_in = tcp->segs_in;
	record->unread = tcp->rcv_nxt - tcp->copied_seq;
}

static __always_inline void tell_life(struct raiser by, struct sock *sk,
				      uint64_t cookie)
{
	const struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);
	struct bpf_record_gone *record;

	if (!tcp)
		return;
	record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);
	if (!record) {
		count_failure();
		return;
	}
	stamp(&record->head, by, BPF_RECORD_GONE);
	record->cookie = cookie;
	socket_ends(&record->ends, tcp);
	count_life(record, tcp);
	submit(record);
}

static __always_inline void tell_destroy(struct raiser by, struct sock *sk)
{
	struct bpf_record_socket *record = begin_socket(by, BPF_RECORD_DESTROY, sk);
	uint64_t cookie;

	if (!record)
		return;
	cookie = socket_cookie(sk);
	/* The two records are one socket's, whatever they call it. */
	if (wants_gone && !cookie)
		cookie = (uint64_t)sk;
	record->detail = cookie;
	submit(record);
	if (wants_gone)
		tell_life(by, sk, cookie);
}

static __always_inline void take_destroy(struct raiser by, struct sock *sk)
{
	uint64_t socket = (uint64_t)sk;

	tell_destroy(by, sk);
	if (filters_pids)
		bpf_map_delete_elem(&others, &socket);
}

TAKE(tcp_destroy_sock, destroy, take_destroy(by, sk), struct sock *sk)

/* Sockets that are there already, of the network namespace of who reads. */
SEC("iter/tcp")
int list(struct bpf_iter__tcp *context)
{
	struct bpf_record_listed record = { 0 };
	struct sock_common *common = context->sk_common;
	const struct socket_alloc *holder;
	const struct tcp_sock *tcp;

	if (!common)
		return 0;
	tcp = bpf_skc_to_tcp_sock(common);
	if (!tcp)
		return 0;
	socket_ends(&record.ends, tcp);
	if (!passes(&record.ends, (void *)tcp) ||
	    !place_passes((void *)tcp, tcp))
		return 0;
	record.time_ns = bpf_ktime_get_ns();
	record.socket = (uint64_t)common;
	record.state = common->skc_state;
	holder = (void *)tcp->inet_conn.icsk_inet.sk.sk_socket;
	if (holder)
		record.inode = BPF_CORE_READ(holder, vfs_inode.i_ino);
	bpf_seq_write(context->meta->seq, &record, sizeof(record));
	return 0;
}

/* As tcp_current_ssthresh(): while the window is being reduced, what it is
 * reduced to. */
static __always_inline uint32_t current_ssthresh(const struct tcp_sock *tcp)
{
	uint32_t state = BPF_CORE_READ_BITFIELD(&tcp->inet_conn, icsk_ca_state);
	uint32_t grown = (tcp->snd_cwnd >> 1) + (tcp->snd_cwnd >> 2);

	if (state == CA_CWR || state == CA_RECOVERY || tcp->snd_ssthresh > grown)
		return tcp->snd_ssthresh;
	return grown;
}

static __always_inline uint16_t payload_bytes(const struct sk_buff *skb)
{
	uint8_t offset = 0;

	bpf_probe_read_kernel(&offset, sizeof(offset),
			      skb->data + offsetof(struct tcp_header, offset));
	return (uint16_t)(skb->len - (offset >> 4) * 4);
}

static __always_inline void sample(struct sock *sk, const struct sk_buff *skb)
{
	struct bpf_record_sample *record;
	struct bpf_record_ends ends;
	const struct tcp_sock *tcp;

	if (!sk || !skb)
		return;
	tcp = bpf_skc_to_tcp_sock(sk);
	if (!tcp)
		return;
	socket_ends(&ends, tcp);
	if (!passes(&ends, sk) || !place_passes(sk, tcp))
		return;
	record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);
	if (!record) {
		count_failure();
		return;
	}
	stamp(&record->head, raiser(), BPF_RECORD_SAMPLE);
	record->socket = (uint64_t)sk;
	record->ends = ends;
	record->cookie = socket_cookie(sk);
	record->srtt_us = tcp->srtt_us >> 3;
	record->cwnd = tcp->snd_cwnd;
	record->ssthresh = current_ssthresh(tcp);
	record->snd_wnd = tcp->snd_wnd;
	record->rcv_wnd = tcp->rcv_wnd;
	record->snd_nxt = tcp->snd_nxt;
	record->snd_una = tcp->snd_una;
	record->data_bytes = payload_bytes(skb);
	record->mss = (uint16_t)tcp->mss_cache;
	submit(record);
}

/* Either of the two sees every segment received in ESTABLISHED; one is used. */
SEC("fentry/tcp_rcv_established")
int BPF_PROG(sample_function, struct sock *sk, struct sk_buff *skb)
{
	sample(sk, skb);
	return 0;
}

SEC("tp_btf/tcp_probe")
int BPF_PROG(sample_event, struct sock *sk, const struct sk_buff *skb)
{
	sample(sk, skb);
	return 0;
}

static __always_inline struct bpf_record_task *
begin_task(struct raiser by, uint8_t kind, const struct task_struct *task)
{
	struct bpf_record_task *record;

	record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);
	if (!record) {
		count_failure();
		return NULL;
	}
	stamp(&record->head, by, kind);
	record->tid = task->pid;
	record->clone_flags = 0;
	__builtin_memset(record->comm, 0, sizeof(record->comm));
	return record;
}

static __always_inline void take_newtask(struct raiser by,
					 const struct task_struct *task,
					 unsigned long clone_flags)
{
	struct bpf_record_task *record;

	if (!task)
		return;
	record = begin_task(by, BPF_RECORD_NEWTASK, task);
	if (!record)
		return;
	record->clone_flags = (uint32_t)clone_flags;
	bpf_probe_read_kernel_str(record->comm, sizeof(record->comm), task->comm);
	submit(record);
}

TAKE(task_newtask, newtask, take_newtask(by, task, clone_flags),
     const struct task_struct *task, unsigned long clone_flags)

static __always_inline void take_rename(struct raiser by,
					const struct task_struct *task,
					const char *comm)
{
	struct bpf_record_task *record;

	if (!task || !comm)
		return;
	record = begin_task(by, BPF_RECORD_RENAME, task);
	if (!record)
		return;
	bpf_probe_read_kernel_str(record->comm, sizeof(record->comm), comm);
	submit(record);
}

TAKE(task_rename, rename, take_rename(by, task, comm),
     const struct task_struct *task, const char *comm)
