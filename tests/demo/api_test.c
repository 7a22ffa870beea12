/* What the demo keeps for people, asked through its API. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "demo/deeds.h"
#include "demo/kept.h"
#include "demo/entity.h"
#include "demo/relation.h"
#include "demo/seed.h"

static const char *person(const struct world *world, size_t i, char out[ID_SIZE])
{
	software_print_id(world->software, out, person_id(world, i));
	return out;
}

static void expect(struct reply reply, int status)
{
	if (reply.status != status) print_error("%d: %s\n", reply.status, reply.body);
	assert_int_equal(reply.status, status);
	done(&reply);
}

/* --- lists --- */

static void a_list_shows_what_its_members_say(void **state)
{
	struct world *world = *state;
	char query[80], id[ID_SIZE], list[32];
	struct reply made = ask(world, "POST", "/api/v1/lists", "title=Tram&replies_policy=none");
	assert_string_equal(text_of(&made, "replies_policy"), "none");
	snprintf(list, sizeof list, "%s", text_of(&made, NULL));
	done(&made);
	struct reply empty = ask_at(world, ADA, "GET", "/api/v1/timelines/list/%s", list, "");
	assert_int_equal(size(&empty), 0);
	done(&empty);
	snprintf(query, sizeof query, "account_ids[]=%s", person(world, JONAS, id));
	expect(ask_at(world, ADA, "POST", "/api/v1/lists/%s/accounts", list, query), 200);
	/* Twice is once too often, and nobody joins another's list. */
	expect(ask_at(world, ADA, "POST", "/api/v1/lists/%s/accounts", list, query), 422);
	expect(ask_at(world, BRECHT, "POST", "/api/v1/lists/%s/accounts", list, query), 404);
	struct reply shown = ask_at(world, ADA, "GET", "/api/v1/timelines/list/%s", list, "");
	assert_true(size(&shown) > 0);
	for (int i = 0; i < size(&shown); i++)
		assert_string_equal(json_str(json_obj(row_at(&shown, i), "account"), "id"),
		        person(world, JONAS, id));
	done(&shown);
	struct reply in = ask_at(world, ADA, "GET", "/api/v1/accounts/%s/lists", id, "");
	assert_int_equal(size(&in), 1);
	done(&in);
	expect(ask_at(world, ADA, "DELETE", "/api/v1/lists/%s", list, ""), 200);
	expect(ask_at(world, ADA, "GET", "/api/v1/lists/%s", list, ""), 404);
}

static void who_is_not_followed_joins_no_list(void **state)
{
	struct world *world = *state;
	char query[80], id[ID_SIZE];
	relation_unfollow(world, ADA, JONAS);
	snprintf(query, sizeof query, "account_ids[]=%s", person(world, JONAS, id));
	expect(ask(world, "POST", "/api/v1/lists/1/accounts", query), 404);
}

/* --- filters --- */

/* How many of ada's newest 40 at home are filtered. */
static int filtered(struct world *world)
{
	int n = 0;
	struct reply home = ask(world, "GET", "/api/v1/timelines/home", "limit=40");
	for (int i = 0; i < size(&home); i++)
		n += cJSON_GetArraySize(json_arr(row_at(&home, i), "filtered")) > 0;
	done(&home);
	return n;
}

static void a_filter_marks_what_it_meets(void **state)
{
	struct world *world = *state;
	deed_publish(world, deed_draft(BRECHT, "Zandbak in de tuin", "", "nl", SEEN_BY_ALL));
	deed_publish(world, deed_draft(BRECHT, "ZANDBAKKEN te koop", "", "nl", SEEN_BY_ALL));
	assert_int_equal(filtered(world), 0);
	struct reply made = ask(world, "POST", "/api/v2/filters",
	        "title=Zand&context[]=home&filter_action=hide&expires_in=60&"
	        "keywords_attributes[][keyword]=zandbak&keywords_attributes[][whole_word]=true");
	assert_int_equal(made.status, 200);
	assert_int_equal(filtered(world), 1);
	char id[32];
	snprintf(id, sizeof id, "%s", text_of(&made, NULL));
	done(&made);
	expect(ask_at(world, ADA, "POST", "/api/v2/filters/%s/keywords", id, "keyword=zandbak"),
	        200);
	assert_int_equal(filtered(world), 2);
	world->fixed_ms += 60 * 1000;
	assert_int_equal(filtered(world), 0);
	/* It has not gone, it is over. */
	expect(ask_at(world, ADA, "GET", "/api/v2/filters/%s", id, ""), 200);
	expect(ask_at(world, BRECHT, "GET", "/api/v2/filters/%s", id, ""), 404);
}

static void keywords_are_added_changed_and_removed_at_once(void **state)
{
	struct world *world = *state;
	struct reply made = ask(world, "POST", "/api/v2/filters",
	        "title=F&context[]=home&keywords_attributes[0][keyword]=een&"
	        "keywords_attributes[1][keyword]=twee");
	const cJSON *words = json_arr(json_root(made.json), "keywords");
	assert_int_equal(cJSON_GetArraySize(words), 2);
	char query[200];
	snprintf(query, sizeof query,
	        "keywords_attributes[0][id]=%s&keywords_attributes[0][_destroy]=true&"
	        "keywords_attributes[1][keyword]=drie&keywords_attributes[2][id]=%s&"
	        "keywords_attributes[2][keyword]=vier",
	        json_str(cJSON_GetArrayItem(words, 0), "id"),
	        json_str(cJSON_GetArrayItem(words, 1), "id"));
	struct reply next =
	        ask_at(world, ADA, "PUT", "/api/v2/filters/%s", text_of(&made, NULL), query);
	words = json_arr(json_root(next.json), "keywords");
	assert_int_equal(cJSON_GetArraySize(words), 2);
	assert_string_equal(json_str(cJSON_GetArrayItem(words, 0), "keyword"), "vier");
	assert_string_equal(json_str(cJSON_GetArrayItem(words, 1), "keyword"), "drie");
	done(&made);
	done(&next);
}

static void filters_of_v1_are_keywords(void **state)
{
	struct world *world = *state;
	struct reply made = ask(world, "POST", "/api/v1/filters",
	        "phrase=zand&context[]=home&context[]=public&irreversible=true");
	assert_string_equal(text_of(&made, "phrase"), "zand");
	struct reply all = ask(world, "GET", "/api/v2/filters", "");
	assert_int_equal(size(&all), 1);
	assert_string_equal(json_str(row_at(&all, 0), "filter_action"), "hide");
	done(&all);
	expect(ask_at(world, ADA, "DELETE", "/api/v1/filters/%s", text_of(&made, NULL), ""), 200);
	all = ask(world, "GET", "/api/v2/filters", "");
	assert_int_equal(size(&all), 0);
	done(&all);
	done(&made);
	expect(ask(world, "POST", "/api/v1/filters", "phrase=x&context[]=nowhere"), 422);
}

/* --- people --- */

static void following_somebody_locked_is_a_request(void **state)
{
	struct world *world = *state;
	char mina[ID_SIZE], ada[ID_SIZE];
	person(world, MINA, mina);
	person(world, ADA, ada);
	relation_unfollow(world, ADA, MINA);
	struct reply asked = ask_at(world, ADA, "POST", "/api/v1/accounts/%s/follow", mina, "");
	assert_true(json_bool(json_root(asked.json), "requested", false));
	assert_false(json_bool(json_root(asked.json), "following", true));
	done(&asked);
	struct reply waiting = ask_as(world, MINA, NULL, "GET", "/api/v1/follow_requests", "");
	assert_int_equal(size(&waiting), 3);
	done(&waiting);
	expect(ask_at(world, MINA, "POST", "/api/v1/follow_requests/%s/authorize", ada, ""), 200);
	expect(ask_at(world, MINA, "POST", "/api/v1/follow_requests/%s/authorize", ada, ""), 404);
	assert_true(world->following[ADA] & BIT(MINA));
	struct reply told = ask(world, "GET", "/api/v1/follow_requests", "");
	assert_int_equal(size(&told), 0);
	done(&told);
}

static void a_mute_ends_by_itself(void **state)
{
	struct world *world = *state;
	char id[ID_SIZE];
	person(world, WOUTER, id);
	struct reply muted = ask_at(world, ADA, "POST", "/api/v1/accounts/%s/mute", id,
	        "duration=60&notifications=false");
	assert_false(json_bool(json_root(muted.json), "muting_notifications", true));
	assert_string_equal(text_of(&muted, "muting_expires_at"), "2026-11-21T12:01:00.000Z");
	done(&muted);
	struct reply all = ask(world, "GET", "/api/v1/mutes", "");
	assert_int_equal(size(&all), 1);
	assert_string_equal(
	        json_str(row_at(&all, 0), "mute_expires_at"), "2026-11-21T12:01:00.000Z");
	done(&all);
	world->fixed_ms += 60 * 1000;
	all = ask(world, "GET", "/api/v1/mutes", "");
	assert_int_equal(size(&all), 0);
	done(&all);
}

static void a_hidden_host_is_silent_and_left(void **state)
{
	struct world *world = *state;
	assert_true(world->following[ADA] & BIT(TICKER));
	expect(ask(world, "POST", "/api/v1/domain_blocks", "domain=nieuws.example"), 200);
	assert_false(world->following[ADA] & BIT(TICKER));
	struct reply all = ask(world, "GET", "/api/v1/timelines/public", "limit=40&remote=true");
	for (int i = 0; i < size(&all); i++)
		assert_null(strstr(json_str(row_at(&all, i), "uri"), "nieuws.example"));
	done(&all);
	struct reply hosts = ask(world, "GET", "/api/v1/domain_blocks", "");
	assert_string_equal(hosts.body, "[\"nieuws.example\"]");
	done(&hosts);
	expect(ask(world, "DELETE", "/api/v1/domain_blocks", "domain=nieuws.example"), 200);
	expect(ask(world, "POST", "/api/v1/domain_blocks", "domain=nonsense"), 422);
}

static void reposts_of_somebody_can_be_left_out(void **state)
{
	struct world *world = *state;
	char id[ID_SIZE];
	struct status *said = deed_draft(MINA, "words", "", "en", SEEN_BY_ALL);
	deed_publish(world, said);
	struct status *wrapper = deed_repost(world, BRECHT, said, SEEN_BY_ALL);
	assert_true(status_at_home(world, wrapper, ADA));
	expect(ask_at(world, ADA, "POST", "/api/v1/accounts/%s/follow", person(world, BRECHT, id),
	               "reblogs=false"),
	        200);
	assert_false(status_at_home(world, wrapper, ADA));
	assert_true(status_at_home(world, said, ADA));
}

static void cursors_of_people_are_not_their_ids(void **state)
{
	struct world *world = *state;
	char id[ID_SIZE];
	person(world, ADA, id);
	int n = 0;
	struct reply page =
	        ask_at(world, ADA, "GET", "/api/v1/accounts/%s/following", id, "limit=8");
	while (size(&page) > 0) {
		n += size(&page);
		assert_null(strstr(page.headers, id_at(&page, size(&page) - 1)));
		const char *next = strstr(page.headers, "max_id=");
		if (!next) break;
		char query[80];
		snprintf(query, sizeof query, "limit=8&%.*s", (int)strcspn(next, ">"), next);
		done(&page);
		page = ask_at(world, ADA, "GET", "/api/v1/accounts/%s/following", id, query);
	}
	done(&page);
	assert_int_equal(n, npeople - 1);
}

/* --- posts --- */

static void a_vote_counts_once(void **state)
{
	struct world *world = *state;
	static const char *const options[] = {"a", "b", "c"};
	struct status *status = deed_draft(BRECHT, "Which?", "", "en", SEEN_BY_ALL);
	deed_poll(status, options, 3, noon_ms + 1000);
	deed_publish(world, status);
	char id[ID_SIZE];
	software_print_id(world->software, id, status->id);
	expect(ask_at(world, ADA, "POST", "/api/v1/polls/%s/votes", id, "choices[]=7"), 422);
	expect(ask_at(world, ADA, "POST", "/api/v1/polls/%s/votes", id, "choices[]=0&choices[]=1"),
	        422);
	struct reply voted =
	        ask_at(world, ADA, "POST", "/api/v1/polls/%s/votes", id, "choices[]=1");
	assert_true(json_bool(json_root(voted.json), "voted", false));
	assert_non_null(strstr(voted.body, "\"own_votes\":[1]"));
	done(&voted);
	assert_int_equal(status->poll->votes[1], 1);
	expect(ask_at(world, ADA, "POST", "/api/v1/polls/%s/votes", id, "choices[]=0"), 422);
	expect(ask_at(world, BRECHT, "POST", "/api/v1/polls/%s/votes", id, "choices[]=0"), 422);
	world->fixed_ms += 1000;
	expect(ask_at(world, MINA, "POST", "/api/v1/polls/%s/votes", id, "choices[]=0"), 422);
}

static void an_edit_leaves_what_was_said_in_the_history(void **state)
{
	struct world *world = *state;
	struct reply made = ask(world, "POST", "/api/v1/statuses", "status=one&media_ids[]=1");
	char id[32];
	snprintf(id, sizeof id, "%s", text_of(&made, NULL));
	assert_int_equal(
	        cJSON_GetArraySize(json_arr(json_root(made.json), "media_attachments")), 1);
	done(&made);
	struct reply next = ask_at(world, ADA, "PUT", "/api/v1/statuses/%s", id, "status=two");
	assert_int_equal(
	        cJSON_GetArraySize(json_arr(json_root(next.json), "media_attachments")), 0);
	done(&next);
	struct reply history = ask_at(world, ADA, "GET", "/api/v1/statuses/%s/history", id, "");
	assert_int_equal(size(&history), 2);
	assert_string_equal(json_str(row_at(&history, 0), "content"), "<p>one</p>");
	assert_string_equal(json_str(row_at(&history, 1), "content"), "<p>two</p>");
	done(&history);
	struct reply gone = ask_at(world, ADA, "DELETE", "/api/v1/statuses/%s", id, "");
	assert_string_equal(text_of(&gone, "text"), "two");
	done(&gone);
}

static void five_posts_can_be_pinned(void **state)
{
	struct world *world = *state;
	char me[ID_SIZE];
	for (int i = 0; i < 6; i++) {
		struct reply made = ask(world, "POST", "/api/v1/statuses", "status=pin");
		expect(ask_at(world, ADA, "POST", "/api/v1/statuses/%s/pin", text_of(&made, NULL),
		               ""),
		        i < 5 ? 200 : 422);
		done(&made);
	}
	struct reply pinned = ask_at(world, ADA, "GET", "/api/v1/accounts/%s/statuses",
	        person(world, ADA, me), "pinned=true");
	assert_int_equal(size(&pinned), 5);
	done(&pinned);
}

static void a_repost_is_never_seen_by_more_than_its_post(void **state)
{
	struct world *world = *state;
	struct reply made = ask(world, "POST", "/api/v1/statuses", "status=x&visibility=unlisted");
	struct reply again = ask_at(world, ADA, "POST", "/api/v1/statuses/%s/reblog",
	        text_of(&made, NULL), "visibility=public");
	assert_string_equal(text_of(&again, "visibility"), "unlisted");
	done(&again);
	done(&made);
}

/* --- conversations and notifications --- */

static void direct_words_make_a_conversation(void **state)
{
	struct world *world = *state;
	struct reply before = ask(world, "GET", "/api/v1/conversations", "");
	int n = size(&before);
	done(&before);
	struct status *one = deed_draft(BRECHT, "@ada one", "", "nl", SEEN_BY_MENTIONED);
	deed_publish(world, one);
	struct status *two = deed_draft(BRECHT, "@ada two", "", "nl", SEEN_BY_MENTIONED);
	two->parent = one;
	deed_publish(world, two);
	struct reply talks = ask(world, "GET", "/api/v1/conversations", "");
	assert_int_equal(size(&talks), n + 1);
	assert_true(json_bool(row_at(&talks, 0), "unread", false));
	assert_non_null(
	        strstr(json_str(json_obj(row_at(&talks, 0), "last_status"), "content"), "two"));
	struct reply read =
	        ask_at(world, ADA, "POST", "/api/v1/conversations/%s/read", id_at(&talks, 0), "");
	assert_false(json_bool(json_root(read.json), "unread", true));
	done(&read);
	expect(ask_at(world, ADA, "DELETE", "/api/v1/conversations/%s", id_at(&talks, 0), ""), 200);
	done(&talks);
}

static void likes_of_one_post_are_one_group(void **state)
{
	struct world *world = *state;
	struct status *mine = deed_draft(ADA, "mine", "", "nl", SEEN_BY_ALL);
	deed_publish(world, mine);
	deed_like(world, BRECHT, mine);
	deed_like(world, MINA, mine);
	struct reply reply = ask(world, "GET", "/api/v2/notifications", "limit=1");
	const cJSON *group =
	        cJSON_GetArrayItem(json_arr(json_root(reply.json), "notification_groups"), 0);
	assert_int_equal(json_int(group, "notifications_count", 0), 2);
	assert_int_equal(cJSON_GetArraySize(json_arr(group, "sample_account_ids")), 2);
	assert_int_equal(cJSON_GetArraySize(json_arr(json_root(reply.json), "accounts")), 2);
	assert_int_equal(cJSON_GetArraySize(json_arr(json_root(reply.json), "statuses")), 1);
	/* Whoever groups only follows gets the likes one by one. */
	struct reply alone =
	        ask(world, "GET", "/api/v2/notifications", "limit=1&grouped_types[]=follow");
	group = cJSON_GetArrayItem(json_arr(json_root(alone.json), "notification_groups"), 0);
	assert_int_equal(json_int(group, "notifications_count", 0), 1);
	assert_memory_equal(json_str(group, "group_key"), "ungrouped-", 10);
	done(&alone);
	group = cJSON_GetArrayItem(json_arr(json_root(reply.json), "notification_groups"), 0);
	expect(ask_at(world, ADA, "POST", "/api/v2/notifications/%s/dismiss",
	               json_str(group, "group_key"), ""),
	        200);
	struct reply rest = ask(world, "GET", "/api/v1/notifications", "limit=80");
	for (int i = 0; i < size(&rest); i++) {
		bool like = strcmp(json_str(row_at(&rest, i), "type"), "favourite") == 0;
		const cJSON *status = json_obj(row_at(&rest, i), "status");
		assert_false(like && strstr(json_str(status, "content"), "mine"));
	}
	done(&rest);
	done(&reply);
	expect(ask(world, "POST", "/api/v1/notifications/clear", ""), 200);
	rest = ask(world, "GET", "/api/v1/notifications", "");
	assert_int_equal(size(&rest), 0);
	done(&rest);
}

/* --- finding --- */

static void an_address_finds_its_post_and_its_person(void **state)
{
	struct world *world = *state;
	struct str url = {0}, query = {0};
	struct status *status = deed_draft(WOUTER, "here", "", "nl", SEEN_BY_ALL);
	deed_publish(world, status);
	status_url(&url, world, status);
	str_addf(&query, "q=%s&resolve=true", str_c(&url));
	struct reply post = ask(world, "GET", "/api/v2/search", str_c(&query));
	assert_int_equal(cJSON_GetArraySize(json_arr(json_root(post.json), "statuses")), 1);
	assert_int_equal(cJSON_GetArraySize(json_arr(json_root(post.json), "accounts")), 0);
	done(&post);
	struct reply who = ask(world, "GET", "/api/v2/search", "q=https://bouw.example/@wouter");
	assert_int_equal(cJSON_GetArraySize(json_arr(json_root(who.json), "accounts")), 1);
	done(&who);
	struct reply tags = ask(world, "GET", "/api/v2/search", "q=bou&type=hashtags");
	const cJSON *tag = cJSON_GetArrayItem(json_arr(json_root(tags.json), "hashtags"), 0);
	assert_string_equal(json_str(tag, "name"), "bouw");
	assert_true(json_bool(tag, "following", false));
	done(&tags);
	str_finish(&url);
	str_finish(&query);
}

static void tags_are_joined_and_left_out(void **state)
{
	struct world *world = *state;
	deed_publish(world, deed_draft(BRECHT, "#aaa", "", "nl", SEEN_BY_ALL));
	deed_publish(world, deed_draft(BRECHT, "#bbb", "", "nl", SEEN_BY_ALL));
	deed_publish(world, deed_draft(BRECHT, "#aaa #ccc", "", "nl", SEEN_BY_ALL));
	static const struct {
		const char *query;
		int n;
	} rows[] = {{"", 2}, {"any[]=bbb", 3}, {"all[]=ccc", 1}, {"none[]=ccc", 1}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply reply = ask(world, "GET", "/api/v1/timelines/tag/aaa", rows[i].query);
		assert_int_equal(size(&reply), rows[i].n);
		done(&reply);
	}
}

/* --- other faces --- */

static void every_software_has_ids_of_its_own(void **state)
{
	(void)state;
	const uint64_t ids[] = {1, 31, 32, 61, 62, 109300000000000000, UINT64_MAX};
	for (size_t i = 0; i < nsoftwares; i++) {
		for (size_t j = 0; j < sizeof ids / sizeof *ids; j++) {
			char text[ID_SIZE];
			software_print_id(&softwares[i], text, ids[j]);
			assert_true(software_read_id(&softwares[i], text) == ids[j]);
			text[strlen(text) - 1] = '~';
			assert_true(software_read_id(&softwares[i], text) == 0);
		}
		assert_true(software_read_id(&softwares[i], "~") == 0);
		assert_true(software_read_id(&softwares[i], "") == 0);
		assert_ptr_equal(software_find(softwares[i].name), &softwares[i]);
	}
	assert_null(software_find("friendica"));
}

static void pages_meet_whatever_the_ids_look_like(void **state)
{
	struct world *world = *state;
	for (size_t i = 0; i < nsoftwares; i++) {
		world->software = &softwares[i];
		struct reply first = ask(world, "GET", "/api/v1/timelines/home", "limit=5");
		char query[80];
		snprintf(query, sizeof query, "max_id=%s", id_at(&first, 4));
		assert_non_null(strstr(first.headers, query));
		struct reply both = ask(world, "GET", "/api/v1/timelines/home", "limit=6");
		snprintf(query, sizeof query, "limit=1&max_id=%s", id_at(&first, 4));
		struct reply second = ask(world, "GET", "/api/v1/timelines/home", query);
		assert_string_equal(id_at(&second, 0), id_at(&both, 5));
		done(&first);
		done(&both);
		done(&second);
	}
}

static void what_a_software_lacks_is_not_found(void **state)
{
	struct world *world = *state;
	expect(ask(world, "GET", "/api/v2/notifications", ""), 200);
	world->software = software_find("gotosocial");
	expect(ask(world, "GET", "/api/v2/notifications", ""), 404);
	expect(ask(world, "GET", "/.well-known/oauth-authorization-server", ""), 404);
	struct reply reply = ask(world, "GET", "/nodeinfo/2.0", "");
	assert_string_equal(
	        json_str(json_obj(json_root(reply.json), "software"), "name"), "gotosocial");
	done(&reply);
}

static void two_hosts_have_one_post_by_two_ids(void **state)
{
	struct world *here = *state, *there = world_new(1, &clock_system);
	there->fixed = true;
	there->fixed_ms = noon_ms;
	there->host = "werk.example";
	there->id_offset = 5;
	seed_world(there);
	struct status *one = here->statuses[here->nstatuses - 1];
	struct status *other = there->statuses[there->nstatuses - 1];
	struct str uri = {0}, same = {0};
	status_uri(&uri, here, one);
	status_uri(&same, there, other);
	assert_string_equal(str_c(&uri), str_c(&same));
	assert_int_not_equal(one->id, other->id);
	assert_true(person_can_sign_in(there, JONAS));
	assert_false(person_can_sign_in(there, ADA));
	struct reply who =
	        ask_as(there, JONAS, NULL, "GET", "/api/v1/accounts/lookup", "acct=jonas");
	assert_string_equal(text_of(&who, "acct"), "jonas");
	done(&who);
	who = ask_as(there, JONAS, NULL, "GET", "/api/v1/accounts/lookup", "acct=ada@stoa.example");
	assert_string_equal(text_of(&who, "acct"), "ada@stoa.example");
	done(&who);
	str_finish(&uri);
	str_finish(&same);
	world_free(there);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        in_a_world(a_list_shows_what_its_members_say),
	        in_a_world(who_is_not_followed_joins_no_list),
	        in_a_world(a_filter_marks_what_it_meets),
	        in_a_world(keywords_are_added_changed_and_removed_at_once),
	        in_a_world(filters_of_v1_are_keywords),
	        in_a_world(following_somebody_locked_is_a_request),
	        in_a_world(a_mute_ends_by_itself),
	        in_a_world(a_hidden_host_is_silent_and_left),
	        in_a_world(reposts_of_somebody_can_be_left_out),
	        in_a_world(cursors_of_people_are_not_their_ids),
	        in_a_world(a_vote_counts_once),
	        in_a_world(an_edit_leaves_what_was_said_in_the_history),
	        in_a_world(five_posts_can_be_pinned),
	        in_a_world(a_repost_is_never_seen_by_more_than_its_post),
	        in_a_world(direct_words_make_a_conversation),
	        in_a_world(likes_of_one_post_are_one_group),
	        in_a_world(an_address_finds_its_post_and_its_person),
	        in_a_world(tags_are_joined_and_left_out),
	        cmocka_unit_test(every_software_has_ids_of_its_own),
	        in_a_world(pages_meet_whatever_the_ids_look_like),
	        in_a_world(what_a_software_lacks_is_not_found),
	        in_a_world(two_hosts_have_one_post_by_two_ids),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
