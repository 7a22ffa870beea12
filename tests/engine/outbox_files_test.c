/* Attachments of posts on their way: uploaded once, copied when planned, told while they leave. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "model/draft.h"
#include "outbox_asserts.h"

static char *a_picture(const struct world *world)
{
	struct str path = {0};
	str_addf(&path, "%s/picture.png", world->dir);
	FILE *file = fopen(str_c(&path), "w");
	fwrite("\x89PNG\r\n\x1a\nxxxxxxxx", 1, 16, file);
	fclose(file);
	return str_take(&path);
}

static void what_was_uploaded_is_not_uploaded_again(void **state)
{
	struct world *world = *state;
	char *path = a_picture(world);
	struct draft *draft = a_draft(world, "look");
	draft_add_media(&draft->parts[0], path, "a cat");
	draft_add_media(&draft->parts[0], path, "the same cat");
	world->server.prepare_fault = FAULT_500;
	send_draft(world, draft);
	pass(world, 10 * SECOND);
	assert_int_equal(world->server.uploads, 2);
	world_crash(world);
	world_start(world);
	world->server.prepare_fault = FAULT_NONE;
	pass(world, 10 * MINUTE);
	assert_state(world, "look", OUTGOING_SENT);
	assert_int_equal(world->server.uploads, 2);
	assert_string_equal(told(world, "look")->media[1].made, "media-2");
	free(path);
}

/* How many copies lie there; the last one's directory in `out`, which may be NULL. */
static int copies(const struct world *world, char out[600])
{
	char path[300];
	int n = 0;
	snprintf(path, sizeof(path), "%s/outbox-files", world->dir);
	DIR *list = opendir(path);
	for (struct dirent *entry = list ? readdir(list) : NULL; entry; entry = readdir(list)) {
		if (entry->d_name[0] == '.') continue;
		n++;
		if (out) snprintf(out, 600, "%s/%s", path, entry->d_name);
	}
	if (list) closedir(list);
	return n;
}

static void plan(struct world *world, const char *file, int times)
{
	struct draft *draft = a_draft(world, "look");
	for (int i = 0; i < times; i++)
		draft_add_media(&draft->parts[0], file, "a cat");
	draft->at.utc_ms = START_MS + HOUR;
	line_keeps = false;
	send_draft(world, draft);
	settle(world);
}

static void a_file_that_is_gone_is_said(void **state)
{
	struct world *world = *state;
	struct draft *draft = a_draft(world, "look");
	draft_add_media(&draft->parts[0], "/nowhere/cat.png", NULL);
	job_id id = send_draft(world, draft);
	settle(world);
	assert_done(world, id, ERR_REFUSED); /* at once, and again when its time has come */
	char *path = a_picture(world);
	struct job *job = job_new(JOB_SEND);
	job->draft = a_draft(world, "look");
	draft_add_media(&job->draft->parts[0], path, NULL);
	job->at_ms = START_MS + 10 * SECOND;
	post(world, job);
	settle(world);
	unlink(path);
	pass(world, MINUTE);
	assert_state(world, "look", OUTGOING_FAILED);
	assert_non_null(strstr(told(world, "look")->cause, path));
	free(path);
}

static void a_planned_post_has_a_copy_of_its_file(void **state)
{
	struct world *world = *state;
	char *path = a_picture(world), dir[600];
	struct stat st;
	plan(world, path, 2);
	assert_int_equal(copies(world, dir), 1); /* of the same file one */
	assert_int_equal(stat(told(world, "look")->media[0].path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, 16);
	assert_non_null(strstr(told(world, "look")->media[1].path, "/picture.png"));
	unlink(path);
	pass(world, 2 * HOUR);
	assert_state(world, "look", OUTGOING_SENT);
	assert_int_equal(world->server.uploads, 2);
	assert_int_equal(copies(world, NULL), 0);
	free(path);
}

static void a_cancelled_post_keeps_its_copy_for_a_day(void **state)
{
	struct world *world = *state;
	char *path = a_picture(world), dir[600];
	plan(world, path, 1);
	unlink(path);
	about(world, JOB_OUTGOING_CANCEL, told(world, "look")->id);
	assert_int_equal(copies(world, dir), 1);
	struct job *job = job_new(JOB_SEND); /* as U plans it again */
	job->draft = outgoing_draft(told(world, "look"));
	post(world, job);
	settle(world);
	assert_int_equal(copies(world, NULL), 1);
	assert_state(world, "look", OUTGOING_SCHEDULED);
	about(world, JOB_OUTGOING_CANCEL, told(world, "look")->id);
	struct timespec made[2] = {{START_MS / 1000, 0}, {START_MS / 1000, 0}};
	assert_int_equal(utimensat(AT_FDCWD, dir, made, 0), 0);
	pass(world, 23 * HOUR);
	assert_int_equal(copies(world, NULL), 1);
	pass(world, 3 * HOUR);
	assert_int_equal(copies(world, NULL), 0);
	free(path);
}

static void without_a_copy_nothing_is_planned(void **state)
{
	struct world *world = *state;
	char *path = a_picture(world), place[300];
	snprintf(place, sizeof(place), "%s/outbox-files", world->dir);
	FILE *in_the_way = fopen(place, "w");
	assert_non_null(in_the_way);
	fclose(in_the_way);
	struct draft *draft = a_draft(world, "look");
	draft_add_media(&draft->parts[0], path, NULL);
	draft->at.utc_ms = START_MS + HOUR;
	job_id id = send_draft(world, draft);
	settle(world);
	assert_done(world, id, ERR_IO);
	assert_null(told(world, "look"));
	assert_true(count(world, EVENT_DRAFT) > 0); /* and the draft is still there */
	unlink(place);
	free(path);
}

static void another_file_is_copied_too(void **state)
{
	struct world *world = *state;
	char *path = a_picture(world), other[300];
	plan(world, path, 1);
	snprintf(other, sizeof(other), "%s/other.png", world->dir);
	assert_int_equal(rename(path, other), 0);
	struct job *job = job_new(JOB_OUTGOING_CHANGE);
	job->number = told(world, "look")->id;
	job->draft = outgoing_draft(told(world, "look"));
	draft_add_media(&job->draft->parts[0], other, "a dog");
	post(world, job);
	settle(world);
	assert_int_equal(copies(world, NULL), 2);
	unlink(other);
	pass(world, 2 * HOUR);
	assert_state(world, "look", OUTGOING_SENT);
	assert_int_equal(copies(world, NULL), 0);
	free(path);
}

static void what_leaves_is_told(void **state)
{
	struct world *world = *state;
	char *path = a_picture(world);
	struct draft *draft = a_draft(world, "look");
	draft_add_media(&draft->parts[0], path, NULL);
	draft_add_media(&draft->parts[0], path, NULL);
	world->server.latency_ms = SECOND;
	send_draft(world, draft);
	pass(world, 10 * SECOND);
	int percents[8] = {0}, n = 0;
	for (size_t i = 0; i < world->nevents; i++) {
		const struct outgoing *item = world->events[i]->outgoing;
		if (item && item->uploaded && n < 8) percents[n++] = item->uploaded;
	}
	assert_int_equal(n, 2); /* the server says of each when it has 43 of 100 */
	assert_int_equal(percents[0], 21);
	assert_int_equal(percents[1], 71);
	assert_state(world, "look", OUTGOING_SENT);
	assert_int_equal(told(world, "look")->uploaded, 0);
	free(path);
}

int main(void)
{
#define DISK(f) cmocka_unit_test_setup_teardown(f, disk_setup, world_teardown)
	const struct CMUnitTest tests[] = {
	        DISK(what_was_uploaded_is_not_uploaded_again),
	        DISK(a_file_that_is_gone_is_said),
	        DISK(a_planned_post_has_a_copy_of_its_file),
	        DISK(a_cancelled_post_keeps_its_copy_for_a_day),
	        DISK(without_a_copy_nothing_is_planned),
	        DISK(another_file_is_copied_too),
	        DISK(what_leaves_is_told),
	};
#undef DISK
	return cmocka_run_group_tests(tests, NULL, NULL);
}
