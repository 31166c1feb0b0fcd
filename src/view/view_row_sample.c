/* SPDX-License-Identifier: BSD-2-Clause */
/* The cells that samples alone have; see view_row_sample.h. */
#include "view_row_sample.h"

#include <string.h>

#include "cell_set.h"
#include "common/number_text.h"

/* TCP_INFINITE_SSTHRESH: the kernel has none yet. */
enum { INFINITE_SSTHRESH = 0x7fffffff };

/* "srtt 20.123 ms, cwnd 10" */
static const char *sample_words(char words[VIEW_ROW_WORDS],
				const struct event_sample *sample)
{
	size_t length = 0;

	if (sample->srtt_us) {
		memcpy(words, "srtt ", 5);
		length = 5 + number_text_ms_fit(words + 5, sample->srtt_us *
						UINT64_C(1000), NUMBER_TEXT_MS);
		memcpy(words + length, " ms, ", 5);
		length += 5;
	}
	memcpy(words + length, "cwnd ", 5);
	length += 5;
	length += number_text_u64(words + length, sample->cwnd);
	words[length] = '\0';
	return words;
}

void view_row_sample_fill(struct view_row *view_row,
			  const struct observation *observation)
{
	struct cell *cells = view_row->row.cells;
	const struct event_sample *sample = &observation->event.sample;
	uint32_t in_flight = sample->snd_nxt - sample->snd_una;

	cell_set_word(&cells[COLUMN_OLD],
		      &view_row->tcp_words[observation->old_state]);
	cell_set_word(&cells[COLUMN_STATE],
		      &view_row->tcp_words[observation->old_state]);
	cell_set_word(&cells[COLUMN_NEW], &view_row->cong_words[observation->cong]);
	cell_set_word(&cells[COLUMN_CONG], &view_row->cong_words[observation->cong]);
	cell_set_text(&cells[COLUMN_WHY], sample_words(view_row->words, sample));
	if (sample->ssthresh < INFINITE_SSTHRESH)
		cell_set_integer(&cells[COLUMN_SSTHRESH], sample->ssthresh);
	cell_set_integer(&cells[COLUMN_IN_FLIGHT], in_flight);
	cell_set_integer(&cells[COLUMN_SND_WND], sample->snd_wnd);
	cell_set_integer(&cells[COLUMN_RCV_WND], sample->rcv_wnd);
	cell_set_integer(&cells[COLUMN_SND_NXT], sample->snd_nxt);
	cell_set_integer(&cells[COLUMN_SND_UNA], sample->snd_una);
	cell_set_integer(&cells[COLUMN_DATA], sample->data_bytes);
	cell_set_integer(&cells[COLUMN_SAMPLED], sample->every);
	if (!sample->mss)
		return;
	cell_set_integer(&cells[COLUMN_MSS], sample->mss);
	cell_set_integer(&cells[COLUMN_IN_FLIGHT_SEGMENTS],
			 (in_flight + (int64_t)sample->mss - 1) / sample->mss);
}
