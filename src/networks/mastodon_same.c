#include "networks/mastodon_same.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/fold.h"
#include "base/mem.h"
#include "networks/html.h"
#include "networks/mastodon_read.h"

/* Their clock and ours may differ so much; the sender holds a post when it is more. */
enum { SLACK_MS = 10 * 60000, SECOND_MS = 1000 };

static char *trimmed(const char *text)
{
	const char *begin = text ? text + strspn(text, " \t\r\n") : "";
	size_t len = strlen(begin);
	while (len > 0 && strchr(" \t\r\n", begin[len - 1]))
		len--;
	return xstrndup(begin, len);
}

/* Without the CR that some put before each LF. */
static bool same(const char *a, const char *b)
{
	for (;; a++, b++) {
		a += *a == '\r';
		b += *b == '\r';
		if (*a != *b) return false;
		if (!*a) return true;
	}
}

static bool same_trimmed(const char *wanted, const char *there)
{
	char *copy = trimmed(there);
	bool is = same(wanted, copy);
	free(copy);
	return is;
}

bool mastodon_wanted_init(struct mastodon_wanted *wanted, const struct outgoing *item)
{
	*wanted = (struct mastodon_wanted){.json = json_parse(item->frozen ? item->frozen : "",
	                                           item->frozen ? strlen(item->frozen) : 0, NULL),
	        .at_ms = item->at.utc_ms};
	const cJSON *frozen = json_root(wanted->json);
	const cJSON *media = json_arr(frozen, "media_ids");
	if (!cJSON_IsObject(frozen)) {
		mastodon_wanted_finish(wanted);
		return false;
	}
	wanted->text = trimmed(json_str(frozen, "status"));
	wanted->warning = trimmed(json_str(frozen, "spoiler_text"));
	wanted->parent = mastodon_id(frozen, "in_reply_to_id");
	wanted->options = json_arr(json_obj(frozen, "poll"), "options");
	wanted->nmedia = cJSON_GetArraySize(media);
	wanted->visibility_set = json_str(frozen, "visibility");
	wanted->visibility = mastodon_visibility(json_str(frozen, "visibility"));
	int64_t from = item->state == OUTGOING_KEPT ? item->at.utc_ms : item->first_ms;
	wanted->from_ms = from ? from - SLACK_MS : 0;
	/* A warning without a text becomes the text. */
	if (!*wanted->text && *wanted->warning) {
		char *empty = wanted->text;
		wanted->text = wanted->warning;
		wanted->warning = empty;
	}
	return true;
}

void mastodon_wanted_finish(struct mastodon_wanted *wanted)
{
	json_free(wanted->json);
	free(wanted->text);
	free(wanted->warning);
	*wanted = (struct mastodon_wanted){0};
}

/* --- all but the text --- */

static bool time_of(const cJSON *obj, const char *name, int64_t *out_ms)
{
	const char *text = json_str(obj, name);
	return text && date_parse_rfc3339(text, out_ms);
}

bool mastodon_is_older(const struct mastodon_wanted *wanted, const cJSON *status)
{
	int64_t created_ms;
	return time_of(status, "created_at", &created_ms) && created_ms < wanted->from_ms;
}

static bool same_parent(const struct mastodon_wanted *wanted, const cJSON *obj)
{
	char number[24];
	const char *id = mastodon_number_id(obj, "in_reply_to_id", number);
	return wanted->parent ? id && mastodon_same_id(wanted->parent, id) : !id;
}

/* Options as strings, or as objects with a title. */
static bool same_poll(const struct mastodon_wanted *wanted, const cJSON *options)
{
	const cJSON *there = options ? options->child : NULL;
	json_each (option, wanted->options) {
		const char *title =
		        cJSON_IsString(there) ? there->valuestring : json_str(there, "title");
		char *copy = trimmed(option->valuestring);
		bool is = title && same_trimmed(copy, title);
		free(copy);
		if (!is) return false;
		there = there->next;
	}
	return !there;
}

static bool same_visibility(const struct mastodon_wanted *wanted, const cJSON *obj)
{
	const char *is = json_str(obj, "visibility");
	return !wanted->visibility_set || !is || mastodon_visibility(is) >= wanted->visibility;
}

bool mastodon_is_alike(const struct mastodon_wanted *wanted, const cJSON *status)
{
	return !json_obj(status, "reblog") && same_parent(wanted, status) &&
	       same_visibility(wanted, status) &&
	       cJSON_GetArraySize(json_arr(status, "media_attachments")) == wanted->nmedia &&
	       same_poll(wanted, json_arr(json_obj(status, "poll"), "options")) &&
	       same_trimmed(wanted->warning, json_str(status, "spoiler_text"));
}

/* --- the text --- */

bool mastodon_is_same_source(const struct mastodon_wanted *wanted, const cJSON *source)
{
	return json_str(source, "text") && same_trimmed(wanted->text, json_str(source, "text"));
}

static bool is_linked(const struct text *text, size_t start, size_t end)
{
	for (size_t i = 0; i < text->nfacets; i++) {
		const struct facet *facet = &text->facets[i];
		if ((facet->kind == FACET_LINK || facet->kind == FACET_MENTION) &&
		        facet->start < end && facet->end > start)
			return true;
	}
	return false;
}

static bool has(const char *word, size_t len, const char *what)
{
	size_t n = strlen(what);
	for (size_t i = 0; i + n <= len; i++) {
		if (memcmp(word + i, what, n) == 0) return true;
	}
	return false;
}

/* Letters and digits of the words that no server changes. */
static void add_plain(struct str *out, const struct text *text)
{
	struct str words = {0}, folded = {0};
	const char *p = str_c(&text->utf8);
	for (size_t i = 0; p[i];) {
		size_t blank = strspn(p + i, " \t\r\n"), len = strcspn(p + i + blank, " \t\r\n");
		const char *word = p + i + blank;
		i += blank + len;
		if (has(word, len, "@") || has(word, len, "://") || is_linked(text, i - len, i))
			continue;
		str_add(&words, word, len);
	}
	fold_add(&folded, str_c(&words), words.len);
	for (size_t i = 0; i < folded.len; i++) {
		unsigned char c = (unsigned char)folded.p[i];
		if (c >= 128 || isalnum(c)) str_addc(out, (char)c);
	}
	str_finish(&words);
	str_finish(&folded);
}

bool mastodon_is_same_content(const struct mastodon_wanted *wanted, const cJSON *status)
{
	const struct html_options options = {
	        .hide_quote_inline = json_obj(status, "quote") != NULL};
	const char *html = json_str(status, "content");
	struct text there = {0}, typed = {0};
	struct str a = {0}, b = {0};
	if (html) html_text(&there, html, strlen(html), &options);
	str_adds(&typed.utf8, wanted->text);
	add_plain(&a, &there);
	add_plain(&b, &typed);
	bool is = html && strcmp(str_c(&a), str_c(&b)) == 0;
	text_finish(&there);
	text_finish(&typed);
	str_finish(&a);
	str_finish(&b);
	return is;
}

bool mastodon_is_scheduled(const struct mastodon_wanted *wanted, const cJSON *scheduled)
{
	const cJSON *params = json_obj(scheduled, "params");
	int64_t at_ms;
	if (!params || !time_of(scheduled, "scheduled_at", &at_ms)) return false;
	int64_t off = at_ms - wanted->at_ms;
	const char *text = json_str(params, "text"), *warning = json_str(params, "spoiler_text");
	bool as_typed = same_trimmed(wanted->text, text) && same_trimmed(wanted->warning, warning);
	/* Kept as it came, a warning is not yet the text. */
	bool swapped =
	        !*wanted->warning && same_trimmed("", text) && same_trimmed(wanted->text, warning);
	return off > -SECOND_MS && off < SECOND_MS && (as_typed || swapped) &&
	       same_parent(wanted, params) && same_visibility(wanted, params) &&
	       cJSON_GetArraySize(json_arr(scheduled, "media_attachments")) == wanted->nmedia &&
	       same_poll(wanted, json_arr(json_obj(params, "poll"), "options"));
}
