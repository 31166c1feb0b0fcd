/* SPDX-License-Identifier: BSD-2-Clause */
/* What a record says that the golden cases do not show: who ended it and why,
 * and the table that hands back whom it has no room for. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/life.h"
#include "view/life_table.h"

#define MS UINT64_C(1000000)

static struct observation change(uint64_t ms, enum tcp_state from,
				 enum tcp_state to, enum reason why)
{
	return (struct observation){
		.event = {
			.kind = EVENT_STATE, .time_ns = ms * MS,
			.state = { .old_state = (uint8_t)from,
				   .new_state = (uint8_t)to },
		},
		.sock = 1,
		.old_state = (uint8_t)from,
		.span = { 10 * MS, 10 * MS },
		.why = (uint8_t)why,
	};
}

static void take(struct life *life, struct observation observation)
{
	if (!life->sock)
		life_begin(life, &observation);
	life_take(life, &observation);
}

static void the_first_fin_ends_it(void **state)
{
	struct life life = { 0 };

	(void)state;
	take(&life, change(1, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT,
			   REASON_CONNECT));
	take(&life, change(2, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT,
			   REASON_CLOSED_BY_PEER));
	take(&life, change(3, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK,
			   REASON_CLOSED_BY_US));
	take(&life, change(4, TCP_STATE_LAST_ACK, TCP_STATE_CLOSE,
			   REASON_FIN_ACKNOWLEDGED));
	assert_int_equal(life.how, LIFE_ACTIVE);
	assert_int_equal(life.why, REASON_CLOSED_BY_PEER);
	assert_int_equal(life.ended_by, LIFE_ENDER_PEER);
	assert_false(life_failed(&life));
	assert_int_equal(life.end_ns, 4 * MS);
	assert_int_equal(life_span(&life, 99 * MS).max_ns, 3 * MS);
}

static void a_failure_outweighs_a_fin(void **state)
{
	static const struct {
		enum reason why;
		enum life_ender ender;
	} failures[] = {
		{ REASON_RESET_BY_PEER, LIFE_ENDER_PEER },
		{ REASON_ABORTED_BY_US, LIFE_ENDER_US },
		{ REASON_KILLED, LIFE_ENDER_US },
		{ REASON_TIMED_OUT, LIFE_ENDER_TIMER },
		{ REASON_KEEPALIVE_TIMED_OUT, LIFE_ENDER_TIMER },
		{ REASON_HOST_UNREACHABLE, LIFE_ENDER_NETWORK },
		{ REASON_NET_UNREACHABLE, LIFE_ENDER_NETWORK },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		struct life life = { 0 };

		take(&life, change(1, TCP_STATE_ESTABLISHED,
				   TCP_STATE_FIN_WAIT1, REASON_CLOSED_BY_US));
		take(&life, change(2, TCP_STATE_FIN_WAIT1, TCP_STATE_CLOSE,
				   failures[i].why));
		assert_int_equal(life.how, LIFE_BEFORE_US);
		assert_int_equal(life.why, failures[i].why);
		assert_int_equal(life.ended_by, failures[i].ender);
		assert_true(life_failed(&life));
	}
}

static void an_open_state_counts_up_to_now(void **state)
{
	struct life life = { 0 };

	(void)state;
	take(&life, change(1, TCP_STATE_LISTEN, TCP_STATE_SYN_RECV,
			   REASON_SYN_RECEIVED));
	take(&life, change(2, TCP_STATE_SYN_RECV, TCP_STATE_ESTABLISHED,
			   REASON_HANDSHAKE_DONE));
	assert_int_equal(life.how, LIFE_PASSIVE);
	assert_int_equal(life_state_ns(&life, TCP_STATE_SYN_RECV, 5 * MS),
			 10 * MS);
	assert_int_equal(life_state_ns(&life, TCP_STATE_ESTABLISHED, 5 * MS),
			 3 * MS);
	assert_int_equal(life_cong_ns(&life, CONG_STATE_OPEN, 5 * MS), 4 * MS);
	assert_int_equal(life.end_ns, 0);
}

static void attempts_that_failed_are_no_retransmissions(void **state)
{
	struct life life = { 0 };
	struct observation retrans = {
		.event = { .kind = EVENT_RETRANS, .time_ns = MS }, .sock = 1
	};

	(void)state;
	retrans.class = REASON_CLASS_FAILED;
	take(&life, retrans);
	assert_int_equal(life_retransmissions(&life), 0);
	retrans.class = REASON_CLASS_RTO;
	take(&life, retrans);
	take(&life, retrans);
	assert_int_equal(life_retransmissions(&life), 2);
}

static void a_full_table_hands_back_the_oldest(void **state)
{
	struct life_table table;
	struct life *life;

	(void)state;
	assert_int_equal(life_table_init(&table, 3), 0);
	for (uint64_t sock = 1; sock <= 3; sock++) {
		assert_null(life_table_full(&table));
		life_table_add(&table, sock)->sock = sock;
	}
	life_table_touch(&table, life_table_find(&table, 1));
	assert_int_equal(life_table_full(&table)->sock, 2);
	life = life_table_find(&table, 3);
	life->end_ns = 5;
	life_table_end(&table, life);
	assert_int_equal(life_table_full(&table)->sock, 3);
	assert_int_equal(life_table_first_ended(&table)->sock, 3);
	life_table_remove(&table, life);
	assert_null(life_table_first_ended(&table));
	assert_null(life_table_find(&table, 3));
	life = life_table_next_open(&table, NULL);
	assert_int_equal(life->sock, 2);
	life = life_table_next_open(&table, life);
	assert_int_equal(life->sock, 1);
	assert_null(life_table_next_open(&table, life));
	life_table_done(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_fin_ends_it),
		cmocka_unit_test(a_failure_outweighs_a_fin),
		cmocka_unit_test(an_open_state_counts_up_to_now),
		cmocka_unit_test(attempts_that_failed_are_no_retransmissions),
		cmocka_unit_test(a_full_table_hands_back_the_oldest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
