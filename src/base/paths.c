#include "base/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

char *paths_expand(const char *path)
{
	const char *home = getenv("HOME");
	if (*path != '~' || (path[1] && path[1] != '/') || !home) return xstrdup(path);
	struct str out = {0};
	str_addf(&out, "%s%s", home, path + 1);
	return str_take(&out);
}

char *paths_join(const char *dir, const char *name)
{
	struct str path = {0};

	str_adds(&path, dir);
	if (path.len == 0 || path.p[path.len - 1] != '/') str_addc(&path, '/');
	str_adds(&path, name);
	return str_take(&path);
}

/* The specification says: a relative path in one of its variables is to be ignored. */
static const char *absolute(const char *variable)
{
	const char *value = getenv(variable);

	return value && value[0] == '/' ? value : NULL;
}

static bool place(char **out, const char *variable, const char *below_home, struct err *err)
{
	const char *root = absolute(variable), *home = absolute("HOME");

	if (!root && !home) {
		return err_set(
		        err, ERR_IO, "neither HOME nor %s is set to an absolute path", variable);
	}
	if (root) {
		*out = paths_join(root, "stoa");
	} else {
		char *dir = paths_join(home, below_home);
		*out = paths_join(dir, "stoa");
		free(dir);
	}
	return true;
}

bool paths_init(struct paths *paths, struct err *err)
{
	struct paths made = {0};

	if (!place(&made.config, "XDG_CONFIG_HOME", ".config", err) ||
	        !place(&made.state, "XDG_STATE_HOME", ".local/state", err) ||
	        !place(&made.data, "XDG_DATA_HOME", ".local/share", err) ||
	        !place(&made.cache, "XDG_CACHE_HOME", ".cache", err)) {
		paths_finish(&made);
		return false;
	}
	const char *runtime = absolute("XDG_RUNTIME_DIR");
	made.runtime = runtime ? paths_join(runtime, "stoa") : paths_join(made.state, "run");
	*paths = made;
	return true;
}

void paths_finish(struct paths *paths)
{
	if (!paths) return;
	free(paths->config);
	free(paths->state);
	free(paths->data);
	free(paths->cache);
	free(paths->runtime);
	*paths = (struct paths){0};
}

static bool make_one(const char *path, struct err *err)
{
	struct stat st;

	if (mkdir(path, 0700) == 0) return true;
	int why = errno;
	/* Something stands there: fine when it is a directory, also through a link. */
	if (stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode)) return true;
		return err_set(err, ERR_IO, "%s is not a directory", path);
	}
	return err_set(err, ERR_IO, "cannot make the directory %s: %s", path, strerror(why));
}

bool paths_mkdir(const char *path, struct err *err)
{
	if (!path || !*path) return err_set(err, ERR_IO, "no directory given");

	char *copy = xstrdup(path);
	bool ok = true;
	for (char *p = copy + 1; ok && *p; p++) {
		if (*p != '/') continue;
		*p = '\0';
		ok = make_one(copy, err);
		*p = '/';
	}
	if (ok) ok = make_one(copy, err);
	free(copy);
	return ok;
}

/* Ours alone: what an older umask left open is closed. */
static bool make_private(const char *path, struct err *err)
{
	struct stat st;
	if (!paths_mkdir(path, err)) return false;
	/* A disk that cannot be written has nothing to be closed. */
	if (stat(path, &st) == 0 && (st.st_mode & 07777) == 0700) return true;
	if (chmod(path, 0700) == 0) return true;
	return err_set(err, ERR_IO, "cannot make %s private: %s", path, strerror(errno));
}

bool paths_make(const struct paths *paths, struct err *err)
{
	return make_private(paths->state, err) && make_private(paths->data, err) &&
	       make_private(paths->runtime, err);
}

static bool write_all(int fd, const char *bytes, unsigned long len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return false;
		bytes += n;
		len -= (unsigned long)n;
	}
	return true;
}

/* A rename is on the disk when its directory is. */
static bool sync_dir_of(const char *path)
{
	char *dir = xstrdup(path), *slash = strrchr(dir, '/');

	if (slash) slash[slash == dir] = '\0';
	int fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (fd < 0) return false;
	/* Some file systems cannot sync a directory and say EINVAL. */
	bool ok = fsync(fd) == 0 || errno == EINVAL;
	close(fd);
	return ok;
}

bool paths_write(
        const char *path, const char *bytes, unsigned long len, unsigned mode, struct err *err)
{
	struct str beside = {0};
	int why = 0;

	str_addf(&beside, "%s.%ld.new", path, (long)getpid());
	unlink(beside.p);
	int fd = open(beside.p, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool made = fd >= 0;
	bool ok = made && fchmod(fd, (mode_t)mode) == 0 && write_all(fd, bytes, len) &&
	          fsync(fd) == 0;
	if (!ok) why = errno;
	if (made && close(fd) != 0 && ok) {
		ok = false;
		why = errno;
	}
	if (ok && (rename(beside.p, path) != 0 || !sync_dir_of(path))) {
		ok = false;
		why = errno;
	}
	if (!ok && made) unlink(beside.p);
	str_finish(&beside);
	return ok || err_set(err, ERR_IO, "cannot write %s: %s", path, strerror(why));
}

bool paths_read(
        const char *path, unsigned long max, char **out, unsigned long *out_len, struct err *err)
{
	struct str bytes = {0};
	char piece[16384];
	ssize_t n;

	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		enum err_code code = errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
		return err_set(err, code, "cannot open %s: %s", path, strerror(errno));
	}
	while ((n = read(fd, piece, sizeof piece)) != 0) {
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) break;
		str_add(&bytes, piece, (size_t)n);
		if (bytes.len > max) break;
	}
	int why = errno;
	close(fd);
	if (n != 0) {
		str_finish(&bytes);
		if (n > 0) {
			return err_set(
			        err, ERR_TOO_LARGE, "%s is larger than %lu bytes", path, max);
		}
		return err_set(err, ERR_IO, "cannot read %s: %s", path, strerror(why));
	}
	*out_len = bytes.len;
	*out = str_take(&bytes);
	return true;
}
