#include "base/fold.h"

#include <utf8proc.h>

#include "base/mem.h"
#include "base/utf8.h"

enum { MAX_PARTS = 32, MAX_BYTES = 4 * MAX_PARTS }; /* of one folded character */

struct folder {
	struct str *out;
	uint32_t *map; /* from out's byte `start` on; NULL: not wanted */
	size_t map_cap, start;
	int32_t last; /* code point put last; 0: none */
	size_t last_at;
};

/* Room for `more` bytes here and in the map. */
static void reserve(struct folder *f, size_t more)
{
	str_reserve(f->out, more);
	if (!f->map) return;
	f->map = mem_grow(f->map, &f->map_cap, f->out->len - f->start + more + 1, sizeof *f->map);
}

static void put(struct folder *f, int32_t cp, uint32_t from)
{
	struct str *out = f->out;
	size_t n = utf8_encode(out->p + out->len, cp);

	for (size_t i = 0; f->map && i < n; i++)
		f->map[out->len - f->start + i] = from;
	f->last = cp;
	f->last_at = out->len;
	out->len += n;
}

/* One byte of ASCII: lower case, white space a blank, other controls 0. */
static inline unsigned char fold_byte(unsigned char b)
{
	bool upper = b >= 'A' && b <= 'Z', white = b >= '\t' && b <= '\r';
	bool control = b < 0x20 || b == 0x7f;
	unsigned char c = (unsigned char)(b | upper << 5);

	return white ? ' ' : control ? 0 : c;
}

/*
 * Marks that only colour a letter go: accents, nukta, points and vowel signs of Hebrew,
 * Arabic and Syriac. Those that are letters of their own stay, else all Hindi or Thai
 * words with the same consonants were one: vowel signs (class 0), virama (9), the
 * vowels and tones of Thai, Lao and Tibetan (84 … 132).
 */
static bool is_accent(const utf8proc_property_t *property)
{
	int class = property->combining_class;

	if (property->category == UTF8PROC_CATEGORY_ME) return true;
	return class == 1 || class == 7 || (class >= 10 && class <= 36) || class >= 200;
}

/* A vowel or final consonant that a syllable may be put together with. */
static bool is_jamo(int32_t cp)
{
	return cp >= 0x1161 && cp <= 0x11c2;
}

/* What Unicode writes in two ways becomes one: Hangul by letters, kana with a voicing mark. */
static bool compose(struct folder *f, int32_t cp, uint32_t from)
{
	if (!f->last || !(is_jamo(cp) || cp == 0x3099 || cp == 0x309a)) return false;
	int32_t pair[2] = {f->last, cp};
	if (utf8proc_normalize_utf32(pair, 2, UTF8PROC_COMPOSE | UTF8PROC_STABLE) != 1)
		return false;
	if (f->map) from = f->map[f->last_at - f->start];
	f->out->len = f->last_at;
	put(f, pair[0], from);
	return true;
}

/*
 * Letters with a stroke, ligatures and the dotless i, which Unicode does not take apart but
 * people write in two ways: "Lodz" for "Łódź", "isik" for "ışık", whose capitals are "IŞIK".
 * Capitals are small ones by now. NULL: none of them.
 */
static const char *plain_letters(int32_t cp)
{
	switch (cp) {
	case 0xe6: /* æ */
		return "ae";
	case 0xf0:  /* ð */
	case 0x111: /* đ */
		return "d";
	case 0xf8: /* ø */
		return "o";
	case 0xfe: /* þ */
		return "th";
	case 0x127: /* ħ */
		return "h";
	case 0x131: /* ı */
		return "i";
	case 0x142: /* ł */
		return "l";
	case 0x153: /* œ */
		return "oe";
	case 0x167: /* ŧ */
		return "t";
	default:
		return NULL;
	}
}

/* The Arabic letters' connecting line, drawn as long as one likes. */
enum { TATWEEL = 0x640 };

static void put_folded(struct folder *f, int32_t cp, uint32_t from)
{
	const utf8proc_property_t *property = utf8proc_get_property(cp);

	if (property->ignorable || property->category == UTF8PROC_CATEGORY_CF) return;
	if (property->category >= UTF8PROC_CATEGORY_ZS &&
	        property->category <= UTF8PROC_CATEGORY_ZP) {
		cp = ' ';
	}
	if (cp < 0x80) {
		int32_t c = fold_byte((unsigned char)cp);
		if (c && !(c == ' ' && f->last == ' ')) put(f, c, from);
		return;
	}
	if (property->category == UTF8PROC_CATEGORY_CC || is_accent(property)) return;
	if (cp == TATWEEL) return;
	const char *plain = cp <= 0x167 ? plain_letters(cp) : NULL;
	for (; plain && *plain; plain++)
		put(f, *plain, from);
	if (plain) return;
	if (!compose(f, cp, from)) put(f, cp, from);
}

static void fold_wide(struct folder *f, int32_t cp, uint32_t from)
{
	const utf8proc_property_t *property = utf8proc_get_property(cp);
	int32_t parts[MAX_PARTS];
	int bound = 0;

	/* Most of Chinese, Japanese, Korean, Thai and Hindi stays as it is. */
	bool same = property->decomp_seqindex == UINT16_MAX &&
	            property->casefold_seqindex == UINT16_MAX;
	bool hangul = cp >= 0xac00 && cp <= 0xd7a3;
	bool letter = property->category <= UTF8PROC_CATEGORY_LO && property->category > 0 &&
	              !property->ignorable && !is_jamo(cp) && cp > 0x167 && cp != TATWEEL;
	if ((same && letter) || hangul) {
		put(f, cp, from);
		return;
	}
	if (same) {
		put_folded(f, cp, from);
		return;
	}
	utf8proc_ssize_t n = utf8proc_decompose_char(cp, parts, MAX_PARTS,
	        UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, &bound);
	if (n < 0 || n > MAX_PARTS) return;
	for (utf8proc_ssize_t i = 0; i < n; i++)
		put_folded(f, parts[i], from);
}

enum { BLOCK = 16 };

/*
 * A block at once: only where all are printable ASCII and no two blanks meet, the byte
 * behind the block included, which is nearly always. Without a branch inside, so that
 * the compiler makes vector instructions of it.
 */
static bool fold_block(unsigned char *restrict to, const unsigned char *restrict p)
{
	unsigned char odd = 0;

	for (int k = 0; k < BLOCK; k++) {
		unsigned char c = p[k], next = p[k + 1];
		odd |= (unsigned char)(c - 0x20) > 0x7e - 0x20;
		odd |= (unsigned char)((c ^ ' ') | (next ^ ' ')) == 0;
		to[k] = (unsigned char)(c | (unsigned char)((unsigned char)(c - 'A') < 26) << 5);
	}
	return !odd;
}

/* Fold bytes up to the first that is not ASCII; returns how many. */
static size_t fold_ascii(struct folder *f, const char *p, size_t len, size_t from)
{
	struct str *out = f->out;
	char *const first = out->p + out->len, *to = first;
	uint32_t *map = f->map ? f->map + (out->len - f->start) : NULL;
	char last = f->last == ' ' ? ' ' : 0;
	size_t i = 0;

	while (i < len && (unsigned char)p[i] < 0x80) {
		if (!map && len - i > BLOCK && (last != ' ' || p[i] != ' ') &&
		        fold_block((unsigned char *)to, (const unsigned char *)p + i)) {
			to += BLOCK;
			i += BLOCK;
			last = p[i - 1];
			continue;
		}
		char c = (char)fold_byte((unsigned char)p[i]);
		if (map) map[to - first] = (uint32_t)(from + i);
		i++;
		if (!c || (c == ' ' && last == ' ')) continue;
		*to++ = last = c;
	}
	if (to > first) {
		f->last = (unsigned char)to[-1];
		f->last_at = out->len + (size_t)(to - first) - 1;
		out->len += (size_t)(to - first);
	}
	return i;
}

static void fold(struct folder *f, const char *p, size_t len)
{
	struct str *out = f->out;
	int32_t cp;

	for (size_t i = 0; i < len;) {
		/* Room for this one and for all that follow if they are ASCII. */
		if (f->map || out->cap - out->len <= len - i + MAX_BYTES) {
			reserve(f, len - i + MAX_BYTES);
		}
		if ((unsigned char)p[i] < 0x80) {
			i += fold_ascii(f, p + i, len - i, i);
		} else {
			size_t n = utf8_decode(p + i, len - i, &cp);
			fold_wide(f, cp, (uint32_t)i);
			i += n;
		}
	}
	str_reserve(out, 0);
	out->p[out->len] = '\0';
	if (f->map) f->map[out->len - f->start] = (uint32_t)len;
}

void fold_add(struct str *out, const char *utf8, size_t len)
{
	struct folder f = {.out = out, .start = out->len};

	fold(&f, utf8, len);
}

void fold_map(struct str *out, uint32_t **out_map, const char *utf8, size_t len)
{
	struct folder f = {.out = out, .start = out->len};

	f.map = mem_grow(NULL, &f.map_cap, len + 1, sizeof *f.map);
	fold(&f, utf8, len);
	*out_map = f.map;
}

bool fold_is_word(int32_t cp)
{
	switch (utf8proc_category(cp)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_PC:
		return true;
	default:
		/* Letters in a circle or a box. */
		return (cp >= 0x24b6 && cp <= 0x24e9) || (cp >= 0x1f130 && cp <= 0x1f149) ||
		       (cp >= 0x1f150 && cp <= 0x1f169) || (cp >= 0x1f170 && cp <= 0x1f189);
	}
}

bool fold_joins_word(int32_t cp)
{
	return fold_is_word(cp) || cp == 0xb2 || cp == 0xb3 || cp == 0xb9 ||
	       (cp >= 0xbc && cp <= 0xbe);
}
