/* SPDX-License-Identifier: BSD-2-Clause */
/* Command lines, right and wrong ones: what they become, what is said. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options/options.h"
#include "options/options_table.h"
#include "process/signals.h"
#include "tcpwatch/backend.h"
#include "tcpwatch/tcp_state.h"

enum { ARGUMENTS_MAX = 32, LINE_BYTES = 512, HELP_LINES = 59, HELP_WIDTH = 80 };

/* The words of the last line parsed, which struct options borrows. */
static char line_words[LINE_BYTES];
static char *line_argv[ARGUMENTS_MAX + 1];
static struct error line_error;

static int parse_argv(struct options *options, int argc)
{
	memset(&line_error, 0, sizeof(line_error));
	line_argv[argc] = NULL;
	return options_parse(options, argc, line_argv, &line_error);
}

/* Parses a line whose words are separated by single blanks. */
static int parse(struct options *options, const char *line)
{
	char *rest = line_words;
	int argc = 0;

	assert_true(strlen(line) < sizeof(line_words) - 16);
	snprintf(line_words, sizeof(line_words), "tcpwatch%s%s",
		 line[0] ? " " : "", line);
	while (rest) {
		assert_true(argc < ARGUMENTS_MAX);
		line_argv[argc++] = strsep(&rest, " ");
	}
	return parse_argv(options, argc);
}

static void accept_line(struct options *options, const char *line)
{
	if (parse(options, line) != 0)
		fail_msg("'%s': %s", line, line_error.text);
}

/* The line must be refused, in one line that holds these two texts. */
static void refuse_line(const char *line, const char *start, const char *part)
{
	struct options options;

	if (parse(&options, line) != -EINVAL)
		fail_msg("'%s' was accepted", line);
	if (strncmp(line_error.text, start, strlen(start)) ||
	    !strstr(line_error.text, part) || strchr(line_error.text, '\n'))
		fail_msg("'%s' says: %s", line, line_error.text);
}

static void defaults_are_those_promised(void **state)
{
	struct options options;

	(void)state;
	accept_line(&options, "");
	assert_int_equal(options.action, OPTIONS_WATCH);
	assert_ptr_equal(options.view, view_find(""));
	assert_string_equal(options.backend, "auto");
	assert_string_equal(options.format, "table");
	assert_true(options.header);
	assert_int_equal(options.max_sockets, 65536);
	assert_int_equal(options.latency_ns, 100000000);
	assert_int_equal(options.poll_ns, 1000000000);
	assert_int_equal(options.buffer_bytes, 0);
	assert_int_equal(options.duration_ns, 0);
	assert_int_equal(options.rows, 0);
	assert_int_equal(options.verbosity, 0);
	assert_null(options.read_path);
	assert_null(options.command);
}

static void no_arguments_at_all_is_the_stream(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(parse_argv(&options, 0), 0);
	assert_ptr_equal(options.view, view_find(""));
}

static void the_first_word_is_the_command(void **state)
{
	struct options options;

	(void)state;
	accept_line(&options, "states -w");
	assert_ptr_equal(options.view, view_find("states"));
	assert_true(options.view_options.wide);
	refuse_line("-w states", "'states'", "commands come first");
	refuse_line("states states", "'states'", "unexpected");
	refuse_line("sttes", "'sttes' is not a command", "states");
	refuse_line("statse", "'statse' is not a command", "states");
	refuse_line("zzzzzz", "'zzzzzz' is not a command", "tcpwatch help");
	refuse_line("-", "'-'", "unexpected");
}

static void an_empty_word_is_not_the_stream(void **state)
{
	struct options options;

	(void)state;
	line_argv[0] = (char *)"tcpwatch";
	line_argv[1] = (char *)"";
	assert_int_equal(parse_argv(&options, 2), -EINVAL);
}

static void values_come_in_every_spelling(void **state)
{
	static const char *const lines[] = {
		"-L 80", "-L80", "-wL80", "-wL 80", "--lport 80", "--lport=80",
		"--localport=80", "--localport 80", "states -sL80",
	};
	struct options options;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const struct match_ranges *ports;

		accept_line(&options, lines[i]);
		ports = &options.filter.endpoints.local_ports;
		assert_int_equal(ports->count, 1);
		assert_int_equal(ports->items[0].low, 80);
		assert_int_equal(ports->items[0].high, 80);
	}
}

static void lists_append(void **state)
{
	struct options options;

	(void)state;
	accept_line(&options, "-L 80 -L 443,8000-8099 -D 1 --remoteport 2 "
		    "-p 7 --pid 8 --laddr 10.0.0.1 --laddr 10.0.0.2 "
		    "--raddr ::1");
	assert_int_equal(options.filter.endpoints.local_ports.count, 3);
	assert_int_equal(options.filter.endpoints.remote_ports.count, 2);
	assert_int_equal(options.filter.endpoints.pids.count, 2);
	assert_int_equal(options.filter.endpoints.local_addresses.count, 2);
	assert_int_equal(options.filter.endpoints.remote_addresses.count, 1);
}

static void names_become_sets(void **state)
{
	struct options options;

	(void)state;
	accept_line(&options, "--state listen,CLOSE_WAIT --state=Close");
	assert_int_equal(options.filter.states,
			 1u << TCP_STATE_LISTEN | 1u << TCP_STATE_CLOSE_WAIT |
			 1u << TCP_STATE_CLOSE);
	accept_line(&options, "--events retrans,state");
	assert_int_equal(options.view_options.show,
			 VIEW_SHOW_RETRANS | VIEW_SHOW_STATE);
	accept_line(&options, "");
	assert_int_equal(options.view_options.show, 0);
	refuse_line("--state ESTAB", "--state: 'ESTAB'", "ESTABLISHED");
	refuse_line("--state CLOSE,", "--state: ''", "LISTEN");
	refuse_line("--stuck CLOSE_WAIT", "--stuck: 'CLOSE_WAIT'", "CLOSE_WAIT:60");
	refuse_line("--stuck TIME_WAIT:3", "--stuck: 'TIME_WAIT'", "stays in");
	refuse_line("--stuck CLOSE_WAIT:0", "--stuck: '0'", "from 0.1");
	refuse_line("--events state,resets", "--events: 'resets'",
		    "state, cong, retrans");
}

static void flags_set_what_they_say(void **state)
{
	struct options options;

	(void)state;
	accept_line(&options, "-wTtHv --iso --utc --kernel-addresses "
		    "--fail-on-loss");
	assert_true(options.view_options.wide);
	assert_true(options.view_options.time);
	assert_true(options.view_options.since);
	assert_true(options.view_options.kernel_addresses);
	assert_true(options.iso);
	assert_true(options.utc);
	assert_true(options.fail_on_loss);
	assert_false(options.header);
	assert_int_equal(options.verbosity, 1);
	accept_line(&options, "-q");
	assert_int_equal(options.verbosity, -1);
}

static void texts_are_kept_as_typed(void **state)
{
	struct options options;

	(void)state;
	accept_line(&options, "-o out --ready-file=ready --columns PID,ms "
		    "--comm nginx*");
	assert_string_equal(options.output_path, "out");
	assert_string_equal(options.ready_path, "ready");
	assert_string_equal(options.columns, "PID,ms");
	assert_string_equal(options.filter.comm, "nginx*");
	refuse_line("--comm a --comm b", "--comm: 'b'", "second");
}

static void a_dash_is_stdout(void **state)
{
	struct options options;

	(void)state;
	accept_line(&options, "states -o x -o -");
	assert_null(options.output_path);
	accept_line(&options, "metrics -o -");
	assert_null(options.view_options.metrics.file);
	refuse_line("record -o -", "--output: ", "a file");
}

static void formats(void **state)
{
	struct options options;

	(void)state;
	accept_line(&options, "-j");
	assert_string_equal(options.format, "json");
	accept_line(&options, "--csv");
	assert_string_equal(options.format, "csv");
	accept_line(&options, "states -s");
	assert_string_equal(options.format, "csv");
	accept_line(&options, "-j --format table");
	assert_string_equal(options.format, "table");
	refuse_line("--format xml", "--format: 'xml'", "table");
}

static void numbers_have_limits(void **state)
{
	struct options options;

	(void)state;
	accept_line(&options, "-d 0.25 -c 7 --latency 10000 --poll 0.1 "
		    "--max-sockets 16 --buffer-size 64K");
	assert_int_equal(options.duration_ns, 250000000);
	assert_int_equal(options.rows, 7);
	assert_int_equal(options.latency_ns, UINT64_C(10000000000));
	assert_int_equal(options.poll_ns, 100000000);
	assert_int_equal(options.max_sockets, 16);
	assert_int_equal(options.buffer_bytes, 65536);
	accept_line(&options, "--buffer-size 1g --poll 3600 -d 0.0000000019");
	assert_int_equal(options.buffer_bytes, 1 << 30);
	assert_int_equal(options.poll_ns, UINT64_C(3600000000000));
	assert_int_equal(options.duration_ns, 1);
	accept_line(&options, "-d .5");
	assert_int_equal(options.duration_ns, 500000000);
}

static void wrong_numbers_are_refused(void **state)
{
	static const char *const lines[] = {
		"-d 0", "-d 0.0", "-d -1", "-d 1e3", "-d 5s", "-d 1.", "-d .",
		"-d 99999999999999999999", "-d 18446744073709551615",
		"-c 0", "-c 1.5", "-c x", "-c 18446744073709551616",
		"--latency 4", "--latency 10001", "--latency 0x10",
		"--poll 0.09", "--poll 3600.1", "--max-sockets 15",
		"--max-sockets 16777217", "--buffer-size 63K",
		"--buffer-size 2G", "--buffer-size 4MB", "--buffer-size K",
		"--buffer-size 18014398509481984K",
	};
	struct options options;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (parse(&options, lines[i]) != -EINVAL)
			fail_msg("'%s' was accepted", lines[i]);
	}
	refuse_line("--latency 0", "--latency: '0'", "from 5 to 10000");
	refuse_line("-L 65536", "-L: ", "65536");
	refuse_line("--lport abc", "--lport: ", "abc");
	refuse_line("--laddr 300.1.1.1", "--laddr: ", "300.1.1.1");
	refuse_line("-p 0", "-p: '0'", "process");
}

static void an_empty_value_is_never_no_filter(void **state)
{
	static const char *const lines[] = {
		"-L ", "-D ", "-p ", "--laddr ", "--raddr=", "--comm=",
		"--state=", "--events ", "-o ", "--ready-file=", "--columns ",
		"-r ", "--backend=", "--color ", "-d ", "--lport=",
	};
	struct options options;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (parse(&options, lines[i]) != -EINVAL)
			fail_msg("'%s' was accepted", lines[i]);
	}
	refuse_line("--lport=", "--lport: ''", "LIST");
}

static void a_missing_value_is_named(void **state)
{
	(void)state;
	refuse_line("report -i trace.dat -- true", "--: a recording", "-r and --");
	refuse_line("-w -L", "-L: needs a value", "LIST");
	refuse_line("-wL", "-L: needs a value", "LIST");
	refuse_line("--output", "--output: needs a value", "FILE");
	refuse_line("--wide=1", "--wide: '1'", "no value");
}

static void names_are_never_abbreviated(void **state)
{
	(void)state;
	refuse_line("--colu pid", "--colu: no such option", "--columns");
	refuse_line("--lports 80", "--lports: no such option", "--lport");
	refuse_line("--xyzzy", "--xyzzy: no such option", "--help");
	refuse_line("-Z", "-Z: no such option", "--help");
	refuse_line("-wZ", "-Z: no such option", "--help");
	refuse_line("--=x", "--: no such option", "--help");
	refuse_line("-=", "-=: no such option", "--help");
}

static void flags_take_no_value(void **state)
{
	(void)state;
	refuse_line("--json=1", "--json: '1'", "no value");
	refuse_line("-j=1", "-j: '1'", "no value");
	refuse_line("-wT=", "-T: ''", "no value");
	refuse_line("-h=1", "-h: '1'", "no value");
}

static void options_of_other_commands_are_told_apart(void **state)
{
	struct options options;

	(void)state;
	accept_line(&options, "states -Y");
	assert_true(options.journal);
	refuse_line("-Y", "-Y: ", "tcpwatch states");
	refuse_line("-s", "-s: ", "tcpwatch states");
	refuse_line("states --events state", "--events: ", "'tcpwatch'");
	refuse_line("record -p 17", "-p: ",
		    "of 'tcpwatch'; 'tcpwatch record --help' lists its own");
	refuse_line("sockets -Z", "-Z: no such option",
		    "'tcpwatch sockets --help' lists them");
}

/* Of a list, and of what else needs a file, too. */
static void columns_are_listed_of_every_view(void **state)
{
	struct options options;
	char line[64];
	size_t i;

	(void)state;
	for (i = 0; views[i]; i++) {
		if (!strcmp(views[i]->name, "metrics"))
			continue;       /* its text has none */
		snprintf(line, sizeof(line), "%s%s--list-columns",
			 views[i]->name, views[i]->name[0] ? " " : "");
		accept_line(&options, line);
		assert_int_equal(options.action, OPTIONS_LIST_COLUMNS);
		assert_ptr_equal(options.view, views[i]);
	}
}

static void letters_mean_what_they_mean_in_the_command(void **state)
{
	struct options options;

	(void)state;
	accept_line(&options, "retrans -cl 5 3 --rows 9");
	assert_true(options.view_options.count);
	assert_true(options.view_options.loss_probes);
	assert_int_equal(options.view_options.interval_ns, UINT64_C(5000000000));
	assert_int_equal(options.view_options.outputs, 3);
	assert_int_equal(options.rows, 9);
	accept_line(&options, "retrans --sequence");
	assert_true(options.view_options.sequence);
	refuse_line("retrans 5", "an interval", "-c");
	accept_line(&options, "cong -du -R 80 -D 443 --duration 3 0.5");
	assert_true(options.view_options.distribution);
	assert_true(options.view_options.microseconds);
	assert_int_equal(options.filter.endpoints.remote_ports.count, 2);
	assert_int_equal(options.duration_ns, UINT64_C(3000000000));
	assert_int_equal(options.view_options.interval_ns, 500000000);
	refuse_line("cong --changes -u", "--changes: ", "--microseconds");
	refuse_line("-R 80", "-R: ", "'tcpwatch cong'");
	refuse_line("-u", "-u: ", "'tcpwatch cong'");
	accept_line(&options, "graph");
	assert_string_equal(options.format, "dot");
	accept_line(&options, "graph -j");
	assert_string_equal(options.format, "json");
	refuse_line("cong --format dot", "--format: ", "csv");
}

static void families_exclude_each_other(void **state)
{
	struct options options;

	(void)state;
	accept_line(&options, "-4");
	assert_int_equal(options.filter.endpoints.family, EVENT_FAMILY_IPV4);
	accept_line(&options, "-6 -6");
	assert_int_equal(options.filter.endpoints.family, EVENT_FAMILY_IPV6);
	accept_line(&options, "rtt --ipv4");
	assert_int_equal(options.filter.endpoints.family, EVENT_FAMILY_IPV4);
	accept_line(&options, "sockets -tln");
	assert_true(options.view_options.sockets.listening);
	accept_line(&options, "sockets -6 --ipv6");
	assert_int_equal(options.filter.endpoints.family, EVENT_FAMILY_IPV6);
	refuse_line("--ipv4 -6", "-6: ", "exclude");
	refuse_line("-4 -6", "-6: ", "exclude");
	refuse_line("-64", "-4: ", "exclude");
}

static void a_flight_recorder_waits_for_something(void **state)
{
	struct options options;

	(void)state;
	accept_line(&options, "record --flight 1M --when reset,stuck "
		    "--stuck CLOSE_WAIT:60");
	assert_int_equal(options.when, OPTIONS_WHEN_RESET | OPTIONS_WHEN_STUCK);
	assert_int_equal(options.stuck.ns[TCP_STATE_CLOSE_WAIT], 60000000000);
	refuse_line("record --when reset", "--when: ", "--flight SIZE");
	refuse_line("record --flight 1M --when stuck", "--when: 'stuck' ",
		    "CLOSE_WAIT:60");
	refuse_line("record --flight 1M --when reset --stuck CLOSE_WAIT:60",
		    "--stuck: ", "--when stuck");
}

static void a_report_needs_no_letter(void **state)
{
	struct options options;
	char folder[] = "/tmp/tcpwatch-options-XXXXXX";

	(void)state;
	accept_line(&options, "report box.dat -L 80");
	assert_string_equal(options.read_path, "box.dat");
	refuse_line("report box.dat other.dat", "'other.dat'", "unexpected");
	refuse_line("report ", "''", "unexpected");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	refuse_line("report", "report: which recording?", "-i FILE");
	assert_int_equal(close(creat("trace.dat", 0600)), 0);
	accept_line(&options, "report --info");
	assert_string_equal(options.read_path, "trace.dat");
	unlink("trace.dat");
	assert_int_equal(chdir("/"), 0);
	rmdir(folder);
}

static void recordings_need_a_backend_that_reads(void **state)
{
	struct options options;
	char line[LINE_BYTES];

	(void)state;
	accept_line(&options, "-r trace.dat");
	assert_string_equal(options.read_path, "trace.dat");
	assert_string_equal(options.backend, "auto");
	accept_line(&options, "-i trace.dat --backend auto");
	assert_string_equal(options.read_path, "trace.dat");
	assert_string_equal(options.backend, "auto");
	accept_line(&options, "--backend=scripted -r events.txt");
	assert_string_equal(options.backend, "scripted");
	if (backends[0]->promises & BACKEND_LIVE) {
		snprintf(line, sizeof(line), "-r x --backend %s",
			 backends[0]->name);
		refuse_line(line, "--backend: '", "--read");
	}
	refuse_line("--backend scripted", "--backend: 'scripted'", "--read");
	refuse_line("--backend tracfs", "--backend: 'tracfs'", "scripted");
}

static void two_dashes_start_a_command(void **state)
{
	struct options options;

	(void)state;
	accept_line(&options, "states -w -- curl -s --lport");
	assert_string_equal(options.command[0], "curl");
	assert_string_equal(options.command[1], "-s");
	assert_string_equal(options.command[2], "--lport");
	assert_null(options.command[3]);
	accept_line(&options, "-L 80 -- --version");
	assert_int_equal(options.action, OPTIONS_WATCH);
	assert_string_equal(options.command[0], "--version");
	refuse_line("-w --", "--: ", "CMD");
}

static void help_and_version_answer_at_once(void **state)
{
	struct options options;

	(void)state;
	accept_line(&options, "--help --nonsense");
	assert_int_equal(options.action, OPTIONS_HELP);
	accept_line(&options, "states -wh -d 0");
	assert_int_equal(options.action, OPTIONS_HELP);
	assert_ptr_equal(options.view, view_find("states"));
	accept_line(&options, "help states");
	assert_int_equal(options.action, OPTIONS_HELP);
	assert_ptr_equal(options.view, view_find("states"));
	accept_line(&options, "help");
	assert_int_equal(options.action, OPTIONS_HELP);
	assert_ptr_equal(options.view, view_find(""));
	accept_line(&options, "help help");
	assert_int_equal(options.action, OPTIONS_HELP);
	assert_ptr_equal(options.view, view_find(""));
	accept_line(&options, "-V");
	assert_int_equal(options.action, OPTIONS_VERSION);
	accept_line(&options, "states --list-columns");
	assert_int_equal(options.action, OPTIONS_LIST_COLUMNS);
	refuse_line("help sttes", "'sttes' is not a command", "states");
}

static void help_explains_words(void **state)
{
	struct options options;

	(void)state;
	accept_line(&options, "help tail losses");
	assert_int_equal(options.action, OPTIONS_MEANING);
	assert_string_equal(options.meaning->name, "tail losses");
	accept_line(&options, "help close_wait");
	assert_string_equal(options.meaning->page, "close-wait");
	accept_line(&options, "help diagnoses");
	assert_int_equal(options.action, OPTIONS_MEANING);
	assert_null(options.meaning);
	refuse_line("help tail loses", "'tail loses' is not a command, nor a word",
		    "did you mean tail losses");
	refuse_line("help zero-windw", "'zero-windw'", "zero-window");
	refuse_line("help now and then", "'now and then'", "help diagnoses");
}

static void color_follows_the_environment(void **state)
{
	struct options options;

	(void)state;
	setenv("NO_COLOR", "", 1);
	accept_line(&options, "");
	assert_int_equal(options.color, OPTIONS_COLOR_AUTO);
	setenv("NO_COLOR", "1", 1);
	accept_line(&options, "");
	assert_int_equal(options.color, OPTIONS_COLOR_NEVER);
	accept_line(&options, "--color always");
	assert_int_equal(options.color, OPTIONS_COLOR_ALWAYS);
	unsetenv("NO_COLOR");
	accept_line(&options, "--color=never");
	assert_int_equal(options.color, OPTIONS_COLOR_NEVER);
	refuse_line("--color blue", "--color: 'blue'", "always");
}

static void long_rubbish_is_quoted_in_part(void **state)
{
	struct options options;
	char rubbish[4096];

	(void)state;
	memset(rubbish, 'x', sizeof(rubbish));
	rubbish[0] = rubbish[1] = '-';
	rubbish[sizeof(rubbish) - 1] = '\0';
	line_argv[0] = (char *)"tcpwatch";
	line_argv[1] = rubbish;
	assert_int_equal(parse_argv(&options, 2), -EINVAL);
	assert_non_null(strstr(line_error.text, "--help"));
	line_argv[1] = (char *)"--comm";
	line_argv[2] = rubbish;
	assert_int_equal(parse_argv(&options, 3), -EINVAL);
	assert_non_null(strstr(line_error.text, "63"));
}

static void the_doctor_takes_few_options(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(parse(&options, "doctor"), 0);
	assert_int_equal(options.action, OPTIONS_DOCTOR);
	assert_string_equal(options.format, "table");
	assert_int_equal(parse(&options, "doctor -j"), 0);
	assert_string_equal(options.format, "json");
	assert_int_equal(parse(&options, "help doctor"), 0);
	assert_int_equal(options.action, OPTIONS_HELP);
	assert_string_equal(options.errand->name, "doctor");
	assert_int_equal(parse(&options, "doctor -L 80"), -EINVAL);
	assert_non_null(strstr(line_error.text, "not an option of this command"));
	assert_int_equal(parse(&options, "doctor --wide"), -EINVAL);
	assert_int_equal(parse(&options, "doctor -- true"), -EINVAL);
	assert_string_equal(line_error.text, "--: 'doctor' starts no command");
	assert_int_equal(parse(&options, "doctor 5"), -EINVAL);
	assert_int_equal(parse(&options, "docter"), -EINVAL);
	assert_non_null(strstr(line_error.text, "did you mean doctor"));
}

/* Runs the help with stdout in that file; returns what it returned. */
static int print_help_to(FILE *file, const struct view_ops *view,
			 struct error *err)
{
	int saved = dup(STDOUT_FILENO);
	int ret;

	assert_non_null(file);
	assert_true(saved >= 0);
	fflush(stdout);
	assert_true(dup2(fileno(file), STDOUT_FILENO) >= 0);
	ret = options_print_help(view, err);
	assert_true(dup2(saved, STDOUT_FILENO) >= 0);
	clearerr(stdout);
	close(saved);
	return ret;
}

static void help_fits_a_screen(void **state)
{
	char line[LINE_BYTES];
	size_t i;

	(void)state;
	for (i = 0; views[i]; i++) {
		FILE *help = tmpfile();
		unsigned int lines = 0;

		assert_int_equal(print_help_to(help, views[i], NULL), 0);
		rewind(help);
		while (fgets(line, sizeof(line), help)) {
			lines++;
			if (strlen(line) > HELP_WIDTH + 1)
				fail_msg("too wide: %s", line);
		}
		assert_in_range(lines, 20, HELP_LINES);
		fclose(help);
	}
}

static void a_full_disk_is_told(void **state)
{
	FILE *full = fopen("/dev/full", "w");
	struct error err = { 0 };

	(void)state;
	assert_int_equal(print_help_to(full, views[0], &err), -ENOSPC);
	assert_string_equal(err.text, "cannot write to stdout: "
			    "No space left on device");
	fclose(full);
}

/* As head(1) is, behind a pipe. */
static void a_reader_that_is_gone_has_what_it_wants(void **state)
{
	struct error err = { 0 };
	int ends[2];
	FILE *pipe_in;

	(void)state;
	signals_ignore_pipe();
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	pipe_in = fdopen(ends[1], "w");
	assert_int_equal(print_help_to(pipe_in, views[0], &err), 0);
	assert_int_equal(err.code, 0);
	fclose(pipe_in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_those_promised),
		cmocka_unit_test(no_arguments_at_all_is_the_stream),
		cmocka_unit_test(the_first_word_is_the_command),
		cmocka_unit_test(an_empty_word_is_not_the_stream),
		cmocka_unit_test(values_come_in_every_spelling),
		cmocka_unit_test(lists_append),
		cmocka_unit_test(names_become_sets),
		cmocka_unit_test(flags_set_what_they_say),
		cmocka_unit_test(texts_are_kept_as_typed),
		cmocka_unit_test(a_dash_is_stdout),
		cmocka_unit_test(formats),
		cmocka_unit_test(numbers_have_limits),
		cmocka_unit_test(wrong_numbers_are_refused),
		cmocka_unit_test(an_empty_value_is_never_no_filter),
		cmocka_unit_test(a_missing_value_is_named),
		cmocka_unit_test(names_are_never_abbreviated),
		cmocka_unit_test(flags_take_no_value),
		cmocka_unit_test(options_of_other_commands_are_told_apart),
		cmocka_unit_test(columns_are_listed_of_every_view),
		cmocka_unit_test(letters_mean_what_they_mean_in_the_command),
		cmocka_unit_test(families_exclude_each_other),
		cmocka_unit_test(a_flight_recorder_waits_for_something),
		cmocka_unit_test(a_report_needs_no_letter),
		cmocka_unit_test(recordings_need_a_backend_that_reads),
		cmocka_unit_test(two_dashes_start_a_command),
		cmocka_unit_test(help_and_version_answer_at_once),
		cmocka_unit_test(help_explains_words),
		cmocka_unit_test(color_follows_the_environment),
		cmocka_unit_test(long_rubbish_is_quoted_in_part),
		cmocka_unit_test(the_doctor_takes_few_options),
		cmocka_unit_test(help_fits_a_screen),
		cmocka_unit_test(a_full_disk_is_told),
		cmocka_unit_test(a_reader_that_is_gone_has_what_it_wants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
