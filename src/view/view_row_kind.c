/* SPDX-License-Identifier: BSD-2-Clause */
/* The row kinds of single events, each with its keys in JSON. */
#include "view_row.h"

static const enum column_id row_ids[] = {
	COLUMN_TIME, COLUMN_SINCE, COLUMN_MONO_NS, COLUMN_SOCK, COLUMN_SKADDR,
	COLUMN_PID, COLUMN_COMM, COLUMN_OWNER, COLUMN_CONTEXT, COLUMN_FAMILY,
	COLUMN_LADDR, COLUMN_LPORT, COLUMN_RADDR, COLUMN_RPORT, COLUMN_REMOTE,
	COLUMN_EVENT, COLUMN_OLD, COLUMN_ARROW, COLUMN_NEW, COLUMN_DURATION,
	COLUMN_WHY, COLUMN_INFERRED, COLUMN_TRIGGER, COLUMN_STATE, COLUMN_CONG,
	COLUMN_CLASS, COLUMN_ERR, COLUMN_DIRECTION, COLUMN_RESET_REASON,
	COLUMN_ERRNO, COLUMN_ERRNO_NAME, COLUMN_COUNT_LOST, COLUMN_CPU,
	COLUMN_SRTT, COLUMN_CWND, COLUMN_NETNS, COLUMN_CGROUP,
	COLUMN_PACKETS_OUT, COLUMN_TOTAL_RETRANS, COLUMN_SEQUENCE,
	COLUMN_SSTHRESH, COLUMN_IN_FLIGHT,
	COLUMN_IN_FLIGHT_SEGMENTS, COLUMN_SND_WND, COLUMN_RCV_WND,
	COLUMN_SND_NXT, COLUMN_SND_UNA, COLUMN_DATA, COLUMN_MSS,
	COLUMN_SAMPLED
};

_Static_assert(sizeof(row_ids) / sizeof(row_ids[0]) == COLUMN_EVENT_COUNT,
	       "every column of single events is here");

const struct column_ids view_row_columns = COLUMN_IDS(row_ids);

#define COMMON_KEYS \
	COLUMN_TIME, COLUMN_MONO_NS, COLUMN_SOCK, COLUMN_PID, COLUMN_COMM, \
	COLUMN_OWNER, COLUMN_CONTEXT, COLUMN_FAMILY, COLUMN_LADDR, \
	COLUMN_LPORT, COLUMN_RADDR, COLUMN_RPORT

/* What rows have more where samples are taken. */
#define SAMPLED COLUMN_SRTT, COLUMN_CWND

#define STATE_KEYS \
	COMMON_KEYS, COLUMN_OLD, COLUMN_NEW, COLUMN_DURATION, COLUMN_WHY, \
	COLUMN_INFERRED, COLUMN_TRIGGER

static const enum column_id state_keys[] = { STATE_KEYS };
static const enum column_id state_sampled_keys[] = { STATE_KEYS, SAMPLED };

#define CONG_KEYS \
	COMMON_KEYS, COLUMN_OLD, COLUMN_NEW, COLUMN_DURATION, COLUMN_INFERRED

static const enum column_id cong_keys[] = { CONG_KEYS };
static const enum column_id cong_sampled_keys[] = { CONG_KEYS, SAMPLED };

#define RETRANS_KEYS \
	COMMON_KEYS, COLUMN_STATE, COLUMN_CONG, COLUMN_CLASS, COLUMN_INFERRED, \
	COLUMN_ERR

static const enum column_id retrans_keys[] = { RETRANS_KEYS };
static const enum column_id retrans_sampled_keys[] = { RETRANS_KEYS, SAMPLED };

#define RESET_KEYS \
	COMMON_KEYS, COLUMN_STATE, COLUMN_DIRECTION, COLUMN_RESET_REASON

static const enum column_id reset_keys[] = { RESET_KEYS };
static const enum column_id reset_sampled_keys[] = { RESET_KEYS, SAMPLED };

#define ERROR_KEYS \
	COMMON_KEYS, COLUMN_ERRNO, COLUMN_ERRNO_NAME

static const enum column_id error_keys[] = { ERROR_KEYS };
static const enum column_id error_sampled_keys[] = { ERROR_KEYS, SAMPLED };

#define STUCK_KEYS \
	COMMON_KEYS, COLUMN_STATE, COLUMN_DURATION

static const enum column_id stuck_keys[] = { STUCK_KEYS };
static const enum column_id stuck_sampled_keys[] = { STUCK_KEYS, SAMPLED };

#define LIFE_KEYS \
	COMMON_KEYS, COLUMN_BEGIN, COLUMN_END, COLUMN_DURATION, COLUMN_HOW, \
	COLUMN_WHY, COLUMN_INFERRED, COLUMN_ENDED_BY, COLUMN_STATE_MS, \
	COLUMN_CONG_MS, COLUMN_RETRANS, COLUMN_TX_BYTES, COLUMN_RX_BYTES, \
	COLUMN_SRTT

static const enum column_id life_keys[] = { LIFE_KEYS };
static const enum column_id life_sampled_keys[] = { LIFE_KEYS, COLUMN_CWND };

static const enum column_id sample_keys[] = {
	COMMON_KEYS, COLUMN_SRTT, COLUMN_CWND, COLUMN_SSTHRESH, COLUMN_SND_WND,
	COLUMN_RCV_WND, COLUMN_SND_NXT, COLUMN_SND_UNA, COLUMN_DATA,
	COLUMN_SAMPLED
};

static const enum column_id cwnd_keys[] = {
	COMMON_KEYS, COLUMN_CONG, COLUMN_CWND, COLUMN_SSTHRESH,
	COLUMN_IN_FLIGHT, COLUMN_IN_FLIGHT_SEGMENTS, COLUMN_MSS,
	COLUMN_SND_WND, COLUMN_RCV_WND, COLUMN_SRTT, COLUMN_SAMPLED
};

static const enum column_id lost_keys[] = {
	COMMON_KEYS, COLUMN_COUNT_LOST, COLUMN_CPU
};

const struct row_kind view_row_kind_state = {
	.name = "state", .letter = 'S', .json = COLUMN_IDS(state_keys)
};

const struct row_kind view_row_kind_cong = {
	.name = "cong", .letter = 'C', .tint = "36",
	.json = COLUMN_IDS(cong_keys)
};

const struct row_kind view_row_kind_retrans = {
	.name = "retrans", .letter = 'R', .tint = "33",
	.json = COLUMN_IDS(retrans_keys)
};

/* A retransmission that is a loss probe: the same row under another letter. */
const struct row_kind view_row_kind_probe = {
	.name = "retrans", .letter = 'L', .tint = "33",
	.json = COLUMN_IDS(retrans_keys)
};

const struct row_kind view_row_kind_reset = {
	.name = "reset", .letter = 'X', .tint = "31",
	.json = COLUMN_IDS(reset_keys)
};

const struct row_kind view_row_kind_error = {
	.name = "error", .letter = 'E', .tint = "31",
	.json = COLUMN_IDS(error_keys)
};

const struct row_kind view_row_kind_stuck = {
	.name = "stuck", .letter = 'K', .tint = "35",
	.json = COLUMN_IDS(stuck_keys)
};

const struct row_kind view_row_kind_life = {
	.name = "life", .letter = 'Z', .json = COLUMN_IDS(life_keys)
};

const struct row_kind view_row_kind_sample = {
	.name = "sample", .letter = 'M', .json = COLUMN_IDS(sample_keys)
};

const struct row_kind view_row_kind_cwnd = {
	.name = "cwnd", .letter = 'M', .json = COLUMN_IDS(cwnd_keys)
};

const struct row_kind view_row_kind_lost = {
	.name = "lost", .letter = '!', .tint = "1;31",
	.json = COLUMN_IDS(lost_keys)
};

/* The same with the keys of samples. */
static const struct {
	const struct row_kind *kind, sampled;
} sampled[] = {
	{ &view_row_kind_state, { .name = "state", .letter = 'S',
	  .json = COLUMN_IDS(state_sampled_keys) } },
	{ &view_row_kind_cong, { .name = "cong", .letter = 'C', .tint = "36",
	  .json = COLUMN_IDS(cong_sampled_keys) } },
	{ &view_row_kind_retrans, { .name = "retrans", .letter = 'R', .tint = "33",
	  .json = COLUMN_IDS(retrans_sampled_keys) } },
	{ &view_row_kind_probe, { .name = "retrans", .letter = 'L', .tint = "33",
	  .json = COLUMN_IDS(retrans_sampled_keys) } },
	{ &view_row_kind_reset, { .name = "reset", .letter = 'X', .tint = "31",
	  .json = COLUMN_IDS(reset_sampled_keys) } },
	{ &view_row_kind_error, { .name = "error", .letter = 'E', .tint = "31",
	  .json = COLUMN_IDS(error_sampled_keys) } },
	{ &view_row_kind_stuck, { .name = "stuck", .letter = 'K', .tint = "35",
	  .json = COLUMN_IDS(stuck_sampled_keys) } },
	{ &view_row_kind_life, { .name = "life", .letter = 'Z',
	  .json = COLUMN_IDS(life_sampled_keys) } },
};

const struct row_kind *view_row_kind_sampled(const struct row_kind *kind)
{
	for (size_t i = 0; i < sizeof(sampled) / sizeof(sampled[0]); i++)
		if (sampled[i].kind == kind)
			return &sampled[i].sampled;
	return kind;
}
