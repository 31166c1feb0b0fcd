/* SPDX-License-Identifier: BSD-2-Clause */
/* Who owns a socket: by its own events, and for children by the listener. */
#include "tracker_fixture.h"

enum {
	SOCKET = 0x100, LISTENER = 0x200, LISTENER2 = 0x300,
	SERVER = 10, WORKER = 20, WORKER_THREAD = 21, STRANGER = 99,
	PORT = 80
};

#define S(name) TCP_STATE_##name

static struct fixture fixture;

static void take(struct event event)
{
	fixture_take(&fixture, event);
}

static const struct owner *owner(void)
{
	return &fixture_last(&fixture)->owner;
}

static int setup(void **state)
{
	(void)state;
	fixture_init(&fixture, 64, 4, 0);
	take(event_listed(SERVER, SERVER, "server"));
	take(event_listed(WORKER, WORKER, "worker"));
	take(event_listed(WORKER_THREAD, WORKER, NULL));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_done(&fixture);
	return 0;
}

static void assert_owner(int32_t pid, enum owner_source source,
			 const char *comm)
{
	assert_int_equal(owner()->pid, pid);
	assert_int_equal(owner()->source, source);
	assert_string_equal(owner()->comm, comm);
}

/* A listener on ::ffff:a.b.c.d, owned by that process. */
static void listen_on(uint64_t socket_id, int32_t pid, uint8_t a, uint8_t d)
{
	struct event event = event_state(2000, socket_id, S(CLOSE), S(LISTEN));

	take(with_ipv4(with_ports(by_thread(event, pid), PORT, 0), a, 0, 0, d));
}

static struct event child(uint8_t a, uint8_t d)
{
	struct event event = event_state(2100, SOCKET, S(LISTEN), S(SYN_RECV));

	return with_ipv4(with_ports(by_thread(event, STRANGER), PORT, 5000),
			 a, 0, 0, d);
}

static void connecting_thread_names_its_process(void **state)
{
	(void)state;
	take(by_thread(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)),
		       WORKER_THREAD));
	assert_owner(WORKER, OWNER_EVENT, "worker");
	take(event_cong(2100, SOCKET, CONG_STATE_LOSS));
	assert_owner(WORKER, OWNER_EVENT, "worker");
}

static void unknown_threads_are_no_owners(void **state)
{
	(void)state;
	take(by_thread(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)),
		       STRANGER));
	assert_owner(0, OWNER_UNKNOWN, "");
}

static void interrupted_threads_are_no_owners(void **state)
{
	struct event event = by_thread(event_state(2000, SOCKET,
						   S(ESTABLISHED),
						   S(FIN_WAIT1)), WORKER);

	(void)state;
	event.context = EVENT_CONTEXT_SOFTIRQ;
	take(event);
	assert_owner(0, OWNER_UNKNOWN, "");
}

static void packets_in_task_context_name_nobody(void **state)
{
	(void)state;
	take(by_thread(event_state(2000, SOCKET, S(SYN_SENT), S(ESTABLISHED)),
		       WORKER));
	assert_owner(0, OWNER_UNKNOWN, "");
	take(by_thread(event_state(2100, SOCKET, S(ESTABLISHED),
				   S(CLOSE_WAIT)), WORKER));
	assert_owner(0, OWNER_UNKNOWN, "");
	take(by_thread(event_state(2200, SOCKET, S(CLOSE_WAIT), S(LAST_ACK)),
		       WORKER));
	assert_owner(WORKER, OWNER_EVENT, "worker");
	take(event_state(2300, SOCKET, S(LAST_ACK), S(CLOSE)));
	assert_owner(WORKER, OWNER_EVENT, "worker");
}

static void first_owner_stays_until_the_next_life(void **state)
{
	(void)state;
	take(by_thread(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)),
		       SERVER));
	take(by_thread(event_state(2100, SOCKET, S(ESTABLISHED),
				   S(FIN_WAIT1)), WORKER));
	assert_owner(SERVER, OWNER_EVENT, "server");
	take(by_thread(event_state(2200, SOCKET, S(CLOSE), S(SYN_SENT)),
		       WORKER));
	assert_owner(WORKER, OWNER_EVENT, "worker");
}

static void name_stays_as_it_was(void **state)
{
	(void)state;
	take(by_thread(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)),
		       WORKER));
	take(event_task(EVENT_TASK_RENAMED, WORKER, WORKER, "other"));
	take(event_state(2100, SOCKET, S(SYN_SENT), S(ESTABLISHED)));
	assert_owner(WORKER, OWNER_EVENT, "worker");
}

static void name_may_be_learnt_later(void **state)
{
	(void)state;
	take(event_listed(STRANGER, STRANGER, NULL));
	take(by_thread(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)),
		       STRANGER));
	assert_owner(STRANGER, OWNER_EVENT, "");
	take(event_listed(STRANGER, STRANGER, "known"));
	take(event_state(2100, SOCKET, S(SYN_SENT), S(ESTABLISHED)));
	assert_owner(STRANGER, OWNER_EVENT, "known");
}

static void short_lived_processes_are_named(void **state)
{
	(void)state;
	take(event_task(EVENT_TASK_FORKED, SERVER, STRANGER, "server"));
	take(event_task(EVENT_TASK_RENAMED, STRANGER, STRANGER, "curl"));
	take(by_thread(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)),
		       STRANGER));
	assert_owner(STRANGER, OWNER_EVENT, "curl");
	assert_int_equal(tracker_counts(fixture.tracker)->tasks_evicted, 0);
	take(event_listed(1000, 1000, "one too many"));
	assert_int_equal(tracker_counts(fixture.tracker)->tasks_evicted, 1);
}

static void child_belongs_to_its_listener(void **state)
{
	(void)state;
	listen_on(LISTENER, SERVER, 10, 1);
	take(child(10, 1));
	assert_owner(SERVER, OWNER_LISTENER, "server");
	take(by_thread(event_state(2200, SOCKET, S(CLOSE_WAIT), S(LAST_ACK)),
		       WORKER));
	assert_owner(WORKER, OWNER_EVENT, "worker");
}

static void other_ports_and_addresses_are_not_its_listener(void **state)
{
	(void)state;
	listen_on(LISTENER, SERVER, 10, 1);
	take(child(10, 2));
	assert_owner(0, OWNER_UNKNOWN, "");
	take(with_ports(child(10, 1), PORT + 1, 5000));
	assert_owner(0, OWNER_UNKNOWN, "");
}

static void same_address_goes_before_any(void **state)
{
	(void)state;
	listen_on(LISTENER, SERVER, 0, 0);
	listen_on(LISTENER2, WORKER, 10, 1);
	take(child(10, 1));
	assert_owner(WORKER, OWNER_LISTENER, "worker");
	take(child(10, 2));
	assert_owner(SERVER, OWNER_LISTENER, "server");
}

static void any_ipv6_takes_ipv4_too(void **state)
{
	struct event event = event_state(2000, LISTENER, S(CLOSE), S(LISTEN));

	(void)state;
	take(with_ports(by_thread(event, SERVER), PORT, 0));
	take(child(10, 2));
	assert_owner(SERVER, OWNER_LISTENER, "server");
}

static void any_ipv4_takes_no_ipv6(void **state)
{
	struct event event = child(10, 1);

	(void)state;
	listen_on(LISTENER, SERVER, 0, 0);
	event.local.address[0] = 0x20;
	take(event);
	assert_owner(0, OWNER_UNKNOWN, "");
}

static void several_listeners_are_ambiguous(void **state)
{
	(void)state;
	listen_on(LISTENER, SERVER, 0, 0);
	listen_on(LISTENER2, SERVER, 0, 0);
	take(child(10, 1));
	assert_owner(SERVER, OWNER_LISTENER, "server");
	listen_on(LISTENER2, WORKER, 0, 0);
	take(child(10, 1));
	assert_owner(0, OWNER_UNKNOWN, "");
	listen_on(LISTENER2, STRANGER, 0, 0);
	take(child(10, 1));
	assert_owner(0, OWNER_UNKNOWN, "");
}

static void closed_listeners_have_no_children(void **state)
{
	(void)state;
	listen_on(LISTENER, SERVER, 0, 0);
	listen_on(LISTENER2, WORKER, 0, 0);
	take(event_state(2050, LISTENER2, S(LISTEN), S(CLOSE)));
	take(child(10, 1));
	assert_owner(SERVER, OWNER_LISTENER, "server");
	take(event_base(EVENT_DESTROY, 2200, LISTENER));
	take(child(10, 1));
	assert_owner(0, OWNER_UNKNOWN, "");
}

static void synack_belongs_to_the_listener(void **state)
{
	struct event synack = event_retrans(2100, LISTENER, S(NEW_SYN_RECV));

	(void)state;
	synack.retrans.synack = true;
	listen_on(LISTENER, SERVER, 0, 0);
	take(synack);
	assert_owner(SERVER, OWNER_LISTENER, "server");
	assert_int_equal(fixture_last(&fixture)->sock, 0);
}

static void followed_processes_own_followed_sockets(void **state)
{
	(void)state;
	take(by_thread(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)),
		       WORKER));
	assert_false(owner()->followed);
	tracker_follow(fixture.tracker, WORKER);
	take(by_thread(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)),
		       WORKER_THREAD));
	assert_true(owner()->followed);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(connecting_thread_names_its_process),
		TEST(unknown_threads_are_no_owners),
		TEST(interrupted_threads_are_no_owners),
		TEST(packets_in_task_context_name_nobody),
		TEST(first_owner_stays_until_the_next_life),
		TEST(name_stays_as_it_was),
		TEST(name_may_be_learnt_later),
		TEST(short_lived_processes_are_named),
		TEST(child_belongs_to_its_listener),
		TEST(other_ports_and_addresses_are_not_its_listener),
		TEST(same_address_goes_before_any),
		TEST(any_ipv6_takes_ipv4_too),
		TEST(any_ipv4_takes_no_ipv6),
		TEST(several_listeners_are_ambiguous),
		TEST(closed_listeners_have_no_children),
		TEST(synack_belongs_to_the_listener),
		TEST(followed_processes_own_followed_sockets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
