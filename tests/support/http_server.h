#pragma once
#include <stdbool.h>
#include <stddef.h>

/*
 * A small HTTP server on a loopback port of its own, turned by the test that uses it:
 * it answers what it was told to, byte for byte, and keeps what it was asked.
 */
struct http_server;

struct http_server *http_server_new(void);
void http_server_free(struct http_server *server);

/* "http://127.0.0.1:PORT/path", owned. */
char *http_server_url(const struct http_server *server, const char *path);

/*
 * The answer to the next request of `path`, raw. Several are given one after the other;
 * the last stays. The connection is closed after it when `close`.
 */
void http_server_raw(
        struct http_server *server, const char *path, const void *bytes, size_t len, bool close);
/* The same from parts: status line, headers (each ended by CRLF) and a body with its length. */
void http_server_answer(struct http_server *server, const char *path, int status,
        const char *headers, const void *body, size_t len);

/* Send more on all connections whose last answer was of `path`; with NULL close them. */
void http_server_push(struct http_server *server, const char *path, const char *bytes);

/* Accept, read and answer what can be done now. */
void http_server_turn(struct http_server *server);

size_t http_server_requests(const struct http_server *server);
/* The i-th request, head and body; borrowed. */
const char *http_server_request(const struct http_server *server, size_t i);

size_t http_server_connections(const struct http_server *server); /* ever made */
