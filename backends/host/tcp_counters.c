/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the kernel's TCP counters from /proc, by their names: kernels differ in
 * which they have, and in the order. */
#include "tcpwatch/tcp_counters.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "clock.h"

enum { FILE_BYTES = 32768 };

static const struct {
	const char *name, *meaning;
} table[TCP_COUNTER_COUNT] = {
	[TCP_COUNTER_ACTIVE_OPENS] = {
		"ActiveOpens", "connects" },
	[TCP_COUNTER_PASSIVE_OPENS] = {
		"PassiveOpens", "connections taken" },
	[TCP_COUNTER_OUT_SEGS] = {
		"OutSegs", "segments sent" },
	[TCP_COUNTER_RETRANS_SEGS] = {
		"RetransSegs", "segments sent again" },
	[TCP_COUNTER_SYN_RETRANS] = {
		"TCPSynRetrans", "SYN and SYN-ACK sent again" },
	[TCP_COUNTER_FAST_RETRANS] = {
		"TCPFastRetrans", "called for by ACKs" },
	[TCP_COUNTER_SLOW_START_RETRANS] = {
		"TCPSlowStartRetrans", "the rest after a timeout" },
	[TCP_COUNTER_LOST_RETRANSMIT] = {
		"TCPLostRetransmit", "sent again and lost again" },
	[TCP_COUNTER_RETRANS_FAIL] = {
		"TCPRetransFail", "attempts that sent nothing" },
	[TCP_COUNTER_SPURIOUS_HOST_QUEUES] = {
		"TCPSpuriousRtxHostQueues", "the first is still queued here" },
	[TCP_COUNTER_TIMEOUTS] = {
		"TCPTimeouts", "retransmission timeouts" },
	[TCP_COUNTER_LOSS_PROBES] = {
		"TCPLossProbes", "loss probes" },
	[TCP_COUNTER_LOSS_PROBE_RECOVERY] = {
		"TCPLossProbeRecovery", "losses they surely repaired" },
	[TCP_COUNTER_SACK_RECOVERY] = {
		"TCPSackRecovery", "recoveries begun, with SACK" },
	[TCP_COUNTER_RENO_RECOVERY] = {
		"TCPRenoRecovery", "recoveries begun, without" },
	[TCP_COUNTER_SACK_RECOVERY_FAIL] = {
		"TCPSackRecoveryFail", "timeouts in a recovery" },
	[TCP_COUNTER_RENO_RECOVERY_FAIL] = {
		"TCPRenoRecoveryFail", "timeouts in one without SACK" },
	[TCP_COUNTER_SACK_FAILURES] = {
		"TCPSackFailures", "timeouts in DISORDER" },
	[TCP_COUNTER_RENO_FAILURES] = {
		"TCPRenoFailures", "timeouts there, without SACK" },
	[TCP_COUNTER_LOSS_FAILURES] = {
		"TCPLossFailures", "timeouts in LOSS" },
	[TCP_COUNTER_FULL_UNDO] = {
		"TCPFullUndo", "recoveries undone: none lost" },
	[TCP_COUNTER_PARTIAL_UNDO] = {
		"TCPPartialUndo", "undone at a partial ACK" },
	[TCP_COUNTER_DSACK_UNDO] = {
		"TCPDSACKUndo", "undone, by DSACK" },
	[TCP_COUNTER_LOSS_UNDO] = {
		"TCPLossUndo", "timeouts undone" },
	[TCP_COUNTER_SPURIOUS_RTOS] = {
		"TCPSpuriousRTOs", "timeouts in vain, by F-RTO" },
	[TCP_COUNTER_SACK_REORDER] = {
		"TCPSACKReorder", "reordering seen, by SACK" },
	[TCP_COUNTER_RENO_REORDER] = {
		"TCPRenoReorder", "by duplicate ACKs" },
	[TCP_COUNTER_TS_REORDER] = {
		"TCPTSReorder", "by a time stamp" },
	[TCP_COUNTER_DSACK_RECV] = {
		"TCPDSACKRecv", "duplicates the peer told of" },
	[TCP_COUNTER_DSACK_OFO_RECV] = {
		"TCPDSACKOfoRecv", "those out of order" },
	[TCP_COUNTER_LISTEN_OVERFLOWS] = {
		"ListenOverflows", "the accept queue was full" },
	[TCP_COUNTER_LISTEN_DROPS] = {
		"ListenDrops", "a listener dropped for any cause" },
	[TCP_COUNTER_REQ_QFULL_COOKIES] = {
		"TCPReqQFullDoCookies", "SYN queue full: cookie sent" },
	[TCP_COUNTER_REQ_QFULL_DROP] = {
		"TCPReqQFullDrop", "SYN queue full: dropped" },
	[TCP_COUNTER_ATTEMPT_FAILS] = {
		"AttemptFails", "handshakes that failed" },
	[TCP_COUNTER_ESTAB_RESETS] = {
		"EstabResets", "connections that ended at once" },
	[TCP_COUNTER_OUT_RSTS] = {
		"OutRsts", "resets sent" },
	[TCP_COUNTER_ABORT_ON_DATA] = {
		"TCPAbortOnData", "aborted: linger 0, or data late" },
	[TCP_COUNTER_ABORT_ON_CLOSE] = {
		"TCPAbortOnClose", "aborted: closed with data unread" },
	[TCP_COUNTER_ABORT_ON_MEMORY] = {
		"TCPAbortOnMemory", "aborted: no memory, or orphans" },
	[TCP_COUNTER_ABORT_ON_TIMEOUT] = {
		"TCPAbortOnTimeout", "given up after timeouts" },
	[TCP_COUNTER_ABORT_ON_LINGER] = {
		"TCPAbortOnLinger", "aborted: FIN_WAIT2 for too long" },
	[TCP_COUNTER_ABORT_FAILED] = {
		"TCPAbortFailed", "resets that could not be sent" },
	[TCP_COUNTER_MEMORY_PRESSURES] = {
		"TCPMemoryPressures", "TCP's memory became short" },
	[TCP_COUNTER_MEMORY_PRESSURES_MS] = {
		"TCPMemoryPressuresChrono", "ms that it was short" },
	[TCP_COUNTER_PRUNE_CALLED] = {
		"PruneCalled", "a receive buffer was over full" },
	[TCP_COUNTER_RCV_PRUNED] = {
		"RcvPruned", "dropped for a full buffer" },
	[TCP_COUNTER_OFO_PRUNED] = {
		"OfoPruned", "out of order, dropped likewise" },
	[TCP_COUNTER_RCV_COLLAPSED] = {
		"TCPRcvCollapsed", "segments merged for room" },
	[TCP_COUNTER_RCV_QUEUE_DROP] = {
		"TCPRcvQDrop", "no room in the receive queue" },
	[TCP_COUNTER_BACKLOG_DROP] = {
		"TCPBacklogDrop", "socket in use, its backlog full" },
	[TCP_COUNTER_WQUEUE_TOO_BIG] = {
		"TCPWqueueTooBig", "the send queue is too long" },
};

const char *tcp_counters_name(enum tcp_counter counter)
{
	return table[counter].name;
}

const char *tcp_counters_meaning(enum tcp_counter counter)
{
	return table[counter].meaning;
}

static bool is_word(const char *text, size_t length, const char *word)
{
	return length == strlen(word) && !memcmp(text, word, length);
}

static int find(const char *name, size_t length)
{
	for (int i = 0; i < TCP_COUNTER_COUNT; i++)
		if (is_word(name, length, table[i].name))
			return i;
	return -1;
}

/* Steps *text over blanks to the next word of its line; its length, 0 at the
 * line's end. */
static size_t next_word(const char **text)
{
	*text += strspn(*text, " ");
	return strcspn(*text, " \n");
}

static void take(struct tcp_counters *counters, const char *name, size_t length,
		 const char *value)
{
	int counter = find(name, length);

	/* MaxConn is negative; a counter never is. */
	if (counter < 0 || *value < '0' || *value > '9')
		return;
	counters->values[counter] = strtoull(value, NULL, 10);
	counters->known |= UINT64_C(1) << counter;
}

/* Two lines that begin with the same word: "Tcp: OutSegs ..." and "Tcp: 1 ...". */
static void take_pair(struct tcp_counters *counters, const char *names,
		      const char *values)
{
	size_t prefix = next_word(&names);

	if (next_word(&values) != prefix || strncmp(names, values, prefix) ||
	    !(is_word(names, prefix, "Tcp:") || is_word(names, prefix, "TcpExt:")))
		return;
	names += prefix;
	values += prefix;
	for (;;) {
		size_t length = next_word(&names), digits = next_word(&values);

		if (!length || !digits)
			return;
		take(counters, names, length, values);
		names += length;
		values += digits;
	}
}

static const char *next_line(const char *text)
{
	const char *end = strchr(text, '\n');

	return end ? end + 1 : text + strlen(text);
}

void tcp_counters_parse(struct tcp_counters *counters, const char *text)
{
	while (*text) {
		const char *values = next_line(text);

		take_pair(counters, text, values);
		text = next_line(values);
	}
}

/* 32-bit kernels count in 32 bits. */
static uint64_t grown(uint64_t before, uint64_t after)
{
	return after >= before ? after - before : (uint32_t)(after - before);
}

struct tcp_counters tcp_counters_grown(const struct tcp_counters *before,
				       const struct tcp_counters *after)
{
	struct tcp_counters by = *after;

	by.known &= before->known;
	for (size_t i = 0; i < TCP_COUNTER_COUNT; i++)
		by.values[i] = grown(before->values[i], after->values[i]);
	return by;
}

/* Of the thread that opens; "/proc/net" would be that of the process. */
static const char *const paths[TCP_COUNTERS_FILES] = {
	"/proc/thread-self/net/snmp", "/proc/thread-self/net/netstat"
};

static int fail(const char *path, int code, struct error *err)
{
	return error_set(err, code, "cannot read '%s': %s; is /proc mounted?", path,
			 strerror(code));
}

int tcp_counters_open(struct tcp_counters_files *files, struct error *err)
{
	struct stat status;

	*files = (struct tcp_counters_files){ 0 };
	while (files->count < TCP_COUNTERS_FILES) {
		const char *path = paths[files->count];
		int fd = open(path, O_RDONLY | O_CLOEXEC), code = errno;

		if (fd < 0) {
			tcp_counters_close(files);
			return fail(path, code, err);
		}
		files->fds[files->count++] = fd;
	}
	if (!stat("/proc/thread-self/ns/net", &status))
		files->netns = (uint32_t)status.st_ino;
	return 0;
}

/* All of the file, which the kernel makes anew for a reader from the start. 0 or
 * -errno. */
static int read_file(int fd, char text[FILE_BYTES])
{
	size_t used = 0;
	ssize_t got;

	do {
		got = pread(fd, text + used, FILE_BYTES - 1 - used, (off_t)used);
		if (got > 0)
			used += (size_t)got;
	} while (got > 0 && used < FILE_BYTES - 1);
	text[used] = '\0';
	return got < 0 ? -errno : 0;
}

int tcp_counters_read(const struct tcp_counters_files *files,
		      struct tcp_counters *counters, struct error *err)
{
	struct tcp_counters read = {
		.at_ns = clock_monotonic_ns(), .netns = files->netns
	};
	char text[FILE_BYTES];

	for (size_t i = 0; i < files->count; i++) {
		int failed = read_file(files->fds[i], text);

		if (failed)
			return fail(paths[i], -failed, err);
		tcp_counters_parse(&read, text);
	}
	if (!read.known)
		return error_set(err, ENOTSUP, "this kernel tells no TCP counters "
				 "in '%s'", paths[0]);
	*counters = read;
	return 0;
}

void tcp_counters_close(struct tcp_counters_files *files)
{
	while (files->count)
		close(files->fds[--files->count]);
}
