/*
 * WebSockets: the first byte says whether the rest is the server's whole answer or, behind a
 * good handshake, its frames; and where it is cut in two. Both ways must bring the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "net/websocket.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static struct websocket *begin(struct response *answer)
{
	struct request req = {.method = "GET", .url = xstrdup("http://127.0.0.1/x")};
	struct websocket *ws = websocket_new(&req, "fuzz", answer);
	request_finish(&req);
	if (!ws) abort();
	return ws;
}

static void shake_hands(struct websocket *ws)
{
	size_t len;
	char key[25] = "", accept[29];
	struct str head = {0};
	memcpy(key, strstr(websocket_waiting(ws, &len), "Sec-WebSocket-Key: ") + 19, 24);
	websocket_accept(key, accept);
	str_addf(&head,
	        "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
	        "Sec-WebSocket-Accept: %s\r\n\r\n",
	        accept);
	if (!websocket_feed(ws, head.p, head.len, NULL) || !websocket_is_open(ws)) abort();
	str_finish(&head);
}

/* What came. How a broken frame ends may depend on the cut, for wslay checks as it reads. */
static void run(struct str *out, bool frames, const char *bytes, size_t len, size_t cut)
{
	struct response answer = {0};
	struct err err = {0};
	struct websocket *ws = begin(&answer);
	if (frames) shake_hands(ws);
	bool goes_on = websocket_feed(ws, bytes, cut, &err) &&
	               websocket_feed(ws, bytes + cut, len - cut, &err);
	size_t n;
	for (char *text; (text = websocket_next(ws, &n));) {
		if (text[n] != '\0') abort();
		str_add(out, text, n);
		str_addc(out, '>');
		free(text);
	}
	if (goes_on && err.code != ERR_NONE) abort();
	websocket_waiting(ws, &n);
	websocket_sent(ws, n);
	websocket_say(ws, "x", 1);
	websocket_close(ws);
	websocket_free(ws);
	response_finish(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len < 2) return 0;
	struct str whole = {0}, cut = {0};
	const char *text = (const char *)bytes + 1;
	bool frames = bytes[0] & 1;
	run(&whole, frames, text, len - 1, 0);
	run(&cut, frames, text, len - 1, (size_t)(bytes[0] >> 1) % len);
	if (whole.len != cut.len || memcmp(str_c(&whole), str_c(&cut), cut.len) != 0) abort();
	str_finish(&whole);
	str_finish(&cut);
	return 0;
}
