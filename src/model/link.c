#include "model/link.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/lower.h"
#include "base/punycode.h"
#include "base/utf8.h"

/* A part of a text; borrowed. */
struct part {
	const char *p;
	size_t len;
};

/* What stands between `scheme://` and the path; false when it is no such address. */
static bool authority_of(const char *url, size_t len, struct part *out)
{
	for (size_t i = 0; i + 2 < len; i++) {
		if (memcmp(url + i, "://", 3) == 0) {
			const char *begin = url + i + 3;
			size_t left = len - i - 3, n = 0;
			while (n < left && !strchr("/?#\\ \t\n", begin[n]))
				n++;
			*out = (struct part){begin, n};
			return n > 0;
		}
		bool scheme = (url[i] >= 'a' && url[i] <= 'z') ||
		              (url[i] >= 'A' && url[i] <= 'Z') ||
		              (i > 0 && strchr("+-.0123456789", url[i]));
		if (!scheme) return false;
	}
	return false;
}

static bool cut_userinfo(struct part *authority)
{
	for (size_t i = authority->len; i > 0; i--) {
		if (authority->p[i - 1] != '@') continue;
		authority->p += i;
		authority->len -= i;
		return true;
	}
	return false;
}

/* The host alone: neither port nor the root's dot. */
static void cut_port(struct part *host)
{
	if (host->len && host->p[0] == '[') return;
	for (size_t i = 0; i < host->len; i++) {
		if (host->p[i] == ':') host->len = i;
	}
	while (host->len && host->p[host->len - 1] == '.')
		host->len--;
}

/* --- letters that look like others --- */

/* Of Cyrillic, Greek and Armenian, in lower case: those that look like Latin ones. */
static bool is_lookalike(int32_t cp)
{
	static const uint16_t codes[] = {0x3b1, 0x3b3, 0x3b5, 0x3b7, 0x3b9, 0x3ba, 0x3bd, 0x3bf,
	        0x3c1, 0x3c3, 0x3c4, 0x3c5, 0x3c7, 0x3c9, 0x3f2, 0x3f3, 0x430, 0x432, 0x433, 0x435,
	        0x43a, 0x43c, 0x43d, 0x43e, 0x43f, 0x440, 0x441, 0x442, 0x443, 0x445, 0x44c, 0x451,
	        0x455, 0x456, 0x457, 0x458, 0x45b, 0x475, 0x4bb, 0x4cf, 0x4d5, 0x501, 0x51b, 0x51d,
	        0x561, 0x563, 0x566, 0x570, 0x578, 0x57d, 0x581, 0x585};
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
		if (codes[i] == cp) return true;
	}
	return false;
}

static bool is_other_script(int32_t cp)
{
	return (cp >= 0x370 && cp <= 0x58f) || (cp >= 0x13a0 && cp <= 0x13ff) ||
	       (cp >= 0x1c80 && cp <= 0x1c8f) || (cp >= 0x1f00 && cp <= 0x1fff) ||
	       (cp >= 0xff00 && cp <= 0xffef) || (cp >= 0x1d400 && cp <= 0x1d7ff);
}

/* Latin letters among others, or none that does not look like a Latin one; and what is
 * Latin, but drawn so that it looks plain (dotless i, small capitals). */
static bool is_suspicious(const char *label, size_t len)
{
	bool latin = false, other = false, honest = false;
	for (size_t at = 0; at < len;) {
		int32_t cp;
		at += utf8_decode(label + at, len - at, &cp);
		if ((cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z')) latin = true;
		if (cp == 0x131 || cp == 0x237 || (cp >= 0x250 && cp <= 0x2af) ||
		        (cp >= 0x1d00 && cp <= 0x1dbf))
			return true;
		if (cp < 0x80 || !is_other_script(cp)) continue;
		other = true;
		honest = honest || !is_lookalike(cp);
	}
	return other && (latin || !honest);
}

/* In lower case, each label as the wire has it when `all`, or when it could deceive. */
static bool put_host(struct str *out, const struct part *host, bool all)
{
	struct str lower = {0};
	bool deceives = false;
	lower_add(&lower, host->p, host->len);
	const char *p = str_c(&lower);
	for (size_t at = 0; at < lower.len;) {
		size_t n = 0;
		while (at + n < lower.len && p[at + n] != '.')
			n++;
		bool bad = is_suspicious(p + at, n);
		deceives = deceives || bad;
		if (all || bad)
			punycode_label(out, p + at, n);
		else
			str_add(out, p + at, n);
		at += n;
		if (at < lower.len) {
			str_addc(out, '.');
			at++;
		}
	}
	str_finish(&lower);
	return deceives;
}

bool link_has_userinfo(const char *url)
{
	struct part host;
	return authority_of(url, strlen(url), &host) && cut_userinfo(&host);
}

bool link_host(const char *url, struct str *out)
{
	struct part host;
	if (!authority_of(url, strlen(url), &host)) return false;
	cut_userinfo(&host);
	cut_port(&host);
	put_host(out, &host, false);
	return host.len > 0;
}

/* --- what the words say --- */

/* Words that look like an address: with a scheme, or a host's name with a dot in it. */
static bool host_in_words(const char *words, size_t len, struct part *out)
{
	while (len && (*words == ' ' || *words == '\n')) {
		words++;
		len--;
	}
	if (authority_of(words, len, out)) return true;
	size_t n = 0, dots = 0, last = 0;
	for (; n < len && !strchr("/?#: \t\n", words[n]); n++) {
		unsigned char c = (unsigned char)words[n];
		bool good = c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		            (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '@' || c == '_';
		if (!good) return false;
		if (c == '.') {
			dots++;
			last = n;
		}
	}
	*out = (struct part){words, n};
	/* "3.5" is no host, nor is "Well…", nor the end of a sentence. */
	bool ends_in_letters = n > last + 2;
	for (size_t i = last + 1; i < n; i++)
		ends_in_letters = ends_in_letters && !(words[i] >= '0' && words[i] <= '9');
	return dots > 0 && last > 0 && ends_in_letters;
}

static void drop_www(struct str *host)
{
	if (host->len > 4 && memcmp(host->p, "www.", 4) == 0) {
		memmove(host->p, host->p + 4, host->len - 4);
		str_cut(host, host->len - 4);
	}
}

/* Servers cut long addresses short: "very-long-name…". */
static bool begins_so(const struct str *words, const struct str *target)
{
	static const char more[] = "…";
	size_t n = sizeof(more) - 1;
	if (words->len <= n || memcmp(words->p + words->len - n, more, n) != 0) return false;
	return words->len - n <= target->len && memcmp(words->p, target->p, words->len - n) == 0;
}

static bool same_host(const struct part *said, const struct part *real)
{
	struct str a = {0}, b = {0}, plain = {0};
	put_host(&a, said, true);
	put_host(&b, real, true);
	lower_add(&plain, said->p, said->len);
	drop_www(&a);
	drop_www(&b);
	drop_www(&plain);
	bool same = (a.len == b.len && memcmp(str_c(&a), str_c(&b), a.len) == 0) ||
	            begins_so(&plain, &b);
	str_finish(&a);
	str_finish(&b);
	str_finish(&plain);
	return same;
}

enum link_truth link_judge(const char *words, size_t len, const char *target, struct str *out_host)
{
	struct part real, said;
	struct str drop = {0};
	if (!authority_of(target, strlen(target), &real)) return LINK_SAYS_SO;
	bool lies = cut_userinfo(&real);
	cut_port(&real);
	bool names = host_in_words(words, len, &said);
	if (names) {
		lies = cut_userinfo(&said) || lies;
		cut_port(&said);
		/* Words of a foreign alphabet hide behind the wire's name, and the other way. */
		lies = put_host(&drop, &said, false) || lies || !same_host(&said, &real);
	}
	str_finish(&drop);
	lies = put_host(out_host, &real, lies) || lies;
	if (lies) return LINK_LIES;
	return names ? LINK_SAYS_SO : LINK_IN_WORDS;
}
