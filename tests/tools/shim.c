/*
 * A machine that fails, or whose clock is wrong: loaded before all else (LD_PRELOAD) into a
 * program that knows nothing of it. What it does is told by its environment:
 *
 *   SHIM_MALLOC=N[+]   allocation number N fails; with + all after it, too
 *   SHIM_SYNC=N[+]     the same of what makes files durable
 *   SHIM_WRITE=N[+]    the same of writing to places in files
 *   SHIM_COUNT=FILE    at the end, how many there were of each is written there
 *   SHIM_CLOCK=FILE    its first 8 bytes are milliseconds that the wall clock is ahead; FILE.set
 *                      is a FIFO: a byte in it says that the clock was set
 *
 * For glibc alone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum what { MALLOC, SYNC, WRITE, NKINDS };
static const char *const names[NKINDS] = {"SHIM_MALLOC", "SHIM_SYNC", "SHIM_WRITE"};

static struct {
	atomic_long count;
	long from, until; /* these fail; 0: none */
} kinds[NKINDS];
static const volatile int64_t *ahead_ms;
static int set_fd = -1;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);

static bool fails(enum what what)
{
	long n = atomic_fetch_add(&kinds[what].count, 1) + 1;
	return n >= kinds[what].from && n <= kinds[what].until;
}

static void *map_clock(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *at = fd < 0 ? MAP_FAILED : mmap(NULL, 8, PROT_READ, MAP_SHARED, fd, 0);
	if (fd >= 0) close(fd);
	return at == MAP_FAILED ? NULL : at;
}

__attribute__((constructor)) static void begin(void)
{
	for (int i = 0; i < NKINDS; i++) {
		char *end;
		const char *said = getenv(names[i]);
		if (!said) continue;
		kinds[i].from = strtol(said, &end, 10);
		kinds[i].until = *end == '+' ? INT32_MAX : kinds[i].from;
		atomic_store(&kinds[i].count, 0);
	}
	const char *clock = getenv("SHIM_CLOCK");
	if (clock) ahead_ms = map_clock(clock);
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("SHIM_COUNT");
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
	if (fd < 0) return;
	for (int i = 0; i < NKINDS; i++)
		dprintf(fd, "%s %ld\n", names[i], atomic_load(&kinds[i].count));
	close(fd);
}

/* -- memory -- */

static void *no_memory(void)
{
	errno = ENOMEM;
	return NULL;
}

void *malloc(size_t size)
{
	return fails(MALLOC) ? no_memory() : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails(MALLOC) ? no_memory() : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return fails(MALLOC) ? no_memory() : __libc_realloc(p, size);
}

/* -- files -- */

static int no_disk(void)
{
	errno = EIO;
	return -1;
}

int fsync(int fd)
{
	return fails(SYNC) ? no_disk() : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return fails(SYNC) ? no_disk() : (int)syscall(SYS_fdatasync, fd);
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
	return fails(WRITE) ? no_disk() : (ssize_t)syscall(SYS_pwrite64, fd, bytes, n, at);
}

/* -- time -- */

int clock_gettime(clockid_t id, struct timespec *out)
{
	int status = (int)syscall(SYS_clock_gettime, id, out);
	bool wall = id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE;
	if (status == 0 && wall && ahead_ms) {
		int64_t ns = out->tv_nsec + *ahead_ms % 1000 * 1000000;
		out->tv_sec += (time_t)(*ahead_ms / 1000 + ns / 1000000000);
		out->tv_nsec = (long)(ns % 1000000000);
		if (out->tv_nsec < 0) out->tv_sec--, out->tv_nsec += 1000000000;
	}
	return status;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	struct timespec now;
	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	*out = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
	return 0;
}

time_t time(time_t *out)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (out) *out = now.tv_sec;
	return now.tv_sec;
}

/* A timer of the wall clock, which is told when that is set: here by the FIFO. */
int timerfd_create(int id, int flags)
{
	const char *clock = getenv("SHIM_CLOCK");
	char path[4096];
	if (!clock || id != CLOCK_REALTIME) return (int)syscall(SYS_timerfd_create, id, flags);
	snprintf(path, sizeof(path), "%s.set", clock);
	return set_fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

int timerfd_settime(int fd, int flags, const struct itimerspec *at, struct itimerspec *old)
{
	if (fd == set_fd && fd >= 0) return 0;
	return (int)syscall(SYS_timerfd_settime, fd, flags, at, old);
}
