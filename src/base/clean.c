#include "base/clean.h"

#include <stdint.h>
#include <string.h>

#include <utf8proc.h>

#include "base/utf8.h"

/*
 * One pass, code point by code point. Whether one is kept depends only on what was kept
 * before it and, for joiners and tags, on what is kept next; they are held back until
 * that is known. So what was dropped leaves no trace, and cleaning twice changes nothing.
 */

enum { MAX_MARKS = 4, MAX_TAGS = 7, TITLE_CELLS = 80 };
enum { REPLACEMENT = 0xfffd, ZWNJ = 0x200c, ZWJ = 0x200d, KEYCAP = 0x20e3, BLACK_FLAG = 0x1f3f4 };

struct rules {
	bool lines;    /* LF stays */
	bool tabs;     /* so does a tab */
	bool collapse; /* runs of blanks to one, none at the ends */
	bool bare;     /* nothing invisible at all */
	bool breaks;   /* U+200B and U+2060 stay: they say where a line may end */
};

static const struct rules in_rules[] = {
        [CLEAN_BODY] = {.lines = true, .breaks = true},
        [CLEAN_LINE] = {.collapse = true},
        [CLEAN_NAME] = {.collapse = true, .bare = true},
};

static const struct rules out_rules[] = {
        [CLEAN_CELL] = {0},
        [CLEAN_TITLE] = {.collapse = true},
        [CLEAN_CLIP] = {.lines = true},
        [CLEAN_PLAIN] = {.lines = true, .tabs = true},
        [CLEAN_LOG] = {0},
};

struct cleaner {
	struct str *out;
	size_t start; /* of our part of out */
	const struct rules *rules;
	int32_t last;           /* kept last; 0: none on this line */
	int32_t base;           /* kept last that is neither mark, selector, skin tone nor joiner */
	int32_t held;           /* joiner or selector that waits for what follows; 0: none */
	int32_t tags[MAX_TAGS]; /* behind a black flag, waiting for their end */
	int ntags;              /* -1: not a flag, drop the rest */
	int marks, spacing_marks; /* on the base */
	bool blank;               /* a blank waits for something to part */
	bool cr;                  /* a CR waits for its LF */
};

static bool is_emoji(int32_t cp)
{
	return cp >= 0x80 &&
	       utf8proc_get_property(cp)->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

static bool is_han(int32_t cp)
{
	return (cp >= 0x3400 && cp <= 0x4dbf) || (cp >= 0x4e00 && cp <= 0x9fff) ||
	       (cp >= 0xf900 && cp <= 0xfaff) || (cp >= 0x20000 && cp <= 0x3ffff);
}

static bool is_keycap_base(int32_t cp)
{
	return (cp >= '0' && cp <= '9') || cp == '#' || cp == '*';
}

static bool is_mongolian(int32_t cp)
{
	return cp >= 0x1820 && cp <= 0x18aa;
}

/* Letters of the scripts whose spelling uses U+200C and U+200D. */
static bool joins(int32_t cp)
{
	static const int32_t blocks[][2] = {
	        {0x0600, 0x07bf},   /* Arabic, Syriac, Thaana */
	        {0x07c0, 0x07ff},   /* N'Ko */
	        {0x0840, 0x08ff},   /* Mandaic, Syriac and Arabic supplements */
	        {0x0900, 0x0dff},   /* Devanagari … Sinhala */
	        {0x0f00, 0x109f},   /* Tibetan, Myanmar */
	        {0x1780, 0x18af},   /* Khmer, Mongolian */
	        {0x1a20, 0x1cff},   /* Tai Tham, Balinese … Vedic */
	        {0xa840, 0xa8ff},   /* Phags-pa … Devanagari Extended */
	        {0xa980, 0xaaff},   /* Javanese … Meetei Mayek */
	        {0xfb50, 0xfdff},   /* Arabic presentation forms */
	        {0xfe70, 0xfefc},   /* the same, B */
	        {0x10a00, 0x10fff}, /* Kharoshthi … Sogdian */
	        {0x11000, 0x11fff}, /* Brahmi … Tamil Supplement */
	        {0x1e900, 0x1e95f}, /* Adlam */
	};

	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
		if (cp < blocks[i][0]) return false;
		if (cp <= blocks[i][1]) {
			utf8proc_category_t category = utf8proc_category(cp);
			return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
		}
	}
	return false;
}

static bool is_virama(int32_t cp)
{
	return utf8proc_get_property(cp)->combining_class == 9;
}

static bool is_skin(int32_t cp)
{
	return cp >= 0x1f3fb && cp <= 0x1f3ff;
}

static bool is_selector(int32_t cp)
{
	return (cp >= 0xfe00 && cp <= 0xfe0f) || (cp >= 0xe0100 && cp <= 0xe01ef) ||
	       (cp >= 0x180b && cp <= 0x180d) || cp == 0x180f;
}

static bool is_tag(int32_t cp)
{
	return cp >= 0xe0000 && cp <= 0xe007f;
}

/* Nothing to see, or nothing that Unicode allows in text. */
static bool is_dropped(int32_t cp, const utf8proc_property_t *property, const struct rules *rules)
{
	if (cp == 0x200b || cp == 0x2060) return !rules->breaks;
	if (cp == 0x2800) return rules->bare; /* an empty Braille cell is part of a drawing */
	if ((cp & 0xfffe) == 0xfffe || (cp >= 0xfdd0 && cp <= 0xfdef)) return true;
	if (cp >= 0xfff0 && cp <= 0xfffb) return true;
	if (property->category == UTF8PROC_CATEGORY_CC) return true;
	if (property->ignorable) return true;
	/* Signs that stand before numbers are Cf too, but drawn; so are Egyptian quadrats. */
	return property->category == UTF8PROC_CATEGORY_CF &&
	       property->boundclass != UTF8PROC_BOUNDCLASS_PREPEND &&
	       !(cp >= 0x13430 && cp <= 0x1345f);
}

static void put(struct cleaner *c, int32_t cp)
{
	char bytes[4];
	size_t n = utf8_encode(bytes, cp);

	str_add(c->out, bytes, n);
	c->last = cp;
}

/* Whatever waited is decided by `next`, the next code point that is kept (0: a blank). */
static void settle(struct cleaner *c, int32_t next)
{
	int32_t held = c->held;

	c->held = 0;
	c->ntags = 0;
	if (held == ZWJ && is_emoji(c->base) && is_emoji(next)) put(c, held);
	if ((held == ZWJ || held == ZWNJ) && joins(c->base) && joins(next)) put(c, held);
	if (held == 0xfe0f && next == KEYCAP) put(c, held);
	if (c->blank && next && c->out->len > c->start) {
		put(c, ' ');
		c->base = ' ';
		c->marks = c->spacing_marks = 0;
	}
	if (next) c->blank = false;
}

static void add_blank(struct cleaner *c)
{
	settle(c, 0);
	if (c->rules->collapse) {
		c->blank = true;
		return;
	}
	put(c, ' ');
	c->base = ' ';
	c->marks = c->spacing_marks = 0;
}

static void add_line_end(struct cleaner *c)
{
	if (!c->rules->lines) {
		add_blank(c);
		return;
	}
	settle(c, 0);
	str_addc(c->out, '\n');
	c->last = c->base = 0;
}

static void add_mark(struct cleaner *c, int32_t cp, bool spacing)
{
	int *count = spacing ? &c->spacing_marks : &c->marks;
	bool on_blank = c->blank && c->out->len > c->start;

	/* A mark with nothing under it would sit on what we draw before the text. */
	if (!c->base && !on_blank) return;
	if (!on_blank && *count >= MAX_MARKS) return;
	settle(c, cp);
	count = spacing ? &c->spacing_marks : &c->marks;
	++*count;
	put(c, cp);
}

static void add_joiner(struct cleaner *c, int32_t cp)
{
	if (c->rules->bare || c->held || c->blank || c->ntags) return;
	/* Half forms, also at the end of a word. */
	if (c->last && is_virama(c->last) && joins(c->base)) {
		put(c, cp);
	} else if (c->last != ZWJ && c->last != ZWNJ && c->base) {
		c->held = cp;
	}
}

static void add_selector(struct cleaner *c, int32_t cp)
{
	if (c->rules->bare || c->held || c->blank || c->ntags) return;
	bool emoji = cp == 0xfe0e || cp == 0xfe0f;
	if (emoji && is_emoji(c->last)) {
		put(c, cp);
	} else if (cp == 0xfe0f && is_keycap_base(c->last)) {
		c->held = cp;
	} else if (cp >= 0x180b && cp <= 0x180f) {
		if (is_mongolian(c->last)) put(c, cp);
	} else if (!emoji && is_han(c->last)) {
		put(c, cp);
	}
}

/* The flag of a region: a black flag, its code in tag letters, and the end tag. */
static void add_tag(struct cleaner *c, int32_t cp)
{
	int32_t letter = cp - 0xe0000;

	if (c->rules->bare || c->held || c->blank || c->last != BLACK_FLAG || c->ntags < 0) return;
	if (letter == 0x7f && c->ntags > 0) {
		int n = c->ntags;
		c->ntags = 0;
		for (int i = 0; i < n; i++)
			put(c, c->tags[i]);
		put(c, cp);
	} else if (c->ntags < MAX_TAGS &&
	           ((letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z'))) {
		c->tags[c->ntags++] = cp;
	} else {
		c->ntags = -1;
	}
}

static void add_plain(struct cleaner *c, int32_t cp)
{
	settle(c, cp);
	put(c, cp);
	if (is_skin(cp) && c->base) return;
	/* A mark does not join what only says where a line may end. */
	c->base = cp == 0x200b || cp == 0x2060 ? 0 : cp;
	c->marks = c->spacing_marks = 0;
}

static void add_ascii_control(struct cleaner *c, int32_t cp)
{
	switch (cp) {
	case '\r':
		c->cr = true;
		break;
	case '\n':
		add_line_end(c);
		break;
	case '\t':
		if (!c->rules->tabs) {
			add_blank(c);
			break;
		}
		settle(c, 0);
		put(c, cp);
		c->base = 0;
		break;
	case '\v':
	case '\f':
		add_blank(c);
		break;
	default:
		break;
	}
}

static void add(struct cleaner *c, int32_t cp)
{
	if (c->cr && cp != '\n' && cp != 0) {
		c->cr = false;
		add_blank(c);
	}
	if (cp < 0x20) {
		if (cp == '\n') c->cr = false;
		add_ascii_control(c, cp);
		return;
	}
	if (cp == ' ') {
		add_blank(c);
		return;
	}
	if (cp == 0x85 || cp == 0x2028 || cp == 0x2029) {
		add_line_end(c);
		return;
	}
	if (cp == ZWJ || cp == ZWNJ) {
		add_joiner(c, cp);
		return;
	}
	if (is_tag(cp)) {
		add_tag(c, cp);
		return;
	}
	if (is_selector(cp)) {
		add_selector(c, cp);
		return;
	}
	const utf8proc_property_t *property = utf8proc_get_property(cp);
	if (is_dropped(cp, property, c->rules)) return;
	if (cp == 0xfffc) cp = REPLACEMENT;
	switch (property->category) {
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_ME:
		add_mark(c, cp, false);
		break;
	case UTF8PROC_CATEGORY_MC:
		add_mark(c, cp, true);
		break;
	case UTF8PROC_CATEGORY_ZS:
		if (c->rules->collapse) {
			add_blank(c);
			break;
		}
		add_plain(c, cp);
		break;
	default:
		add_plain(c, cp);
	}
}

/* Bytes at p that only need to be copied. */
static size_t plain_run(const char *p, size_t len, bool blanks)
{
	unsigned char low = blanks ? 0x20 : 0x21;
	size_t n = 0;

	while (n < len && (unsigned char)p[n] >= low && (unsigned char)p[n] < 0x7f)
		n++;
	return n;
}

static size_t move_offsets(size_t *offsets, size_t n, size_t from, size_t to, size_t end)
{
	size_t i = 0;

	for (; i < n && offsets[i] < end; i++) {
		offsets[i] = offsets[i] > from ? to + (offsets[i] - from) : to;
	}
	return i;
}

static size_t place_of_next(const struct cleaner *c)
{
	bool blank = c->blank && c->out->len > c->start;

	return c->out->len + (blank || c->cr);
}

static void trim_end(struct str *out, size_t start)
{
	while (out->len > start && out->p[out->len - 1] == ' ')
		str_cut(out, out->len - 1);
}

static void run(struct cleaner *c, const char *p, size_t len, size_t *offsets, size_t noffsets)
{
	for (size_t i = 0; i < len;) {
		size_t n = plain_run(p + i, len - i, !c->rules->collapse);
		if (n > 1) {
			/* The first one settles what waited, the rest follow it unseen. */
			add(c, p[i]);
			size_t to = c->out->len - 1;
			str_add(c->out, p + i + 1, n - 1);
			c->last = c->base = p[i + n - 1];
			size_t moved = move_offsets(offsets, noffsets, i, to, i + n);
			if (moved) offsets += moved; /* NULL when there are none */
			noffsets -= moved;
		} else {
			int32_t cp;
			n = utf8_decode(p + i, len - i, &cp);
			size_t moved =
			        move_offsets(offsets, noffsets, i + n, place_of_next(c), i + n);
			if (moved) offsets += moved; /* NULL when there are none */
			noffsets -= moved;
			add(c, cp);
		}
		i += n;
	}
	if (c->cr) add_blank(c);
	for (size_t i = 0; i < noffsets; i++)
		offsets[i] = c->out->len;
}

void clean_in_moving(struct str *out, enum clean_in kind, const char *p, size_t len,
        size_t *offsets, size_t noffsets)
{
	struct cleaner c = {.out = out, .start = out->len, .rules = &in_rules[kind]};

	run(&c, p, len, offsets, noffsets);
}

void clean_in(struct str *out, enum clean_in kind, const char *p, size_t len)
{
	clean_in_moving(out, kind, p, len, NULL, 0);
}

static void clean_url(struct str *out, const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char b = (unsigned char)p[i];
		if (b > 0x20 && b < 0x7f) {
			str_addc(out, p[i]);
		} else if (b == 0x20 || b > 0x7f) {
			str_addf(out, "%%%02X", b);
		}
	}
}

/* Cut to the title's room. What is left must be clean itself: no joiner or blank at its end. */
static void cut_title(struct str *out, size_t start)
{
	size_t n = start, cells = 0;

	while (n < out->len) {
		struct cluster cluster = utf8_cluster(out->p + n, out->len - n);
		if (cells + (size_t)cluster.width > TITLE_CELLS) break;
		cells += (size_t)cluster.width;
		n += cluster.len;
	}
	if (n == out->len) return;
	str_cut(out, n);
	while (n >= start + 3 && (memcmp(out->p + n - 3, "\xe2\x80\x8c", 3) == 0 ||
	                                 memcmp(out->p + n - 3, "\xe2\x80\x8d", 3) == 0)) {
		n -= 3;
		str_cut(out, n);
	}
	trim_end(out, start);
}

void clean_out(struct str *out, enum clean_out kind, const char *p, size_t len)
{
	if (kind == CLEAN_URL) {
		clean_url(out, p, len);
		return;
	}
	struct cleaner c = {.out = out, .start = out->len, .rules = &out_rules[kind]};
	run(&c, p, len, NULL, 0);
	if (kind == CLEAN_TITLE) cut_title(out, c.start);
}

bool clean_is_plain(const char *p, size_t len)
{
	if (plain_run(p, len, true) < len) return false;
	if (len > 0 && (p[0] == ' ' || p[len - 1] == ' ')) return false;
	for (size_t i = 1; i < len; i++) {
		if (p[i] == ' ' && p[i - 1] == ' ') return false;
	}
	return true;
}
