/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of families, and which samples each has. */
#include "metrics_write.h"

#include "metrics_key.h"
#include "view/life.h"
#include "view/rtt_key.h"
#include "tcpwatch/tcp_state.h"

/* From 16 us to 19 hours, every other power of two; from 16 us to 17 s. */
static const struct metrics_bounds stay_bounds = { 4, 36, 2 };
static const struct metrics_bounds srtt_bounds = { 4, 24, 1 };

/* What the samples of one group are written with. */
struct writing {
	struct metrics_text *text;
	const struct metrics_family *family;
	struct metrics_labels labels;
	size_t used;            /* labels that all of the group's samples have */
	bool zeros;             /* series that count nothing yet are told: a rate
	                         * begins with its first event. Not of groups,
	                         * which come later themselves */
};

typedef void write_fn(struct writing *writing,
		      const struct metrics_counts *counts);

static const char *state_name(unsigned int state)
{
	const char *name = tcp_state_name(state);

	return name ? name : "UNKNOWN";
}

static void put(struct writing *writing, const char *label, const char *value,
		uint64_t count)
{
	if (!count && !writing->zeros)
		return;
	writing->labels.list[writing->used] =
		(struct metrics_label){ label, value };
	metrics_text_number(writing->text, writing->family, &writing->labels,
			    count);
}

/* There are some thirty of the pairs: those that came. */
static void put_transitions(struct writing *writing,
			    const struct metrics_counts *counts)
{
	struct metrics_label *labels = writing->labels.list + writing->used;

	for (unsigned int from = 0; from < TCP_STATE_COUNT; from++) {
		for (unsigned int to = 0; to < TCP_STATE_COUNT; to++) {
			if (!counts->transitions[from][to])
				continue;
			labels[0] = (struct metrics_label){ "from", state_name(from) };
			labels[1] = (struct metrics_label){ "to", state_name(to) };
			metrics_text_number(writing->text, writing->family,
					    &writing->labels,
					    counts->transitions[from][to]);
		}
	}
}

static void put_ends(struct writing *writing,
		     const struct metrics_counts *counts)
{
	for (unsigned int i = 0; i < REASON_COUNT; i++) {
		const char *name = reason_name(i);

		if (counts->ends[i] || life_reason_ends(i))
			put(writing, "reason", name ? name : "unknown",
			    counts->ends[i]);
	}
}

static void put_retransmissions(struct writing *writing,
				const struct metrics_counts *counts)
{
	for (unsigned int i = 0; i < REASON_CLASS_COUNT; i++)
		if (i != REASON_CLASS_FAILED)
			put(writing, "class", reason_class_name(i),
			    counts->retransmissions[i]);
}

static void put_failed(struct writing *writing,
		       const struct metrics_counts *counts)
{
	if (counts->retransmissions[REASON_CLASS_FAILED] || writing->zeros)
		metrics_text_number(writing->text, writing->family,
				    &writing->labels,
				    counts->retransmissions[REASON_CLASS_FAILED]);
}

static void put_cong(struct writing *writing,
		     const struct metrics_counts *counts)
{
	struct metrics_label *label = writing->labels.list + writing->used;

	for (unsigned int i = 0; i < CONG_STATE_COUNT; i++) {
		if (!counts->cong_ns[i] && !writing->zeros)
			continue;
		*label = (struct metrics_label){ "state", cong_state_name(i) };
		metrics_text_seconds(writing->text, writing->family,
				     &writing->labels, counts->cong_ns[i]);
	}
}

/* Not of one that is closed, nor, but where it came, of what few sources tell. */
static void put_open(struct writing *writing,
		     const struct metrics_counts *counts)
{
	for (unsigned int i = 0; i < TCP_STATE_COUNT; i++) {
		bool rare = i == TCP_STATE_UNKNOWN || i == TCP_STATE_TIME_WAIT ||
			    i >= TCP_STATE_NEW_SYN_RECV;

		if (counts->open[i] || (!rare && i != TCP_STATE_CLOSE))
			put(writing, "state", state_name(i), counts->open[i]);
	}
}

static void put_srtt(struct writing *writing,
		     const struct metrics_counts *counts)
{
	if (counts->srtt.count || writing->zeros)
		metrics_text_histogram(writing->text, writing->family,
				       &writing->labels, &counts->srtt,
				       &srtt_bounds);
}

/* Families whose samples each group has. */
static const struct {
	struct metrics_family family;
	write_fn *write;
} families[] = {
	{ { "tcpwatch_transitions", "Changes of TCP state.", METRICS_COUNTER },
	  put_transitions },
	{ { "tcpwatch_connection_ends",
	    "Sockets that were closed, but for listeners, by the reason.",
	    METRICS_COUNTER }, put_ends },
	{ { "tcpwatch_retransmissions", "Retransmissions, by their class.",
	    METRICS_COUNTER }, put_retransmissions },
	{ { "tcpwatch_retransmissions_failed",
	    "Retransmissions that were tried, but sent nothing.",
	    METRICS_COUNTER }, put_failed },
	{ { "tcpwatch_congestion_state_seconds",
	    "Time that connections were in each congestion state, summed up.",
	    METRICS_COUNTER }, put_cong },
	{ { "tcpwatch_open_sockets", "Sockets that are open, by their state.",
	    METRICS_GAUGE }, put_open },
	{ { "tcpwatch_srtt_seconds",
	    "Smoothed round trips, one at each segment that a sample was "
	    "taken of.", METRICS_HISTOGRAM }, put_srtt },
};

static void write_group(struct writing *writing,
			const struct metrics *metrics,
			const struct metrics_group *group, write_fn *write)
{
	char key[RTT_KEY_TEXT];

	writing->labels = (struct metrics_labels){ 0 };
	writing->used = 0;
	if (metrics->groups.top) {
		static const char *const names[RTT_BY_COUNT] = {
			[RTT_BY_RADDR] = "raddr",
			[RTT_BY_LPORT] = "lport",
			[RTT_BY_COMM] = "comm",
		};

		metrics_key_text(metrics, group, key, sizeof(key));
		writing->labels.list[writing->used++] =
			(struct metrics_label){ names[metrics->by.by], key };
	}
	write(writing, &group->counts);
}

static void write_groups(const struct metrics *metrics,
			 const struct metrics_family *family, write_fn *write,
			 struct metrics_text *text)
{
	struct writing writing = {
		.text = text,
		.family = family,
		.zeros = !metrics->groups.top,
	};

	metrics_text_family(text, family);
	for (uint32_t i = 0; i <= metrics->groups.used; i++)
		write_group(&writing, metrics, metrics->groups.slots[i], write);
}

/* One series a bucket: too many to have them of each group. */
static void write_stays(const struct metrics *metrics, struct metrics_text *text)
{
	static const struct metrics_family stays = {
		"tcpwatch_state_duration_seconds",
		"How long sockets were in a TCP state that they have left.",
		METRICS_HISTOGRAM
	};
	static const struct metrics_family unmeasured = {
		"tcpwatch_state_durations_unmeasured",
		"Stays in a TCP state whose length is not known.",
		METRICS_COUNTER
	};
	struct metrics_labels labels = { .list[0].name = "state" };

	metrics_text_family(text, &stays);
	for (unsigned int i = 0; i < TCP_STATE_COUNT; i++) {
		labels.list[0].value = state_name(i);
		if (metrics->stays[i].count)
			metrics_text_histogram(text, &stays, &labels,
					       &metrics->stays[i],
					       &stay_bounds);
	}
	metrics_text_family(text, &unmeasured);
	for (unsigned int i = 0; i < TCP_STATE_COUNT; i++) {
		labels.list[0].value = state_name(i);
		if (metrics->stays[i].count || metrics->unmeasured[i])
			metrics_text_number(text, &unmeasured, &labels,
					    metrics->unmeasured[i]);
	}
}

static void write_alone(struct metrics_text *text, const char *name,
			const char *help, enum metrics_type type, uint64_t value)
{
	const struct metrics_family family = { name, help, (uint8_t)type };

	metrics_text_family(text, &family);
	metrics_text_number(text, &family, &(struct metrics_labels){ 0 }, value);
}

static void write_own(const struct tracker_counts *counts,
		      struct metrics_text *text)
{
	write_alone(text, "tcpwatch_events", "Events that tcpwatch has read.",
		    METRICS_COUNTER, counts->events);
	write_alone(text, "tcpwatch_events_late",
		    "Events that came behind younger ones.", METRICS_COUNTER,
		    counts->late);
	write_alone(text, "tcpwatch_events_lost",
		    "Events that were lost, as far as their number is known.",
		    METRICS_COUNTER, counts->lost);
	write_alone(text, "tcpwatch_events_lost_uncounted",
		    "1 once events were lost whose number is not known.",
		    METRICS_GAUGE, counts->lost_unknown);
	write_alone(text, "tcpwatch_sockets_evicted",
		    "Sockets that were forgotten for lack of room.",
		    METRICS_COUNTER, counts->evicted);
	write_alone(text, "tcpwatch_tasks_evicted",
		    "Threads that were forgotten for lack of room.",
		    METRICS_COUNTER, counts->tasks_evicted);
}

void metrics_write(const struct metrics_written *written,
		   struct metrics_text *text)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (families[i].write != put_srtt || written->srtt)
			write_groups(written->metrics, &families[i].family,
				     families[i].write, text);
	write_stays(written->metrics, text);
	write_own(written->counts, text);
	metrics_text_end(text);
}
