#include "demo/websocket.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <wslay/wslay.h>

#include "base/mem.h"
#include "base/str.h"

enum { MAX_MESSAGE = 65536, MAX_WAITING = 64 << 20 };

struct websocket {
	struct websocket_start start;
	wslay_event_context_ptr frames;
	struct str in, out;
	size_t read, sent; /* bytes of `in` and `out` that are gone */
	size_t total;      /* bytes that were ever said */
	bool over;         /* nothing more is said; what waits still goes out */
	bool watched_out;
};

void websocket_accept(const char *key, char out[32])
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	struct str text = {0};
	str_addf(&text, "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
	EVP_Digest(text.p, text.len, hash, &len, EVP_sha1(), NULL);
	EVP_EncodeBlock((unsigned char *)out, hash, (int)len);
	str_finish(&text);
}

/* -- what wslay calls -- */

static ssize_t on_recv(
        wslay_event_context_ptr frames, uint8_t *buf, size_t len, int flags, void *ctx)
{
	struct websocket *ws = ctx;
	size_t left = ws->in.len - ws->read, n = left < len ? left : len;
	(void)flags;
	if (n == 0) {
		wslay_event_set_error(frames, WSLAY_ERR_WOULDBLOCK);
		return -1;
	}
	memcpy(buf, ws->in.p + ws->read, n);
	ws->read += n;
	return (ssize_t)n;
}

static ssize_t on_send(
        wslay_event_context_ptr frames, const uint8_t *data, size_t len, int flags, void *ctx)
{
	struct websocket *ws = ctx;
	size_t fits = len, max = ws->start.max_bytes;
	(void)frames, (void)flags;
	if (max && ws->total + len >= max) {
		fits = max > ws->total ? max - ws->total : 0;
		ws->over = true;
	}
	if (ws->out.len - ws->sent > MAX_WAITING) ws->over = true;
	str_add(&ws->out, (const char *)data, fits);
	ws->total += len;
	return (ssize_t)len;
}

static void on_message(
        wslay_event_context_ptr frames, const struct wslay_event_on_msg_recv_arg *arg, void *ctx)
{
	struct websocket *ws = ctx;
	struct str text = {0};
	(void)frames;
	if (arg->opcode != WSLAY_TEXT_FRAME) return;
	str_add(&text, (const char *)arg->msg, arg->msg_length);
	ws->start.on_message(ws->start.ctx, str_c(&text), text.len);
	str_finish(&text);
}

static const struct wslay_event_callbacks callbacks = {
        .recv_callback = on_recv,
        .send_callback = on_send,
        .on_msg_recv_callback = on_message,
};

/* -- bytes -- */

static void watch(struct websocket *ws, int how, bool out)
{
	struct epoll_event event = {.events = EPOLLIN | (out ? EPOLLOUT : 0)};
	epoll_ctl(ws->start.epoll, how, ws->start.fd, &event);
	ws->watched_out = out;
}

struct websocket *websocket_new(const struct websocket_start *start)
{
	struct websocket *ws = xcalloc(1, sizeof *ws);
	ws->start = *start;
	str_add(&ws->in, start->bytes, start->len);
	fcntl(start->fd, F_SETFL, O_NONBLOCK);
	if (wslay_event_context_server_init(&ws->frames, &callbacks, ws) != 0) ws->over = true;
	if (ws->frames) wslay_event_config_set_max_recv_msg_length(ws->frames, MAX_MESSAGE);
	watch(ws, EPOLL_CTL_ADD, false);
	return ws;
}

void websocket_free(struct websocket *ws)
{
	if (!ws) return;
	watch(ws, EPOLL_CTL_DEL, false);
	if (ws->frames) wslay_event_context_free(ws->frames);
	MHD_upgrade_action(ws->start.handle, MHD_UPGRADE_ACTION_CLOSE);
	str_finish(&ws->in);
	str_finish(&ws->out);
	free(ws);
}

/* False when the other end is gone. */
static bool read_all(struct websocket *ws)
{
	char bytes[16384];
	for (;;) {
		ssize_t n = recv(ws->start.fd, bytes, sizeof bytes, 0);
		if (n == 0) return false;
		if (n < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
		str_add(&ws->in, bytes, (size_t)n);
	}
}

static bool write_all(struct websocket *ws)
{
	while (ws->sent < ws->out.len) {
		ssize_t n = send(
		        ws->start.fd, ws->out.p + ws->sent, ws->out.len - ws->sent, MSG_NOSIGNAL);
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
		if (n < 0) return false;
		ws->sent += (size_t)n;
	}
	bool left = ws->sent < ws->out.len;
	if (!left) {
		str_clear(&ws->out);
		ws->sent = 0;
	}
	if (left != ws->watched_out) watch(ws, EPOLL_CTL_MOD, left);
	return left || !ws->over;
}

bool websocket_run(struct websocket *ws)
{
	bool here = read_all(ws);
	if (!ws->over && wslay_event_recv(ws->frames) != 0) ws->over = true;
	if (ws->read == ws->in.len) {
		str_clear(&ws->in);
		ws->read = 0;
	}
	while (!ws->over && wslay_event_want_write(ws->frames)) {
		if (wslay_event_send(ws->frames) != 0) ws->over = true;
	}
	if (!ws->over && !wslay_event_want_read(ws->frames)) ws->over = true;
	return write_all(ws) && here;
}

static void queue(struct websocket *ws, int opcode, const char *text, size_t len)
{
	struct wslay_event_msg message = {
	        .opcode = (uint8_t)opcode, .msg = (const uint8_t *)text, .msg_length = len};
	if (ws->over) return;
	if (wslay_event_queue_msg(ws->frames, &message) != 0) ws->over = true;
	while (!ws->over && wslay_event_want_write(ws->frames)) {
		if (wslay_event_send(ws->frames) != 0) ws->over = true;
	}
}

void websocket_say(struct websocket *ws, const char *text, size_t len)
{
	queue(ws, WSLAY_TEXT_FRAME, text, len);
}

void websocket_ping(struct websocket *ws)
{
	queue(ws, WSLAY_PING, "", 0);
}
