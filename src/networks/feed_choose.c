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

/* The page itself: no rel or `alternate`, a web page rather than something else. */
static const struct feed_href *alternate(const struct feed_record *record)
{
	const struct feed_href *other = NULL;
	for (size_t i = 0; i < record->nlinks; i++) {
		const struct feed_href *link = &record->links[i];
		if (link->rel && strcasecmp(link->rel, "alternate") != 0 &&
		        !feed_ends_with(link->rel, "relation/alternate"))
			continue;
		bool page = !link->type || strcasecmp(link->type, "text/html") == 0 ||
		            strcasecmp(link->type, "application/xhtml+xml") == 0;
		if (page) return link;
		if (!other) other = link;
	}
	return other;
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
	/* An Atom id is often the address too. */
	const struct feed_value *id = &record->slot[SLOT_ID];
	if (!value && id->text && record->permalink && is_web(id->text)) value = id;
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

static struct feed_person author_of(struct feed_doc *doc, const struct feed_record *record)
{
	const struct feed_value *text = FIRST(record, SLOT_CREATOR, SLOT_DC_AUTHOR, SLOT_AUTHOR);
	if (text) return split_person(doc, text->text);
	for (size_t i = 0; i < record->npeople; i++) {
		const struct feed_person *who = &record->people[i];
		if (who->name || who->email || who->uri) return *who;
	}
	const struct feed_person *source = &record->source_author;
	if (source->name || source->email || source->uri) return *source;
	text = FIRST(record, SLOT_ITUNES_AUTHOR, SLOT_EDITOR);
	return text ? split_person(doc, text->text) : (struct feed_person){0};
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
	        .id = text_of(doc->is_rss ? FIRST(record, SLOT_GUID, SLOT_ID, SLOT_ABOUT)
	                                  : FIRST(record, SLOT_ID, SLOT_GUID)),
	        .link = link_of(doc, record, base),
	        .title = FIRST(record, SLOT_TITLE, SLOT_DC_TITLE, SLOT_MEDIA_TITLE),
	        .author = author_of(doc, record),
	};
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
