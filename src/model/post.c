#include "model/post.h"

#include <stdio.h>
#include <string.h>

#include "post_pack.h"

const char *visibility_name(enum visibility visibility)
{
#define X(id, name) [VIS_##id] = (name),
	static const char *const names[VIS_COUNT] = {VISIBILITIES(X)};
#undef X
	return (unsigned)visibility < VIS_COUNT ? names[visibility] : "";
}

const char *media_kind_name(enum media_kind kind)
{
#define X(id, name) [MEDIA_##id] = (name),
	static const char *const names[MEDIA_NKINDS] = {MEDIA_KINDS(X)};
#undef X
	return (unsigned)kind < MEDIA_NKINDS ? names[kind] : "";
}

static uint32_t offset_at(const struct post *post, size_t i)
{
	return post->wide ? ((uint32_t *)post_offsets_of(post))[i]
	                  : ((uint16_t *)post_offsets_of(post))[i];
}

static size_t place_of(const struct post *post, enum post_string which)
{
	return (size_t)__builtin_popcount(post->has & ((1u << which) - 1));
}

const char *post_str(const struct post *post, enum post_string which)
{
	if (!(post->has >> which & 1)) return "";
	return (const char *)post + offset_at(post, place_of(post, which));
}

size_t post_len(const struct post *post, enum post_string which)
{
	if (!(post->has >> which & 1)) return 0;
	size_t i = place_of(post, which);
	return offset_at(post, i + 1) - offset_at(post, i) - 1;
}

/* NULL for none. */
static const char *string_at(const struct post *post, uint32_t offset)
{
	return offset ? (const char *)post + offset : NULL;
}

static bool is_web(const char *uri)
{
	return strncmp(uri, "https://", 8) == 0 || strncmp(uri, "http://", 7) == 0;
}

const char *post_link(const struct post *post)
{
	static _Thread_local char room[POST_LINK_MAX];
	const char *url = post_str(post, POST_URL), *uri = post_str(post, POST_URI);
	size_t prefix = post->url_prefix, suffix = post->url_suffix;

	if (prefix + suffix == 0) {
		if (*url) return url;
		return is_web(uri) ? uri : "";
	}
	snprintf(room, sizeof room, "%.*s%s%s", (int)prefix, uri, url,
	        uri + post_len(post, POST_URI) - suffix);
	return room;
}

struct facet post_facet(const struct post *post, size_t i)
{
	const struct packed_facet *facet = &post_facets_of(post)[i];

	return (struct facet){.kind = facet->kind,
	        .start = facet->start,
	        .end = facet->start + facet->len,
	        .target = string_at(post, facet->target)};
}

struct media post_media(const struct post *post, size_t i)
{
	const struct packed_media *media = &post_media_of(post)[i];

	return (struct media){.kind = media->kind,
	        .url = (const char *)post + media->url,
	        .alt = string_at(post, media->alt),
	        .type = string_at(post, media->type),
	        .preview = string_at(post, media->preview),
	        .width = media->width,
	        .height = media->height};
}

struct viewer post_viewer(const struct post *post, size_t i)
{
	const struct packed_viewer *viewer = &post_viewers_of(post)[i];

	return (struct viewer){.account = viewer->account,
	        .flags = viewer->flags,
	        .remote_id = string_at(post, viewer->remote_id)};
}

const struct viewer *post_viewer_of(const struct post *post, account_id account, struct viewer *out)
{
	for (size_t i = 0; i < post->nviewers; i++) {
		if (post_viewers_of(post)[i].account != account) continue;
		*out = post_viewer(post, i);
		return out;
	}
	return NULL;
}

void post_set_viewer_flags(struct post *post, size_t i, unsigned flags)
{
	post_viewers_of(post)[i].flags = flags & UINT16_MAX;
}

void post_parts_of(const struct post *post, struct post_parts *out, struct facet *facets,
        struct media *media, struct viewer *viewers)
{
	*out = (struct post_parts){
	        .facets = facets,
	        .nfacets = post->nfacets,
	        .media = media,
	        .nmedia = post->nmedia,
	        .viewers = viewers,
	        .nviewers = post->nviewers,
	        .author = post->author,
	        .created_ms = post->created_ms,
	        .edited_ms = post->edited_ms,
	        .seen_ms = post->seen_ms,
	        .poll_ends_ms = post->poll_ends_ms,
	        .replies = post->replies,
	        .reposts = post->reposts,
	        .likes = post->likes,
	        .quotes = post->quotes,
	        .visibility = post->visibility,
	        .flags = post->flags,
	        .url_prefix = post->url_prefix,
	        .url_suffix = post->url_suffix,
	};
	for (int i = 0; i < POST_NSTRINGS; i++)
		out->str[i] = post_str(post, i);
	for (size_t i = 0; i < post->nfacets; i++)
		facets[i] = post_facet(post, i);
	for (size_t i = 0; i < post->nmedia; i++)
		media[i] = post_media(post, i);
	for (size_t i = 0; i < post->nviewers; i++)
		viewers[i] = post_viewer(post, i);
}
