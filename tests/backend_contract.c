/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks behind backend_contract.h, in the order of a backend's life. */
#include "backend_contract.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>

enum {
	BUDGET = 3,
	ROUNDS_BEFORE_STOP = 200,       /* a live source may never end itself */
	ROUNDS_AFTER_STOP = 1000000
};

#define PROMISES_KNOWN \
	(BACKEND_LIVE | BACKEND_EXACT | BACKEND_OWNER | BACKEND_AUTO | BACKEND_FILE | \
	 BACKEND_SEQUENCE | BACKEND_PLACE)
#define HAS_KNOWN ((EVENT_HAS_PLACE << 1) - 1u)

/* What the sink saw in one call of read(). */
struct witness {
	uint64_t newest_ns;             /* over all calls */
	size_t counted;                 /* events that cost budget */
	const char *crime;
};

static size_t count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	size_t count = 0;

	if (!folder)
		return 0;
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static const char *judge_event(const struct event *event, uint64_t newest_ns)
{
	if (event->kind >= EVENT_KIND_COUNT)
		return "an event of unknown kind";
	if (event->has & ~HAS_KNOWN)
		return "an event with unknown has bits";
	if ((event->has & EVENT_HAS_ENDPOINTS) &&
	    event->family != EVENT_FAMILY_IPV4 &&
	    event->family != EVENT_FAMILY_IPV6)
		return "endpoints without a family";
	if (event->time_ns < newest_ns && !event->late)
		return "time went backwards and nothing was marked late";
	return NULL;
}

static void take(void *context, const struct event *event)
{
	struct witness *witness = context;

	if (!witness->crime)
		witness->crime = judge_event(event, witness->newest_ns);
	if (event->time_ns > witness->newest_ns)
		witness->newest_ns = event->time_ns;
	if (event->kind != EVENT_TICK && event->kind != EVENT_BUCKET &&
	    event->kind != EVENT_FRAME)
		witness->counted++;
}

static const char *judge_error(const struct error *err)
{
	if (err->code <= 0)
		return "a failure without a positive error code";
	if (!memchr(err->text, '\0', sizeof(err->text)) || !err->text[0])
		return "a failure without a text";
	if (strchr(err->text, '\n'))
		return "an error text of several lines";
	return NULL;
}

static const char *check_record(const struct backend_ops *ops)
{
	if (!ops->name || !ops->name[0] || !ops->summary || !ops->summary[0])
		return "no name or no summary";
	if (!ops->probe || !ops->open || !ops->facts || !ops->read || !ops->close)
		return "a required member is missing";
	if (ops->promises & ~PROMISES_KNOWN)
		return "an unknown promise";
	if ((ops->promises & BACKEND_AUTO) &&
	    !(ops->promises & (BACKEND_LIVE | BACKEND_FILE)))
		return "chosen without being named, but for what?";
	return NULL;
}

static const char *check_probe(const struct backend_ops *ops,
			       const struct backend_options *options)
{
	size_t descriptors = count_descriptors();
	struct error err = { 0 };
	int ret = ops->probe(options, &err);

	if (count_descriptors() != descriptors)
		return "probe() left a descriptor behind";
	if (ret > 0)
		return "probe() answered with a positive number";
	if (ret == 0)
		return err.code ? "probe() succeeded with an error" : NULL;
	if (err.code != -ret)
		return "probe() answered one code and stored another";
	return judge_error(&err);
}

static const char *check_facts(const struct backend *backend)
{
	struct backend_facts facts;
	bool exact = backend->ops->promises & BACKEND_EXACT;

	memset(&facts, 0, sizeof(facts));
	backend->ops->facts(backend, &facts);
	if (!facts.clock || !facts.clock[0])
		return "a clock without a name";
	if (exact != (facts.sample_ns == 0))
		return "exactness and sample period contradict each other";
	if (!facts.events)
		return "no kind of events that it can deliver";
	return NULL;
}

static const char *check_descriptor(const struct backend *backend)
{
	if (backend->ops->fd && fcntl(backend->ops->fd(backend), F_GETFD) < 0)
		return "fd() is no open descriptor";
	return NULL;
}

/* One call of read(), judged. */
static const char *check_read(struct backend *backend, size_t budget,
			      struct witness *witness,
			      enum backend_answer *answer)
{
	const struct event_sink sink = { take, witness };
	struct error err = { 0 };

	witness->counted = 0;
	*answer = backend->ops->read(backend, budget, &sink, &err);
	if (witness->crime)
		return witness->crime;
	if (witness->counted > budget)
		return "more events than the budget";
	switch (*answer) {
	case BACKEND_FAILED:
		return judge_error(&err);
	case BACKEND_IDLE:
	case BACKEND_MORE:
	case BACKEND_END:
		if (err.code)
			return "an error without the answer FAILED";
		if (budget == 0 && *answer == BACKEND_IDLE)
			return "IDLE for a budget of 0";
		return NULL;
	}
	return "an answer that is none of the four";
}

static const char *check_end(struct backend *backend, struct witness *witness)
{
	enum backend_answer answer;

	for (size_t budget = 0; budget <= BUDGET; budget += BUDGET) {
		const char *crime = check_read(backend, budget, witness, &answer);

		if (crime)
			return crime;
		if (answer != BACKEND_END || witness->counted)
			return "something followed the END";
	}
	return NULL;
}

/* Reads up to rounds times. *answer: the last one. */
static const char *check_reads(struct backend *backend, size_t rounds,
			       struct witness *witness,
			       enum backend_answer *answer)
{
	const char *crime = NULL;

	do {
		crime = check_read(backend, BUDGET, witness, answer);
		if (!crime && *answer == BACKEND_IDLE)
			crime = check_descriptor(backend);
	} while (!crime && --rounds > 0 &&
		 (*answer == BACKEND_MORE || *answer == BACKEND_IDLE));
	return crime;
}

static const char *check_life(struct backend *backend)
{
	struct witness witness = { .newest_ns = 0 };
	enum backend_answer answer;
	const char *crime = check_read(backend, 0, &witness, &answer);

	if (!crime)
		crime = check_reads(backend, ROUNDS_BEFORE_STOP, &witness, &answer);
	if (crime || answer == BACKEND_FAILED)
		return crime;
	if (answer != BACKEND_END && backend->ops->stop) {
		backend->ops->stop(backend);
		crime = check_reads(backend, ROUNDS_AFTER_STOP, &witness, &answer);
		if (!crime && answer != BACKEND_END && answer != BACKEND_FAILED)
			crime = "no END after stop()";
	}
	if (crime || answer != BACKEND_END)
		return crime;
	return check_end(backend, &witness);
}

static const char *check_opened(const struct backend_ops *ops,
				struct backend *backend, const struct error *err)
{
	const char *crime = NULL;

	if (err->code)
		return "open() succeeded with an error";
	if (backend->ops != ops)
		return "open() gave a backend of another kind";
	crime = check_facts(backend);
	if (!crime)
		crime = check_descriptor(backend);
	return crime;
}

static const char *check_refusal(const struct error *err, size_t descriptors)
{
	if (count_descriptors() != descriptors)
		return "a failed open() left a descriptor behind";
	return judge_error(err);
}

/* Two at once must not know of each other. */
static const char *check_second_open(const struct backend_ops *ops,
				     const struct backend_options *options,
				     const struct backend *first)
{
	size_t descriptors = count_descriptors();
	struct error err = { 0 };
	struct backend *second = ops->open(options, &err);
	const char *crime;

	if (!second)
		return check_refusal(&err, descriptors);
	if (second == first)
		return "a second open() gave the first backend again";
	crime = check_opened(ops, second, &err);
	ops->close(second);
	if (!crime && count_descriptors() != descriptors)
		return "close() left a descriptor behind";
	return crime;
}

const char *backend_contract_check(const struct backend_ops *ops,
				   const struct backend_options *options,
				   struct error *refusal)
{
	const char *crime = check_record(ops);
	struct error err = { 0 };
	struct backend *backend;
	size_t descriptors;

	if (crime)
		return crime;
	crime = check_probe(ops, options);
	if (crime)
		return crime;
	ops->close(NULL);
	descriptors = count_descriptors();
	backend = ops->open(options, &err);
	if (!backend) {
		*refusal = err;
		return check_refusal(&err, descriptors);
	}
	crime = check_opened(ops, backend, &err);
	if (!crime)
		crime = check_second_open(ops, options, backend);
	if (!crime)
		crime = check_life(backend);
	ops->close(backend);
	if (!crime && count_descriptors() != descriptors)
		return "close() left a descriptor behind";
	return crime;
}
