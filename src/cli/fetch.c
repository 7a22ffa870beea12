#include "fetch.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FETCH_MAX_BODY = 10 << 20, FETCH_WAIT_MS = 1000 };

struct fetch {
	struct response copy;
	bool done;
};

static char *copy_bytes(const char *bytes, size_t len)
{
	char *copy = xmalloc(len + 1);
	if (len) memcpy(copy, bytes, len);
	copy[len] = '\0';
	return copy;
}

static void on_done(void *ctx, const struct response *response)
{
	struct fetch *fetch = ctx;
	fetch->done = true;
	fetch->copy.status = response->status;
	fetch->copy.err = response->err;
	fetch->copy.body = copy_bytes(response->body, response->body_len);
	fetch->copy.body_len = response->body_len;
	fetch->copy.url = xstrdup(response->url);
	fetch->copy.headers = xcalloc(response->nheaders + 1, sizeof(char *));
	fetch->copy.nheaders = response->nheaders;
	for (size_t i = 0; i < response->nheaders; i++)
		fetch->copy.headers[i] = xstrdup(response->headers[i]);
}

bool fetch_url(const char *url, struct response *out, struct err *err)
{
	struct transport *transport = curl_transport_new("stoa/" STOA_VERSION, err);
	if (!transport) return false;
	struct fetch fetch = {0};
	struct request req = {
	        .method = "GET",
	        .url = xstrdup(url),
	        .max_body = FETCH_MAX_BODY,
	        .follow = true,
	        .allow_http = true,
	        .allow_local = true,
	};
	struct transfer_hooks hooks = {.on_done = on_done, .ctx = &fetch};
	transport->ops->send(transport, &req, &hooks);
	while (!fetch.done) {
		transport->ops->perform(transport);
		if (!fetch.done) transport->ops->wait(transport, FETCH_WAIT_MS);
	}
	transport->ops->free(transport);
	*out = fetch.copy;
	if (out->err.code != ERR_NONE) {
		if (err) *err = out->err;
		return false;
	}
	/* A file has no status. */
	if (out->status != 0 && (out->status < 200 || out->status > 299))
		return err_set(err, ERR_SERVER, "%s answers %d", url, out->status);
	return true;
}
