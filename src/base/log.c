#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/str.h"

enum { LOG_MAX_LINE = 2000 };

static const char *const level_names[] = {"error", "warn", "info", "debug"};

/* The sink: one a process, as the log is told from everywhere. */
static struct {
	pthread_mutex_t lock;
	int fd; /* -1: closed */
	enum log_level level;
} sink = {.lock = PTHREAD_MUTEX_INITIALIZER, .fd = -1};

bool log_open(const char *path, enum log_level level, struct err *err)
{
	struct stat st;

	int fd = open(
	        path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
	if (fd < 0) {
		return err_set(err, ERR_IO, "cannot open the log %s: %s", path, strerror(errno));
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || fchmod(fd, 0600) != 0) {
		close(fd);
		return err_set(err, ERR_IO, "the log %s is not a file of ours", path);
	}
	log_close();
	pthread_mutex_lock(&sink.lock);
	sink.fd = fd;
	sink.level = level;
	pthread_mutex_unlock(&sink.lock);
	return true;
}

void log_close(void)
{
	pthread_mutex_lock(&sink.lock);
	if (sink.fd >= 0) close(sink.fd);
	sink.fd = -1;
	pthread_mutex_unlock(&sink.lock);
}

static bool wanted(enum log_level level)
{
	pthread_mutex_lock(&sink.lock);
	bool yes = sink.fd >= 0 && level <= sink.level;
	pthread_mutex_unlock(&sink.lock);
	return yes;
}

void log_put(enum log_level level, const char *area, const char *fmt, ...)
{
	char text[LOG_MAX_LINE], when[32];
	struct str line = {0};
	va_list args;

	if (!wanted(level)) return;
	va_start(args, fmt);
	int len = vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	if (len < 0) return;

	date_format_rfc3339(when, clock_wall(&clock_system));
	str_addf(&line, "%s %s %s: ", when, level_names[level], area);
	clean_out(&line, CLEAN_LOG, text, strlen(text));
	str_addc(&line, '\n');

	/* One write a line: other processes append to the same file. */
	pthread_mutex_lock(&sink.lock);
	if (sink.fd >= 0 && write(sink.fd, line.p, line.len) < 0) {
		/* A log that cannot be written has nobody to tell it to. */
		close(sink.fd);
		sink.fd = -1;
	}
	pthread_mutex_unlock(&sink.lock);
	str_finish(&line);
}
