#include "base/utf8.h"
#include "networks/bluesky_text.h"
#include "networks/bluesky_unicode.h"

/*
 * Extended grapheme clusters (UAX #29). A boundary depends on the class before, the class
 * after, and on three things that may have begun earlier: an emoji that waits for another
 * behind a joiner, half a flag, a consonant that waits for a linker.
 */

struct edge {
	enum bluesky_break before;
	enum { NO_PICTURE, PICTURE, PICTURE_ZWJ } picture;
	enum { NO_CONJUNCT, CONSONANT, CONSONANT_LINKER } conjunct;
	bool half; /* of a flag */
	int32_t code;
};

static bool is_extend(enum bluesky_break what)
{
	return what == BREAK_EXTEND || what == BREAK_JOINING || what == BREAK_LINKER;
}

static bool hangul_joins(enum bluesky_break before, enum bluesky_break after)
{
	switch (before) {
	case BREAK_L:
		return after == BREAK_L || after == BREAK_V || after == BREAK_LV ||
		       after == BREAK_LVT;
	case BREAK_V:
	case BREAK_LV:
		return after == BREAK_V || after == BREAK_T;
	case BREAK_T:
	case BREAK_LVT:
		return after == BREAK_T;
	default:
		return false;
	}
}

/* Is there no boundary before this character? Rules GB3 to GB13. */
static bool joins(const struct edge *edge, enum bluesky_break after, int32_t code)
{
	if (edge->before == BREAK_CONTROL) return edge->code == '\r' && code == '\n';
	if (after == BREAK_CONTROL) return false;
	if (is_extend(after) || after == BREAK_ZWJ || after == BREAK_SPACING) return true;
	if (edge->before == BREAK_PREPEND) return true;
	if (after == BREAK_CONSONANT && edge->conjunct == CONSONANT_LINKER) return true;
	if (after == BREAK_PICTURE && edge->picture == PICTURE_ZWJ) return true;
	if (after == BREAK_REGION && edge->before == BREAK_REGION) return edge->half;
	return hangul_joins(edge->before, after);
}

static void move_on(struct edge *edge, enum bluesky_break after, int32_t code)
{
	if (after == BREAK_PICTURE)
		edge->picture = PICTURE;
	else if (edge->picture == PICTURE && after == BREAK_ZWJ)
		edge->picture = PICTURE_ZWJ;
	else if (edge->picture != PICTURE || !is_extend(after))
		edge->picture = NO_PICTURE;
	if (after == BREAK_CONSONANT)
		edge->conjunct = CONSONANT;
	else if (edge->conjunct && after == BREAK_LINKER)
		edge->conjunct = CONSONANT_LINKER;
	else if (after != BREAK_JOINING && after != BREAK_ZWJ)
		edge->conjunct = NO_CONJUNCT;
	edge->half = after == BREAK_REGION && !(edge->before == BREAK_REGION && edge->half);
	edge->before = after;
	edge->code = code;
}

/* Count up to `most` clusters; *out_len is where the text after them begins. */
static uint32_t count(const char *text, size_t len, uint32_t most, size_t bytes, size_t *out_len)
{
	struct edge edge = {.before = BREAK_CONTROL};
	uint32_t n = 0;
	size_t begun = 0; /* of the cluster at hand */
	for (size_t i = 0; i < len;) {
		int32_t code;
		size_t size = utf8_decode(text + i, len - i, &code);
		enum bluesky_break after = bluesky_break(code);
		if (!joins(&edge, after, code)) {
			begun = i;
			if (n == most) break;
			n++;
		}
		move_on(&edge, after, code);
		i += size;
		if (i > bytes) break;
		if (i == len) begun = len;
	}
	*out_len = begun;
	return n;
}

uint32_t bluesky_graphemes(const char *text, size_t len)
{
	size_t all;
	return count(text, len, UINT32_MAX, SIZE_MAX, &all);
}

size_t bluesky_fits(const char *text, size_t len, uint32_t most, size_t bytes)
{
	size_t fits;
	count(text, len, most, bytes, &fits);
	return fits;
}
