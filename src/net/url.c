#include "net/url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "base/mem.h"
#include "net/address.h"

/* Longer ones are nobody's; libcurl takes up to 8 MB. */
enum { URL_MAX = 16384 };

static CURLU *parse(const char *url)
{
	if (!url || strlen(url) > URL_MAX) return NULL;
	CURLU *u = curl_url();
	if (u && curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE)) {
		curl_url_cleanup(u);
		return NULL;
	}
	return u;
}

/* A part, ours to free; NULL when there is none. */
static char *part(CURLU *u, CURLUPart what, unsigned flags)
{
	char *got = NULL;
	bool fine = u && curl_url_get(u, what, &got, flags) == CURLUE_OK;
	char *mine = fine && got ? xstrdup(got) : NULL;
	curl_free(got); /* a part that cannot be decoded is there all the same */
	return mine;
}

static void lower(char *s)
{
	for (; *s; s++) {
		if (*s >= 'A' && *s <= 'Z') *s = (char)(*s - 'A' + 'a');
	}
}

static bool is_ascii(const char *s)
{
	while (*s > 0)
		s++;
	return *s == '\0';
}

/* The host alone, lower case, without the root's dot at its end; owned or NULL. */
static char *bare_host(CURLU *u)
{
	char *host = part(u, CURLUPART_HOST, 0);
	if (host && !is_ascii(host)) {
		free(host);
		host = part(u, CURLUPART_HOST, CURLU_PUNYCODE);
	}
	if (!host) return NULL;
	lower(host);
	size_t len = strlen(host);
	if (len > 1 && host[len - 1] == '.') host[len - 1] = '\0';
	if (*host) return host;
	free(host);
	return NULL;
}

/* Apply a trimmed reference to the URL in `u`. */
static bool apply(CURLU *u, const char *ref)
{
	if (*ref == '\0') return !curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0);
	if (*ref == '#') /* libcurl would take the query away as well */
		return !curl_url_set(u, CURLUPART_FRAGMENT, ref + 1, CURLU_URLENCODE);
	return !curl_url_set(u, CURLUPART_URL, ref, CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE);
}

char *url_resolve(const char *base, const char *ref)
{
	static const char white[] = " \t\r\n\f";
	if (!ref) return NULL;
	ref += strspn(ref, white);
	size_t len = strlen(ref);
	while (len > 0 && strchr(white, ref[len - 1]))
		len--;
	if (len > URL_MAX) return NULL;

	CURLU *u = base && *base ? parse(base) : curl_url();
	char *trimmed = xstrndup(ref, len);
	char *result = u && apply(u, trimmed) ? part(u, CURLUPART_URL, 0) : NULL;
	free(trimmed);
	curl_url_cleanup(u);
	return result;
}

char *url_host(const char *url)
{
	CURLU *u = parse(url);
	char *host = bare_host(u);
	char *port = part(u, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
	curl_url_cleanup(u);
	if (host && port) {
		struct str both = {0};
		str_addf(&both, "%s:%s", host, port);
		free(host);
		host = str_take(&both);
	}
	free(port);
	return host;
}

static bool ends_with(const char *s, const char *end)
{
	size_t len = strlen(s), n = strlen(end);
	return len >= n && strcmp(s + len - n, end) == 0;
}

static bool is_local_name(const char *host)
{
	static const char *const ends[] = {
	        ".localhost", ".local", ".lan", ".internal", ".home.arpa"};
	bool yes = !strchr(host, '.');
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		yes = yes || ends_with(host, ends[i]);
	return yes;
}

struct url_facts url_look(const char *url)
{
	struct url_facts facts = {0};
	bool is_address;
	CURLU *u = parse(url);
	char *host = bare_host(u);
	curl_url_cleanup(u);
	if (!host) return facts;
	facts.web = strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0;
	facts.local = address_text_is_local(host, &is_address);
	if (is_address) {
		facts.loopback = strncmp(host, "127.", 4) == 0 || strcmp(host, "[::1]") == 0;
	} else {
		facts.local = is_local_name(host);
		facts.loopback = strcmp(host, "localhost") == 0 || ends_with(host, ".localhost");
	}
	free(host);
	return facts;
}

bool url_is_web(const char *url)
{
	return url_look(url).web;
}

bool url_is_loopback(const char *url)
{
	return url_look(url).loopback;
}

bool url_is_local(const char *url)
{
	return url_look(url).local;
}

bool url_same_origin(const char *a, const char *b)
{
	static const CURLUPart parts[] = {CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT};
	CURLU *ua = parse(a), *ub = parse(b);
	bool same = ua && ub;
	for (size_t i = 0; same && i < sizeof(parts) / sizeof(*parts); i++) {
		char *pa = part(ua, parts[i], CURLU_DEFAULT_PORT);
		char *pb = part(ub, parts[i], CURLU_DEFAULT_PORT);
		same = pa && pb && strcasecmp(pa, pb) == 0;
		free(pa);
		free(pb);
	}
	curl_url_cleanup(ua);
	curl_url_cleanup(ub);
	return same;
}

void url_encode(struct str *out, const char *bytes, size_t len)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		             (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
		if (plain) {
			str_addc(out, (char)c);
			continue;
		}
		str_addc(out, '%');
		str_addc(out, hex[c >> 4]);
		str_addc(out, hex[c & 15]);
	}
}

static int hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | (c >= 'A' && c <= 'F' ? 32 : 0)) : NULL;
	return at ? (int)(at - digits) : -1;
}

char *url_decode(const char *text)
{
	struct str out = {0};
	for (const char *p = text; *p; p++) {
		int high = *p == '%' ? hex(p[1]) : -1, low = high >= 0 ? hex(p[2]) : -1;
		int byte = low >= 0 ? high * 16 + low : 0;
		if (byte > 0) p += 2;
		str_addc(&out, byte > 0 ? (char)byte : *p);
	}
	return str_take(&out);
}
