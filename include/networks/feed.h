#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/feed.h"
#include "model/page.h"

/*
 * RSS, Atom, RDF, CDF and JSON Feed (shared fact sheet: feeds.md). Pure. Engine thread.
 *
 * What becomes of an item: the post's URI is `<followed URL>#<id>`; its author is
 * `<followed URL>` (the feed) or `<followed URL>#author:<name>`, with the site's host
 * as handle; its body is the text, cut to POST_EXCERPT with the whole as an article,
 * and a last line of tags where the feed gives at most eight.
 */

struct feed_input {
	const char *bytes;
	size_t len;
	const char *url;      /* where it came from, after redirects; never NULL */
	const char *followed; /* the address that the user follows: the identity of its posts; NULL:
	                         url */
	const char *content_type;     /* header value, or NULL */
	const char *content_location; /* header value, or NULL */
	int64_t now_ms;               /* for dates in the future and absent dates */
};

/* What a feed wishes of its readers. */
struct feed_wishes {
	int64_t ttl_ms;      /* 0: none */
	uint32_t skip_hours; /* bit h: not in hour h, UTC */
	uint8_t skip_days;   /* bit d: not on day d, 0 = Sunday */
	bool expired;        /* JSON Feed: no more will come */
	bool damaged;        /* the document had faults; what could be read is in the page */
	char next_url[2048]; /* JSON Feed next_url, RFC 5005 rel=next; "" when none */
	char version[16];    /* feedparser's names: "rss20", "atom10", "json11" … */
};

/* Read a document into `page` (empty). False when it is not a feed, with the reason. */
bool feed_read(const struct feed_input *in, struct page *page, struct feed_wishes *wishes,
        struct err *err);

/* feeds.md 3: any date found in the wild, UTC; false when it is none. */
bool feed_date(const char *s, int64_t *out_ms);

/* Addresses of feeds that a web page names (feeds.md 7), best first. */
struct feed_link {
	char *url, *title, *type;
};
struct feed_links {
	struct feed_link *list;
	size_t n;
};
void feed_links_finish(struct feed_links *links);
void feed_find(struct feed_links *out, const struct feed_input *page,
        const char *const *link_headers, size_t nlink_headers);
/* Addresses worth trying when a page names none (feeds.md 7.5): the i-th, owned; NULL past the
 * last. */
char *feed_guess(const char *page_url, size_t i);

/* OPML in and out, and newsboat's urls file. Nothing in them is ever run (quality.md S9). */
struct feed_list {
	struct feed **feeds;
	size_t n, cap;
	char **rejected; /* "line: why" of what was left out */
	size_t nrejected, rejected_cap;
};
void feed_list_finish(struct feed_list *list);
/* Tells OPML from newsboat's urls by content. False only when nothing of it can be read. */
bool feed_list_read(struct feed_list *out, const char *bytes, size_t len, struct err *err);
void feed_list_print_opml(struct str *out, struct feed *const *feeds, size_t n, int64_t now_ms);
/* A unique short name for a feed from its title or URL; `taken` says which are not free. Owned. */
char *feed_name(
        const char *title, const char *url, bool (*taken)(void *ctx, const char *name), void *ctx);
