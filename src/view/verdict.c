/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules, one row each; see verdict.h. */
#include "verdict.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

/* What several counters say together. */
struct figures {
	const struct tcp_counters *by;
	uint64_t recoveries;    /* fast ones that began */
	uint64_t undone;        /* of them, as far as they began here */
	uint64_t timeouts;      /* of data */
	uint64_t timeouts_undone;
	uint64_t probes_again;  /* loss probes that sent again, not new data */
};

typedef bool verdict_holds_fn(const struct figures *figures);
typedef void verdict_tell_fn(char *text, const struct figures *figures);

struct rule {
	const char *name, *source;
	verdict_holds_fn *holds;
	verdict_tell_fn *tell;
};

static uint64_t grown(const struct figures *figures, enum tcp_counter counter)
{
	return figures->by->values[counter];
}

static uint64_t less(uint64_t from, uint64_t part)
{
	return from > part ? from - part : 0;
}

static uint64_t least(uint64_t one, uint64_t other)
{
	return one < other ? one : other;
}

/* A SYN's timeout is no loss of data, nor is the last one of a connection that is
 * given up: the kernel counts it before it looks (tcp_retransmit_timer()). */
static uint64_t timeouts_of_data(const struct figures *figures)
{
	return less(grown(figures, TCP_COUNTER_TIMEOUTS),
		    grown(figures, TCP_COUNTER_SYN_RETRANS) +
		    grown(figures, TCP_COUNTER_ABORT_ON_TIMEOUT));
}

/* What was sent again and for none of the other causes; a timeout sends one
 * segment (tcp_retransmit_timer()), which has no counter of its own. */
static uint64_t probes_again(const struct figures *figures)
{
	uint64_t others = grown(figures, TCP_COUNTER_SYN_RETRANS) +
			  grown(figures, TCP_COUNTER_FAST_RETRANS) +
			  grown(figures, TCP_COUNTER_SLOW_START_RETRANS) +
			  figures->timeouts;

	return least(less(grown(figures, TCP_COUNTER_RETRANS_SEGS), others),
		     grown(figures, TCP_COUNTER_LOSS_PROBES));
}

static struct figures figures_of(const struct tcp_counters *by)
{
	struct figures figures = { .by = by };

	figures.recoveries = grown(&figures, TCP_COUNTER_SACK_RECOVERY) +
			     grown(&figures, TCP_COUNTER_RENO_RECOVERY);
	figures.undone = grown(&figures, TCP_COUNTER_FULL_UNDO) +
			 grown(&figures, TCP_COUNTER_PARTIAL_UNDO) +
			 grown(&figures, TCP_COUNTER_DSACK_UNDO);
	figures.timeouts = timeouts_of_data(&figures);
	figures.timeouts_undone = grown(&figures, TCP_COUNTER_LOSS_UNDO);
	figures.probes_again = probes_again(&figures);
	return figures;
}

/* Undos come close to what they undo: three of four, or the rest of what began
 * before. */
static bool is_mostly(uint64_t undone, uint64_t all)
{
	return undone && undone >= all - all / 4;
}

/* Enough of them to be told beside the others: one of four. */
static bool is_partly(uint64_t undone, uint64_t all)
{
	return undone && undone >= all / 4;
}

/* The same of timeouts: one undo takes back a timeout and those that followed it
 * while nothing came, each after twice the time. */
static bool are_mostly(uint64_t undone, uint64_t timeouts)
{
	return undone && undone >= timeouts - timeouts / 2;
}

static bool is_loss(const struct figures *figures)
{
	return (figures->recoveries &&
		!is_mostly(figures->undone, figures->recoveries)) ||
	       (figures->timeouts &&
		!are_mostly(figures->timeouts_undone, figures->timeouts));
}

static bool is_reordering(const struct figures *figures)
{
	return is_partly(figures->undone, figures->recoveries);
}

static bool is_delay(const struct figures *figures)
{
	return is_partly(figures->timeouts_undone, figures->timeouts);
}

/* The kernel counts a repair only when what is sent later is acknowledged
 * (tcp_process_tlp_ack()): often nothing is. Until then a probe that sent again
 * has repaired a loss unless the peer had it twice or a timeout followed. */
static bool is_tail_loss(const struct figures *figures)
{
	return grown(figures, TCP_COUNTER_LOSS_PROBE_RECOVERY) ||
	       figures->probes_again > grown(figures, TCP_COUNTER_DSACK_RECV) +
				       figures->timeouts;
}

static bool is_unanswered(const struct figures *figures)
{
	return grown(figures, TCP_COUNTER_SYN_RETRANS);
}

static bool is_slow_listener(const struct figures *figures)
{
	return grown(figures, TCP_COUNTER_LISTEN_OVERFLOWS) ||
	       grown(figures, TCP_COUNTER_LISTEN_DROPS) ||
	       grown(figures, TCP_COUNTER_REQ_QFULL_DROP) ||
	       grown(figures, TCP_COUNTER_REQ_QFULL_COOKIES);
}

static bool is_memory(const struct figures *figures)
{
	return grown(figures, TCP_COUNTER_MEMORY_PRESSURES) ||
	       grown(figures, TCP_COUNTER_ABORT_ON_MEMORY);
}

static bool is_full_buffer(const struct figures *figures)
{
	return grown(figures, TCP_COUNTER_PRUNE_CALLED) ||
	       grown(figures, TCP_COUNTER_RCV_PRUNED) ||
	       grown(figures, TCP_COUNTER_OFO_PRUNED) ||
	       grown(figures, TCP_COUNTER_RCV_QUEUE_DROP) ||
	       grown(figures, TCP_COUNTER_BACKLOG_DROP);
}

static uint64_t aborts(const struct figures *figures)
{
	return grown(figures, TCP_COUNTER_ABORT_ON_DATA) +
	       grown(figures, TCP_COUNTER_ABORT_ON_CLOSE) +
	       grown(figures, TCP_COUNTER_ABORT_ON_LINGER);
}

static bool is_resets(const struct figures *figures)
{
	/* Those that are given up are in EstabResets, too. */
	return grown(figures, TCP_COUNTER_OUT_RSTS) || aborts(figures) ||
	       grown(figures, TCP_COUNTER_ESTAB_RESETS) >
	       grown(figures, TCP_COUNTER_ABORT_ON_TIMEOUT);
}

static bool is_given_up(const struct figures *figures)
{
	return grown(figures, TCP_COUNTER_ABORT_ON_TIMEOUT);
}

static void say(char *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(char *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, VERDICT_TEXT_BYTES, format, arguments);
	va_end(arguments);
}

/* In hundredths of a per cent. */
static uint64_t share(uint64_t part, uint64_t all)
{
	return all ? part * 10000 / all : 0;
}

static void tell_loss(char *text, const struct figures *figures)
{
	uint64_t again = share(grown(figures, TCP_COUNTER_RETRANS_SEGS),
			       grown(figures, TCP_COUNTER_OUT_SEGS));

	say(text, "loss: recoveries %" PRIu64 ", undone %" PRIu64 "; timeouts of "
	    "data %" PRIu64 ", undone %" PRIu64 "; sent again %" PRIu64 ".%02"
	    PRIu64 " %% of all segments", figures->recoveries,
	    least(figures->undone, figures->recoveries), figures->timeouts,
	    least(figures->timeouts_undone, figures->timeouts), again / 100,
	    again % 100);
}

static void tell_reordering(char *text, const struct figures *figures)
{
	say(text, "reordering mistaken for loss: recoveries %" PRIu64 ", undone %"
	    PRIu64 ": what they sent again had not been lost, only overtaken",
	    figures->recoveries, figures->undone);
}

static void tell_delay(char *text, const struct figures *figures)
{
	say(text, "delay mistaken for loss: timeouts of data %" PRIu64 ", undone %"
	    PRIu64 ": the answers came, later than the timer allows",
	    figures->timeouts, figures->timeouts_undone);
}

static void tell_tail_loss(char *text, const struct figures *figures)
{
	say(text, "tail losses: loss probes %" PRIu64 ", that sent again %" PRIu64
	    ", repairs by now confirmed %" PRIu64 ": of what was sent last, so that "
	    "no later segment could tell", grown(figures, TCP_COUNTER_LOSS_PROBES),
	    figures->probes_again,
	    grown(figures, TCP_COUNTER_LOSS_PROBE_RECOVERY));
}

static void tell_unanswered(char *text, const struct figures *figures)
{
	say(text, "handshakes unanswered: SYN and SYN-ACK sent again %" PRIu64
	    ", handshakes failed %" PRIu64 ": a peer or a firewall that does not "
	    "answer need not be a path that loses",
	    grown(figures, TCP_COUNTER_SYN_RETRANS),
	    grown(figures, TCP_COUNTER_ATTEMPT_FAILS));
}

static void tell_slow_listener(char *text, const struct figures *figures)
{
	say(text, "a listener too slow: accept queue full %" PRIu64 " times, SYN queue %"
	    PRIu64 " times, dropped %" PRIu64 ": accept faster, or raise the backlog "
	    "of listen() and somaxconn",
	    grown(figures, TCP_COUNTER_LISTEN_OVERFLOWS),
	    grown(figures, TCP_COUNTER_REQ_QFULL_DROP) +
	    grown(figures, TCP_COUNTER_REQ_QFULL_COOKIES),
	    grown(figures, TCP_COUNTER_LISTEN_DROPS));
}

static void tell_memory(char *text, const struct figures *figures)
{
	say(text, "memory pressure: TCP's memory short %" PRIu64 " times, for %" PRIu64
	    " ms; connections aborted for want of it %" PRIu64 ": look at tcp_mem "
	    "and tcp_max_orphans",
	    grown(figures, TCP_COUNTER_MEMORY_PRESSURES),
	    grown(figures, TCP_COUNTER_MEMORY_PRESSURES_MS),
	    grown(figures, TCP_COUNTER_ABORT_ON_MEMORY));
}

static void tell_full_buffer(char *text, const struct figures *figures)
{
	say(text, "receive buffers too full: pruned %" PRIu64 " times, segments "
	    "dropped %" PRIu64 ", from backlogs %" PRIu64 ": a reader is too slow or "
	    "its buffer too small",
	    grown(figures, TCP_COUNTER_PRUNE_CALLED),
	    grown(figures, TCP_COUNTER_RCV_PRUNED) +
	    grown(figures, TCP_COUNTER_OFO_PRUNED) +
	    grown(figures, TCP_COUNTER_RCV_QUEUE_DROP),
	    grown(figures, TCP_COUNTER_BACKLOG_DROP));
}

static void tell_resets(char *text, const struct figures *figures)
{
	say(text, "resets: sent %" PRIu64 "; connections aborted here %" PRIu64
	    " (data unread %" PRIu64 ", linger 0 or late data %" PRIu64 ", orphans %"
	    PRIu64 "); connections that ended at once, without a FIN %" PRIu64,
	    grown(figures, TCP_COUNTER_OUT_RSTS), aborts(figures),
	    grown(figures, TCP_COUNTER_ABORT_ON_CLOSE),
	    grown(figures, TCP_COUNTER_ABORT_ON_DATA),
	    grown(figures, TCP_COUNTER_ABORT_ON_LINGER),
	    grown(figures, TCP_COUNTER_ESTAB_RESETS));
}

static void tell_given_up(char *text, const struct figures *figures)
{
	say(text, "peers gone: connections given up after all timeouts or "
	    "keepalives %" PRIu64, grown(figures, TCP_COUNTER_ABORT_ON_TIMEOUT));
}

#define SNMP "Linux, Documentation/networking/snmp_counter.rst"

static const struct rule rules[] = {
	{ "loss", "RFC 6675, RFC 8985, RFC 6298", is_loss, tell_loss },
	{ "reordering mistaken for loss", "RFC 3522, RFC 3708, RFC 4015",
	  is_reordering, tell_reordering },
	{ "delay mistaken for loss", "RFC 5682, RFC 4015", is_delay, tell_delay },
	{ "tail losses", "RFC 8985, section 7", is_tail_loss, tell_tail_loss },
	{ "handshakes unanswered", "RFC 6298, section 5", is_unanswered,
	  tell_unanswered },
	{ "peers gone", "RFC 9293, section 3.8.3; " SNMP, is_given_up,
	  tell_given_up },
	{ "a listener too slow", SNMP ", listen(2)", is_slow_listener,
	  tell_slow_listener },
	{ "memory pressure", SNMP ", tcp(7)", is_memory, tell_memory },
	{ "receive buffers too full", SNMP ", tcp(7)", is_full_buffer,
	  tell_full_buffer },
	{ "resets", "RFC 9293, section 3.5.2; " SNMP, is_resets, tell_resets },
};

enum { RULES = sizeof(rules) / sizeof(rules[0]) };

_Static_assert((int)RULES < (int)VERDICT_MAX, "all may hold at once");

void verdict_judge(struct verdicts *verdicts, const struct tcp_counters *by)
{
	const struct figures figures = figures_of(by);
	struct verdict *verdict;

	verdicts->count = 0;
	for (size_t i = 0; i < RULES; i++) {
		if (!rules[i].holds(&figures))
			continue;
		verdict = &verdicts->items[verdicts->count++];
		verdict->name = rules[i].name;
		verdict->source = rules[i].source;
		rules[i].tell(verdict->text, &figures);
	}
	if (verdicts->count)
		return;
	verdicts->count = 1;
	verdicts->items[0] = (struct verdict){ .name = "nothing wrong" };
	say(verdicts->items[0].text, "nothing wrong: %" PRIu64 " segments were sent, "
	    "and nothing of what the rules look for was counted",
	    grown(&figures, TCP_COUNTER_OUT_SEGS));
}

static void note_retransmissions(char *text, const struct figures *figures)
{
	say(text, "RetransSegs (%" PRIu64 ") alone misleads: SYN and SYN-ACK (%" PRIu64
	    ") are in it, loss probes (up to %" PRIu64 ") and what was sent again "
	    "though nothing was lost (%" PRIu64 " undos, %" PRIu64 " duplicates told "
	    "of by peers); it counts segments, of which one event may be several",
	    grown(figures, TCP_COUNTER_RETRANS_SEGS),
	    grown(figures, TCP_COUNTER_SYN_RETRANS),
	    grown(figures, TCP_COUNTER_LOSS_PROBES),
	    figures->undone + figures->timeouts_undone,
	    grown(figures, TCP_COUNTER_DSACK_RECV));
}

static void note_probes(char *text, const struct figures *figures,
			const uint64_t traced[REASON_CLASS_COUNT])
{
	uint64_t probes = grown(figures, TCP_COUNTER_LOSS_PROBES);

	if (!traced)
		say(text, "a loss probe that sends new data is in TCPLossProbes (%"
		    PRIu64 ") and not in RetransSegs; nor has it an event", probes);
	else
		say(text, "%" PRIu64 " of %" PRIu64 " loss probes were not traced: one "
		    "that sends new data has no event, nor is it in RetransSegs",
		    less(probes, traced[REASON_CLASS_TLP]), probes);
}

static uint64_t sum_of(const uint64_t traced[REASON_CLASS_COUNT])
{
	uint64_t sum = 0;

	for (size_t i = 0; i < REASON_CLASS_COUNT; i++)
		if (i != REASON_CLASS_FAILED)
			sum += traced[i];
	return sum;
}

/* An event is a segment or more: there cannot be more of them. */
static void note_elsewhere(char *text, const struct figures *figures,
			   uint64_t traced)
{
	say(text, "the trace saw %" PRIu64 " retransmissions, and the counters %" PRIu64
	    ": it sees every network namespace, they only this one", traced,
	    grown(figures, TCP_COUNTER_RETRANS_SEGS));
}

size_t verdict_notes(char texts[VERDICT_NOTES][VERDICT_TEXT_BYTES],
		     const struct tcp_counters *by,
		     const uint64_t traced[REASON_CLASS_COUNT])
{
	const struct figures figures = figures_of(by);
	size_t count = 0;

	if (grown(&figures, TCP_COUNTER_RETRANS_SEGS))
		note_retransmissions(texts[count++], &figures);
	if (grown(&figures, TCP_COUNTER_LOSS_PROBES))
		note_probes(texts[count++], &figures, traced);
	if (traced &&
	    sum_of(traced) > grown(&figures, TCP_COUNTER_RETRANS_SEGS))
		note_elsewhere(texts[count++], &figures, sum_of(traced));
	return count;
}
