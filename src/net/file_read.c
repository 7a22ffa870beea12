#include "net/file_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/mem.h"

/* The path of a file URL without a host, decoded; owned, or NULL. */
static char *file_path(const char *url)
{
	CURLU *u = curl_url();
	char *path = NULL, *mine = NULL;
	if (u && !curl_url_set(u, CURLUPART_URL, url, 0) &&
	        !curl_url_get(u, CURLUPART_PATH, &path, CURLU_URLDECODE))
		mine = xstrdup(path);
	curl_free(path);
	curl_url_cleanup(u);
	return mine;
}

static bool is_known(const struct request *req, const char *etag)
{
	for (size_t i = 0; i < req->nheaders; i++) {
		const char *line = req->headers[i];
		if (strncasecmp(line, "If-None-Match:", 14) == 0)
			return strcmp(line + 14 + strspn(line + 14, " \t"), etag) == 0;
	}
	return false;
}

static bool read_all(int fd, size_t max, struct response *out, const char *path)
{
	size_t cap = 0;
	for (;;) {
		out->body = mem_grow(out->body, &cap, out->body_len + 65537, 1);
		ssize_t n = read(fd, out->body + out->body_len, 65536);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return err_set(&out->err, ERR_IO, "%s: %s", path, strerror(errno));
		if (n == 0) break;
		out->body_len += (size_t)n;
		if (out->body_len > max)
			return err_set(
			        &out->err, ERR_TOO_LARGE, "%s is larger than %zu bytes", path, max);
	}
	out->body[out->body_len] = '\0';
	return true;
}

static bool read_fd(
        const struct request *req, int fd, size_t max, const char *path, struct response *out)
{
	struct stat st;
	char etag[64];
	if (fstat(fd, &st) != 0) return err_set(&out->err, ERR_IO, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode)) return err_set(&out->err, ERR_IO, "%s is not a plain file", path);
	snprintf(etag, sizeof(etag), "\"%llx-%llx-%lx\"", (unsigned long long)st.st_size,
	        (unsigned long long)st.st_mtim.tv_sec, (unsigned long)st.st_mtim.tv_nsec);
	out->headers = xcalloc(1, sizeof(*out->headers));
	out->headers[0] = xmalloc(sizeof(etag) + 6);
	snprintf(out->headers[0], sizeof(etag) + 6, "ETag: %s", etag);
	out->nheaders = 1;
	if (is_known(req, etag)) {
		out->body = xstrdup("");
		out->status = 304;
		return true;
	}
	if (!read_all(fd, max, out, path)) return false;
	out->status = 200;
	return true;
}

void file_read(const struct request *req, size_t max, struct response *out)
{
	*out = (struct response){.url = xstrdup(req->url)};
	char *path = file_path(req->url);
	if (!path || strlen(path) == 0) {
		err_set(&out->err, ERR_SYNTAX, "%s names no file here", req->url);
		free(path);
		return;
	}
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		enum err_code code = errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
		err_set(&out->err, code, "%s: %s", path, strerror(errno));
	} else {
		read_fd(req, fd, max, path, out);
		close(fd);
	}
	free(path);
}
