#include "networks/feed_list.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clean.h"
#include "base/mem.h"
#include "net/url.h"
#include "networks/feed_doc.h"
#include "networks/feed_encoding.h"
#include "networks/feed_value.h"

/*
 * A list is data and only data: what asks to be run (newsboat's exec:, filter: and
 * the bar) is named to the user and left out (quality.md S9).
 */

void feed_list_finish(struct feed_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		feed_free(list->feeds[i]);
	for (size_t i = 0; i < list->nrejected; i++)
		free(list->rejected[i]);
	free(list->feeds);
	free(list->rejected);
	*list = (struct feed_list){0};
}

static void reject(struct feed_list *list, const struct feed_list_row *row, const char *why)
{
	struct str line = {0}, url = {0};
	size_t len = strlen(row->url);
	if (list->nrejected >= FEED_LIST_MAX) return;
	clean_in(&url, CLEAN_LINE, row->url, len < 200 ? len : 200);
	str_addf(&line, "line %d: %s: %s", row->line, str_c(&url), why);
	list->rejected = mem_grow(
	        list->rejected, &list->rejected_cap, list->nrejected + 1, sizeof *list->rejected);
	list->rejected[list->nrejected++] = str_take(&line);
	str_finish(&url);
}

static const struct {
	const char *start, *why;
} refused[] = {
        {"exec:", "it would run a command; stoa runs nothing that a list names"},
        {"filter:", "it would run a command; stoa runs nothing that a list names"},
        {"|", "it would run a command; stoa runs nothing that a list names"},
        {"query:", "a search over feeds is a column here: `column add … as QUERY`"},
};

/* NULL when the address may be followed. */
static const char *why_not(const char *url)
{
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		if (strncasecmp(url, refused[i].start, strlen(refused[i].start)) == 0)
			return refused[i].why;
	}
	if (strlen(url) > FEED_LIST_MAX_FIELD) return "the address is too long";
	for (const char *p = url; *p; p++) {
		if ((unsigned char)*p <= ' ' || *p == 0x7f) return "the address holds a blank";
	}
	if (strncasecmp(url, "file:///", 8) == 0 || url_is_web(url)) return NULL;
	return "only http, https and file addresses can be followed";
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool has_group(char **names, size_t n, const char *name, size_t len)
{
	for (size_t i = 0; i < n; i++) {
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0) return true;
	}
	return false;
}

/* Join names to those of a feed: cleaned, sorted, each once, LF between. */
static void join_groups(struct feed *feed, const struct feed_list_row *row)
{
	enum { MAX_GROUPS = 64 };
	char *names[MAX_GROUPS];
	size_t n = 0;
	for (char *p = feed->groups; *p && n < MAX_GROUPS; p += *p == '\n') {
		size_t len = strcspn(p, "\n");
		names[n++] = xstrndup(p, len);
		p += len;
	}
	for (size_t i = 0; i < row->ngroups && n < MAX_GROUPS; i++) {
		struct str name = {0};
		clean_in(&name, CLEAN_NAME, row->groups[i], strlen(row->groups[i]));
		if (name.len > 0 && name.len <= FEED_LIST_MAX_FIELD &&
		        !has_group(names, n, name.p, name.len))
			names[n++] = str_take(&name);
		str_finish(&name);
	}
	qsort(names, n, sizeof *names, by_name);
	struct str joined = {0};
	for (size_t i = 0; i < n; i++) {
		if (i) str_addc(&joined, '\n');
		str_adds(&joined, names[i]);
		free(names[i]);
	}
	free(feed->groups);
	feed->groups = str_take(&joined);
}

static char *clean_line(const char *s)
{
	struct str line = {0};
	if (s && strlen(s) <= FEED_LIST_MAX_FIELD) clean_in(&line, CLEAN_LINE, s, strlen(s));
	return str_take(&line);
}

static struct feed *find(const struct feed_list *list, const char *url)
{
	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->feeds[i]->url, url) == 0) return list->feeds[i];
	}
	return NULL;
}

void feed_list_add(struct feed_list *list, const struct feed_list_row *row)
{
	const char *why = why_not(row->url);
	struct feed *feed = why ? NULL : find(list, row->url);
	if (!why && !feed && list->n == FEED_LIST_MAX) why = "the list is too long";
	if (why) {
		reject(list, row, why);
		return;
	}
	if (!feed) {
		char *title = clean_line(row->title), *url = xstrdup(row->url);
		const char *site = row->site && url_is_web(row->site) ? row->site : "";
		struct feed fresh = {.name = (char[]){""},
		        .url = url,
		        .title = title,
		        .groups = (char[]){""},
		        .site = clean_line(site)};
		feed = feed_copy(&fresh);
		list->feeds = mem_grow(list->feeds, &list->cap, list->n + 1, sizeof *list->feeds);
		list->feeds[list->n++] = feed;
		free(title);
		free(url);
		free(fresh.site);
	}
	join_groups(feed, row);
}

bool feed_list_read(struct feed_list *out, const char *bytes, size_t len, struct err *err)
{
	if (len > FEED_MAX_BYTES)
		return err_set(err, ERR_TOO_LARGE, "the list is larger than 10 MiB");
	const struct feed_input in = {.bytes = bytes, .len = len, .url = ""};
	struct str buf = {0};
	const char *text = "";
	size_t n = 0;
	bool damaged, ok = true;
	if (len > 0) feed_decode(&in, &buf, &text, &n, &damaged);
	size_t left = n;
	const char *start = feed_trim(text, &left);
	if (left > 0 && *start == '<')
		ok = feed_list_read_opml(out, text, n, err);
	else
		feed_list_read_urls(out, text, n);
	str_finish(&buf);
	if (ok && out->n == 0 && out->nrejected == 0)
		ok = err_set(err, ERR_FORMAT, "there is no feed in this list");
	return ok;
}
