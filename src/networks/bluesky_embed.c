#include <string.h>

#include "networks/bluesky_prefs.h"
#include "networks/bluesky_read.h"

/*
 * What hangs on a post (fact sheet 4, "embed views"): one row a kind of embed. A kind that
 * we do not know stays a link to the post itself.
 */

static const char *alt_of(struct bluesky_reader *reader, const cJSON *item)
{
	const char *alt = json_str(item, "alt");
	return alt && *alt ? bluesky_clean(reader, CLEAN_LINE, alt) : NULL;
}

/* `item` has perhaps told what shape it is. */
static void add_media(struct bluesky_embed *out, const struct media *media, const cJSON *item)
{
	const cJSON *ratio = json_obj(item, "aspectRatio");
	int64_t width = json_int(ratio, "width", 0), height = json_int(ratio, "height", 0);
	if (!media->url || out->nmedia == POST_MAX_MEDIA) return;
	struct media *made = &out->media[out->nmedia++];
	*made = *media;
	if (width <= 0 || width > UINT16_MAX || height <= 0 || height > UINT16_MAX) return;
	made->width = (uint16_t)width;
	made->height = (uint16_t)height;
}

static void read_pictures(
        struct bluesky_reader *reader, const cJSON *embed, int depth, struct bluesky_embed *out)
{
	const cJSON *images = json_arr(embed, "images");
	(void)depth;
	json_each (item, images ? images : json_arr(embed, "items")) {
		const char *thumb = bluesky_web(json_str(item, "thumb"));
		struct media media = {.kind = MEDIA_IMAGE,
		        .url = bluesky_web(json_str(item, "fullsize")),
		        .alt = alt_of(reader, item),
		        .preview = thumb};
		if (!media.url) media.url = thumb;
		add_media(out, &media, item);
	}
}

static void read_video(
        struct bluesky_reader *reader, const cJSON *embed, int depth, struct bluesky_embed *out)
{
	const char *how = json_str(embed, "presentation");
	bool animation = how && strcmp(how, "gif") == 0;
	(void)depth;
	struct media media = {.kind = animation ? MEDIA_ANIMATION : MEDIA_VIDEO,
	        .url = bluesky_web(json_str(embed, "playlist")),
	        .alt = alt_of(reader, embed),
	        .preview = bluesky_web(json_str(embed, "thumbnail"))};
	add_media(out, &media, embed);
}

static void read_external(
        struct bluesky_reader *reader, const cJSON *embed, int depth, struct bluesky_embed *out)
{
	const cJSON *external = json_obj(embed, "external");
	(void)depth;
	out->card_url = bluesky_web(json_str(external, "uri"));
	if (!out->card_url) return;
	out->card_title = bluesky_clean(reader, CLEAN_LINE, json_str(external, "title"));
}

/* A feed, list or starter pack that is quoted is a card; of a labeler there is nothing to show. */
static void read_thing(
        struct bluesky_reader *reader, const cJSON *record, struct bluesky_embed *out)
{
	static const struct {
		const char *collection, *path;
	} pages[] = {
	        {"/app.bsky.feed.generator/", "feed"},
	        {"/app.bsky.graph.list/", "lists"},
	};
	const char *uri = bluesky_id(record, "uri"), *did = bluesky_did(reader, uri);
	const char *name = json_str(record, "displayName");
	if (!name) name = json_str(record, "name");
	for (size_t i = 0; did && i < sizeof pages / sizeof *pages; i++) {
		struct str url = {0};
		if (!strstr(uri, pages[i].collection)) continue;
		str_addf(&url, "https://bsky.app/profile/%s/%s/%s", did, pages[i].path,
		        bluesky_rkey(uri));
		out->card_url = arena_strndup(&reader->arena, str_c(&url), url.len);
		out->card_title = bluesky_clean(reader, CLEAN_LINE, name);
		str_finish(&url);
	}
}

static void read_record(
        struct bluesky_reader *reader, const cJSON *embed, int depth, struct bluesky_embed *out)
{
	const cJSON *record = json_obj(embed, "record");
	const char *type = json_str(record, "$type");
	/* recordWithMedia holds a record view, which holds the record. */
	if (!type || strcmp(type, "app.bsky.embed.record#view") == 0) {
		const cJSON *inner = json_obj(record, "record");
		if (inner) record = inner;
		type = json_str(record, "$type");
	}
	if (!type) return;
	if (strcmp(type, "app.bsky.embed.record#viewRecord") != 0) {
		/* Gone, detached or blocked: who quoted it meant it all the same. */
		bool hidden = strstr(type, "#view") != NULL;
		if (hidden)
			out->quote_of = bluesky_id(record, "uri");
		else
			read_thing(reader, record, out);
		return;
	}
	uint32_t post = depth < BLUESKY_MAX_DEPTH ? bluesky_quoted(reader, record, depth + 1) : 0;
	out->quote_of = post ? bluesky_id(record, "uri") : NULL;
}

static void read_both(
        struct bluesky_reader *reader, const cJSON *embed, int depth, struct bluesky_embed *out)
{
	const cJSON *media = json_obj(embed, "media");
	const char *type = json_str(media, "$type");
	/* Its media is never again a pair, so that this ends. */
	if (type && strcmp(type, "app.bsky.embed.recordWithMedia#view") != 0)
		bluesky_embed(reader, media, depth, out);
	read_record(reader, embed, depth, out);
}

static const struct {
	const char *type;
	void (*read)(struct bluesky_reader *reader, const cJSON *embed, int depth,
	        struct bluesky_embed *out);
} kinds[] = {
        {"app.bsky.embed.images#view", read_pictures},
        {"app.bsky.embed.gallery#view", read_pictures},
        {"app.bsky.embed.video#view", read_video},
        {"app.bsky.embed.external#view", read_external},
        {"app.bsky.embed.record#view", read_record},
        {"app.bsky.embed.recordWithMedia#view", read_both},
};

void bluesky_embed(
        struct bluesky_reader *reader, const cJSON *embed, int depth, struct bluesky_embed *out)
{
	const char *type = json_str(embed, "$type");
	for (size_t i = 0; type && i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(type, kinds[i].type) != 0) continue;
		kinds[i].read(reader, embed, depth, out);
		return;
	}
}

const char *bluesky_warning(struct bluesky_reader *reader, const cJSON *labels)
{
	struct str words = {0};
	bluesky_labels_warn(&words, reader->account ? reader->account->labels : NULL, labels);
	const char *kept = arena_strndup(&reader->arena, str_c(&words), words.len);
	str_finish(&words);
	return kept;
}
