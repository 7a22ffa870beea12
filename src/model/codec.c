#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "model/post.h"

/*
 * The form of a post on the disk: a version byte, then fields. A field is a tag and a
 * value; a tag is number * 2, plus 1 when the value is a length and that many bytes, else
 * the value is one varint (7 bits a byte, lowest first). Unknown fields are skipped, so
 * that an older stoa reads what a newer one wrote. Numbers are never used again for
 * something else. FOLDED is not stored: it can be made again, and by better rules.
 */

enum { VERSION = 1 };

/* X(NUMBER, field of struct post and post_parts): absent when 0. */
#define TIMES(X) X(1, created_ms) X(2, edited_ms) X(3, seen_ms) X(4, poll_ends_ms)
/* Absent when not known. */
#define COUNTS(X) X(5, replies) X(6, reposts) X(7, likes) X(8, quotes)

enum { FIELD_VISIBILITY = 9, FIELD_FLAGS = 10 };
enum { FIELD_FACET = 11, FIELD_MEDIA = 12, FIELD_VIEWER = 13 };

static const unsigned char string_fields[POST_NSTRINGS] = {
        [POST_URI] = 32,
        [POST_URL] = 33,
        [POST_TITLE] = 34,
        [POST_BODY] = 35,
        [POST_WARNING] = 36,
        [POST_LANG] = 37,
        [POST_REPLY_TO] = 38,
        [POST_REPLY_NAME] = 39,
        [POST_QUOTE_OF] = 40,
        [POST_THREAD] = 41,
        [POST_APP] = 42,
        [POST_CARD_URL] = 43,
        [POST_CARD_TITLE] = 44,
        [POST_POLL] = 45,
        [POST_FOLDED] = 0, /* not stored */
};

static void put_varint(struct str *out, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		str_addc(out, (char)(value | 0x80));
	str_addc(out, (char)value);
}

/* Small negative numbers small too: 0, -1, 1, -2 … */
static uint64_t zigzag(int64_t value)
{
	return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static int64_t unzigzag(uint64_t value)
{
	return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

static void put_number(struct str *out, unsigned field, int64_t value)
{
	put_varint(out, field * 2);
	put_varint(out, zigzag(value));
}

static void put_bytes(struct str *out, unsigned field, const char *bytes, size_t len)
{
	put_varint(out, field * 2 + 1);
	put_varint(out, len);
	str_add(out, bytes, len);
}

static void put_string(struct str *out, unsigned field, const char *s)
{
	if (s) put_bytes(out, field, s, strlen(s));
}

static void put_group(struct str *out, unsigned field, struct str *group)
{
	put_bytes(out, field, str_c(group), group->len);
	str_clear(group);
}

void post_encode(struct str *out, const struct post *post)
{
	struct str group = {0};

	str_addc(out, VERSION);
#define X(number, name)                                                                            \
	if (post->name != 0) put_number(out, number, post->name);
	TIMES(X)
#undef X
#define X(number, name)                                                                            \
	if (post->name != POST_UNKNOWN) put_number(out, number, post->name);
	COUNTS(X)
#undef X
	put_number(out, FIELD_VISIBILITY, post->visibility);
	put_number(out, FIELD_FLAGS, post->flags);
	for (int i = 0; i < POST_NSTRINGS; i++) {
		size_t len = post_len(post, i);
		if (len > 0 && string_fields[i] && i != POST_URL) {
			put_bytes(out, string_fields[i], post_str(post, i), len);
		}
	}
	const char *link = post_link(post);
	if (*link && strcmp(link, post_str(post, POST_URI)) != 0) {
		put_string(out, string_fields[POST_URL], link);
	}
	for (size_t i = 0; i < post->nfacets; i++) {
		struct facet facet = post_facet(post, i);
		put_number(&group, 1, facet.kind);
		put_number(&group, 2, facet.start);
		put_number(&group, 3, facet.end);
		put_string(&group, 4, facet.target);
		put_group(out, FIELD_FACET, &group);
	}
	for (size_t i = 0; i < post->nmedia; i++) {
		struct media media = post_media(post, i);
		put_number(&group, 1, media.kind);
		put_string(&group, 2, media.url);
		put_string(&group, 3, media.alt);
		put_string(&group, 4, media.type);
		put_string(&group, 5, media.preview);
		if (media.width) put_number(&group, 6, media.width);
		if (media.height) put_number(&group, 7, media.height);
		put_group(out, FIELD_MEDIA, &group);
	}
	for (size_t i = 0; i < post->nviewers; i++) {
		struct viewer viewer = post_viewer(post, i);
		put_number(&group, 1, viewer.account);
		put_number(&group, 2, viewer.flags);
		put_string(&group, 3, viewer.remote_id);
		put_group(out, FIELD_VIEWER, &group);
	}
	str_finish(&group);
}

struct reader {
	const unsigned char *p, *end;
	bool bad;
};

struct field {
	uint64_t number;
	bool is_bytes;
	int64_t value;     /* else */
	const char *bytes; /* not NUL-terminated */
	size_t len;
};

static uint64_t get_varint(struct reader *r)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		if (r->p == r->end) break;
		unsigned char b = *r->p++;
		value |= (uint64_t)(b & 0x7f) << shift;
		if (b < 0x80) return value;
	}
	r->bad = true;
	return 0;
}

/* False at the end, or when the rest makes no sense (r->bad). */
static bool get_field(struct reader *r, struct field *out)
{
	if (r->bad || r->p == r->end) return false;

	uint64_t tag = get_varint(r), value = get_varint(r);
	*out = (struct field){.number = tag >> 1, .is_bytes = tag & 1};
	if (out->is_bytes) {
		if (r->bad || value > (uint64_t)(r->end - r->p)) {
			r->bad = true;
			return false;
		}
		out->bytes = (const char *)r->p;
		out->len = (size_t)value;
		r->p += value;
	} else {
		out->value = unzigzag(value);
	}
	return !r->bad;
}

/* What is read, before it becomes a post. */
struct parse {
	struct post_parts parts;
	struct facet facets[POST_MAX_FACETS];
	struct media media[POST_MAX_MEDIA];
	struct viewer viewers[POST_MAX_VIEWERS];
	struct arena arena; /* of the strings, which need a NUL */
	bool bad;
};

/* Clean text holds no control bytes but LF and, in polls, tabs. */
static bool is_clean(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char b = (unsigned char)p[i];
		if ((b < 0x20 && b != '\n' && b != '\t') || b == 0x7f) return false;
	}
	return utf8_valid(p, len);
}

static const char *take_string(struct parse *parse, const struct field *field)
{
	if (!field->is_bytes || !is_clean(field->bytes, field->len)) {
		parse->bad = true;
		return NULL;
	}
	return arena_strndup(&parse->arena, field->bytes, field->len);
}

/* A number of a group; out of range counts as wrong. */
static uint32_t take_number(struct parse *parse, const struct field *field)
{
	if (field->is_bytes || field->value < 0 || field->value > UINT32_MAX) {
		parse->bad = true;
		return 0;
	}
	return (uint32_t)field->value;
}

static struct reader take_group(struct parse *parse, const struct field *field)
{
	const unsigned char *p = (const unsigned char *)field->bytes;

	if (!field->is_bytes) parse->bad = true;
	return (struct reader){.p = p, .end = p ? p + field->len : NULL};
}

static void get_facet(struct parse *parse, struct reader r)
{
	struct facet facet = {0};
	struct field field;

	while (get_field(&r, &field)) {
		switch (field.number) {
		case 1:
			facet.kind = take_number(parse, &field);
			break;
		case 2:
			facet.start = take_number(parse, &field);
			break;
		case 3:
			facet.end = take_number(parse, &field);
			break;
		case 4:
			facet.target = take_string(parse, &field);
			break;
		default:
			break;
		}
	}
	parse->bad |= r.bad;
	if (parse->parts.nfacets < POST_MAX_FACETS) {
		parse->facets[parse->parts.nfacets++] = facet;
	}
}

static void get_media(struct parse *parse, struct reader r)
{
	struct media media = {0};
	struct field field;

	while (get_field(&r, &field)) {
		switch (field.number) {
		case 1:
			media.kind = take_number(parse, &field);
			break;
		case 2:
			media.url = take_string(parse, &field);
			break;
		case 3:
			media.alt = take_string(parse, &field);
			break;
		case 4:
			media.type = take_string(parse, &field);
			break;
		case 5:
			media.preview = take_string(parse, &field);
			break;
		case 6:
			media.width = (uint16_t)take_number(parse, &field);
			break;
		case 7:
			media.height = (uint16_t)take_number(parse, &field);
			break;
		default:
			break;
		}
	}
	parse->bad |= r.bad;
	if (parse->parts.nmedia < POST_MAX_MEDIA) parse->media[parse->parts.nmedia++] = media;
}

static void get_viewer(struct parse *parse, struct reader r)
{
	struct viewer viewer = {0};
	struct field field;

	while (get_field(&r, &field)) {
		switch (field.number) {
		case 1:
			viewer.account = take_number(parse, &field);
			break;
		case 2:
			viewer.flags = take_number(parse, &field);
			break;
		case 3:
			viewer.remote_id = take_string(parse, &field);
			break;
		default:
			break;
		}
	}
	parse->bad |= r.bad;
	if (parse->parts.nviewers < POST_MAX_VIEWERS) {
		parse->viewers[parse->parts.nviewers++] = viewer;
	}
}

static void get_top(struct parse *parse, const struct field *field)
{
	struct post_parts *parts = &parse->parts;

	switch (field->number) {
#define X(number, name)                                                                            \
	case number:                                                                               \
		parts->name = field->value;                                                        \
		return;
		TIMES(X)
#undef X
#define X(number, name)                                                                            \
	case number:                                                                               \
		parts->name = take_number(parse, field);                                           \
		return;
		COUNTS(X)
#undef X
	case FIELD_VISIBILITY:
		parts->visibility = take_number(parse, field);
		return;
	case FIELD_FLAGS:
		parts->flags = take_number(parse, field);
		return;
	case FIELD_FACET:
		get_facet(parse, take_group(parse, field));
		return;
	case FIELD_MEDIA:
		get_media(parse, take_group(parse, field));
		return;
	case FIELD_VIEWER:
		get_viewer(parse, take_group(parse, field));
		return;
	default:
		break;
	}
	for (int i = 0; i < POST_NSTRINGS; i++) {
		if (string_fields[i] == field->number && field->number > 0) {
			parts->str[i] = take_string(parse, field);
		}
	}
}

struct post *post_decode(const void *bytes, size_t len)
{
	struct parse parse; /* its arrays are filled as they are counted: 16 KB need no zeros */
	struct post *post = NULL;
	struct field field;

	if (len == 0 || *(const unsigned char *)bytes != VERSION) return NULL;
	const unsigned char *p = bytes;
	struct reader r = {.p = p + 1, .end = p + len};
	parse.parts = (struct post_parts){.facets = parse.facets,
	        .media = parse.media,
	        .viewers = parse.viewers,
	        .replies = POST_UNKNOWN,
	        .reposts = POST_UNKNOWN,
	        .likes = POST_UNKNOWN,
	        .quotes = POST_UNKNOWN};
	parse.arena = (struct arena){0};
	parse.bad = false;
	while (!parse.bad && get_field(&r, &field))
		get_top(&parse, &field);
	const char *uri = parse.parts.str[POST_URI];
	if (!r.bad && !parse.bad && uri && *uri) post = post_new(&parse.parts);
	arena_finish(&parse.arena);
	return post;
}
