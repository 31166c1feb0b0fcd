/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line of an event script to what it says. The language:
 *
 *	# comment                       also behind a line
 *	since 0.5                       the watch began then (seconds)
 *	wall 2026-11-22T13:00:00Z       the wall time of time 0
 *	task 0.9 pid=100 tid=101 comm="a\x1bb"
 *	fork 1 tid=100 child=102 comm="sh"
 *	clone 1 tid=100 child=103
 *	rename 1 tid=102 comm="curl"
 *	state 1.5 sk=1 CLOSE>SYN_SENT 10.0.0.1:0 > [2001:db8::1]:80 tid=102
 *	state 3 from=2 sk=7 0>ESTABLISHED [::1]:9 > [::1]:80 pid=100
 *	                                it happened between: state, cong, retrans
 *	cong 2 sk=1 DISORDER 10.0.0.1:40000 > 10.0.0.2:80 softirq
 *	retrans 2 sk=1 ESTABLISHED err=-16 10.0.0.1:40000 > 10.0.0.2:80
 *	synack 2 sk=9 10.0.0.2:80 > 10.0.0.1:40000
 *	reset 2 sk=1 sent SYN_SENT reason=TCP_STATE 10.0.0.1:9 > 10.0.0.2:80
 *	error 2 err=110 10.0.0.1:40000 > 10.0.0.2:80 softirq
 *	destroy 3 sk=1 cookie=7
 *	sample 3 sk=1 cookie=7 srtt=1500 cwnd=10 ssthresh=7 snd_wnd=65535
 *	       rcv_wnd=65535 snd_nxt=3000 snd_una=1000 data=512 mss=1448
 *	       10.0.0.1:40000 > 10.0.0.2:80     in one line; only srtt must be there
 *	listing 0.9                     the list of older sockets begins
 *	seen 1 from=0.9 cookie=7 ESTABLISHED 10.0.0.1:40000 > 10.0.0.2:80 pid=100
 *	                                with sk=7 too where that is the socket's id
 *	listed 1                        ... and ends
 *	gone 3 cookie=7 acked=10 received=20 srtt=800 minrtt=500 retrans=1 segs=9
 *	bucket 3 key=443 le=10 count=3 sum=2500 last    or first; only count must
 *	       be there
 *	frame 1.5 stack=1 name="inet_sk_state_store" address=0xffffffff81000000
 *	frame 1.5 stack=1 name="a_name_of_more_than_" more
 *	frame 1.5 stack=1 name="27_bytes"
 *	state 1.5 sk=1 CLOSE>SYN_SENT stack=1
 *	state 1.5 sk=1 CLOSE>SYN_SENT netns=4026531840 cgroup=77 srtt=800 cwnd=10
 *	       out=3 resent=1           and likewise cong, retrans, synack, reset
 *	       and error
 *	retrans 1.5 sk=1 ESTABLISHED seq=12345678
 *	lost 3 cpu=3 count=159          without count: how many is not known
 *	tick 4
 *	repeat 1000000 time=+0.00001 sk=+1 lport=+1 rport=+1 tid=+1
 *	...                             these lines, each time with so much added
 *	end
 *	idle                            read() answers IDLE once, and goes on
 *	hang                            read() answers IDLE until it is stopped
 *	fail "text"                     read() answers FAILED
 *
 * Behind the time the order is free. Every event may have cpu=N and the word
 * late; socket events tid=N and one of task (the default), softirq, hardirq,
 * nmi. States and congestion states are names, or numbers for those that have
 * none. Numbers are decimal, or hexadecimal behind 0x.
 */
#ifndef SCRIPT_LINE_H
#define SCRIPT_LINE_H

#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/error.h"
#include "tcpwatch/event.h"

enum script_line_kind {
	SCRIPT_LINE_BLANK,
	SCRIPT_LINE_SINCE,
	SCRIPT_LINE_WALL,
	SCRIPT_LINE_EVENT,
	SCRIPT_LINE_REPEAT,
	SCRIPT_LINE_END,
	SCRIPT_LINE_IDLE,
	SCRIPT_LINE_HANG,
	SCRIPT_LINE_FAIL
};

enum { SCRIPT_LINE_TEXT_BYTES = 128 };

/* What each turn of a repeated block adds to its events. Zeros stay zero. */
struct script_repeat {
	uint64_t count;                 /* turns; at least 1 */
	uint64_t time_ns;
	uint64_t socket_id;
	uint64_t local_port, remote_port;       /* modulo 65536 */
	uint64_t tid;                           /* every thread and process */
};

struct script_line {
	enum script_line_kind kind;
	union {
		uint64_t since_ns;
		int64_t wall_ns;                /* since 1970 */
		struct event event;
		struct script_repeat repeat;
		char text[SCRIPT_LINE_TEXT_BYTES]; /* NUL-terminated */
	};
};

/* Parses length bytes without a newline. 0, or -EINVAL with what is right in
 * *err; *line is then undefined. */
int script_line_parse(struct script_line *line, const char *text,
			size_t length, struct error *err);

#endif
