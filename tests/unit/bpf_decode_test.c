/* SPDX-License-Identifier: BSD-2-Clause */
/* Records of the BPF programs become the same events as trace records do. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bpf/bpf_decode.h"
#include "bpf/bpf_names.h"
#include "tcpwatch/reset_reason.h"
#include "tcpwatch/tcp_state.h"

static const struct bpf_decode decode = { .reset_reasons = { [7] = 3 } };

static const uint8_t ipv4[16] = { [10] = 0xff, 0xff, 10, 0, 0, 1 };
static const uint8_t ipv6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };

static struct bpf_record_socket socket_record(enum bpf_record_kind kind)
{
	struct bpf_record_socket record = {
		.head = { .time_ns = 5, .tid = 42, .cpu = 3,
			  .kind = (uint8_t)kind, .context = EVENT_CONTEXT_SOFTIRQ },
		.socket = 0xffff888000001000,
		.ends = { .local_port = 80, .remote_port = 4000 },
	};

	memcpy(record.ends.local, ipv4, 16);
	memcpy(record.ends.remote, ipv4, 16);
	return record;
}

/* Those of states are longer; what is behind is not said. */
static struct event decoded(const void *record, size_t length)
{
	const struct bpf_record_head *head = record;
	struct bpf_record_state whole = { 0 };
	struct event event;

	memset(&event, 0xa5, sizeof(event));
	if (head->kind == BPF_RECORD_STATE) {
		memcpy(&whole, record, length);
		record = &whole;
		length = sizeof(whole);
	}
	assert_true(bpf_decode_record(&decode, record, length, &event));
	return event;
}

static void a_state_change(void **state)
{
	struct bpf_record_socket record = socket_record(BPF_RECORD_STATE);
	struct event event;

	(void)state;
	record.head.first = TCP_STATE_SYN_SENT;
	record.head.second = TCP_STATE_ESTABLISHED;
	event = decoded(&record, sizeof(record));
	assert_int_equal(event.kind, EVENT_STATE);
	assert_int_equal(event.time_ns, 5);
	assert_int_equal(event.cpu, 3);
	assert_int_equal(event.tid, 42);
	assert_int_equal(event.context, EVENT_CONTEXT_SOFTIRQ);
	assert_int_equal(event.socket_id, record.socket);
	assert_int_equal(event.family, EVENT_FAMILY_IPV4);
	assert_int_equal(event.local.port, 80);
	assert_int_equal(event.remote.port, 4000);
	assert_memory_equal(event.remote.address, ipv4, 16);
	assert_int_equal(event.state.old_state, TCP_STATE_SYN_SENT);
	assert_int_equal(event.state.new_state, TCP_STATE_ESTABLISHED);
	assert_int_equal(event.has & (EVENT_HAS_SOCKET | EVENT_HAS_ENDPOINTS |
				      EVENT_HAS_CONTEXT),
			 EVENT_HAS_SOCKET | EVENT_HAS_ENDPOINTS |
			 EVENT_HAS_CONTEXT);
	assert_false(event.late);
}

static void the_family_goes_by_the_addresses(void **state)
{
	static const uint8_t any_ipv4[16] = { [10] = 0xff, 0xff };
	struct bpf_record_socket record = socket_record(BPF_RECORD_STATE);
	struct event event;

	(void)state;
	memset(record.ends.local, 0, 16);
	event = decoded(&record, sizeof(record));
	assert_int_equal(event.family, EVENT_FAMILY_IPV4);
	assert_memory_equal(event.local.address, any_ipv4, 16);
	memcpy(record.ends.remote, ipv6, 16);
	event = decoded(&record, sizeof(record));
	assert_int_equal(event.family, EVENT_FAMILY_IPV6);
}

static void a_socket_lives_somewhere(void **state)
{
	struct bpf_record_socket record = socket_record(BPF_RECORD_STATE);
	struct event event;

	(void)state;
	event = decoded(&record, sizeof(record));
	assert_false(event.has & EVENT_HAS_PLACE);
	record.head.flags = BPF_RECORD_HAS_FIGURES;
	record.netns = 4026531840;
	record.cgroup = UINT64_C(1) << 40;
	record.srtt_us = 900;
	record.cwnd = 10;
	record.packets_out = 3;
	record.total_retrans = 1;
	event = decoded(&record, sizeof(record));
	assert_true(event.has & EVENT_HAS_PLACE);
	assert_int_equal(event.place.netns, 4026531840);
	assert_int_equal(event.place.cgroup, UINT64_C(1) << 40);
	assert_int_equal(event.place.srtt_us, 900);
	assert_int_equal(event.place.cwnd, 10);
	assert_int_equal(event.place.packets_out, 3);
	assert_int_equal(event.place.total_retrans, 1);
}

static void a_segment_has_a_sequence_number(void **state)
{
	struct bpf_record_socket record = socket_record(BPF_RECORD_RETRANSMIT);

	(void)state;
	record.detail = UINT32_MAX;
	assert_int_equal(decoded(&record, sizeof(record)).retrans.sequence,
			 UINT32_MAX);
}

static struct bpf_record_gone gone_record(void)
{
	struct bpf_record_gone record = {
		.head = { .time_ns = 5, .kind = BPF_RECORD_GONE, .second = 1 },
		.cookie = 9,
		.ends = { .local_port = 80, .remote_port = 4000 },
		.bytes_acked = 1002, .bytes_received = 201,
		.bytes_sent = 1500, .bytes_retrans = 500,
		.srtt_us = 800, .min_rtt_us = UINT32_MAX,
		.total_retrans = 1, .segs_out = 9, .segs_in = 8, .unread = 1,
	};

	memcpy(record.ends.local, ipv4, 16);
	memcpy(record.ends.remote, ipv4, 16);
	return record;
}

static void last_figures(void **state)
{
	struct bpf_record_gone record = gone_record();
	struct event event = decoded(&record, sizeof(record));

	(void)state;
	assert_int_equal(event.kind, EVENT_GONE);
	assert_int_equal(event.cookie, 9);
	assert_int_equal(event.has & (EVENT_HAS_COOKIE | EVENT_HAS_BYTES |
				      EVENT_HAS_RTT),
			 EVENT_HAS_COOKIE | EVENT_HAS_BYTES | EVENT_HAS_RTT);
	assert_int_equal(event.gone.bytes_acked, 1000); /* no SYN, no FIN */
	assert_int_equal(event.gone.bytes_received, 201);
	assert_int_equal(event.gone.srtt_us, 800);
	assert_int_equal(event.gone.min_rtt_us, 0);
	assert_int_equal(event.gone.unread, 1);
	record.head.second = 0; /* before 4.19 */
	assert_int_equal(decoded(&record, sizeof(record)).gone.bytes_acked,
			 1002);
	record.ends.remote_port = 0; /* disconnected: wiped */
	assert_false(decoded(&record, sizeof(record)).has &
		     (EVENT_HAS_BYTES | EVENT_HAS_RTT));
}

static void a_listed_socket(void **state)
{
	struct bpf_record_listed record = {
		.time_ns = 5, .socket = 0xffff888000001000,
		.state = TCP_STATE_LISTEN, .inode = 77,
	};
	struct event event = bpf_decode_listed(&record);

	(void)state;
	assert_int_equal(event.kind, EVENT_SEEN);
	assert_int_equal(event.seen.part, EVENT_SEEN_SOCKET);
	assert_int_equal(event.seen.from_ns, 5);
	assert_int_equal(event.seen.state, TCP_STATE_LISTEN);
	assert_int_equal(event.socket_id, record.socket);
	assert_int_equal(event.has, EVENT_HAS_SOCKET | EVENT_HAS_ENDPOINTS);
}

static void names_are_told_once(void **state)
{
	static struct bpf_names names;
	struct event events[BPF_NAMES_EVENTS];
	struct bpf_record_state record = {
		.socket = socket_record(BPF_RECORD_STATE),
		.tgid = 40, .comm = "server",
	};

	(void)state;
	assert_int_equal(bpf_names_take(&names, &record, events), 2);
	assert_int_equal(events[0].task.tid, 40);
	assert_int_equal(events[0].task.tgid, 40);
	assert_string_equal(events[0].task.comm, "server");
	assert_int_equal(events[1].task.tid, 42);
	assert_int_equal(events[1].task.tgid, 40);
	assert_false(events[1].has & EVENT_HAS_COMM);
	assert_int_equal(bpf_names_take(&names, &record, events), 0);
	memcpy(record.comm, "worker", 7);
	assert_int_equal(bpf_names_take(&names, &record, events), 2);
	record.tgid = 0;        /* in an interrupt */
	assert_int_equal(bpf_names_take(&names, &record, events), 0);
}

static void an_unknown_context_is_no_task(void **state)
{
	struct bpf_record_socket record = socket_record(BPF_RECORD_CONG);

	(void)state;
	record.head.context = BPF_RECORD_CONTEXT_UNKNOWN;
	assert_false(decoded(&record, sizeof(record)).has & EVENT_HAS_CONTEXT);
}

static void what_a_kernel_does_not_give_is_a_missing_bit(void **state)
{
	struct bpf_record_socket record = socket_record(BPF_RECORD_RETRANSMIT);
	struct event event;

	(void)state;
	record.number = -16;
	assert_false(decoded(&record, sizeof(record)).has & EVENT_HAS_ERRNO);
	record.head.flags = BPF_RECORD_HAS_NUMBER;
	event = decoded(&record, sizeof(record));
	assert_true(event.has & EVENT_HAS_ERRNO);
	assert_int_equal(event.retrans.err, -16);
	assert_false(event.retrans.synack);
	record.head.kind = BPF_RECORD_RETRANSMIT_SYNACK;
	event = decoded(&record, sizeof(record));
	assert_true(event.retrans.synack);
	assert_int_equal(event.retrans.state, TCP_STATE_SYN_RECV);
}

static void resets_have_our_numbers(void **state)
{
	struct bpf_record_socket record = socket_record(BPF_RECORD_SEND_RESET);
	struct event event;

	(void)state;
	record.head.flags = BPF_RECORD_HAS_NUMBER;
	record.socket = 0;
	record.number = 7;
	event = decoded(&record, sizeof(record));
	assert_int_equal(event.reset.reason, 3);
	assert_int_equal(event.reset.direction, EVENT_RESET_SENT);
	assert_false(event.has & (EVENT_HAS_SOCKET | EVENT_HAS_TCP_STATE));
	record.number = 1 << 20;
	assert_false(decoded(&record, sizeof(record)).has & EVENT_HAS_REASON);
	record.number = -1;
	assert_false(decoded(&record, sizeof(record)).has & EVENT_HAS_REASON);
}

static void an_error_report_has_no_socket(void **state)
{
	struct bpf_record_socket record = socket_record(BPF_RECORD_ERROR);
	struct event event;

	(void)state;
	record.number = 104;
	event = decoded(&record, sizeof(record));
	assert_int_equal(event.error.number, 104);
	assert_false(event.has & EVENT_HAS_SOCKET);
}

static void a_cookie_of_0_is_none(void **state)
{
	struct bpf_record_socket record = socket_record(BPF_RECORD_DESTROY);

	(void)state;
	assert_false(decoded(&record, sizeof(record)).has & EVENT_HAS_COOKIE);
	record.detail = 9;
	assert_int_equal(decoded(&record, sizeof(record)).destroy.cookie, 9);
}

static void tasks(void **state)
{
	struct bpf_record_task record = {
		.head = { .kind = BPF_RECORD_NEWTASK, .tid = 7 },
		.tid = 8, .comm = "worker",
	};
	struct event event = decoded(&record, sizeof(record));

	(void)state;
	assert_int_equal(event.kind, EVENT_TASK);
	assert_int_equal(event.task.change, EVENT_TASK_FORKED);
	assert_int_equal(event.task.tgid, 8);
	assert_string_equal(event.task.comm, "worker");
	record.clone_flags = 0x10000;
	event = decoded(&record, sizeof(record));
	assert_int_equal(event.task.change, EVENT_TASK_CLONED);
	assert_false(event.has & EVENT_HAS_TGID);
	record.head.kind = BPF_RECORD_RENAME;
	assert_int_equal(decoded(&record, sizeof(record)).task.change,
			 EVENT_TASK_RENAMED);
}

static void a_sample(void **state)
{
	struct bpf_record_sample record = {
		.head = { .kind = BPF_RECORD_SAMPLE },
		.socket = 1, .cookie = 77, .srtt_us = 300, .mss = 1448,
		.data_bytes = 9,
	};
	struct event event = decoded(&record, sizeof(record));

	(void)state;
	assert_int_equal(event.sample.srtt_us, 300);
	assert_int_equal(event.sample.cookie, 77);
	assert_int_equal(event.sample.mss, 1448);
	assert_int_equal(event.sample.every, 1);
	assert_int_equal(event.sample.data_bytes, 9);
}

static void what_is_not_ours_is_refused(void **state)
{
	struct bpf_record_socket record = socket_record(BPF_RECORD_STATE);
	struct event event;

	(void)state;
	for (size_t length = 0; length < sizeof(record); length++)
		assert_false(bpf_decode_record(&decode, &record, length, &event));
	record.head.kind = BPF_RECORD_KIND_COUNT;
	assert_false(bpf_decode_record(&decode, &record, sizeof(record), &event));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_state_change),
		cmocka_unit_test(the_family_goes_by_the_addresses),
		cmocka_unit_test(a_socket_lives_somewhere),
		cmocka_unit_test(a_segment_has_a_sequence_number),
		cmocka_unit_test(last_figures),
		cmocka_unit_test(a_listed_socket),
		cmocka_unit_test(names_are_told_once),
		cmocka_unit_test(an_unknown_context_is_no_task),
		cmocka_unit_test(what_a_kernel_does_not_give_is_a_missing_bit),
		cmocka_unit_test(resets_have_our_numbers),
		cmocka_unit_test(an_error_report_has_no_socket),
		cmocka_unit_test(a_cookie_of_0_is_none),
		cmocka_unit_test(tasks),
		cmocka_unit_test(a_sample),
		cmocka_unit_test(what_is_not_ours_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
