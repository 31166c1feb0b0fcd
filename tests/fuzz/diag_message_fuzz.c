/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as an answer of sock_diag, and its sockets as ones that went away. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "diag/diag_info.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_socket(const struct diag_socket *socket, const uint8_t *bytes,
			 size_t size)
{
	struct event event = diag_info_gone(socket);

	assert(event.kind == EVENT_GONE);
	assert(!(event.has & EVENT_HAS_RTT) || event.gone.srtt_us);
	if (!socket->info)
		return;
	assert(socket->info >= bytes);
	assert(socket->info_length <= (size_t)(bytes + size - socket->info));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Exactly sized, so that the sanitizer sees the edge. */
	uint8_t *exact = malloc(size ? size : 1);
	struct diag_reader reader = { exact, size };
	enum diag_message_kind kind;
	struct diag_message message;
	size_t messages = 0;

	if (!exact)
		return 0;
	memcpy(exact, data, size);
	do {
		kind = diag_message_next(&reader, &message);
		assert(++messages <= size / 16 + 2);
		if (kind == DIAG_MESSAGE_SOCKET)
			check_socket(&message.socket, exact, size);
	} while (kind != DIAG_MESSAGE_END && kind != DIAG_MESSAGE_BROKEN);
	assert(!reader.left);
	free(exact);
	return 0;
}
