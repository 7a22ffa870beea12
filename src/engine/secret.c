#include "engine/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/paths.h"
#include "base/str.h"

enum { SECRETS_MAX = 1 << 20 };

/* A plain loop over memory that is freed next may be left out by a compiler. */
static void wipe(void *p, size_t len)
{
	volatile unsigned char *byte = p;
	while (len-- > 0)
		*byte++ = 0;
}

static void wiped_free(struct str *str)
{
	if (str->p) wipe(str->p, str->cap);
	str_finish(str);
}

static bool check_owner(const char *path, const struct stat *st, struct err *err)
{
	if (!S_ISREG(st->st_mode))
		return err_set(err, ERR_IO, "%s is not a plain file: refused", path);
	if (st->st_uid != geteuid())
		return err_set(err, ERR_IO, "%s belongs to somebody else: refused", path);
	if ((st->st_mode & 077) != 0)
		return err_set(
		        err, ERR_IO, "others may read %s: refused; say: chmod 600 %s", path, path);
	if (st->st_size > SECRETS_MAX)
		return err_set(err, ERR_TOO_LARGE, "%s is larger than %d bytes", path, SECRETS_MAX);
	return true;
}

/* The whole file; empty when there is none. */
static bool load(const char *path, struct str *out, struct err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) return true;
	if (fd < 0 && (errno == ELOOP || errno == EMLINK))
		return err_set(err, ERR_IO, "%s is a link: refused", path);
	if (fd < 0 || fstat(fd, &st) != 0) {
		err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
		goto fail;
	}
	if (!check_owner(path, &st, err)) goto fail;
	/* Room for all at once: growing would leave copies behind. */
	out->cap = (size_t)st.st_size + 1;
	out->p = xcalloc(1, out->cap);
	while (out->len + 1 < out->cap) {
		ssize_t n = read(fd, out->p + out->len, out->cap - 1 - out->len);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) {
			err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
			goto fail;
		}
		if (n == 0) break;
		out->len += (size_t)n;
	}
	out->p[out->len] = '\0';
	close(fd);
	return true;
fail:
	if (fd >= 0) close(fd);
	wiped_free(out);
	return false;
}

/* The line of `account`, its end included; NULL when there is none. Sets *token, *token_len. */
static const char *find(const struct str *file, const char *account, size_t *line_len,
        const char **token, size_t *token_len)
{
	size_t name = strlen(account);
	for (const char *at = str_c(file), *end = at + file->len; at < end;) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		size_t len = lf ? (size_t)(lf - at) : (size_t)(end - at);
		if (len > name && memcmp(at, account, name) == 0 &&
		        (at[name] == ' ' || at[name] == '\t')) {
			*line_len = len + (lf ? 1 : 0);
			const char *t = at + name;
			while (t < at + len && (*t == ' ' || *t == '\t'))
				t++;
			size_t n = (size_t)(at + len - t);
			while (n > 0 && (t[n - 1] == ' ' || t[n - 1] == '\t' || t[n - 1] == '\r'))
				n--;
			*token = t;
			*token_len = n;
			return at;
		}
		at += len + 1;
	}
	return NULL;
}

char *secret_get(const char *state_dir, const char *account, struct err *err)
{
	struct str file = {0};
	size_t line_len, len;
	const char *token;
	char *result = NULL;
	char *path = paths_join(state_dir, "secrets");
	if (load(path, &file, err)) {
		if (find(&file, account, &line_len, &token, &len) && len > 0)
			result = xstrndup(token, len);
		else
			err_set(err, ERR_NOT_FOUND, "no token for the account '%s' in %s", account,
			        path);
	}
	wiped_free(&file);
	free(path);
	return result;
}

static bool is_words(const char *secret)
{
	size_t len = strlen(secret);
	return len > 0 && secret[0] != ' ' && secret[len - 1] != ' ' && !strstr(secret, "  ") &&
	       !strpbrk(secret, "\t\r\n");
}

bool secret_put(const char *state_dir, const char *account, const char *token, struct err *err)
{
	if (!*account || strpbrk(account, " \t\r\n") || *account == '#')
		return err_set(err, ERR_SYNTAX, "'%s' cannot be an account's name", account);
	if (token && !is_words(token))
		return err_set(err, ERR_SYNTAX, "a secret is words with single blanks between");

	struct str file = {0}, next = {0};
	char *path = paths_join(state_dir, "secrets");
	bool ok = load(path, &file, err);
	if (ok) {
		size_t line_len = 0, len;
		const char *old;
		const char *line = find(&file, account, &line_len, &old, &len);
		size_t before = line ? (size_t)(line - file.p) : file.len;
		size_t room = file.len + strlen(account) + (token ? strlen(token) : 0) + 4;
		next.p = xcalloc(1, room); /* at once: see load */
		next.cap = room;
		str_add(&next, str_c(&file), before);
		if (next.len > 0 && next.p[next.len - 1] != '\n') str_addc(&next, '\n');
		if (token) {
			str_adds(&next, account);
			str_addc(&next, ' ');
			str_adds(&next, token);
			str_addc(&next, '\n');
		}
		if (line) str_add(&next, line + line_len, file.len - before - line_len);
		ok = paths_write(path, str_c(&next), next.len, 0600, err);
	}
	wiped_free(&file);
	wiped_free(&next);
	free(path);
	return ok;
}

void secret_free(char *token)
{
	if (token) wipe(token, strlen(token));
	free(token);
}
