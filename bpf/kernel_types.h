/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel's types, as far as we read them: the loader finds out where each
 * member really is (CO-RE), so their order and neighbours do not matter here.
 * Names of versions tell since when a member is where it is said to be.
 */
#ifndef KERNEL_TYPES_H
#define KERNEL_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct in6_addr {
	union {
		uint8_t u6_addr8[16];
		uint32_t u6_addr32[4];
	} in6_u;
};

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {                /* only with CONFIG_NET_NS */
	struct net *net;
} possible_net_t;

typedef struct {
	int64_t counter;
} atomic64_t;

struct sock_common {
	uint32_t skc_daddr;             /* network order, like rcv_saddr, dport */
	uint32_t skc_rcv_saddr;
	uint16_t skc_dport;
	uint16_t skc_num;               /* host order */
	unsigned short skc_family;
	volatile unsigned char skc_state;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;   /* with CONFIG_IPV6 */
	struct in6_addr skc_v6_rcv_saddr;
	atomic64_t skc_cookie;
};

struct kernfs_node {
	uint64_t id;                    /* 5.5; a union of that size before */
};

struct cgroup {
	struct kernfs_node *kn;
};

struct sock_cgroup_data {
	struct cgroup *cgroup;          /* 5.15; before it, bits in the pointer */
};

struct inode {
	unsigned long i_ino;
};

struct socket;                  /* the first member of: */

struct socket_alloc {
	struct inode vfs_inode;
};

struct sock {
	struct sock_common __sk_common;
	struct socket *sk_socket;
	int sk_err;
	struct sock_cgroup_data sk_cgrp_data;
};

struct inet_sock {
	struct sock sk;
	uint32_t inet_saddr;            /* network order, like sport */
	uint16_t inet_sport;
};

struct inet_connection_sock {
	struct inet_sock icsk_inet;
	uint8_t icsk_ca_state : 5;      /* 6 bits before 5.10 */
};

struct minmax_sample {
	uint32_t v;
};

struct minmax {
	struct minmax_sample s[3];
};

struct tcp_sock {
	struct inet_connection_sock inet_conn;
	uint64_t bytes_acked, bytes_received;
	uint64_t bytes_sent, bytes_retrans; /* 4.19 */
	uint32_t segs_out, segs_in;
	uint32_t rcv_nxt, copied_seq;
	struct minmax rtt_min;
	uint32_t srtt_us;               /* eight times that */
	uint32_t snd_cwnd;
	uint32_t snd_ssthresh;
	uint32_t snd_wnd, rcv_wnd;
	uint32_t snd_nxt, snd_una;
	uint32_t packets_out;
	uint32_t total_retrans;
	uint32_t mss_cache;
};

struct request_sock {
	struct sock_common __req_common;
};

struct sk_buff {
	unsigned int len;
	uint16_t transport_header, network_header;
	unsigned char *head, *data;
	char cb[48];                    /* of TCP, struct tcp_skb_cb */
};

struct tcp_skb_cb {
	uint32_t seq;
};

struct thread_info {
	int preempt_count;              /* s390 keeps it elsewhere */
};

struct thread_info___arm64 {
	struct {
		uint32_t count;
	} preempt;
};

struct rq;                      /* only its address is of use */

struct cfs_rq {
	struct rq *rq;                  /* CONFIG_FAIR_GROUP_SCHED */
};

struct sched_entity {
	struct cfs_rq *cfs_rq;
};

struct task_struct {
	struct thread_info thread_info; /* CONFIG_THREAD_INFO_IN_TASK */
	struct sched_entity se;
	struct task_struct *group_leader;
	int pid;
	int softirq_disable_cnt;        /* CONFIG_PREEMPT_RT */
	char comm[16];
};

struct task_struct___arm64 {
	struct thread_info___arm64 thread_info;
};

struct seq_file;                /* only its address is of use */

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__tcp {
	struct bpf_iter_meta *meta;
	struct sock_common *sk_common;
};

#pragma clang attribute pop

/* Headers, as on the wire: not the kernel's to move. */
struct tcp_header {
	uint16_t source, destination;   /* network order */
	uint32_t sequence, acknowledged;
	uint8_t offset;                 /* upper half, in words of 4 bytes */
};

#endif
