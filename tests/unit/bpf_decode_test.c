/* SPDX-License-Identifier: BSD-2-Clause */
/* Records of the BPF programs become the same events as trace records do. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bpf/bpf_decode.h"
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

static struct event decoded(const void *record, size_t length)
{
	struct event event;

	memset(&event, 0xa5, sizeof(event));
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
	record.netns = 4026531840;
	record.cgroup = UINT64_C(1) << 40;
	event = decoded(&record, sizeof(record));
	assert_int_equal(event.place.netns, 4026531840);
	assert_int_equal(event.place.cgroup, 0);
	record.head.flags = BPF_RECORD_HAS_CGROUP;
	event = decoded(&record, sizeof(record));
	assert_int_equal(event.place.cgroup, UINT64_C(1) << 40);
	assert_true(event.has & EVENT_HAS_PLACE);
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
	record.cookie = 9;
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
