#include "net/websocket.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wslay/wslay.h>

#include "base/mem.h"
#include "base/random.h"
#include "base/str.h"
#include "net/url.h"

enum {
	MAX_MESSAGE = 10 << 20,
	MAX_FRAGMENTS = 1024,
	MAX_HEAD = 64 << 10,
	MAX_OUT = 1 << 20, /* pongs for somebody who never reads */
	KEY_BYTES = 16,
	KEY_CHARS = 24,
};

struct came {
	char *text;
	size_t len;
	struct came *next;
};

struct websocket {
	wslay_event_context_ptr frames;
	struct response *answer;
	char *host;
	char *asked_protocol; /* Sec-WebSocket-Protocol as it was sent, or NULL */
	char key[KEY_CHARS + 1];
	bool open;
	int fragments;       /* of the message that comes now */
	const char *refused; /* why, found out within wslay */
	struct str head, out;
	size_t out_sent;
	const char *in; /* being fed */
	size_t in_len;
	struct came *first, **last;
};

/* -- the handshake -- */

void websocket_accept(const char *key, char out[29])
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	struct str text = {0};
	str_addf(&text, "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
	EVP_Digest(text.p, text.len, hash, &len, EVP_sha1(), NULL);
	EVP_EncodeBlock((unsigned char *)out, hash, (int)len);
	str_finish(&text);
}

/* Path and query, with whatever cannot stand in a request line percent-encoded. */
static void add_target(struct str *out, const char *url)
{
	const char *p = strstr(url, "://");
	p = p ? p + 3 : url;
	p += strcspn(p, "/?#");
	if (*p != '/') str_addc(out, '/');
	for (; *p && *p != '#'; p++) {
		unsigned char c = (unsigned char)*p;
		if (c <= 32 || c >= 127)
			str_addf(out, "%%%02X", c);
		else
			str_addc(out, *p);
	}
}

static void begin(struct websocket *ws, const struct request *req, const char *user_agent)
{
	static const char protocol[] = "Sec-WebSocket-Protocol:";
	unsigned char nonce[KEY_BYTES];
	random_secret(nonce, sizeof nonce);
	EVP_EncodeBlock((unsigned char *)ws->key, nonce, sizeof nonce);
	str_adds(&ws->out, "GET ");
	add_target(&ws->out, req->url);
	str_addf(&ws->out,
	        " HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
	        "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\nUser-Agent: %s\r\n",
	        ws->host, ws->key, user_agent);
	for (size_t i = 0; i < req->nheaders; i++) {
		const char *line = req->headers[i];
		str_addf(&ws->out, "%s\r\n", line);
		if (strncasecmp(line, protocol, sizeof protocol - 1) != 0) continue;
		free(ws->asked_protocol);
		line += sizeof protocol - 1;
		ws->asked_protocol = xstrdup(line + strspn(line, " "));
	}
	str_adds(&ws->out, "\r\n");
}

/* Length of a header block with the empty line that ends it; 0: it is not whole yet. */
static size_t head_len(const struct str *head)
{
	const char *p = str_c(head), *end = p + head->len;
	for (const char *lf; (lf = memchr(p, '\n', (size_t)(end - p))); p = lf + 1) {
		const char *next = lf + 1;
		if (next < end && *next == '\r') next++;
		if (next < end && *next == '\n') return (size_t)(next + 1 - head->p);
	}
	return 0;
}

/* Status and headers of the block into the answer. False when it is no HTTP. */
static bool read_head(struct response *answer, const char *head, size_t len)
{
	if (len < 13 || strncmp(head, "HTTP/1.", 7) != 0 || head[8] != ' ') return false;
	int status = atoi(head + 9);
	if (status < 100 || status > 999 || memchr(head, '\0', len)) return false;
	for (size_t i = 0; i < answer->nheaders; i++)
		free(answer->headers[i]);
	answer->nheaders = 0;
	answer->status = status;
	const char *line = memchr(head, '\n', len), *end = head + len;
	for (line++; line < end;) {
		const char *lf = memchr(line, '\n', (size_t)(end - line));
		size_t n = (size_t)(lf - line);
		while (n > 0 && line[n - 1] == '\r')
			n--;
		if (memchr(line, ':', n)) {
			answer->headers = xrealloc(
			        answer->headers, (answer->nheaders + 1) * sizeof(*answer->headers));
			answer->headers[answer->nheaders++] = xstrndup(line, n);
		}
		line = lf + 1;
	}
	return true;
}

/* Does a header list this word? */
static bool lists(const char *value, const char *word)
{
	size_t len = strlen(word);
	for (const char *p = value; p && *p; p++) {
		p += strspn(p, " \t,");
		size_t n = strcspn(p, " \t,");
		if (n == len && strncasecmp(p, word, len) == 0) return true;
		p += n;
		if (!*p) break;
	}
	return false;
}

/* What is wrong with a 101 (section 4.1); NULL: nothing. */
static const char *wrong(const struct websocket *ws)
{
	char accept[29];
	websocket_accept(ws->key, accept);
	const char *theirs = response_header(ws->answer, "Sec-WebSocket-Accept");
	const char *protocol = response_header(ws->answer, "Sec-WebSocket-Protocol");
	if (!lists(response_header(ws->answer, "Upgrade"), "websocket"))
		return "it switches to something else";
	if (!lists(response_header(ws->answer, "Connection"), "upgrade"))
		return "it does not upgrade the connection";
	if (!theirs || strcmp(theirs, accept) != 0) return "its answer is not to our question";
	if (response_header(ws->answer, "Sec-WebSocket-Extensions"))
		return "it wants extensions that nobody asked for";
	if (protocol && (!ws->asked_protocol || strcmp(protocol, ws->asked_protocol) != 0))
		return "it wants a protocol that nobody asked for";
	return NULL;
}

/* Take the head that ws->head holds. False when it is over. */
static bool take_head(struct websocket *ws, size_t len, struct err *err)
{
	if (!read_head(ws->answer, ws->head.p, len))
		return err_set(err, ERR_SERVER,
		        "%s answers a WebSocket with something else than "
		        "HTTP",
		        ws->host);
	if (ws->answer->status != 101) return ws->answer->status < 200;
	const char *why = wrong(ws);
	if (why) return err_set(err, ERR_SERVER, "%s refuses a WebSocket oddly: %s", ws->host, why);
	ws->open = true;
	return true;
}

/* -- frames: what wslay calls -- */

static ssize_t on_recv(
        wslay_event_context_ptr frames, uint8_t *buf, size_t len, int flags, void *ctx)
{
	struct websocket *ws = ctx;
	(void)flags;
	if (ws->refused || ws->in_len == 0) {
		wslay_event_set_error(
		        frames, ws->refused ? WSLAY_ERR_CALLBACK_FAILURE : WSLAY_ERR_WOULDBLOCK);
		return -1;
	}
	size_t n = len < ws->in_len ? len : ws->in_len;
	memcpy(buf, ws->in, n);
	ws->in += n;
	ws->in_len -= n;
	return (ssize_t)n;
}

static ssize_t on_send(
        wslay_event_context_ptr frames, const uint8_t *data, size_t len, int flags, void *ctx)
{
	struct websocket *ws = ctx;
	(void)frames, (void)flags;
	str_add(&ws->out, (const char *)data, len);
	return (ssize_t)len;
}

static int on_mask(wslay_event_context_ptr frames, uint8_t *buf, size_t len, void *ctx)
{
	(void)frames, (void)ctx;
	random_secret(buf, len);
	return 0;
}

static void on_frame(wslay_event_context_ptr frames,
        const struct wslay_event_on_frame_recv_start_arg *arg, void *ctx)
{
	struct websocket *ws = ctx;
	(void)frames;
	if (wslay_is_ctrl_frame(arg->opcode)) return;
	ws->fragments = arg->opcode == WSLAY_CONTINUATION_FRAME ? ws->fragments + 1 : 1;
	if (ws->fragments > MAX_FRAGMENTS) ws->refused = "a message in too many fragments";
}

static void on_message(
        wslay_event_context_ptr frames, const struct wslay_event_on_msg_recv_arg *arg, void *ctx)
{
	struct websocket *ws = ctx;
	(void)frames;
	if (arg->opcode == WSLAY_CONNECTION_CLOSE) return;
	bool text = arg->opcode == WSLAY_TEXT_FRAME;
	struct came *came = xcalloc(1, sizeof *came);
	came->len = text ? arg->msg_length : 0;
	came->text = xstrndup(text ? (const char *)arg->msg : "", came->len);
	*ws->last = came;
	ws->last = &came->next;
}

static const struct wslay_event_callbacks callbacks = {
        .recv_callback = on_recv,
        .send_callback = on_send,
        .genmask_callback = on_mask,
        .on_frame_recv_start_callback = on_frame,
        .on_msg_recv_callback = on_message,
};

/* -- in and out -- */

struct websocket *websocket_new(
        const struct request *req, const char *user_agent, struct response *answer)
{
	struct websocket *ws = xcalloc(1, sizeof *ws);
	ws->answer = answer;
	ws->last = &ws->first;
	ws->host = url_host(req->url);
	if (!ws->host) ws->host = xstrdup("");
	if (wslay_event_context_client_init(&ws->frames, &callbacks, ws) != 0) {
		websocket_free(ws);
		return NULL;
	}
	wslay_event_config_set_max_recv_msg_length(ws->frames, MAX_MESSAGE);
	begin(ws, req, user_agent);
	return ws;
}

void websocket_free(struct websocket *ws)
{
	if (!ws) return;
	size_t len;
	for (char *text; (text = websocket_next(ws, &len));)
		free(text);
	if (ws->frames) wslay_event_context_free(ws->frames);
	str_finish(&ws->head);
	str_finish(&ws->out);
	free(ws->asked_protocol);
	free(ws->host);
	free(ws);
}

/* What wslay wants to say goes to `out`. */
static void drain(struct websocket *ws)
{
	while (wslay_event_want_write(ws->frames)) {
		if (wslay_event_send(ws->frames) != 0) return;
	}
}

/* Why the frames are over. Always false. */
static bool frames_over(const struct websocket *ws, struct err *err)
{
	static const struct {
		int code;
		const char *why;
	} codes[] = {
	        {WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA, "text that is no UTF-8"},
	        {WSLAY_CODE_MESSAGE_TOO_BIG, "a message larger than 10 MiB"},
	};
	const char *why = ws->refused;
	if (!why && wslay_event_get_close_received(ws->frames)) return false;
	for (size_t i = 0; !why && i < sizeof codes / sizeof *codes; i++) {
		if (wslay_event_get_status_code_sent(ws->frames) == codes[i].code)
			why = codes[i].why;
	}
	return err_set(err, ERR_SERVER, "%s sends over its WebSocket %s", ws->host,
	        why ? why : "frames that break the protocol");
}

static bool feed_frames(struct websocket *ws, const char *bytes, size_t len, struct err *err)
{
	ws->in = bytes;
	ws->in_len = len;
	bool fine = wslay_event_recv(ws->frames) == 0 && !ws->refused &&
	            wslay_event_want_read(ws->frames);
	ws->in = NULL;
	ws->in_len = 0;
	drain(ws);
	if (!fine) return frames_over(ws, err);
	if (ws->out.len - ws->out_sent > MAX_OUT)
		return err_set(err, ERR_SERVER, "%s asks and never reads the answers", ws->host);
	return true;
}

bool websocket_feed(struct websocket *ws, const char *bytes, size_t len, struct err *err)
{
	if (ws->open) return feed_frames(ws, bytes, len, err);
	str_add(&ws->head, bytes, len);
	for (size_t head; !ws->open && (head = head_len(&ws->head));) {
		if (!take_head(ws, head, err)) return false;
		/* Behind an interim answer comes another; behind the last, frames. */
		char *rest = xstrndup(ws->head.p + head, ws->head.len - head);
		size_t left = ws->head.len - head;
		str_clear(&ws->head);
		bool fine = true;
		if (ws->open)
			fine = feed_frames(ws, rest, left, err);
		else
			str_add(&ws->head, rest, left);
		free(rest);
		if (!fine) return false;
	}
	if (ws->head.len > MAX_HEAD)
		return err_set(err, ERR_TOO_LARGE, "%s: the headers are larger than %d bytes",
		        ws->host, MAX_HEAD);
	return true;
}

bool websocket_is_open(const struct websocket *ws)
{
	return ws->open;
}

char *websocket_next(struct websocket *ws, size_t *out_len)
{
	struct came *came = ws->first;
	if (!came) return NULL;
	ws->first = came->next;
	if (!ws->first) ws->last = &ws->first;
	char *text = came->text;
	*out_len = came->len;
	free(came);
	return text;
}

const char *websocket_waiting(const struct websocket *ws, size_t *out_len)
{
	*out_len = ws->out.len - ws->out_sent;
	return str_c(&ws->out) + ws->out_sent;
}

void websocket_sent(struct websocket *ws, size_t len)
{
	ws->out_sent += len;
	if (ws->out_sent < ws->out.len) return;
	str_clear(&ws->out);
	ws->out_sent = 0;
}

bool websocket_say(struct websocket *ws, const char *text, size_t len)
{
	struct wslay_event_msg message = {
	        .opcode = len ? WSLAY_TEXT_FRAME : WSLAY_PING,
	        .msg = (const uint8_t *)text,
	        .msg_length = len,
	};
	if (!ws->open || wslay_event_queue_msg(ws->frames, &message) != 0) return false;
	drain(ws);
	return true;
}

void websocket_close(struct websocket *ws)
{
	if (!ws->open) return;
	wslay_event_queue_close(ws->frames, WSLAY_CODE_NORMAL_CLOSURE, NULL, 0);
	drain(ws);
}
