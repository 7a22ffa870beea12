#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/account.h"
#include "model/feed.h"
#include "model/profile.h"

/* Accounts, feeds and profiles: records that are copied whole. */

static void what_is_missing_is_empty_in_the_copy(void **state)
{
	(void)state;
	account_free(NULL);
	feed_free(NULL);
	struct account *account = account_copy(&(struct account){.id = 3});
	assert_int_equal(account->id, 3);
	assert_string_equal(account->name, "");
	assert_string_equal(account->uri, "");
	account_free(account);
	struct feed *feed = feed_copy(&(struct feed){.name = NULL});
	assert_string_equal(feed->groups, "");
	feed_free(feed);
	struct profile *profile = profile_copy(&(struct profile){.followers = -1});
	assert_string_equal(profile->uri, "");
	assert_string_equal(profile->name, "");
	assert_null(profile->url);
	assert_null(profile->bio);
	assert_int_equal(profile->followers, -1);
	free(profile);
}

static void copies_stand_alone(void **state)
{
	char word[] = "ada";

	(void)state;
	struct account *account = account_copy(&(struct account){.id = 2,
	        .name = word,
	        .network = word,
	        .host = word,
	        .handle = word,
	        .uri = word,
	        .caps = CAP_LIKE | CAP_POST});
	struct feed *feed = feed_copy(&(struct feed){
	        .name = word, .url = word, .title = word, .groups = word, .site = word});
	struct profile *profile = profile_copy(&(struct profile){.uri = word,
	        .handle = word,
	        .name = word,
	        .url = word,
	        .bio = word,
	        .followers = 5,
	        .bot = true});
	memset(word, 'x', 3);
	const char *const copies[] = {account->name, account->network, account->host,
	        account->handle, account->uri, feed->name, feed->url, feed->title, feed->groups,
	        feed->site, profile->uri, profile->handle, profile->name, profile->url,
	        profile->bio};
	for (size_t i = 0; i < sizeof copies / sizeof *copies; i++) {
		assert_string_equal(copies[i], "ada");
	}
	assert_int_equal(account->caps, CAP_LIKE | CAP_POST);
	assert_int_equal(profile->followers, 5);
	assert_true(profile->bot);
	account_free(account);
	feed_free(feed);
	free(profile);
}

static void where_an_account_is(void **state)
{
	(void)state;
	struct account *account = account_new("work", "mastodon", "sea.example");
	account_set(&account->handle, "ada@shore.example");
	assert_true(account_is_at(account, "mastodon", "sea.example"));
	assert_true(account_is_at(account, "mastodon", "https://SEA.example/"));
	assert_true(account_is_at(account, "mastodon", "@ada@shore.example"));
	assert_false(account_is_at(account, "bluesky", "sea.example"));
	assert_false(account_is_at(account, "mastodon", "sea.example.org"));
	assert_false(account_is_at(account, "mastodon", "sea"));
	assert_false(account_is_at(account, "mastodon", ""));
	assert_false(account_is_at(account, "mastodon", "brecht@shore.example"));
	account_set(&account->host, "http://127.0.0.1:8080");
	assert_true(account_is_at(account, "mastodon", "http://127.0.0.1:8080"));
	assert_false(account_is_at(account, "mastodon", "http://127.0.0.1:8081"));
	account_free(account);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_is_missing_is_empty_in_the_copy),
	        cmocka_unit_test(copies_stand_alone),
	        cmocka_unit_test(where_an_account_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
