#include "networks/bluesky_read.h"

#include <string.h>

#include "base/date.h"
#include "model/post.h"
#include "net/url.h"

enum { MAX_ID = 2048, MAX_HANDLE = 256 };

void bluesky_reader_init(
        struct bluesky_reader *reader, struct page *page, const struct account *account)
{
	*reader = (struct bluesky_reader){.page = page, .account = account};
}

void bluesky_reader_finish(struct bluesky_reader *reader)
{
	arena_finish(&reader->arena);
}

const char *bluesky_clean(struct bluesky_reader *reader, enum clean_in kind, const char *s)
{
	struct str clean = {0};
	if (!s || !*s) return "";
	clean_in(&clean, kind, s, strlen(s));
	const char *kept = arena_strndup(&reader->arena, str_c(&clean), clean.len);
	str_finish(&clean);
	return kept;
}

static bool is_visible_ascii(const char *s, size_t max)
{
	size_t n = 0;
	for (; s[n]; n++) {
		if (n >= max || s[n] <= 32 || s[n] >= 127) return false;
	}
	return n > 0;
}

const char *bluesky_id(const cJSON *obj, const char *name)
{
	const char *id = json_str(obj, name);
	return id && is_visible_ascii(id, MAX_ID) ? id : NULL;
}

const char *bluesky_web(const char *url)
{
	bool fine = url && is_visible_ascii(url, POST_MAX_TARGET) && url_is_web(url);
	return fine ? url : NULL;
}

const char *bluesky_rkey(const char *uri)
{
	const char *slash = strrchr(uri, '/');
	return slash ? slash + 1 : uri;
}

const char *bluesky_did(struct bluesky_reader *reader, const char *uri)
{
	if (!uri || strncmp(uri, "at://did:", 9) != 0) return NULL;
	return arena_strndup(&reader->arena, uri + 5, strcspn(uri + 5, "/"));
}

bool bluesky_time(const cJSON *created, const char *name, const cJSON *seen, int64_t *out_ms)
{
	const char *said = json_str(created, name), *indexed = json_str(seen, "indexedAt");
	int64_t said_ms, seen_ms;
	bool has_said = said && date_parse_rfc3339(said, &said_ms);
	bool has_seen = indexed && date_parse_rfc3339(indexed, &seen_ms);
	if (!has_said && !has_seen) return false;
	*out_ms = !has_seen || (has_said && said_ms < seen_ms) ? said_ms : seen_ms;
	return true;
}

/* --- profiles --- */

/* One whose handle no longer leads to them is called by their DID. */
static const char *handle_of(struct bluesky_reader *reader, const cJSON *view, const char *did)
{
	const char *handle = bluesky_clean(reader, CLEAN_NAME, json_str(view, "handle"));
	bool good = is_visible_ascii(handle, MAX_HANDLE) && strcmp(handle, "handle.invalid") != 0;
	return good ? handle : did;
}

static void add_relation(struct bluesky_reader *reader, const cJSON *view, uint32_t profile)
{
	static const struct {
		const char *name;
		unsigned flag;
	} members[] = {
	        {"following", RELATION_FOLLOWING | RELATION_REPOSTS},
	        {"followedBy", RELATION_FOLLOWS_US},
	        {"blocking", RELATION_BLOCKING},
	        {"blockingByList", RELATION_BLOCKING},
	        {"blockedBy", RELATION_BLOCKED_BY},
	        {"muted", RELATION_MUTING},
	        {"mutedByList", RELATION_MUTING},
	};
	const cJSON *viewer = json_obj(view, "viewer");
	struct relation relation = {.account = reader->account->id, .profile = profile};
	if (!viewer || !reader->account->id) return;
	/* Either `true`, or the address of the record or list that makes it so. */
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		const cJSON *member = json_get(viewer, members[i].name);
		if (member && !cJSON_IsFalse(member) && !cJSON_IsNull(member))
			relation.flags |= members[i].flag;
	}
	if (json_bool(viewer, "mutedOnlyReposts", false)) relation.flags &= ~RELATION_REPOSTS;
	page_add_relation(reader->page, &relation);
}

/* A page in a browser: the network has no other address for people. */
static const char *page_of(struct bluesky_reader *reader, const char *did)
{
	struct str url = {0};
	str_addf(&url, "https://bsky.app/profile/%s", did);
	const char *kept = arena_strndup(&reader->arena, str_c(&url), url.len);
	str_finish(&url);
	return kept;
}

static bool is_bot(const cJSON *view)
{
	json_each (label, json_arr(view, "labels")) {
		const char *value = json_str(label, "val");
		if (value && strcmp(value, "bot") == 0) return true;
	}
	return false;
}

uint32_t bluesky_profile(struct bluesky_reader *reader, const cJSON *view)
{
	const char *did = bluesky_id(view, "did");
	if (!did || strncmp(did, "did:", 4) != 0) return 0;
	const char *bio = json_str(view, "description");
	const struct profile profile = {
	        .uri = did,
	        .handle = handle_of(reader, view, did),
	        .name = bluesky_clean(reader, CLEAN_NAME, json_str(view, "displayName")),
	        .url = page_of(reader, did),
	        .bio = bio && *bio ? bluesky_clean(reader, CLEAN_LINE, bio) : NULL,
	        .followers = json_int(view, "followersCount", -1),
	        .bot = is_bot(view),
	};
	size_t known = reader->page->nprofiles;
	uint32_t index = page_add_profile(reader->page, &profile);
	if (reader->page->nprofiles > known) add_relation(reader, view, index);
	return index;
}

/* --- rows --- */

bool bluesky_row(struct bluesky_reader *reader, const cJSON *item)
{
	const cJSON *view = json_obj(item, "post"), *why = json_obj(item, "reason");
	const char *type = json_str(why, "$type");
	struct entry entry = {.reason = REASON_POSTED};
	arena_reset(&reader->arena);
	if (!bluesky_time(json_obj(view, "record"), "createdAt", view, &entry.sort_ms))
		return false;
	if (type && strcmp(type, "app.bsky.feed.defs#reasonRepost") == 0) {
		const char *at = json_str(why, "indexedAt");
		entry.reason = REASON_REPOSTED;
		entry.actor = bluesky_profile(reader, json_obj(why, "by"));
		if (!entry.actor || !at || !date_parse_rfc3339(at, &entry.sort_ms)) return false;
	}
	entry.post = bluesky_post(reader, view);
	if (!entry.post) return false;
	page_add_entry(reader->page, &entry);
	return true;
}
