#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "networks/feed_repair.h"
#include "networks/feed_sax.h"
#include "networks/feed_value.h"
#include "networks/xml_escape.h"

/* Attributes and texts of a feed's elements, and the slots that they go to. */

struct feed_record *feed_sax_record(struct feed_sax *r)
{
	struct feed_doc *doc = r->doc;
	return r->in_item && doc->nitems > 0 ? &doc->items[doc->nitems - 1] : &doc->feed;
}

const char *feed_sax_attr(struct feed_sax *r, const struct feed_attrs *attrs, const char *name)
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

const char *feed_sax_xml_attr(struct feed_sax *r, const struct feed_attrs *attrs, const char *name)
{
	for (int i = 0; i < attrs->n; i++) {
		const xmlChar **a = attrs->p + (ptrdiff_t)5 * i;
		if (a[1] && strcmp((const char *)a[1], "xml") == 0 &&
		        strcmp((const char *)a[0], name) == 0) {
			const struct feed_attrs one = {a, 1};
			return feed_sax_attr(r, &one, name);
		}
	}
	return NULL;
}

void feed_sax_stop(struct feed_sax *r)
{
	r->stopped = true;
	xmlStopParser(r->ctxt);
}

static bool has_room(struct feed_sax *r, size_t more)
{
	if (feed_sax_record(r)->bytes + r->cap.text.len + more <= FEED_MAX_ITEM) return true;
	r->doc->wishes.damaged = true;
	r->lost += more;
	if (r->lost > FEED_MAX_LOST) feed_sax_stop(r);
	return false;
}

void feed_capture_tag(struct feed_sax *r, const char *name, const struct feed_attrs *attrs)
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
		xml_escape(s, str_c(&r->attr), r->attr.len, true);
		str_addc(s, '"');
	}
	str_addc(s, '>');
}

void feed_capture_text(struct feed_sax *r, const char *p, size_t len)
{
	if (!r->cap.element || !has_room(r, len)) return;
	if (r->cap.escape)
		xml_escape(&r->cap.text, p, len, false);
	else
		str_add(&r->cap.text, p, len);
}

/* Atom's type and mode attributes: how the text is written (feeds.md 2). */
static void capture_typed(struct feed_sax *r, const struct feed_attrs *attrs)
{
	struct feed_capture *cap = &r->cap;
	const char *type = feed_sax_attr(r, attrs, "type"), *mode = feed_sax_attr(r, attrs, "mode");
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

void feed_capture_start(
        struct feed_sax *r, const struct feed_element *element, const struct feed_attrs *attrs)
{
	struct feed_capture *cap = &r->cap;
	struct str text = cap->text;
	str_clear(&text);
	*cap = (struct feed_capture){.element = element, .depth = r->depth, .text = text};
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
		const char *mode = feed_sax_attr(r, attrs, "mode");
		if (mode && strcasecmp(mode, "base64") == 0) cap->base64 = true;
	}
}

static void keep_slot(struct feed_sax *r, const char *text, size_t len)
{
	struct feed_record *rec = feed_sax_record(r);
	struct feed_value *value = &rec->slot[r->cap.element->slot];
	/* Of two titles the first counts, of two dates or links of RSS the last. */
	bool date = r->cap.element->slot >= SLOT_PUB_DATE && r->cap.element->slot <= SLOT_UPDATED;
	bool link = r->cap.element->slot == SLOT_LINK && r->cap.element->ns == NS_RSS;
	if ((value->text && !date && !link) || len == 0) return;
	value->text = arena_strndup(&r->doc->arena, text, len);
	value->base = r->levels[r->cap.depth].base;
	value->markup = r->cap.markup;
	rec->bytes += len;
}

static struct feed_person *person(struct feed_sax *r)
{
	struct feed_record *rec = feed_sax_record(r);
	if (r->in_source) return &rec->source_author;
	return rec->npeople ? &rec->people[rec->npeople - 1] : NULL;
}

static void keep_person(struct feed_sax *r, const char *text, size_t len)
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

static void keep_keywords(struct feed_sax *r, const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = 0;
		while (i + n < len && text[i + n] != ',')
			n++;
		size_t tag_len = n;
		const char *tag = feed_trim(text + i, &tag_len);
		if (tag_len > 0)
			feed_record_tag(
			        feed_sax_record(r), arena_strndup(&r->doc->arena, tag, tag_len));
		i += n + 1;
	}
}

static void keep_alt(struct feed_sax *r, const char *text, size_t len)
{
	struct feed_record *rec = feed_sax_record(r);
	if (rec->nmedia && len > 0)
		rec->media[rec->nmedia - 1].alt = arena_strndup(&r->doc->arena, text, len);
}

void feed_capture_end(struct feed_sax *r)
{
	struct feed_capture *cap = &r->cap;
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
			feed_record_tag(
			        feed_sax_record(r), arena_strndup(&r->doc->arena, text, len));
		else if (cap->fallback)
			feed_record_tag(feed_sax_record(r), cap->fallback);
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
		if (len > 0 && !feed_sax_record(r)->slot[SLOT_AUTHOR].text && !r->in_source)
			feed_sax_record(r)->slot[SLOT_AUTHOR].text =
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
		feed_sax_record(r)->comments = strtol(short_text, NULL, 10);
		break;
	default:
		break;
	}
	cap->element = NULL;
}
