#pragma once
#include <stdbool.h>

#include "base/str.h"

/* URLs (RFC 3986) by libcurl's own parser. */

/* `ref` against `base`, owned; NULL when it makes no sense. */
char *url_resolve(const char *base, const char *ref);

/* "host" or "host:port" when not the scheme's own, lower case, IDN as punycode; owned; NULL when
 * there is none. */
char *url_host(const char *url);

/* What there is to know of a URL's address, from one look at it. */
struct url_facts {
	bool web;      /* http or https, with a host */
	bool loopback; /* see url_is_loopback */
	bool local;    /* see url_is_local */
};
struct url_facts url_look(const char *url);

/* http or https, with a host. */
bool url_is_web(const char *url);

/* The host is a loopback name or address. */
bool url_is_loopback(const char *url);

/*
 * The host is this machine or its neighbourhood: loopback, a private or link-local
 * address, a name without a dot or under .local, .lan, .internal, .home.arpa. For
 * what a user typed; what it leads to is checked by address at connect time.
 */
bool url_is_local(const char *url);

/* Scheme, host and port are the same: credentials may follow. */
bool url_same_origin(const char *a, const char *b);

/* Percent-encode everything but unreserved characters. */
void url_encode(struct str *out, const char *bytes, size_t len);

/* The way back, owned; a % that begins nothing and what would be a NUL stay as they are. */
char *url_decode(const char *text);
