#include "demo/entity.h"

#include <string.h>

#include "demo/content.h"
#include "demo/kept.h"
#include "demo/put.h"
#include "demo/relation.h"

#define HERE "https://" WORLD_HOST

unsigned people_count(uint64_t set)
{
	unsigned n = 0;
	for (; set; set &= set - 1)
		n++;
	return n;
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

void entity_emojis(struct str *out, const char *text, const char *more)
{
	put_open(out, "emojis", '[');
	for (size_t i = 0; emoji[i]; i++) {
		if (uses_emoji(text, emoji[i]) || uses_emoji(more, emoji[i]))
			entity_emoji(out, emoji[i]);
	}
	put_close(out, ']');
}

/* --- people --- */

void entity_acct(struct str *out, const struct world *world, size_t person)
{
	const struct person *who = &people[person];
	if (person_is_local(world, person))
		put_str(out, "acct", who->username);
	else
		put_strf(out, "acct", "%s@%s", who->username, person_host(person));
}

static void put_counts(struct str *out, const struct world *world, size_t person)
{
	unsigned followers = 0;
	for (size_t i = 0; i < npeople; i++)
		followers += (world->following[i] >> person) & 1;
	put_int(out, "followers_count", followers + 37 * (int64_t)(person + 1));
	put_int(out, "following_count", people_count(world->following[person]));
	put_int(out, "statuses_count", 40 + 13 * (int64_t)person);
}

/* Two fields; the address is one's own page, and says so. */
static void put_fields(struct str *out, size_t person)
{
	const struct person *who = &people[person];
	put_open(out, "fields", '[');
	put_open(out, NULL, '{');
	put_str(out, "name", "Taal");
	put_str(out, "value", who->lang);
	put_null(out, "verified_at");
	put_close(out, '}');
	put_open(out, NULL, '{');
	put_str(out, "name", "Web");
	put_strf(out, "value",
	        "<a href=\"https://%s/~%s\" target=\"_blank\" rel=\"nofollow noopener me\" "
	        "translate=\"no\"><span class=\"invisible\">https://</span>"
	        "<span class=\"\">%s/~%s</span></a>",
	        person_host(person), who->username, person_host(person), who->username);
	put_date(out, "verified_at", person % 3 == 0 ? INT64_C(1714557600000) : 0);
	put_close(out, '}');
	put_close(out, ']');
}

static void put_account_members(struct str *out, const struct world *world, size_t person)
{
	const struct person *who = &people[person];
	entity_id(out, "id", world, person_id(world, person));
	put_str(out, "username", who->username);
	entity_acct(out, world, person);
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
	put_strf(out, "url", "https://%s/@%s", person_host(person), who->username);
	put_strf(out, "uri", "https://%s/users/%s", person_host(person), who->username);
	static const char *const images[] = {"avatar", "avatar_static", "header", "header_static"};
	for (size_t i = 0; i < 4; i++)
		put_strf(out, images[i], HERE "/images/%s/%s.png", images[i], who->username);
	put_counts(out, world, person);
	put_str(out, "last_status_at", "2026-11-21");
	put_bool(out, "hide_collections", false);
	entity_emojis(out, who->name, who->note);
	put_none(out, "roles", "[]");
	put_fields(out, person);
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
	unsigned requests = 0;
	for (size_t i = 0; i < npeople; i++)
		requests += stance_of(world, i, person)->asked;
	put_int(out, "follow_requests_count", requests);
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

void entity_muted(struct str *out, const struct world *world, size_t person, size_t viewer)
{
	put_open(out, NULL, '{');
	put_account_members(out, world, person);
	put_date(out, "mute_expires_at", stance_of(world, viewer, person)->mute_ends_ms);
	put_close(out, '}');
}

void entity_relationship(struct str *out, const struct world *world, size_t person, size_t viewer)
{
	const struct stance *stance = stance_of(world, viewer, person);
	bool following = world->following[viewer] & BIT(person);
	bool muting = world->muting[viewer] & BIT(person);
	put_open(out, NULL, '{');
	entity_id(out, "id", world, person_id(world, person));
	put_bool(out, "following", following);
	put_bool(out, "showing_reblogs", following && !stance->without_reposts);
	put_bool(out, "notifying", following && stance->notifying);
	if (following)
		put_null(out, "languages");
	else
		put_none(out, "languages", "[]");
	put_bool(out, "followed_by", world->following[person] & BIT(viewer));
	put_bool(out, "blocking", world->blocking[viewer] & BIT(person));
	put_bool(out, "blocked_by", world->blocking[person] & BIT(viewer));
	put_bool(out, "muting", muting);
	put_bool(out, "muting_notifications", muting && !stance->spares_notices);
	put_date(out, "muting_expires_at", stance->mute_ends_ms);
	put_bool(out, "requested", stance->asked);
	put_bool(out, "requested_by", stance_of(world, person, viewer)->asked);
	put_bool(out, "domain_blocking", world->kept->hiding[viewer] & BIT(person));
	put_bool(out, "endorsed", false);
	put_str(out, "note", stance->note ? stance->note : "");
	put_close(out, '}');
}
