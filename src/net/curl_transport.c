#include "net/transport.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>

#include <curl/curl.h>
#include <utlist.h>

#include "base/mem.h"
#include "base/str.h"
#include "net/address.h"
#include "net/curl_setup.h"
#include "net/curl_socket.h"
#include "net/curl_transfer.h"
#include "net/curl_upload.h"
#include "net/file_read.h"
#include "net/guard.h"
#include "net/url.h"

/*
 * One curl_multi carries everything. curl's callbacks only collect; hooks are called
 * from perform() after curl has returned, so that a hook may send and cancel.
 *
 * Redirects are followed here, not by libcurl: each hop is checked like a first
 * request, credentials are left behind at a change of origin, and a chain of
 * permanent ones is known.
 */

enum {
	MAX_REDIRECTS = 5,
	MIN_CONNECTIONS = 64, /* kept open between requests; more where there is room */
	MAX_CONNECTIONS = 1500,
	SPARE_HANDLES = 32,
	MAX_SOCKETS = 64, /* WebSockets that are watched */
};

struct curl_transport {
	struct transport base;
	CURLM *multi;
	CURLSH *share;
	char *user_agent;
	struct transfer *transfers;
	CURL *spare[SPARE_HANDLES];
	size_t nspare;
	unsigned last;
	bool dead; /* some transfers are over and wait to be freed */
};

/* -- one request -- */

static void set_headers(struct transfer *x)
{
	curl_slist_free_all(x->headers);
	x->headers = NULL;
	for (size_t i = 0; i < x->req.nheaders; i++)
		x->headers = curl_slist_append(x->headers, x->req.headers[i]);
	curl_easy_setopt(x->easy, CURLOPT_HTTPHEADER, x->headers);
}

static bool setup(struct transfer *x)
{
	struct curl_transport *t = x->t;
	CURL *easy = x->easy;
	curl_easy_reset(easy);
	upload_free(x->upload);
	x->upload = upload_new(easy, &x->req, &x->response.err);
	if (!x->upload && upload_is_wanted(&x->req)) return false;
	curl_setup_limits(easy, x->req.stream, x->upload);
	curl_setup_method(easy, &x->req);
	if (x->req.websocket)
		curl_socket_setup(easy);
	else
		set_headers(x);
	curl_easy_setopt(easy, CURLOPT_URL, x->response.url);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, t->user_agent);
	curl_easy_setopt(easy, CURLOPT_SHARE, t->share);
	transfer_collect(x);
	return true;
}

/* The same request at another place: the next hop, or the first. */
static bool start(struct transfer *x)
{
	if (!guard_url(&x->req, x->response.url, x->may_be_local, &x->response.err)) return false;
	if (!x->easy) {
		struct curl_transport *t = x->t;
		x->easy = t->nspare > 0 ? t->spare[--t->nspare] : curl_easy_init();
		if (!x->easy) return err_set(&x->response.err, ERR_IO, "libcurl gives no handle");
	}
	if (!setup(x)) return false;
	CURLMcode code = curl_multi_add_handle(x->t->multi, x->easy);
	if (code != CURLM_OK)
		return err_set(&x->response.err, ERR_IO, "libcurl: %s", curl_multi_strerror(code));
	return true;
}

static void count_bytes(struct transfer *x)
{
	long request = 0, header = 0;
	curl_off_t down = 0;
	curl_easy_getinfo(x->easy, CURLINFO_REQUEST_SIZE, &request);
	curl_easy_getinfo(x->easy, CURLINFO_HEADER_SIZE, &header);
	curl_easy_getinfo(x->easy, CURLINFO_SIZE_DOWNLOAD_T, &down);
	x->response.bytes_sent += transfer_counts(x) ? x->sent : (size_t)request;
	x->response.bytes_received += (size_t)header + (size_t)down;
}

/* Where curl got its bytes from was one of our own networks. */
static bool came_from_local(CURL *easy)
{
	const char *ip = NULL;
	bool is_address;
	char bracketed[80];
	if (curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &ip) || !ip || !*ip) return false;
	snprintf(bracketed, sizeof(bracketed), strchr(ip, ':') ? "[%s]" : "%s", ip);
	return address_text_is_local(bracketed, &is_address);
}

/* Go to where Location says. False when that is refused; response.err says why. */
static bool redirect(struct transfer *x)
{
	struct response *response = &x->response;
	if (++x->hops > MAX_REDIRECTS)
		return err_set(&response->err, ERR_SERVER, "%s: more than %d redirects", x->req.url,
		        MAX_REDIRECTS);
	char *target = url_resolve(response->url, response_header(response, "Location"));
	if (!target)
		return err_set(
		        &response->err, ERR_SERVER, "%s redirects to nonsense", response->url);
	if (strncasecmp(response->url, "https:", 6) == 0 && strncasecmp(target, "https:", 6) != 0) {
		err_set(&response->err, ERR_SERVER, "%s redirects to an insecure address",
		        response->url);
		free(target);
		return false;
	}
	if (response->status != 301 && response->status != 308) x->leaves_permanent = true;
	if (!x->leaves_permanent) {
		free(response->moved_to);
		response->moved_to = xstrdup(target);
	}
	if (!url_same_origin(response->url, target)) guard_drop_credentials(&x->req);
	if (!came_from_local(x->easy))
		x->may_be_local = false; /* a stranger sent us: not into our own networks */
	free(response->url);
	response->url = target;
	transfer_forget_headers(x);
	str_clear(&x->body);
	x->opened = false;
	x->header_bytes = 0;
	return start(x);
}

static void set_error(struct transfer *x, CURLcode code)
{
	struct err *err = &x->response.err;
	char *host = url_host(x->response.url);
	const char *name = host ? host : x->response.url;
	const char *why = x->error[0] ? x->error : curl_easy_strerror(code);
	if (x->blocked)
		err_set(err, ERR_UNSUPPORTED, "%s leads to a local address, which is refused",
		        name);
	else if (x->too_large)
		err_set(err, ERR_TOO_LARGE, "%s: the answer is larger than %zu bytes", name,
		        transfer_max_body(x));
	else if (code == CURLE_BAD_CONTENT_ENCODING || code == CURLE_WEIRD_SERVER_REPLY)
		err_set(err, ERR_SERVER, "%s: %s", name, why);
	else
		err_set(err, ERR_NETWORK, "%s: %s", name, why);
	free(host);
}

/* -- ends -- */

static void finish(struct transfer *x)
{
	if (x->done) return;
	x->done = x->dead = true;
	x->t->dead = true;
	if (x->easy) curl_multi_remove_handle(x->t->multi, x->easy);
	struct response *response = &x->response;
	if (response->err.code != ERR_NONE) response->status = 0;
	if (!response->body) {
		response->body_len = x->body.len;
		response->body = str_take(&x->body);
	}
	x->hooks.on_done(x->hooks.ctx, response);
}

static void transfer_free(struct transfer *x)
{
	struct curl_transport *t = x->t;
	DL_DELETE(t->transfers, x);
	if (x->easy && t->nspare < SPARE_HANDLES) {
		curl_easy_reset(x->easy);
		t->spare[t->nspare++] = x->easy;
	} else if (x->easy) {
		curl_easy_cleanup(x->easy);
	}
	upload_free(x->upload);
	websocket_free(x->ws);
	curl_slist_free_all(x->headers);
	request_finish(&x->req);
	response_finish(&x->response);
	str_finish(&x->body);
	str_finish(&x->chunk);
	free(x);
}

static void sweep(struct curl_transport *t)
{
	struct transfer *x, *next;
	if (!t->dead) return;
	t->dead = false;
	DL_FOREACH_SAFE(t->transfers, x, next)
	{
		if (x->dead) transfer_free(x);
	}
}

static void tell_messages(struct transfer *x)
{
	size_t len;
	if (websocket_is_open(x->ws) && !x->told_open) {
		x->told_open = true;
		if (x->hooks.on_open) x->hooks.on_open(x->hooks.ctx);
	}
	for (char *text; !x->done && (text = websocket_next(x->ws, &len));) {
		if (x->hooks.on_chunk) x->hooks.on_chunk(x->hooks.ctx, text, len);
		free(text);
	}
}

/* Tell how an upload goes on. */
static void tell_progress(struct transfer *x)
{
	if (x->done || x->uploaded == x->told_uploaded) return;
	x->told_uploaded = x->uploaded;
	x->hooks.on_progress(x->hooks.ctx, x->uploaded, x->upload_size);
}

/* Tell what a stream brought. */
static void tell(struct transfer *x)
{
	tell_progress(x);
	if (!x->req.stream || x->done) return;
	if (x->ws) {
		tell_messages(x);
		return;
	}
	if (x->opened && !x->told_open && !transfer_is_redirect(x)) {
		x->told_open = true;
		if (x->hooks.on_open) x->hooks.on_open(x->hooks.ctx);
	}
	if (x->chunk.len > 0 && !x->done && x->hooks.on_chunk) {
		struct str chunk = x->chunk; /* the hook may cancel, and so end this transfer */
		x->chunk = (struct str){0};
		x->hooks.on_chunk(x->hooks.ctx, chunk.p, chunk.len);
		str_finish(&chunk);
	}
}

/* Let a WebSocket move on, and tell what came. */
static void move_socket(struct transfer *x)
{
	bool goes_on = curl_socket_move(x->easy, x->ws, &x->response, &x->more, &x->response.err);
	tell(x);
	if (!goes_on) finish(x);
}

/* curl is done with one request of the transfer. */
static void ended(struct transfer *x, CURLcode code)
{
	if (x->req.websocket && code == CURLE_OK) {
		x->ws = websocket_new(&x->req, x->t->user_agent, &x->response);
		if (x->ws) return;
		code = CURLE_OUT_OF_MEMORY;
	}
	count_bytes(x);
	tell(x);
	if (x->done) return;
	if (code == CURLE_OK && transfer_is_redirect(x)) {
		curl_multi_remove_handle(x->t->multi, x->easy);
		if (redirect(x)) return;
	} else if (code != CURLE_OK) {
		set_error(x, code);
	}
	finish(x);
}

/* -- the transport's operations -- */

static unsigned curl_send(
        struct transport *base, struct request *req, const struct transfer_hooks *hooks)
{
	struct curl_transport *t = (struct curl_transport *)base;
	struct transfer *x = xcalloc(1, sizeof(*x));
	x->t = t;
	x->number = ++t->last ? t->last : ++t->last;
	x->req = *req;
	*req = (struct request){0};
	x->hooks = *hooks;
	x->may_be_local = x->req.allow_local;
	x->req.follow = x->req.follow && strcmp(x->req.method, "GET") == 0;
	x->response.url = xstrdup(x->req.url);
	DL_APPEND(t->transfers, x);
	/* A file, or what cannot be started, is answered by the next perform. */
	if (strncasecmp(x->req.url, "file:", 5) != 0) start(x);
	curl_multi_wakeup(t->multi);
	return x->number;
}

static void curl_cancel(struct transport *base, unsigned number)
{
	struct curl_transport *t = (struct curl_transport *)base;
	struct transfer *x;
	DL_FOREACH(t->transfers, x)
	{
		if (x->number != number || x->done) continue;
		if (x->ws) {
			websocket_close(x->ws); /* good manners; whether it arrives or not */
			curl_socket_move(x->easy, x->ws, &x->response, &x->more, NULL);
		} else if (x->easy) {
			count_bytes(x);
		}
		x->response.err = (struct err){0};
		err_set(&x->response.err, ERR_CANCELLED, "cancelled");
		finish(x);
		return;
	}
}

static bool curl_say(struct transport *base, unsigned number, const char *text, size_t len)
{
	struct curl_transport *t = (struct curl_transport *)base;
	struct transfer *x;
	DL_FOREACH(t->transfers, x)
	{
		if (x->number == number && !x->done && x->ws)
			return websocket_say(x->ws, text, len); /* leaves with the next perform */
	}
	return false;
}

/* libcurl watches what it moves itself; the sockets of WebSockets are ours. */
static void curl_wait(struct transport *base, int timeout_ms)
{
	struct curl_transport *t = (struct curl_transport *)base;
	struct curl_waitfd fds[MAX_SOCKETS];
	unsigned n = 0;
	struct transfer *x;
	DL_FOREACH(t->transfers, x)
	{
		if (!x->ws || x->done || n == MAX_SOCKETS) continue;
		fds[n++] = curl_socket_wait(x->easy, x->ws);
		if (x->more) timeout_ms = 0;
	}
	curl_multi_poll(t->multi, fds, n, timeout_ms, NULL);
}

static void perform_local(struct curl_transport *t)
{
	struct transfer *x, *next;
	DL_FOREACH_SAFE(t->transfers, x, next)
	{
		bool is_file = strncasecmp(x->req.url, "file:", 5) == 0;
		if (x->done || (!is_file && x->response.err.code == ERR_NONE)) continue;
		if (is_file) {
			response_finish(&x->response);
			file_read(&x->req, transfer_max_body(x), &x->response);
		}
		finish(x);
	}
}

static void curl_perform(struct transport *base)
{
	struct curl_transport *t = (struct curl_transport *)base;
	int running, left;
	perform_local(t);
	curl_multi_perform(t->multi, &running);
	struct transfer *x, *next;
	DL_FOREACH_SAFE(t->transfers, x, next)
	{
		tell(x);
	}
	for (CURLMsg *msg; (msg = curl_multi_info_read(t->multi, &left));) {
		char *private = NULL;
		CURLcode code = msg->data.result;
		if (msg->msg != CURLMSG_DONE) continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &private);
		x = (struct transfer *)(void *)private;
		if (!x->done) ended(x, code);
	}
	DL_FOREACH_SAFE(t->transfers, x, next)
	{
		if (x->ws && !x->done) move_socket(x);
	}
	sweep(t);
}

static void curl_wakeup(struct transport *base)
{
	curl_multi_wakeup(((struct curl_transport *)base)->multi);
}

static void curl_free_transport(struct transport *base)
{
	struct curl_transport *t = (struct curl_transport *)base;
	if (!t) return;
	struct transfer *x, *next;
	DL_FOREACH(t->transfers, x)
	{
		curl_cancel(base, x->number);
	}
	DL_FOREACH_SAFE(t->transfers, x, next)
	{
		transfer_free(x);
	}
	for (size_t i = 0; i < t->nspare; i++)
		curl_easy_cleanup(t->spare[i]);
	curl_multi_cleanup(t->multi);
	curl_share_cleanup(t->share);
	curl_global_cleanup();
	free(t->user_agent);
	free(t);
}

static const struct transport_ops curl_ops = {
        .name = "curl",
        .send = curl_send,
        .cancel = curl_cancel,
        .say = curl_say,
        .wait = curl_wait,
        .perform = curl_perform,
        .wakeup = curl_wakeup,
        .free = curl_free_transport,
};

/* Connections to keep: a third of the files that we may open. */
static long connections_kept(void)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur / 3 < MIN_CONNECTIONS)
		return MIN_CONNECTIONS;
	return files.rlim_cur / 3 < MAX_CONNECTIONS ? (long)(files.rlim_cur / 3) : MAX_CONNECTIONS;
}

struct transport *curl_transport_new(const char *user_agent, struct err *err)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT)) {
		err_set(err, ERR_IO, "libcurl cannot be started");
		return NULL;
	}
	struct curl_transport *t = xcalloc(1, sizeof(*t));
	t->base.ops = &curl_ops;
	t->user_agent = xstrdup(user_agent);
	t->multi = curl_multi_init();
	t->share = curl_share_init();
	if (!t->multi || !t->share) {
		curl_free_transport(&t->base);
		err_set(err, ERR_IO, "libcurl cannot be started");
		return NULL;
	}
	curl_multi_setopt(t->multi, CURLMOPT_MAXCONNECTS, connections_kept());
	/* A resumed TLS session saves most of a handshake; libcurl keeps them a handle, not a
	 * multi. */
	curl_share_setopt(t->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
	return &t->base;
}
