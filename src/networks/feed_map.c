#include "networks/feed_map.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clean.h"
#include "base/mem.h"
#include "net/url.h"
#include "networks/feed_value.h"
#include "networks/html.h"
#include "networks/html_tag.h"

/*
 * A post's URI is `<feed URL>#<id>`: the feed as followed, so that moving it keeps
 * its posts, and the item's own id as written (feeds.md 2). Items without an id
 * have their link, or a hash of what they say. Where a feed gives one id to all
 * items, the link is added to it.
 */

enum {
	MAX_ID = 1024,       /* bytes; a longer one is hashed */
	MAX_TAGS = 8,        /* shown under the text; a feed with more uses them otherwise */
	MAX_TAG = 32,        /* bytes */
	MAX_MARKS = 300000,  /* tags and references in all texts; later ones go without */
	MIN_EDIT_MS = 60000, /* an update nearer than this to its post is none */
	DAY_MS = 24 * 3600 * 1000,
};
static const int64_t oldest_ms = 631152000000; /* 1990: what is older is no date */

struct mapper {
	struct feed_doc *doc;
	const struct feed_input *in;
	struct page *page;
	struct feed_choice feed;
	const char *handle; /* the site's host, arena of the document */
	size_t marks;       /* tags and references so far */
	bool one_id;        /* all items have the same id */
	uint64_t *seen;     /* hashes of URIs so far */
};

static uint64_t hash(uint64_t h, const char *s)
{
	for (; s && *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3u;
	return (h ^ 0xff) * 0x100000001b3u;
}

static const uint64_t hash_start = 0xcbf29ce484222325u;

char *feed_value_line(const struct feed_value *value)
{
	if (!value || !value->text) return xstrdup("");
	bool html = value->markup == FEED_HTML ||
	            (value->markup == FEED_GUESS && feed_looks_html(value->text));
	if (html) return html_line(value->text, strlen(value->text));
	struct str line = {0};
	clean_in(&line, CLEAN_LINE, value->text, strlen(value->text));
	return str_take(&line);
}

bool feed_value_text(struct text *out, const struct feed_value *value, const char *base)
{
	if (!value || !value->text) return false;
	const struct html_options opts = {.base = base, .article = true};
	size_t len = strlen(value->text);
	bool html = value->markup == FEED_HTML ||
	            (value->markup == FEED_GUESS && feed_looks_html(value->text));
	if (html) return html_text(out, value->text, len, &opts);
	text_clean(out, value->text, len, NULL, 0);
	return out->utf8.len > 0;
}

static char *clean_name(const char *s)
{
	struct str name = {0};
	if (s) clean_in(&name, CLEAN_NAME, s, strlen(s));
	return str_take(&name);
}

/* --- who --- */

static bool same_person(const struct feed_person *a, const struct feed_person *b)
{
	const char *x = a->name ? a->name : a->email, *y = b->name ? b->name : b->email;
	return x && y && strcmp(x, y) == 0;
}

/* The feed is the author of what names nobody. */
static profile_id author(struct mapper *m, const struct feed_person *who)
{
	const char *followed = m->in->followed ? m->in->followed : m->in->url;
	const char *named = who->name ? who->name : who->email ? who->email : who->uri;
	char *title = feed_value_line(m->feed.title), *bio = feed_value_line(m->feed.body);
	char *name = named ? clean_name(named) : clean_name(title);
	struct str uri = {0};
	str_adds(&uri, followed);
	if (named && *name) str_addf(&uri, "#author:%s", name);
	bool own_page = named && who->uri && url_is_web(who->uri);
	const char *url = own_page ? who->uri : m->feed.link;
	const struct profile profile = {
	        .uri = str_c(&uri),
	        .handle = m->handle,
	        .name = name,
	        .url = url && url_is_web(url) ? url : NULL,
	        .bio = named ? NULL : bio,
	        .followers = -1,
	};
	profile_id id = page_add_profile(m->page, &profile);
	str_finish(&uri);
	free(name);
	free(title);
	free(bio);
	return id;
}

static profile_id item_author(struct mapper *m, const struct feed_choice *choice)
{
	const struct feed_person *who = &choice->author;
	if (!who->name && !who->email && !who->uri) who = &m->feed.author;
	/* A feed by one person names them once; it is the feed that speaks then. */
	static const struct feed_person nobody = {0};
	struct feed_value name = {.text = who->name};
	if (m->feed.title && name.text && same_person(who, &m->feed.author) &&
	        strcmp(m->feed.title->text, name.text) == 0)
		who = &nobody;
	return author(m, who);
}

/* --- media --- */

static bool has_extension(const char *url, const char *const *list)
{
	size_t len = strcspn(url, "?#");
	for (; *list; list++) {
		size_t n = strlen(*list);
		if (len > n && strncasecmp(url + len - n, *list, n) == 0) return true;
	}
	return false;
}

static enum media_kind media_kind(const struct feed_medium *medium)
{
	static const char *const image[] = {
	        ".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", NULL};
	static const char *const video[] = {".mp4", ".webm", ".mkv", ".mov", ".m4v", NULL};
	static const char *const audio[] = {".mp3", ".m4a", ".ogg", ".opus", ".flac", ".wav", NULL};
	const char *what = medium->type ? medium->type : medium->medium;
	if (medium->is_thumbnail) return MEDIA_IMAGE;
	if (what && strncasecmp(what, "image", 5) == 0) return MEDIA_IMAGE;
	if (what && strncasecmp(what, "video", 5) == 0) return MEDIA_VIDEO;
	if (what && strncasecmp(what, "audio", 5) == 0) return MEDIA_AUDIO;
	if (has_extension(medium->url, image)) return MEDIA_IMAGE;
	if (has_extension(medium->url, video)) return MEDIA_VIDEO;
	if (has_extension(medium->url, audio)) return MEDIA_AUDIO;
	return MEDIA_FILE;
}

static const char *clean_in_arena(struct mapper *m, const char *s)
{
	if (!s) return NULL;
	struct str line = {0};
	clean_in(&line, CLEAN_LINE, s, strlen(s));
	const char *kept = line.len ? arena_strndup(&m->doc->arena, line.p, line.len) : NULL;
	str_finish(&line);
	return kept;
}

static void add_media(struct mapper *m, struct media *list, size_t *n,
        const struct feed_medium *medium, const char *base)
{
	const char *url = feed_resolve(&m->doc->arena, base, medium->url);
	if (*n == POST_MAX_MEDIA || !url_is_web(url)) return;
	for (size_t i = 0; i < *n; i++) {
		if (strcmp(list[i].url, url) == 0) return;
	}
	list[(*n)++] = (struct media){.kind = media_kind(medium),
	        .url = url,
	        .alt = clean_in_arena(m, medium->alt),
	        .type = clean_in_arena(m, medium->type)};
}

static size_t item_media(
        struct mapper *m, const struct feed_record *item, const char *base, struct media *list)
{
	size_t n = 0;
	for (size_t i = 0; i < item->nlinks; i++) {
		const struct feed_href *link = &item->links[i];
		if (!link->rel || strcasecmp(link->rel, "enclosure") != 0) continue;
		const struct feed_medium medium = {
		        .url = link->href, .type = link->type, .alt = link->title};
		add_media(m, list, &n, &medium, link->base ? link->base : base);
	}
	for (size_t i = 0; i < item->nmedia; i++) {
		/* A small picture of a picture that is there says nothing new. */
		if (item->media[i].is_thumbnail && n > 0 && list[0].kind == MEDIA_IMAGE) continue;
		add_media(m, list, &n, &item->media[i], base);
	}
	return n;
}

/* --- text --- */

/* A last line of tags, where there are few and short ones. */
static void add_tags(struct text *text, const struct feed_record *item)
{
	if (item->ntags > MAX_TAGS) return;
	struct str line = {0};
	struct text tags = {0};
	for (size_t i = 0; i < item->ntags; i++) {
		struct str word = {0};
		clean_in(&word, CLEAN_NAME, item->tags[i], strlen(item->tags[i]));
		str_clear(&line);
		for (size_t k = 0; k < word.len; k++) {
			if (word.p[k] != ' ' && !(word.p[k] == '#' && line.len == 0))
				str_addc(&line, word.p[k]);
		}
		str_finish(&word);
		if (line.len == 0 || line.len > MAX_TAG) continue;
		if (tags.utf8.len > 0) str_addc(&tags.utf8, ' ');
		size_t start = tags.utf8.len;
		str_addf(&tags.utf8, "#%s", line.p);
		text_facet(&tags, FACET_TAG, start, tags.utf8.len, line.p);
	}
	if (tags.utf8.len > 0) {
		if (text->utf8.len > 0) str_adds(&text->utf8, "\n\n");
		size_t at = text->utf8.len;
		str_add(&text->utf8, tags.utf8.p, tags.utf8.len);
		for (size_t i = 0; i < tags.nfacets; i++)
			text_facet(text, FACET_TAG, at + tags.facets[i].start,
			        at + tags.facets[i].end, tags.facets[i].target);
	}
	text_finish(&tags);
	str_finish(&line);
}

/* --- when --- */

/* Something between 1990 and tomorrow, or false. */
static bool real_date(const char *raw, int64_t now_ms, int64_t *out_ms)
{
	int64_t ms;
	if (!raw || !feed_date(raw, &ms) || ms < oldest_ms || ms > now_ms + DAY_MS) return false;
	*out_ms = ms;
	return true;
}

static void set_dates(
        const struct mapper *m, const struct feed_choice *choice, struct post_parts *parts)
{
	int64_t published = 0, updated = 0, now = m->in->now_ms;
	bool has_published = real_date(choice->published, now, &published);
	bool has_updated = real_date(choice->updated, now, &updated);
	parts->created_ms = has_published ? published : has_updated ? updated : now;
	parts->seen_ms = now;
	if (has_published && has_updated && updated > published + MIN_EDIT_MS)
		parts->edited_ms = updated;
}

/* --- which --- */

static void add_hash(struct str *out, uint64_t h)
{
	str_addf(out, "%016llx", (unsigned long long)h);
}

static void add_id(struct str *out, const char *id)
{
	if (strlen(id) > MAX_ID)
		add_hash(out, hash(hash_start, id));
	else
		clean_in(out, CLEAN_LINE, id, strlen(id));
}

static void item_uri(struct mapper *m, const struct feed_choice *choice, struct str *out)
{
	str_addf(out, "%s#", m->in->followed ? m->in->followed : m->in->url);
	size_t start = out->len;
	if (choice->id) add_id(out, choice->id);
	if (choice->link && (!choice->id || m->one_id)) {
		if (choice->id) str_addc(out, ' ');
		add_id(out, choice->link);
	}
	if (out->len > start) return;
	uint64_t h = hash(hash_start, choice->title ? choice->title->text : "");
	h = hash(h, choice->published ? choice->published : "");
	add_hash(out, hash(h, choice->body ? choice->body->text : ""));
}

static bool is_new(struct mapper *m, size_t i, const char *uri)
{
	m->seen[i] = hash(hash_start, uri);
	for (size_t k = 0; k < i; k++) {
		if (m->seen[k] == m->seen[i]) return false;
	}
	return true;
}

/* A feed that gives all its items one id means something else by it. */
static bool all_one_id(const struct mapper *m)
{
	const char *same = NULL;
	for (size_t i = 0; i < m->doc->nitems; i++) {
		struct feed_choice choice;
		feed_choose(m->doc, &m->doc->items[i], m->in, &choice);
		if (!choice.id || (same && strcmp(same, choice.id) != 0)) return false;
		same = choice.id;
	}
	return m->doc->nitems > 1;
}

static const char *item_lang(const struct mapper *m, const struct feed_record *item)
{
	const struct feed_record *feed = &m->doc->feed;
	const char *list[] = {item->slot[SLOT_LANGUAGE].text, item->slot[SLOT_LANG].text,
	        feed->slot[SLOT_LANGUAGE].text, feed->slot[SLOT_LANG].text};
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		if (list[i] && *list[i] && strlen(list[i]) < 36) return list[i];
	}
	return NULL;
}

/* What relative addresses in its HTML are relative to (feeds.md 5). */
static const char *html_base(const struct mapper *m, const struct feed_choice *choice)
{
	if (choice->body && choice->body->base) return choice->body->base;
	if (m->doc->is_rss && choice->link && url_is_web(choice->link)) return choice->link;
	if (m->doc->is_rss && m->feed.link && url_is_web(m->feed.link)) return m->feed.link;
	return m->in->url;
}

/* A large document of nothing but markup would keep the thread busy for seconds. */
static bool is_affordable(struct mapper *m, const struct feed_value *body)
{
	if (!body || body->markup == FEED_PLAIN) return true;
	for (const char *p = body->text; (p = strpbrk(p, "<&")) != NULL; p++)
		m->marks++;
	return m->marks <= MAX_MARKS;
}

static void add_post(struct mapper *m, const struct feed_record *item,
        const struct feed_choice *choice, const char *uri)
{
	struct text text = {0}, excerpt = {0};
	const char *base = html_base(m, choice);
	if (is_affordable(m, choice->body))
		feed_value_text(&text, choice->body, base);
	else
		m->doc->wishes.damaged = true;
	bool article = text.utf8.len > POST_EXCERPT;
	if (article) {
		text_clean(&excerpt, text.utf8.p, text.utf8.len, text.facets, text.nfacets);
		text_cut(&excerpt, POST_EXCERPT);
		add_tags(&excerpt, item);
	}
	add_tags(&text, item);
	const struct text *body = article ? &excerpt : &text;
	struct media media[POST_MAX_MEDIA];
	char *title = feed_value_line(choice->title), *lang = clean_name(item_lang(m, item));
	struct post_parts parts = {
	        .str = {[POST_URI] = uri,
	                [POST_URL] = choice->link && url_is_web(choice->link) ? choice->link : NULL,
	                [POST_TITLE] = title,
	                [POST_BODY] = str_c(&body->utf8),
	                [POST_LANG] = lang},
	        .facets = body->facets,
	        .nfacets = body->nfacets,
	        .media = media,
	        .nmedia = item_media(m, item, base, media),
	        .author = item_author(m, choice),
	        .replies = item->comments >= 0 && item->comments < POST_UNKNOWN
	                           ? (uint32_t)item->comments
	                           : POST_UNKNOWN,
	        .reposts = POST_UNKNOWN,
	        .likes = POST_UNKNOWN,
	        .quotes = POST_UNKNOWN,
	        .flags = (article ? POST_IS_ARTICLE : 0u) |
	                 (m->doc->wishes.damaged ? POST_IS_DAMAGED : 0u),
	};
	set_dates(m, choice, &parts);
	uint32_t post = page_add_post(m->page, &parts);
	page_add_entry(m->page,
	        &(struct entry){
	                .post = post, .reason = REASON_POSTED, .sort_ms = parts.created_ms});
	if (article) page_add_article(m->page, post, &text);
	text_finish(&text);
	text_finish(&excerpt);
	free(title);
	free(lang);
}

static bool is_empty(const struct feed_record *item, const struct feed_choice *choice)
{
	const struct feed_person *who = &choice->author;
	bool says = choice->title || choice->body || item->nmedia || choice->published ||
	            choice->updated || who->name || who->email;
	return !says && !choice->id && !choice->link;
}

static void map_items(struct mapper *m)
{
	m->seen = xcalloc(m->doc->nitems + 1, sizeof *m->seen);
	for (size_t i = 0; i < m->doc->nitems; i++) {
		const struct feed_record *item = &m->doc->items[i];
		struct feed_choice choice;
		feed_choose(m->doc, item, m->in, &choice);
		struct str uri = {0};
		item_uri(m, &choice, &uri);
		if (is_empty(item, &choice))
			m->page->unreadable++;
		else if (is_new(m, i, str_c(&uri)))
			add_post(m, item, &choice, str_c(&uri));
		str_finish(&uri);
	}
	free(m->seen);
	page_sort(m->page);
}

static void map_wishes(struct mapper *m)
{
	struct feed_wishes *wishes = &m->doc->wishes;
	feed_wish_period(wishes, m->doc->sy_period, m->doc->sy_frequency);
	for (size_t i = 0; i < m->doc->feed.nlinks; i++) {
		const struct feed_href *link = &m->doc->feed.links[i];
		if (!link->rel || (strcasecmp(link->rel, "next") != 0 &&
		                          strcasecmp(link->rel, "prev-archive") != 0))
			continue;
		const char *base = link->base ? link->base : m->in->url;
		const char *url = feed_resolve(&m->doc->arena, base, link->href);
		if (!url_is_web(url) || strlen(url) >= sizeof wishes->next_url) continue;
		if (strcmp(url, m->in->url) == 0) continue;
		memcpy(wishes->next_url, url, strlen(url) + 1);
		return;
	}
}

void feed_map(struct feed_doc *doc, const struct feed_input *in, struct page *page)
{
	struct mapper m = {.doc = doc, .in = in, .page = page};
	feed_choose(doc, NULL, in, &m.feed);
	const char *site = m.feed.link && url_is_web(m.feed.link) ? m.feed.link : NULL;
	char *host = url_host(site ? site : in->url);
	m.handle = host ? arena_strndup(&doc->arena, host, strlen(host)) : "";
	free(host);
	char *title = feed_value_line(m.feed.title);
	if (*title) page->title = page_str(page, title);
	free(title);
	page->site = page_str(page, site);
	m.one_id = all_one_id(&m);
	map_items(&m);
	map_wishes(&m);
	if (*doc->wishes.next_url) page->older = page_str(page, doc->wishes.next_url);
}
