/* Signing in by browser, codes as people paste them, tokens renewed and revoked. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mastodon_steps.h"
#include "networks/mastodon_code.h"

struct entrance {
	struct world w;
	struct sign_in sign_in;
};

static void open_entrance(struct entrance *e)
{
	world_init(&e->w);
	e->w.account.handle = e->w.account.uri = e->w.account.software = (char *)"";
	e->w.call.token = NULL;
	e->sign_in = (struct sign_in){.redirect = "http://127.0.0.1:4711/",
	        .state = "st4te",
	        .verifier = "veri",
	        .challenge = "chal"};
	e->w.call.sign_in = &e->sign_in;
}

static void close_entrance(struct entrance *e)
{
	free(e->sign_in.url);
	free(e->sign_in.client);
	free(e->sign_in.secret);
	world_finish(&e->w);
}

static const char no[] = "{\"error\":\"no\"}";
static const char client[] = "{\"client_id\":\"the id\",\"client_secret\":\"s+cret\"}";
static const char fine_client[] = "{\"client_id\":\"id%1\",\"client_secret\":\"s+cret\"}";

/* --- begin --- */

static void reply(struct entrance *e, int status, const char *body)
{
	answer_by(&e->w, mastodon()->sign_in_begin, status, NULL, body);
}

static void start(struct entrance *e)
{
	begin(&e->w, mastodon()->sign_in_begin);
	asks(&e->w, "GET", "/.well-known/oauth-authorization-server", NULL);
}

static void new_servers_are_asked_by_their_own_words(void **state)
{
	(void)state;
	struct entrance e;
	open_entrance(&e);
	start(&e);
	reply(&e, 200,
	        "{\"authorization_endpoint\":\"https://social.example/auth/here\","
	        "\"app_registration_endpoint\":\"https://social.example/api/v1/apps\","
	        "\"scopes_supported\":[\"profile\",\"read\",\"write\"],"
	        "\"code_challenge_methods_supported\":[\"S256\"]}");
	asks(&e.w, "POST", "/api/v1/apps",
	        "{\"client_name\":\"stoa\",\"redirect_uris\":[\"http://127.0.0.1:4711/\"],"
	        "\"scopes\":\"read write\"}");
	assert_null(header_of(&e.w.req, "Authorization"));
	reply(&e, 200, fine_client);
	is_done(&e.w);
	assert_string_equal(e.sign_in.client, "id%251 s%2Bcret S256");
	assert_string_equal(e.sign_in.url,
	        "https://social.example/auth/here?response_type=code&client_id=id%251"
	        "&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2F&scope=read%20write&state=st4te"
	        "&code_challenge=chal&code_challenge_method=S256");
	close_entrance(&e);
}

static void old_servers_are_asked_in_the_old_way(void **state)
{
	(void)state;
	struct entrance e;
	open_entrance(&e);
	e.sign_in.redirect = NULL;
	e.sign_in.again = true;
	start(&e);
	reply(&e, 404, "<html>");
	asks(&e.w, "POST", "/api/v1/apps",
	        "{\"client_name\":\"stoa\",\"redirect_uris\":\"urn:ietf:wg:oauth:2.0:oob\","
	        "\"scopes\":\"read write follow\"}");
	reply(&e, 200, fine_client);
	is_done(&e.w);
	assert_string_equal(e.sign_in.client, "id%251 s%2Bcret");
	assert_string_equal(e.sign_in.url,
	        "https://social.example/oauth/authorize?response_type=code&client_id=id%251"
	        "&redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob&scope=read%20write%20follow"
	        "&state=st4te&force_login=true");
	close_entrance(&e);
}

static void a_form_that_is_refused_is_changed_once(void **state)
{
	(void)state;
	struct entrance e;
	open_entrance(&e);
	start(&e);
	reply(&e, 200, "[]");
	reply(&e, 422, no);
	asks(&e.w, "POST", "/api/v1/apps",
	        "{\"client_name\":\"stoa\",\"redirect_uris\":[\"http://127.0.0.1:4711/\"],"
	        "\"scopes\":\"read write follow\"}");
	reply(&e, 422, no);
	assert_int_equal(e.w.next, CALL_FAIL);
	close_entrance(&e);
}

static void only_the_server_itself_is_opened(void **state)
{
	(void)state;
	static const char *const told[] = {
	        "https://evil.example/elsewhere",
	        "http://social.example/elsewhere",
	        "https://social.example/elsewhere?client_id=evil",
	        "javascript:alert(1)",
	};
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		struct entrance e;
		char body[200];
		open_entrance(&e);
		start(&e);
		snprintf(body, sizeof body, "{\"authorization_endpoint\":\"%s\"}", told[i]);
		reply(&e, 200, body);
		reply(&e, 200, fine_client);
		is_done(&e.w);
		assert_int_equal(
		        strncmp(e.sign_in.url,
		                "https://social.example/oauth/authorize?response_type=", 53),
		        0);
		close_entrance(&e);
	}
}

static void nobody_there_is_told_at_once(void **state)
{
	(void)state;
	struct entrance e;
	open_entrance(&e);
	start(&e);
	reply(&e, 0, NULL);
	is_failed(&e.w, ERR_NETWORK, "no answer");
	start(&e);
	reply(&e, 404, no);
	reply(&e, 200, client); /* an id with a blank could not be kept */
	is_failed(&e.w, ERR_FORMAT, "how it knows");
	start(&e);
	reply(&e, 404, no);
	reply(&e, 200, "<html>");
	is_failed(&e.w, ERR_FORMAT, "web page");
	close_entrance(&e);
}

/* --- finish --- */

static void finish_reply(struct entrance *e, int status, const char *body)
{
	answer_by(&e->w, mastodon()->sign_in_finish, status, NULL, body);
}

static void hand_in(struct entrance *e, const char *words, const char *code)
{
	free(e->sign_in.client);
	e->sign_in.client = xstrdup(words);
	e->sign_in.code = code;
	begin(&e->w, mastodon()->sign_in_finish);
}

static void a_code_becomes_a_token_and_an_account(void **state)
{
	(void)state;
	struct entrance e;
	open_entrance(&e);
	hand_in(&e, "id%251 s%2Bcret S256", " c0de\n");
	asks(&e.w, "POST", "/oauth/token",
	        "{\"grant_type\":\"authorization_code\",\"client_id\":\"id%1\",\"client_secret\":"
	        "\"s+cret\",\"redirect_uri\":\"http://127.0.0.1:4711/\",\"code\":\"c0de\","
	        "\"code_verifier\":\"veri\"}");
	assert_null(header_of(&e.w.req, "Authorization"));
	finish_reply(&e, 200,
	        "{\"access_token\":\"tok.en\",\"token_type\":\"Bearer\",\"refresh_token\":\"re "
	        "fresh\"}");
	asks(&e.w, "GET", "/api/v1/accounts/verify_credentials", NULL);
	assert_string_equal(header_of(&e.w.req, "Authorization"), "Bearer tok.en");
	char *who = fixture("credentials.json");
	finish_reply(&e, 200, who);
	free(who);
	for (int i = 0; i < 3; i++)
		finish_reply(&e, 404, no);
	is_done(&e.w);
	/* A refresh token with a blank in it is none. */
	assert_string_equal(e.sign_in.secret, "tok.en id%251 s%2Bcret");
	assert_string_equal(e.w.call.signed_in->handle, "ada@social.example");
	assert_string_equal(e.w.call.signed_in->name, "work");
	assert_null(e.w.call.token);
	close_entrance(&e);
}

static void without_pkce_no_verifier_is_sent(void **state)
{
	(void)state;
	struct entrance e;
	open_entrance(&e);
	e.sign_in.redirect = NULL;
	hand_in(&e, "id s", "c0de&state=st4te");
	asks(&e.w, "POST", "/oauth/token",
	        "{\"grant_type\":\"authorization_code\",\"client_id\":\"id\",\"client_secret\":"
	        "\"s\","
	        "\"redirect_uri\":\"urn:ietf:wg:oauth:2.0:oob\",\"code\":\"c0de\"}");
	finish_reply(&e, 200, "{\"access_token\":\"t\",\"refresh_token\":\"r+r\"}");
	assert_string_equal(e.sign_in.secret, "t id s r%2Br");
	close_entrance(&e);
}

static void refusals_say_what_to_do(void **state)
{
	(void)state;
	static const struct {
		int status;
		const char *body;
		enum err_code code;
		const char *words;
	} refusals[] = {
	        {400, "{\"error\":\"invalid_grant\"}", ERR_AUTH, "too old"},
	        {401, "{\"error\":\"invalid_client\"}", ERR_AUTH, "forgotten"},
	        {401, "", ERR_AUTH, "begin again"},
	        {400, "<html>", ERR_AUTH, "begin again"},
	        {500, "", ERR_SERVER, "problem"},
	        {200, "{\"access_token\":\"a b\"}", ERR_FORMAT, "no token"},
	        {200, "{}", ERR_FORMAT, "no token"},
	};
	struct entrance e;
	open_entrance(&e);
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		hand_in(&e, "id s", "c0de");
		finish_reply(&e, refusals[i].status, refusals[i].body);
		is_failed(&e.w, refusals[i].code, refusals[i].words);
		assert_null(e.sign_in.secret);
	}
	hand_in(&e, "id s", "c0de");
	finish_reply(&e, 200, "{\"access_token\":\"t\"}");
	finish_reply(&e, 401, no);
	is_failed(&e.w, ERR_AUTH, "sign in again");
	hand_in(&e, "id s", "http://127.0.0.1:4711/?code=x&state=other");
	is_failed(&e.w, ERR_AUTH, "another sign-in");
	close_entrance(&e);
}

static void codes_are_found_in_what_is_pasted(void **state)
{
	(void)state;
	static const struct {
		const char *pasted, *code;
		enum err_code why;
	} rows[] = {
	        {"abc", "abc", ERR_NONE},
	        {"  abc\r\n", "abc", ERR_NONE},
	        {"abc&state=st", "abc", ERR_NONE},
	        {"abc&state=no", NULL, ERR_AUTH},
	        {"http://127.0.0.1:1/?code=a%2Fb&state=st", "a/b", ERR_NONE},
	        {" http://127.0.0.1:1/?state=st&code=ab#x ", "ab", ERR_NONE},
	        {"http://127.0.0.1:1/?state=no&code=ab", NULL, ERR_AUTH},
	        {"code=ab&state=st", "ab", ERR_NONE},
	        {"http://127.0.0.1:1/?error=access_denied&state=st", NULL, ERR_AUTH},
	        {"http://127.0.0.1:1/?encode=x", NULL, ERR_SYNTAX},
	        {"http://127.0.0.1:1/?code=%00x", NULL, ERR_SYNTAX},
	        {"http://127.0.0.1:1/?code=a%20b", NULL, ERR_SYNTAX},
	        {"http://127.0.0.1:1/?code=", NULL, ERR_SYNTAX},
	        {"my code is abc", NULL, ERR_SYNTAX},
	        {"", NULL, ERR_SYNTAX},
	        {"\xc3\xa9", NULL, ERR_SYNTAX},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err err = {0};
		char *code = mastodon_code(rows[i].pasted, "st", &err);
		if (rows[i].code && !code) fail_msg("'%s': %s", rows[i].pasted, err.text);
		if (rows[i].code)
			assert_string_equal(code, rows[i].code);
		else
			assert_null(code);
		assert_int_equal(err.code, rows[i].why);
		free(code);
	}
	struct str longest = {0};
	for (int i = 0; i < 9000; i++)
		str_addc(&longest, 'a');
	assert_null(mastodon_code(longest.p, NULL, NULL));
	str_cut(&longest, 3000);
	assert_null(mastodon_code(longest.p, NULL, NULL));
	str_finish(&longest);
}

/* --- afterwards --- */

static void a_token_is_renewed(void **state)
{
	(void)state;
	struct entrance e;
	open_entrance(&e);
	e.w.call.token = "old";
	e.w.call.client = "id%251 s r%2Br";
	begin(&e.w, mastodon()->refresh);
	asks(&e.w, "POST", "/oauth/token",
	        "{\"grant_type\":\"refresh_token\",\"client_id\":\"id%1\",\"client_secret\":\"s\","
	        "\"refresh_token\":\"r+r\"}");
	assert_null(header_of(&e.w.req, "Authorization"));
	answer_by(&e.w, mastodon()->refresh, 200, NULL, "{\"access_token\":\"new\"}");
	is_done(&e.w);
	assert_string_equal(e.sign_in.secret, "new id%251 s r%2Br");
	begin(&e.w, mastodon()->refresh);
	answer_by(&e.w, mastodon()->refresh, 200, NULL,
	        "{\"access_token\":\"n2\",\"refresh_token\":\"r2\"}");
	assert_string_equal(e.sign_in.secret, "n2 id%251 s r2");
	begin(&e.w, mastodon()->refresh);
	answer_by(&e.w, mastodon()->refresh, 400, NULL, "{\"error\":\"invalid_grant\"}");
	is_failed(&e.w, ERR_AUTH, "sign in again");
	begin(&e.w, mastodon()->refresh);
	answer_by(&e.w, mastodon()->refresh, 200, NULL, "{}");
	is_failed(&e.w, ERR_FORMAT, "no token");
	e.w.call.client = "id s";
	begin(&e.w, mastodon()->refresh);
	is_failed(&e.w, ERR_AUTH, "sign in again");
	e.w.call.client = NULL;
	begin(&e.w, mastodon()->refresh);
	is_failed(&e.w, ERR_AUTH, "sign in again");
	close_entrance(&e);
}

static void a_token_is_revoked(void **state)
{
	(void)state;
	struct entrance e;
	open_entrance(&e);
	e.w.call.token = "tok";
	e.w.call.client = "id s r";
	begin(&e.w, mastodon()->sign_out);
	asks(&e.w, "POST", "/oauth/revoke",
	        "{\"client_id\":\"id\",\"client_secret\":\"s\",\"token\":\"tok\"}");
	answer_by(&e.w, mastodon()->sign_out, 200, NULL, "{}");
	is_done(&e.w);
	begin(&e.w, mastodon()->sign_out);
	answer_by(&e.w, mastodon()->sign_out, 503, NULL, "");
	assert_int_equal(e.w.next, CALL_FAIL);
	e.w.call.client = NULL;
	begin(&e.w, mastodon()->sign_out);
	is_failed(&e.w, ERR_UNSUPPORTED, "settings of social.example");
	close_entrance(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(new_servers_are_asked_by_their_own_words),
	        cmocka_unit_test(old_servers_are_asked_in_the_old_way),
	        cmocka_unit_test(a_form_that_is_refused_is_changed_once),
	        cmocka_unit_test(only_the_server_itself_is_opened),
	        cmocka_unit_test(nobody_there_is_told_at_once),
	        cmocka_unit_test(a_code_becomes_a_token_and_an_account),
	        cmocka_unit_test(without_pkce_no_verifier_is_sent),
	        cmocka_unit_test(refusals_say_what_to_do),
	        cmocka_unit_test(codes_are_found_in_what_is_pasted),
	        cmocka_unit_test(a_token_is_renewed),
	        cmocka_unit_test(a_token_is_revoked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
