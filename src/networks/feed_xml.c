#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "net/url.h"
#include "networks/feed_doc.h"
#include "networks/feed_element.h"
#include "networks/feed_repair.h"
#include "networks/feed_value.h"
#include "networks/xml_guard.h"

/*
 * RSS, RDF, Atom and CDF by libxml2's events: no tree, so memory follows the items
 * kept and not the document. First strictly; what has faults is mended
 * (feed_repair.c) and read again, and the page says that it was damaged.
 */

enum {
	CHUNK = 256 * 1024,
	MAX_OWN = 16, /* entities of the document's own */
	MAX_OWN_TEXT = 256,
	MAX_ELEMENTS = 250000,  /* more than 2000 items need */
	MAX_LOST = 1024 * 1024, /* bytes beyond an item's limit; then the rest is left out */
	MAX_OWN_USES = 1000,    /* references to entities of the document's own */
};

/* `<!ENTITY name "text">`, the only kind that is heard. */
struct feed_entity {
	const char *name, *text; /* arena */
};

struct level {
	unsigned where;
	const char *base, *lang; /* arena; NULL when none */
};

struct capture {
	const struct feed_element *element; /* NULL: none */
	int depth;                          /* of its element */
	bool tags;                          /* write child elements into the text */
	bool escape;                        /* the text is markup itself */
	bool base64;
	enum feed_markup markup;
	const char *fallback; /* a tag's label or a person's, from attributes */
	struct str text;
};

struct reader {
	struct feed_doc *doc;
	xmlParserCtxtPtr ctxt;
	const char *base;
	struct level levels[FEED_MAX_DEPTH + 1];
	int depth; /* open elements */
	int elements;
	bool atom, is_feed, in_item, in_source, stopped;
	const char *root_uri; /* what `rss` declared as its own, or NULL */
	struct capture cap;
	struct str attr;  /* scratch */
	xmlEntity entity; /* the one asked for last */
	char entity_text[8];
	struct feed_entity own[MAX_OWN]; /* declared in the document */
	int nown, own_uses;
	size_t lost; /* bytes left out for the limits */
};

static struct feed_record *record(struct reader *r)
{
	struct feed_doc *doc = r->doc;
	return r->in_item && doc->nitems > 0 ? &doc->items[doc->nitems - 1] : &doc->feed;
}

/* --- attributes, as libxml2 gives them: five pointers each --- */

struct attrs {
	const xmlChar **p;
	int n;
};

/* A copy in the arena, trimmed; NULL when absent, empty or beyond the limit. */
static const char *attr(struct reader *r, const struct attrs *attrs, const char *name)
{
	for (int i = 0; i < attrs->n; i++) {
		const xmlChar **a = attrs->p + (ptrdiff_t)5 * i;
		if (strcasecmp((const char *)a[0], name) != 0) continue;
		size_t len = (size_t)(a[4] - a[3]);
		if (len > FEED_MAX_ATTR) return NULL;
		struct str *value = &r->attr;
		str_clear(value);
		feed_attr_value(value, (const char *)a[3], len);
		len = value->len;
		const char *text = feed_trim(str_c(value), &len);
		return len ? arena_strndup(&r->doc->arena, text, len) : NULL;
	}
	return NULL;
}

static const char *xml_attr(struct reader *r, const struct attrs *attrs, const char *name)
{
	for (int i = 0; i < attrs->n; i++) {
		const xmlChar **a = attrs->p + (ptrdiff_t)5 * i;
		if (a[1] && strcmp((const char *)a[1], "xml") == 0 &&
		        strcmp((const char *)a[0], name) == 0) {
			const struct attrs one = {a, 1};
			return attr(r, &one, name);
		}
	}
	return NULL;
}

static const char *resolve(struct reader *r, const char *base, const char *ref)
{
	return feed_resolve(&r->doc->arena, base, ref);
}

/* --- capturing the text of an element --- */

static void escape(struct str *out, const char *p, size_t len, bool quotes)
{
	for (size_t i = 0; i < len; i++) {
		switch (p[i]) {
		case '&':
			str_adds(out, "&amp;");
			break;
		case '<':
			str_adds(out, "&lt;");
			break;
		case '>':
			str_adds(out, "&gt;");
			break;
		case '"':
			if (quotes) {
				str_adds(out, "&quot;");
				break;
			} /* fall through */
		default:
			str_addc(out, p[i]);
		}
	}
}

static void stop(struct reader *r)
{
	r->stopped = true;
	xmlStopParser(r->ctxt);
}

static bool has_room(struct reader *r, size_t more)
{
	if (record(r)->bytes + r->cap.text.len + more <= FEED_MAX_ITEM) return true;
	r->doc->wishes.damaged = true;
	r->lost += more;
	if (r->lost > MAX_LOST) stop(r);
	return false;
}

static void capture_tag(struct reader *r, const char *name, const struct attrs *attrs)
{
	struct str *s = &r->cap.text;
	str_addf(s, "<%s", name);
	for (int i = 0; i < attrs->n; i++) {
		const xmlChar **a = attrs->p + (ptrdiff_t)5 * i;
		size_t len = (size_t)(a[4] - a[3]);
		if (len > FEED_MAX_ATTR || !has_room(r, len)) continue;
		str_addf(s, " %s=\"", (const char *)a[0]);
		str_clear(&r->attr);
		feed_attr_value(&r->attr, (const char *)a[3], len);
		escape(s, str_c(&r->attr), r->attr.len, true);
		str_addc(s, '"');
	}
	str_addc(s, '>');
}

static void capture_text(struct reader *r, const char *p, size_t len)
{
	if (!r->cap.element || !has_room(r, len)) return;
	if (r->cap.escape)
		escape(&r->cap.text, p, len, false);
	else
		str_add(&r->cap.text, p, len);
}

/* Atom's type and mode attributes: how the text is written (feeds.md 2). */
static void capture_typed(struct reader *r, const struct attrs *attrs)
{
	struct capture *cap = &r->cap;
	const char *type = attr(r, attrs, "type"), *mode = attr(r, attrs, "mode");
	if (!type) type = "text";
	bool xhtml = strcasecmp(type, "xhtml") == 0 || feed_ends_with(type, "/xhtml+xml");
	bool xml = feed_ends_with(type, "/xml") || feed_ends_with(type, "+xml");
	bool html = strcasecmp(type, "html") == 0 || strcasecmp(type, "text/html") == 0;
	bool text = strcasecmp(type, "text") == 0 || strncasecmp(type, "text/", 5) == 0;
	if (mode ? strcasecmp(mode, "base64") == 0 : !text && !html && !xml && !xhtml)
		cap->base64 = true;
	bool inline_xml = mode ? strcasecmp(mode, "xml") == 0 : xhtml || xml;
	cap->tags = cap->escape = (xhtml || xml || html) && inline_xml;
	cap->markup = xhtml || xml || html ? FEED_HTML : cap->base64 ? FEED_GUESS : FEED_PLAIN;
}

static void capture_start(
        struct reader *r, const struct feed_element *element, const struct attrs *attrs)
{
	struct capture *cap = &r->cap;
	struct str text = cap->text;
	str_clear(&text);
	*cap = (struct capture){.element = element, .depth = r->depth, .text = text};
	switch (element->writing) {
	case AS_PLAIN:
		cap->markup = FEED_PLAIN;
		break;
	case AS_HTML:
		cap->markup = FEED_HTML;
		cap->tags = true;
		break;
	case AS_GUESS:
		cap->markup = FEED_GUESS;
		cap->tags = true;
		break;
	case AS_TYPED:
		if (element->ns == NS_XHTML) {
			cap->markup = FEED_HTML;
			cap->tags = cap->escape = true;
		} else {
			capture_typed(r, attrs);
		}
		break;
	}
	/* Atom 0.3's and RSS's makers put type and mode on other elements as well. */
	if (element->writing != AS_TYPED && element->writing != AS_PLAIN) {
		const char *mode = attr(r, attrs, "mode");
		if (mode && strcasecmp(mode, "base64") == 0) cap->base64 = true;
	}
}

static void keep_slot(struct reader *r, const char *text, size_t len)
{
	struct feed_record *rec = record(r);
	struct feed_value *value = &rec->slot[r->cap.element->slot];
	/* Of two titles the first counts, of two dates the last. */
	bool date = r->cap.element->slot >= SLOT_PUB_DATE && r->cap.element->slot <= SLOT_UPDATED;
	if ((value->text && !date) || len == 0) return;
	value->text = arena_strndup(&r->doc->arena, text, len);
	value->base = r->levels[r->cap.depth].base;
	value->markup = r->cap.markup;
	rec->bytes += len;
}

static struct feed_person *person(struct reader *r)
{
	struct feed_record *rec = record(r);
	if (r->in_source) return &rec->source_author;
	return rec->npeople ? &rec->people[rec->npeople - 1] : NULL;
}

static void keep_person(struct reader *r, const char *text, size_t len)
{
	struct feed_person *who = person(r);
	if (!who || len == 0) return;
	const char *copy = arena_strndup(&r->doc->arena, text, len);
	switch (r->cap.element->does) {
	case DO_NAME:
		who->name = copy;
		break;
	case DO_EMAIL:
		who->email = copy;
		break;
	default:
		who->uri = copy;
		break;
	}
}

static void keep_keywords(struct reader *r, const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = 0;
		while (i + n < len && text[i + n] != ',')
			n++;
		size_t tag_len = n;
		const char *tag = feed_trim(text + i, &tag_len);
		if (tag_len > 0)
			feed_record_tag(record(r), arena_strndup(&r->doc->arena, tag, tag_len));
		i += n + 1;
	}
}

static void keep_alt(struct reader *r, const char *text, size_t len)
{
	struct feed_record *rec = record(r);
	if (rec->nmedia && len > 0)
		rec->media[rec->nmedia - 1].alt = arena_strndup(&r->doc->arena, text, len);
}

/* The element ends: put its text where it belongs. */
static void capture_end(struct reader *r)
{
	struct capture *cap = &r->cap;
	if (cap->base64) feed_unbase64(&cap->text);
	size_t len = cap->text.len;
	const char *text = feed_trim(str_c(&cap->text), &len);
	struct feed_wishes *wishes = &r->doc->wishes;
	const char *short_text = len < 64 ? arena_strndup(&r->doc->arena, text, len) : "";
	switch (cap->element->does) {
	case DO_SLOT:
		keep_slot(r, text, len);
		break;
	case DO_TAG:
	case DO_CATEGORY:
		if (len > 0 && len < FEED_MAX_ATTR)
			feed_record_tag(record(r), arena_strndup(&r->doc->arena, text, len));
		else if (cap->fallback)
			feed_record_tag(record(r), cap->fallback);
		break;
	case DO_KEYWORDS:
		keep_keywords(r, text, len);
		break;
	case DO_NAME:
	case DO_EMAIL:
	case DO_URI:
		keep_person(r, text, len);
		break;
	case DO_PERSON:
		/* RSS's: "mail (Name)". What has elements inside is Atom's. */
		if (len > 0 && !record(r)->slot[SLOT_AUTHOR].text && !r->in_source)
			record(r)->slot[SLOT_AUTHOR].text =
			        arena_strndup(&r->doc->arena, text, len);
		break;
	case DO_ALT:
		keep_alt(r, text, len);
		break;
	case DO_HOUR:
		feed_wish_hour(wishes, short_text);
		break;
	case DO_DAY:
		feed_wish_day(wishes, short_text);
		break;
	case DO_TTL:
		feed_wish_ttl(wishes, short_text);
		break;
	case DO_PERIOD:
		r->doc->sy_period = short_text;
		break;
	case DO_FREQUENCY:
		r->doc->sy_frequency = short_text;
		break;
	case DO_COMMENT_COUNT:
		record(r)->comments = strtol(short_text, NULL, 10);
		break;
	default:
		break;
	}
	cap->element = NULL;
}

/* --- elements --- */

static void start_link(struct reader *r, const struct level *level, const struct attrs *attrs)
{
	struct feed_href link = {.rel = attr(r, attrs, "rel"),
	        .type = attr(r, attrs, "type"),
	        .title = attr(r, attrs, "title"),
	        .href = attr(r, attrs, "href"),
	        .base = level->base};
	static const struct feed_element text = {
	        NS_ATOM, "link", IN_RECORD, DO_SLOT, SLOT_LINK, AS_PLAIN};
	if (link.href)
		feed_record_link(record(r), &link);
	else if (!link.rel || strcasecmp(link.rel, "alternate") == 0)
		capture_start(r, &text, attrs);
}

static void start_medium(
        struct reader *r, const struct level *level, const struct attrs *attrs, bool thumbnail)
{
	const char *url = attr(r, attrs, "url");
	if (!url) url = attr(r, attrs, "href");
	if (!url) return;
	if (level->base) url = resolve(r, level->base, url);
	feed_record_medium(record(r), &(struct feed_medium){.url = url,
	                                      .type = attr(r, attrs, "type"),
	                                      .medium = attr(r, attrs, "medium"),
	                                      .is_thumbnail = thumbnail});
}

static void start_item(struct reader *r, struct level *level, const struct attrs *attrs)
{
	struct feed_record *item = feed_doc_item(r->doc);
	if (!item) {
		stop(r);
		return;
	}
	r->in_item = true;
	level->where = IN_ITEM;
	item->slot[SLOT_BASE].text = level->base;
	item->slot[SLOT_LANG].text = level->lang;
	item->slot[SLOT_ABOUT].text = attr(r, attrs, "about");
	/* CDF */
	item->slot[SLOT_LINK] =
	        (struct feed_value){.text = attr(r, attrs, "href"), .base = level->base};
	item->slot[SLOT_UPDATED].text = attr(r, attrs, "lastmod");
}

static void start_feed(struct reader *r, struct level *level, const struct attrs *attrs)
{
	struct feed_record *feed = &r->doc->feed;
	r->is_feed = true;
	level->where = IN_FEED;
	feed->slot[SLOT_BASE].text = level->base;
	feed->slot[SLOT_LANG].text = level->lang;
	if (!feed->slot[SLOT_ABOUT].text) feed->slot[SLOT_ABOUT].text = attr(r, attrs, "about");
	if (!feed->slot[SLOT_LINK].text) {
		feed->slot[SLOT_LINK] =
		        (struct feed_value){.text = attr(r, attrs, "href"), .base = level->base};
	}
	if (!feed->slot[SLOT_UPDATED].text)
		feed->slot[SLOT_UPDATED].text = attr(r, attrs, "lastmod");
}

/* RSS's link may be Atom's in RSS's clothes. */
static bool is_atom_link(
        struct reader *r, const struct feed_element *element, const struct attrs *attrs)
{
	return element->does == DO_SLOT && element->slot == SLOT_LINK && attr(r, attrs, "href");
}

static void start_text(struct reader *r, const struct feed_element *element, struct level *level,
        const struct attrs *attrs)
{
	if (is_atom_link(r, element, attrs)) {
		start_link(r, level, attrs);
		return;
	}
	if (element->slot == SLOT_GUID && element->does == DO_SLOT) {
		const char *permalink = attr(r, attrs, "ispermalink");
		record(r)->permalink = !permalink || strcasecmp(permalink, "false") != 0;
	}
	if (element->slot == SLOT_CONTENT && element->ns == NS_ATOM && element->does == DO_SLOT) {
		const char *src = attr(r, attrs, "src");
		struct feed_value *value = &record(r)->slot[SLOT_CONTENT_SRC];
		if (src && !value->text)
			*value = (struct feed_value){.text = src, .base = level->base};
	}
	capture_start(r, element, attrs);
	if (element->does == DO_CATEGORY) {
		r->cap.fallback = attr(r, attrs, "label");
		if (!r->cap.fallback) r->cap.fallback = attr(r, attrs, "term");
	}
}

static void start_known(struct reader *r, const struct feed_element *element, struct level *level,
        const struct attrs *attrs)
{
	switch (element->does) {
	case DO_FEED:
		start_feed(r, level, attrs);
		break;
	case DO_ITEM:
		start_item(r, level, attrs);
		break;
	case DO_SOURCE:
		level->where = IN_SOURCE;
		r->in_source = true;
		break;
	case DO_PERSON:
		level->where = IN_PERSON;
		if (!r->in_source) feed_record_person(record(r));
		start_text(r, element, level, attrs);
		break;
	case DO_GROUP:
		level->where = IN_GROUP;
		break;
	case DO_HOURS:
		level->where = IN_HOURS;
		break;
	case DO_DAYS:
		level->where = IN_DAYS;
		break;
	case DO_MEDIUM:
		level->where = IN_MEDIUM;
		start_medium(r, level, attrs, false);
		break;
	case DO_THUMBNAIL:
		start_medium(r, level, attrs, true);
		break;
	case DO_ENCLOSURE:
		start_medium(r, level, attrs, false);
		break;
	case DO_LINK:
		start_link(r, level, attrs);
		break;
	default:
		start_text(r, element, level, attrs);
		break;
	}
}

static const char *rss_version(const char *version, bool netscape)
{
	static const char *const known[][2] = {{"0.91", "rss091u"}, {"0.92", "rss092"},
	        {"0.93", "rss093"}, {"0.94", "rss094"}, {"0.90", "rss090"}, {"1.0", "rss10"}};
	if (!version) return "rss20";
	if (netscape && strcmp(version, "0.91") == 0) return "rss091n";
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strcmp(version, known[i][0]) == 0) return known[i][1];
	}
	return "rss20";
}

static const char *atom_version(const char *version, const char *uri)
{
	if (version && strcmp(version, "0.1") == 0) return "atom01";
	if (version && strcmp(version, "0.2") == 0) return "atom02";
	if (version && strcmp(version, "0.3") == 0) return "atom03";
	return uri && strcasecmp(uri, "http://purl.org/atom/ns#") == 0 ? "atom03" : "atom10";
}

static void set_version(struct reader *r, const char *version)
{
	snprintf(r->doc->wishes.version, sizeof r->doc->wishes.version, "%s", version);
}

/* The first element says which format it is (feeds.md 1). */
static void start_root(struct reader *r, const char *name, const char *uri, struct level *level,
        const struct attrs *attrs)
{
	const char *version = attr(r, attrs, "version");
	r->doc->is_rss = true;
	level->where = IN_FEED;
	if (strcasecmp(name, "rss") == 0 || strcasecmp(name, "rdf") == 0) {
		bool rdf = strcasecmp(name, "rdf") == 0;
		r->is_feed = true;
		r->root_uri = uri && !rdf ? arena_strndup(&r->doc->arena, uri, strlen(uri)) : NULL;
		set_version(r, rdf ? "rss10" : rss_version(version, false));
	} else if (strcasecmp(name, "feed") == 0) {
		r->atom = true;
		r->doc->is_rss = false;
		set_version(r, atom_version(version, uri));
		start_feed(r, level, attrs);
	} else if (strcasecmp(name, "entry") == 0 && feed_ns_of(uri, "") == NS_ATOM) {
		r->atom = r->is_feed = true;
		r->doc->is_rss = false;
		set_version(r, "atom10");
		start_item(r, level, attrs);
	} else if (strcasecmp(name, "channel") == 0) {
		const char *base = attr(r, attrs, "base"); /* CDF */
		if (base) level->base = resolve(r, r->base, base);
		set_version(r, strcmp(name, "CHANNEL") == 0 ? "cdf" : "rss20");
		start_feed(r, level, attrs);
	} else {
		stop(r);
	}
}

/* RSS 0.90 is RSS 1.0 in another namespace, which shows at the channel only. */
static void note_version(struct reader *r, const char *name, const char *uri)
{
	if (r->depth == 1 && uri && strcasecmp(name, "channel") == 0 &&
	        strstr(uri, "netscape.com/rdf/simple/0.9"))
		set_version(r, "rss090");
}

static void on_start(void *ctx, const xmlChar *xml_name, const xmlChar *prefix, const xmlChar *uri,
        int nns, const xmlChar **ns, int nattrs, int ndefaulted, const xmlChar **xml_attrs)
{
	(void)nns;
	(void)ns;
	(void)ndefaulted;
	struct reader *r = ctx;
	const char *name = (const char *)xml_name;
	const struct attrs attrs = {xml_attrs, nattrs};
	if (r->depth == FEED_MAX_DEPTH || ++r->elements > MAX_ELEMENTS) {
		r->doc->wishes.damaged = true;
		stop(r);
		return;
	}
	const struct level *parent = r->depth ? &r->levels[r->depth - 1] : NULL;
	struct level *level = &r->levels[r->depth];
	*level = (struct level){.where = IN_NOTHING};
	if (parent) {
		level->base = parent->base;
		level->lang = parent->lang;
	}
	bool may_matter = !r->cap.element && (!parent || parent->where);
	bool in_person = parent && parent->where == IN_PERSON;
	if (may_matter || in_person) {
		const char *base = xml_attr(r, &attrs, "base"), *lang = xml_attr(r, &attrs, "lang");
		if (base) level->base = resolve(r, level->base ? level->base : r->base, base);
		if (lang) level->lang = lang;
	}
	if (!parent) {
		start_root(r, name, (const char *)uri, level, &attrs);
	} else if (may_matter || in_person) {
		enum feed_ns known = feed_ns_of((const char *)uri, (const char *)prefix);
		if (r->root_uri && uri && strcmp(r->root_uri, (const char *)uri) == 0)
			known = NS_RSS;
		if (r->atom && known == NS_RSS) known = NS_ATOM;
		const struct feed_element *e = feed_element_find(known, name, parent->where);
		if (!e && r->atom && known == NS_ATOM)
			e = feed_element_find(NS_RSS, name, parent->where);
		note_version(r, name, (const char *)uri);
		if (e) start_known(r, e, level, &attrs);
	} else if (r->cap.element && r->cap.tags) {
		capture_tag(r, name, &attrs);
	}
	r->depth++;
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	(void)prefix;
	(void)uri;
	struct reader *r = ctx;
	if (r->depth == 0) return;
	r->depth--;
	const struct level *level = &r->levels[r->depth];
	if (r->cap.element && r->cap.depth == r->depth)
		capture_end(r);
	else if (r->cap.element && r->cap.tags)
		str_addf(&r->cap.text, "</%s>", (const char *)name);
	if (level->where == IN_ITEM) r->in_item = false;
	if (level->where == IN_SOURCE) r->in_source = false;
}

static void on_text(void *ctx, const xmlChar *p, int len)
{
	if (len > 0) capture_text(ctx, (const char *)p, (size_t)len);
}

/*
 * Entities without a DTD: HTML's named characters, and plain texts that the document
 * declares. What is made of other entities or of markup is unknown here, so nothing
 * can grow (quality.md S10).
 */
static const char *entity_text(struct reader *r, const xmlChar *name)
{
	for (int i = 0; i < r->nown; i++) {
		if (strcmp(r->own[i].name, (const char *)name) == 0)
			return ++r->own_uses <= MAX_OWN_USES ? r->own[i].text : NULL;
	}
	const htmlEntityDesc *known = htmlEntityLookup(name);
	if (!known) return NULL;
	r->entity_text[utf8_encode(r->entity_text, (int32_t)known->value)] = 0;
	return r->entity_text;
}

static xmlEntityPtr on_entity(void *ctx, const xmlChar *name)
{
	struct reader *r = ctx;
	const char *text = entity_text(r, name);
	if (!text) return NULL;
	/* In an attribute the reference is left as it is, for feed_attr_value. */
	bool in_attr = r->ctxt->instate == XML_PARSER_ATTRIBUTE_VALUE;
	r->entity = (xmlEntity){.type = XML_ENTITY_DECL,
	        .etype = in_attr ? XML_INTERNAL_GENERAL_ENTITY : XML_INTERNAL_PREDEFINED_ENTITY,
	        .name = name,
	        .content = (xmlChar *)(uintptr_t)text,
	        .orig = (xmlChar *)(uintptr_t)text,
	        .checked = 2, /* nothing to look for inside */
	        .length = (int)strlen(text)};
	return &r->entity;
}

/* One quoted or bare word of a declaration; moves *p. NULL at the end. */
static const char *declared_word(struct reader *r, const char **p, const char *end)
{
	const char *s = *p;
	while (s < end && isspace((unsigned char)*s))
		s++;
	if (s == end) return NULL;
	char quote = *s == '"' || *s == '\'' ? *s++ : 0;
	size_t n = 0;
	while (s + n < end &&
	        (quote ? s[n] != quote : !isspace((unsigned char)s[n]) && s[n] != '>'))
		n++;
	if (s + n == end || n == 0 || n > MAX_OWN_TEXT) return NULL;
	*p = s + n + (quote != 0);
	return arena_strndup(&r->doc->arena, s, n);
}

static void read_subset(struct reader *r, const char *subset, size_t len)
{
	const char *end = subset + len;
	for (const char *p = subset; p && p < end && r->nown < MAX_OWN;) {
		p = memchr(p, '<', (size_t)(end - p));
		if (!p) return;
		if (end - p > 9 && memcmp(p, "<!ENTITY", 8) == 0) {
			p += 8;
			const char *name = declared_word(r, &p, end), *text = NULL;
			if (name) text = declared_word(r, &p, end);
			while (p < end && isspace((unsigned char)*p))
				p++;
			if (text && p < end && *p == '>' && !strpbrk(text, "<&%"))
				r->own[r->nown++] = (struct feed_entity){name, text};
		} else {
			p++;
		}
	}
}

/* Returns whether there was no fault; r->is_feed says whether it was a feed at all. */
static bool run(struct reader *r, const char *text, size_t len, bool lenient)
{
	xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
	        .startElementNs = on_start,
	        .endElementNs = on_end,
	        .characters = on_text,
	        .cdataBlock = on_text,
	        .ignorableWhitespace = on_text,
	        .getEntity = on_entity};
	r->ctxt = xmlCreatePushParserCtxt(&sax, r, NULL, 0, NULL);
	if (!r->ctxt) return false;
	xmlCtxtUseOptions(r->ctxt, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
	                                   XML_PARSE_IGNORE_ENC |
	                                   (lenient ? XML_PARSE_RECOVER : 0));
	for (size_t at = 0; at < len && !r->stopped;) {
		size_t n = len - at < CHUNK ? len - at : CHUNK;
		if (xmlParseChunk(r->ctxt, text + at, (int)n, 0) != 0 && !lenient) break;
		at += n;
	}
	if (!r->stopped) xmlParseChunk(r->ctxt, NULL, 0, 1);
	bool fine = r->stopped || (r->ctxt->wellFormed && r->ctxt->nsWellFormed);
	bool fatal = !r->stopped && !r->ctxt->wellFormed;
	xmlFreeParserCtxt(r->ctxt);
	str_finish(&r->cap.text);
	str_finish(&r->attr);
	if (!fine) r->doc->wishes.damaged = true;
	return !fatal;
}

bool feed_parse_xml(
        const char *text, size_t len, const char *base, struct feed_doc *doc, struct err *err)
{
	xml_guard();
	struct feed_prolog prolog;
	feed_prolog_read(text, len, &prolog);
	if (prolog.root == len)
		return err_set(err, ERR_FORMAT, "there is no element in it: not a feed");
	struct reader r = {.doc = doc, .base = base};
	doc->feed = (struct feed_record){.permalink = true, .comments = -1};
	if (prolog.subset) read_subset(&r, prolog.subset, prolog.subset_len);
	bool ok = feed_is_sane(text + prolog.root, len - prolog.root) &&
	          run(&r, text + prolog.root, len - prolog.root, false);
	if (!ok) {
		feed_doc_finish(doc);
		doc->feed = (struct feed_record){.permalink = true, .comments = -1};
		struct str mended = {0};
		feed_repair(&mended, text + prolog.root, len - prolog.root);
		r = (struct reader){.doc = doc, .base = base};
		run(&r, str_c(&mended), mended.len, true);
		str_finish(&mended);
		doc->wishes.damaged = true;
	}
	if (prolog.junk) doc->wishes.damaged = true;
	if (prolog.netscape && strcmp(doc->wishes.version, "rss091u") == 0)
		snprintf(doc->wishes.version, sizeof doc->wishes.version, "rss091n");
	if (r.is_feed) return true;
	return prolog.html ? err_set(err, ERR_FORMAT,
	                             "this is a web page, not a feed: look for the "
	                             "feed that it names")
	                   : err_set(err, ERR_FORMAT,
	                             "this is XML, but no RSS, RDF or "
	                             "Atom");
}
