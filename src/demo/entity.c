#include "demo/entity.h"

#include <inttypes.h>
#include <string.h>

#include "demo/content.h"
#include "demo/filter.h"
#include "demo/media.h"
#include "demo/put.h"

#define HERE "https://" WORLD_HOST

void entity_id(struct str *out, const char *key, const struct world *world, uint64_t id)
{
	char text[ID_SIZE];
	software_print_id(world->software, text, id);
	put_str(out, key, id ? text : NULL);
}

void status_uri(struct str *out, const struct world *world, const struct status *status)
{
	str_addf(out, "https://%s/users/%s/statuses/%" PRIu64 "%s", person_host(status->author),
	        people[status->author].username, status->id - world->id_offset,
	        status->reblog ? "/activity" : "");
}

void status_url(struct str *out, const struct world *world, const struct status *status)
{
	str_addf(out, "https://%s/@%s/%" PRIu64, person_host(status->author),
	        people[status->author].username, status->id - world->id_offset);
}

/* --- statuses --- */

static void put_media(struct str *out, const struct world *world, const struct status *status)
{
	put_open(out, "media_attachments", '[');
	for (size_t i = 0; i < status->nmedia; i++)
		media_put(out, NULL, world, status->media[i], true);
	put_close(out, ']');
}

static void put_mentions(struct str *out, const struct world *world, const struct status *status)
{
	put_open(out, "mentions", '[');
	for (size_t i = 0; i < npeople; i++) {
		if (!(status->mentioned & BIT(i))) continue;
		put_open(out, NULL, '{');
		entity_id(out, "id", world, person_id(world, i));
		put_str(out, "username", people[i].username);
		put_strf(out, "url", "https://%s/@%s", person_host(i), people[i].username);
		entity_acct(out, world, i);
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

void entity_card(struct str *out, const char *key, const struct card *card)
{
	if (!card) {
		put_null(out, key);
		return;
	}
	int site = (int)(strchr(strstr(card->url, "//") + 2, '/') - card->url);
	put_open(out, key, '{');
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
	entity_id(out, "id", world, status->id);
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
		put_open(out, "own_votes", '[');
		for (int i = 0; i < 4; i++) {
			if (poll->chosen[viewer] & 1 << i) put_int(out, NULL, i);
		}
		put_close(out, ']');
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
		entity_id(out, "quoted_status_id", world, seen ? quoted->id : 0);
	else if (seen)
		entity_status(out, "quoted_status", world, quoted, viewer);
	else
		put_null(out, "quoted_status");
	put_close(out, '}');
}

static void put_content(struct str *out, const struct world *world, const struct status *status)
{
	struct str html = {0};
	if (status->quote) {
		struct str url = {0};
		status_url(&url, world, status->quote);
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

static void put_viewer(
        struct str *out, const struct world *world, const struct status *status, size_t viewer)
{
	const struct status *what = status->reblog ? status->reblog : status;
	put_bool(out, "favourited", what->liked & BIT(viewer));
	put_bool(out, "reblogged", what->reposted & BIT(viewer));
	put_bool(out, "muted", what->muted & BIT(viewer));
	put_bool(out, "bookmarked", what->bookmarked & BIT(viewer));
	if (what->author == viewer && !status->reblog) put_bool(out, "pinned", what->pinned);
	put_open(out, "filtered", '[');
	filter_put_results(out, world, what, viewer);
	put_close(out, ']');
}

static void put_addresses(struct str *out, const struct world *world, const struct status *status)
{
	struct str s = {0};
	status_uri(&s, world, status);
	put_str(out, "uri", str_c(&s));
	str_clear(&s);
	status_url(&s, world, status);
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
	entity_id(out, "id", world, status->id);
	put_date(out, "created_at", status->created_ms);
	entity_id(out, "in_reply_to_id", world, parent ? parent->id : 0);
	entity_id(out, "in_reply_to_account_id", world,
	        parent ? person_id(world, parent->author) : 0);
	put_bool(out, "sensitive", what->sensitive);
	put_str(out, "spoiler_text", what->warning ? what->warning : "");
	put_str(out, "visibility", visibility_names[status->visibility]);
	put_str(out, "language", what->lang[0] ? what->lang : NULL);
	put_addresses(out, world, status);
	put_int(out, "replies_count", what->replies);
	put_int(out, "reblogs_count", what->far_reposts + people_count(what->reposted));
	put_int(out, "favourites_count", what->far_likes + people_count(what->liked));
	put_int(out, "quotes_count", 0);
	put_date(out, "edited_at", what->edited_ms);
	put_content(out, world, status);
	if (status->reblog)
		entity_status(out, "reblog", world, status->reblog, viewer);
	else
		put_null(out, "reblog");
	if (person_is_local(world, status->author)) {
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
	put_media(out, world, what);
	put_mentions(out, world, what);
	put_tags(out, what);
	entity_emojis(out, what->text, what->warning ? what->warning : "");
	entity_card(out, "card", what->card);
	if (what->poll)
		entity_poll(out, "poll", world, what, viewer);
	else
		put_null(out, "poll");
	put_quote(out, world, status, viewer, !status->reblog);
	put_approval(out, what);
	if (viewer >= 0) put_viewer(out, world, status, (size_t)viewer);
	put_close(out, '}');
}

static void put_version(struct str *out, const struct world *world, const struct status *status,
        const struct version *version)
{
	struct str html = {0};
	content_html(&html, version->text);
	put_open(out, NULL, '{');
	put_str(out, "content", str_c(&html));
	put_str(out, "spoiler_text", version->warning);
	put_bool(out, "sensitive", status->sensitive);
	put_date(out, "created_at", version->at_ms);
	entity_account(out, "account", world, status->author);
	put_media(out, world, status);
	entity_emojis(out, version->text, version->warning);
	put_close(out, '}');
	str_finish(&html);
}

void entity_versions(struct str *out, const struct world *world, const struct status *status)
{
	struct version now = {
	        .at_ms = status->edited_ms ? status->edited_ms : status->created_ms,
	        .text = status->text,
	        .warning = status->warning,
	};
	put_open(out, NULL, '[');
	for (size_t i = 0; i < status->nversions; i++)
		put_version(out, world, status, &status->versions[i]);
	put_version(out, world, status, &now);
	put_close(out, ']');
}

void entity_notice(struct str *out, const struct world *world, const struct notice *notice)
{
	put_open(out, NULL, '{');
	entity_id(out, "id", world, notice->id);
	put_str(out, "type", notice->type);
	char key[ID_SIZE + 32];
	notice_group(world, notice, key, sizeof key);
	put_str(out, "group_key", key);
	put_date(out, "created_at", notice->created_ms);
	entity_account(out, "account", world, notice->from);
	if (notice->status && !notice->status->deleted)
		entity_status(out, "status", world, notice->status, (int)notice->to);
	else if (notice->status)
		put_null(out, "status");
	put_close(out, '}');
}

/* As it was asked for (5.3). */
static void put_asked_poll(struct str *out, const struct scheduled *scheduled)
{
	const struct poll *poll = scheduled->draft->poll;
	if (!poll) {
		put_null(out, "poll");
		return;
	}
	put_open(out, "poll", '{');
	put_open(out, "options", '[');
	for (size_t i = 0; i < poll->noptions; i++)
		put_str(out, NULL, poll->options[i]);
	put_close(out, ']');
	put_strf(out, "expires_in", "%lld", (long long)(poll->ends_ms - scheduled->made_ms) / 1000);
	put_bool(out, "multiple", poll->multiple);
	put_bool(out, "hide_totals", false);
	put_close(out, '}');
}

static void put_asked_media(struct str *out, const struct status *draft)
{
	if (draft->nmedia == 0) {
		put_null(out, "media_ids");
		return;
	}
	put_open(out, "media_ids", '[');
	for (size_t i = 0; i < draft->nmedia; i++)
		put_id(out, NULL, draft->media[i]->id);
	put_close(out, ']');
}

void entity_scheduled(struct str *out, const struct world *world, const struct scheduled *scheduled)
{
	const struct status *draft = scheduled->draft;
	put_open(out, NULL, '{');
	entity_id(out, "id", world, scheduled->id);
	put_date(out, "scheduled_at", scheduled->due_ms);
	put_open(out, "params", '{');
	put_str(out, "text", draft->text);
	put_asked_poll(out, scheduled);
	put_asked_media(out, draft);
	put_bool(out, "sensitive", draft->sensitive);
	put_str(out, "spoiler_text", *draft->warning ? draft->warning : NULL);
	put_str(out, "visibility", visibility_names[draft->visibility]);
	/* A number, unlike everywhere else (5.3); what is no number stays a string. */
	if (draft->parent && world->software->ids == ID_DECIMAL)
		put_int(out, "in_reply_to_id", (int64_t)draft->parent->id);
	else
		entity_id(out, "in_reply_to_id", world, draft->parent ? draft->parent->id : 0);
	put_str(out, "language", draft->lang[0] ? draft->lang : NULL);
	put_null(out, "scheduled_at");
	put_null(out, "idempotency");
	put_bool(out, "with_rate_limit", false);
	put_int(out, "application_id", 1);
	put_close(out, '}');
	put_media(out, world, draft);
	put_close(out, '}');
}
