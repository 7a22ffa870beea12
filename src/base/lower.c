#include "base/lower.h"

#include <string.h>

#include <utf8proc.h>

#include "base/utf8.h"

enum { CAPITAL_I_WITH_DOT = 0x130, DOT_ABOVE = 0x307, CAPITAL_SIGMA = 0x3a3, FINAL_SIGMA = 0x3c2 };

static void put(struct str *out, int32_t cp)
{
	char bytes[4];

	str_add(out, bytes, utf8_encode(bytes, cp));
}

/* Unicode's Cased, as near as the category tells. */
static bool is_cased(int32_t cp)
{
	utf8proc_category_t category = utf8proc_category(cp);

	return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL ||
	       category == UTF8PROC_CATEGORY_LT || utf8proc_tolower(cp) != cp ||
	       utf8proc_toupper(cp) != cp;
}

/* Unicode's Case_Ignorable: marks, modifiers, format characters, and what stands within words. */
static bool is_case_ignorable(int32_t cp)
{
	static const int32_t within[] = {0x27, 0x2e, 0x3a, 0xb7, 0x387, 0x55f, 0x5f4, 0x2018,
	        0x2019, 0x2024, 0x2027, 0xfe13, 0xfe52, 0xfe55, 0xff07, 0xff0e, 0xff1a};

	switch (utf8proc_category(cp)) {
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_SK:
		return true;
	default:
		break;
	}
	for (size_t i = 0; i < sizeof within / sizeof *within; i++) {
		if (within[i] == cp) return true;
	}
	return false;
}

/* Is a cased letter there, what is ignorable not counted? */
static bool cased_before(const char *p, size_t at)
{
	while (at > 0) {
		size_t start = at - 1;
		int32_t cp;

		while (start > 0 && ((unsigned char)p[start] & 0xc0) == 0x80) {
			start--;
		}
		utf8_decode(p + start, at - start, &cp);
		if (!is_case_ignorable(cp)) return is_cased(cp);
		at = start;
	}
	return false;
}

static bool cased_after(const char *p, size_t len)
{
	int32_t cp;

	for (size_t at = 0; at < len;) {
		at += utf8_decode(p + at, len - at, &cp);
		if (!is_case_ignorable(cp)) return is_cased(cp);
	}
	return false;
}

void lower_add(struct str *out, const char *utf8, size_t len)
{
	int32_t cp;

	str_reserve(out, len);
	for (size_t at = 0, next; at < len; at = next) {
		unsigned char c = (unsigned char)utf8[at];

		next = at + 1;
		if (c < 0x80) {
			str_addc(out, (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c));
			continue;
		}
		next = at + utf8_decode(utf8 + at, len - at, &cp);
		if (cp == CAPITAL_I_WITH_DOT) {
			put(out, 'i');
			put(out, DOT_ABOVE);
		} else if (cp == CAPITAL_SIGMA && cased_before(utf8, at) &&
		           !cased_after(utf8 + next, len - next)) {
			put(out, FINAL_SIGMA);
		} else {
			put(out, utf8proc_tolower(cp));
		}
	}
}

size_t lower_fold(int32_t out[LOWER_MAX_FOLD], int32_t cp)
{
	int bound = 0;
	utf8proc_ssize_t n =
	        utf8proc_decompose_char(cp, out, LOWER_MAX_FOLD, UTF8PROC_CASEFOLD, &bound);

	if (n >= 1 && n <= LOWER_MAX_FOLD) return (size_t)n;
	out[0] = cp;
	return 1;
}

bool lower_may_unfold(int32_t cp)
{
	switch (cp) {
	case 0xdf:
	case 0x130:
	case 0x149:
	case 0x1f0:
	case 0x390:
	case 0x3b0:
	case 0x587:
		return true;
	default:
		return (cp >= 0x1e96 && cp <= 0x1e9e) || (cp >= 0x1f50 && cp <= 0x1ffc) ||
		       (cp >= 0xfb00 && cp <= 0xfb17);
	}
}

bool lower_is_punctuation(int32_t cp)
{
	utf8proc_category_t category = utf8proc_category(cp);

	return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

bool lower_is_blank(int32_t cp)
{
	return (cp >= '\t' && cp <= '\r') || cp == 0xfeff || cp == 0x2028 || cp == 0x2029 ||
	       utf8proc_category(cp) == UTF8PROC_CATEGORY_ZS;
}
