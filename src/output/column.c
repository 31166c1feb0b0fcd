/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of columns. */
#include "column.h"

#include <errno.h>
#include <strings.h>

#define NAME(word) .name = word, .name_length = sizeof(word) - 1, \
	.key = ",\"" word "\":", .key_length = sizeof(word) + 3

const struct column columns[COLUMN_COUNT] = {
	[COLUMN_TIME] = {
		NAME("time"), .title = "TIME", .width = 8,
		.meaning = "Wall-clock time of the event itself, not of its "
			   "printing."
	},
	[COLUMN_SINCE] = {
		NAME("since"), .title = "TIME(s)", .width = 9, .unit = "s",
		.meaning = "Time since the first row."
	},
	[COLUMN_MONO_NS] = {
		NAME("mono_ns"), .title = "MONO_NS", .width = 16, .right = true,
		.unit = "ns",
		.meaning = "The event's CLOCK_MONOTONIC, to match it with other "
			   "traces of this host."
	},
	[COLUMN_SOCK] = {
		NAME("sock"), .title = "SOCK", .width = 8,
		.meaning = "Short id of the socket, the same in all rows of one "
			   "life of it and unique within the run."
	},
	[COLUMN_SKADDR] = {
		NAME("skaddr"), .title = "SKADDR", .width = 16,
		.meaning = "Kernel address of the socket; filled only with "
			   "--kernel-addresses."
	},
	[COLUMN_PID] = {
		NAME("pid"), .title = "PID", .width = 7,
		.meaning = "Process that owns the socket, never one that was "
			   "merely interrupted by the packet."
	},
	[COLUMN_COMM] = {
		NAME("comm"), .title = "COMM", .width = 8, .wide_width = 16,
		.cut = true,
		.meaning = "Name of the owning process."
	},
	[COLUMN_OWNER] = {
		NAME("owner"), .title = "OWNER", .width = 8,
		.meaning = "How the owner is known: event, from what it did itself; seed, "
			   "it held the socket when the watch began; listener, "
			   "inherited."
	},
	[COLUMN_CONTEXT] = {
		NAME("context"), .title = "CONTEXT", .width = 7,
		.meaning = "Where in the kernel the event ran: task, softirq or "
			   "hardirq; not the cause of the event."
	},
	[COLUMN_FAMILY] = {
		NAME("family"), .title = "IP", .width = 2,
		.meaning = "4 or 6, by the addresses: an IPv4 client of an IPv6 "
			   "listener is 4."
	},
	[COLUMN_LADDR] = {
		NAME("laddr"), .title = "LADDR", .width = 15, .wide_width = 39,
		.meaning = "Local address."
	},
	[COLUMN_LPORT] = {
		NAME("lport"), .title = "LPORT", .width = 5, .right = true,
		.meaning = "Local port; 0 until the kernel has chosen one."
	},
	[COLUMN_RADDR] = {
		NAME("raddr"), .title = "RADDR", .width = 15, .wide_width = 39,
		.meaning = "Remote address."
	},
	[COLUMN_RPORT] = {
		NAME("rport"), .title = "RPORT", .width = 5,
		.meaning = "Remote port; 0 at a listener."
	},
	[COLUMN_REMOTE] = {
		NAME("remote"), .title = "RADDR:RPORT", .width = 21,
		.wide_width = 47,
		.meaning = "Remote address and port in one, never cut."
	},
	[COLUMN_EVENT] = {
		NAME("event"), .title = "E", .width = 1,
		.meaning = "What happened: S a state change, C a congestion state "
			   "change, R a retransmission, L a loss probe, X a "
			   "reset, E an error report, K a socket stuck in its state, "
			   "! events lost."
	},
	[COLUMN_OLD] = {
		NAME("old"), .title = "OLD", .width = 11,
		.meaning = "State before the change; at a retransmission or a "
			   "reset the TCP state; LOST in a row of `states` that "
			   "tells of a loss, STUCK of a socket that stays."
	},
	[COLUMN_ARROW] = {
		NAME("arrow"), .title = "->", .width = 2,
		.meaning = "The sign between two states."
	},
	[COLUMN_NEW] = {
		NAME("new"), .title = "NEW", .width = 11,
		.meaning = "State after the change; at a retransmission the "
			   "congestion state, at a reset its direction, at an "
			   "error its name; beside LOST how many events were "
			   "lost on which CPU, as 159@CPU3."
	},
	[COLUMN_DURATION] = {
		NAME("duration_ms"), .title = "MS", .width = 9, .right = true,
		.unit = "ms",
		.meaning = "How long the state before lasted; > means at least "
			   "that, < at most that, - not known."
	},
	[COLUMN_WHY] = {
		NAME("why"), .title = "WHY", .optional = true,
		.meaning = "Why the state changed, the class of a retransmission, "
			   "the kernel's reason of a reset, or how many events "
			   "were lost."
	},
	[COLUMN_INFERRED] = {
		NAME("inferred"), .title = "INFERRED", .width = 8,
		.meaning = "true when the reason or the event was concluded, not "
			   "reported by the kernel."
	},
	[COLUMN_TRIGGER] = {
		NAME("trigger"), .title = "TRIGGER", .width = 7,
		.meaning = "What caused the change: call, packet or timer."
	},
	[COLUMN_STATE] = {
		NAME("state"), .title = "STATE", .width = 11,
		.meaning = "TCP state at a retransmission."
	},
	[COLUMN_CONG] = {
		NAME("cong"), .title = "CONG", .width = 8,
		.meaning = "Congestion state at that moment."
	},
	[COLUMN_CLASS] = {
		NAME("class"), .title = "CLASS", .width = 9,
		.meaning = "Which kind of retransmission it was."
	},
	[COLUMN_ERR] = {
		NAME("err"), .title = "ERR", .width = 4, .right = true,
		.meaning = "The kernel's result of sending a retransmission: 0, or "
			   "a negative errno when nothing was sent."
	},
	[COLUMN_DIRECTION] = {
		NAME("direction"), .title = "DIRECTION", .width = 9,
		.meaning = "Of a reset: sent or received."
	},
	[COLUMN_RESET_REASON] = {
		NAME("reason"), .title = "REASON", .width = 24,
		.meaning = "Of a reset that was sent: what the kernel says why "
			   "(6.11 and later)."
	},
	[COLUMN_ERRNO] = {
		NAME("errno"), .title = "ERRNO", .width = 5, .right = true,
		.meaning = "Of an error report: the number that the application "
			   "gets."
	},
	[COLUMN_ERRNO_NAME] = {
		NAME("errno_name"), .title = "ERROR", .width = 12,
		.meaning = "Of an error report: the name of that number."
	},
	[COLUMN_COUNT_LOST] = {
		NAME("count"), .title = "COUNT", .width = 8, .right = true,
		.meaning = "How many: events lost here, or what a row sums up."
	},
	[COLUMN_CPU] = {
		NAME("cpu"), .title = "CPU", .width = 3, .right = true,
		.meaning = "CPU on which the event was recorded or lost."
	},
	[COLUMN_NETNS] = {
		NAME("netns"), .title = "NETNS", .width = 10, .right = true,
		.meaning = "Inode of the socket's network namespace, as "
			   "lsns(8) shows it; bpf only."
	},
	[COLUMN_CGROUP] = {
		NAME("cgroup"), .title = "CGROUP", .width = 8, .right = true,
		.meaning = "Id of the socket's control group: the inode of its "
			   "folder under /sys/fs/cgroup; bpf only."
	},
	[COLUMN_PACKETS_OUT] = {
		NAME("packets_out"), .title = "OUT", .width = 6, .right = true,
		.unit = "segments",
		.meaning = "In flight when it happened; bpf only."
	},
	[COLUMN_TOTAL_RETRANS] = {
		NAME("total_retrans"), .title = "TOTAL", .width = 6,
		.right = true, .unit = "segments",
		.meaning = "Sent again by the socket in its whole life, up to that "
			   "moment; bpf only."
	},
	[COLUMN_SEQUENCE] = {
		NAME("seq"), .title = "SEQ", .width = 10, .right = true,
		.meaning = "Of a retransmission: sequence number of its first byte; "
			   "bpf only."
	},
	[COLUMN_SRTT] = {
		NAME("srtt_us"), .title = "SRTT_US", .width = 8, .right = true,
		.unit = "us",
		.meaning = "The kernel's smoothed round trip at the socket's last "
			   "sample; by bpf when it happened."
	},
	[COLUMN_CWND] = {
		NAME("cwnd"), .title = "CWND", .width = 6, .right = true,
		.unit = "segments",
		.meaning = "Congestion window at the socket's last sample; by bpf "
			   "when it happened."
	},
	[COLUMN_SSTHRESH] = {
		NAME("ssthresh"), .title = "SSTHRESH", .width = 8, .right = true,
		.unit = "segments",
		.meaning = "Slow start threshold; - while the kernel has none."
	},
	[COLUMN_IN_FLIGHT] = {
		NAME("in_flight"), .title = "INFLIGHT", .width = 8,
		.right = true, .unit = "bytes",
		.meaning = "Sent and not acknowledged when the segment came "
			   "(snd_nxt - snd_una)."
	},
	[COLUMN_IN_FLIGHT_SEGMENTS] = {
		NAME("in_flight_segs"), .title = "SEGS", .width = 6,
		.right = true, .unit = "segments",
		.meaning = "The same in segments of the socket's MSS, to be "
			   "compared with the congestion window."
	},
	[COLUMN_SND_WND] = {
		NAME("snd_wnd"), .title = "SND_WND", .width = 8, .right = true,
		.unit = "bytes",
		.meaning = "What the peer lets us send."
	},
	[COLUMN_RCV_WND] = {
		NAME("rcv_wnd"), .title = "RCV_WND", .width = 8, .right = true,
		.unit = "bytes",
		.meaning = "What we let the peer send."
	},
	[COLUMN_SND_NXT] = {
		NAME("snd_nxt"), .title = "SND_NXT", .width = 10, .right = true,
		.meaning = "Sequence number that is sent next."
	},
	[COLUMN_SND_UNA] = {
		NAME("snd_una"), .title = "SND_UNA", .width = 10, .right = true,
		.meaning = "First sequence number that is not acknowledged."
	},
	[COLUMN_DATA] = {
		NAME("data_len"), .title = "DATA", .width = 5, .right = true,
		.unit = "bytes",
		.meaning = "Data in the segment that came, modulo 65536."
	},
	[COLUMN_MSS] = {
		NAME("mss"), .title = "MSS", .width = 5, .right = true,
		.unit = "bytes",
		.meaning = "Data that a segment of the socket may carry, as "
			   "sock_diag told once."
	},
	[COLUMN_BY] = {
		NAME("by"), .title = "BY", .width = 8,
		.meaning = "What the group has in common."
	},
	[COLUMN_KEY] = {
		NAME("key"), .title = "KEY", .width = 24,
		.meaning = "Which group; null or - where it is all, or all others."
	},
	[COLUMN_GROUPS] = {
		NAME("groups"), .title = "GROUPS", .width = 6, .right = true,
		.meaning = "Groups that the row sums up, at most: 1 but for all "
			   "others."
	},
	[COLUMN_SAMPLED] = {
		NAME("sampled"), .title = "1/N", .width = 5, .right = true,
		.meaning = "One in so many samples was looked at, and counted so "
			   "many times; the largest such number of the interval."
	},
	[COLUMN_AGGREGATE] = {
		NAME("aggregate"), .title = "BY_WHOM", .width = 7,
		.meaning = "Who counted: user, or kernel, where percentiles are "
			   "the upper edges of their buckets."
	},
	[COLUMN_MIN_US] = {
		NAME("min_us"), .title = "MIN_US", .width = 8, .right = true,
		.unit = "us",
		.meaning = "The smallest round trip."
	},
	[COLUMN_P50_US] = {
		NAME("p50_us"), .title = "P50_US", .width = 8, .right = true,
		.unit = "us",
		.meaning = "Median, 2 % off at most."
	},
	[COLUMN_P90_US] = {
		NAME("p90_us"), .title = "P90_US", .width = 8, .right = true,
		.unit = "us",
		.meaning = "90th percentile, likewise."
	},
	[COLUMN_P99_US] = {
		NAME("p99_us"), .title = "P99_US", .width = 8, .right = true,
		.unit = "us",
		.meaning = "99th percentile, likewise."
	},
	[COLUMN_MAX_US] = {
		NAME("max_us"), .title = "MAX_US", .width = 8, .right = true,
		.unit = "us",
		.meaning = "The largest round trip."
	},
	[COLUMN_AVG_US] = {
		NAME("avg_us"), .title = "AVG_US", .width = 11, .right = true,
		.unit = "us",
		.meaning = "Their average."
	},
	[COLUMN_BEGIN] = {
		NAME("begin"), .title = "BEGIN", .width = 8,
		.meaning = "When the socket's life began, where that was seen."
	},
	[COLUMN_END] = {
		NAME("end"), .title = "END", .width = 8,
		.meaning = "When it changed to CLOSE; nothing while it is open."
	},
	[COLUMN_HOW] = {
		NAME("how"), .title = "HOW", .width = 7,
		.meaning = "How it began: active (connect), passive (a SYN to a "
			   "listener), listen, or before the watch."
	},
	[COLUMN_ENDED_BY] = {
		NAME("ended_by"), .title = "ENDED_BY", .width = 8,
		.meaning = "Who ended it: us, the peer, a timer (nobody answered), "
			   "or the network (it said that there is no way)."
	},
	[COLUMN_STATE_MS] = {
		NAME("state_ms"), .title = "STATES_MS", .width = 40, .unit = "ms",
		.meaning = "Time in each TCP state; > means at least that."
	},
	[COLUMN_CONG_MS] = {
		NAME("cong_ms"), .title = "CONG_MS", .width = 20, .unit = "ms",
		.meaning = "Time in each congestion state."
	},
	[COLUMN_RETRANS] = {
		NAME("retrans"), .title = "RETRANS", .width = 12,
		.meaning = "Retransmissions by class; failed attempts, too."
	},
	[COLUMN_TX_BYTES] = {
		NAME("tx_bytes"), .title = "TX_BYTES", .width = 10, .right = true,
		.unit = "bytes",
		.meaning = "Bytes that the peer has acknowledged, where the kernel "
			   "says so."
	},
	[COLUMN_RX_BYTES] = {
		NAME("rx_bytes"), .title = "RX_BYTES", .width = 10, .right = true,
		.unit = "bytes",
		.meaning = "Bytes received, where the kernel says so."
	},
	[COLUMN_TX_KB] = {
		NAME("tx_kb"), .title = "TX_KB", .width = 6, .right = true,
		.unit = "KiB", .meaning = "The same in units of 1024, as sent."
	},
	[COLUMN_RX_KB] = {
		NAME("rx_kb"), .title = "RX_KB", .width = 6, .right = true,
		.unit = "KiB", .meaning = "The same in units of 1024, as received."
	},
	[COLUMN_LOCAL] = {
		NAME("local"), .title = "LADDR:LPORT", .width = 21,
		.wide_width = 47,
		.meaning = "Local address and port in one, never cut; other for "
			   "what had no room of its own; LOST in a row that tells "
			   "of a loss, with its number and CPU in the remote one."
	},
	[COLUMN_SENT] = {
		NAME("sent"), .title = "T>", .width = 2,
		.meaning = "R> a retransmission, L> one that is a loss probe."
	},
	[COLUMN_INTERVAL] = {
		NAME("interval_ms"), .title = "INTERVAL", .width = 9,
		.right = true, .unit = "ms",
		.meaning = "How long the interval was that the row sums up."
	},
	[COLUMN_RETRANSMITS] = {
		NAME("retransmits"), .title = "RETRANSMITS", .width = 11,
		.right = true,
		.meaning = "Retransmissions of the flow, failed ones not counted."
	},
	[COLUMN_SYN] = {
		NAME("syn"), .title = "SYN", .width = 6, .right = true,
		.meaning = "Of these, SYNs."
	},
	[COLUMN_SYNACK] = {
		NAME("synack"), .title = "SYNACK", .width = 6, .right = true,
		.meaning = "Of these, SYN-ACKs, which no socket has sent yet."
	},
	[COLUMN_RTO] = {
		NAME("rto"), .title = "RTO", .width = 6, .right = true,
		.meaning = "Of these, those of the retransmission timer."
	},
	[COLUMN_SLOWSTART] = {
		NAME("slowstart"), .title = "SLOW", .width = 6, .right = true,
		.meaning = "Of these, what else was sent again after a timeout."
	},
	[COLUMN_FAST] = {
		NAME("fast"), .title = "FAST", .width = 6, .right = true,
		.meaning = "Of these, those that the peer's ACKs called for."
	},
	[COLUMN_TLP] = {
		NAME("tlp"), .title = "TLP", .width = 6, .right = true,
		.meaning = "Of these, loss probes."
	},
	[COLUMN_FAILED] = {
		NAME("failed"), .title = "FAILED", .width = 6, .right = true,
		.meaning = "Attempts that sent nothing: no retransmissions."
	},
	[COLUMN_UNKNOWN] = {
		NAME("unknown"), .title = "OTHER", .width = 6, .right = true,
		.meaning = "Of these, those of no known class."
	},
	[COLUMN_OPEN_MS] = {
		NAME("open_ms"), .title = "Open_ms", .width = 11, .right = true,
		.unit = "ms",
		.meaning = "Time in the congestion state OPEN within the interval."
	},
	[COLUMN_DISORDER_MS] = {
		NAME("disorder_ms"), .title = "Dod_ms", .width = 11,
		.right = true, .unit = "ms",
		.meaning = "Time in DISORDER, likewise."
	},
	[COLUMN_CWR_MS] = {
		NAME("cwr_ms"), .title = "Cwr_ms", .width = 11, .right = true,
		.unit = "ms",
		.meaning = "Time in CWR, likewise."
	},
	[COLUMN_RECOVERY_MS] = {
		NAME("recovery_ms"), .title = "Rcov_ms", .width = 11,
		.right = true, .unit = "ms",
		.meaning = "Time in RECOVERY, likewise."
	},
	[COLUMN_LOSS_MS] = {
		NAME("loss_ms"), .title = "Los_ms", .width = 11, .right = true,
		.unit = "ms",
		.meaning = "Time in LOSS, likewise."
	},
	[COLUMN_OPEN_US] = {
		NAME("open_us"), .title = "Open_us", .width = 11, .right = true,
		.unit = "us",
		.meaning = "Time in the congestion state OPEN within the interval."
	},
	[COLUMN_DISORDER_US] = {
		NAME("disorder_us"), .title = "Dod_us", .width = 11,
		.right = true, .unit = "us",
		.meaning = "Time in DISORDER, likewise."
	},
	[COLUMN_CWR_US] = {
		NAME("cwr_us"), .title = "Cwr_us", .width = 11, .right = true,
		.unit = "us",
		.meaning = "Time in CWR, likewise."
	},
	[COLUMN_RECOVERY_US] = {
		NAME("recovery_us"), .title = "Rcov_us", .width = 11,
		.right = true, .unit = "us",
		.meaning = "Time in RECOVERY, likewise."
	},
	[COLUMN_LOSS_US] = {
		NAME("loss_us"), .title = "Los_us", .width = 11, .right = true,
		.unit = "us",
		.meaning = "Time in LOSS, likewise."
	},
	[COLUMN_CHANGES] = {
		NAME("changes"), .title = "Chgs", .width = 6, .right = true,
		.meaning = "Congestion state changes within the interval."
	},
	[COLUMN_MEASURED] = {
		NAME("measured"), .title = "MEASURED", .width = 8, .right = true,
		.meaning = "Of how many the time in the old state is exactly known."
	},
	[COLUMN_P50_MS] = {
		NAME("p50_ms"), .title = "P50_MS", .width = 11, .right = true,
		.unit = "ms",
		.meaning = "Median of these times, 2 % off at most."
	},
	[COLUMN_P99_MS] = {
		NAME("p99_ms"), .title = "P99_MS", .width = 11, .right = true,
		.unit = "ms",
		.meaning = "Their 99th percentile, 2 % off at most."
	},
	[COLUMN_TIMER] = {
		NAME("timer"), .title = "TIMER", .width = 10,
		.meaning = "What it waits for: retransmit, keepalive, ..."
	},
	[COLUMN_TIMER_MS] = {
		NAME("timer_ms"), .title = "LEFT_MS", .width = 7, .right = true,
		.unit = "ms",
		.meaning = "Time until that timer runs out."
	},
	[COLUMN_RETRIES] = {
		NAME("retries"), .title = "TRIES", .width = 5, .right = true,
		.meaning = "How often that timer has run out in a row."
	},
	[COLUMN_RECV_Q] = {
		NAME("recv_q"), .title = "RECV_Q", .width = 7, .right = true,
		.unit = "bytes",
		.meaning = "Received and not read; of a listener: not accepted."
	},
	[COLUMN_SEND_Q] = {
		NAME("send_q"), .title = "SEND_Q", .width = 7, .right = true,
		.unit = "bytes",
		.meaning = "Not acknowledged; of a listener: how many may wait."
	},
	[COLUMN_NOTSENT] = {
		NAME("notsent"), .title = "NOTSENT", .width = 7, .right = true,
		.unit = "bytes",
		.meaning = "Of these what has not been sent yet."
	},
	[COLUMN_RESENT] = {
		NAME("resent"), .title = "RESENT", .width = 6, .right = true,
		.meaning = "Segments sent again in the socket's whole life."
	},
	[COLUMN_UNACKED] = {
		NAME("unacked"), .title = "UNACKED", .width = 7, .right = true,
		.meaning = "Segments sent and not acknowledged."
	},
	[COLUMN_DROPS] = {
		NAME("drops"), .title = "DROPS", .width = 5, .right = true,
		.meaning = "Connections that found no room in a listener's queue."
	},
	[COLUMN_IDLE] = {
		NAME("idle_ms"), .title = "IDLE_MS", .width = 8, .right = true,
		.unit = "ms",
		.meaning = "Time since data was last sent or received."
	},
	[COLUMN_GIVES_UP] = {
		NAME("gives_up_ms"), .title = "GIVES_UP", .width = 8, .right = true,
		.unit = "ms",
		.meaning = "Time until the kernel gives a silent peer up."
	},
	[COLUMN_KEEPALIVE] = {
		NAME("keepalive"), .title = "KEEP", .width = 5,
		.meaning = "Whether its process has keepalive on."
	},
	[COLUMN_KEEP_IDLE] = {
		NAME("keep_idle_s"), .title = "K_IDLE", .width = 6, .right = true,
		.unit = "s",
		.meaning = "Keepalive: idle time before the first probe."
	},
	[COLUMN_KEEP_INTERVAL] = {
		NAME("keep_interval_s"), .title = "K_INTV", .width = 6,
		.right = true, .unit = "s",
		.meaning = "Keepalive: time between probes."
	},
	[COLUMN_KEEP_COUNT] = {
		NAME("keep_count"), .title = "K_CNT", .width = 5, .right = true,
		.meaning = "Keepalive: probes without an answer that end it."
	},
	[COLUMN_USER_TIMEOUT] = {
		NAME("user_timeout_ms"), .title = "USER_TMO", .width = 8,
		.right = true, .unit = "ms",
		.meaning = "TCP_USER_TIMEOUT; 0 is none."
	},
	[COLUMN_DEFER_ACCEPT] = {
		NAME("defer_accept_s"), .title = "DEFER", .width = 5,
		.right = true, .unit = "s",
		.meaning = "TCP_DEFER_ACCEPT of a listener; 0 is off."
	},
	[COLUMN_PROBLEM] = {
		NAME("problem"), .title = "PROBLEM", .optional = true,
		.meaning = "What is wrong with it, in words."
	},
	[COLUMN_COUNTER] = {
		NAME("counter"), .title = "COUNTER", .width = 24,
		.meaning = "The kernel's name of a counter; of a verdict its own."
	},
	[COLUMN_GROWN] = {
		NAME("grown"), .title = "GROWN", .width = 9, .right = true,
		.meaning = "By how much it has grown within the interval."
	},
	[COLUMN_PER_S] = {
		NAME("per_s"), .title = "PER_S", .width = 10, .right = true,
		.meaning = "The same, a second."
	},
	[COLUMN_TRACED] = {
		NAME("traced"), .title = "TRACED", .width = 7, .right = true,
		.meaning = "How many such events the trace saw beside it."
	},
	[COLUMN_MEANING] = {
		NAME("meaning"), .title = "MEANING", .optional = true,
		.meaning = "What it counts; of a verdict the figures behind it."
	},
	[COLUMN_COUNTERS] = {
		NAME("counters"), .title = "COUNTERS", .width = 10,
		.meaning = "By how much each counter has grown."
	},
	[COLUMN_VERDICT] = {
		NAME("verdict"), .title = "VERDICT", .width = 10,
		.meaning = "What the counters say, in a word or a few."
	},
	[COLUMN_WORDS] = {
		NAME("words"), .title = "WORDS", .width = 10,
		.meaning = "The figures behind each verdict, in words."
	},
	[COLUMN_NOTES] = {
		NAME("notes"), .title = "NOTES", .width = 10,
		.meaning = "What the counters alone do not say."
	},
	[COLUMN_WHOLE] = {
		NAME("whole"), .title = "WHOLE", .width = 5,
		.meaning = "The interval is the whole run."
	}
};

int column_find(const char *name)
{
	for (int id = 0; id < COLUMN_COUNT; id++)
		if (!strcasecmp(columns[id].name, name))
			return id;
	for (int id = 0; id < COLUMN_COUNT; id++)
		if (!strcasecmp(columns[id].title, name))
			return id;
	return -EINVAL;
}

bool column_ids_have(const struct column_ids *ids, int id)
{
	for (size_t i = 0; i < ids->count; i++)
		if ((int)ids->ids[i] == id)
			return true;
	return false;
}
