/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The bytes that cross from bpf/ to backends/bpf/: fixed widths, no holes, in
 * the byte order of this machine. Both sides are built from one tree, so it has
 * no version.
 */
#ifndef TCPWATCH_BPF_RECORD_H
#define TCPWATCH_BPF_RECORD_H

#include <stdint.h>

enum bpf_record_kind {
	BPF_RECORD_STATE,               /* struct bpf_record_state: first, second
	                                 * are the old and the new TCP state */
	BPF_RECORD_CONG,                /* struct bpf_record_socket; first: the
	                                 * new congestion state */
	BPF_RECORD_RETRANSMIT,          /* first: TCP state; number: err; detail:
	                                 * sequence number */
	BPF_RECORD_RETRANSMIT_SYNACK,
	BPF_RECORD_SEND_RESET,          /* first: TCP state; number: reason; both 0
	                                 * and socket 0 where there is no socket */
	BPF_RECORD_RECEIVE_RESET,       /* first: TCP state */
	BPF_RECORD_ERROR,               /* number: errno */
	BPF_RECORD_DESTROY,             /* detail: cookie, 0 = not known */
	BPF_RECORD_GONE,                /* struct bpf_record_gone; behind DESTROY */
	BPF_RECORD_SAMPLE,              /* struct bpf_record_sample */
	BPF_RECORD_NEWTASK,             /* struct bpf_record_task */
	BPF_RECORD_RENAME,
	BPF_RECORD_KIND_COUNT
};

enum {
	BPF_RECORD_CONTEXT_UNKNOWN = 0x01, /* among the bits EVENT_CONTEXT_* */
	BPF_RECORD_HAS_NUMBER = 0x01,   /* flags: this kernel gives the number */
	BPF_RECORD_HAS_FIGURES = 0x02,  /* netns to total_retrans are known */
	BPF_RECORD_PORT_WORDS = 65536 / 64,
	BPF_RECORD_CPUS = 4096,         /* CPUs with a counter of losses of their
	                                 * own; others share them */
	BPF_RECORD_COMM_BYTES = 16
};

/* What every record begins with. */
struct bpf_record_head {
	uint64_t time_ns;               /* CLOCK_MONOTONIC, after the reservation */
	int32_t tid;                    /* initial PID namespace */
	uint32_t failures;              /* reservations that failed so far on this
	                                 * CPU, modulo 2^32 */
	uint16_t cpu;
	uint8_t kind;                   /* enum bpf_record_kind */
	uint8_t context;                /* as EVENT_CONTEXT_*, or UNKNOWN */
	uint8_t flags;                  /* BPF_RECORD_HAS_* */
	uint8_t first, second;
	uint8_t zero;
};

/* One socket's two ends. */
struct bpf_record_ends {
	uint8_t local[16];              /* IPv4 as ::ffff:a.b.c.d */
	uint8_t remote[16];
	uint16_t local_port;            /* host order */
	uint16_t remote_port;
	uint32_t zero;
};

struct bpf_record_socket {
	struct bpf_record_head head;
	uint64_t socket;                /* kernel address */
	struct bpf_record_ends ends;
	uint64_t detail;                /* as the kind says */
	uint64_t cgroup;                /* id, as of cgroup version 2; 0 = not
	                                 * known */
	int32_t number;
	uint32_t netns;                 /* inode */
	uint32_t srtt_us;
	uint32_t cwnd;
	uint32_t packets_out;
	uint32_t total_retrans;
};

struct bpf_record_state {
	struct bpf_record_socket socket;
	int32_t tgid;                   /* of head.tid; 0 = not said, as in
	                                 * interrupts */
	char comm[BPF_RECORD_COMM_BYTES]; /* of that process */
	uint32_t zero;
};

/* What the socket did in its life; no kernel has wiped it. */
struct bpf_record_gone {
	struct bpf_record_head head;    /* second: 1 = bytes_sent is known */
	uint64_t cookie;
	struct bpf_record_ends ends;
	uint64_t bytes_acked, bytes_received;
	uint64_t bytes_sent, bytes_retrans;
	uint32_t srtt_us, min_rtt_us;
	uint32_t total_retrans;
	uint32_t segs_out, segs_in;
	uint32_t unread;                /* bytes */
};

/* Not in the ring: what the program that lists sockets writes. */
struct bpf_record_listed {
	uint64_t time_ns;
	uint64_t socket;
	struct bpf_record_ends ends;
	uint64_t inode;                 /* 0 = no process has it open */
	uint64_t state;                 /* TCP state */
};

struct bpf_record_sample {
	struct bpf_record_head head;
	uint64_t socket;
	struct bpf_record_ends ends;
	uint64_t cookie;
	uint32_t srtt_us;
	uint32_t cwnd, ssthresh;
	uint32_t snd_wnd, rcv_wnd;
	uint32_t snd_nxt, snd_una;
	uint16_t data_bytes;
	uint16_t mss;
};

struct bpf_record_task {
	struct bpf_record_head head;
	int32_t tid;                    /* the thread it is about */
	uint32_t clone_flags;           /* the lower ones */
	char comm[BPF_RECORD_COMM_BYTES];
};

_Static_assert(sizeof(struct bpf_record_head) == 24, "a hole in the head");
_Static_assert(sizeof(struct bpf_record_ends) == 40, "a hole in the ends");
_Static_assert(sizeof(struct bpf_record_socket) == 112, "a hole in a record");
_Static_assert(sizeof(struct bpf_record_state) == 136, "a hole in a state");
_Static_assert(sizeof(struct bpf_record_gone) == 128, "a hole in a gone");
_Static_assert(sizeof(struct bpf_record_listed) == 72, "a hole in a listed");
_Static_assert(sizeof(struct bpf_record_sample) == 112, "a hole in a sample");
_Static_assert(sizeof(struct bpf_record_task) == 48, "a hole in a task");

#endif
