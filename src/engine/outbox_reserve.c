#include "engine/outbox_reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"

static bool is_there(const char *path)
{
	struct stat st;
	/* A file with holes reserves nothing. */
	return stat(path, &st) == 0 && st.st_size >= RESERVE_BYTES &&
	       (int64_t)st.st_blocks * 512 >= RESERVE_BYTES;
}

bool reserve_make(const char *state_dir, struct err *err)
{
	char *path = paths_join(state_dir, "queue.reserve");
	bool ok = is_there(path);
	int why = 0;
	if (!ok) {
		int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		why = fd < 0 ? errno : posix_fallocate(fd, 0, RESERVE_BYTES);
		if (fd >= 0) close(fd);
		ok = why == 0;
		if (!ok) unlink(path);
	}
	if (!ok) err_set(err, ERR_IO, "no room beside the queue (%s): %s", path, strerror(why));
	free(path);
	return ok;
}

void reserve_give(const char *state_dir)
{
	char *path = paths_join(state_dir, "queue.reserve");
	unlink(path);
	free(path);
}
