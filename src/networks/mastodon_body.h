#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "model/account.h"
#include "net/transport.h"

/*
 * The parameters of a request that changes something, named once and written as the
 * server reads them (fact sheet 0): JSON, or for snac, which reads some of them from
 * nothing else, a form with `name[]=a` and `name[inner]=b`.
 */
struct mastodon_body {
	struct str text;
	bool form;
	struct str path; /* of a form: what the names at hand begin with */
	size_t marks[4]; /* of a form: lengths of `path`, outermost first */
	int depth;
	int count; /* values written */
};

void mastodon_body_init(struct mastodon_body *body, const struct account *account);

/* The same as JSON, whoever reads it; and its text, owned, instead of _end. */
void mastodon_body_init_json(struct mastodon_body *body);
char *mastodon_body_take(struct mastodon_body *body);

/* What has a NULL value is not written. Within an array names are NULL. */
void mastodon_body_str(struct mastodon_body *body, const char *name, const char *value);
void mastodon_body_int(struct mastodon_body *body, const char *name, int64_t value);
void mastodon_body_bool(struct mastodon_body *body, const char *name, bool value);
/* Nothing, said so: what was there is to go. */
void mastodon_body_none(struct mastodon_body *body, const char *name);
/* Until the close, what is written belongs to the object ('{') or array ('[') `name`. */
void mastodon_body_open(struct mastodon_body *body, const char *name, char kind);
void mastodon_body_close(struct mastodon_body *body, char kind);

/*
 * Give the body to the request, with its Content-Type. Without parameters there is no
 * body, but for snac an empty object: it refuses a POST that has nothing at all.
 */
void mastodon_body_end(struct mastodon_body *body, struct request *req);
