/*
 * Every feed in tests/fixtures/feeds is read and printed, and must print as its
 * NAME.expect says, whole. `feed_fixtures --print FILE…` prints instead.
 *
 * A fixture may simulate headers of the answer: `Header: Name: value` in a comment.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/str.h"
#include "networks/feed.h"

static const int64_t now_ms = 1767225600000; /* 2026-01-01 */
static const char url[] = "https://feeds.example/dir/feed.xml";

static bool read_file(const char *path, struct str *out)
{
	FILE *file = fopen(path, "rb");
	if (!file) return false;
	char chunk[4096];
	for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
		str_add(out, chunk, n);
	fclose(file);
	return true;
}

static char *header(const struct str *bytes, const char *name)
{
	size_t n = strlen(name);
	for (size_t i = 0; i + n + 9 < bytes->len; i++) {
		const char *p = bytes->p + i;
		if (strncmp(p, "Header: ", 8) != 0 || strncasecmp(p + 8, name, n) != 0) continue;
		p += 8 + n + 1;
		while (*p == ' ')
			p++;
		return xstrndup(p, strcspn(p, "\r\n"));
	}
	return NULL;
}

static void line(struct str *out, const char *name, const char *value)
{
	if (!value || !*value) return;
	str_addf(out, "%s: ", name);
	for (; *value; value++) {
		if (*value == '\n')
			str_adds(out, "\\n");
		else
			str_addc(out, *value);
	}
	str_addc(out, '\n');
}

static void line_date(struct str *out, const char *name, int64_t ms)
{
	char text[32];
	if (ms == 0) return;
	date_format_rfc3339(text, ms);
	line(out, name, ms == now_ms ? "now" : text);
}

static void print_facets(struct str *out, const struct post *post)
{
	for (size_t i = 0; i < post->nfacets; i++) {
		struct facet f = post_facet(post, i);
		str_addf(out, "facet: %s '%.*s'%s%s\n", facet_kind_name(f.kind),
		        (int)(f.end - f.start), post_str(post, POST_BODY) + f.start,
		        f.target ? " " : "", f.target ? f.target : "");
	}
}

static void print_media(struct str *out, const struct post *post)
{
	for (size_t i = 0; i < post->nmedia; i++) {
		struct media m = post_media(post, i);
		str_addf(out, "media: %s %s", media_kind_name(m.kind), m.url);
		if (m.type) str_addf(out, " %s", m.type);
		if (m.alt) str_addf(out, " '%s'", m.alt);
		str_addc(out, '\n');
	}
}

static void print_post(struct str *out, const struct page *page, const struct entry *entry)
{
	const struct post *post = page->posts[entry->post - 1];
	const struct profile *author = page->profiles[post->author - 1];
	str_addc(out, '\n');
	line(out, "uri", post_str(post, POST_URI));
	if (strcmp(post_link(post), post_str(post, POST_URI)) != 0)
		line(out, "url", post_link(post));
	line(out, "title", post_str(post, POST_TITLE));
	line(out, "author", author->name);
	if (strcmp(author->uri, url) != 0) line(out, "author uri", author->uri);
	if (author->url && (!page->site || strcmp(author->url, page->site) != 0))
		line(out, "author url", author->url);
	line_date(out, "date", entry->sort_ms);
	line_date(out, "edited", post->edited_ms);
	line(out, "lang", post_str(post, POST_LANG));
	if (post->replies != POST_UNKNOWN) str_addf(out, "replies: %u\n", post->replies);
	line(out, "body", post_str(post, POST_BODY));
	print_facets(out, post);
	print_media(out, post);
	for (size_t i = 0; i < page->narticles; i++) {
		if (page->articles[i].post == entry->post)
			str_addf(out, "article: %zu bytes\n", page->articles[i].text.utf8.len);
	}
}

static void print_bits(struct str *out, const char *name, unsigned bits)
{
	if (!bits) return;
	str_addf(out, "%s:", name);
	for (int i = 0; i < 32; i++) {
		if (bits >> i & 1) str_addf(out, " %d", i);
	}
	str_addc(out, '\n');
}

static void print_feed(struct str *out, const struct page *page, const struct feed_wishes *wishes)
{
	line(out, "version", wishes->version);
	if (wishes->damaged) line(out, "damaged", "yes");
	line(out, "title", page->title);
	line(out, "site", page->site);
	line(out, "older", page->older);
	if (page->nprofiles) line(out, "about", page->profiles[0]->bio);
	if (wishes->ttl_ms) str_addf(out, "ttl: %d min\n", (int)(wishes->ttl_ms / 60000));
	print_bits(out, "skip hours", wishes->skip_hours);
	print_bits(out, "skip days", wishes->skip_days);
	if (wishes->expired) line(out, "expired", "yes");
	if (page->unreadable) str_addf(out, "unreadable: %zu\n", page->unreadable);
	for (size_t i = 0; i < page->nentries; i++)
		print_post(out, page, &page->entries[i]);
}

static void print_file(struct str *out, const char *path)
{
	struct str bytes = {0};
	assert_true(read_file(path, &bytes));
	char *type = header(&bytes, "Content-Type"), *location = header(&bytes, "Content-Location");
	const struct feed_input in = {.bytes = str_c(&bytes),
	        .len = bytes.len,
	        .url = url,
	        .content_type = type,
	        .content_location = location,
	        .now_ms = now_ms};
	struct page *page = page_new();
	struct feed_wishes wishes = {0};
	struct err err = {0};
	if (feed_read(&in, page, &wishes, &err))
		print_feed(out, page, &wishes);
	else
		line(out, "error", err.text);
	page_free(page);
	free(type);
	free(location);
	str_finish(&bytes);
}

static void fixture_prints_as_expected(void **state)
{
	const char *path = *state;
	struct str got = {0}, want = {0}, expect = {0};
	str_add(&expect, path, strlen(path) - strlen(strrchr(path, '.')));
	str_adds(&expect, ".expect");
	print_file(&got, path);
	if (!read_file(expect.p, &want)) fail_msg("%s is missing", expect.p);
	assert_string_equal(str_c(&got), str_c(&want));
	str_finish(&got);
	str_finish(&want);
	str_finish(&expect);
}

static int is_feed(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');
	return dot && (strcmp(dot, ".xml") == 0 || strcmp(dot, ".json") == 0);
}

static int print_all(int argc, char **argv)
{
	for (int i = 2; i < argc; i++) {
		struct str out = {0};
		print_file(&out, argv[i]);
		fputs(str_c(&out), stdout);
		str_finish(&out);
	}
	return 0;
}

int main(int argc, char **argv)
{
	enum { LEAST = 150 };
	if (argc > 2 && strcmp(argv[1], "--print") == 0) return print_all(argc, argv);
	struct str folder = {0};
	const char *source = getenv("STOA_SOURCE");
	str_addf(&folder, "%s/tests/fixtures/feeds", source ? source : ".");
	struct dirent **names;
	int n = scandir(folder.p, &names, is_feed, alphasort);
	if (n < LEAST) {
		fprintf(stderr, "%d feeds in %s: some are missing\n", n, folder.p);
		return 1;
	}
	struct CMUnitTest *tests = xcalloc((size_t)n, sizeof *tests);
	for (int i = 0; i < n; i++) {
		struct str path = {0};
		str_addf(&path, "%s/%s", folder.p, names[i]->d_name);
		tests[i] = (struct CMUnitTest){.name = names[i]->d_name,
		        .test_func = fixture_prints_as_expected,
		        .initial_state = str_take(&path)};
	}
	int failed = _cmocka_run_group_tests("feed fixtures", tests, (size_t)n, NULL, NULL);
	for (int i = 0; i < n; i++) {
		free(tests[i].initial_state);
		free(names[i]);
	}
	free(names);
	free(tests);
	str_finish(&folder);
	return failed;
}
