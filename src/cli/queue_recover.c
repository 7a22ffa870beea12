#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "db/queue_db.h"
#include "db/queue_outbox.h"
#include "out.h"
#include "queue.h"
#include "service.h"

/* A way out of a damaged queue.db. */

static bool is_sound(const char *path)
{
	struct queue_db *db = NULL;
	bool sound = queue_db_open(path, &db, NULL);
	queue_db_close(db);
	return sound;
}

/* Nobody else may have the file open: what is set aside would be written on. */
static int lock_all(const struct paths *paths, struct err *err)
{
	long pid;
	if (daemon_is_running(paths, &pid)) {
		err_set(err, ERR_REFUSED, "a daemon runs, process %ld: end it first", pid);
		return -1;
	}
	char *path = paths_join(paths->state, "queue.lock");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
	} else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		err_set(err, ERR_REFUSED, "another stoa works with the queue: end it first");
		close(fd);
		fd = -1;
	}
	free(path);
	return fd;
}

static bool recover(const struct paths *paths, const char *path, struct err *err)
{
	char *said = NULL;
	int lock = lock_all(paths, err);
	if (lock < 0) return false;
	bool ok = queue_db_recover(path, clock_wall(&clock_system), &said, err);
	close(lock);
	if (ok && said) {
		out_text(stdout, said);
		putchar('\n');
	}
	free(said);
	return ok;
}

int queue_recover(struct queue_call *call, struct err *err)
{
	struct paths paths = {0};
	(void)call;
	if (!paths_init(&paths, err)) return out_fail(err);
	char *path = paths_join(paths.state, "queue.db");
	int status = CLI_DONE;
	if (access(path, F_OK) == 0 && is_sound(path))
		printf("%s is sound: there is nothing to recover\n", path);
	else if (!recover(&paths, path, err))
		status = out_fail(err);
	free(path);
	paths_finish(&paths);
	return status;
}
