#include <string.h>

#include "base/mem.h"
#include "model/items.h"
#include "networks/bluesky_http.h"
#include "networks/bluesky_person.h"
#include "networks/bluesky_read.h"

/* Lists of people and of lists: one row a collection. */

enum { LIMIT = 100 };

static const struct place {
	enum collection kind;
	const char *nsid, *arg, *list;
	const char *inner; /* the member of an element that holds the profile; NULL: itself */
	bool of_self;      /* the argument is our own account */
} places[] = {
        {COLLECTION_LISTS, "app.bsky.graph.getLists", "actor", "lists", NULL, true},
        {COLLECTION_MEMBERS, "app.bsky.graph.getList", "list", "items", "subject", false},
        {COLLECTION_MUTES, "app.bsky.graph.getMutes", NULL, "mutes", NULL, false},
        {COLLECTION_BLOCKS, "app.bsky.graph.getBlocks", NULL, "blocks", NULL, false},
        {COLLECTION_FOLLOWERS, "app.bsky.graph.getFollowers", "actor", "followers", NULL, false},
        {COLLECTION_FOLLOWING, "app.bsky.graph.getFollows", "actor", "follows", NULL, false},
        {COLLECTION_LIKED_BY, "app.bsky.feed.getLikes", "uri", "likes", "actor", false},
        {COLLECTION_REPOSTED_BY, "app.bsky.feed.getRepostedBy", "uri", "repostedBy", NULL, false},
        {COLLECTION_PEOPLE, "app.bsky.actor.searchActorsTypeahead", "q", "actors", NULL, false},
};

static const struct place *place_of(enum collection kind)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (places[i].kind == kind) return &places[i];
	}
	return NULL;
}

static void add_list(struct bluesky_reader *reader, struct items *items, const cJSON *view)
{
	const char *uri = bluesky_id(view, "uri"), *about = json_str(view, "description");
	if (!uri) return;
	items_add(items, uri, bluesky_clean(reader, CLEAN_LINE, json_str(view, "name")),
	        about && *about ? bluesky_clean(reader, CLEAN_LINE, about) : NULL, 0);
}

static void add_person(struct bluesky_reader *reader, struct items *items, const cJSON *view)
{
	uint32_t index = bluesky_profile(reader, view);
	if (!index) return;
	const struct profile *profile = reader->page->profiles[index - 1];
	items_add(items, profile->handle, *profile->name ? profile->name : profile->handle,
	        profile->bio, 0);
}

static enum call_next ask(struct call *call, struct request *req, const struct place *place)
{
	struct str query = {0};
	const char *arg = place->of_self ? call->account->uri : call->arg;
	str_addf(&query, "limit=%d", LIMIT);
	if (place->arg) bluesky_param(&query, place->arg, arg ? arg + (*arg == '@') : "");
	if (call->cursor && *call->cursor) bluesky_param(&query, "cursor", call->cursor);
	bluesky_get(req, call, place->nsid, str_c(&query));
	str_finish(&query);
	return CALL_SEND;
}

enum call_next bluesky_items(struct call *call, const struct response *answer, struct request *req)
{
	const struct place *place = place_of(call->collection);
	if (call->collection == COLLECTION_FEEDS) return bluesky_feeds(call, answer, req);
	if (!place) {
		err_set(&call->err, ERR_UNSUPPORTED, "Bluesky keeps no %s",
		        collections[call->collection].name);
		return CALL_FAIL;
	}
	if (!answer) return ask(call, req, place);
	struct json *json = bluesky_json(call, answer);
	if (!json) return CALL_FAIL;
	struct page *page = page_new(); /* profiles pass through one */
	struct bluesky_reader reader;
	const char *cursor = json_str(json_root(json), "cursor");
	bluesky_reader_init(&reader, page, call->account);
	call->items = items_new(place->kind);
	json_each (item, json_arr(json_root(json), place->list)) {
		const cJSON *view = place->inner ? json_obj(item, place->inner) : item;
		arena_reset(&reader.arena);
		if (place->kind == COLLECTION_LISTS)
			add_list(&reader, call->items, view);
		else
			add_person(&reader, call->items, view);
	}
	call->items->older = cursor && *cursor ? xstrdup(cursor) : NULL;
	bluesky_reader_finish(&reader);
	page_free(page);
	json_free(json);
	return CALL_DONE;
}
