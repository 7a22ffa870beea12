#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

#include "base/utf8.h"
#include "networks/feed_repair.h"
#include "networks/feed_sax.h"
#include "networks/feed_value.h"
#include "networks/xml_guard.h"

/*
 * RSS, RDF, Atom and CDF by libxml2's events: no tree, so memory follows the items
 * kept and not the document. First strictly; what has faults is mended
 * (feed_repair.c) and read again, and the page says that it was damaged.
 */

enum {
	CHUNK = 256 * 1024,
	MAX_OWN_TEXT = 256,
	MAX_ELEMENTS = 250000, /* more than 2000 items need */
	MAX_OWN_USES = 1000,   /* references to entities of the document's own */
};

static const char *resolve(struct feed_sax *r, const char *base, const char *ref)
{
	return feed_resolve(&r->doc->arena, base, ref);
}

/* --- elements --- */

static void start_link(
        struct feed_sax *r, const struct feed_level *level, const struct feed_attrs *attrs)
{
	struct feed_href link = {.rel = feed_sax_attr(r, attrs, "rel"),
	        .type = feed_sax_attr(r, attrs, "type"),
	        .title = feed_sax_attr(r, attrs, "title"),
	        .href = feed_sax_attr(r, attrs, "href"),
	        .base = level->base};
	static const struct feed_element text = {
	        NS_ATOM, "link", IN_RECORD, DO_SLOT, SLOT_LINK, AS_PLAIN};
	if (link.href)
		feed_record_link(feed_sax_record(r), &link);
	else if (!link.rel || strcasecmp(link.rel, "alternate") == 0)
		feed_capture_start(r, &text, attrs);
}

static void start_medium(struct feed_sax *r, const struct feed_level *level,
        const struct feed_attrs *attrs, bool thumbnail)
{
	const char *url = feed_sax_attr(r, attrs, "url");
	if (!url) url = feed_sax_attr(r, attrs, "href");
	if (!url) return;
	if (level->base) url = resolve(r, level->base, url);
	feed_record_medium(feed_sax_record(r), &(struct feed_medium){.url = url,
	                                               .type = feed_sax_attr(r, attrs, "type"),
	                                               .medium = feed_sax_attr(r, attrs, "medium"),
	                                               .is_thumbnail = thumbnail});
}

static void start_item(struct feed_sax *r, struct feed_level *level, const struct feed_attrs *attrs)
{
	struct feed_record *item = feed_doc_item(r->doc);
	if (!item) {
		feed_sax_stop(r);
		return;
	}
	r->in_item = true;
	level->where = IN_ITEM;
	item->slot[SLOT_BASE].text = level->base;
	item->slot[SLOT_LANG].text = level->lang;
	item->slot[SLOT_ABOUT].text = feed_sax_attr(r, attrs, "about");
	/* CDF */
	item->slot[SLOT_LINK] =
	        (struct feed_value){.text = feed_sax_attr(r, attrs, "href"), .base = level->base};
	item->slot[SLOT_UPDATED].text = feed_sax_attr(r, attrs, "lastmod");
}

static void start_feed(struct feed_sax *r, struct feed_level *level, const struct feed_attrs *attrs)
{
	struct feed_record *feed = &r->doc->feed;
	r->is_feed = true;
	level->where = IN_FEED;
	feed->slot[SLOT_BASE].text = level->base;
	feed->slot[SLOT_LANG].text = level->lang;
	if (!feed->slot[SLOT_ABOUT].text)
		feed->slot[SLOT_ABOUT].text = feed_sax_attr(r, attrs, "about");
	if (!feed->slot[SLOT_LINK].text) {
		feed->slot[SLOT_LINK] = (struct feed_value){
		        .text = feed_sax_attr(r, attrs, "href"), .base = level->base};
	}
	if (!feed->slot[SLOT_UPDATED].text)
		feed->slot[SLOT_UPDATED].text = feed_sax_attr(r, attrs, "lastmod");
}

/* RSS's link may be Atom's in RSS's clothes. */
static bool is_atom_link(
        struct feed_sax *r, const struct feed_element *element, const struct feed_attrs *attrs)
{
	return element->does == DO_SLOT && element->slot == SLOT_LINK &&
	       feed_sax_attr(r, attrs, "href");
}

static void start_text(struct feed_sax *r, const struct feed_element *element,
        struct feed_level *level, const struct feed_attrs *attrs)
{
	if (is_atom_link(r, element, attrs)) {
		start_link(r, level, attrs);
		return;
	}
	if (element->slot == SLOT_GUID && element->does == DO_SLOT) {
		const char *permalink = feed_sax_attr(r, attrs, "ispermalink");
		feed_sax_record(r)->permalink = !permalink || strcasecmp(permalink, "false") != 0;
	}
	if (element->slot == SLOT_CONTENT && element->ns == NS_ATOM && element->does == DO_SLOT) {
		const char *src = feed_sax_attr(r, attrs, "src");
		struct feed_value *value = &feed_sax_record(r)->slot[SLOT_CONTENT_SRC];
		if (src && !value->text)
			*value = (struct feed_value){.text = src, .base = level->base};
	}
	feed_capture_start(r, element, attrs);
	if (element->does == DO_CATEGORY) {
		r->cap.fallback = feed_sax_attr(r, attrs, "label");
		if (!r->cap.fallback) r->cap.fallback = feed_sax_attr(r, attrs, "term");
	}
}

static void start_known(struct feed_sax *r, const struct feed_element *element,
        struct feed_level *level, const struct feed_attrs *attrs)
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
		if (!r->in_source) feed_record_person(feed_sax_record(r));
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

static void set_version(struct feed_sax *r, const char *version)
{
	snprintf(r->doc->wishes.version, sizeof r->doc->wishes.version, "%s", version);
}

/* The first element says which format it is (feeds.md 1). */
static void start_root(struct feed_sax *r, const char *name, const char *uri,
        struct feed_level *level, const struct feed_attrs *attrs)
{
	const char *version = feed_sax_attr(r, attrs, "version");
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
		r->doc->is_atom = true;
		set_version(r, atom_version(version, uri));
		start_feed(r, level, attrs);
	} else if (strcasecmp(name, "entry") == 0 && feed_ns_of(uri, "") == NS_ATOM) {
		r->atom = r->is_feed = true;
		r->doc->is_rss = false;
		r->doc->is_atom = true;
		set_version(r, "atom10");
		start_item(r, level, attrs);
	} else if (strcasecmp(name, "channel") == 0) {
		const char *base = feed_sax_attr(r, attrs, "base"); /* CDF */
		if (base) level->base = resolve(r, r->base, base);
		set_version(r, strcmp(name, "CHANNEL") == 0 ? "cdf" : "rss20");
		start_feed(r, level, attrs);
	} else {
		feed_sax_stop(r);
	}
}

/* An item where none belongs: RSS 1.1 wraps them, and a tag that was never closed does. */
static bool is_stray_item(const struct feed_sax *r, enum feed_ns ns, const char *name)
{
	if (!r->is_feed || r->in_item) return false;
	return (ns == NS_RSS && strcasecmp(name, "item") == 0) ||
	       (ns == NS_ATOM && strcasecmp(name, "entry") == 0);
}

/* RSS 0.90 is RSS 1.0 in another namespace, which shows at the channel only. */
static void note_version(struct feed_sax *r, const char *name, const char *uri)
{
	if (r->depth == 1 && uri && strcasecmp(name, "channel") == 0 &&
	        strstr(uri, "netscape.com/rdf/simple/0.9"))
		set_version(r, "rss090");
}

static enum feed_ns known_ns(const struct feed_sax *r, const char *uri, const char *prefix)
{
	enum feed_ns ns = feed_ns_of(uri, prefix);
	if (r->root_uri && uri && strcmp(r->root_uri, uri) == 0) ns = NS_RSS;
	return r->atom && ns == NS_RSS ? NS_ATOM : ns;
}

static const struct feed_element *find_element(
        const struct feed_sax *r, enum feed_ns ns, const char *name, unsigned where)
{
	const struct feed_element *e = feed_element_find(ns, name, where);
	if (!e && r->atom && ns == NS_ATOM) e = feed_element_find(NS_RSS, name, where);
	return e;
}

static void on_start(void *ctx, const xmlChar *xml_name, const xmlChar *prefix, const xmlChar *uri,
        int nns, const xmlChar **ns, int nattrs, int ndefaulted, const xmlChar **xml_attrs)
{
	(void)nns;
	(void)ns;
	(void)ndefaulted;
	struct feed_sax *r = ctx;
	const char *name = (const char *)xml_name;
	const struct feed_attrs attrs = {xml_attrs, nattrs};
	if (r->depth == FEED_MAX_DEPTH || ++r->elements > MAX_ELEMENTS) {
		r->doc->wishes.damaged = true;
		feed_sax_stop(r);
		return;
	}
	const struct feed_level *parent = r->depth ? &r->levels[r->depth - 1] : NULL;
	struct feed_level *level = &r->levels[r->depth];
	*level = (struct feed_level){.where = IN_NOTHING};
	if (parent) {
		level->base = parent->base;
		level->lang = parent->lang;
	}
	bool may_matter = !r->cap.element && (!parent || parent->where);
	bool in_person = parent && parent->where == IN_PERSON;
	if (may_matter || in_person) {
		const char *base = feed_sax_xml_attr(r, &attrs, "base"),
		           *lang = feed_sax_xml_attr(r, &attrs, "lang");
		if (base) level->base = resolve(r, level->base ? level->base : r->base, base);
		if (lang) level->lang = lang;
	}
	enum feed_ns known =
	        parent ? known_ns(r, (const char *)uri, (const char *)prefix) : NS_OTHER;
	if (!parent) {
		start_root(r, name, (const char *)uri, level, &attrs);
	} else if (may_matter || in_person) {
		note_version(r, name, (const char *)uri);
		const struct feed_element *e = find_element(r, known, name, parent->where);
		if (e) start_known(r, e, level, &attrs);
	} else if (is_stray_item(r, known, name)) {
		if (r->cap.element) feed_capture_end(r);
		start_item(r, level, &attrs);
	} else if (r->cap.element && r->cap.tags) {
		feed_capture_tag(r, name, &attrs);
	}
	r->depth++;
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	(void)prefix;
	(void)uri;
	struct feed_sax *r = ctx;
	if (r->depth == 0) return;
	r->depth--;
	const struct feed_level *level = &r->levels[r->depth];
	if (r->cap.element && r->cap.depth == r->depth)
		feed_capture_end(r);
	else if (r->cap.element && r->cap.tags)
		str_addf(&r->cap.text, "</%s>", (const char *)name);
	if (level->where == IN_ITEM) r->in_item = false;
	if (level->where == IN_SOURCE) r->in_source = false;
}

static void on_text(void *ctx, const xmlChar *p, int len)
{
	if (len > 0) feed_capture_text(ctx, (const char *)p, (size_t)len);
}

/*
 * Entities without a DTD: HTML's named characters, and plain texts that the document
 * declares. What is made of other entities or of markup is unknown here, so nothing
 * can grow (quality.md S10).
 */
static const char *entity_text(struct feed_sax *r, const xmlChar *name)
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
	struct feed_sax *r = ctx;
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
static const char *declared_word(struct feed_sax *r, const char **p, const char *end)
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

static void read_subset(struct feed_sax *r, const char *subset, size_t len)
{
	const char *end = subset + len;
	for (const char *p = subset; p && p < end && r->nown < FEED_MAX_OWN;) {
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
static bool run(struct feed_sax *r, const char *text, size_t len, bool lenient)
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
	struct feed_sax r = {.doc = doc, .base = base};
	doc->feed = (struct feed_record){.permalink = true, .comments = -1};
	if (prolog.subset) read_subset(&r, prolog.subset, prolog.subset_len);
	bool ok = feed_is_sane(text + prolog.root, len - prolog.root) &&
	          run(&r, text + prolog.root, len - prolog.root, false);
	if (!ok) {
		feed_doc_finish(doc);
		doc->feed = (struct feed_record){.permalink = true, .comments = -1};
		struct str mended = {0};
		feed_repair(&mended, text + prolog.root, len - prolog.root);
		r = (struct feed_sax){.doc = doc, .base = base};
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
