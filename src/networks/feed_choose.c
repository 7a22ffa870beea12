#include <string.h>
#include <strings.h>

#include "networks/feed_doc.h"
#include "networks/feed_value.h"

/* Which of the slots a post is made from: the table of feeds.md 2, as lists of preference. */

static const struct feed_value *first(
        const struct feed_record *record, const enum feed_slot *slots, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (record->slot[slots[i]].text) return &record->slot[slots[i]];
	}
	return NULL;
}

#define FIRST(record, ...)                                                                         \
	first(record, (const enum feed_slot[]){__VA_ARGS__},                                       \
	        sizeof((const enum feed_slot[]){__VA_ARGS__}) / sizeof(enum feed_slot))

static const char *text_of(const struct feed_value *value)
{
	return value ? value->text : NULL;
}

/* --- links --- */

static bool is_web(const char *url)
{
	return strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0;
}

/* The page itself: no rel or `alternate`; one that says it is a web page, then one that says
 * nothing, then something else. */
static const struct feed_href *alternate(const struct feed_record *record)
{
	const struct feed_href *untyped = NULL, *other = NULL;
	for (size_t i = 0; i < record->nlinks; i++) {
		const struct feed_href *link = &record->links[i];
		if (link->rel && strcasecmp(link->rel, "alternate") != 0 &&
		        !feed_ends_with(link->rel, "relation/alternate"))
			continue;
		if (link->type && (strcasecmp(link->type, "text/html") == 0 ||
		                          strcasecmp(link->type, "application/xhtml+xml") == 0))
			return link;
		if (!link->type && !untyped) untyped = link;
		if (!other) other = link;
	}
	return untyped ? untyped : other;
}

static const char *link_of(struct feed_doc *doc, const struct feed_record *record, const char *base)
{
	const struct feed_value *guid = &record->slot[SLOT_GUID];
	const struct feed_value *value = FIRST(record, SLOT_ORIG_LINK, SLOT_LINK);
	const struct feed_href *href = alternate(record);
	if (!value && href)
		return feed_resolve(&doc->arena, href->base ? href->base : base, href->href);
	if (!value && guid->text && record->permalink && is_web(guid->text)) value = guid;
	if (!value) value = FIRST(record, SLOT_CONTENT_SRC, SLOT_EXTERNAL);
	if (!value) return NULL;
	return feed_resolve(&doc->arena, value->base ? value->base : base, value->text);
}

/* --- people --- */

static bool is_mail(const char *p, size_t len)
{
	const char *at = memchr(p, '@', len);
	return at && at != p && !memchr(p, ' ', len);
}

static const char *cut_out(struct feed_doc *doc, const char *p, size_t len)
{
	p = feed_trim(p, &len);
	return len ? arena_strndup(&doc->arena, p, len) : NULL;
}

/* "mail (Name)", "Name (mail)", "Name <mail>", "mail", "Name" (RSS author). */
static struct feed_person split_person(struct feed_doc *doc, const char *s)
{
	struct feed_person who = {0};
	size_t len = strlen(s);
	const char *open = strpbrk(s, "(<");
	if (open && s[len - 1] == (*open == '(' ? ')' : '>')) {
		size_t inner = len - (size_t)(open - s) - 2;
		const char *a = cut_out(doc, s, (size_t)(open - s));
		const char *b = cut_out(doc, open + 1, inner);
		bool mail_first = a && is_mail(a, strlen(a));
		if (mail_first || (b && is_mail(b, strlen(b)))) {
			who.email = mail_first ? a : b;
			who.name = mail_first ? b : a;
			return who;
		}
	}
	if (is_mail(s, len))
		who.email = s;
	else
		who.name = s;
	return who;
}

static const struct feed_person *first_person(const struct feed_record *record)
{
	for (size_t i = 0; i < record->npeople; i++) {
		const struct feed_person *who = &record->people[i];
		if (who->name || who->email || who->uri) return who;
	}
	const struct feed_person *source = &record->source_author;
	return source->name || source->email || source->uri ? source : NULL;
}

/* A module's word goes before RSS's, which is often a mailbox, but not before Atom's. */
static struct feed_person author_of(struct feed_doc *doc, const struct feed_record *record)
{
	const struct feed_value *text = FIRST(record, SLOT_CREATOR, SLOT_DC_AUTHOR, SLOT_AUTHOR);
	const struct feed_person *who = first_person(record);
	if (who && (!doc->is_rss || !text)) return *who;
	if (text) return split_person(doc, text->text);
	text = FIRST(record, SLOT_ITUNES_AUTHOR, SLOT_EDITOR);
	return text ? split_person(doc, text->text) : (struct feed_person){0};
}

/* --- ids --- */

/*
 * As written, and never normalised. Only Atom's must be absolute, and one that is a
 * path all the same means the address that it has under xml:base or, so that moving the feed
 * keeps it, where the feed is followed.
 */
static const char *id_of(
        struct feed_doc *doc, const struct feed_record *record, const struct feed_input *in)
{
	const struct feed_value *id = doc->is_rss ? FIRST(record, SLOT_GUID, SLOT_ID, SLOT_ABOUT)
	                                          : FIRST(record, SLOT_ID, SLOT_GUID);
	if (!id || !doc->is_atom || !strchr(id->text, '/')) return text_of(id);
	const char *base = in->followed ? in->followed : in->url;
	if (in->content_location) base = feed_resolve(&doc->arena, in->url, in->content_location);
	if (id->base) base = id->base;
	return is_web(base) ? feed_resolve(&doc->arena, base, id->text) : id->text;
}

/* --- all --- */

/* What relative addresses of this record are relative to (feeds.md 5). */
static const char *base_of(
        struct feed_doc *doc, const struct feed_record *record, const struct feed_input *in)
{
	const char *base = in->url;
	if (in->content_location) base = feed_resolve(&doc->arena, in->url, in->content_location);
	const struct feed_value *page = &doc->feed.slot[SLOT_LINK];
	if (doc->is_rss && record != &doc->feed && page->text && is_web(page->text) &&
	        !is_web(base))
		base = page->text;
	return base;
}

void feed_choose(struct feed_doc *doc, const struct feed_record *item, const struct feed_input *in,
        struct feed_choice *out)
{
	const struct feed_record *record = item ? item : &doc->feed;
	const char *base = base_of(doc, record, in);
	*out = (struct feed_choice){
	        .id = id_of(doc, record, in),
	        .link = link_of(doc, record, base),
	        .title = FIRST(record, SLOT_TITLE, SLOT_DC_TITLE, SLOT_MEDIA_TITLE),
	        .author = author_of(doc, record),
	};
	/* An Atom id is often the address too. */
	if (!out->link && record->permalink && record->slot[SLOT_ID].text && is_web(out->id))
		out->link = out->id;
	if (item) {
		out->body = FIRST(record, SLOT_CONTENT, SLOT_XHTML_BODY, SLOT_FULLITEM,
		        SLOT_CONTENT_TEXT, SLOT_DESCRIPTION, SLOT_SUMMARY, SLOT_DC_DESCRIPTION,
		        SLOT_ITUNES_SUMMARY, SLOT_MEDIA_DESCRIPTION, SLOT_ITUNES_SUBTITLE);
	} else {
		out->body = FIRST(record, SLOT_SUBTITLE, SLOT_DESCRIPTION, SLOT_DC_DESCRIPTION,
		        SLOT_ITUNES_SUBTITLE, SLOT_ITUNES_SUMMARY);
	}
	out->published = text_of(FIRST(record, SLOT_PUB_DATE, SLOT_PUBLISHED, SLOT_ISSUED,
	        SLOT_DC_DATE, SLOT_DC_ISSUED, SLOT_CREATED, SLOT_DC_CREATED));
	out->updated = text_of(
	        FIRST(record, SLOT_UPDATED, SLOT_MODIFIED, SLOT_DC_MODIFIED, SLOT_BUILD_DATE));
}
