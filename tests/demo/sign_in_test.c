/* Signing in to the demo: apps, codes, tokens. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "demo/sign_in.h"

/* RFC 7636, appendix B. */
#define VERIFIER  "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define BACK      "http://127.0.0.1:4711/back"

struct app {
	char id[64], secret[64];
};

static struct app register_app(struct world *world, const char *scopes)
{
	struct app app;
	char query[200];
	snprintf(query, sizeof query,
	        "client_name=t&redirect_uris=%s\nurn:ietf:wg:oauth:2.0:oob&scopes=%s",
	        "http://127.0.0.1:1/back", scopes);
	struct reply reply = ask_as(world, NOBODY, NULL, "POST", "/api/v1/apps", query);
	assert_int_equal(reply.status, 200);
	snprintf(app.id, sizeof app.id, "%s", text_of(&reply, "client_id"));
	snprintf(app.secret, sizeof app.secret, "%s", text_of(&reply, "client_secret"));
	done(&reply);
	return app;
}

static struct reply authorize(struct world *world, const struct app *app, const char *more)
{
	char query[600];
	snprintf(query, sizeof query, "response_type=code&client_id=%s&%s", app->id, more);
	return ask_as(world, NOBODY, NULL, "POST", "/oauth/authorize", query);
}

/* The code in the address that the browser is sent to. */
static void code_of(const struct reply *reply, char out[64])
{
	const char *code = strstr(reply->headers, "?code=");
	assert_non_null(code);
	snprintf(out, 64, "%.*s", (int)strcspn(code + 6, "&\n"), code + 6);
}

static struct reply buy(
        struct world *world, const struct app *app, const char *code, const char *more)
{
	char query[600];
	snprintf(query, sizeof query,
	        "grant_type=authorization_code&client_id=%s&client_secret=%s&code=%s&%s", app->id,
	        app->secret, code, more);
	return ask_as(world, NOBODY, NULL, "POST", "/oauth/token", query);
}

#define QUESTION                                                                                   \
	"redirect_uri=" BACK "&scope=read&state=a b&code_challenge=" CHALLENGE                     \
	"&code_challenge_method=S256&login=brecht"

static void a_code_buys_one_token(void **state)
{
	struct world *world = *state;
	char code[64];
	struct app app = register_app(world, "read write");
	struct reply sent = authorize(world, &app, QUESTION);
	assert_int_equal(sent.status, 302);
	assert_non_null(strstr(sent.headers, "Location: " BACK "?code="));
	assert_non_null(strstr(sent.headers, "&state=a%20b"));
	code_of(&sent, code);
	done(&sent);
	struct reply token =
	        buy(world, &app, code, "redirect_uri=" BACK "&code_verifier=" VERIFIER);
	assert_int_equal(token.status, 200);
	assert_string_equal(text_of(&token, "scope"), "read");
	int who;
	unsigned barred;
	assert_true(doors_open(world, text_of(&token, "access_token"), &who, &barred));
	assert_int_equal(who, BRECHT);
	assert_true(barred & SCOPE_WRITE);
	assert_false(barred & SCOPE_READ);
	done(&token);
	struct reply again =
	        buy(world, &app, code, "redirect_uri=" BACK "&code_verifier=" VERIFIER);
	assert_int_equal(again.status, 400);
	assert_string_equal(text_of(&again, "error"), "invalid_grant");
	done(&again);
}

static void what_does_not_fit_buys_nothing(void **state)
{
	struct world *world = *state;
	struct app app = register_app(world, "read"), other = register_app(world, "read");
	const struct {
		const struct app *app;
		const char *more;
		int64_t wait_ms;
	} rows[] = {
	        {&app, "redirect_uri=" BACK "&code_verifier=x" VERIFIER, 0},
	        {&app, "redirect_uri=" BACK, 0},
	        {&app, "redirect_uri=http://127.0.0.1:1/back&code_verifier=" VERIFIER, 0},
	        {&other, "redirect_uri=" BACK "&code_verifier=" VERIFIER, 0},
	        {&app, "redirect_uri=" BACK "&code_verifier=" VERIFIER, 600000},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char code[64];
		struct reply sent = authorize(world, &app, QUESTION);
		code_of(&sent, code);
		done(&sent);
		world->fixed_ms += rows[i].wait_ms;
		struct reply token = buy(world, rows[i].app, code, rows[i].more);
		assert_int_equal(token.status, 400);
		done(&token);
	}
	struct app wrong = app;
	wrong.secret[0] ^= 1;
	struct reply refused = buy(world, &wrong, "x", "redirect_uri=" BACK);
	assert_int_equal(refused.status, 401);
	assert_string_equal(text_of(&refused, "error"), "invalid_client");
	done(&refused);
}

static void questions_that_make_no_sense_are_refused(void **state)
{
	struct world *world = *state;
	struct app app = register_app(world, "read");
	static const char *const rows[] = {
	        "redirect_uri=http://127.0.0.1:1/other&login=ada",
	        "redirect_uri=https://elsewhere.example/back&login=ada",
	        "redirect_uri=" BACK "&scope=read write&login=ada",
	        "redirect_uri=" BACK "&code_challenge=x&code_challenge_method=plain&login=ada",
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply reply = authorize(world, &app, rows[i]);
		assert_int_equal(reply.status, 400);
		done(&reply);
	}
	struct reply nobody = authorize(world, &app, "redirect_uri=" BACK "&login=iris");
	assert_int_equal(nobody.status, 401);
	done(&nobody);
}

static void people_see_a_form_and_may_say_no(void **state)
{
	struct world *world = *state;
	struct app app = register_app(world, "read");
	struct reply form = authorize(world, &app, "redirect_uri=" BACK "&state=\"><b>");
	assert_int_equal(form.status, 200);
	assert_non_null(strstr(form.body, "<option>brecht</option>"));
	assert_null(strstr(form.body, "\"><b>"));
	done(&form);
	struct reply no =
	        authorize(world, &app, "redirect_uri=" BACK "&state=s&login=ada&decision=deny");
	assert_non_null(strstr(no.headers, "?error=access_denied&state=s"));
	done(&no);
	struct reply shown =
	        authorize(world, &app, "redirect_uri=urn:ietf:wg:oauth:2.0:oob&login=ada");
	assert_int_equal(shown.status, 200);
	assert_non_null(strstr(shown.body, "<code>"));
	done(&shown);
}

static void a_revoked_token_opens_nothing(void **state)
{
	struct world *world = *state;
	char code[64], query[400], text[64];
	int who;
	unsigned barred;
	struct app app = register_app(world, "read write"), other = register_app(world, "read");
	struct reply sent = authorize(world, &app, QUESTION);
	code_of(&sent, code);
	done(&sent);
	struct reply token =
	        buy(world, &app, code, "redirect_uri=" BACK "&code_verifier=" VERIFIER);
	snprintf(text, sizeof text, "%s", text_of(&token, "access_token"));
	done(&token);
	const struct app *apps[] = {&other, &app};
	for (int i = 0; i < 2; i++) {
		snprintf(query, sizeof query, "client_id=%s&client_secret=%s&token=%s", apps[i]->id,
		        apps[i]->secret, text);
		struct reply reply = ask_as(world, NOBODY, NULL, "POST", "/oauth/revoke", query);
		assert_int_equal(reply.status, i == 0 ? 403 : 200);
		assert_true(doors_open(world, text, &who, &barred) == (i == 0));
		done(&reply);
	}
}

static void some_tokens_end_and_are_refreshed(void **state)
{
	struct world *world = *state;
	char code[64], query[400], text[64];
	int who;
	unsigned barred;
	world->software = software_find("pleroma");
	struct app app = register_app(world, "read");
	struct reply sent = authorize(world, &app, QUESTION);
	code_of(&sent, code);
	done(&sent);
	struct reply token =
	        buy(world, &app, code, "redirect_uri=" BACK "&code_verifier=" VERIFIER);
	snprintf(text, sizeof text, "%s", text_of(&token, "access_token"));
	snprintf(query, sizeof query,
	        "grant_type=refresh_token&client_id=%s&client_secret=%s&refresh_token=%s", app.id,
	        app.secret, text_of(&token, "refresh_token"));
	world->fixed_ms += json_int(json_root(token.json), "expires_in", 0) * 1000;
	done(&token);
	assert_false(doors_open(world, text, &who, &barred));
	struct reply next = ask_as(world, NOBODY, NULL, "POST", "/oauth/token", query);
	assert_int_equal(next.status, 200);
	assert_true(doors_open(world, text_of(&next, "access_token"), &who, &barred));
	done(&next);
	next = ask_as(world, NOBODY, NULL, "POST", "/oauth/token", query);
	assert_int_equal(next.status, 400);
	done(&next);
}

static void the_demo_s_own_tokens_may_all(void **state)
{
	struct world *world = *state;
	int who;
	unsigned barred = 1;
	assert_true(doors_open(world, "demo-mina", &who, &barred));
	assert_int_equal(who, MINA);
	assert_int_equal(barred, 0);
	static const char *const wrong[] = {"demo-iris", "demo-", "demo-nobody", "", "wrong"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(doors_open(world, wrong[i], &who, &barred));
	assert_false(doors_open(world, NULL, &who, &barred));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        in_a_world(a_code_buys_one_token),
	        in_a_world(what_does_not_fit_buys_nothing),
	        in_a_world(questions_that_make_no_sense_are_refused),
	        in_a_world(people_see_a_form_and_may_say_no),
	        in_a_world(a_revoked_token_opens_nothing),
	        in_a_world(some_tokens_end_and_are_refreshed),
	        in_a_world(the_demo_s_own_tokens_may_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
