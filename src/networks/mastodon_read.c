#include "networks/mastodon_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/url.h"
#include "networks/html.h"

enum { MAX_ID = 512, MAX_HANDLE = 512 };

/* The domain of our own handle; at first, before that is known, the host that we ask. */
static const char *host_of(const struct account *account)
{
	const char *at = account->handle ? strrchr(account->handle, '@') : NULL;
	const char *scheme = strstr(account->host, "://");
	if (at && at[1]) return at + 1;
	return scheme ? scheme + 3 : account->host;
}

void mastodon_reader_init(
        struct mastodon_reader *reader, struct page *page, const struct account *account)
{
	*reader = (struct mastodon_reader){
	        .page = page,
	        .account = account,
	        .host = host_of(account),
	};
}

void mastodon_reader_finish(struct mastodon_reader *reader)
{
	arena_finish(&reader->arena);
}

const char *mastodon_clean(struct mastodon_reader *reader, enum clean_in kind, const char *s)
{
	struct str clean = {0};
	size_t len = s ? strlen(s) : 0;
	if (len == 0) return "";
	if (clean_is_plain(s, len)) return s;
	clean_in(&clean, kind, s, len);
	const char *kept = arena_strndup(&reader->arena, str_c(&clean), clean.len);
	str_finish(&clean);
	return kept;
}

static bool is_visible(const char *s, size_t max)
{
	size_t n = 0;
	for (; s[n]; n++) {
		if (n >= max || (unsigned char)s[n] <= 32 || s[n] == 127) return false;
	}
	return n > 0;
}

/* Cleaning would leave it as it is. */
static bool is_clean(const char *s)
{
	size_t n = strlen(s);
	if (clean_is_plain(s, n)) return true;
	struct str clean = {0};
	clean_in(&clean, CLEAN_NAME, s, n);
	bool same = clean.len == n && memcmp(clean.p, s, n) == 0;
	str_finish(&clean);
	return same;
}

/* http(s) and a host of letters, digits, - and . alone: what nearly all addresses are. */
static bool is_plain_web(const char *url)
{
	if (strncmp(url, "http", 4) != 0) return false;
	url += url[4] == 's' ? 5 : 4;
	if (strncmp(url, "://", 3) != 0) return false;
	size_t n = strspn(url + 3, "abcdefghijklmnopqrstuvwxyz0123456789-.");
	char end = url[3 + n];
	bool begins = url[3] >= 'a' && url[3] <= 'z';
	return begins && (end == '/' || end == '\0');
}

const char *mastodon_web(const char *url)
{
	if (!url || !is_visible(url, POST_MAX_TARGET)) return NULL;
	bool web = is_plain_web(url) || url_is_web(url);
	return web && is_clean(url) ? url : NULL;
}

const char *mastodon_id(const cJSON *obj, const char *name)
{
	const char *id = json_str(obj, name);
	return id && is_visible(id, MAX_ID) && is_clean(id) ? id : NULL;
}

const char *mastodon_number_id(const cJSON *obj, const char *name, char buf[24])
{
	const cJSON *item = json_get(obj, name);
	if (!item || !cJSON_IsNumber(item)) return mastodon_id(obj, name);
	int64_t number = json_int(obj, name, -1);
	if (number < 0) return NULL;
	snprintf(buf, 24, "%lld", (long long)number);
	return buf;
}

static bool is_hex42(const char *id)
{
	size_t n = strspn(id, "0123456789abcdefABCDEF");
	return n == 42 && !id[n];
}

bool mastodon_same_id(const char *a, const char *b)
{
	if (strcmp(a, b) == 0) return true;
	return is_hex42(a) && is_hex42(b) && strcasecmp(a, b) == 0;
}

/* --- profiles --- */

const char *mastodon_handle(struct mastodon_reader *reader, const char *acct)
{
	const char *clean = mastodon_clean(reader, CLEAN_NAME, acct);
	if (!is_visible(clean, MAX_HANDLE)) return "";
	if (strchr(clean, '@')) return clean;
	struct str full = {0};
	str_addf(&full, "%s@%s", clean, reader->host);
	const char *kept = arena_strndup(&reader->arena, full.p, full.len);
	str_finish(&full);
	return kept;
}

/* Who somebody is: the actor's URI, where a server does not tell it their page. */
static const char *uri_of(const cJSON *account)
{
	const char *uri = mastodon_id(account, "uri");
	return uri ? uri : mastodon_web(json_str(account, "url"));
}

uint32_t mastodon_profile(struct mastodon_reader *reader, const cJSON *account)
{
	const char *uri = uri_of(account), *acct = json_str(account, "acct");
	const char *handle = acct ? mastodon_handle(reader, acct) : "";
	if (!uri || !*handle) return 0;
	const char *name = json_str(account, "display_name"), *note = json_str(account, "note");
	char *bio = note && *note ? html_line(note, strlen(note)) : NULL;
	const struct profile profile = {
	        .uri = uri,
	        .handle = handle,
	        .name = mastodon_clean(reader, CLEAN_NAME, name),
	        .url = mastodon_web(json_str(account, "url")),
	        .bio = bio && *bio ? bio : NULL,
	        .followers = json_int(account, "followers_count", -1),
	        .bot = json_bool(account, "bot", false),
	};
	uint32_t index = page_add_profile(reader->page, &profile);
	free(bio);
	return index;
}

bool mastodon_is_me(const struct mastodon_reader *reader, const char *uri, const char *handle)
{
	const struct account *me = reader->account;
	if (uri && *uri && me->uri && strcmp(uri, me->uri) == 0) return true;
	return handle && *handle && me->handle && strcasecmp(handle, me->handle) == 0;
}
