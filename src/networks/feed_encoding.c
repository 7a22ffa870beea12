#include "networks/feed_encoding.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "networks/feed_charset.h"
#include "networks/feed_doc.h"

enum { MAX_LABEL = 40 };

/* Labels whose bytes mean more than they say, as browsers read them. */
static const struct {
	const char *label, *real;
} aliases[] = {
        {"ansi_x3.4-1968", ""},
        {"ascii", ""},
        {"big5", "BIG5-HKSCS"},
        {"cp1252", "WINDOWS-1252"},
        {"euc-kr", "CP949"},
        {"gb2312", "GB18030"},
        {"gb_2312-80", "GB18030"},
        {"gbk", "GB18030"},
        {"iso-8859-1", "WINDOWS-1252"},
        {"iso-8859-11", "CP874"},
        {"iso-8859-9", "WINDOWS-1254"},
        {"iso8859-1", "WINDOWS-1252"},
        {"ks_c_5601-1987", "CP949"},
        {"latin-1", "WINDOWS-1252"},
        {"latin1", "WINDOWS-1252"},
        {"shift-jis", "CP932"},
        {"shift_jis", "CP932"},
        {"sjis", "CP932"},
        {"tis-620", "CP874"},
        {"unicode", ""},
        {"us-ascii", ""},
        {"utf-16", ""}, /* in a declaration that could be read as bytes, a lie */
        {"utf-32", ""},
        {"utf-7", ""}, /* hides markup from every check */
        {"utf8", "UTF-8"},
        {"utf_8", "UTF-8"},
        {"x-sjis", "CP932"},
        {"x-x-big5", "BIG5-HKSCS"},
};

static bool is_label(const char *s)
{
	if (!*s) return false;
	for (; *s; s++) {
		if (!isalnum((unsigned char)*s) && !strchr("-_.:+", *s)) return false;
	}
	return true;
}

/* What iconv calls it; NULL when the label says nothing useful. */
static const char *real_name(const char *label)
{
	if (!is_label(label)) return NULL;
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
		if (strcasecmp(label, aliases[i].label) == 0)
			return *aliases[i].real ? aliases[i].real : NULL;
	}
	return label;
}

/* `name = "value"` with or without quotes, found after p; "" when there is none. */
static void find_value(const char *p, const char *end, const char *name, char out[MAX_LABEL])
{
	size_t n = strlen(name);
	*out = 0;
	for (; p + n < end; p++) {
		if (strncasecmp(p, name, n) != 0) continue;
		p += n;
		while (p < end && isspace((unsigned char)*p))
			p++;
		if (p == end || *p != '=') continue;
		p++;
		while (p < end && (isspace((unsigned char)*p) || *p == '"' || *p == '\''))
			p++;
		size_t len = 0;
		while (p + len < end && !strchr("\"' \t\r\n;?>", p[len]))
			len++;
		if (len >= MAX_LABEL) len = 0;
		memcpy(out, p, len);
		out[len] = 0;
		return;
	}
}

/* A byte order mark, or how UTF-16 and UTF-32 write `<` and a character after it. */
static const char *by_shape(const unsigned char *p, size_t len, size_t *out_mark)
{
	static const struct {
		const char *bytes;
		size_t len, mark;
		const char *name;
	} shapes[] = {
	        {"\xff\xfe\0\0", 4, 4, "UTF-32LE"},
	        {"\0\0\xfe\xff", 4, 4, "UTF-32BE"},
	        {"\xef\xbb\xbf", 3, 3, "UTF-8"},
	        {"\xff\xfe", 2, 2, "UTF-16LE"},
	        {"\xfe\xff", 2, 2, "UTF-16BE"},
	        {"<\0\0\0", 4, 0, "UTF-32LE"},
	        {"\0\0\0<", 4, 0, "UTF-32BE"},
	        {"<\0", 2, 0, "UTF-16LE"},
	        {"\0<", 2, 0, "UTF-16BE"},
	};
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		if (len < shapes[i].len || memcmp(p, shapes[i].bytes, shapes[i].len) != 0) continue;
		*out_mark = shapes[i].mark;
		return shapes[i].name;
	}
	return NULL;
}

static bool is_allowed(int32_t cp)
{
	return cp >= 0x20 ? cp != 0xfffe && cp != 0xffff : cp == '\n' || cp == '\t' || cp == '\r';
}

/* Eight bytes of plain ASCII, no control character among them? */
static bool is_plain8(const char *p)
{
	uint64_t w;
	memcpy(&w, p, sizeof w);
	return ((w | (w - 0x2020202020202020u)) & 0x8080808080808080u) == 0;
}

/* UTF-8 without faults and without what XML forbids? Fast for ASCII. */
static bool is_fit(const char *p, size_t len)
{
	for (size_t i = 0; i < len;) {
		while (len - i >= 8 && is_plain8(p + i))
			i += 8;
		if (i == len) return true;
		unsigned char c = (unsigned char)p[i];
		if (c < 0x80) {
			if (c < 0x20 && c != '\n' && c != '\t' && c != '\r') return false;
			i++;
			continue;
		}
		int32_t cp;
		size_t n = utf8_decode(p + i, len - i, &cp);
		if (cp == 0xfffd && !(n == 3 && memcmp(p + i, "\xef\xbf\xbd", 3) == 0))
			return false;
		if (!is_allowed(cp)) return false;
		i += n;
	}
	return true;
}

/* Copy with the faults taken out. Returns false when bytes were no UTF-8. */
static bool make_fit(struct str *out, const char *p, size_t len)
{
	bool valid = true;
	char chunk[4096];
	size_t used = 0;
	for (size_t i = 0; i < len && out->len < FEED_MAX_BYTES;) {
		int32_t cp = (unsigned char)p[i];
		size_t n = cp < 0x80 ? 1 : utf8_decode(p + i, len - i, &cp);
		bool real = n == 3 && memcmp(p + i, "\xef\xbf\xbd", 3) == 0;
		bool fault = cp == 0xfffd && !real;
		valid = valid && !fault;
		if (!fault && is_allowed(cp)) {
			memcpy(chunk + used, p + i, n);
			used += n;
		} else if (fault || cp >= 0x20) {
			memcpy(chunk + used, "\xef\xbf\xbd", 3);
			used += 3;
		}
		i += n;
		if (used > sizeof chunk - 8) {
			str_add(out, chunk, used);
			used = 0;
		}
	}
	str_add(out, chunk, used);
	return valid;
}

/* Take out control characters of what iconv made, in place. */
static void strip_controls(struct str *text)
{
	size_t to = 0;
	for (size_t i = 0; i < text->len; i++) {
		unsigned char c = (unsigned char)text->p[i];
		if (c >= 0x20 || c == '\n' || c == '\t' || c == '\r') text->p[to++] = text->p[i];
	}
	str_cut(text, to);
}

/*
 * A label for what every browser and server writes by default, on bytes that are
 * UTF-8 beyond ASCII: the label lies. Text in windows-1252 that looks so is not met.
 */
static bool is_default_lie(const char *name, const char *p, size_t len)
{
	if (!name || strcasecmp(name, "WINDOWS-1252") != 0) return false;
	bool beyond = false;
	for (size_t i = 0; i < len && !beyond; i++)
		beyond = (unsigned char)p[i] >= 0x80;
	return beyond && utf8_valid(p, len);
}

/* All of it by one encoding; false when a byte does not fit, unless lenient. */
static bool convert(struct str *out, const char *name, const char *p, size_t len, bool lenient)
{
	iconv_t cd = iconv_open("UTF-8", name);
	if (cd == (iconv_t)-1) return false;
	char chunk[16384];
	char *in = (char *)(uintptr_t)p;
	bool ok = true;
	while (ok && len > 0 && out->len < FEED_MAX_BYTES) {
		char *to = chunk;
		size_t room = sizeof chunk;
		size_t rc = iconv(cd, &in, &len, &to, &room);
		int why = errno;
		str_add(out, chunk, sizeof chunk - room);
		if (rc != (size_t)-1 || why == E2BIG) continue;
		ok = lenient;
		str_add(out, "\xef\xbf\xbd", 3);
		in++;
		len--;
	}
	iconv_close(cd);
	return ok;
}

struct attempt {
	const struct feed_input *in;
	struct str *buf;
	const char **out_text;
	size_t *out_len;
};

/* One encoding, strictly or not. */
static bool try(const struct attempt *a, const char *name, size_t mark, bool lenient)
{
	const char *p = a->in->bytes + mark;
	size_t len = a->in->len - mark;
	if (!name) return false;
	if (strcasecmp(name, "UTF-8") == 0) {
		if (is_fit(p, len)) {
			*a->out_text = p;
			*a->out_len = len;
			return true;
		}
		if (!make_fit(a->buf, p, len) && !lenient) goto unfit;
	} else {
		if (!convert(a->buf, name, p, len, lenient)) goto unfit;
		strip_controls(a->buf);
	}
	*a->out_text = str_c(a->buf);
	*a->out_len = a->buf->len;
	return true;
unfit:
	str_clear(a->buf);
	return false;
}

void feed_decode(const struct feed_input *in, struct str *buf, const char **out_text,
        size_t *out_len, bool *out_damaged)
{
	const struct attempt a = {in, buf, out_text, out_len};
	*out_damaged = false;
	char header[MAX_LABEL] = "", declared[MAX_LABEL] = "";
	size_t mark = 0;
	const char *shape = by_shape((const unsigned char *)in->bytes, in->len, &mark);
	if (in->content_type)
		find_value(in->content_type, in->content_type + strlen(in->content_type), "charset",
		        header);
	const char *start = in->bytes;
	const char *decl = in->len > 5 ? memchr(start, '<', in->len < 512 ? in->len : 512) : NULL;
	if (decl && in->bytes + in->len - decl > 5 && memcmp(decl, "<?xml", 5) == 0) {
		size_t left = (size_t)(in->bytes + in->len - decl);
		const char *close = memchr(decl, '>', left < 512 ? left : 512);
		if (close) find_value(decl, close, "encoding", declared);
	}
	if (shape && try(&a, shape, mark, mark > 0)) return;
	const char *first = real_name(header), *second = real_name(declared);
	bool lie = is_default_lie(first ? first : second, in->bytes, in->len);
	if (!lie && (try(&a, first, 0, false) || try(&a, second, 0, false))) return;
	bool wrong = (first || second) && !lie;
	if (try(&a, "UTF-8", 0, false)) {
		*out_damaged = wrong;
		return;
	}
	*out_damaged = true;
	if (!try(&a, feed_charset_guess(in->bytes, in->len), 0, true)) try(&a, "UTF-8", 0, true);
}
