#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* One part of a multipart/form-data body (RFC 7578): bytes, or a file that is read when sent. */
struct request_part {
	char *name, *value;        /* value NULL: see file */
	char *file, *type, *title; /* a path; its MIME type; the file name that is told */
};
enum { REQUEST_MAX_PARTS = 64 };

/* One request. Owned by whoever holds it; request_finish frees the insides. */
struct request {
	const char *method; /* a literal: "GET", "POST", "DELETE" */
	char *url;          /* http, https, or file for feeds only */
	char **headers;     /* "Name: value" */
	size_t nheaders;
	char *body;
	size_t body_len;
	/* An upload may take half an hour as long as it moves; all else has 30 s. */
	struct request_part *parts; /* owned; instead of a body */
	size_t nparts;
	char *body_file; /* owned; instead of a body: the path of a plain file that is one */
	bool fresh; /* a connection of its own: no client repeats a POST when an old one dies */
	size_t max_body; /* refuse a longer answer, after decoding; 0: 10 MiB */
	bool stream;    /* keep open; on_chunk as data arrives; no time limit: the owner watches for
	                   silence */
	bool websocket; /* with stream: a WebSocket (net/websocket.h), by http or https; its token
	                   goes to the URL's host alone */
	bool follow; /* follow redirects (GET only, at most 5); never sends Authorization to another
	                host */
	bool allow_http;  /* plain http to another machine is allowed (feeds); else only on loopback
	                   */
	bool allow_local; /* the user typed a local address: it may be fetched (quality.md S16) */
};

void request_finish(struct request *req);
void request_header(struct request *req, const char *fmt, ...)
        __attribute__((format(printf, 2, 3))); /* adds; refuses line breaks */
/* Add a part with a value, or with a file. All are copied. */
void request_part(struct request *req, const char *name, const char *value);
void request_part_file(struct request *req, const char *name, const char *path, const char *type,
        const char *title);

struct response {
	int status;     /* 0: never got one, see err; a file that was read has 200 or 304 */
	char **headers; /* "Name: value", of the last answer when redirected */
	size_t nheaders;
	char *body; /* decoded; NUL-terminated beyond body_len */
	size_t body_len;
	char *url;      /* where it came from at last */
	char *moved_to; /* target of an unbroken chain of 301 and 308 from the start, or NULL */
	/* Request bytes that left for the server itself, exact for all but GET; 0: surely not
	 * sent. */
	size_t bytes_sent;
	size_t bytes_received; /* on the wire, headers included */
	struct err err;
};

/* Value of a header by name, any case; borrowed; NULL when absent. */
const char *response_header(const struct response *response, const char *name);
void response_finish(struct response *response);

/* None is called from inside of send; each may call send and cancel. */
struct transfer_hooks {
	/* Exactly once, cancelled (then from within cancel or free) or not. The response is
	 * borrowed. */
	void (*on_done)(void *ctx, const struct response *response);
	/* Streams: once when the status line and headers of a 2xx are in. May be NULL. */
	void (*on_open)(void *ctx);
	/* Streams: decoded bytes as they come. WebSockets: one message, NUL-terminated beyond
	 * len; an empty one is a mere sign of life. */
	void (*on_chunk)(void *ctx, const char *bytes, size_t len);
	/* Parts and body files: how much of the body has left, each time that it is more. May be
	 * NULL. */
	void (*on_progress)(void *ctx, size_t sent, size_t total);
	void *ctx;
};

/*
 * Carries requests. libcurl, and recordings (tests/support/replay_transport). All
 * calls on the engine thread, except wakeup. It does not queue or pace: net/pace does.
 */
struct transport;
struct transport_ops {
	const char *name;
	unsigned (*send)(struct transport *t, struct request *req /* takes the insides */,
	        const struct transfer_hooks *hooks);            /* a number for cancel, never 0 */
	void (*cancel)(struct transport *t, unsigned transfer); /* on_done with ERR_CANCELLED */
	/* Over an open WebSocket; len 0: a ping. False when it is not open. */
	bool (*say)(struct transport *t, unsigned transfer, const char *text, size_t len);
	void (*wait)(struct transport *t, int timeout_ms); /* for sockets or wakeup */
	void (*perform)(struct transport *t);              /* moves bytes, calls hooks */
	void (*wakeup)(struct transport *t);               /* any thread */
	void (*free)(struct transport *t);
};
struct transport {
	const struct transport_ops *ops;
};

/*
 * The network, by one curl_multi; and plain files, read here (S16: libcurl is never
 * given any scheme but http and https). Proxies come from the environment.
 */
struct transport *curl_transport_new(const char *user_agent, struct err *err);
