#include "networks/mastodon_instance.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/mem.h"
#include "net/url.h"
#include "networks/mastodon_http.h"
#include "networks/mastodon_read.h"

enum { MAX_DOMAIN = 253, MAX_NAME = 40, MAX_VERSION = 60, MAX_PATH = 500, MAX_LINKS = 16 };

/* --- handle --- */

/* `name@domain`, when the server has told its domain. */
static void take_domain(struct account *account, const char *domain)
{
	if (!domain) return;
	const char *scheme = strstr(domain, "://"); /* some old ones tell a URL */
	if (scheme) domain = scheme + 3;
	size_t n = strcspn(domain, "/");
	bool fine = n > 0 && n <= MAX_DOMAIN && strcspn(domain, " \t@<>\"\\") >= n &&
	            clean_is_plain(domain, n);
	char *at = strrchr(account->handle, '@');
	if (!fine || !at) return;
	struct str handle = {0};
	str_add(&handle, account->handle, (size_t)(at - account->handle) + 1);
	str_add(&handle, domain, n);
	account_set(&account->handle, str_c(&handle));
	str_finish(&handle);
}

/* --- limits --- */

static uint32_t count_of(const cJSON *obj, const char *name)
{
	int64_t n = json_int(obj, name, 0);
	return n < 0 ? 0 : n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

static uint64_t bytes_of(const cJSON *obj, const char *name)
{
	int64_t n = json_int(obj, name, 0);
	return n < 0 ? 0 : (uint64_t)n;
}

static void take_limits(struct limits *limits, const cJSON *configuration)
{
	const cJSON *statuses = json_obj(configuration, "statuses");
	const cJSON *media = json_obj(configuration, "media_attachments");
	const cJSON *polls = json_obj(configuration, "polls");
	*limits = (struct limits){
	        .text = count_of(statuses, "max_characters"),
	        .url = count_of(statuses, "characters_reserved_per_url"),
	        .media = count_of(statuses, "max_media_attachments"),
	        .poll_options = count_of(polls, "max_options"),
	        .poll_option_text = count_of(polls, "max_characters_per_option"),
	        .poll_min_s = count_of(polls, "min_expiration"),
	        .poll_max_s = count_of(polls, "max_expiration"),
	        .alt_text = count_of(media, "description_limit"),
	        .image_bytes = bytes_of(media, "image_size_limit"),
	        .image_pixels = bytes_of(media, "image_matrix_limit"),
	        .video_bytes = bytes_of(media, "video_size_limit"),
	};
}

static void fill(uint32_t *limit, const cJSON *obj, const char *name)
{
	if (*limit == 0) *limit = count_of(obj, name);
}

/* Pleroma's own names, beside or in place of Mastodon's. */
static void take_more_limits(struct limits *limits, const cJSON *json)
{
	const cJSON *polls = json_obj(json, "poll_limits");
	fill(&limits->text, json, "max_toot_chars");
	fill(&limits->alt_text, json, "description_limit");
	fill(&limits->poll_options, polls, "max_options");
	fill(&limits->poll_option_text, polls, "max_option_chars");
	fill(&limits->poll_min_s, polls, "min_expiration");
	fill(&limits->poll_max_s, polls, "max_expiration");
	if (limits->image_bytes == 0) limits->image_bytes = bytes_of(json, "upload_limit");
}

/* --- streaming --- */

/* "wss://streaming.example" as the root of event streams; "" when it is the host itself. */
static void take_streaming(struct account *account, const char *url)
{
	static const struct {
		const char *from, *to;
	} schemes[] = {{"wss://", "https://"}, {"https://", "https://"}, {"ws://", "http://"},
	        {"http://", "http://"}};
	struct str root = {0}, host = {0};
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		size_t n = strlen(schemes[i].from);
		if (strncmp(url, schemes[i].from, n) != 0) continue;
		str_adds(&root, schemes[i].to);
		str_add(&root, url + n, strcspn(url + n, "/?#"));
		break;
	}
	account_add_root(&host, account);
	/* What is asked for with a token is asked for in secret, but for this very machine. */
	bool safe = strncmp(str_c(&root), "https:", 6) == 0 || url_is_loopback(str_c(&root));
	bool other = root.len && mastodon_web(root.p) && !strchr(root.p, '@') &&
	             !url_same_origin(root.p, str_c(&host));
	account_set(&account->streaming, safe && other ? root.p : "");
	str_finish(&root);
	str_finish(&host);
}

const char *mastodon_instance_read(
        struct account *account, const cJSON *json, bool old, bool *out_streams)
{
	const cJSON *configuration = json_obj(json, "configuration");
	const cJSON *urls = old ? json_obj(json, "urls") : json_obj(configuration, "urls");
	const char *streams = json_str(urls, old ? "streaming_api" : "streaming");
	uint32_t api = count_of(json_obj(json, "api_versions"), "mastodon");
	take_domain(account, json_str(json, old ? "uri" : "domain"));
	take_limits(&account->limits, configuration);
	take_more_limits(&account->limits, json);
	take_streaming(account, streams ? streams : "");
	account->api = api;
	*out_streams = streams && *streams;
	if (json_bool(json_obj(configuration, "translation"), "enabled", false))
		account->caps |= CAP_TRANSLATE;
	else
		account->caps &= ~(unsigned)CAP_TRANSLATE;
	return json_str(json, "version");
}

/* --- nodeinfo --- */

/* What follows the host in a URL; a path may do without one. */
static const char *path_of(const char *url)
{
	const char *scheme = strstr(url, "://");
	return scheme ? strchr(scheme + 3, '/') : *url == '/' ? url : NULL;
}

static bool is_fit(const char *path)
{
	size_t n = 0;
	for (; path[n]; n++) {
		if (path[n] <= 32 || path[n] >= 127 || path[n] == '#' || n == MAX_PATH)
			return false;
	}
	return n > 1 && path[1] != '/';
}

char *mastodon_nodeinfo_path(const cJSON *links)
{
	const char *best = NULL, *version = "";
	int n = 0;
	json_each (link, json_arr(links, "links")) {
		const char *rel = json_str(link, "rel"), *href = json_str(link, "href");
		const char *is = rel ? strrchr(rel, '/') : NULL,
		           *path = href ? path_of(href) : NULL;
		if (is && path && is_fit(path) && strcmp(is, version) > 0) {
			version = is;
			best = path;
		}
		if (++n == MAX_LINKS) break;
	}
	return best ? xstrdup(best) : NULL;
}

/* Letters, digits and a few marks, as names and versions of programs are. */
static void add_word(struct str *out, const char *word, size_t max, bool lower)
{
	for (size_t i = 0; word[i] && i < max; i++) {
		unsigned char c = (unsigned char)word[i];
		if (!isalnum(c) && !strchr("-_.+~", c)) break;
		str_addc(out, (char)(lower ? tolower(c) : c));
	}
}

char *mastodon_software_name(const char *name, const char *version)
{
	struct str out = {0};
	add_word(&out, name ? name : "", MAX_NAME, true);
	if (out.len && version && *version) {
		str_addc(&out, ' ');
		add_word(&out, version, MAX_VERSION, false);
	}
	if (out.len) return str_take(&out);
	str_finish(&out);
	return NULL;
}

char *mastodon_nodeinfo_software(const cJSON *json)
{
	const cJSON *software = json_obj(json, "software");
	return mastodon_software_name(json_str(software, "name"), json_str(software, "version"));
}
