#include "engine/outbox_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/paths.h"
#include "engine/core.h"

/*
 * flock cannot be waited for together with other things, so the file is watched: the kernel
 * tells when a descriptor that could write it is closed, also by a process that dies.
 * It tells a moment before the lock is free, hence a few more looks; and of a write to the
 * log before that is synced, and so before others can see what was committed.
 */

enum { LOOKS_AGAIN = 7, LOOK_AGAIN_MS = 25 }; /* each pause twice the one before: 3 s */
#define FAR_AWAY_S 4000000000                 /* the timer only tells that the clock was set */

struct outbox_lock {
	int fd;
	bool held, has_thread;
	char *name;
	struct queue *inbox;
	int inotify, timer, stop[2];
	atomic_bool told;
	pthread_t thread;
};

static void tell(struct outbox_lock *lock)
{
	if (!atomic_exchange(&lock->told, true)) queue_push(lock->inbox, letter_new(LETTER_QUEUE));
}

void outbox_lock_heard(struct outbox_lock *lock)
{
	atomic_store(&lock->told, false);
}

/* -- the thread -- */

static void arm(int timer)
{
	struct itimerspec at = {.it_value.tv_sec = FAR_AWAY_S};
	timerfd_settime(timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &at, NULL);
}

/* Read what happened; true when it concerns us. */
static bool read_changes(int inotify)
{
	_Alignas(struct inotify_event) char bytes[4096];
	bool ours = false;
	ssize_t n;
	while ((n = read(inotify, bytes, sizeof(bytes))) > 0) {
		for (char *p = bytes; p < bytes + n;) {
			const struct inotify_event *event = (const void *)p;
			bool lock = event->len && strcmp(event->name, "queue.lock") == 0;
			bool log = event->len && strcmp(event->name, "queue.db-wal") == 0;
			if (lock && event->mask & (IN_CLOSE_WRITE | IN_MODIFY)) ours = true;
			if ((log && event->mask & IN_MODIFY) || event->mask & IN_Q_OVERFLOW)
				ours = true;
			p += sizeof(*event) + event->len;
		}
	}
	return ours;
}

static void *watch(void *ctx)
{
	struct outbox_lock *lock = ctx;
	int again = 0;
	for (;;) {
		struct pollfd fds[] = {{.fd = lock->stop[0], .events = POLLIN},
		        {.fd = lock->inotify, .events = POLLIN},
		        {.fd = lock->timer, .events = POLLIN}};
		int n = poll(fds, 3, again > 0 ? LOOK_AGAIN_MS << (LOOKS_AGAIN - again) : -1);
		bool news = false;
		uint64_t expired;
		if (n < 0 && errno != EINTR) return NULL;
		if (fds[0].revents) return NULL;
		if (n == 0) {
			again--;
			news = true;
		}
		if (n > 0 && fds[1].revents) news = read_changes(lock->inotify);
		if (n > 0 && fds[2].revents) {
			news = true;
			ssize_t got = read(lock->timer, &expired, sizeof(expired));
			(void)got; /* ECANCELED: that is the news */
			arm(lock->timer);
		}
		if (n > 0 && news) again = LOOKS_AGAIN;
		if (news) tell(lock);
	}
}

static bool start_watching(struct outbox_lock *lock, const char *state_dir, struct err *err)
{
	lock->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	lock->timer = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	bool ok = pipe(lock->stop) == 0 && lock->inotify >= 0 && lock->timer >= 0 &&
	          inotify_add_watch(lock->inotify, state_dir, IN_MODIFY | IN_CLOSE_WRITE) >= 0;
	if (!ok) return err_set(err, ERR_IO, "cannot watch %s: %s", state_dir, strerror(errno));
	for (int i = 0; i < 2; i++)
		fcntl(lock->stop[i], F_SETFD, FD_CLOEXEC);
	arm(lock->timer);
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int code = pthread_create(&lock->thread, NULL, watch, lock);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	lock->has_thread = code == 0;
	return code == 0 || err_set(err, ERR_IO, "no thread for the queue: %s", strerror(code));
}

/* -- the lock -- */

struct outbox_lock *outbox_lock_open(
        const char *state_dir, const char *name, struct queue *inbox, struct err *err)
{
	struct outbox_lock *lock = xcalloc(1, sizeof(*lock));
	char *path = paths_join(state_dir, "queue.lock");
	lock->inotify = lock->timer = lock->stop[0] = lock->stop[1] = -1;
	lock->inbox = inbox;
	lock->name = xstrdup(name);
	lock->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock->fd < 0) err_set(err, ERR_IO, "cannot open %s: %s", path, strerror(errno));
	free(path);
	if (lock->fd >= 0 && start_watching(lock, state_dir, err)) return lock;
	outbox_lock_close(lock);
	return NULL;
}

static void shut(int fd)
{
	if (fd >= 0) close(fd);
}

void outbox_lock_close(struct outbox_lock *lock)
{
	if (!lock) return;
	if (lock->has_thread) {
		ssize_t n = write(lock->stop[1], "", 1);
		(void)n; /* an empty pipe takes a byte */
		pthread_join(lock->thread, NULL);
	}
	if (lock->held && ftruncate(lock->fd, 0) != 0) lock->held = false;
	shut(lock->stop[0]);
	shut(lock->stop[1]);
	shut(lock->inotify);
	shut(lock->timer);
	shut(lock->fd);
	free(lock->name);
	free(lock);
}

bool outbox_lock_take(struct outbox_lock *lock)
{
	if (lock->held || !lock->name) return lock->held;
	if (flock(lock->fd, LOCK_EX | LOCK_NB) != 0) return false;
	lock->held = true;
	char text[128];
	int len = snprintf(text, sizeof(text), "%s, process %ld\n", lock->name, (long)getpid());
	if (ftruncate(lock->fd, 0) == 0 && pwrite(lock->fd, text, (size_t)len, 0) != len)
		return true; /* who it is is only for people */
	return true;
}

void outbox_lock_drop(struct outbox_lock *lock)
{
	if (!lock->held) return;
	if (ftruncate(lock->fd, 0) != 0) lock->held = false; /* the name is only for people */
	flock(lock->fd, LOCK_UN);
	lock->held = false;
}

bool outbox_lock_holder(struct outbox_lock *lock, struct str *out)
{
	char text[128];
	if (!lock->held && flock(lock->fd, LOCK_SH | LOCK_NB) == 0) {
		flock(lock->fd, LOCK_UN);
		return false;
	}
	ssize_t n = pread(lock->fd, text, sizeof(text), 0);
	size_t len = 0;
	while ((ssize_t)len < n && text[len] >= ' ' && text[len] <= '~')
		len++;
	str_add(out, text, len);
	return true;
}

/* -- processes -- */

/* When the process started, in ticks since the boot; "" when it does not run (any more). */
static void start_of(long pid, char out[32])
{
	char path[64], *text = NULL;
	unsigned long len;
	out[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	if (!paths_read(path, 4096, &text, &len, NULL)) return;
	/* Field 22; the second, the program's name, may hold blanks and brackets. */
	char *p = strrchr(text, ')');
	/* The third is its state: one that ended stays until its parent wants to know how. */
	if (p && strlen(p) > 2 && strchr("ZXx", p[2])) p = NULL;
	for (int field = 2; p && field < 22; field++)
		p = strchr(p + 1, ' ');
	if (p) snprintf(out, 32, "%.20s", p + 1);
	out[strcspn(out, " \n")] = '\0';
	free(text);
}

static void boot_id(char out[64])
{
	char *text = NULL;
	unsigned long len;
	out[0] = '\0';
	if (paths_read("/proc/sys/kernel/random/boot_id", 256, &text, &len, NULL))
		snprintf(out, 64, "%.40s", text);
	out[strcspn(out, " \n")] = '\0';
	free(text);
}

char *outbox_owner(void)
{
	char boot[64], start[32];
	struct str owner = {0};
	boot_id(boot);
	start_of((long)getpid(), start);
	str_addf(&owner, "%s %ld %s", boot, (long)getpid(), start);
	return str_take(&owner);
}

bool outbox_owner_lives(const char *owner)
{
	char boot[64], start[32], now[32], here[64];
	long pid;
	if (!owner || sscanf(owner, "%63s %ld %31s", boot, &pid, start) != 3) return false;
	boot_id(here);
	start_of(pid, now);
	return strcmp(boot, here) == 0 && strcmp(start, now) == 0;
}
