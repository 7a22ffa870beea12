#include "demo/entity.h"

#include <inttypes.h>
#include <string.h>

#include "demo/content.h"
#include "demo/put.h"

#define HERE "https://" WORLD_HOST

static const char *host_of(size_t person)
{
	return people[person].host ? people[person].host : WORLD_HOST;
}

static unsigned count(uint64_t set)
{
	unsigned n = 0;
	for (; set; set &= set - 1)
		n++;
	return n;
}

void status_uri(struct str *out, const struct status *status)
{
	str_addf(out, "https://%s/users/%s/statuses/%" PRIu64 "%s", host_of(status->author),
	        people[status->author].username, status->id, status->reblog ? "/activity" : "");
}

void status_url(struct str *out, const struct status *status)
{
	str_addf(out, "https://%s/@%s/%" PRIu64, host_of(status->author),
	        people[status->author].username, status->id);
}

/* --- emoji --- */

void entity_emoji(struct str *out, const char *shortcode)
{
	put_open(out, NULL, '{');
	put_str(out, "shortcode", shortcode);
	put_strf(out, "url", HERE "/emoji/%s.png", shortcode);
	put_strf(out, "static_url", HERE "/emoji/%s.png", shortcode);
	put_bool(out, "visible_in_picker", true);
	put_close(out, '}');
}

static bool uses_emoji(const char *text, const char *shortcode)
{
	size_t n = strlen(shortcode);
	for (const char *p = text; (p = strstr(p, shortcode)); p += n) {
		if (p > text && p[-1] == ':' && p[n] == ':') return true;
	}
	return false;
}

static void put_emoji(struct str *out, const char *text, const char *more)
{
	put_open(out, "emojis", '[');
	for (size_t i = 0; emoji[i]; i++) {
		if (uses_emoji(text, emoji[i]) || uses_emoji(more, emoji[i]))
			entity_emoji(out, emoji[i]);
	}
	put_close(out, ']');
}

/* --- people --- */

static void put_acct(struct str *out, size_t person)
{
	const struct person *who = &people[person];
	if (who->host)
		put_strf(out, "acct", "%s@%s", who->username, who->host);
	else
		put_str(out, "acct", who->username);
}

static void put_counts(struct str *out, const struct world *world, size_t person)
{
	unsigned followers = 0;
	for (size_t i = 0; i < npeople; i++)
		followers += (world->following[i] >> person) & 1;
	put_int(out, "followers_count", followers + 37 * (int64_t)(person + 1));
	put_int(out, "following_count", count(world->following[person]));
	put_int(out, "statuses_count", 40 + 13 * (int64_t)person);
}

static void put_account_members(struct str *out, const struct world *world, size_t person)
{
	const struct person *who = &people[person];
	put_id(out, "id", person_id(person));
	put_str(out, "username", who->username);
	put_acct(out, person);
	put_str(out, "display_name", who->name);
	put_bool(out, "locked", who->flags & PERSON_LOCKED);
	put_bool(out, "bot", who->flags & PERSON_BOT);
	put_bool(out, "group", false);
	put_bool(out, "discoverable", true);
	put_bool(out, "indexable", true);
	put_str(out, "created_at", "2022-11-05T00:00:00.000Z");
	struct str note = {0};
	content_html(&note, who->note);
	put_str(out, "note", str_c(&note));
	str_finish(&note);
	put_strf(out, "url", "https://%s/@%s", host_of(person), who->username);
	put_strf(out, "uri", "https://%s/users/%s", host_of(person), who->username);
	static const char *const images[] = {"avatar", "avatar_static", "header", "header_static"};
	for (size_t i = 0; i < 4; i++)
		put_strf(out, images[i], HERE "/images/%s/%s.png", images[i], who->username);
	put_counts(out, world, person);
	put_str(out, "last_status_at", "2026-11-21");
	put_bool(out, "hide_collections", false);
	put_emoji(out, who->name, who->note);
	put_none(out, "roles", "[]");
	put_open(out, "fields", '[');
	put_open(out, NULL, '{');
	put_str(out, "name", "Taal");
	put_str(out, "value", who->lang);
	put_null(out, "verified_at");
	put_close(out, '}');
	put_close(out, ']');
}

void entity_account(struct str *out, const char *key, const struct world *world, size_t person)
{
	put_open(out, key, '{');
	put_account_members(out, world, person);
	put_close(out, '}');
}

void entity_credentials(struct str *out, const struct world *world, size_t person)
{
	put_open(out, NULL, '{');
	put_account_members(out, world, person);
	put_open(out, "source", '{');
	put_str(out, "note", people[person].note);
	put_none(out, "fields", "[]");
	put_str(out, "privacy", "public");
	put_bool(out, "sensitive", false);
	put_str(out, "language", people[person].lang);
	put_int(out, "follow_requests_count", 0);
	put_bool(out, "hide_collections", false);
	put_bool(out, "discoverable", true);
	put_bool(out, "indexable", true);
	put_none(out, "attribution_domains", "[]");
	put_str(out, "quote_policy", "public");
	put_close(out, '}');
	put_open(out, "role", '{');
	put_str(out, "id", "-99");
	put_str(out, "name", "");
	put_str(out, "permissions", "65536");
	put_str(out, "color", "");
	put_bool(out, "highlighted", false);
	put_close(out, '}');
	put_close(out, '}');
}

void entity_relationship(struct str *out, const struct world *world, size_t person, size_t viewer)
{
	bool following = world->following[viewer] & BIT(person);
	bool muting = world->muting[viewer] & BIT(person);
	put_open(out, NULL, '{');
	put_id(out, "id", person_id(person));
	put_bool(out, "following", following);
	put_bool(out, "showing_reblogs", following);
	put_bool(out, "notifying", false);
	if (following)
		put_null(out, "languages");
	else
		put_none(out, "languages", "[]");
	put_bool(out, "followed_by", world->following[person] & BIT(viewer));
	put_bool(out, "blocking", world->blocking[viewer] & BIT(person));
	put_bool(out, "blocked_by", world->blocking[person] & BIT(viewer));
	put_bool(out, "muting", muting);
	put_bool(out, "muting_notifications", muting);
	put_null(out, "muting_expires_at");
	put_bool(out, "requested", false);
	put_bool(out, "requested_by", false);
	put_bool(out, "domain_blocking", false);
	put_bool(out, "endorsed", false);
	put_str(out, "note", "");
	put_close(out, '}');
}

/* --- statuses --- */

static void put_media(struct str *out, const struct status *status)
{
	put_open(out, "media_attachments", '[');
	for (size_t i = 0; i < status->nmedia; i++) {
		const struct picture *picture = status->media[i];
		put_open(out, NULL, '{');
		put_id(out, "id", picture->id);
		put_str(out, "type", picture->kind);
		put_strf(out, "url", HERE "/media/original/%s", picture->name);
		put_strf(out, "preview_url", HERE "/media/small/%s", picture->name);
		put_null(out, "remote_url");
		if (picture->width) {
			put_open(out, "meta", '{');
			put_open(out, "original", '{');
			put_int(out, "width", picture->width);
			put_int(out, "height", picture->height);
			put_strf(out, "size", "%dx%d", picture->width, picture->height);
			put_close(out, '}');
			put_close(out, '}');
		} else {
			put_null(out, "meta");
		}
		put_str(out, "description", picture->alt);
		put_str(out, "blurhash",
		        picture->width ? "UBL_:rOpGG-;~qRjWBay~qj[Rjay-;WBt7t7" : NULL);
		put_close(out, '}');
	}
	put_close(out, ']');
}

static void put_mentions(struct str *out, const struct status *status)
{
	put_open(out, "mentions", '[');
	for (size_t i = 0; i < npeople; i++) {
		if (!(status->mentioned & BIT(i))) continue;
		put_open(out, NULL, '{');
		put_id(out, "id", person_id(i));
		put_str(out, "username", people[i].username);
		put_strf(out, "url", "https://%s/@%s", host_of(i), people[i].username);
		put_acct(out, i);
		put_close(out, '}');
	}
	put_close(out, ']');
}

static void put_lower(char *out, size_t size, const char *p, size_t len)
{
	size_t n = len < size - 1 ? len : size - 1;
	for (size_t i = 0; i < n; i++)
		out[i] = p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] + 32) : p[i];
	out[n] = '\0';
}

static void put_tags(struct str *out, const struct status *status)
{
	put_open(out, "tags", '[');
	struct piece piece;
	for (const char *at = status->text; content_next(&at, &piece);) {
		if (piece.kind != PIECE_TAG) continue;
		char name[128];
		put_lower(name, sizeof name, piece.p + 1, piece.len - 1);
		put_open(out, NULL, '{');
		put_str(out, "name", name);
		struct str url = {0};
		content_tag_url(&url, name, strlen(name));
		put_str(out, "url", str_c(&url));
		str_finish(&url);
		put_close(out, '}');
	}
	put_close(out, ']');
}

static void put_card(struct str *out, const struct card *card)
{
	if (!card) {
		put_null(out, "card");
		return;
	}
	int site = (int)(strchr(strstr(card->url, "//") + 2, '/') - card->url);
	put_open(out, "card", '{');
	put_str(out, "url", card->url);
	put_str(out, "title", card->title);
	put_str(out, "description", card->description);
	put_str(out, "type", "link");
	put_none(out, "authors", "[]");
	put_str(out, "author_name", "");
	put_strf(out, "author_url", "%.*s", site, card->url);
	put_str(out, "provider_name", card->provider);
	put_strf(out, "provider_url", "%.*s", site, card->url);
	put_str(out, "html", "");
	put_int(out, "width", 0);
	put_int(out, "height", 0);
	put_null(out, "image");
	put_strf(out, "embed_url", "%.*s", site, card->url);
	put_null(out, "blurhash");
	put_null(out, "published_at");
	put_close(out, '}');
}

void entity_poll(struct str *out, const char *key, const struct world *world,
        const struct status *status, int viewer)
{
	const struct poll *poll = status->poll;
	int64_t votes = 0;
	put_open(out, key, '{');
	put_id(out, "id", status->id);
	put_date(out, "expires_at", poll->ends_ms);
	put_bool(out, "expired", poll->ends_ms <= world_now(world));
	put_bool(out, "multiple", poll->multiple);
	put_open(out, "options", '[');
	for (size_t i = 0; i < poll->noptions; i++) {
		put_open(out, NULL, '{');
		put_str(out, "title", poll->options[i]);
		put_int(out, "votes_count", poll->votes[i]);
		put_close(out, '}');
		votes += poll->votes[i];
	}
	put_close(out, ']');
	put_int(out, "votes_count", votes);
	if (poll->multiple)
		put_int(out, "voters_count", votes);
	else
		put_null(out, "voters_count");
	put_none(out, "emojis", "[]");
	if (viewer >= 0) {
		put_bool(out, "voted", poll->voters & BIT(viewer));
		put_none(out, "own_votes", "[]");
	}
	put_close(out, '}');
}

static void put_quote(struct str *out, const struct world *world, const struct status *status,
        int viewer, bool deep)
{
	const struct status *quoted = status->quote;
	if (!quoted) {
		put_null(out, "quote");
		return;
	}
	bool seen = status_visible(world, quoted, viewer);
	put_open(out, "quote", '{');
	put_str(out, "state", quoted->deleted ? "deleted" : seen ? "accepted" : "unauthorized");
	if (!deep)
		put_id(out, "quoted_status_id", seen ? quoted->id : 0);
	else if (seen)
		entity_status(out, "quoted_status", world, quoted, viewer);
	else
		put_null(out, "quoted_status");
	put_close(out, '}');
}

static void put_content(struct str *out, const struct status *status)
{
	struct str html = {0};
	if (status->quote) {
		struct str url = {0};
		status_url(&url, status->quote);
		str_addf(&html, "<p class=\"quote-inline\">RE: <a href=\"%s\">%s</a></p>",
		        str_c(&url), str_c(&url));
		str_finish(&url);
	}
	if (!status->reblog)
		content_html(&html, status->text);
	else
		content_html(&html, status->reblog->text);
	put_str(out, "content", str_c(&html));
	str_finish(&html);
}

static void put_viewer(struct str *out, const struct status *status, size_t viewer)
{
	const struct status *what = status->reblog ? status->reblog : status;
	put_bool(out, "favourited", what->liked & BIT(viewer));
	put_bool(out, "reblogged", what->reposted & BIT(viewer));
	put_bool(out, "muted", what->muted & BIT(viewer));
	put_bool(out, "bookmarked", what->bookmarked & BIT(viewer));
	if (what->author == viewer && !status->reblog) put_bool(out, "pinned", false);
	put_none(out, "filtered", "[]");
}

static void put_addresses(struct str *out, const struct status *status)
{
	struct str s = {0};
	status_uri(&s, status);
	put_str(out, "uri", str_c(&s));
	str_clear(&s);
	status_url(&s, status);
	put_str(out, "url", str_c(&s));
	str_finish(&s);
}

static void put_approval(struct str *out, const struct status *status)
{
	bool open = status->visibility <= SEEN_UNLISTED;
	put_open(out, "quote_approval", '{');
	put_none(out, "automatic", open ? "[\"public\"]" : "[]");
	put_none(out, "manual", "[]");
	put_str(out, "current_user", open ? "automatic" : "denied");
	put_close(out, '}');
}

void entity_status(struct str *out, const char *key, const struct world *world,
        const struct status *status, int viewer)
{
	const struct status *what = status->reblog ? status->reblog : status;
	const struct status *parent = status->parent;
	put_open(out, key, '{');
	put_id(out, "id", status->id);
	put_date(out, "created_at", status->created_ms);
	put_id(out, "in_reply_to_id", parent ? parent->id : 0);
	put_id(out, "in_reply_to_account_id", parent ? person_id(parent->author) : 0);
	put_bool(out, "sensitive", what->sensitive);
	put_str(out, "spoiler_text", what->warning ? what->warning : "");
	put_str(out, "visibility", visibility_names[status->visibility]);
	put_str(out, "language", what->lang[0] ? what->lang : NULL);
	put_addresses(out, status);
	put_int(out, "replies_count", what->replies);
	put_int(out, "reblogs_count", what->far_reposts + count(what->reposted));
	put_int(out, "favourites_count", what->far_likes + count(what->liked));
	put_int(out, "quotes_count", 0);
	put_date(out, "edited_at", what->edited_ms);
	put_content(out, status);
	if (status->reblog)
		entity_status(out, "reblog", world, status->reblog, viewer);
	else
		put_null(out, "reblog");
	if (!people[status->author].host) {
		if (status->app) {
			put_open(out, "application", '{');
			put_str(out, "name", status->app);
			put_null(out, "website");
			put_close(out, '}');
		} else {
			put_null(out, "application");
		}
	}
	entity_account(out, "account", world, status->author);
	put_media(out, what);
	put_mentions(out, what);
	put_tags(out, what);
	put_emoji(out, what->text, what->warning ? what->warning : "");
	put_card(out, what->card);
	if (what->poll)
		entity_poll(out, "poll", world, what, viewer);
	else
		put_null(out, "poll");
	put_quote(out, world, status, viewer, !status->reblog);
	put_approval(out, what);
	if (viewer >= 0) put_viewer(out, status, (size_t)viewer);
	put_close(out, '}');
}

void entity_notice(struct str *out, const struct world *world, const struct notice *notice)
{
	put_open(out, NULL, '{');
	put_id(out, "id", notice->id);
	put_str(out, "type", notice->type);
	put_strf(out, "group_key", "ungrouped-%" PRIu64, notice->id);
	put_date(out, "created_at", notice->created_ms);
	entity_account(out, "account", world, notice->from);
	if (notice->status && !notice->status->deleted)
		entity_status(out, "status", world, notice->status, (int)notice->to);
	else if (notice->status)
		put_null(out, "status");
	put_close(out, '}');
}

void entity_scheduled(struct str *out, const struct scheduled *scheduled)
{
	const struct status *draft = scheduled->draft;
	put_open(out, NULL, '{');
	put_id(out, "id", scheduled->id);
	put_date(out, "scheduled_at", scheduled->due_ms);
	put_open(out, "params", '{');
	put_str(out, "text", draft->text);
	put_null(out, "poll");
	put_null(out, "media_ids");
	put_bool(out, "sensitive", draft->sensitive);
	put_str(out, "spoiler_text", *draft->warning ? draft->warning : NULL);
	put_str(out, "visibility", visibility_names[draft->visibility]);
	if (draft->parent)
		put_int(out, "in_reply_to_id", (int64_t)draft->parent->id);
	else
		put_null(out, "in_reply_to_id");
	put_str(out, "language", draft->lang[0] ? draft->lang : NULL);
	put_null(out, "scheduled_at");
	put_null(out, "idempotency");
	put_bool(out, "with_rate_limit", false);
	put_int(out, "application_id", 1);
	put_close(out, '}');
	put_media(out, draft);
	put_close(out, '}');
}
