#include "engine/media.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/program.h"
#include "base/str.h"
#include "engine/child.h"

enum { TIME_MS = 30000 };

char *media_program(void)
{
#ifdef STOA_MEDIA
	return program_find("stoa-media", STOA_MEDIA);
#else
	return NULL;
#endif
}

/* What it printed: the result in its first line, a note in its second. */
static bool read_result(const char *said, struct media_made *made)
{
	unsigned long long bytes;
	*made = (struct media_made){0};
	if (sscanf(said, "%63s %u %u %llu", made->type, &made->width, &made->height, &bytes) != 4)
		return false;
	made->bytes = bytes;
	const char *note = strstr(said, "\nnote: ");
	if (note)
		snprintf(made->note, sizeof made->note, "%.*s", (int)strcspn(note + 7, "\n"),
		        note + 7);
	return true;
}

bool media_prepare(const char *program, const char *in, const char *out,
        const struct media_wish *wish, struct media_made *made, struct err *err)
{
	char bytes[24], pixels[24];
	const char *argv[12] = {program, "prepare", in, out};
	int n = 4, status = -1;
	struct str said = {0};
	snprintf(bytes, sizeof bytes, "%llu", (unsigned long long)wish->max_bytes);
	snprintf(pixels, sizeof pixels, "%llu", (unsigned long long)wish->max_pixels);
	if (wish->max_bytes) argv[n++] = "--max-bytes", argv[n++] = bytes;
	if (wish->max_pixels) argv[n++] = "--max-pixels", argv[n++] = pixels;
	if (wish->types) argv[n++] = "--types", argv[n++] = wish->types;
	bool ran = child_run((char *const *)argv, NULL, TIME_MS, &said, &status, err);
	bool fine = ran && status == 0 && read_result(str_c(&said), made);
	const char *text = str_c(&said);
	if (ran && !fine && status == 1)
		err_set(err, ERR_REFUSED, "%.*s", (int)strcspn(text, "\n"), text);
	else if (ran && !fine)
		err_set(err, ERR_REFUSED, "%s cannot be made ready: stoa-media broke off", in);
	/* What was begun is left behind only by a program that was killed, or cannot unlink. */
	if (!fine) unlink(out);
	str_finish(&said);
	return fine;
}

/* --- on a thread of its own --- */

struct media_task {
	char *program, *in, *out, *types;
	struct media_wish wish;
	void (*wake)(void *ctx);
	void *ctx;
	pthread_t thread;
	bool runs; /* the thread was started */
	atomic_bool over;
	/* The thread's until it is over. */
	bool fine;
	struct media_made made;
	struct err err;
};

static void *work(void *arg)
{
	struct media_task *task = arg;
	task->fine = media_prepare(
	        task->program, task->in, task->out, &task->wish, &task->made, &task->err);
	atomic_store(&task->over, true);
	task->wake(task->ctx);
	return NULL;
}

struct media_task *media_task_start(const char *program, const char *in, const char *out,
        const struct media_wish *wish, void (*wake)(void *ctx), void *ctx)
{
	struct media_task *task = xcalloc(1, sizeof *task);
	task->program = xstrdup(program);
	task->in = xstrdup(in);
	task->out = xstrdup(out);
	task->types = wish->types ? xstrdup(wish->types) : NULL;
	task->wish = *wish;
	task->wish.types = task->types;
	task->wake = wake;
	task->ctx = ctx;
	task->runs = pthread_create(&task->thread, NULL, work, task) == 0;
	if (!task->runs) {
		err_set(&task->err, ERR_IO, "no thread can be started for %s", in);
		atomic_store(&task->over, true);
		wake(ctx);
	}
	return task;
}

bool media_task_is_over(const struct media_task *task)
{
	return atomic_load(&task->over);
}

bool media_task_end(struct media_task *task, struct media_made *made, struct err *err)
{
	if (task->runs) pthread_join(task->thread, NULL);
	bool fine = task->fine;
	*made = task->made;
	if (err) *err = task->err;
	free(task->program);
	free(task->in);
	free(task->out);
	free(task->types);
	free(task);
	return fine;
}
