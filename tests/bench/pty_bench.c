/*
 * Drive any full-screen program in a pseudo-terminal and measure it from outside: the time
 * from a key to the last byte that it causes, bytes a key, memory, wake-ups when idle.
 *
 *   pty_bench ROWS COLS NAME STEP… -- PROGRAM ARGUMENT…
 *
 * Steps, done in order; results are lines `NAME what value unit`:
 *   start:TEXT        ms from the start until TEXT was written and the screen was quiet
 *   quiet:MS          wait until nothing came for so long (sets the quiet time of keys too)
 *   send:KEYS         press keys, wait until quiet; \e \r \xNN are understood
 *   key:WHAT:KEYS:N   press one of KEYS after the other (`|` between), N times: p50, p99, max,
 *                     bytes
 *   until:WHAT:KEYS:TEXT
 *                     press KEYS: ms until TEXT was written
 *   type:WHAT:TEXT:MS press one character after the other, so far apart: ms until it stands on
 *                     the screen, whatever else is written; characters that nothing else writes
 *   burst:WHAT:KEYS:N N times KEYS in one write: ms to the last byte, bytes
 *   memory:WHAT       RssAnon of the program, in kB
 *   idle:WHAT:SECONDS bytes, wake-ups (of all threads) and CPU of an idle program
 *   cpu:WHAT          CPU used so far, in ms
 */
#define _GNU_SOURCE /* memmem */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <dirent.h>

#include "base/mem.h"
#include "base/str.h"

enum { START_LIMIT_MS = 120000, TYPE_LIMIT_MS = 2000 };

struct run {
	const char *name;
	int fd;
	pid_t pid;
	double quiet_ms;
	double started;
	double last;     /* when the last byte came */
	struct str tail; /* the last bytes written, to find a text in */
	uint64_t bytes;
};

static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1000.0 + (double)t.tv_nsec / 1e6;
}

static void keep_tail(struct run *run, const char *bytes, size_t len)
{
	enum { KEEP = 1 << 20 };
	str_add(&run->tail, bytes, len);
	if (run->tail.len > 2 * KEEP) {
		memmove(run->tail.p, run->tail.p + run->tail.len - KEEP, KEEP);
		str_cut(&run->tail, KEEP);
	}
}

/* Read until quiet; returns when the last byte came (0: none did). */
static double read_quiet(struct run *run, double quiet_ms, uint64_t *out_bytes)
{
	double last = 0;
	uint64_t before = run->bytes;
	char part[65536];
	double until = now_ms() + quiet_ms;
	for (;;) {
		struct pollfd fd = {.fd = run->fd, .events = POLLIN};
		double left = until - now_ms();
		if (left <= 0) break;
		if (poll(&fd, 1, (int)left + 1) <= 0) continue;
		ssize_t n = read(run->fd, part, sizeof(part));
		if (n <= 0) break;
		run->last = last = now_ms();
		until = last + quiet_ms;
		run->bytes += (uint64_t)n;
		keep_tail(run, part, (size_t)n);
	}
	if (out_bytes) *out_bytes = run->bytes - before;
	return last;
}

/* "\e", "\r" and "\xNN" as in C. */
static struct str unescape(const char *s, size_t len)
{
	struct str out = {0};
	for (size_t i = 0; i < len; i++) {
		if (s[i] != '\\' || i + 1 == len) {
			str_addc(&out, s[i]);
			continue;
		}
		char c = s[++i];
		if (c == 'x' && i + 2 < len) {
			char hex[3] = {s[i + 1], s[i + 2], 0};
			str_addc(&out, (char)strtol(hex, NULL, 16));
			i += 2;
		} else {
			str_addc(&out, c == 'e' ? '\x1b' : c == 'r' ? '\r' : c);
		}
	}
	return out;
}

static void press(struct run *run, const struct str *keys)
{
	for (size_t at = 0; at < keys->len;) {
		ssize_t n = write(run->fd, keys->p + at, keys->len - at);
		if (n < 0 && errno != EINTR) break;
		if (n > 0) at += (size_t)n;
	}
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void say(
        const struct run *run, const char *what, const char *figure, double value, const char *unit)
{
	printf("%s %s %s %.2f %s\n", run->name, what, figure, value, unit);
	fflush(stdout);
}

static void step_start(struct run *run, const char *text)
{
	while (now_ms() - run->started < START_LIMIT_MS) {
		read_quiet(run, 1, NULL);
		double last = run->last;
		if (run->tail.len && memmem(run->tail.p, run->tail.len, text, strlen(text))) {
			say(run, "start", "first-column", last - run->started, "ms");
			double done = read_quiet(run, run->quiet_ms, NULL);
			say(run, "start", "settled", (done > 0 ? done : last) - run->started, "ms");
			return;
		}
		if (waitpid(run->pid, NULL, WNOHANG) == run->pid) break;
	}
	fprintf(stderr, "%s never wrote '%s'\n", run->name, text);
	exit(1);
}

/* The i-th of alternatives parted by `|`. */
static struct str alternative(const char *keys, size_t len, size_t i)
{
	size_t n = 1;
	for (size_t k = 0; k < len; k++)
		n += keys[k] == '|';
	i %= n;
	const char *start = keys;
	while (i-- > 0)
		start = (const char *)memchr(start, '|', len - (size_t)(start - keys)) + 1;
	const char *end = memchr(start, '|', len - (size_t)(start - keys));
	return unescape(start, end ? (size_t)(end - start) : len - (size_t)(start - keys));
}

static void step_key(struct run *run, const char *what, const char *keys, size_t len, size_t times)
{
	double *took = xcalloc(times + 1, sizeof(*took));
	uint64_t bytes = 0, silent = 0;
	for (size_t i = 0; i < times; i++) {
		struct str key = alternative(keys, len, i);
		uint64_t came = 0;
		double before = now_ms();
		press(run, &key);
		double last = read_quiet(run, run->quiet_ms, &came);
		took[i] = last > 0 ? last - before : 0;
		silent += last == 0;
		bytes += came;
		str_finish(&key);
	}
	qsort(took, times, sizeof(*took), compare);
	say(run, what, "p50", took[times / 2], "ms");
	say(run, what, "p99", took[times * 99 / 100], "ms");
	say(run, what, "max", took[times - 1], "ms");
	say(run, what, "bytes-a-key", (double)bytes / (double)times, "B");
	if (silent) say(run, what, "keys-without-answer", (double)silent, "keys");
	free(took);
}

static void step_until(struct run *run, const char *what, const char *keys, const char *text)
{
	struct str key = unescape(keys, strlen(keys));
	double before = now_ms();
	str_cut(&run->tail, 0);
	press(run, &key);
	str_finish(&key);
	while (now_ms() - before < START_LIMIT_MS) {
		read_quiet(run, 1, NULL);
		if (!run->tail.len || !memmem(run->tail.p, run->tail.len, text, strlen(text)))
			continue;
		say(run, what, "shown", run->last - before, "ms");
		read_quiet(run, run->quiet_ms, NULL);
		return;
	}
	fprintf(stderr, "%s never wrote '%s'\n", run->name, text);
	exit(1);
}

/* How long one character took to come back; what is written meanwhile is read, for `ms`. */
static double type_one(struct run *run, const char *key, size_t len, double ms)
{
	struct str one = {0};
	double before = now_ms(), came = 0;
	str_add(&one, key, len);
	str_cut(&run->tail, 0);
	press(run, &one);
	str_finish(&one);
	while (now_ms() < before + ms || (came == 0 && now_ms() < before + TYPE_LIMIT_MS)) {
		read_quiet(run, 0.2, NULL);
		if (came > 0 || run->tail.len == 0) continue;
		if (memmem(run->tail.p, run->tail.len, key, len)) came = run->last - before;
	}
	return came;
}

static void step_type(struct run *run, const char *what, const char *text, double ms)
{
	double *took = xcalloc(strlen(text) + 1, sizeof(*took));
	size_t n = 0, lost = 0;
	for (const char *at = text; *at;) {
		size_t len = 1;
		while (((unsigned char)at[len] & 0xc0) == 0x80)
			len++;
		double one = type_one(run, at, len, ms);
		if (one > 0) took[n++] = one;
		lost += one == 0;
		at += len;
	}
	qsort(took, n, sizeof(*took), compare);
	if (n > 0) {
		say(run, what, "p50", took[n / 2], "ms");
		say(run, what, "p99", took[n * 99 / 100], "ms");
		say(run, what, "max", took[n - 1], "ms");
	}
	if (lost) say(run, what, "keys-without-answer", (double)lost, "keys");
	free(took);
}

static void step_burst(
        struct run *run, const char *what, const char *keys, size_t len, size_t times)
{
	struct str one = unescape(keys, len), all = {0};
	uint64_t bytes = 0;
	for (size_t i = 0; i < times; i++)
		str_add(&all, one.p, one.len);
	double before = now_ms();
	press(run, &all);
	double last = read_quiet(run, run->quiet_ms, &bytes);
	say(run, what, "all", last - before, "ms");
	say(run, what, "bytes", (double)bytes, "B");
	str_finish(&one);
	str_finish(&all);
}

/* A number after `field` in a file of /proc. */
static double proc_number(const char *path, const char *field)
{
	char line[512];
	double value = 0;
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, field, strlen(field)) == 0) value = atof(line + strlen(field));
	}
	if (file) fclose(file);
	return value;
}

static double wakeups(pid_t pid)
{
	char path[64];
	double sum = 0;
	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	DIR *dir = opendir(path);
	for (struct dirent *task; dir && (task = readdir(dir));) {
		if (task->d_name[0] == '.') continue;
		char status[400];
		snprintf(status, sizeof(status), "%s/%s/status", path, task->d_name);
		sum += proc_number(status, "voluntary_ctxt_switches:");
	}
	if (dir) closedir(dir);
	return sum;
}

static double cpu_ms(pid_t pid)
{
	char path[64], line[1024] = "";
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	FILE *file = fopen(path, "r");
	if (!file) return 0;
	char *got = fgets(line, sizeof(line), file);
	fclose(file);
	char *rest = got ? strrchr(line, ')') : NULL;
	unsigned long user = 0, sys = 0;
	if (rest)
		sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
		        &sys);
	return (double)(user + sys) * 1000.0 / (double)sysconf(_SC_CLK_TCK);
}

static void step_idle(struct run *run, const char *what, double seconds)
{
	read_quiet(run, 1000, NULL);
	uint64_t bytes = run->bytes;
	double woken = wakeups(run->pid), cpu = cpu_ms(run->pid), until = now_ms() + seconds * 1000;
	while (now_ms() < until)
		read_quiet(run, until - now_ms(), NULL);
	say(run, what, "wakeups-a-minute", (wakeups(run->pid) - woken) * 60 / seconds, "1/min");
	say(run, what, "bytes", (double)(run->bytes - bytes), "B");
	say(run, what, "cpu", cpu_ms(run->pid) - cpu, "ms");
}

static void do_step(struct run *run, char *step)
{
	char *field[4] = {step, NULL, NULL, NULL};
	for (int i = 1; i < 4; i++) {
		char *colon = field[i - 1] ? strchr(field[i - 1], ':') : NULL;
		if (!colon) break;
		*colon = '\0';
		field[i] = colon + 1;
		if (strcmp(step, "start") == 0 || strcmp(step, "send") == 0) break;
	}
	const char *a = field[1] ? field[1] : "", *b = field[2] ? field[2] : "";
	size_t times = field[3] ? (size_t)atol(field[3]) : 1;
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/status", (int)run->pid);
	if (strcmp(step, "start") == 0) {
		step_start(run, a);
	} else if (strcmp(step, "quiet") == 0) {
		run->quiet_ms = atof(a);
		read_quiet(run, run->quiet_ms, NULL);
	} else if (strcmp(step, "send") == 0) {
		struct str keys = unescape(a, strlen(a));
		press(run, &keys);
		str_finish(&keys);
		read_quiet(run, run->quiet_ms, NULL);
	} else if (strcmp(step, "key") == 0) {
		step_key(run, a, b, strlen(b), times);
	} else if (strcmp(step, "until") == 0) {
		step_until(run, a, b, field[3] ? field[3] : "");
	} else if (strcmp(step, "type") == 0) {
		step_type(run, a, b, (double)times);
	} else if (strcmp(step, "burst") == 0) {
		step_burst(run, a, b, strlen(b), times);
	} else if (strcmp(step, "memory") == 0) {
		say(run, a, "RssAnon", proc_number(path, "RssAnon:"), "kB");
	} else if (strcmp(step, "idle") == 0) {
		step_idle(run, a, atof(b));
	} else if (strcmp(step, "cpu") == 0) {
		say(run, a, "cpu", cpu_ms(run->pid), "ms");
	} else {
		fprintf(stderr, "there is no step '%s'\n", step);
		exit(2);
	}
}

static bool start(struct run *run, int rows, int cols, char **program)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) return false;
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
	ioctl(master, TIOCSWINSZ, &size);
	run->started = now_ms();
	run->pid = fork();
	if (run->pid == 0) {
		setsid();
		int slave = open(ptsname(master), O_RDWR);
		ioctl(slave, TIOCSCTTY, 0);
		dup2(slave, 0);
		dup2(slave, 1);
		dup2(slave, 2);
		if (slave > 2) close(slave);
		execvp(program[0], program);
		_exit(127);
	}
	run->fd = master;
	return run->pid > 0;
}

int main(int argc, char **argv)
{
	struct run run = {.quiet_ms = 50};
	int dash = 4;
	while (dash < argc && strcmp(argv[dash], "--") != 0)
		dash++;
	if (dash >= argc - 1) {
		fputs("usage: pty_bench ROWS COLS NAME STEP… -- PROGRAM ARGUMENT…\n", stderr);
		return 2;
	}
	run.name = argv[3];
	if (!start(&run, atoi(argv[1]), atoi(argv[2]), argv + dash + 1)) {
		perror("pty_bench");
		return 1;
	}
	for (int i = 4; i < dash; i++)
		do_step(&run, argv[i]);
	kill(run.pid, SIGTERM);
	for (int i = 0; i < 100 && waitpid(run.pid, NULL, WNOHANG) == 0; i++)
		read_quiet(&run, 50, NULL);
	kill(run.pid, SIGKILL);
	str_finish(&run.tail);
	return 0;
}
