/* SPDX-License-Identifier: BSD-2-Clause */
/* What sk_err of a TCP socket has been seen to be, in net/ipv4 and net/ipv6. */
#include "errno_name.h"

#include <errno.h>
#include <stddef.h>

const char *errno_name(int number)
{
	static const struct {
		int number;
		const char *name;
	} names[] = {
		{ ECONNRESET, "ECONNRESET" }, { ECONNREFUSED, "ECONNREFUSED" },
		{ ETIMEDOUT, "ETIMEDOUT" }, { ECONNABORTED, "ECONNABORTED" },
		{ EHOSTUNREACH, "EHOSTUNREACH" }, { ENETUNREACH, "ENETUNREACH" },
		{ EPIPE, "EPIPE" }, { EHOSTDOWN, "EHOSTDOWN" },
		{ ENONET, "ENONET" }, { ENETDOWN, "ENETDOWN" },
		{ ENOPROTOOPT, "ENOPROTOOPT" }, { EPROTO, "EPROTO" },
		{ EOPNOTSUPP, "EOPNOTSUPP" }, { EMSGSIZE, "EMSGSIZE" },
		{ EACCES, "EACCES" }, { EPERM, "EPERM" },
		{ ENOMEM, "ENOMEM" }, { ENOBUFS, "ENOBUFS" },
		{ EINVAL, "EINVAL" }, { EIO, "EIO" },
		{ EBADMSG, "EBADMSG" }, { ESHUTDOWN, "ESHUTDOWN" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].number == number)
			return names[i].name;
	return NULL;
}
