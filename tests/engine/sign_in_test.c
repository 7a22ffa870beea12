/* Signing in by browser and by pasted code, and signing out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "ask_steps.h"
#include "engine/pkce.h"
#include "engine/secret.h"

static job_id begin(struct world *world, const char *name, bool listens)
{
	struct str arg = {0};
	str_addf(&arg, "lines\nh.example\n%s", name);
	struct job *job = job_of(JOB_SIGN_IN, 0, str_c(&arg));
	job->on = listens;
	str_finish(&arg);
	job_id id = post(world, job);
	settle(world);
	return id;
}

static job_id paste(struct world *world, job_id sign_in, const char *code)
{
	struct job *job = job_of(JOB_CODE, 0, code);
	job->number = sign_in;
	job_id id = post(world, job);
	settle(world);
	return id;
}

static void fine_server(struct world *world)
{
	replay_script(world->replay, "/apps", 200, "", "");
	replay_script(world->replay, "/token", 200, "", "CANARY");
	replay_script(world->replay, "/learn", 200, "", "software lines\ncaps 3\n");
}

/* The value of a parameter in the address that EVENT_SIGN_IN told. */
static void param(const struct world *world, const char *name, char out[64])
{
	const char *at = strstr(event_at(world, EVENT_SIGN_IN, 0)->text, name);
	assert_non_null(at);
	snprintf(out, 64, "%.*s", (int)strcspn(at + strlen(name), "&"), at + strlen(name));
}

static void a_pasted_code(void **state)
{
	struct world *world = *state;
	fine_server(world);
	job_id id = begin(world, "work", false);
	assert_not_done(world, id);
	struct event *event = event_at(world, EVENT_SIGN_IN, 0);
	assert_int_equal(event->reply_to, id);
	assert_int_equal(event->number, 1);
	assert_string_equal(replay_url(world->replay, 0), "https://h.example/apps?");
	job_id code = paste(world, id, "C-1");
	assert_done(world, code, ERR_NONE);
	assert_done(world, id, ERR_NONE);

	/* The server can tell that whoever brings the code is whom it gave the address. */
	char told[64], challenge[PKCE_LEN + 1];
	const char *verifier = strstr(replay_url(world->replay, 1), "verifier=");
	assert_non_null(strstr(replay_url(world->replay, 1), "code=C-1&"));
	param(world, "challenge=", told);
	pkce_challenge(verifier + 9, challenge);
	assert_string_equal(told, challenge);

	int n;
	assert_string_equal(done_of(world, id, &n)->text,
	        "signed in as ada@h.example; its token is kept in the file `secrets`");
	const struct signin *signin = signin_find(world->core, "work");
	assert_string_equal(signin->token, "CANARY");
	assert_string_equal(signin->client, "CLIENT KEY");
	assert_int_equal(signin->account->caps, 3);
	assert_int_equal(signin->account->learned_ms, START_MS);
	char *kept = secret_get(world->dir, "work", NULL);
	assert_string_equal(kept, "CANARY CLIENT KEY");
	secret_free(kept);
}

static void the_secret_comes_back_after_a_restart(void **state)
{
	struct world *world = *state;
	fine_server(world);
	paste(world, begin(world, "work", false), "C-1");
	world_end(world);
	world_forget(world);
	world_start(world);
	const struct signin *signin = signin_find(world->core, "work");
	assert_string_equal(signin->token, "CANARY");
	assert_string_equal(signin->client, "CLIENT KEY");
}

/* RFC 7636, appendix B. */
static void the_challenge_is_that_of_the_document(void **state)
{
	(void)state;
	char challenge[PKCE_LEN + 1], one[PKCE_LEN + 1], other[PKCE_LEN + 1];
	pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", challenge);
	assert_string_equal(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
	pkce_verifier(one);
	pkce_verifier(other);
	assert_int_equal(strlen(one), PKCE_LEN);
	assert_string_not_equal(one, other);
}

static void several_accounts_on_one_host(void **state)
{
	struct world *world = *state;
	fine_server(world);
	paste(world, begin(world, "work", false), "C-1");
	paste(world, begin(world, "home", false), "C-2");
	assert_non_null(signin_find(world->core, "work"));
	assert_non_null(signin_find(world->core, "home"));
	assert_int_not_equal(signin_find(world->core, "work")->account->id,
	        signin_find(world->core, "home")->account->id);
}

static void what_cannot_begin_is_said(void **state)
{
	struct world *world = *state;
	static const char *const wrong[] = {NULL, "lines\nh.example", "lines\nh.example\n",
	        "lines\nh.example\nwork\nx", "none\nh.example\nw", "feed\nh.example\nw",
	        "lines\nhttp://h.example\nw", "lines\nh.example\nfeeds", "lines\nh.example\na/b"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		job_id id = post(world, job_of(JOB_SIGN_IN, 0, wrong[i]));
		settle(world);
		int n;
		assert_int_not_equal(done_of(world, id, &n)->err.code, ERR_NONE);
		assert_int_equal(n, 1);
	}
	assert_int_equal(replay_count(world->replay), 0);
	assert_done(world, paste(world, 77, "C"), ERR_NOT_FOUND);
}

static void a_guest_only_reads(void **state)
{
	struct world *world = *state;
	job_id feed = post(world, job_of(JOB_GUEST, 0, "feed\nh.example\nf"));
	job_id named = post(world, job_of(JOB_GUEST, 0, "lines\n-\na/b"));
	job_id nameless = post(world, job_of(JOB_GUEST, 0, "lines\n-"));
	settle(world);
	assert_done(world, feed, ERR_UNSUPPORTED);
	assert_done(world, named, ERR_SYNTAX);
	assert_done(world, nameless, ERR_SYNTAX);
	job_id id = post(world, job_of(JOB_GUEST, 0, "lines\n-\nvisitor"));
	settle(world);
	assert_done(world, id, ERR_NONE);
	const struct signin *signin = signin_find(world->core, "visitor");
	assert_non_null(signin);
	assert_string_equal(signin->account->host, "guests.example");
	assert_int_equal(signin->account->caps, CAP_SEARCH);
	assert_null(signin->token);
	assert_int_equal(replay_count(world->replay), 0);

	/* It may ask who somebody is, and do nothing. */
	replay_script(world->replay, "/person", 200, "", "");
	struct job *who = job_of(JOB_PERSON, 0, "ada");
	who->account = signin->account->id;
	id = post(world, who);
	settle(world);
	assert_done(world, id, ERR_NONE);
	struct job *like = job_of(JOB_ACT, 0, NULL);
	like->account = signin->account->id;
	like->action = action_new(VERB_LIKE, false);
	id = post(world, like);
	settle(world);
	assert_done(world, id, ERR_AUTH);
}

static void what_the_server_refuses_is_said(void **state)
{
	struct world *world = *state;
	replay_script(world->replay, "/apps", 404, "", "");
	assert_done(world, begin(world, "work", false), ERR_NOT_FOUND);
	replay_script(world->replay, "/apps", 200, "", "");
	replay_script(world->replay, "/token", 401, "", "");
	job_id id = begin(world, "work", false);
	job_id empty = paste(world, id, "");
	assert_done(world, empty, ERR_SYNTAX);
	assert_not_done(world, id);
	paste(world, id, "wrong");
	assert_done(world, id, ERR_AUTH);
	assert_null(signin_find(world->core, "work"));
	assert_done(world, paste(world, id, "again"), ERR_NOT_FOUND);
}

static void giving_up(void **state)
{
	struct world *world = *state;
	fine_server(world);
	job_id asking = begin(world, "work", true), waiting = begin(world, "home", false);
	cancel(world, asking);
	cancel(world, waiting);
	settle(world);
	assert_done(world, asking, ERR_CANCELLED);
	assert_done(world, waiting, ERR_CANCELLED);
	assert_done(world, paste(world, waiting, "C"), ERR_NOT_FOUND);
	assert_null(world->core->signings);
}

static void the_end_of_stoa_ends_it(void **state)
{
	struct world *world = *state;
	fine_server(world);
	job_id id = begin(world, "work", true);
	world_end(world);
	assert_done(world, id, ERR_CANCELLED);
}

/* A browser of this machine goes where it was sent to. */
static void browse(unsigned port, const char *query)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	char text[512];
	int n = snprintf(text, sizeof(text), "GET /callback?%s HTTP/1.1\r\nHost: x\r\n\r\n", query);
	assert_int_equal(send(fd, text, (size_t)n, 0), n);
	assert_true(recv(fd, text, sizeof(text), 0) > 0);
	close(fd);
}

static void the_browsers_answer(void **state)
{
	struct world *world = *state;
	fine_server(world);
	job_id id = begin(world, "work", true);
	assert_int_equal(event_at(world, EVENT_SIGN_IN, 0)->number, 0);
	unsigned port = 0;
	assert_int_equal(sscanf(replay_url(world->replay, 0),
	                         "https://h.example/apps?http://127.0.0.1:%u/callback", &port),
	        1);
	char state_of[64], query[128];
	param(world, "state=", state_of);
	browse(port, "code=EVIL&state=guessed");
	settle(world);
	assert_not_done(world, id);
	snprintf(query, sizeof(query), "code=C%%2D1&state=%s", state_of);
	browse(port, query);
	while (queue_len(world->inbox) == 0)
		replay_transport(world->replay)->ops->wait(replay_transport(world->replay), 5000);
	settle(world);
	assert_done(world, id, ERR_NONE);
	assert_non_null(strstr(replay_url(world->replay, 1), "code=C-1&"));
	assert_int_equal(replay_count(world->replay), 3);
}

/* -- out -- */

static job_id leave(struct world *world)
{
	struct job *job = job_new(JOB_LOGOUT);
	job->account = signin_find(world->core, "work")->account->id;
	job_id id = post(world, job);
	settle(world);
	return id;
}

static const char *said(const struct world *world, job_id id)
{
	int n;
	const struct event *done = done_of(world, id, &n);
	return done && done->text ? done->text : "";
}

static void signing_out_revokes(void **state)
{
	struct world *world = *state;
	fine_server(world);
	replay_script(world->replay, "/revoke?CLIENT KEY", 200, "", "");
	paste(world, begin(world, "work", false), "C-1");
	job_id id = leave(world);
	assert_done(world, id, ERR_NONE);
	assert_non_null(strstr(said(world, id), "revoked"));
	size_t last = replay_count(world->replay) - 1;
	assert_string_equal(replay_header(world->replay, last, "Authorization"), "Bearer CANARY");
	assert_null(signin_find(world->core, "work"));
	struct err err = {0};
	assert_null(secret_get(world->dir, "work", &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void a_server_that_is_silent_keeps_nobody(void **state)
{
	struct world *world = *state;
	fine_server(world);
	paste(world, begin(world, "work", false), "C-1");
	job_id id = leave(world);
	assert_not_done(world, id);
	assert_null(signin_find(world->core, "work")); /* here it is over at once */
	pass(world, 5 * SECOND);
	assert_done(world, id, ERR_NONE);
	assert_non_null(strstr(said(world, id), "did not revoke"));
	assert_int_equal(replay_in_flight(world->replay), 0);
}

static void a_token_made_elsewhere_is_not_revoked(void **state)
{
	struct world *world = *state;
	login(world);
	size_t before = replay_count(world->replay);
	assert_done(world, leave(world), ERR_NONE);
	assert_int_equal(replay_count(world->replay), before);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, disk_setup, world_teardown)
	const struct CMUnitTest tests[] = {
	        TEST(a_pasted_code),
	        TEST(the_secret_comes_back_after_a_restart),
	        cmocka_unit_test(the_challenge_is_that_of_the_document),
	        TEST(several_accounts_on_one_host),
	        TEST(what_cannot_begin_is_said),
	        TEST(a_guest_only_reads),
	        TEST(what_the_server_refuses_is_said),
	        TEST(giving_up),
	        TEST(the_end_of_stoa_ends_it),
	        TEST(the_browsers_answer),
	        TEST(signing_out_revokes),
	        TEST(a_server_that_is_silent_keeps_nobody),
	        TEST(a_token_made_elsewhere_is_not_revoked),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
