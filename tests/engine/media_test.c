/* What stoa-media says, told by programs that say it in its place. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/media.h"

struct place {
	char dir[32], program[64], out[64];
};

static void place_init(struct place *place)
{
	*place = (struct place){.dir = "/tmp/stoa-media-XXXXXX"};
	assert_non_null(mkdtemp(place->dir));
	snprintf(place->program, sizeof place->program, "%s/program", place->dir);
	snprintf(place->out, sizeof place->out, "%s/out", place->dir);
}

/* A program that writes what it was asked into its output, and then does as it is told. */
static void stand_in(const struct place *place, const char *script)
{
	FILE *file = fopen(place->program, "w");
	assert_non_null(file);
	fprintf(file, "#!/bin/sh\necho \"$@\" >\"$3\"\n%s\n", script);
	fclose(file);
	assert_int_equal(chmod(place->program, 0700), 0);
}

static void place_finish(struct place *place)
{
	unlink(place->program);
	unlink(place->out);
	assert_int_equal(rmdir(place->dir), 0);
}

static void what_it_made(void **state)
{
	(void)state;
	struct place place;
	struct media_made made;
	struct err err = {0};
	const struct media_wish wish = {1000, 2000, "image/png,image/jpeg"};
	char asked[256] = "", expected[256];
	place_init(&place);
	stand_in(&place, "echo 'image/jpeg 30 20 999'; echo 'note: it has a track'");
	assert_true(media_prepare(place.program, "/in.png", place.out, &wish, &made, &err));
	assert_string_equal(made.type, "image/jpeg");
	assert_int_equal(made.width, 30);
	assert_int_equal(made.height, 20);
	assert_int_equal(made.bytes, 999);
	assert_string_equal(made.note, "it has a track");
	FILE *file = fopen(place.out, "r");
	assert_non_null(fgets(asked, sizeof asked, file));
	fclose(file);
	snprintf(expected, sizeof expected,
	        "prepare /in.png %s --max-bytes 1000 --max-pixels 2000 --types "
	        "image/png,image/jpeg\n",
	        place.out);
	assert_string_equal(asked, expected);
	place_finish(&place);
}

static void why_it_made_nothing(void **state)
{
	(void)state;
	static const struct {
		const char *script, *words;
	} rows[] = {
	        {"echo 'in.png: it is no whole PNG'; exit 1", "in.png: it is no whole PNG"},
	        {"kill -9 $$", "stoa-media broke off"},
	        {"exit 2", "stoa-media broke off"},
	        {"echo nonsense", "stoa-media broke off"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct place place;
		struct media_made made;
		struct err err = {0};
		const struct media_wish wish = {0};
		place_init(&place);
		stand_in(&place, rows[i].script);
		assert_false(media_prepare(place.program, "in", place.out, &wish, &made, &err));
		assert_int_equal(err.code, ERR_REFUSED);
		assert_non_null(strstr(err.text, rows[i].words));
		assert_int_not_equal(access(place.out, F_OK), 0); /* nothing is left behind */
		place_finish(&place);
	}
}

static void wake(void *ctx)
{
	ssize_t n = write(*(int *)ctx, "x", 1);
	assert_int_equal(n, 1);
}

static void meanwhile_others_go_on(void **state)
{
	(void)state;
	struct place place;
	struct media_made made;
	struct err err = {0};
	const struct media_wish wish = {.types = "image/png"};
	int ends[2], go[2];
	char script[128];
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(pipe(go), 0);
	place_init(&place);
	snprintf(script, sizeof script, "read word <&%d; echo 'image/png 3 2 9'", go[0]);
	stand_in(&place, script);
	struct media_task *task =
	        media_task_start(place.program, "in", place.out, &wish, wake, &ends[1]);
	struct pollfd fd = {.fd = ends[0], .events = POLLIN};
	assert_false(media_task_is_over(task)); /* it waits for our word */
	assert_int_equal(write(go[1], "go\n", 3), 3);
	assert_int_equal(poll(&fd, 1, 20000), 1);
	assert_true(media_task_is_over(task));
	assert_true(media_task_end(task, &made, &err));
	assert_int_equal(made.width, 3);
	task = media_task_start("/nowhere/at/all", "in", place.out, &wish, wake, &ends[1]);
	assert_false(media_task_end(task, &made, &err)); /* it waits by itself */
	assert_true(*err.text);
	for (int i = 0; i < 2; i++) {
		close(ends[i]);
		close(go[i]);
	}
	place_finish(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_it_made),
	        cmocka_unit_test(why_it_made_nothing),
	        cmocka_unit_test(meanwhile_others_go_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
