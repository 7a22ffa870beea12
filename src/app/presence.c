#include "app/presence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <unistd.h>

static int lock_open(const struct paths *paths, struct err *err)
{
	char *path = paths_join(paths->state, "deck.lock");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
	free(path);
	return fd;
}

int presence_take(const struct paths *paths, struct err *err)
{
	int fd = lock_open(paths, err);
	if (fd < 0) return -1;
	/* The daemon may be looking whether anybody has it, which takes it no time. */
	while (flock(fd, LOCK_SH) != 0) {
		if (errno == EINTR) continue;
		err_set(err, ERR_IO, "deck.lock: %s", strerror(errno));
		close(fd);
		return -1;
	}
	/* Who watches the file is told once the lock is held. */
	ssize_t n = pwrite(fd, "\n", 1, 0);
	(void)n; /* on a full disk it looks when the file was opened */
	return fd;
}

bool presence_watch_open(struct presence_watch *watch, const struct paths *paths, struct err *err)
{
	*watch = (struct presence_watch){.lock = lock_open(paths, err), .inotify = -1};
	if (watch->lock < 0) return false;
	char *path = paths_join(paths->state, "deck.lock");
	watch->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	bool ok = watch->inotify >= 0 &&
	          inotify_add_watch(watch->inotify, path, IN_OPEN | IN_MODIFY | IN_CLOSE) >= 0;
	if (!ok) err_set(err, ERR_IO, "cannot watch %s: %s", path, strerror(errno));
	free(path);
	if (!ok) presence_watch_close(watch);
	return ok;
}

void presence_watch_close(struct presence_watch *watch)
{
	if (watch->lock >= 0) close(watch->lock);
	if (watch->inotify >= 0) close(watch->inotify);
	*watch = (struct presence_watch){-1, -1};
}

bool presence_watch_heard(struct presence_watch *watch)
{
	_Alignas(struct inotify_event) char bytes[4096];
	bool any = false;
	while (read(watch->inotify, bytes, sizeof(bytes)) > 0)
		any = true;
	return any;
}

bool presence_is_there(const struct presence_watch *watch)
{
	if (flock(watch->lock, LOCK_EX | LOCK_NB) != 0) return true;
	flock(watch->lock, LOCK_UN);
	return false;
}
