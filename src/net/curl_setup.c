#include "net/curl_setup.h"

#include <stdlib.h>
#include <string.h>

#include "net/curl_upload.h"

enum {
	CONNECT_SECONDS = 10,
	TOTAL_SECONDS = 30,
	UPLOAD_SECONDS = 1800,
	LOW_SPEED_SECONDS = 30,
};

/* Whom to trust besides, or instead of, the system's own: as the curl program does. */
static void trust(CURL *easy)
{
	const char *bundle = getenv("CURL_CA_BUNDLE");
	const char *file = bundle && *bundle ? bundle : getenv("SSL_CERT_FILE");
	const char *dir = getenv("SSL_CERT_DIR");
	if (file && *file) curl_easy_setopt(easy, CURLOPT_CAINFO, file);
	if (dir && *dir) curl_easy_setopt(easy, CURLOPT_CAPATH, dir);
}

void curl_setup_limits(CURL *easy, bool stream, bool upload)
{
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* an end never waits for a resolver */
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	trust(easy);
	if (stream) return;
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)(upload ? UPLOAD_SECONDS : TOTAL_SECONDS));
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)LOW_SPEED_SECONDS);
}

void curl_setup_method(CURL *easy, const struct request *req)
{
	if (req->fresh) {
		curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
		curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	}
	if (strcmp(req->method, "GET") == 0) {
		curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
		return;
	}
	bool upload = upload_is_wanted(req); /* whose body is set already */
	if (!upload && (req->body || strcmp(req->method, "POST") == 0)) {
		curl_easy_setopt(easy, CURLOPT_POST, 1L);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)req->body_len);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, req->body ? req->body : "");
	}
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, req->method);
}
