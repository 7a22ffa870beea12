#pragma once
#include <curl/curl.h>

#include "base/err.h"
#include "net/websocket.h"

/* WebSockets over connections that libcurl makes (CURLOPT_CONNECT_ONLY): TLS and proxies are its.
 */

/* Options for a handle that is only to connect. */
void curl_socket_setup(CURL *easy);

/*
 * Move what can be moved now, both ways, and count it in `response`. False when the
 * WebSocket is over; *err says why when that was a fault. *out_more: there is more to
 * read than one turn should.
 */
bool curl_socket_move(CURL *easy, struct websocket *ws, struct response *response, bool *out_more,
        struct err *err);

/* What to wait for. */
struct curl_waitfd curl_socket_wait(CURL *easy, const struct websocket *ws);
