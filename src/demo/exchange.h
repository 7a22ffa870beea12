#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "demo/misbehave.h"
#include "demo/params.h"
#include "demo/world.h"

/* One request and the answer to it, between server.c and the handlers. */
struct exchange {
	struct world *world;
	const char *method, *path;
	const char *base;  /* "http://127.0.0.1:8080", as the client called us */
	const char *query; /* as sent, without `?`; "" when there is none */
	struct params params;
	char args[2][256];           /* parts of the path that the route leaves open, decoded */
	int user;                    /* who asks: a person, or -1 */
	const char *token;           /* what they showed, or NULL */
	unsigned barred;             /* what it does not allow (enum scope) */
	const char *key;             /* Idempotency-Key, or NULL */
	struct str file;             /* what was uploaded with the form */
	struct misbehaviour *faults; /* NULL: it behaves */
	const char *etag, *modified; /* If-None-Match, If-Modified-Since, or NULL */
	const char *upgrade_key;     /* Sec-WebSocket-Key of who wants a WebSocket, or NULL */

	int status;       /* 0: nothing said yet, which is 200 */
	const char *type; /* NULL: JSON */
	struct str body;
	struct str headers;  /* lines `Name: value` */
	struct str accepted; /* for the log: what was written, or empty */
	bool listens;        /* the answer is a stream: */
	bool is_socket;      /* a WebSocket */
	int channel;
	const char *channel_arg;
	const char *words; /* what a search is looking for, while it does */
	uint64_t people;   /* whom a roster shows, while it does */
};

typedef void handler(struct exchange *x);

/* The value of a fault that is ordered for this path, used up once; NULL: none is. */
const char *exchange_fault(struct exchange *x, enum fault fault);
/* Say no: {"error": …}. */
void exchange_error(struct exchange *x, int status, const char *sentence);
void exchange_header(struct exchange *x, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));
/* Note for the log that something was written: its kind and id. */
void exchange_accept(struct exchange *x, const char *what, uint64_t id);
/* An id as this server writes them; 0: it is none. */
uint64_t exchange_id(const struct exchange *x, const char *text);
/* The person that a path names by id; false, with a 404, when there is none. */
bool exchange_person(struct exchange *x, size_t *out);

enum route_need { NEED_NOTHING, NEED_USER };

/* Find the handler of method and path and call it; 404, 405 and 401 are answered here. */
void routes_serve(struct exchange *x);
