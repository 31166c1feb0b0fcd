/* SPDX-License-Identifier: BSD-2-Clause */
/* Datagrams of KEY=value lines, as systemd-journald takes them. */
#include "output_journal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cell_text.h"
#include "put.h"

#define SYSTEMD_SOCKET "/run/systemd/journal/socket"
#define FIXED_FIELDS "PRIORITY=6\nSYSLOG_IDENTIFIER=tcpwatch\n"

enum { ENTRY_BYTES = 16384, NAME_MAX_BYTES = 32 };

/* Each column twice: as a field, and as a word of the message. */
_Static_assert(COLUMN_LIST_MAX * (2 * CELL_TEXT_MAX + NAME_MAX_BYTES) + 128 +
	       ROW_STACK_MAX <= ENTRY_BYTES, "any entry fits");

struct output_journal {
	int fd;
	struct sockaddr_un address;
	uint64_t dropped;
	char entry[ENTRY_BYTES];
};

static size_t put_value(char *text, enum column_id id, const struct row *row,
			struct wall_text *wall)
{
	if (id == COLUMN_EVENT)
		return put_bytes(text, row->kind->name, strlen(row->kind->name));
	return cell_text(text, &row->cells[id], wall);
}

/* No value holds a newline, so the protocol's plain form serves all. */
static size_t put_field(char *text, enum column_id id, const struct row *row,
			struct wall_text *wall)
{
	const char *name = columns[id].name;
	size_t length = PUT(text, "TCPWATCH_"), value;

	for (; *name; name++)
		text[length++] = *name >= 'a' && *name <= 'z' ?
			(char)(*name - 'a' + 'A') : *name;
	text[length++] = '=';
	value = put_value(text + length, id, row, wall);
	if (!value)
		return 0;
	text[length + value] = '\n';
	return length + value + 1;
}

static size_t put_message(char *text, const struct column_list *list,
			  const struct row *row, struct wall_text *wall)
{
	size_t length = PUT(text, "MESSAGE=");

	for (size_t i = 0; i < list->count; i++) {
		size_t value = put_value(text + length, list->uses[i].id, row,
					 wall);

		if (!value)
			text[length + value++] = '-';
		length += value;
		text[length++] = i + 1 < list->count ? ' ' : '\n';
	}
	return length;
}

/* No word of the message: it is too long for that. */
static size_t put_stack(char *text, const char *stack)
{
	size_t length = PUT(text, "TCPWATCH_STACK=");

	length += put_bytes(text + length, stack,
			    strnlen(stack, ROW_STACK_MAX));
	text[length] = '\n';
	return length + 1;
}

static int connect_once(struct output_journal *journal, const char *path,
			struct error *err)
{
	if (strlen(path) >= sizeof(journal->address.sun_path))
		return error_set(err, ENAMETOOLONG,
				 "the journal's socket '%s' has too long a name",
				 path);
	journal->address.sun_family = AF_UNIX;
	strcpy(journal->address.sun_path, path);
	journal->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (journal->fd < 0 ||
	    connect(journal->fd, (struct sockaddr *)&journal->address,
		    sizeof(journal->address)))
		return error_set(err, errno, "cannot reach the journal at '%s': "
				 "%s; leave out --journal where systemd-journald "
				 "does not run", path, strerror(errno));
	return 0;
}

struct output_journal *output_journal_open(const char *path, struct error *err)
{
	struct output_journal *journal = calloc(1, sizeof(*journal));

	if (!journal) {
		error_set(err, ENOMEM, "out of memory for the journal");
		return NULL;
	}
	journal->fd = -1;
	if (connect_once(journal, path ? path : SYSTEMD_SOCKET, err)) {
		output_journal_close(journal);
		return NULL;
	}
	return journal;
}

void output_journal_row(struct output_journal *journal,
			const struct column_list *list, const struct row *row,
			struct wall_text *wall)
{
	char *entry = journal->entry;
	size_t length = PUT(entry, FIXED_FIELDS);
	ssize_t sent;

	length += put_message(entry + length, list, row, wall);
	for (size_t i = 0; i < list->count; i++)
		if (list->uses[i].id != COLUMN_ARROW)
			length += put_field(entry + length, list->uses[i].id,
					    row, wall);
	if (row->stack)
		length += put_stack(entry + length, row->stack);
	/* By address, since a journal that was restarted has a new socket. */
	sent = sendto(journal->fd, entry, length, MSG_DONTWAIT | MSG_NOSIGNAL,
		      (struct sockaddr *)&journal->address,
		      sizeof(journal->address));
	journal->dropped += sent < 0;
}

uint64_t output_journal_dropped(const struct output_journal *journal)
{
	return journal->dropped;
}

void output_journal_close(struct output_journal *journal)
{
	if (!journal)
		return;
	if (journal->fd >= 0)
		close(journal->fd);
	free(journal);
}
