#include "engine/outbox_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/paths.h"
#include "base/random.h"

/* Each copy has a directory of its own, whose name is made up: its own name stays the file's. */

enum { MAX_MB = 1024, PART_BYTES = 65536, NAME_LEN = 16, KEEP_MS = 24 * 3600000 };
static const char place[] = "outbox-files";

static char *place_of(const struct outbox *outbox)
{
	return paths_join(outbox->core->state_dir, place);
}

/* The made-up name within a copy's path; NULL: it is none of ours. */
static const char *name_in(const char *dir, const char *path)
{
	size_t len = strlen(dir);
	bool ours = path && strncmp(path, dir, len) == 0 && path[len] == '/' &&
	            strcspn(path + len + 1, "/") == NAME_LEN;
	return ours ? path + len + 1 : NULL;
}

/* -- copying -- */

static bool copy_bytes(int from, int to)
{
	char part[PART_BYTES];
	int64_t left = (int64_t)MAX_MB << 20;
	ssize_t n;
	while ((n = read(from, part, sizeof(part))) != 0) {
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return false;
		if ((left -= n) < 0) {
			errno = EFBIG;
			return false;
		}
		for (ssize_t at = 0; at < n;) {
			ssize_t wrote = write(to, part + at, (size_t)(n - at));
			if (wrote < 0 && errno != EINTR) return false;
			if (wrote > 0) at += wrote;
		}
	}
	return fsync(to) == 0;
}

static bool sync_dir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0) close(fd);
	return ok;
}

/* errno tells why not. */
static bool copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int out =
	        in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool ok = out >= 0 && copy_bytes(in, out);
	int why = errno;
	if (out >= 0) close(out);
	if (in >= 0) close(in);
	errno = why;
	return ok;
}

static void remove_copy(const char *path)
{
	struct str dir = {0};
	str_add(&dir, path, (size_t)(strrchr(path, '/') - path));
	unlink(path);
	rmdir(str_c(&dir));
	str_finish(&dir);
}

/* Owned; NULL with the reason. */
static char *make_copy(const char *dir, const char *path, struct err *err)
{
	struct str own = {0};
	uint64_t number;
	const char *slash = strrchr(path, '/');
	random_secret(&number, sizeof(number));
	str_addf(&own, "%s/%016llx", dir, (unsigned long long)number);
	if (!paths_mkdir(str_c(&own), err)) {
		str_finish(&own);
		return NULL;
	}
	char *copy = paths_join(str_c(&own), slash ? slash + 1 : path);
	bool ok = copy_file(path, copy) && sync_dir(str_c(&own)) && sync_dir(dir);
	if (!ok) err_set(err, ERR_IO, "cannot keep a copy of %s: %s", path, strerror(errno));
	if (!ok) remove_copy(copy);
	if (!ok) free(copy);
	str_finish(&own);
	return ok ? copy : NULL;
}

/* The same file, attached for several accounts, is copied once. */
struct copied {
	char *from, *to; /* owned */
};

static const char *copy_of(const struct copied *copies, size_t n, const char *path)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(copies[i].from, path) == 0) return copies[i].to;
	}
	return NULL;
}

struct taking {
	char *dir;
	struct copied *copies;
	size_t n, cap;
};

static bool take_media(struct taking *taking, struct outgoing_media *media, struct err *err)
{
	if (name_in(taking->dir, media->path)) return true;
	const char *there = copy_of(taking->copies, taking->n, media->path);
	if (!there) {
		char *made = make_copy(taking->dir, media->path, err);
		if (!made) return false;
		taking->copies = mem_grow(
		        taking->copies, &taking->cap, taking->n + 1, sizeof(*taking->copies));
		taking->copies[taking->n++] = (struct copied){xstrdup(media->path), made};
		there = made;
	}
	free(media->path);
	media->path = xstrdup(there);
	return true;
}

bool outbox_files_take(
        struct outbox *outbox, struct outgoing *const *items, size_t n, struct err *err)
{
	if (!outbox->lock) return true; /* in memory */
	struct taking taking = {.dir = place_of(outbox)};
	int64_t now = core_wall(outbox->core);
	bool ok = true;
	for (size_t i = 0; ok && i < n; i++) {
		for (size_t j = 0; ok && items[i]->at.utc_ms > now && j < items[i]->nmedia; j++)
			ok = take_media(&taking, &items[i]->media[j], err);
	}
	for (size_t i = 0; i < taking.n; i++) {
		if (!ok) remove_copy(taking.copies[i].to);
		free(taking.copies[i].from);
		free(taking.copies[i].to);
	}
	free(taking.copies);
	free(taking.dir);
	return ok;
}

/* -- removing -- */

static bool is_needed(struct outbox *outbox, const char *name, int64_t since_ms)
{
	char own[NAME_LEN + 1];
	memcpy(own, name, NAME_LEN);
	own[NAME_LEN] = '\0';
	return queue_db_names(outbox->db, own, since_ms);
}

void outbox_files_drop(struct outbox *outbox, struct outgoing *const *items, size_t n)
{
	if (!outbox->lock) return;
	char *dir = place_of(outbox);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < items[i]->nmedia; j++) {
			const char *path = items[i]->media[j].path, *name = name_in(dir, path);
			if (name && !is_needed(outbox, name, core_wall(outbox->core) - KEEP_MS))
				remove_copy(path);
		}
	}
	free(dir);
}

/* One that was made a moment ago may be of a row that is still being written. */
static bool is_old(const char *path, int64_t before_ms)
{
	struct stat st;
	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
	       (int64_t)st.st_mtime * 1000 < before_ms;
}

static void remove_all_in(const char *path)
{
	DIR *list = opendir(path);
	for (struct dirent *entry = list ? readdir(list) : NULL; entry; entry = readdir(list)) {
		char *file = paths_join(path, entry->d_name);
		unlink(file); /* not itself and what is above it: those are directories */
		free(file);
	}
	if (list) closedir(list);
	rmdir(path);
}

void outbox_files_sweep(struct outbox *outbox)
{
	if (!outbox->lock) return;
	char *dir = place_of(outbox);
	int64_t since = core_wall(outbox->core) - KEEP_MS;
	DIR *list = opendir(dir);
	for (struct dirent *entry = list ? readdir(list) : NULL; entry; entry = readdir(list)) {
		if (strlen(entry->d_name) != NAME_LEN) continue;
		char *path = paths_join(dir, entry->d_name);
		if (is_old(path, since) && !is_needed(outbox, entry->d_name, since))
			remove_all_in(path);
		free(path);
	}
	if (list) closedir(list);
	free(dir);
}
