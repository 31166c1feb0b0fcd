/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What happened to which socket, when, and how sure we are: the one type that
 * every source of events delivers. Plain data without pointers, copied with =.
 */
#ifndef TCPWATCH_EVENT_H
#define TCPWATCH_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
	EVENT_STATE,            /* a TCP state change */
	EVENT_CONG,             /* the congestion state was set (repeats included) */
	EVENT_RETRANS,          /* a segment or SYN-ACK was sent again */
	EVENT_RESET,            /* a RST was sent or received */
	EVENT_ERROR,            /* a socket's error was reported to its owner */
	EVENT_DESTROY,          /* the socket's memory goes away: ends a life */
	EVENT_SAMPLE,           /* round trip and windows, at a segment received
	                         * in ESTABLISHED; as they were before it */
	EVENT_BUCKET,           /* in place of samples: what the kernel has counted
	                         * of their round trips since it told last */
	EVENT_TASK,             /* a process or thread began, or has a name */
	EVENT_STUCK,            /* from the tracker, never from a source: a socket
	                         * is still in its state */
	EVENT_SEEN,             /* a socket that was there before the watch */
	EVENT_GONE,             /* a socket's last figures; after its DESTROY */
	EVENT_TICK,             /* no event older than time_ns is still to come */
	EVENT_LOST,             /* events were lost here, in this place */
	EVENT_FRAME,            /* where the kernel was when a state changed: one
	                         * function of that stack, the innermost first */
	EVENT_KIND_COUNT
};

/* A set of event kinds, as bits. */
#define EVENT_BIT(kind) (1u << (kind))

/*
 * Where the event ran, as the kernel's trace records encode it
 * (common_flags, TRACE_FLAG_* in include/linux/trace_events.h, 5.10 to 7.2).
 * None of the three set = task context: event.tid is the acting thread.
 * Otherwise event.tid is whoever was interrupted and never an owner.
 */
enum {
	EVENT_CONTEXT_HARDIRQ = 0x08,
	EVENT_CONTEXT_SOFTIRQ = 0x10,
	EVENT_CONTEXT_NMI = 0x40,
	EVENT_CONTEXT_INTERRUPT = 0x58  /* any of the three */
};

/* Optional fields. A bit that is not set means "this source does not say". */
enum {
	EVENT_HAS_SOCKET = 1u << 0,     /* socket_id */
	EVENT_HAS_ENDPOINTS = 1u << 1,  /* family, local, remote */
	EVENT_HAS_CONTEXT = 1u << 2,    /* context, tid */
	EVENT_HAS_COOKIE = 1u << 3,     /* destroy.cookie, sample.cookie, cookie */
	EVENT_HAS_TCP_STATE = 1u << 4,  /* retrans.state, reset.state */
	EVENT_HAS_ERRNO = 1u << 5,      /* retrans.err */
	EVENT_HAS_TGID = 1u << 6,       /* task.tgid, seen.tgid, state.tgid */
	EVENT_HAS_COMM = 1u << 7,       /* task.comm */
	EVENT_HAS_REASON = 1u << 8,     /* reset.reason */
	EVENT_HAS_COUNT = 1u << 9,      /* lost.count */
	EVENT_HAS_BYTES = 1u << 10,     /* gone: bytes and counts */
	EVENT_HAS_RTT = 1u << 11,       /* gone: srtt_us, min_rtt_us */
	EVENT_HAS_STACK = 1u << 12,     /* state.stack */
	EVENT_HAS_BOUNDS = 1u << 13,    /* from_ns: of a source that only looks now
	                                 * and then. It knows no CPU, and its
	                                 * socket_id is the cookie */
	EVENT_HAS_PLACE = 1u << 14      /* place, retrans.sequence; never with
	                                 * BOUNDS */
};

enum event_family {
	EVENT_FAMILY_IPV4 = 4,          /* v4-mapped IPv6 addresses included */
	EVENT_FAMILY_IPV6 = 6
};

enum { EVENT_COMM_BYTES = 16 };

/* One end of a connection. */
struct endpoint {
	uint8_t address[16];    /* network order; IPv4 always as ::ffff:a.b.c.d */
	uint16_t port;          /* host order; 0 = not chosen, or none */
};

enum event_reset_direction {
	EVENT_RESET_SENT,       /* without EVENT_HAS_SOCKET: an answer to a
	                         * segment that met no socket */
	EVENT_RESET_RECEIVED
};

enum event_task_change {
	EVENT_TASK_LISTED,      /* found running, no event behind it */
	EVENT_TASK_FORKED,      /* new process; event.tid is its parent's thread */
	EVENT_TASK_CLONED,      /* new thread of event.tid's process */
	EVENT_TASK_RENAMED      /* exec or prctl: task.comm is the new name */
};

/* Windows in bytes but for the two that the kernel counts in segments. */
struct event_sample {
	uint64_t cookie : 48;   /* as sock_diag shows it, with EVENT_HAS_COOKIE: the
	                         * kernel counts sockets by it */
	uint64_t every : 16;    /* this one stands for so many, >= 1 */
	uint32_t srtt_us;       /* smoothed round trip; 0 = none measured yet */
	uint32_t cwnd, ssthresh;        /* segments */
	uint32_t snd_wnd;       /* what the peer lets us send */
	uint32_t rcv_wnd;       /* what we let the peer send */
	uint32_t snd_nxt, snd_una;      /* sequence numbers; what is between them is
	                                 * in flight, modulo 2^32 */
	uint16_t data_bytes;    /* of the segment; modulo 2^16 */
	uint16_t mss;           /* bytes a segment of ours may have; 0 = not known */
};

/* What lies in (2^(le_log2 - 1), 2^le_log2] microseconds, 0 in the first one.
 * Told by and by: what is told at one time makes one reading. */
struct event_bucket {
	uint64_t key;           /* port or cookie, as backend_samples.key says,
	                         * or 0 */
	uint64_t count;         /* of samples; 0 beside last: nothing came */
	uint64_t sum;           /* of their round trips in microseconds */
	uint8_t le_log2;
	bool first;             /* the kernel begins to count: no reading */
	bool last;              /* ends a reading after a whole period */
};

struct event_task {
	int32_t tid;            /* the thread it is about */
	int32_t tgid;           /* its process; valid with EVENT_HAS_TGID */
	uint8_t change;         /* enum event_task_change */
	char comm[EVENT_COMM_BYTES]; /* untrusted bytes, NUL-padded, maybe not
	                              * terminated; valid with EVENT_HAS_COMM */
};

enum event_seen_part {
	EVENT_SEEN_BEGIN,       /* the list begins: whatever ends from here on may
	                         * still stand in it */
	EVENT_SEEN_SOCKET,      /* a socket of the list */
	EVENT_SEEN_END          /* none follows; a list that failed has an end, too */
};

/* So many stacks are known at once: a new one ends the one whose number is that
 * much lower. */
enum { EVENT_STACKS = 1024, EVENT_FRAME_BYTES = 27 };

/* The events of one stack follow each other, and come before the first event
 * that has its number. Numbers rise, from 1. */
struct event_frame {
	uint64_t address;       /* never to be shown unasked */
	uint32_t stack;         /* its number */
	bool goes_on;           /* the next event has more of the name */
	char name[EVENT_FRAME_BYTES]; /* untrusted bytes, NUL-padded, maybe not
	                               * terminated; "" = not known */
};

struct event {
	uint64_t time_ns;       /* on the backend's clock */
	union {
		uint64_t socket_id; /* opaque, one meaning within one opened backend;
		                     * may be reused by the kernel after DESTROY */
		uint64_t cookie;    /* SEEN, GONE, which know no such id: as
		                     * sock_diag shows it, never reused */
	};
	uint16_t has;           /* EVENT_HAS_* */
	uint8_t kind;           /* enum event_kind */
	uint8_t context;        /* EVENT_CONTEXT_* */
	uint8_t family;         /* enum event_family, by the addresses */
	bool late;              /* older than an event delivered before it */
	uint16_t cpu;           /* where it was recorded */
	int32_t tid;            /* the thread that ran; global PID namespace */
	struct endpoint local;
	struct endpoint remote;
	union {
		/* With EVENT_HAS_BOUNDS a change happened between from_ns and
		 * time_ns, perhaps by way of other states. */
		struct {
			uint8_t old_state;      /* enum tcp_state; with BOUNDS
			                         * perhaps TCP_STATE_UNKNOWN: it
			                         * began between */
			uint8_t new_state;
			uint32_t stack;         /* event_frame.stack;
			                         * EVENT_HAS_STACK */
			int32_t tgid;           /* a process that holds it open */
			uint64_t from_ns;       /* EVENT_HAS_BOUNDS */
		} state;
		struct {
			uint8_t new_state;      /* enum cong_state */
			bool probed;            /* seen by a kernel probe, for lack of
			                         * an event of the kernel's own */
			bool entry_only;        /* ... on a way into the state: the
			                         * way back may be one that is not seen,
			                         * and CWR is not entered from a state
			                         * above it (tcp_enter_cwr()) */
			uint64_t from_ns;       /* EVENT_HAS_BOUNDS */
		} cong;
		struct {
			int32_t err;            /* kernel's: 0 or -errno */
			uint8_t state;          /* enum tcp_state */
			bool synack;            /* socket_id is the listener's */
			uint32_t sequence;      /* number of its first byte;
			                         * EVENT_HAS_PLACE, not synack */
			uint64_t from_ns;       /* EVENT_HAS_BOUNDS */
		} retrans;
		struct {
			uint8_t reason;         /* reset_reason.h;
			                         * EVENT_HAS_REASON */
			uint8_t state;          /* enum tcp_state */
			uint8_t direction;      /* enum event_reset_direction */
		} reset;
		struct {
			int32_t number;         /* errno, positive; 0: the error
			                         * queue, not an error */
		} error;                        /* no EVENT_HAS_SOCKET, and the
		                                 * endpoints may be zero by then */
		struct {
			uint64_t cookie;        /* as sock_diag shows it */
		} destroy;
		struct event_sample sample;
		/* Looked at between from_ns and time_ns: the state is the one
		 * that it had at some moment of these. With EVENT_HAS_SOCKET the
		 * cookie is the id in later events, too. */
		struct {
			uint64_t from_ns;
			int32_t tgid;           /* a process that holds it open */
			uint8_t state;          /* enum tcp_state, never CLOSE */
			uint8_t part;           /* enum event_seen_part */
			uint8_t cong;           /* enum cong_state, likewise ... */
			bool cong_known;        /* ... if this is true */
		} seen;
		/* Of the whole life. Nothing is known where the kernel has wiped
		 * it (tcp_disconnect()). */
		struct {
			uint64_t bytes_acked;   /* without SYN and FIN, from 4.19 on */
			uint64_t bytes_received; /* the peer's FIN is one of them */
			uint32_t srtt_us;
			uint32_t min_rtt_us;    /* 0 = never measured */
			uint32_t retrans;       /* segments */
			uint32_t segs_out;      /* retransmitted ones included */
			uint32_t segs_in;
			uint32_t unread;        /* of what was received; the FIN is
			                         * one of them until it is read */
		} gone;
		/* Where the socket lives, and what it has come to: beside
		 * state, cong, retrans, reset and error, which leave it room but
		 * where they have bounds. */
		struct {
			uint32_t beside[3];
			uint32_t netns;         /* inode of its network namespace;
			                         * 0 = not known */
			uint64_t cgroup;        /* its id (cgroup version 2);
			                         * 0 = not known */
			uint32_t srtt_us;       /* 0 = none measured yet */
			uint32_t cwnd;          /* segments */
			uint32_t packets_out;   /* segments in flight */
			uint32_t total_retrans; /* segments, in its whole life */
		} place;
		struct event_bucket bucket;
		struct event_task task;
		struct event_frame frame;
		struct {
			uint64_t count;         /* events; EVENT_HAS_COUNT */
		} lost;                         /* on event.cpu */
	};
};

/* Rows wait in rings of these, and every event is copied once. */
_Static_assert(sizeof(struct event) <= 104, "event too large");
_Static_assert(offsetof(struct event, state.from_ns) >=
	       offsetof(struct event, place.netns) &&
	       offsetof(struct event, retrans.from_ns) >=
	       offsetof(struct event, place.netns) &&
	       sizeof(((struct event *)0)->reset) <= 12 &&
	       sizeof(((struct event *)0)->error) <= 12, "no room for a place");

/* True when an address is IPv4 in its mapped form (::ffff:a.b.c.d). */
static inline bool endpoint_is_ipv4(const struct endpoint *endpoint)
{
	static const uint8_t mapped[12] = {
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff
	};

	return !__builtin_memcmp(endpoint->address, mapped, sizeof(mapped));
}

#endif
