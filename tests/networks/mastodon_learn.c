/* Who a token belongs to, and what its server is and can do. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mastodon_steps.h"
#include "networks/mastodon_instance.h"
#include "networks/mastodon_software.h"

static void reply(struct world *w, int status, const char *body)
{
	answer_by(w, mastodon()->learn, status, NULL, body);
}

static void reply_with(struct world *w, const char *name)
{
	char *body = fixture(name);
	reply(w, 200, body);
	free(body);
}

static const char no[] = "{\"error\":\"no\"}";

static void ask_who(struct world *w)
{
	world_init(w);
	w->account.handle = w->account.uri = w->account.software = (char *)"";
	w->account.remote_id = w->account.streaming = (char *)"";
	begin(w, mastodon()->learn);
	asks(w, "GET", "/api/v1/accounts/verify_credentials", NULL);
	assert_string_equal(header_of(&w->req, "Authorization"), "Bearer t0ken");
}

/* nodeinfo, up to the end. */
static void tell_software(struct world *w, const char *name, const char *version)
{
	char body[200];
	asks(w, "GET", "/.well-known/nodeinfo", NULL);
	reply(w, 200,
	        "{\"links\":[{\"rel\":\"http://nodeinfo.diaspora.software/ns/schema/2.0\",\"href\":"
	        "\"http://other.example/nodeinfo/2.0\"}]}");
	asks(w, "GET", "/nodeinfo/2.0", NULL);
	snprintf(body, sizeof body, "{\"software\":{\"name\":\"%s\",\"version\":\"%s\"}}", name,
	        version);
	reply(w, 200, body);
	is_done(w);
}

static void a_token_tells_who_we_are(void **state)
{
	(void)state;
	struct world w;
	ask_who(&w);
	reply_with(&w, "credentials.json");
	asks(&w, "GET", "/api/v2/instance", NULL);
	reply_with(&w, "instance.json");
	tell_software(&w, "mastodon", "4.6.0");
	const struct account *is = w.call.signed_in;
	assert_string_equal(is->handle, "ada@example.social");
	assert_string_equal(is->uri, "https://social.example/users/ada");
	assert_string_equal(is->host, "social.example");
	assert_string_equal(is->remote_id, "109");
	assert_string_equal(is->software, "mastodon 4.6.0");
	assert_string_equal(is->streaming, "https://streaming.social.example");
	assert_int_equal(is->api, 10);
	assert_int_equal(is->learned_ms, now_ms);
	assert_int_equal(is->caps, mastodon()->caps & ~(unsigned)CAP_TRANSLATE);
	world_finish(&w);
}

static void old_servers_tell_by_their_old_ways(void **state)
{
	(void)state;
	struct world w;
	ask_who(&w);
	reply_with(&w, "credentials.json");
	reply(&w, 404, no);
	asks(&w, "GET", "/api/v1/instance", NULL);
	reply_with(&w, "instance_v1.json");
	asks(&w, "GET", "/.well-known/nodeinfo", NULL);
	reply(&w, 404, "<html>");
	is_done(&w);
	assert_string_equal(w.call.signed_in->handle, "ada@old.example");
	assert_string_equal(w.call.signed_in->software, "pleroma");
	assert_int_equal(w.call.signed_in->caps & (CAP_STREAM_WS | CAP_STREAM_SSE), CAP_STREAM_WS);
	world_finish(&w);
}

static void silent_servers_are_called_by_their_host(void **state)
{
	(void)state;
	struct world w;
	ask_who(&w);
	reply_with(&w, "credentials.json");
	reply(&w, 500, no);
	reply(&w, 404, no);
	reply(&w, 0, NULL);
	is_done(&w);
	assert_string_equal(w.call.signed_in->handle, "ada@social.example");
	assert_string_equal(w.call.signed_in->software, "");
	assert_int_equal(w.call.signed_in->caps, mastodon_software_caps("", 0, false));
	world_finish(&w);
}

static void what_is_not_told_stays_known(void **state)
{
	(void)state;
	struct world w;
	ask_who(&w);
	w.account.software = (char *)"mastodon 4.5.0";
	w.account.caps = CAP_LIKE | CAP_STREAM | CAP_TRANSLATE;
	w.account.api = 7;
	reply_with(&w, "credentials.json");
	reply(&w, 503, no);
	reply(&w, 503, no);
	reply(&w, 503, no);
	is_done(&w);
	assert_string_equal(w.call.signed_in->software, "mastodon 4.5.0");
	assert_int_equal(w.call.signed_in->caps, CAP_LIKE | CAP_STREAM | CAP_TRANSLATE);
	assert_int_equal(w.call.signed_in->api, 7);
	world_finish(&w);
}

static void a_bad_token_is_refused(void **state)
{
	(void)state;
	struct world w;
	ask_who(&w);
	reply(&w, 401, no);
	is_failed(&w, ERR_AUTH, "sign in again");
	assert_null(w.call.signed_in);
	begin(&w, mastodon()->learn);
	reply(&w, 200, "{\"id\":1}");
	is_failed(&w, ERR_FORMAT, "whose token");
	world_finish(&w);
}

/* --- programs --- */

static void each_program_has_its_own(void **state)
{
	(void)state;
	static const struct {
		const char *software;
		uint32_t api;
		unsigned has, lacks;
	} rows[] = {
	        {"mastodon 4.6.0", 10,
	                CAP_GROUPED | CAP_QUOTE | CAP_SCHEDULE | CAP_STREAM_SSE | CAP_PKCE, 0},
	        {"mastodon 4.4.0", 5, CAP_GROUPED | CAP_SCHEDULE, CAP_QUOTE},
	        {"mastodon 4.2.1", 0, CAP_SCHEDULE | CAP_FILTERS, CAP_GROUPED | CAP_PKCE},
	        {"gotosocial 0.20.0", 0, CAP_STREAM_WS | CAP_FILTERS,
	                CAP_STREAM_SSE | CAP_SCHEDULE | CAP_GROUPED},
	        {"pleroma 2.5.0", 0, CAP_STREAM_WS | CAP_SCHEDULE, CAP_STREAM_SSE},
	        {"akkoma", 0, CAP_STREAM_WS | CAP_SCHEDULE, CAP_STREAM_SSE},
	        {"snac 2.75", 0, CAP_BLOCK | CAP_POLL | CAP_LIST,
	                CAP_STREAM | CAP_MUTE | CAP_FILTERS | CAP_SCHEDULE | CAP_REPORT},
	        {"pixelfed 0.12", 0, CAP_MUTE, CAP_STREAM | CAP_POLL | CAP_SCHEDULE},
	        {"mastodonish 1", 0, CAP_LIKE, CAP_SCHEDULE | CAP_STREAM_SSE | CAP_TRENDS},
	        {"hometown 4.5", 7, CAP_TRENDS | CAP_QUOTE | CAP_STREAM_SSE, CAP_SCHEDULE},
	        {"", 0, CAP_LIKE | CAP_FOLLOW, CAP_SCHEDULE},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned caps = mastodon_software_caps(rows[i].software, rows[i].api, true);
		if ((caps & rows[i].has) != rows[i].has || (caps & rows[i].lacks))
			fail_msg("%s can %x", rows[i].software, caps);
		assert_int_equal(caps & ~mastodon()->caps, 0);
	}
	assert_int_equal(mastodon_software_caps("mastodon 4.6", 9, false) & CAP_STREAM, 0);
}

static void programs_are_called_by_plain_words(void **state)
{
	(void)state;
	static const struct {
		const char *name, *version, *is;
	} rows[] = {
	        {"Mastodon", "4.5.2+glitch-1~a", "mastodon 4.5.2+glitch-1~a"},
	        {"snac", "2.75\x1b[31m", "snac 2.75"},
	        {"a b", NULL, "a"},
	        {"\x1b", "1", NULL},
	        {NULL, "1", NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *is = mastodon_software_name(rows[i].name, rows[i].version);
		if (rows[i].is)
			assert_string_equal(is, rows[i].is);
		else
			assert_null(is);
		free(is);
	}
	assert_string_equal(mastodon_software_guess("4.0.0 (not true; really snac/2.75)"), "snac");
	assert_null(mastodon_software_guess("4.5.0"));
	assert_null(mastodon_software_guess(NULL));
}

/* --- what they tell --- */

static void read_instance(struct account *account, bool old, bool *streams, const char *text)
{
	struct json *json = json_parse(text, strlen(text), NULL);
	assert_non_null(json);
	mastodon_instance_read(account, json_root(json), old, streams);
	json_free(json);
}

static void limits_come_in_both_languages(void **state)
{
	(void)state;
	bool streams;
	struct account *account = account_new("work", "mastodon", "social.example");
	read_instance(account, false, &streams,
	        "{\"configuration\":{\"statuses\":{\"max_characters\":5000,"
	        "\"characters_reserved_per_url\":25,\"max_media_attachments\":6},"
	        "\"media_attachments\":{\"description_limit\":1500,\"image_size_limit\":16777216,"
	        "\"image_matrix_limit\":33177600,\"video_size_limit\":103809024},"
	        "\"polls\":{\"max_options\":8,\"max_characters_per_option\":50,"
	        "\"min_expiration\":300,\"max_expiration\":2629746},"
	        "\"translation\":{\"enabled\":true}}}");
	const struct limits is = account->limits;
	assert_int_equal(is.text, 5000);
	assert_int_equal(is.url, 25);
	assert_int_equal(is.media, 6);
	assert_int_equal(is.poll_options, 8);
	assert_int_equal(is.poll_option_text, 50);
	assert_int_equal(is.poll_min_s, 300);
	assert_int_equal(is.poll_max_s, 2629746);
	assert_int_equal(is.alt_text, 1500);
	assert_int_equal(is.image_bytes, 16777216);
	assert_int_equal(is.image_pixels, 33177600);
	assert_int_equal(is.video_bytes, 103809024);
	assert_int_equal(account->caps & CAP_TRANSLATE, CAP_TRANSLATE);
	assert_false(streams);
	read_instance(account, true, &streams,
	        "{\"max_toot_chars\":7000,\"upload_limit\":99,\"description_limit\":-4,"
	        "\"poll_limits\":{\"max_options\":20,\"max_option_chars\":200,\"min_expiration\":1,"
	        "\"max_expiration\":9}}");
	assert_int_equal(account->limits.text, 7000);
	assert_int_equal(account->limits.media, 0);
	assert_int_equal(account->limits.poll_options, 20);
	assert_int_equal(account->limits.poll_option_text, 200);
	assert_int_equal(account->limits.poll_min_s, 1);
	assert_int_equal(account->limits.poll_max_s, 9);
	assert_int_equal(account->limits.alt_text, 0);
	assert_int_equal(account->limits.image_bytes, 99);
	assert_int_equal(account->caps & CAP_TRANSLATE, 0);
	account_free(account);
}

static void streams_are_where_they_are_safe(void **state)
{
	(void)state;
	static const struct {
		const char *host, *url, *is;
	} rows[] = {
	        {"social.example", "wss://streams.example", "https://streams.example"},
	        {"social.example", "wss://streams.example:4000/api/v1/streaming?x",
	                "https://streams.example:4000"},
	        {"social.example", "https://streams.example/", "https://streams.example"},
	        {"social.example", "wss://social.example", ""},
	        {"social.example", "wss://social.example:443/", ""},
	        {"social.example", "ws://streams.example", ""},
	        {"social.example", "http://streams.example", ""},
	        {"social.example", "wss://user@streams.example", ""},
	        {"social.example", "wss://", ""},
	        {"social.example", "gopher://x", ""},
	        {"social.example", "wss://a b", ""},
	        {"http://127.0.0.1:80", "ws://127.0.0.1:4000", "http://127.0.0.1:4000"},
	        {"http://127.0.0.1:80", "ws://127.0.0.1", ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[200];
		bool streams;
		struct account *account = account_new("work", "mastodon", rows[i].host);
		snprintf(text, sizeof text, "{\"urls\":{\"streaming_api\":\"%s\"}}", rows[i].url);
		read_instance(account, true, &streams, text);
		assert_string_equal(account->streaming, rows[i].is);
		assert_true(streams);
		account_free(account);
	}
}

static void nodeinfo_is_asked_of_the_host_itself(void **state)
{
	(void)state;
	static const struct {
		const char *rel, *href, *path;
	} rows[] = {
	        {"x/schema/2.0", "https://social.example/nodeinfo/2.0", "/nodeinfo/2.0"},
	        {"x/schema/2.0", "http://evil.example/a/b.json?c=1", "/a/b.json?c=1"},
	        {"x/schema/2.0", "/plain", "/plain"},
	        {"x/schema/2.0", "https://social.example", NULL},
	        {"x/schema/2.0", "//evil.example/x", NULL},
	        {"x/schema/2.0", "https://social.example//evil.example", NULL},
	        {"x/schema/2.0", "https://social.example/a b", NULL},
	        {"x/schema/2.0", "/a#b", NULL},
	        {"nodeinfo", "/x", NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[300];
		snprintf(text, sizeof text,
		        "{\"links\":[{\"rel\":\"x/"
		        "1.0\",\"href\":7},{\"rel\":\"%s\",\"href\":\"%s\"}]}",
		        rows[i].rel, rows[i].href);
		struct json *json = json_parse(text, strlen(text), NULL);
		char *path = mastodon_nodeinfo_path(json_root(json));
		if (rows[i].path)
			assert_string_equal(path, rows[i].path);
		else
			assert_null(path);
		free(path);
		json_free(json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_token_tells_who_we_are),
	        cmocka_unit_test(old_servers_tell_by_their_old_ways),
	        cmocka_unit_test(silent_servers_are_called_by_their_host),
	        cmocka_unit_test(what_is_not_told_stays_known),
	        cmocka_unit_test(a_bad_token_is_refused),
	        cmocka_unit_test(each_program_has_its_own),
	        cmocka_unit_test(programs_are_called_by_plain_words),
	        cmocka_unit_test(limits_come_in_both_languages),
	        cmocka_unit_test(streams_are_where_they_are_safe),
	        cmocka_unit_test(nodeinfo_is_asked_of_the_host_itself),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
