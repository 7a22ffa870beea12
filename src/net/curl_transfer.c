#include "net/curl_transfer.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/guard.h"

enum { MAX_BODY = 10 << 20, MAX_HEADER_BYTES = 256 << 10 };

size_t transfer_max_body(const struct transfer *x)
{
	return x->req.max_body ? x->req.max_body : MAX_BODY;
}

bool transfer_is_redirect(const struct transfer *x)
{
	int status = x->response.status;
	return x->req.follow &&
	       (status == 301 || status == 302 || status == 303 || status == 307 ||
	               status == 308) &&
	       response_header(&x->response, "Location");
}

void transfer_forget_headers(struct transfer *x)
{
	for (size_t i = 0; i < x->response.nheaders; i++)
		free(x->response.headers[i]);
	x->response.nheaders = 0;
	x->response.status = 0;
}

static size_t on_header(char *bytes, size_t size, size_t n, void *ctx)
{
	struct transfer *x = ctx;
	size_t len = size * n, kept = len;
	x->header_bytes += len;
	if (x->header_bytes > MAX_HEADER_BYTES) {
		x->too_large = true;
		return 0;
	}
	while (kept > 0 && (bytes[kept - 1] == '\n' || bytes[kept - 1] == '\r'))
		kept--;
	if (kept >= 5 && memcmp(bytes, "HTTP/", 5) == 0) {
		transfer_forget_headers(x); /* what came before was interim */
		long status = 0;
		curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
		x->response.status = (int)status;
		return len;
	}
	if (kept == 0) {
		x->opened = x->response.status >= 200 && x->response.status < 300;
		return len;
	}
	if (!memchr(bytes, ':', kept)) return len;
	struct response *response = &x->response;
	response->headers =
	        xrealloc(response->headers, (response->nheaders + 1) * sizeof(*response->headers));
	response->headers[response->nheaders++] = xstrndup(bytes, kept);
	return len;
}

static size_t on_body(char *bytes, size_t size, size_t n, void *ctx)
{
	struct transfer *x = ctx;
	size_t len = size * n;
	if (x->req.stream && x->opened) {
		str_add(&x->chunk, bytes, len);
		return len;
	}
	if (x->body.len + len > transfer_max_body(x)) {
		x->too_large = true;
		return 0;
	}
	str_add(&x->body, bytes, len);
	return len;
}

static curl_socket_t on_open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *x = ctx;
	(void)purpose;
	if (!x->may_be_local && !guard_address(x->response.url, &address->addr)) {
		x->blocked = true;
		return CURL_SOCKET_BAD;
	}
	int fd = socket(address->family, address->socktype, address->protocol);
	if (fd >= 0) fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd < 0 ? CURL_SOCKET_BAD : fd;
}

bool transfer_counts(const struct transfer *x)
{
	return strcmp(x->req.method, "GET") != 0;
}

/*
 * Told of all that was written to the connection. What asks a proxy for a way through did
 * not reach the server. (curl's own sums count a small body twice.)
 */
static int on_debug(CURL *easy, curl_infotype type, char *bytes, size_t len, void *ctx)
{
	struct transfer *x = ctx;
	(void)easy;
	if (type == CURLINFO_HEADER_OUT && len >= 8 && memcmp(bytes, "CONNECT ", 8) == 0) return 0;
	if (type == CURLINFO_HEADER_OUT || type == CURLINFO_DATA_OUT) x->sent += len;
	return 0;
}

static int on_xferinfo(
        void *ctx, curl_off_t down_size, curl_off_t down, curl_off_t size, curl_off_t uploaded)
{
	struct transfer *x = ctx;
	(void)down_size;
	(void)down;
	x->uploaded = (size_t)uploaded;
	x->upload_size = size > uploaded ? (size_t)size : (size_t)uploaded;
	return 0;
}

void transfer_collect(struct transfer *x)
{
	CURL *easy = x->easy;
	curl_easy_setopt(easy, CURLOPT_PRIVATE, x);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, x->error);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, x);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, x);
	if (transfer_counts(x)) {
		curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
		curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
		curl_easy_setopt(easy, CURLOPT_DEBUGDATA, x);
	}
	if (x->upload && x->hooks.on_progress) {
		curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
		curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_xferinfo);
		curl_easy_setopt(easy, CURLOPT_XFERINFODATA, x);
	}
}
