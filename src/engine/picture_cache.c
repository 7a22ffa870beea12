#include "engine/picture_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/sha.h>

#include "base/mem.h"
#include "base/paths.h"
#include "base/str.h"

enum { NAME_LEN = 2 * SHA256_DIGEST_LENGTH };

struct picture_cache {
	char *dir;
	int64_t max_bytes, bytes; /* bytes -1: nobody has counted them yet */
};

/* One file, for choosing which goes. */
struct kept {
	char name[NAME_LEN + 1];
	int64_t bytes;
	struct timespec used;
};

struct picture_cache *picture_cache_new(const char *dir, int64_t max_bytes)
{
	struct picture_cache *cache = xcalloc(1, sizeof(*cache));
	*cache = (struct picture_cache){xstrdup(dir), max_bytes, -1};
	return cache;
}

void picture_cache_free(struct picture_cache *cache)
{
	if (!cache) return;
	free(cache->dir);
	free(cache);
}

static void name_of(const char *url, char out[NAME_LEN + 1])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	SHA256((const unsigned char *)url, strlen(url), digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

char *picture_cache_path(const struct picture_cache *cache, const char *url)
{
	char name[NAME_LEN + 1];
	name_of(url, name);
	return paths_join(cache->dir, name);
}

bool picture_cache_has(struct picture_cache *cache, const char *url)
{
	char *path = picture_cache_path(cache, url);
	/* Used now, for the order in which they go. */
	bool has = utimensat(AT_FDCWD, path, NULL, AT_SYMLINK_NOFOLLOW) == 0;
	free(path);
	return has;
}

/* Is it one that we named? */
static bool is_ours(const char *name)
{
	return strlen(name) == NAME_LEN && strspn(name, "0123456789abcdef") == NAME_LEN;
}

static struct kept *list_kept(const struct picture_cache *cache, size_t *out_n)
{
	struct kept *list = NULL;
	size_t n = 0, cap = 0;
	DIR *dir = opendir(cache->dir);
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		struct stat st;
		if (!is_ours(entry->d_name) ||
		        fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		list = mem_grow(list, &cap, n + 1, sizeof(*list));
		list[n] = (struct kept){.bytes = st.st_size, .used = st.st_mtim};
		memcpy(list[n++].name, entry->d_name, NAME_LEN + 1);
	}
	if (dir) closedir(dir);
	*out_n = n;
	return list;
}

static int by_use(const void *a, const void *b)
{
	const struct timespec *one = &((const struct kept *)a)->used;
	const struct timespec *two = &((const struct kept *)b)->used;
	if (one->tv_sec != two->tv_sec) return one->tv_sec < two->tv_sec ? -1 : 1;
	return (one->tv_nsec > two->tv_nsec) - (one->tv_nsec < two->tv_nsec);
}

/* Count what is there, and let the oldest go until a tenth of the room is free. */
static void tidy(struct picture_cache *cache)
{
	size_t n;
	struct kept *list = list_kept(cache, &n);
	cache->bytes = 0;
	for (size_t i = 0; i < n; i++)
		cache->bytes += list[i].bytes;
	if (cache->bytes > cache->max_bytes) {
		qsort(list, n, sizeof(*list), by_use);
		int64_t target = cache->max_bytes - cache->max_bytes / 10;
		for (size_t i = 0; i < n && cache->bytes > target; i++) {
			char *path = paths_join(cache->dir, list[i].name);
			if (unlink(path) == 0) cache->bytes -= list[i].bytes;
			free(path);
		}
	}
	free(list);
}

void picture_cache_limit(struct picture_cache *cache, int64_t max_bytes)
{
	cache->max_bytes = max_bytes;
	tidy(cache);
}

/* Beside its place first, so that nobody ever sees half of it. */
static bool write_file(const char *path, const char *bytes, size_t len, struct err *err)
{
	struct str part = {0};
	str_addf(&part, "%s.part", path);
	unlink(part.p);
	int fd = open(part.p, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok = fd >= 0;
	while (ok && len > 0) {
		ssize_t n = write(fd, bytes, len);
		ok = n > 0 || (n < 0 && errno == EINTR);
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
	if (fd >= 0 && close(fd) != 0) ok = false;
	ok = ok && rename(part.p, path) == 0;
	if (!ok) {
		err_set(err, ERR_IO, "cannot keep a picture at %s: %s", path, strerror(errno));
		unlink(part.p);
	}
	str_finish(&part);
	return ok;
}

bool picture_cache_put(struct picture_cache *cache, const char *url, const char *bytes, size_t len,
        struct err *err)
{
	if (!paths_mkdir(cache->dir, err)) return false;
	char *path = picture_cache_path(cache, url);
	bool ok = write_file(path, bytes, len, err);
	free(path);
	if (cache->bytes >= 0) cache->bytes += (int64_t)len;
	if (cache->bytes < 0 || cache->bytes > cache->max_bytes) tidy(cache);
	return ok;
}
