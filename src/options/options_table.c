/* SPDX-License-Identifier: BSD-2-Clause */
/* Every option: what it is called, where it belongs, what it is good for. */
#include "options_table.h"

#include <string.h>

#define STREAM OPTIONS_SCOPE_STREAM
#define STATES OPTIONS_SCOPE_STATES
#define RTT OPTIONS_SCOPE_RTT
#define CWND OPTIONS_SCOPE_CWND
#define LIFE OPTIONS_SCOPE_LIFE
#define RETRANS OPTIONS_SCOPE_RETRANS
#define CONG OPTIONS_SCOPE_CONG
#define GRAPH OPTIONS_SCOPE_GRAPH
#define ALL OPTIONS_SCOPE_ALL
#define REPORT OPTIONS_SCOPE_REPORT
#define RECORD OPTIONS_SCOPE_RECORD
#define EVERY OPTIONS_SCOPE_EVERY
#define SOCKETS OPTIONS_SCOPE_SOCKETS
#define METRICS OPTIONS_SCOPE_METRICS
#define DOCTOR OPTIONS_SCOPE_DOCTOR
#define COUNTERS OPTIONS_SCOPE_COUNTERS
#define FILTERED (EVERY & ~COUNTERS)    /* shows some sockets and not others */
#define SELECT OPTIONS_GROUP_SELECT
#define SHOW OPTIONS_GROUP_SHOW
#define RUN OPTIONS_GROUP_RUN
#define GENERAL OPTIONS_GROUP_GENERAL
#define FIELD(member) offsetof(struct options, member)

/* contrib/check-man.sh reads letters and names from the first line of a row. */
const struct options_row options_table[] = {
	{ "L", "lport localport", "LIST", FILTERED & ~RTT, SELECT,
	  FIELD(filter.endpoints.local_ports), options_take_ports,
	  "local ports: 80,8000-8099; not 22: '!22'" },
	{ "Lp", "lport localport", "LIST", RTT, SELECT,
	  FIELD(filter.endpoints.local_ports), options_take_ports,
	  "local ports: 80,8000-8099; not 22: '!22'" },
	{ "D", "rport remoteport", "LIST", FILTERED & ~RTT & ~CONG, SELECT,
	  FIELD(filter.endpoints.remote_ports), options_take_ports,
	  "remote ports, likewise" },
	{ "RD", "rport remoteport", "LIST", CONG, SELECT,
	  FIELD(filter.endpoints.remote_ports), options_take_ports,
	  "remote ports, likewise" },
	{ "DP", "rport remoteport", "LIST", RTT, SELECT,
	  FIELD(filter.endpoints.remote_ports), options_take_ports,
	  "remote ports, likewise" },
	{ "", "laddr", "LIST", FILTERED & ~RTT, SELECT,
	  FIELD(filter.endpoints.local_addresses), options_take_addresses,
	  "local addresses: 10.0.0.0/8,!10.1.2.3,2001:db8::1" },
	{ "a", "laddr", "LIST", RTT, SELECT,
	  FIELD(filter.endpoints.local_addresses), options_take_addresses,
	  "local addresses: 10.0.0.0/8,!10.1.2.3,2001:db8::1" },
	{ "", "raddr", "LIST", FILTERED & ~RTT, SELECT,
	  FIELD(filter.endpoints.remote_addresses), options_take_addresses,
	  "remote addresses, likewise" },
	{ "A", "raddr", "LIST", RTT, SELECT,
	  FIELD(filter.endpoints.remote_addresses), options_take_addresses,
	  "remote addresses, likewise" },
	/* Help has no room for the names: it shows what stands before a blank. */
	{ "46", " ipv4 ipv6", NULL, ALL | SOCKETS | METRICS, SELECT, 0,
	  options_take_family, "only IPv4, or only IPv6 addresses" },
	{ "p", "pid", "LIST", (ALL & ~RTT) | SOCKETS | METRICS, SELECT, 0,
	  options_take_pids,
	  "sockets owned by these processes" },
	{ "", "pid", "LIST", RTT, SELECT, 0, options_take_pids,
	  "sockets owned by these processes" },
	{ "", "netns", "LIST", ALL | METRICS, SELECT, FIELD(filter.endpoints.netns),
	  options_take_numbers, "sockets of these network namespaces (bpf): inodes" },
	{ "", "cgroup", "LIST", ALL | METRICS, SELECT, FIELD(filter.endpoints.cgroups),
	  options_take_numbers, "sockets of these control groups (bpf): ids" },
	{ "", "comm", "GLOB", ALL | SOCKETS | METRICS, SELECT, 0, options_take_comm,
	  "sockets whose owner's name matches: 'nginx*'" },
	{ "", "state", "LIST", ALL & ~CONG, SELECT, 0, options_take_seen_states,
	  "rows whose old or new TCP state is one of these" },
	{ "", "state", "LIST", SOCKETS, SELECT, 0, options_take_states,
	  "sockets in these states: CLOSE_WAIT,SYN_SENT" },
	{ "l", "listening", NULL, SOCKETS, SELECT,
	  FIELD(view_options.sockets.listening), options_take_flag,
	  "listeners, and no others" },
	{ "a", "all", NULL, SOCKETS, SELECT, FIELD(view_options.sockets.all),
	  options_take_flag, "listeners, requests and TIME_WAIT, too" },
	{ "tn", "", NULL, SOCKETS, SELECT, FIELD(view_options.sockets.as_ss),
	  options_take_flag, "as in ss: TCP, in numbers; it is always so" },
	{ "", "problems", NULL, SOCKETS, SELECT,
	  FIELD(view_options.sockets.problems), options_take_flag,
	  "only what is wrong, in words" },
	{ "", "stuck", "STATE:S", STREAM | STATES | REPORT, SELECT, 0,
	  options_take_stuck, "tell of sockets so long in it: CLOSE_WAIT:60" },
	{ "", "stuck", "STATE:S", RECORD, SELECT, 0, options_take_stuck,
	  "what --when stuck waits for: CLOSE_WAIT:60" },
	{ "", "events", "LIST", STREAM | REPORT, SELECT, 0, options_take_events,
	  "state,cong,retrans (these),reset,error,sample,stuck" },
	{ "", "events", "LIST", RECORD, SELECT, 0, options_take_recorded,
	  "state,cong,retrans,reset,error,end (these), sample" },
	{ "", "from", "T", REPORT, SELECT, FIELD(from), options_take_time,
	  "rows from then on: seconds, or +seconds" },
	{ "", "to", "T", REPORT, SELECT, FIELD(to), options_take_time,
	  "rows until then, likewise" },
	{ "", "sample", "WHICH", RTT | CWND, SELECT, 0, options_take_sample,
	  "auto (up to 100000/s), all, or N: 1 in N" },
	{ "", "sample", "WHICH", METRICS, SELECT, 0, options_take_sample,
	  "round trips, too: auto, all, or N: 1 in N" },
	{ "", "aggregate", "WHO", RTT, SELECT, 0, options_take_aggregate,
	  "who counts: kernel, user, or auto: kernel if it can" },

	{ "", "by", "KEY", RTT, SHOW, 0, options_take_by,
	  "groups: raddr, laddr, raddr/24, lport, rport, comm" },
	{ "", "by", "KEY", METRICS, SHOW, 0, options_take_by,
	  "a label more: lport, raddr/24 (IPv6: /64), comm" },
	{ "bB", "byladdr byraddr", NULL, RTT, SHOW, 0, options_take_byaddr,
	  "groups: each local (-b), each remote address (-B)" },
	{ "", "top", "N", RTT | METRICS, SHOW, 0, options_take_top,
	  "so many groups, the rest as one (20)" },
	{ "", "sort", "COLUMN", SOCKETS, SHOW, 0, options_take_sort,
	  "the largest first: recv_q, send_q, resent, ..." },
	{ "", "top", "N", SOCKETS, SHOW, 0, options_take_top_sockets,
	  "only the first N" },
	{ "m", "milliseconds millisecond", NULL, RTT, SHOW,
	  FIELD(view_options.rtt.milliseconds), options_take_flag,
	  "draw in milliseconds" },
	{ "e", "extension", NULL, RTT, SHOW, FIELD(view_options.rtt.average),
	  options_take_flag, "the average in each heading" },

	{ "", "failed", NULL, LIFE, SELECT, FIELD(view_options.failed),
	  options_take_flag, "sockets that were refused, reset, timed out, ..." },
	{ "", "min-ms", "N", LIFE, SELECT, 0, options_take_min_ms,
	  "sockets that lasted at least so long" },
	{ "", "retrans", NULL, LIFE, SELECT, FIELD(view_options.retrans),
	  options_take_flag, "sockets that sent anything again" },

	{ "z", "zeros all", NULL, COUNTERS, SHOW,
	  FIELD(view_options.counters.zeros), options_take_flag,
	  "those that have not grown, too" },
	{ "c", "count", NULL, RETRANS, SHOW, FIELD(view_options.count),
	  options_take_flag, "how many by flow: -c [INTERVAL [OUTPUTS]]" },
	{ "l", "lossprobe", NULL, RETRANS, SHOW, FIELD(view_options.loss_probes),
	  options_take_flag, "loss probes too: they are always shown" },
	{ "d", "dist", NULL, CONG, SHOW, FIELD(view_options.distribution),
	  options_take_flag, "how the times in each state are distributed" },
	{ "u", "microseconds", NULL, CONG, SHOW, FIELD(view_options.microseconds),
	  options_take_flag, "in microseconds, not milliseconds" },
	{ "", "changes", NULL, CONG, SHOW, FIELD(view_options.changes),
	  options_take_flag, "each change, with the time in the state before" },
	{ "", "format", "NAME", ALL & ~GRAPH, SHOW, 0, options_take_format,
	  "table, csv, json, trace, perfetto (table)" },
	{ "", "format", "NAME", GRAPH, SHOW, 0, options_take_format,
	  "dot, table, csv, json (dot)" },
	{ "", "format", "NAME", SOCKETS | COUNTERS, SHOW, 0, options_take_format,
	  "table, csv or json (table)" },
	{ "j", "json", NULL, ALL | SOCKETS | COUNTERS, SHOW, 0, options_take_json,
	  "one JSON object a line" },
	{ "j", "json", NULL, DOCTOR, SHOW, 0, options_take_json,
	  "one JSON object" },
	{ "", "csv", NULL, (ALL & ~(STATES | LIFE)) | SOCKETS | COUNTERS, SHOW, 0, options_take_csv,
	  "comma-separated values" },
	{ "s", "csv", NULL, STATES | LIFE, SHOW, 0, options_take_csv,
	  "comma-separated values, under bcc's heading" },
	{ "s", "sequence", NULL, RETRANS, SHOW, FIELD(view_options.sequence),
	  options_take_flag, "sequence numbers: only the bpf backend has them" },
	{ "w", "wide", NULL, ALL | SOCKETS, SHOW, FIELD(view_options.wide),
	  options_take_flag, "more and wider columns" },
	{ "T", "time", NULL, ALL | SOCKETS | COUNTERS, SHOW, FIELD(view_options.time),
	  options_take_flag, "the time of day in front" },
	{ "t", "timestamp", NULL, ALL | COUNTERS, SHOW, FIELD(view_options.since),
	  options_take_flag, "seconds since the first row in front" },
	{ "", "iso", NULL, ALL | SOCKETS | COUNTERS, SHOW, FIELD(iso),
	  options_take_flag, "times with their date and offset" },
	{ "", "utc", NULL, ALL | SOCKETS | COUNTERS, SHOW, FIELD(utc),
	  options_take_flag, "times in UTC, not in local time" },
	{ "", "columns", "LIST", ALL | SOCKETS | COUNTERS, SHOW, FIELD(columns),
	  options_take_text, "these columns: pid,comm,old,new,..." },
	{ "", "list-columns", NULL, ALL | SOCKETS | COUNTERS, SHOW, 0, options_take_list_columns,
	  "list the columns there are and what they mean" },
	{ "H", "no-header", NULL, ALL | SOCKETS | COUNTERS, SHOW, 0, options_take_no_header,
	  "no heading line" },
	{ "", "stack", NULL, STATES, SHOW, FIELD(view_options.stack),
	  options_take_flag, "where in the kernel each change was made" },
	{ "", "kernel-addresses", NULL, ALL, SHOW,
	  FIELD(view_options.kernel_addresses), options_take_flag,
	  "show where the sockets are in kernel memory" },
	{ "", "color", "WHEN", ALL | SOCKETS | COUNTERS, SHOW, 0, options_take_color,
	  "auto, always or never (auto)" },

	{ "", "interval", "S", CWND, RUN, 0, options_take_interval,
	  "a row a socket each S seconds, not at each change" },
	{ "", "interval", "S", LIFE, RUN, 0, options_take_interval,
	  "show the sockets that are open so often (off)" },
	{ "", "interval", "S", METRICS, RUN, 0, options_take_interval,
	  "write the file so often (15)" },
	{ "", "info", NULL, REPORT, SHOW, 0, options_take_info,
	  "what is in the recording, instead of its rows" },
	{ "", "recover", NULL, REPORT, RUN, FIELD(recover), options_take_flag,
	  "first make a recording whole that was cut short" },

	{ "o", "output", "FILE", RECORD, RUN, FIELD(output_path),
	  options_take_text, "the recording (trace.dat)" },
	{ "", "size-limit", "SIZE", RECORD, RUN, FIELD(size_limit),
	  options_take_size, "end when it has this size (none)" },
	{ "", "rotate", "N", RECORD, RUN, 0, options_take_rotate,
	  "then begin another, and keep N older ones" },
	{ "", "flight", "SIZE", RECORD, RUN, FIELD(flight_bytes),
	  options_take_size, "keep the last SIZE in memory, write it at the end" },
	{ "", "when", "LIST", RECORD, RUN, 0, options_take_when,
	  "or when that happens: retrans,reset,failed,stuck" },
	{ "b", "", "KB", RECORD, RUN, 0, options_take_buffer_kb,
	  "event buffer per CPU (adaptive)" },
	{ "o", "output", "FILE", ALL | SOCKETS | COUNTERS, RUN, FIELD(output_path),
	  options_take_output, "write there; SIGHUP opens it again" },
	{ "o", "output", "FILE", METRICS, RUN, FIELD(view_options.metrics.file),
	  options_take_output, "for node_exporter: NAME.prom in its folder" },
	{ "", "listen", "WHERE", METRICS, RUN, FIELD(view_options.metrics.listen),
	  options_take_text, "serve them: 127.0.0.1:9417, or 9417 for that" },
	{ "Y", "journal", NULL, STATES, RUN, FIELD(journal),
	  options_take_flag, "write each row to the systemd journal too" },
	{ "d", "duration", "S", EVERY & ~CONG & ~SOCKETS, RUN, 0, options_take_duration,
	  "end after this many seconds" },
	{ "", "duration", "S", CONG, RUN, 0, options_take_duration,
	  "end after this many seconds" },
	{ "c", "rows", "N", ALL & ~RETRANS, RUN, 0, options_take_rows,
	  "end after this many rows" },
	{ "", "rows", "N", RETRANS, RUN, 0, options_take_rows,
	  "end after this many rows" },
	{ "", "backend", "NAME", ALL | RECORD | METRICS | COUNTERS, RUN, 0,
	  options_take_backend,
	  "where events come from (auto)" },
	{ "", "no-trace", NULL, COUNTERS, RUN, FIELD(view_options.counters.alone),
	  options_take_flag, "the counters alone: trace nothing beside them" },
	{ "", "sock", "ID", CWND, SELECT, 0, options_take_sock,
	  "only this socket: s12" },
	{ "", "plot", "FILE", CWND, SHOW, FIELD(view_options.cwnd.plot),
	  options_take_text, "draw the busiest socket, as SVG" },
	{ "i", "interval", "S", RTT | COUNTERS, RUN, 0, options_take_interval,
	  "report each S seconds, not only at the end" },
	{ "r", "read", "FILE", RTT, RUN, FIELD(read_path),
	  options_take_text, "read a recording (trace.dat) instead of this host" },
	{ "ri", "read", "FILE", (ALL & ~RTT) | METRICS, RUN, FIELD(read_path),
	  options_take_text, "read a recording (trace.dat) instead of this host" },
	{ "", "ready-file", "FILE", EVERY & ~SOCKETS, RUN, FIELD(ready_path),
	  options_take_text, "write our PID there once every event is on" },
	{ "", "buffer-size", "SIZE", (ALL & ~REPORT) | METRICS | COUNTERS, RUN, 0,
	  options_take_buffer_size,
	  "event buffer per CPU, 64K to 1G (adaptive)" },
	{ "", "max-sockets", "N", ALL | METRICS | COUNTERS, RUN, 0, options_take_max_sockets,
	  "sockets followed at once (65536)" },
	{ "", "latency", "MS", ALL | METRICS | COUNTERS, RUN, 0, options_take_latency,
	  "show an event within this many ms (100)" },
	{ "", "poll", "S", (ALL & ~REPORT) | METRICS, RUN, 0, options_take_poll,
	  "look at the sockets so often (diag: 1)" },
	{ "", "user", "NAME", (ALL & ~REPORT) | METRICS | COUNTERS, RUN, 0,
	  options_take_user, "read and print as that user, once all is open" },
	{ "", "fail-on-loss", NULL, ALL | METRICS | COUNTERS, RUN, FIELD(fail_on_loss),
	  options_take_flag, "exit status 4 when events were lost" },

	{ "v", "verbose", NULL, EVERY | DOCTOR, GENERAL, 0, options_take_verbose,
	  "say more on stderr" },
	{ "q", "quiet", NULL, EVERY | DOCTOR, GENERAL, 0, options_take_quiet,
	  "say nothing but errors on stderr" },
	{ "h", "help", NULL, EVERY | DOCTOR, GENERAL, 0, options_take_help,
	  "show this text" },
	{ "V", "version", NULL, EVERY | DOCTOR, GENERAL, 0, options_take_version,
	  "show the version and what this build has" },
	{ "", "", NULL, 0, GENERAL, 0, NULL, NULL }
};

static const struct {
	const char *command;
	unsigned int scope;
} scopes[] = {
	{ "", OPTIONS_SCOPE_STREAM },
	{ "states", OPTIONS_SCOPE_STATES },
	{ "retrans", OPTIONS_SCOPE_RETRANS },
	{ "cong", OPTIONS_SCOPE_CONG },
	{ "life", OPTIONS_SCOPE_LIFE },
	{ "graph", OPTIONS_SCOPE_GRAPH },
	{ "rtt", OPTIONS_SCOPE_RTT },
	{ "cwnd", OPTIONS_SCOPE_CWND },
	{ "report", OPTIONS_SCOPE_REPORT },
	{ "record", OPTIONS_SCOPE_RECORD },
	{ "sockets", OPTIONS_SCOPE_SOCKETS },
	{ "metrics", OPTIONS_SCOPE_METRICS },
	{ "doctor", OPTIONS_SCOPE_DOCTOR },
	{ "counters", OPTIONS_SCOPE_COUNTERS },
};

const struct options_errand options_errands[] = {
	{
		.name = "record",
		.summary = "write the events to a file (trace.dat) for later",
		.scope = OPTIONS_SCOPE_RECORD,
		.action = OPTIONS_RECORD,
		.takes_command = true,
	}, {
		.name = "doctor",
		.summary = "what works on this host, and what to do about the rest",
		.scope = OPTIONS_SCOPE_DOCTOR,
		.action = OPTIONS_DOCTOR,
	},
	{ .name = NULL }
};

unsigned int options_table_scope(const char *command)
{
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++)
		if (!strcmp(scopes[i].command, command))
			return scopes[i].scope;
	return 0;
}

const char *options_table_command(const struct options_row *row)
{
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++)
		if (scopes[i].scope & row->scope)
			return scopes[i].command;
	return NULL;
}
