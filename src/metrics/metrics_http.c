/* SPDX-License-Identifier: BSD-2-Clause */
/* libmicrohttpd, run by a loop of ours in one thread. */
#include "metrics_http.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>
#include <sys/stat.h>

#include "metrics_accept.h"
#include "metrics_server.h"

enum { CONNECTIONS_MAX = 32, IDLE_S = 15, CONNECTION_BYTES = 16384,
       WAIT_MAX_MS = 1000 };

const bool metrics_http_is_built = true;

static enum MHD_Result queue(struct MHD_Connection *connection,
			     unsigned int status, struct MHD_Response *response,
			     const char *type)
{
	enum MHD_Result result = MHD_NO;

	if (!response)
		return MHD_NO;
	if (MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
				    type) == MHD_YES)
		result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result say(struct MHD_Connection *connection,
			   unsigned int status, const char *words)
{
	return queue(connection, status,
		     MHD_create_response_from_buffer(strlen(words),
						     (void *)(uintptr_t)words,
						     MHD_RESPMEM_PERSISTENT),
		     "text/plain; charset=utf-8");
}

static enum MHD_Result send_metrics(struct MHD_Connection *connection,
				    int link_fd)
{
	enum metrics_format format = metrics_accept_best(
		MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
					    MHD_HTTP_HEADER_ACCEPT));
	int fd = metrics_server_ask(link_fd, format);
	struct stat status;

	if (fd < 0 || fstat(fd, &status)) {
		if (fd >= 0)
			close(fd);
		return say(connection, MHD_HTTP_SERVICE_UNAVAILABLE,
			   "tcpwatch did not answer in time\n");
	}
	/* The response closes it. */
	return queue(connection, MHD_HTTP_OK,
		     MHD_create_response_from_fd((size_t)status.st_size, fd),
		     metrics_text_media_type(format));
}

/* Nothing that a client may send besides its request line and headers is of
 * interest: whoever sends it loses the connection. */
static enum MHD_Result answer(void *context, struct MHD_Connection *connection,
			      const char *url, const char *method,
			      const char *version, const char *upload,
			      size_t *upload_bytes, void **request)
{
	const int *link_fd = context;

	(void)version;
	(void)upload;
	if (*upload_bytes)
		return MHD_NO;
	if (strcmp(method, MHD_HTTP_METHOD_GET) &&
	    strcmp(method, MHD_HTTP_METHOD_HEAD))
		return say(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
			   "only GET and HEAD\n");
	if (!*request) {        /* an answer before its end ends the connection */
		*request = context;
		return MHD_YES;
	}
	if (!strcmp(url, "/metrics"))
		return send_metrics(connection, *link_fd);
	if (!strcmp(url, "/"))
		return say(connection, MHD_HTTP_OK,
			   "tcpwatch: see /metrics\n");
	return say(connection, MHD_HTTP_NOT_FOUND, "see /metrics\n");
}

static int wait_ms(struct MHD_Daemon *daemon)
{
	MHD_UNSIGNED_LONG_LONG limit_ms;

	if (MHD_get_timeout(daemon, &limit_ms) != MHD_YES ||
	    limit_ms > WAIT_MAX_MS)
		return WAIT_MAX_MS;
	return (int)limit_ms;
}

/* Until the link's other end is closed; nothing comes there unasked. */
static void run(struct MHD_Daemon *daemon, int epoll_fd, int link_fd)
{
	struct pollfd waited[] = {
		{ .fd = epoll_fd, .events = POLLIN },
		{ .fd = link_fd, .events = 0 },
	};

	while (!(waited[1].revents & (POLLHUP | POLLERR))) {
		if (poll(waited, 2, wait_ms(daemon)) < 0 && errno != EINTR)
			return;
		MHD_run(daemon);
	}
}

int metrics_http_run(int listen_fd, int link_fd, void (*begun)(int link_fd),
		     struct error *err)
{
	struct MHD_Daemon *daemon = MHD_start_daemon(
		MHD_USE_EPOLL, 0, NULL, NULL, answer, &link_fd,
		MHD_OPTION_LISTEN_SOCKET, listen_fd,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned int)CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)IDLE_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
		MHD_OPTION_END);
	const union MHD_DaemonInfo *info;

	if (!daemon)
		return error_set(err, EIO, "the HTTP server does not start");
	info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
	begun(link_fd);
	run(daemon, info->epoll_fd, link_fd);
	MHD_stop_daemon(daemon);
	return 0;
}
