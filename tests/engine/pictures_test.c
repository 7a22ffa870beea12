/* Pictures: whom they are asked of, what is kept of them, and what is made of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <sys/stat.h>

#include "world.h"

#include "engine/pictures.h"

#define HERE "https://h.example/media/small.png"

/* A core that keeps pictures, and a program in the place of stoa-media. */
static char *folder, *program;

static void stand_in(const char *script)
{
	FILE *file = fopen(program, "w");
	assert_non_null(file);
	fprintf(file, "#!/bin/sh\n%s\n", script);
	fclose(file);
	assert_int_equal(chmod(program, 0700), 0);
}

static int setup(void **state)
{
	char dir[] = "/tmp/stoa-pictures-XXXXXX";
	struct str path = {0};
	assert_non_null(mkdtemp(dir));
	folder = xstrdup(dir);
	str_addf(&path, "%s/program", dir);
	program = str_take(&path);
	world_setup(state);
	struct world *world = *state;
	stand_in("printf 'CELLS 1 1\\n \\000\\000\\000abcdef'");
	login(world);
	world->core->pictures = pictures_new(world->core, folder, 1 << 20, program);
	return 0;
}

static int teardown(void **state)
{
	char command[256];
	world_teardown(state);
	snprintf(command, sizeof(command), "rm -r '%s'", folder);
	assert_int_equal(system(command), 0);
	free(folder);
	free(program);
	return 0;
}

static job_id want(struct world *world, account_id account, const char *url)
{
	struct job *job = job_of(JOB_PICTURE, 0, url);
	job->account = account;
	job->wish = (struct image_wish){.width = 4, .height = 4, .colors = 256};
	return post(world, job);
}

static account_id work(const struct world *world)
{
	return signin_find(world->core, "work")->account->id;
}

/* Until its DONE is there: a process has to come to its end. */
static const struct err *end_of(struct world *world, job_id id)
{
	struct transport *t = replay_transport(world->replay);
	int n = 0;
	struct event *done = NULL;
	for (int i = 0; i < 1000 && n == 0; i++) {
		settle(world);
		done = done_of(world, id, &n);
		if (n == 0) t->ops->wait(t, 100);
	}
	assert_int_equal(n, 1);
	return &done->err;
}

static size_t kept(char name[256])
{
	size_t n = 0;
	struct str path = {0};
	str_addf(&path, "%s/pictures", folder);
	DIR *dir = opendir(path.p);
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		if (entry->d_name[0] == '.') continue;
		if (name) snprintf(name, 256, "%s", entry->d_name);
		n++;
	}
	if (dir) closedir(dir);
	str_finish(&path);
	return n;
}

static void it_is_fetched_kept_and_made(void **state)
{
	struct world *world = *state;
	char name[256];
	struct stat st;
	size_t before = replay_count(world->replay);
	replay_script(world->replay, "small.png", 200, "", "bytes");
	job_id id = want(world, work(world), HERE);
	assert_int_equal(end_of(world, id)->code, ERR_NONE);
	struct event *event = event_at(world, EVENT_PICTURE, 0);
	assert_non_null(event);
	assert_int_equal(event->reply_to, id);
	assert_int_equal(event->image->cells[0].fg[0], 'a');
	/* Nothing is told but the address. */
	assert_int_equal(replay_count(world->replay), before + 1);
	assert_null(replay_header(world->replay, before, "Authorization"));
	assert_true(replay_request(world->replay, before)->follow);
	assert_false(replay_request(world->replay, before)->allow_local);
	assert_false(replay_request(world->replay, before)->allow_http);
	assert_int_equal(replay_request(world->replay, before)->max_body, PICTURE_MAX_BYTES);
	/* A name that says nothing, for nobody else's eyes. */
	assert_int_equal(kept(name), 1);
	assert_int_equal(strlen(name), 64);
	assert_int_equal(strspn(name, "0123456789abcdef"), 64);
	struct str path = {0};
	str_addf(&path, "%s/pictures", folder);
	assert_int_equal(stat(path.p, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	str_addf(&path, "/%s", name);
	assert_int_equal(stat(path.p, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	str_finish(&path);
	/* Another size of it: no request. */
	assert_int_equal(end_of(world, want(world, work(world), HERE))->code, ERR_NONE);
	assert_int_equal(replay_count(world->replay), before + 1);
}

static void two_that_want_it_ask_once(void **state)
{
	struct world *world = *state;
	size_t before = replay_count(world->replay);
	replay_script(world->replay, "small.png", 200, "", "bytes");
	job_id one = want(world, work(world), HERE), two = want(world, work(world), HERE);
	assert_int_equal(end_of(world, one)->code, ERR_NONE);
	assert_int_equal(end_of(world, two)->code, ERR_NONE);
	assert_int_equal(replay_count(world->replay), before + 1);
	assert_int_equal(count(world, EVENT_PICTURE), 2);
}

static bool may_be_local(struct world *world, account_id account, const char *url)
{
	size_t before = replay_count(world->replay);
	replay_script(world->replay, url, 404, "", "");
	assert_int_equal(end_of(world, want(world, account, url))->code, ERR_SERVER);
	assert_int_equal(replay_count(world->replay), before + 1);
	return replay_request(world->replay, before)->allow_local;
}

/* quality.md S16 */
static void strangers_lead_nowhere_local(void **state)
{
	struct world *world = *state;
	struct account *account = (struct account *)signin_find(world->core, "work")->account;
	assert_false(may_be_local(world, account->id, "http://127.0.0.1/a.png"));
	assert_false(may_be_local(world, account->id, "http://169.254.169.254/latest"));
	assert_false(may_be_local(world, ACCOUNT_FEEDS, "http://127.0.0.1:8080/feed.png"));
	/* Signed in at a server of this machine: what lies there, and only there. */
	account_set(&account->host, "http://127.0.0.1:8080");
	assert_true(may_be_local(world, account->id, "http://127.0.0.1:8080/b.png"));
	assert_false(may_be_local(world, account->id, "http://127.0.0.1:8081/c.png"));
	assert_false(may_be_local(world, account->id, "http://192.168.0.1:8080/d.png"));
}

static void what_is_no_picture_is_said_and_not_kept(void **state)
{
	struct world *world = *state;
	replay_script(world->replay, "small.png", 200, "", "bytes");
	stand_in("printf 'x: it is no\\033[2J picture'; exit 1");
	const struct err *err = end_of(world, want(world, work(world), HERE));
	assert_int_equal(err->code, ERR_FORMAT);
	assert_string_equal(err->text, "it is no[2J picture");
	assert_int_equal(kept(NULL), 0);
	/* One that does not do as it was asked is not believed. */
	static const char *const scripts[] = {"printf 'CELLS 9 9\\n'", "kill -9 $$",
	        "printf 'CELLS 1 1\\n\\033\\000\\000\\000abcdef'", "head -c 100000 /dev/zero"};
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++) {
		replay_script(world->replay, "small.png", 200, "", "bytes");
		stand_in(scripts[i]);
		err = end_of(world, want(world, work(world), HERE));
		assert_int_not_equal(err->code, ERR_NONE);
	}
	assert_int_equal(count(world, EVENT_PICTURE), 0);
}

static void nonsense_is_refused(void **state)
{
	struct world *world = *state;
	static const char *const urls[] = {
	        "file:///etc/passwd", "javascript:1", "", "gopher://h.example/", "//h.example/a"};
	size_t before = replay_count(world->replay);
	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++)
		assert_int_equal(
		        end_of(world, want(world, work(world), urls[i]))->code, ERR_SYNTAX);
	struct job *job = job_of(JOB_PICTURE, 0, HERE);
	job->wish.width = job->wish.height = IMAGE_MAX_CELLS + 1;
	assert_int_equal(end_of(world, post(world, job))->code, ERR_TOO_LARGE);
	assert_int_equal(replay_count(world->replay), before);
}

static void the_oldest_go(void **state)
{
	struct world *world = *state;
	char *big = xcalloc(1, 400001);
	memset(big, 'x', 400000);
	replay_script(world->replay, ".png", 200, "", big);
	for (int i = 0; i < 3; i++) {
		struct str url = {0};
		str_addf(&url, "https://h.example/%d.png", i);
		assert_int_equal(end_of(world, want(world, work(world), url.p))->code, ERR_NONE);
		str_finish(&url);
	}
	assert_int_equal(kept(NULL), 2);
	/* The one that was used last is there still. */
	size_t before = replay_count(world->replay);
	end_of(world, want(world, work(world), "https://h.example/2.png"));
	assert_int_equal(replay_count(world->replay), before);
	pictures_limit(world->core->pictures, 0);
	assert_int_equal(kept(NULL), 0);
	free(big);
}

/* stoa ends while a process is at work: it is not waited for. */
static void the_end_does_not_wait(void **state)
{
	struct world *world = *state;
	replay_script(world->replay, "small.png", 200, "", "bytes");
	stand_in("exec sleep 1000");
	want(world, work(world), HERE);
	settle(world);
	assert_int_equal(kept(NULL), 1);
}

#define row(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        row(it_is_fetched_kept_and_made),
	        row(two_that_want_it_ask_once),
	        row(strangers_lead_nowhere_local),
	        row(what_is_no_picture_is_said_and_not_kept),
	        row(nonsense_is_refused),
	        row(the_oldest_go),
	        row(the_end_does_not_wait),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
