#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "net/transport.h"

/*
 * The client's side of a WebSocket (RFC 6455), as bytes in and bytes out: the
 * handshake and its check, frames, fragments, pings answered, the close. It knows no
 * socket and no clock. What breaks the rules ends it, with a sentence. Messages are
 * text of up to 10 MiB in up to 1,024 fragments; others count as a sign of life.
 */
struct websocket;

/*
 * Begin: the handshake for req->url (http or https) waits to be sent, with req's headers.
 * `answer` is borrowed until websocket_free and gets the status and headers of what comes.
 * NULL when there is no memory for it.
 */
struct websocket *websocket_new(
        const struct request *req, const char *user_agent, struct response *answer);
void websocket_free(struct websocket *ws); /* NULL is fine */

/*
 * Bytes from the server. False when it is over: an answer that is no 101 (see `answer`)
 * and an orderly close leave *err alone. What waits to be sent may then be sent still.
 */
bool websocket_feed(struct websocket *ws, const char *bytes, size_t len, struct err *err);
bool websocket_is_open(const struct websocket *ws); /* the handshake is over, and well */

/*
 * The next of what came: a message, owned and NUL-terminated beyond *out_len, or ""
 * for a sign of life. NULL: there is no more.
 */
char *websocket_next(struct websocket *ws, size_t *out_len);

/* Bytes for the server, and that so many of them were sent. */
const char *websocket_waiting(const struct websocket *ws, size_t *out_len);
void websocket_sent(struct websocket *ws, size_t len);

/* Say a text message; an empty one is a ping. False when it is not open. */
bool websocket_say(struct websocket *ws, const char *text, size_t len);
void websocket_close(struct websocket *ws); /* 1000, as far as it can still be sent */

/* What the server must answer to a key (section 1.3): 28 characters and the NUL. */
void websocket_accept(const char *key, char out[29]);
