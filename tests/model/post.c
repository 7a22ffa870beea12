#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "model/post.h"

static void a_post_needs_only_a_uri(void **state)
{
	struct post_parts parts = {.str = {[POST_URI] = "at://x"}};
	struct viewer viewer;

	(void)state;
	struct post *post = post_new(&parts);
	assert_string_equal(post_str(post, POST_URI), "at://x");
	for (int i = 1; i < POST_NSTRINGS; i++) {
		assert_string_equal(post_str(post, i), "");
		assert_int_equal(post_len(post, i), 0);
	}
	assert_string_equal(post_link(post), "");
	assert_null(post_viewer_of(post, 1, &viewer));
	assert_int_equal(post->id, 0);
	free(post);
}

static void all_parts_come_back(void **state)
{
	static const struct facet facets[] = {{FACET_TAG, 0, 5, "rust"}, {FACET_LINK, 6, 9, NULL}};
	static const struct media media[] = {{MEDIA_VIDEO, "https://x/v.mp4", "a Cat", "video/mp4",
	                                             "https://x/v.png", 1280, 720},
	        {.kind = MEDIA_IMAGE, .url = "https://x/i.png"}};
	static const struct viewer viewers[] = {{2, VIEWER_LIKED, "771"}, {5, 0, NULL}};
	struct post_parts parts = {.facets = facets,
	        .nfacets = 2,
	        .media = media,
	        .nmedia = 2,
	        .viewers = viewers,
	        .nviewers = 2,
	        .author = 3,
	        .created_ms = -5,
	        .edited_ms = 6,
	        .seen_ms = 7,
	        .poll_ends_ms = 8,
	        .replies = 1,
	        .reposts = 2,
	        .likes = POST_UNKNOWN,
	        .quotes = 4,
	        .visibility = VIS_DIRECT,
	        .flags = POST_IS_SENSITIVE | POST_IS_DAMAGED};
	char strings[POST_NSTRINGS][16];

	(void)state;
	for (int i = 0; i < POST_FOLDED; i++) {
		memcpy(strings[i], "#Rust String ?", 15);
		strings[i][13] = (char)('A' + i);
		parts.str[i] = strings[i];
	}
	parts.str[POST_POLL] = "3\tOne\n-1\tZwei";
	struct post *post = post_new(&parts);
	for (int i = 0; i < POST_FOLDED; i++) {
		if (i == POST_URL) continue;
		assert_string_equal(post_str(post, i), parts.str[i]);
		assert_int_equal(post_len(post, i), strlen(parts.str[i]));
	}
	assert_string_equal(post_link(post), parts.str[POST_URL]);
	assert_string_equal(post_str(post, POST_FOLDED),
	        "#rust string c\n#rust string d\n#rust string e\none\nzwei\na cat");
	struct facet facet = post_facet(post, 0);
	assert_int_equal(facet.kind, FACET_TAG);
	assert_int_equal(facet.end, 5);
	assert_string_equal(facet.target, "rust");
	assert_null(post_facet(post, 1).target);
	assert_string_equal(post_media(post, 0).url, "https://x/v.mp4");
	assert_string_equal(post_media(post, 0).alt, "a Cat");
	assert_string_equal(post_media(post, 0).type, "video/mp4");
	assert_int_equal(post_media(post, 0).kind, MEDIA_VIDEO);
	assert_string_equal(post_media(post, 0).preview, "https://x/v.png");
	assert_int_equal(post_media(post, 0).width, 1280);
	assert_int_equal(post_media(post, 0).height, 720);
	assert_null(post_media(post, 1).preview);
	assert_null(post_media(post, 1).alt);
	struct viewer viewer;
	assert_ptr_equal(post_viewer_of(post, 2, &viewer), &viewer);
	assert_string_equal(viewer.remote_id, "771");
	assert_int_equal(viewer.flags, VIEWER_LIKED);
	assert_null(post_viewer_of(post, 3, &viewer));
	assert_null(post_viewer(post, 1).remote_id);
	post_set_viewer_flags(post, 1, VIEWER_OWN);
	assert_int_equal(post_viewer(post, 1).flags, VIEWER_OWN);
	assert_int_equal(post->created_ms, -5);
	assert_int_equal(post->likes, POST_UNKNOWN);
	assert_int_equal(post->visibility, VIS_DIRECT);
	assert_int_equal(post->flags, POST_IS_SENSITIVE | POST_IS_DAMAGED);
	assert_int_equal(post->author, 3);
	free(post);
}

static void check_link(const char *uri, const char *url, const char *want, size_t most)
{
	struct post_parts parts = {.str = {[POST_URI] = uri, [POST_URL] = url}}, back;

	struct post *post = post_new(&parts);
	assert_string_equal(post_link(post), want);
	assert_true(post_len(post, POST_URL) <= most);
	post_parts_of(post, &back, NULL, NULL, NULL);
	struct post *copy = post_new(&back);
	assert_string_equal(post_link(copy), want);
	assert_int_equal(copy->size, post->size);
	free(copy);
	free(post);
}

static void a_link_keeps_only_what_the_uri_lacks(void **state)
{
	(void)state;
	check_link("https://m.example/users/ada/statuses/1122", "https://m.example/@ada/1122",
	        "https://m.example/@ada/1122", 4);
	check_link("https://m.example/1", "https://m.example/1", "https://m.example/1", 0);
	check_link("https://m.example/1", NULL, "https://m.example/1", 0);
	check_link("http://m.example/1", "", "http://m.example/1", 0);
	check_link("at://did:plc:x/app/3", "https://b.example/x/3", "https://b.example/x/3", 30);
	check_link("at://did:plc:x/app/3", NULL, "", 0);
	check_link("https://f.example/feed https://f.example/a", "https://f.example/a",
	        "https://f.example/a", 0);
	check_link("aaaa", "aa", "aa", 0);
	check_link("aa", "aaaa", "aaaa", 2);
	check_link("x", "https://nothing.shared.example/", "https://nothing.shared.example/", 99);
}

static void an_id_at_the_end_of_the_uri_takes_no_room(void **state)
{
	static const char uri[] = "https://m.example/statuses/112233445566";
	struct viewer viewer = {.account = 2, .remote_id = "x12233445566"};
	struct post_parts parts = {.str = {[POST_URI] = uri}, .viewers = &viewer, .nviewers = 1};

	(void)state;
	struct post *apart = post_new(&parts);
	viewer.remote_id = "112233445566";
	struct post *shared = post_new(&parts);
	assert_string_equal(post_viewer(shared, 0).remote_id, "112233445566");
	assert_string_equal(post_viewer(apart, 0).remote_id, "x12233445566");
	assert_int_equal(apart->size - shared->size, 13);
	free(apart);
	free(shared);
}

static void a_usual_post_is_small(void **state)
{
	struct str body = {0};
	struct viewer viewer = {.account = 2, .remote_id = "112233445566778899"};
	struct facet facet = {FACET_TAG, 0, 5, "rust"};

	(void)state;
	str_adds(&body, "#rust Привет мир! 日本語のテキスト. ");
	while (body.len < 300)
		str_addc(&body, (char)('A' + body.len % 50));
	struct post_parts parts = {
	        .str = {[POST_URI] = "https://mastodon.example/users/adalovelace/statuses/"
	                             "112233445566778899",
	                [POST_URL] = "https://mastodon.example/@adalovelace/112233445566778899",
	                [POST_BODY] = body.p,
	                [POST_LANG] = "en"},
	        .facets = &facet,
	        .nfacets = 1,
	        .viewers = &viewer,
	        .nviewers = 1};
	struct post *post = post_new(&parts);
	assert_true(sizeof *post <= 64);
	assert_true(post->size <= 820);
	free(post);
	str_finish(&body);
}

/* A string of n two-byte characters. */
static char *repeat_mark(size_t n)
{
	char *s = xmalloc(n * 2 + 1);

	for (size_t i = 0; i < n; i++)
		memcpy(s + i * 2, "é", 2);
	s[n * 2] = '\0';
	return s;
}

static void strangers_cannot_make_it_large(void **state)
{
	char *big = repeat_mark(100000);
	struct facet *facets = xcalloc(2000, sizeof *facets);
	struct media *media = xcalloc(100, sizeof *media);
	struct viewer *viewers = xcalloc(100, sizeof *viewers);
	struct post_parts parts = {.facets = facets,
	        .nfacets = 2000,
	        .media = media,
	        .nmedia = 100,
	        .viewers = viewers,
	        .nviewers = 100,
	        .visibility = 77};

	(void)state;
	for (int i = 0; i < POST_NSTRINGS; i++)
		parts.str[i] = big;
	for (uint32_t i = 0; i < 2000; i++) {
		facets[i] = (struct facet){FACET_LINK, i * 2, i * 2 + 2, i % 2 ? big : "short"};
	}
	for (int i = 0; i < 100; i++) {
		media[i] = (struct media){.url = i == 1 ? big : "https://x/y",
		        .alt = big,
		        .kind = i == 2 ? MEDIA_NKINDS : MEDIA_IMAGE};
		viewers[i] = (struct viewer){.account = (account_id)i + 1, .remote_id = big};
	}
	struct post *post = post_new(&parts);
	assert_int_equal(post->nfacets, POST_MAX_FACETS);
	assert_int_equal(post->nmedia, POST_MAX_MEDIA);
	assert_int_equal(post->nviewers, POST_MAX_VIEWERS);
	assert_int_equal(post->visibility, VIS_PUBLIC);
	for (int i = 0; i < POST_FOLDED; i++) {
		assert_true(post_len(post, i) <= POST_MAX_BODY);
		assert_true(utf8_valid(post_str(post, i), post_len(post, i)));
	}
	assert_int_equal(post_len(post, POST_BODY), POST_MAX_BODY - 1);
	assert_string_equal(post_facet(post, 0).target, "short");
	assert_null(post_facet(post, 1).target);
	assert_null(post_viewer(post, 0).remote_id);
	assert_int_equal(strlen(post_media(post, 0).alt), POST_MAX_TARGET);
	assert_string_equal(post_media(post, 31).url, "https://x/y");
	assert_true(post->size < 4 << 20);
	free(post);
	free(big);
	free(facets);
	free(media);
	free(viewers);
}

static void times_far_away_are_kept_as_far_as_they_go(void **state)
{
	struct post_parts parts = {.str = {[POST_URI] = "x"},
	        .created_ms = INT64_MAX,
	        .edited_ms = INT64_MIN,
	        .seen_ms = INT64_C(1) << 46,
	        .poll_ends_ms = -1};

	(void)state;
	struct post *post = post_new(&parts);
	assert_true(post->created_ms == (INT64_C(1) << 47) - 1);
	assert_true(post->edited_ms == 1 - (INT64_C(1) << 47));
	assert_true(post->seen_ms == INT64_C(1) << 46);
	assert_true(post->poll_ends_ms == -1);
	free(post);
}

static void facets_that_fit_nothing_are_left_out(void **state)
{
	static const struct facet facets[] = {{FACET_LINK, 0, 2, "a"},
	        {FACET_LINK, 1, 3, "crosses"}, {FACET_LINK, 2, 3, "half a character"},
	        {FACET_NKINDS, 2, 4, "no kind"}, {FACET_LINK, 3, 3, "empty"},
	        {FACET_LINK, 4, 90, "cut"}, {FACET_LINK, 2, 4, "out of order"},
	        {FACET_LINK, 70, 90, "past the end"}};
	struct post_parts parts = {
	        .str = {[POST_URI] = "x", [POST_BODY] = "abécdef"}, .facets = facets, .nfacets = 8};

	(void)state;
	struct post *post = post_new(&parts);
	assert_int_equal(post->nfacets, 2);
	assert_string_equal(post_facet(post, 0).target, "a");
	assert_int_equal(post_facet(post, 1).start, 4);
	assert_int_equal(post_facet(post, 1).end, 8);
	free(post);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_post_needs_only_a_uri),
	        cmocka_unit_test(all_parts_come_back),
	        cmocka_unit_test(a_link_keeps_only_what_the_uri_lacks),
	        cmocka_unit_test(an_id_at_the_end_of_the_uri_takes_no_room),
	        cmocka_unit_test(a_usual_post_is_small),
	        cmocka_unit_test(strangers_cannot_make_it_large),
	        cmocka_unit_test(times_far_away_are_kept_as_far_as_they_go),
	        cmocka_unit_test(facets_that_fit_nothing_are_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
