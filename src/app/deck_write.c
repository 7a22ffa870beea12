#include "deck_write.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

struct deck_writing {
	pthread_t thread;
	bool threaded;
	char *path, *text;
	atomic_bool over; /* what follows is the caller's again */
	bool ok;
	struct err err;
};

static bool write_file(const char *path, const char *text, struct err *err)
{
	if (!text)
		return unlink(path) == 0 || errno == ENOENT ||
		       err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
	char *dir = xstrndup(path, (size_t)(strrchr(path, '/') - path));
	bool ok = paths_mkdir(dir, err) && paths_write(path, text, strlen(text), 0600, err);
	free(dir);
	return ok;
}

static void *run(void *ctx)
{
	struct deck_writing *writing = ctx;
	writing->ok = write_file(writing->path, writing->text, &writing->err);
	atomic_store(&writing->over, true);
	return NULL;
}

bool deck_written(struct app *app, bool wait, bool *out_ok, struct err *err)
{
	struct deck_writing *writing = app->writing;
	*out_ok = true;
	if (!writing) return true;
	if (!wait && !atomic_load(&writing->over)) return false;
	if (writing->threaded) pthread_join(writing->thread, NULL);
	app->writing = NULL;
	*out_ok = writing->ok;
	if (!writing->ok && err) *err = writing->err;
	free(writing->path);
	free(writing->text);
	free(writing);
	return true;
}

void deck_write(struct app *app, char *path, char *text)
{
	bool ok;
	deck_written(app, true, &ok, NULL);
	struct deck_writing *writing = xcalloc(1, sizeof(*writing));
	sigset_t all, before;
	writing->path = path;
	writing->text = text;
	app->writing = writing;
	/* Signals are the loop's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	writing->threaded = pthread_create(&writing->thread, NULL, run, writing) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	/* Better late than never. */
	if (!writing->threaded) run(writing);
}
