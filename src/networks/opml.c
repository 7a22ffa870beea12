#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libxml/parser.h>

#include "base/date.h"
#include "base/mem.h"
#include "networks/feed_list.h"
#include "networks/feed_repair.h"
#include "networks/feed_value.h"
#include "networks/xml_escape.h"
#include "networks/xml_guard.h"

/* OPML 1 and 2: outlines with xmlUrl are feeds, those around them are their groups. */

struct reader {
	struct feed_list *out;
	xmlParserCtxtPtr ctxt;
	char *groups[FEED_LIST_MAX_DEPTH]; /* owned; NULL for what is no group */
	int depth;
	bool is_opml;
};

/* An attribute, owned; any case, because nobody agrees on it. */
static char *attr(const xmlChar **attrs, int n, const char *name)
{
	for (int i = 0; i < n; i++) {
		const xmlChar **a = attrs + (ptrdiff_t)5 * i;
		size_t len = (size_t)(a[4] - a[3]);
		if (strcasecmp((const char *)a[0], name) != 0 || len > FEED_LIST_MAX_FIELD)
			continue;
		struct str value = {0};
		feed_attr_value(&value, (const char *)a[3], len);
		len = value.len;
		const char *text = feed_trim(str_c(&value), &len);
		char *copy = len ? xstrndup(text, len) : NULL;
		str_finish(&value);
		return copy;
	}
	return NULL;
}

/* OPML 2's category: "/News/Tech,linux". */
static size_t split_categories(char *text, const char **out, size_t max)
{
	size_t n = 0;
	for (char *p = text; p && *p && n < max;) {
		p += strspn(p, "/, ");
		size_t len = strcspn(p, "/,");
		char *next = p[len] ? p + len + 1 : p + len;
		p[len] = 0;
		if (*p) out[n++] = p;
		p = next;
	}
	return n;
}

static void add_feed(
        struct reader *r, const char *url, const char *title, const xmlChar **attrs, int n)
{
	enum { MAX_CATEGORIES = 16 };
	const char *groups[FEED_LIST_MAX_DEPTH + MAX_CATEGORIES];
	char *site = attr(attrs, n, "htmlUrl"), *category = attr(attrs, n, "category");
	size_t ngroups = 0;
	for (int i = 0; i < r->depth; i++) {
		if (r->groups[i]) groups[ngroups++] = r->groups[i];
	}
	ngroups += split_categories(category, groups + ngroups, MAX_CATEGORIES);
	const struct feed_list_row row = {.url = url,
	        .title = title,
	        .site = site,
	        .groups = groups,
	        .ngroups = ngroups,
	        .line = r->ctxt->input->line};
	feed_list_add(r->out, &row);
	free(site);
	free(category);
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
        int nns, const xmlChar **ns, int n, int ndefaulted, const xmlChar **attrs)
{
	(void)prefix;
	(void)uri;
	(void)nns;
	(void)ns;
	(void)ndefaulted;
	struct reader *r = ctx;
	if (r->depth == FEED_LIST_MAX_DEPTH) {
		xmlStopParser(r->ctxt);
		return;
	}
	char *group = NULL;
	if (strcasecmp((const char *)name, "opml") == 0) r->is_opml = true;
	if (r->is_opml && strcasecmp((const char *)name, "outline") == 0) {
		char *url = attr(attrs, n, "xmlUrl"), *title = attr(attrs, n, "title");
		if (!title) title = attr(attrs, n, "text");
		if (url) {
			add_feed(r, url, title, attrs, n);
			free(title);
		} else {
			group = title;
		}
		free(url);
	}
	r->groups[r->depth++] = group;
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	(void)name;
	(void)prefix;
	(void)uri;
	struct reader *r = ctx;
	if (r->depth > 0) free(r->groups[--r->depth]);
}

static bool run(struct reader *r, const char *text, size_t len, bool lenient)
{
	xmlSAXHandler sax = {
	        .initialized = XML_SAX2_MAGIC, .startElementNs = on_start, .endElementNs = on_end};
	r->ctxt = xmlCreatePushParserCtxt(&sax, r, NULL, 0, NULL);
	if (!r->ctxt) return false;
	xmlCtxtUseOptions(r->ctxt, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
	                                   XML_PARSE_IGNORE_ENC |
	                                   (lenient ? XML_PARSE_RECOVER : 0));
	xmlParseChunk(r->ctxt, text, (int)len, 1);
	bool ok = r->ctxt->wellFormed;
	xmlFreeParserCtxt(r->ctxt);
	while (r->depth > 0)
		on_end(r, NULL, NULL, NULL);
	return ok;
}

bool feed_list_read_opml(struct feed_list *out, const char *text, size_t len, struct err *err)
{
	xml_guard();
	struct feed_prolog prolog;
	feed_prolog_read(text, len, &prolog);
	struct reader r = {.out = out};
	const char *root = text + prolog.root;
	size_t left = len - prolog.root;
	if (left > 0 && !(feed_is_sane(root, left) && run(&r, root, left, false))) {
		feed_list_finish(out);
		struct str mended = {0};
		feed_repair(&mended, root, left);
		run(&r, str_c(&mended), mended.len, true);
		str_finish(&mended);
	}
	return r.is_opml ||
	       err_set(err, ERR_FORMAT, "this is neither OPML nor a list of addresses");
}

/* --- out --- */

static void add_attr(struct str *out, const char *name, const char *value)
{
	if (!value || !*value) return;
	str_addf(out, " %s=\"", name);
	xml_escape(out, value, strlen(value), true);
	str_addc(out, '"');
}

static void print_feed(struct str *out, const struct feed *feed, const char *indent)
{
	const char *title = feed->title && *feed->title ? feed->title : feed->name;
	str_addf(out, "%s<outline type=\"rss\"", indent);
	add_attr(out, "text", title && *title ? title : feed->url);
	add_attr(out, "title", title);
	add_attr(out, "xmlUrl", feed->url);
	add_attr(out, "htmlUrl", feed->site);
	str_adds(out, "/>\n");
}

static bool in_group(const struct feed *feed, const char *group, size_t len)
{
	for (const char *p = feed->groups; p && *p; p += *p == '\n') {
		size_t n = strcspn(p, "\n");
		if (n == len && memcmp(p, group, len) == 0) return true;
		p += n;
	}
	return false;
}

/* The first feed that has the group prints it. */
static bool group_seen(struct feed *const *feeds, size_t before, const char *group, size_t len)
{
	for (size_t i = 0; i < before; i++) {
		if (in_group(feeds[i], group, len)) return true;
	}
	return false;
}

static void print_group(
        struct str *out, struct feed *const *feeds, size_t n, const char *group, size_t len)
{
	char *name = xstrndup(group, len);
	str_adds(out, "\t\t<outline");
	add_attr(out, "text", name);
	add_attr(out, "title", name);
	str_adds(out, ">\n");
	for (size_t i = 0; i < n; i++) {
		if (in_group(feeds[i], group, len)) print_feed(out, feeds[i], "\t\t\t");
	}
	str_adds(out, "\t\t</outline>\n");
	free(name);
}

void feed_list_print_opml(struct str *out, struct feed *const *feeds, size_t n, int64_t now_ms)
{
	char date[32];
	date_format_rfc3339(date, now_ms / 1000 * 1000);
	str_addf(out,
	        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n"
	        "\t<head>\n\t\t<title>stoa feeds</title>\n"
	        "\t\t<dateCreated>%s</dateCreated>\n\t</head>\n\t<body>\n",
	        date);
	for (size_t i = 0; i < n; i++) {
		if (!feeds[i]->groups || !*feeds[i]->groups) print_feed(out, feeds[i], "\t\t");
		for (const char *p = feeds[i]->groups; p && *p; p += *p == '\n') {
			size_t len = strcspn(p, "\n");
			if (!group_seen(feeds, i, p, len)) print_group(out, feeds, n, p, len);
			p += len;
		}
	}
	str_adds(out, "\t</body>\n</opml>\n");
}
