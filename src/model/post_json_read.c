#include "model/post_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clean.h"
#include "base/date.h"
#include "base/json.h"
#include "base/mem.h"
#include "model/poll.h"

/* The other way round than post_json.c. A member of another type is a mistake, null is unknown. */

struct reader {
	struct post_json_read *out;
	struct post_parts parts;
	struct facet facets[POST_MAX_FACETS];
	struct media media[POST_MAX_MEDIA];
	struct viewer viewer;
	struct text body;
	struct err *err;
};

/* --- typed members: *out NULL when it is null or absent, false when it is something else --- */

static bool wrong(struct reader *r, const char *where, const char *name, const char *what)
{
	return err_set(r->err, ERR_FORMAT, "'%s%s' is not %s", where, name, what);
}

static bool read_str(
        struct reader *r, const cJSON *in, const char *where, const char *name, const char **out)
{
	const cJSON *item = json_get(in, name);

	*out = cJSON_IsString(item) ? item->valuestring : NULL;
	return *out || !item || cJSON_IsNull(item) || wrong(r, where, name, "a string");
}

static bool read_list(struct reader *r, const cJSON *in, const char *name, const cJSON **out)
{
	const cJSON *item = json_get(in, name);

	*out = cJSON_IsArray(item) ? item : NULL;
	return *out || !item || cJSON_IsNull(item) || wrong(r, "", name, "a list");
}

static bool read_object(struct reader *r, const cJSON *in, const char *name, const cJSON **out)
{
	const cJSON *item = json_get(in, name);

	*out = cJSON_IsObject(item) ? item : NULL;
	return *out || !item || cJSON_IsNull(item) || wrong(r, "", name, "an object");
}

static bool read_count(struct reader *r, const cJSON *in, const char *where, const char *name,
        int64_t otherwise, int64_t *out)
{
	const cJSON *item = json_get(in, name);

	*out = otherwise;
	if (!item || cJSON_IsNull(item)) return true;
	if (!cJSON_IsNumber(item) || item->valuedouble < 0) {
		return wrong(r, where, name, "a number from 0 on");
	}
	*out = json_int(in, name, otherwise);
	return true;
}

static bool read_date(struct reader *r, const cJSON *in, const char *name, int64_t *out_ms)
{
	const char *text;

	*out_ms = 0;
	if (!read_str(r, in, "", name, &text)) return false;
	return !text || date_parse_rfc3339(text, out_ms) ||
	       wrong(r, "", name, "a time such as 2026-11-22T08:00:00Z");
}

/* A string as posts keep it, in the arena; NULL stays. */
static const char *clean(struct reader *r, enum clean_in kind, const char *text)
{
	struct str out = {0};
	const char *kept;

	if (!text) return NULL;
	clean_in(&out, kind, text, strlen(text));
	kept = arena_strndup(&r->out->arena, str_c(&out), out.len);
	str_finish(&out);
	return kept;
}

/* --- strings and people --- */

static bool read_strings(struct reader *r, const cJSON *root)
{
	static const struct {
		const char *name;
		enum post_string string;
		enum clean_in kind;
	} rows[] = {
	        {"uri", POST_URI, CLEAN_NAME},
	        {"url", POST_URL, CLEAN_NAME},
	        {"title", POST_TITLE, CLEAN_LINE},
	        {"warning", POST_WARNING, CLEAN_LINE},
	        {"lang", POST_LANG, CLEAN_NAME},
	        {"reply_to", POST_REPLY_TO, CLEAN_NAME},
	        {"reply_to_author", POST_REPLY_NAME, CLEAN_NAME},
	        {"quote_of", POST_QUOTE_OF, CLEAN_NAME},
	        {"app", POST_APP, CLEAN_LINE},
	};
	const char **str = r->parts.str, *text;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (!read_str(r, root, "", rows[i].name, &text)) return false;
		str[rows[i].string] = clean(r, rows[i].kind, text);
	}
	if (!str[POST_URI] || !*str[POST_URI]) str[POST_URI] = str[POST_URL];
	if (!str[POST_URI] || !*str[POST_URI]) str[POST_URI] = "urn:unknown";
	if (str[POST_REPLY_TO] && !str[POST_REPLY_NAME]) r->out->untold |= UNTOLD_REPLY_NAME;
	return true;
}

/* NULL where nobody says who it is; free with free(). */
static bool read_person(struct reader *r, const cJSON *root, const char *name, struct profile **out)
{
	struct profile profile = {0};
	const cJSON *in, *bot;
	const char *handle, *shown, *uri, *bio;
	char where[32];

	snprintf(where, sizeof where, "%s.", name);
	if (!read_object(r, root, name, &in)) return false;
	bot = json_get(in, "bot");
	if (!read_str(r, in, where, "handle", &handle) || !read_str(r, in, where, "name", &shown) ||
	        !read_str(r, in, where, "uri", &uri) || !read_str(r, in, where, "bio", &bio) ||
	        !read_count(r, in, where, "followers", -1, &profile.followers)) {
		return false;
	}
	if (bot && !cJSON_IsBool(bot) && !cJSON_IsNull(bot)) {
		return wrong(r, where, "bot", "true or false");
	}
	/* Who has no name, or none that can be seen, is nobody. */
	profile.handle = handle ? clean(r, CLEAN_NAME, handle) : "";
	if (!*profile.handle) return true;
	profile.name = clean(r, CLEAN_NAME, shown ? shown : "");
	profile.uri = clean(r, CLEAN_NAME, uri ? uri : handle);
	profile.bio = clean(r, CLEAN_LINE, bio);
	profile.bot = cJSON_IsTrue(bot);
	*out = profile_copy(&profile);
	return true;
}

static bool read_people(struct reader *r, const cJSON *root)
{
	struct post_json_read *out = r->out;

	if (!read_person(r, root, "author", &out->author) ||
	        !read_person(r, root, "reposted_by", &out->actor)) {
		return false;
	}
	if (!cJSON_IsBool(json_get(json_obj(root, "author"), "bot"))) out->untold |= UNTOLD_BOT;
	out->reason = json_obj(root, "reposted_by") ? REASON_REPOSTED : REASON_POSTED;
	return true;
}

/* --- the text --- */

static int facet_kind_of(const char *name)
{
	for (int kind = 0; kind < FACET_NKINDS; kind++) {
		if (name && strcmp(facet_kind_name((enum facet_kind)kind), name) == 0) return kind;
	}
	return FACET_NKINDS;
}

/* A kind of later versions is left out. */
static bool read_facet(
        struct reader *r, const cJSON *in, size_t len, struct facet *out, bool *out_known)
{
	const char *kind, *target;
	int64_t start, end;

	if (!cJSON_IsObject(in)) return wrong(r, "", "facets", "a list of objects");
	if (!read_str(r, in, "facets.", "kind", &kind) ||
	        !read_str(r, in, "facets.", "target", &target) ||
	        !read_count(r, in, "facets.", "start", -1, &start) ||
	        !read_count(r, in, "facets.", "end", -1, &end)) {
		return false;
	}
	if (start < 0 || end <= start || (uint64_t)end > len) {
		return err_set(r->err, ERR_FORMAT,
		        "'facets.start' and 'facets.end' are not bytes within the text");
	}
	*out_known = facet_kind_of(kind) < FACET_NKINDS;
	*out = (struct facet){.kind = (enum facet_kind)facet_kind_of(kind),
	        .start = (uint32_t)start,
	        .end = (uint32_t)end,
	        .target = clean(r, CLEAN_NAME, target)};
	return true;
}

static bool read_text(struct reader *r, const cJSON *root)
{
	const cJSON *facets;
	const char *text;
	size_t n = 0;

	if (!read_str(r, root, "", "text", &text)) return false;
	if (!read_list(r, root, "facets", &facets)) return false;
	if (!text) r->out->untold |= UNTOLD_TEXT | UNTOLD_FACETS;
	if (!facets) r->out->untold |= UNTOLD_FACETS;
	if (!text) return true;
	json_each (item, facets) {
		bool known = false;

		if (n == POST_MAX_FACETS) {
			return err_set(r->err, ERR_TOO_LARGE, "'facets' has more than %d of them",
			        POST_MAX_FACETS);
		}
		if (!read_facet(r, item, strlen(text), &r->facets[n], &known)) return false;
		n += known;
	}
	text_clean(&r->body, text, strlen(text), r->facets, n);
	r->parts.str[POST_BODY] = str_c(&r->body.utf8);
	r->parts.facets = r->body.facets;
	r->parts.nfacets = r->body.nfacets;
	return true;
}

/* --- media, poll, counts --- */

static enum media_kind media_kind_of(const char *name)
{
	for (int kind = 0; kind < MEDIA_NKINDS; kind++) {
		if (strcmp(media_kind_name((enum media_kind)kind), name) == 0) {
			return (enum media_kind)kind;
		}
	}
	return MEDIA_FILE;
}

static bool read_media(struct reader *r, const cJSON *root)
{
	const cJSON *list;
	const char *type, *url, *alt;

	if (!read_list(r, root, "media", &list)) return false;
	if (!list) r->out->untold |= UNTOLD_MEDIA;
	r->parts.media = r->media;
	json_each (item, list) {
		if (!cJSON_IsObject(item)) return wrong(r, "", "media", "a list of objects");
		if (r->parts.nmedia == POST_MAX_MEDIA) {
			return err_set(r->err, ERR_TOO_LARGE, "'media' has more than %d of them",
			        POST_MAX_MEDIA);
		}
		if (!read_str(r, item, "media.", "type", &type) ||
		        !read_str(r, item, "media.", "url", &url) ||
		        !read_str(r, item, "media.", "alt", &alt)) {
			return false;
		}
		r->media[r->parts.nmedia++] =
		        (struct media){.kind = media_kind_of(type ? type : ""),
		                .url = clean(r, CLEAN_NAME, url ? url : ""),
		                .alt = clean(r, CLEAN_BODY, alt)};
	}
	return true;
}

static bool read_poll(struct reader *r, const cJSON *root)
{
	const cJSON *poll, *options;
	struct str lines = {0};
	const char *title;
	int64_t votes;
	bool ok = read_object(r, root, "poll", &poll) && read_list(r, poll, "options", &options);

	if (!ok || !poll) return ok;
	json_each (item, options) {
		ok = ok && read_str(r, item, "poll.options.", "title", &title) &&
		     read_count(r, item, "poll.options.", "votes", -1, &votes);
		if (!ok) break;
		poll_add(&lines, votes, json_bool(item, "own", false),
		        clean(r, CLEAN_LINE, title ? title : ""));
	}
	if (lines.len == 0) str_adds(&lines, "-1\t");
	r->parts.str[POST_POLL] = arena_strndup(&r->out->arena, str_c(&lines), lines.len);
	str_finish(&lines);
	if (json_bool(poll, "multiple", false)) r->parts.flags |= POST_IS_POLL_MULTIPLE;
	if (json_bool(poll, "over", false)) r->parts.flags |= POST_IS_POLL_OVER;
	return ok && read_date(r, poll, "ends_at", &r->parts.poll_ends_ms);
}

static bool read_counts(struct reader *r, const cJSON *root)
{
	const struct {
		const char *name;
		uint32_t *out;
	} rows[] = {
	        {"replies", &r->parts.replies},
	        {"reposts", &r->parts.reposts},
	        {"likes", &r->parts.likes},
	        {"quotes", &r->parts.quotes},
	};
	const cJSON *counts;
	int64_t n;

	if (!read_object(r, root, "counts", &counts)) return false;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (!read_count(r, counts, "counts.", rows[i].name, POST_UNKNOWN, &n)) return false;
		*rows[i].out = n < POST_UNKNOWN ? (uint32_t)n : POST_UNKNOWN - (n > POST_UNKNOWN);
	}
	return true;
}

/* --- what our accounts have to do with it --- */

static bool has_flag(const cJSON *flags, const char *name)
{
	json_each (item, flags) {
		if (cJSON_IsString(item) && strcmp(item->valuestring, name) == 0) return true;
	}
	return false;
}

static bool is_own(const struct post_json_read *out)
{
	return out->me && out->author && strcasecmp(out->author->handle, out->me) == 0;
}

/* A mention shows "@ada" or "@ada@host". */
static bool mentions_me(const struct reader *r)
{
	const char *me = r->out->me, *body = str_c(&r->body.utf8);
	size_t name = me ? strcspn(me, "@") : 0;

	for (size_t i = 0; me && i < r->body.nfacets; i++) {
		const struct facet *facet = &r->body.facets[i];
		const char *shown = body + facet->start + (body[facet->start] == '@');
		size_t len = (size_t)(body + facet->end - shown);

		if (facet->kind != FACET_MENTION || facet->start == facet->end) continue;
		if ((len == strlen(me) || len == name) && strncasecmp(shown, me, len) == 0) {
			return true;
		}
	}
	return false;
}

static bool read_flags(struct reader *r, const cJSON *root)
{
	struct post_json_read *out = r->out;
	const cJSON *flags;
	const char *id;
	unsigned of[FLAG_OF_COUNT] = {0};

	if (!read_list(r, root, "flags", &flags) || !read_str(r, root, "", "id", &id)) return false;
#define X(name, whose, bit)                                                                        \
	if (has_flag(flags, name)) of[FLAG_OF_##whose] |= (bit);
	POST_JSON_FLAGS(X)
#undef X
	if (is_own(out)) of[FLAG_OF_VIEWER] |= VIEWER_OWN;
	if (mentions_me(r)) of[FLAG_OF_VIEWER] |= VIEWER_MENTIONED;
	r->parts.flags |= of[FLAG_OF_POST];
	out->unread = of[FLAG_OF_ROW];
	if (!flags) out->untold |= UNTOLD_FLAGS | UNTOLD_UNREAD;
	if (!out->me) out->untold |= UNTOLD_OWN | UNTOLD_TO_ME;
	out->untold |= UNTOLD_ATTENTION | UNTOLD_MUTED;
	r->viewer = (struct viewer){
	        .account = 1, .flags = of[FLAG_OF_VIEWER], .remote_id = clean(r, CLEAN_NAME, id)};
	r->parts.viewers = &r->viewer;
	r->parts.nviewers = 1;
	return true;
}

static bool read_origin(struct reader *r, const cJSON *root)
{
	struct post_json_read *out = r->out;
	const cJSON *list;
	const char *network, *me, **sources;
	size_t n = 0;

	if (!read_str(r, root, "", "network", &network) || !read_str(r, root, "", "me", &me) ||
	        !read_list(r, root, "source", &list)) {
		return false;
	}
	out->network = clean(r, CLEAN_NAME, network);
	out->me = clean(r, CLEAN_NAME, me);
	if (!list) return true;
	sources =
	        arena_alloc(&out->arena, ((size_t)cJSON_GetArraySize(list) + 1) * sizeof *sources);
	json_each (item, list) {
		if (!cJSON_IsString(item)) return wrong(r, "", "source", "a list of strings");
		sources[n++] = clean(r, CLEAN_NAME, item->valuestring);
	}
	sources[n] = NULL;
	out->sources = sources;
	return true;
}

static bool read_visibility(struct reader *r, const cJSON *root)
{
	const char *name;

	if (!read_str(r, root, "", "visibility", &name)) return false;
	for (int i = 0; name && i < VIS_COUNT; i++) {
		if (strcmp(visibility_name((enum visibility)i), name) != 0) continue;
		r->parts.visibility = (enum visibility)i;
		return true;
	}
	r->out->untold |= UNTOLD_VISIBILITY;
	return true;
}

static bool read_post(struct reader *r, const cJSON *root)
{
	if (!cJSON_IsObject(root)) return err_set(r->err, ERR_FORMAT, "this is not an object");
	return read_strings(r, root) && read_people(r, root) && read_origin(r, root) &&
	       read_text(r, root) && read_visibility(r, root) && read_media(r, root) &&
	       read_poll(r, root) && read_counts(r, root) &&
	       read_date(r, root, "created_at", &r->parts.created_ms) &&
	       read_date(r, root, "edited_at", &r->parts.edited_ms) && read_flags(r, root);
}

bool post_json_read(struct post_json_read *out, const char *line, size_t len, struct err *err)
{
	struct json *json;
	struct reader *r;
	bool ok;

	*out = (struct post_json_read){0};
	json = json_parse(line, len, err);
	if (!json) return false;
	r = xcalloc(1, sizeof *r);
	r->out = out;
	r->err = err;
	ok = read_post(r, json_root(json));
	if (ok) out->post = post_new(&r->parts);
	if (!ok) post_json_read_finish(out);
	text_finish(&r->body);
	free(r);
	json_free(json);
	return ok;
}

void post_json_read_finish(struct post_json_read *read)
{
	free(read->post);
	free(read->author);
	free(read->actor);
	arena_finish(&read->arena);
	*read = (struct post_json_read){0};
}
