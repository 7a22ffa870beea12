#include "foretell.h"

#include <stdlib.h>

/*
 * While somebody thinks of the next key of a search, it is found out what that key would leave:
 * for each hit, which characters follow the last word in its text, or stand in it when nothing
 * was typed yet. Then most of the answers to the key are there before it is pressed.
 */

enum { LETTERS = 26, PLAIN = 37, OTHERS = FORETELL_KINDS - PLAIN };

bool foretell_is_plain(unsigned kind)
{
	return kind < PLAIN;
}

unsigned foretell_kind(const char *at, size_t left)
{
	unsigned char c = (unsigned char)*at, second = 0;

	if (c >= 'a' && c <= 'z') return c - 'a';
	if (c >= '0' && c <= '9') return LETTERS + c - '0';
	if (c == ' ') return PLAIN - 1;
	if (c >= 0xc0 && left > 1) second = (unsigned char)at[1];
	return PLAIN + (c * 7u + second) % OTHERS;
}

/* The bits of characters of one byte; what continues another has none. */
struct bits {
	uint64_t of[256];
};

static void bits_make(struct bits *bits)
{
	for (unsigned c = 0; c < 256; c++) {
		char byte = (char)c;

		bits->of[c] = c < 0x80 ? UINT64_C(1) << foretell_kind(&byte, 1) : 0;
	}
}

static inline uint64_t bit_at(const struct bits *bits, const char *at, size_t left)
{
	unsigned char c = (unsigned char)*at;

	return c < 0xc0 ? bits->of[c] : UINT64_C(1) << foretell_kind(at, left);
}

/* Of all characters of a text. */
static uint64_t kinds_in(const struct bits *bits, struct words text)
{
	uint64_t kinds = 0;

	for (size_t i = 0; i < text.len; i++) {
		kinds |= bit_at(bits, text.bytes + i, text.len - i);
	}
	return kinds;
}

/* Of those that follow a word. */
static uint64_t kinds_after(
        const struct bits *bits, struct words text, const struct literal *word, size_t from)
{
	uint64_t kinds = 0;

	for (size_t at; from < text.len; from += at + 1) {
		size_t end;

		at = literal_in(word, text.bytes + from, text.len - from);
		if (at == SIZE_MAX) break;
		end = from + at + word->len;
		if (end < text.len) kinds |= bit_at(bits, text.bytes + end, text.len - end);
	}
	return kinds;
}

/* Nothing typed yet, or a word at the end. */
static bool can_foretell(const struct level *level)
{
	return !level->typed || level->literals.n > 0;
}

static void foretell(
        const struct timeline *timeline, const struct bits *bits, struct level *level, size_t i)
{
	const struct literals *literals = &level->literals;
	size_t from = hits_spot(&level->hits, i);
	post_id post = line_at(timeline, hits_at(&level->hits, i))->post;
	struct words text = words_of(store_block(timeline->store, post), post);

	level->hits.nexts[level->hits.start + i] =
	        !text.bytes       ? 0
	        : literals->n > 0 ? kinds_after(bits, text, &literals->all[literals->n - 1], from)
	                          : kinds_in(bits, text);
}

bool foretell_step(struct timeline *timeline, size_t budget)
{
	struct level *level = level_top(timeline);
	struct bits bits;

	if (!can_foretell(level)) return false;
	if (!level->hits.nexts) {
		hits_expect_nexts(&level->hits);
		level->untold = level->hits.n;
	}
	if (level->untold > level->hits.n) level->untold = level->hits.n;
	bits_make(&bits);
	for (; level->untold > 0 && budget > 0; budget--) {
		foretell(timeline, &bits, level, --level->untold);
	}
	return level->untold > 0;
}

void timeline_expect(struct timeline *timeline, bool on)
{
	if (timeline->expects == on) return;
	timeline->expects = on;
	for (size_t k = 0; !on && k < timeline->nlevels; k++) {
		hits_forget_nexts(&timeline->levels[k].hits);
	}
}
