#pragma once
#include <stdbool.h>
#include <stddef.h>

/*
 * The server's side of one WebSocket (RFC 6455), once libmicrohttpd has handed its
 * connection over: frames by wslay, on a socket that the caller's epoll watches.
 */
struct websocket;
struct MHD_UpgradeResponseHandle;

struct websocket_start {
	int fd;
	struct MHD_UpgradeResponseHandle *handle; /* closed with the WebSocket */
	int epoll;                                /* where the socket is watched */
	size_t max_bytes;                         /* it breaks off after so many; 0: never */
	const char *bytes;                        /* what was read already */
	size_t len;
	void (*on_message)(void *ctx, const char *text, size_t len); /* NUL-terminated beyond */
	void *ctx;
};

struct websocket *websocket_new(const struct websocket_start *start);
void websocket_free(struct websocket *ws); /* NULL is fine */

void websocket_say(struct websocket *ws, const char *text, size_t len);
void websocket_ping(struct websocket *ws);
/* Read and write what can be now. False when it is over. */
bool websocket_run(struct websocket *ws);

/* What is answered to a Sec-WebSocket-Key. */
void websocket_accept(const char *key, char out[32]);
