#include "engine/picture_task.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/mem.h"
#include "engine/child.h"

enum { TIME_MS = 10000, MAX_HEAD = 64, PIXEL_BYTES = 4, CELL_BYTES = 10 };

struct picture_task {
	char *program, *path;
	struct image_wish wish;
	void (*wake)(void *ctx);
	void *ctx;
	pthread_t thread;
	bool runs; /* the thread was started */
	atomic_bool over, stop;
	/* The thread's until it is over. */
	struct image *image;
	struct err err;
};

/* What it says went wrong. It holds a stranger's file: its words are cleaned as such. */
static void take_refusal(const struct str *said, struct err *err)
{
	struct str clean = {0};
	clean_in(&clean, CLEAN_LINE, str_c(said), strcspn(str_c(said), "\n"));
	const char *colon = strstr(str_c(&clean), ": ");
	err_set(err, ERR_FORMAT, "%.120s", colon ? colon + 2 : str_c(&clean));
	str_finish(&clean);
}

static void decode(struct picture_task *task)
{
	const struct image_wish *wish = &task->wish;
	char size[32], colors[16], ground[8];
	snprintf(size, sizeof(size), "%ux%u", wish->width, wish->height);
	snprintf(colors, sizeof(colors), wish->colors ? "%u" : "all", wish->colors);
	snprintf(ground, sizeof(ground), "%06x", wish->ground & 0xffffff);
	const char *argv[] = {task->program, wish->form ? "pixels" : "cells", task->path, size,
	        wish->form ? NULL : "--colors", colors, "--sextants", wish->sextants ? "on" : "off",
	        "--ground", ground, NULL};
	size_t each = wish->form ? PIXEL_BYTES : CELL_BYTES;
	const struct child_limits limits = {
	        TIME_MS, MAX_HEAD + each * wish->width * wish->height, &task->stop};
	struct str said = {0};
	int status = -1;
	bool ran = child_run_within((char *const *)argv, NULL, &limits, &said, &status, &task->err);
	if (ran && status == 0) task->image = image_parse(str_c(&said), said.len, wish);
	if (task->image) image_make_bytes(task->image, wish);
	if (ran && status == 1)
		take_refusal(&said, &task->err);
	else if (ran && !task->image)
		err_set(&task->err, ERR_FORMAT, "the picture cannot be decoded");
	str_finish(&said);
}

static void *work(void *arg)
{
	struct picture_task *task = arg;
	decode(task);
	atomic_store(&task->over, true);
	task->wake(task->ctx);
	return NULL;
}

struct picture_task *picture_task_start(const char *program, const char *path,
        const struct image_wish *wish, void (*wake)(void *ctx), void *ctx)
{
	struct picture_task *task = xcalloc(1, sizeof(*task));
	task->program = xstrdup(program);
	task->path = xstrdup(path);
	task->wish = *wish;
	task->wake = wake;
	task->ctx = ctx;
	task->runs = pthread_create(&task->thread, NULL, work, task) == 0;
	if (!task->runs) {
		err_set(&task->err, ERR_IO, "no thread can be started for a picture");
		atomic_store(&task->over, true);
		wake(ctx);
	}
	return task;
}

bool picture_task_is_over(const struct picture_task *task)
{
	return atomic_load(&task->over);
}

struct image *picture_task_end(struct picture_task *task, struct err *err)
{
	atomic_store(&task->stop, true);
	if (task->runs) pthread_join(task->thread, NULL);
	struct image *image = task->image;
	if (!image && err) *err = task->err;
	free(task->program);
	free(task->path);
	free(task);
	return image;
}
