#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libxml/HTMLparser.h>

#include "base/clean.h"
#include "base/mem.h"
#include "net/url.h"
#include "networks/feed.h"
#include "networks/feed_encoding.h"
#include "networks/feed_value.h"
#include "networks/html_tag.h"
#include "networks/xml_guard.h"

/* Which feeds a web page offers (feeds.md 7): by its header, its head, its links. */

enum {
	MAX_PAGE = 1024 * 1024, /* bytes read of a page */
	MAX_LINKS = 64,
	MAX_OPEN = 128, /* nested elements of it */
};

struct finder {
	struct feed_links *out;
	htmlParserCtxtPtr ctxt;
	char *base;              /* owned */
	struct feed_links later; /* mere <a href>: after what the page names itself */
};

void feed_links_finish(struct feed_links *links)
{
	for (size_t i = 0; i < links->n; i++) {
		free(links->list[i].url);
		free(links->list[i].title);
		free(links->list[i].type);
	}
	free(links->list);
	*links = (struct feed_links){0};
}

static bool has_link(const struct feed_links *links, const char *url)
{
	for (size_t i = 0; i < links->n; i++) {
		if (strcmp(links->list[i].url, url) == 0) return true;
	}
	return false;
}

static char *line_of(const char *s)
{
	struct str line = {0};
	if (s) clean_in(&line, CLEAN_LINE, s, strlen(s));
	return str_take(&line);
}

static void add_link(struct feed_links *to, const char *base, const char *href, const char *title,
        const char *type)
{
	size_t len = strlen(href);
	const char *p = feed_trim(href, &len);
	if (len == 0 || len > 2048 || to->n == MAX_LINKS) return;
	char *ref = xstrndup(p, len);
	char *url = feed_has_scheme(ref) ? xstrdup(ref) : url_resolve(base, ref);
	free(ref);
	if (!url || !url_is_web(url) || has_link(to, url)) {
		free(url);
		return;
	}
	to->list = xrealloc(to->list, (to->n + 1) * sizeof *to->list);
	to->list[to->n++] =
	        (struct feed_link){.url = url, .title = line_of(title), .type = line_of(type)};
}

static bool is_feed_type(const char *type)
{
	static const char *const types[] = {"application/rss+xml", "application/atom+xml",
	        "application/feed+json", "application/json", "application/rdf+xml"};
	size_t len = type ? strcspn(type, "; \t") : 0;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (strlen(types[i]) == len && strncasecmp(types[i], type, len) == 0) return true;
	}
	return false;
}

static bool has_word(const char *words, const char *word)
{
	size_t n = strlen(word);
	for (const char *p = words; p && *p;) {
		p += strspn(p, " \t\r\n");
		size_t len = strcspn(p, " \t\r\n");
		if (len == n && strncasecmp(p, word, n) == 0) return true;
		p += len;
	}
	return false;
}

/* --- the header Link (RFC 8288) --- */

/* A parameter of one link, owned; NULL when it is absent. `p` is after the `>`. */
static char *link_param(const char *p, const char *end, const char *name)
{
	size_t n = strlen(name);
	for (; p < end; p++) {
		if (*p != ';') continue;
		const char *at = p + 1;
		while (at < end && isspace((unsigned char)*at))
			at++;
		if ((size_t)(end - at) <= n || strncasecmp(at, name, n) != 0 || at[n] != '=')
			continue;
		at += n + 1;
		bool quoted = at < end && *at == '"';
		if (quoted) at++;
		size_t len = 0;
		while (at + len < end && at[len] != '"' && (quoted || !strchr("; ,", at[len])))
			len++;
		return xstrndup(at, len);
	}
	return NULL;
}

static void read_header(struct feed_links *out, const char *base, const char *header)
{
	for (const char *p = strchr(header, '<'); p; p = strchr(p, '<')) {
		const char *close = strchr(p, '>');
		if (!close) return;
		const char *end = strchr(close, '<'), *stop = end ? end : close + strlen(close);
		char *rel = link_param(close, stop, "rel"), *type = link_param(close, stop, "type");
		char *title = link_param(close, stop, "title");
		char *href = xstrndup(p + 1, (size_t)(close - p) - 1);
		if (has_word(rel, "alternate") && is_feed_type(type))
			add_link(out, base, href, title, type);
		free(rel);
		free(type);
		free(title);
		free(href);
		p = stop;
	}
}

/* --- the page --- */

static const char *attr(const xmlChar **attrs, const char *name)
{
	for (; attrs && attrs[0]; attrs += 2) {
		if (strcasecmp((const char *)attrs[0], name) == 0) return (const char *)attrs[1];
	}
	return NULL;
}

/* An address that looks like a feed's, not merely one with "feedback" in it. */
static bool looks_like_feed(const char *href)
{
	static const char *const words[] = {"rss", "atom", "feed", "feeds"};
	static const char *const ends[] = {
	        ".rss", ".atom", ".rdf", "feed.json", "feed.xml", "atom.xml", "rss.xml"};
	size_t len = strcspn(href, "?#");
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t n = strlen(ends[i]);
		if (len >= n && strncasecmp(href + len - n, ends[i], n) == 0) return true;
	}
	while (len > 0 && href[len - 1] == '/')
		len--;
	size_t start = len;
	while (start > 0 && href[start - 1] != '/')
		start--;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strlen(words[i]) == len - start &&
		        strncasecmp(href + start, words[i], len - start) == 0)
			return true;
	}
	return false;
}

static void on_start(void *ctx, const xmlChar *xml_name, const xmlChar **attrs)
{
	struct finder *f = ctx;
	const char *name = (const char *)xml_name, *href = attr(attrs, "href");
	if (f->ctxt->nameNr > MAX_OPEN) {
		xmlStopParser(f->ctxt);
		return;
	}
	if (!href) return;
	if (strcmp(name, "base") == 0) {
		char *base = url_resolve(f->base, href);
		if (base) {
			free(f->base);
			f->base = base;
		}
	} else if (strcmp(name, "link") == 0) {
		const char *type = attr(attrs, "type");
		if (has_word(attr(attrs, "rel"), "alternate") && is_feed_type(type))
			add_link(f->out, f->base, href, attr(attrs, "title"), type);
	} else if (strcmp(name, "a") == 0 && looks_like_feed(href)) {
		add_link(&f->later, f->base, href, attr(attrs, "title"), NULL);
	}
}

static void read_page(struct finder *f, const char *text, size_t len)
{
	xml_guard();
	f->ctxt = htmlNewParserCtxt();
	if (!f->ctxt) return;
	htmlSAXHandler sax = {.startElement = on_start};
	*f->ctxt->sax = sax;
	f->ctxt->userData = f;
	htmlDocPtr doc = htmlCtxtReadMemory(f->ctxt, text, (int)len, NULL, "UTF-8",
	        HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
	                HTML_PARSE_IGNORE_ENC | HTML_PARSE_NOIMPLIED);
	if (doc) xmlFreeDoc(doc);
	htmlFreeParserCtxt(f->ctxt);
}

void feed_find(struct feed_links *out, const struct feed_input *page,
        const char *const *link_headers, size_t nlink_headers)
{
	for (size_t i = 0; i < nlink_headers; i++)
		read_header(out, page->url, link_headers[i]);
	struct feed_input head = *page;
	if (head.len > MAX_PAGE) head.len = MAX_PAGE;
	if (head.len == 0) return;
	struct str buf = {0};
	const char *text;
	size_t len;
	bool damaged;
	feed_decode(&head, &buf, &text, &len, &damaged);
	struct finder f = {.out = out, .base = xstrdup(page->url)};
	struct str tamed = {0};
	html_tame(&tamed, text, len);
	read_page(&f, str_c(&tamed), tamed.len);
	str_finish(&tamed);
	for (size_t i = 0; i < f.later.n; i++)
		add_link(out, page->url, f.later.list[i].url, f.later.list[i].title, NULL);
	feed_links_finish(&f.later);
	free(f.base);
	str_finish(&buf);
}

/* --- where feeds usually are --- */

/* Sites whose feeds have a place of their own: `path` of the page, what to put after it. */
static const struct {
	const char *host, *path, *suffix;
} sites[] = {
        {"bsky.app", "/profile/", "/rss"}, {"github.com", "/", "/releases.atom"},
        {"github.com", "/", "/commits.atom"}, {"www.reddit.com", "/r/", ".rss"},
        {"", "/@", ".rss"}, /* Mastodon and its kin, on any host */
};

static const char *const paths[] = {"atom.xml", "feed.atom", "feed.xml", "feed/", "index.rss",
        "index.xml", "rss.xml", "rss/", "rss/feed.xml", ".rss", "/feed", "/?feed=rss2",
        "feed.json"};

/* The i-th address that this page's site is known for, owned, or NULL; *i is lowered. */
static char *known_site(const char *url, size_t *i)
{
	char *host = url_host(url);
	const char *path = strstr(url, "://");
	path = path ? strchr(path + 3, '/') : NULL;
	char *found = NULL;
	for (size_t k = 0; host && path && !found && k < sizeof sites / sizeof *sites; k++) {
		size_t n = strlen(sites[k].path);
		if (*sites[k].host && strcmp(sites[k].host, host) != 0) continue;
		if (strncmp(path, sites[k].path, n) != 0 || !path[n]) continue;
		if ((*i)-- != 0) continue;
		size_t len = strcspn(url, "?#");
		while (len > 0 && url[len - 1] == '/')
			len--;
		struct str full = {0};
		str_add(&full, url, len);
		str_adds(&full, sites[k].suffix);
		found = str_take(&full);
	}
	free(host);
	return found;
}

char *feed_guess(const char *page_url, size_t i)
{
	char *known = known_site(page_url, &i);
	if (known) return known;
	if (i >= sizeof paths / sizeof *paths) return NULL;
	if (strcmp(paths[i], ".rss") != 0) return url_resolve(page_url, paths[i]);
	size_t len = strcspn(page_url, "?#");
	while (len > 0 && page_url[len - 1] == '/')
		len--;
	struct str full = {0};
	str_add(&full, page_url, len);
	str_adds(&full, ".rss");
	return str_take(&full);
}
