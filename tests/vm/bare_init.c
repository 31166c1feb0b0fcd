/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first process of a guest whose root holds tcpwatch-static, this program and
 * the kernel's modules: no shell, no library, no locale, no terminfo. Watches
 * connections that it makes itself, tells on the second serial port what was
 * seen, in the words of tests/run.sh, and switches off.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#define ROWS "/rows"
#define TCPWATCH "/tcpwatch"

enum { CONNECTIONS = 23, PORT = 8080, HELD_PORT = 7, HOLD_S = 4, WORDS = 12 };

/* What is run, and how many lines with these words it is to print. */
struct step {
	const char *name;
	int lines;
	const char *words;
	const char *arguments[WORDS];
};

static const struct step steps[] = {
	{ "version", 1, "tcpwatch ", { "--version" } },
	{ "tracefs", 2 * CONNECTIONS, "\"new\":\"ESTABLISHED\"",
	  { "--backend=tracefs", "-j", "--", "/init", "connect" } },
	{ "table", 2 * CONNECTIONS, " ESTABLISHED ",
	  { "states", "-H", "-w", "--columns=lport,rport,new,why", "--", "/init", "connect" } },
	{ "life", 2 * CONNECTIONS, "\"event\":\"life\"",
	  { "life", "-j", "--", "/init", "connect" } },
	{ "record", 0, "", { "record", "-o", "/box.dat", "--", "/init", "connect" } },
	{ "report", 2 * CONNECTIONS, "\"new\":\"ESTABLISHED\"",
	  { "report", "-i", "/box.dat", "-j" } },
	{ "sockets", 1, "\"lport\":7,", { "sockets", "-l", "-j" } },
	{ "diag", 1, "\"why\":\"listener closed\"",
	  { "--backend=diag", "--poll=0.2", "-j", "--", "/init", "listen" } },
};

static int listen_at(uint16_t port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(fd, 8))
		return -1;
	return fd;
}

static bool connect_once(int listener)
{
	struct sockaddr_in address;
	socklen_t size = sizeof(address);
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), server = -1;
	bool good = client >= 0 &&
		    !getsockname(listener, (struct sockaddr *)&address, &size) &&
		    !connect(client, (struct sockaddr *)&address, size) &&
		    (server = accept(listener, NULL, NULL)) >= 0;

	close(client);
	close(server);
	return good;
}

static int make_connections(void)
{
	int listener = listen_at(PORT);

	for (int i = 0; i < CONNECTIONS; i++)
		if (listener < 0 || !connect_once(listener))
			return 1;
	return 0;
}

static void raise_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (ioctl(fd, SIOCSIFFLAGS, &request))
		perror("lo");
	close(fd);
}

/* Long enough to be looked at, however slow the emulator. */
static int hold_listener(void)
{
	return listen_at(PORT) < 0 || sleep(HOLD_S);
}

/* Nobody is here to load what sock_diag asks the kernel for. */
static void load_module(const char *release, const char *name)
{
	char path[300];
	int fd;

	snprintf(path, sizeof(path), "/lib/modules/%s/kernel/net/ipv4/%s.ko",
		 release, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		perror(path);
	close(fd);
}

static void set_up(const char *release)
{
	struct termios raw;
	int port;

	mkdir("/dev", 0755);
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mount("none", "/dev", "devtmpfs", 0, NULL);
	mount("none", "/proc", "proc", 0, NULL);
	mount("none", "/sys", "sysfs", 0, NULL);
	port = open("/dev/ttyS1", O_RDWR | O_NOCTTY | O_CLOEXEC);
	tcgetattr(port, &raw);
	cfmakeraw(&raw);
	tcsetattr(port, TCSANOW, &raw);
	dup2(port, STDOUT_FILENO);
	dup2(port, STDERR_FILENO);
	setvbuf(stdout, NULL, _IOLBF, 0);
	raise_loopback();
	load_module(release, "inet_diag");
	load_module(release, "tcp_diag");
}

/* The exit status; standard output goes to a file, messages to the log. */
static int run(const char *const *arguments)
{
	const char *words[WORDS + 2] = { TCPWATCH };
	int status = -1;
	pid_t child;

	for (int i = 0; i < WORDS && arguments[i]; i++)
		words[i + 1] = arguments[i];
	child = fork();
	if (!child) {
		dup2(open(ROWS, O_WRONLY | O_CREAT | O_TRUNC, 0600),
		     STDOUT_FILENO);
		execve(TCPWATCH, (char **)words, (char *[]){ NULL });
		_exit(127);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int count_lines(const char *words)
{
	FILE *rows = fopen(ROWS, "re");
	char line[4096];
	int count = 0;

	while (rows && fgets(line, sizeof(line), rows))
		count += strstr(line, words) != NULL;
	if (rows)
		fclose(rows);
	return count;
}

static void show_rows(void)
{
	FILE *rows = fopen(ROWS, "re");
	char line[400];

	while (rows && fgets(line, sizeof(line), rows))
		printf("      | %s", line);
	if (rows)
		fclose(rows);
}

static bool play(const struct step *step)
{
	int status = run(step->arguments), lines = count_lines(step->words);

	if (!status && (!*step->words || lines == step->lines))
		return true;
	printf("FAIL  %s (exit status %d, %d lines)\n", step->name, status, lines);
	show_rows();
	return false;
}

/* Nothing of ours may be left in the kernel. */
static bool is_tidy(void)
{
	struct dirent *entry;
	bool tidy = true;
	DIR *folder;

	mount("none", "/sys/kernel/tracing", "tracefs", 0, NULL);
	folder = opendir("/sys/kernel/tracing/instances");
	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.') {
			printf("FAIL  left behind (%s)\n", entry->d_name);
			tidy = false;
		}
	return folder && !closedir(folder) && tidy;
}

static void play_all(const char *release)
{
	const int count = sizeof(steps) / sizeof(steps[0]) + 1;
	time_t start = time(NULL);
	int passed = 0, held;

	printf("boot %s\nbegin bare\n", release);
	held = listen_at(HELD_PORT);
	for (int i = 0; i < count - 1; i++)
		passed += play(&steps[i]);
	passed += is_tidy();
	close(held);
	printf("ok    bare (%d of %d commands)\n", passed - 1, count - 1);
	printf("%d passed, %d failed, 0 skipped\n", passed, count - passed);
	printf("end bare %d %d\ndone\n", passed != count, (int)(time(NULL) - start));
}

int main(int argc, char **argv)
{
	struct utsname kernel;

	if (argc > 1 && !strcmp(argv[1], "connect"))
		return make_connections();
	if (argc > 1 && !strcmp(argv[1], "listen"))
		return hold_listener();
	uname(&kernel);
	set_up(kernel.release);
	play_all(kernel.release);
	fflush(stdout);
	tcdrain(STDOUT_FILENO);
	reboot(RB_POWER_OFF);
	return 0;
}
