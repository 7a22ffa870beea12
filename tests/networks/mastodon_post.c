/* What of a Status and a Notification comes into a page. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mastodon_world.h"

static const struct post *post_by_uri(const struct page *page, const char *uri)
{
	for (size_t i = 0; i < page->nposts; i++) {
		if (strcmp(post_str(page->posts[i], POST_URI), uri) == 0) return page->posts[i];
	}
	fail_msg("no post %s", uri);
	return NULL;
}

static const struct post *first_post(const struct page *page)
{
	return page->posts[page->entries[0].post - 1];
}

static const char full_uri[] = "https://far.example/users/bob/statuses/90003";
static const char plain_uri[] = "https://isle.example/users/cleo/statuses/90002";

static void a_status_with_everything(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	const struct page *page = page_of(&w, SOURCE_HOME, "home.json");
	const struct post *post = post_by_uri(page, full_uri);
	assert_string_equal(post_str(post, POST_BODY),
	        "@ada look at example.org/a/very/long/addres…\n\nSecond line\nthird <line> "
	        "#Harbour "
	        ":blobwave:");
	assert_string_equal(post_link(post), "https://far.example/@bob/90003");
	assert_string_equal(post_str(post, POST_WARNING), "harbour talk");
	assert_string_equal(post_str(post, POST_LANG), "en-GB");
	assert_string_equal(post_str(post, POST_APP), "Some App");
	assert_string_equal(post_str(post, POST_REPLY_TO), "90001");
	assert_string_equal(post_str(post, POST_REPLY_NAME), "ada@social.example");
	assert_string_equal(post_str(post, POST_CARD_URL),
	        "https://www.example.org/a/very/long/address/indeed");
	assert_string_equal(post_str(post, POST_CARD_TITLE), "A very long address");
	assert_string_equal(post_str(post, POST_QUOTE_OF), "");
	assert_int_equal(post->created_ms, 1795178096789);
	assert_int_equal(post->edited_ms, 1795179600000);
	assert_int_equal(post->replies, 3);
	assert_int_equal(post->reposts, 4);
	assert_int_equal(post->likes, 5);
	assert_int_equal(post->quotes, 6);
	assert_int_equal(post->visibility, VIS_UNLISTED);
	assert_int_equal(
	        post->flags, POST_IS_SENSITIVE | POST_IS_POLL_MULTIPLE | POST_IS_POLL_OVER);
	world_finish(&w);
}

static void facets_lead_where_the_words_do(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	const struct post *post = post_by_uri(page_of(&w, SOURCE_HOME, "home.json"), full_uri);
	assert_int_equal(post->nfacets, 3);
	struct facet mention = post_facet(post, 0), link = post_facet(post, 1),
	             tag = post_facet(post, 2);
	assert_int_equal(mention.kind, FACET_MENTION);
	assert_string_equal(mention.target, "https://social.example/users/ada");
	assert_int_equal(mention.start, 0);
	assert_int_equal(mention.end, 4);
	assert_int_equal(link.kind, FACET_LINK);
	assert_string_equal(link.target, "https://www.example.org/a/very/long/address/indeed");
	assert_int_equal(tag.kind, FACET_TAG);
	assert_string_equal(tag.target, "Harbour");
	world_finish(&w);
}

static void a_mention_of_nobody_is_a_link(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	char *body = fixture("status.json");
	struct str list = {0};
	str_addf(&list, "[%s]", body);
	strstr(list.p, "\"mentions\"")[8] = 'z';
	ask(&w, SOURCE_HOME, NULL);
	answer(&w, 200, NULL, list.p);
	struct facet facet = post_facet(first_post(w.call.out), 0);
	assert_int_equal(facet.kind, FACET_LINK);
	assert_string_equal(facet.target, "https://social.example/@ada");
	str_finish(&list);
	free(body);
	world_finish(&w);
}

static void media_polls_and_alt_texts(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	const struct post *post = post_by_uri(page_of(&w, SOURCE_HOME, "home.json"), full_uri);
	assert_int_equal(post->nmedia, 5);
	static const enum media_kind kinds[] = {
	        MEDIA_IMAGE, MEDIA_ANIMATION, MEDIA_VIDEO, MEDIA_AUDIO, MEDIA_FILE};
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(post_media(post, i).kind, kinds[i]);
	assert_string_equal(post_media(post, 0).alt, "A quay at low tide");
	assert_null(post_media(post, 1).alt);
	assert_null(post_media(post, 2).alt);
	assert_string_equal(post_media(post, 2).url, "https://far.example/3.mp4");
	assert_string_equal(post_media(post, 3).alt, "waves");
	assert_string_equal(post_str(post, POST_POLL), "+6\tTea\n-1\tCoffee & cake\nv7\t");
	assert_int_equal(post->poll_ends_ms, 1795564800000);
	world_finish(&w);
}

static void how_we_stand_to_it(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	const struct page *page = page_of(&w, SOURCE_HOME, "home.json");
	struct viewer viewer = post_viewer(post_by_uri(page, full_uri), 0);
	assert_int_equal(viewer.account, 7);
	assert_string_equal(viewer.remote_id, "90003");
	assert_int_equal(viewer.flags, VIEWER_LIKED | VIEWER_REPOSTED | VIEWER_BOOKMARKED |
	                                       VIEWER_THREAD_MUTED | VIEWER_MENTIONED |
	                                       VIEWER_VOTED);
	viewer = post_viewer(
	        post_by_uri(page, "https://social.example/users/ada/statuses/90005"), 0);
	assert_int_equal(viewer.flags, VIEWER_OWN | VIEWER_PINNED);
	world_finish(&w);
}

static void who_wrote_it(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	const struct page *page = page_of(&w, SOURCE_HOME, "home.json");
	const struct profile *bob = page->profiles[post_by_uri(page, full_uri)->author - 1];
	assert_string_equal(bob->uri, "https://far.example/users/bob");
	assert_string_equal(bob->handle, "bob@far.example");
	assert_string_equal(bob->name, "");
	assert_string_equal(bob->url, "https://far.example/@bob");
	assert_true(bob->bot);
	assert_int_equal(bob->followers, 812);
	const struct post *own =
	        post_by_uri(page, "https://social.example/users/ada/statuses/90005");
	const struct profile *ada = page->profiles[own->author - 1];
	assert_string_equal(ada->handle, "ada@social.example");
	assert_string_equal(ada->name, "Ada :stoa:");
	assert_string_equal(ada->bio, "Home & garden");
	assert_false(ada->bot);
	world_finish(&w);
}

static void reposts_and_quotes_are_rows_and_posts(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	const struct page *page = page_of(&w, SOURCE_HOME, "home.json");
	assert_int_equal(page->nentries, 4);
	assert_int_equal(page->nposts, 4);
	assert_int_equal(page->unreadable, 0);
	const struct entry *repost = &page->entries[2];
	assert_int_equal(repost->reason, REASON_REPOSTED);
	assert_string_equal(repost->cursor, "90004");
	assert_string_equal(page->profiles[repost->actor - 1]->handle, "ada@social.example");
	const struct post *plain = page->posts[repost->post - 1];
	assert_string_equal(post_str(plain, POST_URI), plain_uri);
	assert_string_equal(post_viewer(plain, 0).remote_id, "90002");
	assert_int_equal(repost->sort_ms, 1795183200000);
	const struct post *quoting = page->posts[page->entries[1].post - 1];
	assert_string_equal(post_str(quoting, POST_BODY), "This.");
	assert_string_equal(post_str(quoting, POST_QUOTE_OF), plain_uri);
	assert_int_equal(page->entries[1].reason, REASON_POSTED);
	assert_int_equal(page->entries[1].actor, 0);
	world_finish(&w);
}

static void a_strange_visibility_is_never_public(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	const struct page *page = page_of(&w, SOURCE_HOME, "home.json");
	const struct post *post =
	        post_by_uri(page, "https://isle.example/users/cleo/statuses/90006");
	assert_int_equal(post->visibility, VIS_FOLLOWERS);
	assert_string_equal(post_str(post, POST_QUOTE_OF), ""); /* revoked */
	world_finish(&w);
}

static void quotes_of_other_servers(void **state)
{
	(void)state;
	static const char *const quoted[] = {
	        "", "", plain_uri, "https://isle.example/users/cleo/statuses/12", plain_uri};
	struct world w;
	world_init(&w);
	const struct page *page = page_of(&w, SOURCE_LOCAL, "quotes.json");
	assert_int_equal(page->nentries, 5);
	for (size_t i = 0; i < 5; i++) {
		const struct post *post = page->posts[page->entries[i].post - 1];
		assert_string_equal(post_str(post, POST_QUOTE_OF), quoted[i]);
	}
	world_finish(&w);
}

static void every_type_of_notification(void **state)
{
	(void)state;
	static const struct {
		enum reason reason;
		bool post;
	} rows[] = {
	        {REASON_MENTIONED, true},
	        {REASON_POSTED, true},
	        {REASON_REPOSTED, true},
	        {REASON_LIKED, true},
	        {REASON_FOLLOWED, false},
	        {REASON_REQUESTED, false},
	        {REASON_POLL_ENDED, true},
	        {REASON_EDITED, true},
	        {REASON_QUOTED, true},
	        {REASON_EDITED, true},
	        {REASON_OTHER, false},
	        {REASON_OTHER, true},
	};
	struct world w;
	world_init(&w);
	const struct page *page = page_of(&w, SOURCE_NOTIFICATIONS, "notifications.json");
	/* A like of a deleted post and a notice without anybody are no rows, and no fault. */
	assert_int_equal(page->nentries, sizeof rows / sizeof *rows);
	assert_int_equal(page->unreadable, 0);
	for (size_t i = 0; i < page->nentries; i++) {
		const struct entry *entry = &page->entries[i];
		assert_int_equal(entry->reason, rows[i].reason);
		assert_int_equal(entry->post != 0, rows[i].post);
		const char *actor = page->profiles[entry->actor - 1]->handle;
		assert_string_equal(actor, i == 8 ? "cleo@isle.example" : "bob@far.example");
	}
	assert_string_equal(page->entries[0].cursor, "700");
	assert_true(post_viewer(first_post(page), 0).flags & VIEWER_MENTIONED);
	world_finish(&w);
}

static void mentions_are_only_mentions(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	/* As from a server that ignores types[]. */
	const struct page *page = page_of(&w, SOURCE_MENTIONS, "notifications.json");
	assert_int_equal(page->nentries, 1);
	assert_int_equal(page->entries[0].reason, REASON_MENTIONED);
	assert_int_equal(page->unreadable, 0);
	world_finish(&w);
}

static void who_is_notified_is_meant(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	char *bytes = fixture("notifications.json");
	struct str body = {0};
	str_adds(&body, bytes);
	/* Even if the server's list of mentions does not say so. */
	strstr(body.p, "\"mentions\"")[8] = 'z';
	ask(&w, SOURCE_MENTIONS, NULL);
	answer(&w, 200, NULL, body.p);
	assert_true(post_viewer(first_post(w.call.out), 0).flags & VIEWER_MENTIONED);
	str_finish(&body);
	free(bytes);
	world_finish(&w);
}

static void hostile_text_is_cleaned(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	ask(&w, SOURCE_HOME, NULL);
	answer(&w, 200, NULL,
	        "[{\"id\":\"1\",\"uri\":\"https://far.example/s/1\",\"created_at\":"
	        "\"2026-11-20T10:00:00Z\",\"content\":\"<p>a\\u001b]0;x\\u0007b\\u202ec</p>\","
	        "\"spoiler_text\":\"w\\u009b31m\\nx\",\"language\":\"en\\u001b\",\"account\":{"
	        "\"uri\":"
	        "\"https://far.example/u\",\"acct\":\"u\\u202e@far.example\",\"display_name\":"
	        "\"A\\u0000B\\u200bC\"}}]");
	const struct post *post = first_post(w.call.out);
	for (size_t i = 0; i < POST_NSTRINGS; i++) {
		for (const char *p = post_str(post, (enum post_string)i); *p; p++) {
			assert_true((unsigned char)*p >= 32 || *p == '\n' || *p == '\t');
		}
	}
	assert_null(strstr(post_str(post, POST_BODY), "\u202e"));
	assert_string_equal(post_str(post, POST_LANG), "");
	assert_string_equal(w.call.out->profiles[0]->handle, "u@far.example");
	assert_null(strstr(w.call.out->profiles[0]->name, "\u200b"));
	world_finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_status_with_everything),
	        cmocka_unit_test(facets_lead_where_the_words_do),
	        cmocka_unit_test(a_mention_of_nobody_is_a_link),
	        cmocka_unit_test(media_polls_and_alt_texts),
	        cmocka_unit_test(how_we_stand_to_it),
	        cmocka_unit_test(who_wrote_it),
	        cmocka_unit_test(reposts_and_quotes_are_rows_and_posts),
	        cmocka_unit_test(a_strange_visibility_is_never_public),
	        cmocka_unit_test(quotes_of_other_servers),
	        cmocka_unit_test(every_type_of_notification),
	        cmocka_unit_test(mentions_are_only_mentions),
	        cmocka_unit_test(who_is_notified_is_meant),
	        cmocka_unit_test(hostile_text_is_cleaned),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
