#include "ui/wrap.h"

#include <string.h>

#include "base/utf8.h"

/*
 * One pass over the clusters. `chance` is the last place on the current line where it
 * may be broken: the line would then end before `chance.end` (trailing blanks left
 * out) and the next begin at `chance.next`.
 */
struct chance {
	bool any;
	uint32_t end, next;
	int cells; /* of the line up to `end` */
};

enum kind {
	KIND_LETTER,
	KIND_DIGIT,
	KIND_BLANK,
	KIND_HYPHEN,
	KIND_OPENER,
	KIND_CLOSER,
	KIND_WIDE,
	KIND_CHANCE, /* U+200B */
	KIND_GLUE,   /* no-break blanks */
	KIND_OTHER,
};

struct wrapper {
	struct arena *arena;
	const char *p;
	uint32_t len;
	int cols;
	size_t max_lines, cap;
	struct wrap out;

	uint32_t start; /* of the current line */
	int cells;      /* of the current line, trailing blanks included */
	uint32_t ink;   /* behind the last cluster that is not a blank */
	int ink_cells;
	struct chance chance;
	uint32_t word_end; /* the word that was looked at last ends here */
	bool in_url;
};

static bool in_list(int32_t cp, const int32_t *list)
{
	while (*list && *list != cp)
		list++;
	return *list != 0;
}

static bool is_closer(int32_t cp)
{
	static const int32_t closers[] = {')', ']', '}', ',', '.', ';', ':', '!', '?', '%', '"',
	        0x27, 0xbb, 0x201d, 0x2019, 0x203a, 0x2026, 0x3001, 0x3002, 0x300d, 0x300f, 0x3011,
	        0x300b, 0x3009, 0x3015, 0x30fb, 0x30fc, 0xff01, 0xff09, 0xff0c, 0xff0e, 0xff1a,
	        0xff1b, 0xff1f, 0xff3d, 0xff5d, 0xff61, 0xff63, 0};
	return in_list(cp, closers);
}

static bool is_opener(int32_t cp)
{
	static const int32_t openers[] = {'(', '[', '{', 0xab, 0x201c, 0x2018, 0x2039, 0x201e,
	        0x201a, 0xa1, 0xbf, 0x300c, 0x300e, 0x3010, 0x300a, 0x3008, 0x3014, 0xff08, 0xff3b,
	        0xff5b, 0xff62, 0};
	return in_list(cp, openers);
}

static enum kind ascii_kind(char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return KIND_LETTER;
	if (c >= '0' && c <= '9') return KIND_DIGIT;
	if (c == ' ' || c == '\t') return KIND_BLANK;
	if (c == '-') return KIND_HYPHEN;
	if (is_opener(c)) return KIND_OPENER;
	return is_closer(c) ? KIND_CLOSER : KIND_OTHER;
}

static enum kind cluster_kind(const struct cluster *cluster)
{
	int32_t cp = cluster->base;
	if (cp < 0x80) return ascii_kind((char)cp);
	if (cp == 0xa0 || cp == 0x202f || cp == 0x2060) return KIND_GLUE;
	if (cp == 0x200b) return KIND_CHANCE;
	if (cp == 0x3000 || (cp >= 0x2000 && cp <= 0x200a && cp != 0x2007)) return KIND_BLANK;
	if (cp == 0x2010 || cp == 0x2013 || cp == 0x2014) return KIND_HYPHEN;
	if (is_closer(cp)) return KIND_CLOSER;
	if (is_opener(cp)) return KIND_OPENER;
	return cluster->width == 2 ? KIND_WIDE : KIND_LETTER;
}

static bool line_add(struct wrapper *w, uint32_t end, int cells)
{
	if (w->out.nlines == w->cap) {
		size_t cap = w->cap ? w->cap * 2 : 8;
		struct wrap_line *lines = arena_alloc(w->arena, cap * sizeof(*lines));
		if (w->out.nlines > 0) memcpy(lines, w->out.lines, w->out.nlines * sizeof(*lines));
		w->out.lines = lines;
		w->cap = cap;
	}
	if (cells > w->cols) cells = w->cols;
	w->out.lines[w->out.nlines++] = (struct wrap_line){w->start, end, cells};
	return w->max_lines == 0 || w->out.nlines < w->max_lines;
}

static void line_begin(struct wrapper *w, uint32_t start)
{
	w->start = w->ink = start;
	w->cells = w->ink_cells = 0;
	w->chance.any = false;
}

/* Does the word at `at` look like an address? Those may be broken after more characters. */
static void look_at_word(struct wrapper *w, uint32_t at)
{
	uint32_t end = at;
	bool slash = false, dot = false;
	while (end < w->len && w->p[end] != ' ' && w->p[end] != '\n') {
		slash = slash || w->p[end] == '/';
		dot = dot || w->p[end] == '.';
		end++;
	}
	w->word_end = end;
	w->in_url = slash && dot;
}

static bool breaks_url(const char *p, uint32_t at)
{
	return at > 0 && strchr("/?&=-._", p[at - 1]) != NULL && p[at - 1] != 0;
}

/* May a line end between two clusters, neither of them a blank? */
static bool breaks_between(const struct wrapper *w, uint32_t at, enum kind before, enum kind after)
{
	if (before == KIND_CHANCE) return true;
	if (before == KIND_GLUE || after == KIND_GLUE || before == KIND_OPENER) return false;
	if (w->in_url && at < w->word_end) {
		/* Not between the two slashes of https://, nor at an ellipsis. */
		return breaks_url(w->p, at) && !breaks_url(w->p, at + 1);
	}
	if (after == KIND_CLOSER || after == KIND_HYPHEN) return false;
	if (before == KIND_WIDE || after == KIND_WIDE) return true;
	if (before != KIND_HYPHEN || after != KIND_LETTER) return false;
	return at < 2 || w->p[at - 2] != ' '; /* "-x" is one word */
}

/* A place to break, in front of the cluster at `at`. */
static void note_chance(struct wrapper *w, uint32_t at)
{
	w->chance = (struct chance){true, w->ink, at, w->ink_cells};
}

/* The cluster at `at` does not fit: end the line, begin the next. */
static bool overflow(struct wrapper *w, uint32_t at)
{
	uint32_t next = at;
	int carried = 0, carried_ink = 0;
	uint32_t ink = w->ink;
	if (w->chance.any && w->chance.end > w->start) {
		next = w->chance.next;
		carried = w->cells;
		carried_ink = w->ink_cells;
		/* What stands behind the break moves to the next line. */
		int gone = (int)utf8_width(w->p + w->start, next - w->start);
		carried -= gone;
		carried_ink -= gone;
		if (!line_add(w, w->chance.end, w->chance.cells)) return false;
	} else if (w->ink > w->start && !line_add(w, w->ink, w->ink_cells)) {
		return false;
	}
	line_begin(w, next);
	if (next < at) {
		w->cells = carried;
		w->ink = ink;
		w->ink_cells = carried_ink;
	}
	return true;
}

static struct cluster next_cluster(const struct wrapper *w, uint32_t at)
{
	const char *p = w->p + at;
	/* The quick way: ASCII with no mark on it. */
	if (p[0] >= 0x20 && p[0] < 0x7f && (at + 1 == w->len || (p[1] >= 0x20 && p[1] < 0x7f)))
		return (struct cluster){1, 1, p[0]};
	return utf8_cluster(p, w->len - at);
}

static bool add_cluster(
        struct wrapper *w, uint32_t at, const struct cluster *cluster, enum kind kind)
{
	if (kind == KIND_BLANK) {
		/* Blanks may hang over the edge: they are left out there. */
		w->cells += cluster->width;
		return true;
	}
	/* Twice at most: what moved to the next line may leave too little room there. */
	while (w->cells + cluster->width > w->cols && at > w->start) {
		if (!overflow(w, at)) return false;
	}
	w->cells += cluster->width;
	w->ink = at + (uint32_t)cluster->len;
	w->ink_cells = w->cells;
	return true;
}

struct wrap wrap_text(struct arena *arena, const char *utf8, size_t len, int cols, size_t max_lines)
{
	struct wrapper w = {
	        .arena = arena, .p = utf8, .cols = cols < 1 ? 1 : cols, .max_lines = max_lines};
	w.len = len > UINT32_MAX / 2 ? UINT32_MAX / 2 : (uint32_t)len;
	enum kind before = KIND_BLANK;
	bool line_start = true; /* nothing but the line's beginning before this cluster */
	for (uint32_t at = 0; at < w.len;) {
		if (utf8[at] == '\n') {
			if (!line_add(&w, w.ink, w.ink_cells)) return w.out;
			line_begin(&w, ++at);
			line_start = true;
			continue;
		}
		struct cluster cluster = next_cluster(&w, at);
		enum kind kind = cluster_kind(&cluster);
		if (line_start || before == KIND_BLANK) {
			if (kind != KIND_BLANK && at >= w.word_end) look_at_word(&w, at);
			if (kind != KIND_BLANK && !line_start) note_chance(&w, at);
		} else if (kind != KIND_BLANK && breaks_between(&w, at, before, kind)) {
			note_chance(&w, at);
		}
		if (!add_cluster(&w, at, &cluster, kind)) return w.out;
		before = kind;
		line_start = false;
		at += (uint32_t)cluster.len;
	}
	if (w.start < w.len) line_add(&w, w.ink, w.ink_cells);
	return w.out;
}
