#pragma once
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "db/archive.h"

/* Small pages for the archive's tests. Needs cmocka.h before it. */

/* What a test says of a post; the rest is made up from the name. */
struct sample {
	const char *name; /* URI https://m.example/NAME */
	const char *body;
	int64_t at_ms; /* created and sort time */
	int64_t edited_ms, seen_ms;
	account_id account; /* 0: nobody saw it */
	const char *remote_id, *quotes, *cursor;
	uint32_t likes;
};

static inline uint32_t page_sample_post(struct page *page, const struct sample *sample)
{
	char uri[128], quoted[128];
	snprintf(uri, sizeof uri, "https://m.example/%s", sample->name);
	snprintf(quoted, sizeof quoted, "https://m.example/%s",
	        sample->quotes ? sample->quotes : "");
	struct profile author = {.uri = "https://m.example/users/ada",
	        .handle = "ada@m.example",
	        .name = "Ada",
	        .followers = -1};
	struct viewer viewer = {.account = sample->account, .remote_id = sample->remote_id};
	struct post_parts parts = {
	        .str = {[POST_URI] = uri,
	                [POST_BODY] = sample->body,
	                [POST_QUOTE_OF] = sample->quotes ? quoted : NULL},
	        .viewers = &viewer,
	        .nviewers = sample->account != 0,
	        .author = page_add_profile(page, &author),
	        .created_ms = sample->at_ms,
	        .edited_ms = sample->edited_ms,
	        .seen_ms = sample->seen_ms,
	        .likes = sample->likes,
	        .replies = POST_UNKNOWN,
	        .reposts = POST_UNKNOWN,
	        .quotes = POST_UNKNOWN,
	};
	return page_add_post(page, &parts);
}

static inline void page_sample(struct page *page, const struct sample *sample)
{
	struct entry entry = {.post = page_sample_post(page, sample),
	        .sort_ms = sample->at_ms,
	        .cursor = sample->cursor};
	page_add_entry(page, &entry);
}

static inline struct archive *must_open(const char *path)
{
	struct archive *archive = NULL;
	char *notice = NULL;
	struct err err = {0};
	if (!archive_open(path, &archive, &notice, &err)) fail_msg("%s", err.text);
	assert_null(notice);
	return archive;
}

/* Takes page. */
static inline void must_save(struct archive *archive, const char *source, struct page *page)
{
	struct err err = {0};
	if (!archive_save(archive, source, page, NULL, &err)) fail_msg("%s", err.text);
	page_free(page);
}

static inline void must_save_one(struct archive *archive, const char *source, struct sample sample)
{
	struct page *page = page_new();
	page_sample(page, &sample);
	must_save(archive, source, page);
}

static inline struct page *must_load(
        struct archive *archive, const char *source, int64_t before_ms, int limit)
{
	struct page *page = NULL;
	struct err err = {0};
	if (!archive_load(archive, source, before_ms, limit, &page, &err)) fail_msg("%s", err.text);
	return page;
}

/* The bodies of a page's rows with blanks between, "-" for a row without a post, "|OLDER" for a
 * gap. Frees page. */
static inline const char *rows_of(struct page *page)
{
	static char text[4096];
	struct str out = {0};
	for (size_t i = 0; i < page->nentries; i++) {
		uint32_t post = page->entries[i].post;
		str_addf(&out, "%s%s", i > 0 ? " " : "",
		        post ? post_str(page->posts[post - 1], POST_BODY) : "-");
	}
	if (page->gap) str_addf(&out, "|%s", page->older);
	snprintf(text, sizeof text, "%s", str_c(&out));
	str_finish(&out);
	page_free(page);
	return text;
}

/* What a search found, as a page, and how it went. */
struct found {
	struct page *page;
	size_t left; /* hits until it is told that they are enough */
};

static inline bool on_found(void *ctx, const struct archive_hit *hit)
{
	struct found *found = ctx;
	struct post *copy = xmalloc(hit->post->size);
	memcpy(copy, hit->post, hit->post->size);
	struct entry entry = {.post = page_take_post(found->page, copy),
	        .reason = hit->reason,
	        .sort_ms = hit->post->created_ms};
	page_add_entry(found->page, &entry);
	return --found->left > 0;
}

/* The newest `limit` posts that match; NULL with err set. */
static inline struct page *search_page(
        struct archive *archive, const char *text, size_t limit, struct err *err)
{
	struct archive_asked asked = {.now_ms = 1000000};
	struct archive_place place = {.below = INT64_MAX};
	struct found found = {.page = page_new(), .left = limit};
	int col;
	if (!query_parse(text, false, &asked.query, &col, err)) fail_msg("%s: %s", text, err->text);
	bool ok = archive_search(archive, &asked, &place, INT64_MAX, on_found, &found, err);
	query_free(asked.query);
	if (ok) return found.page;
	page_free(found.page);
	return NULL;
}

static inline const char *found(struct archive *archive, const char *text)
{
	struct err err = {0};
	struct page *page = search_page(archive, text, 100, &err);
	if (!page) fail_msg("%s: %s", text, err.text);
	return rows_of(page);
}
