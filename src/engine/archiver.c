#include "engine/archiver.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "engine/archiver_thread.h"

enum { READER_MAX = 100000 };

struct archiver {
	struct archiver_thread thread;
	pthread_t id;
	int wake_fd; /* the pipe's other end */
};

void archiver_answer_free(struct archiver_answer *answer)
{
	if (!answer) return;
	free(answer->state);
	free(answer);
}

void message_free(struct message *message)
{
	if (!message) return;
	page_free(message->page);
	free(message->name);
	free(message->state);
	free(message);
}

/* A full pipe wakes as well as one more byte would. */
static void wake(void *ctx)
{
	const struct archiver *archiver = ctx;
	ssize_t n;
	do {
		n = write(archiver->wake_fd, "", 1);
	} while (n < 0 && errno == EINTR);
}

static bool make_pipe(struct archiver *archiver, struct err *err)
{
	int fds[2];
	if (pipe(fds) != 0)
		return err_set(err, ERR_IO, "the archive thread gets no pipe: %s", strerror(errno));
	for (int i = 0; i < 2; i++) {
		fcntl(fds[i], F_SETFL, O_NONBLOCK);
		fcntl(fds[i], F_SETFD, FD_CLOEXEC);
	}
	archiver->thread.wake_fd = fds[0];
	archiver->wake_fd = fds[1];
	return true;
}

static void archiver_free(struct archiver *archiver)
{
	queue_free(archiver->thread.queue, NULL);
	close(archiver->thread.wake_fd);
	close(archiver->wake_fd);
	free(archiver);
}

bool archiver_start(const struct archiver_options *opts, struct archiver **out, struct err *err)
{
	struct archiver *archiver = xcalloc(1, sizeof *archiver);
	archiver->thread.opts = *opts;
	if (opts->reader_max == 0) archiver->thread.opts.reader_max = READER_MAX;
	if (!make_pipe(archiver, err)) {
		free(archiver);
		return false;
	}
	archiver->thread.queue = queue_new(wake, archiver);

	/* Signals are for the main thread. */
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int code = pthread_create(&archiver->id, NULL, archiver_thread_run, &archiver->thread);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (code != 0) {
		archiver_free(archiver);
		return err_set(err, ERR_IO, "the archive thread cannot start: %s", strerror(code));
	}
	*out = archiver;
	return true;
}

static void post(struct archiver *archiver, struct message message)
{
	struct message *copy = xmalloc(sizeof *copy);
	*copy = message;
	queue_push(archiver->thread.queue, copy);
}

void archiver_stop(struct archiver *archiver)
{
	if (!archiver) return;
	post(archiver, (struct message){.kind = MESSAGE_STOP});
	pthread_join(archiver->id, NULL);
	archiver_free(archiver);
}

void archiver_watch(struct archiver *archiver, source_id source, const char *name, int rows)
{
	post(archiver, (struct message){.kind = MESSAGE_WATCH,
	                       .source = source,
	                       .name = xstrdup(name),
	                       .before_ms = INT64_MAX,
	                       .limit = rows});
}

void archiver_unwatch(struct archiver *archiver, source_id source)
{
	post(archiver, (struct message){.kind = MESSAGE_UNWATCH, .source = source});
}

void archiver_search(
        struct archiver *archiver, source_id source, const char *name, const char *names, int rows)
{
	post(archiver, (struct message){.kind = MESSAGE_WATCH,
	                       .source = source,
	                       .name = xstrdup(name),
	                       .state = xstrdup(names),
	                       .before_ms = INT64_MAX,
	                       .limit = rows});
}

void archiver_older(struct archiver *archiver, source_id source, const char *name,
        int64_t before_ms, int limit, job_id job)
{
	post(archiver, (struct message){.kind = MESSAGE_OLDER,
	                       .source = source,
	                       .name = xstrdup(name),
	                       .before_ms = before_ms,
	                       .limit = limit,
	                       .job = job});
}

void archiver_article(struct archiver *archiver, const char *uri, job_id job)
{
	post(archiver, (struct message){.kind = MESSAGE_ARTICLE, .name = xstrdup(uri), .job = job});
}

void archiver_gone(struct archiver *archiver, account_id account, const char *remote_id)
{
	post(archiver,
	        (struct message){
	                .kind = MESSAGE_GONE, .account = account, .name = xstrdup(remote_id)});
}

/* A post is one block without pointers. */
static struct post *copy_post(const struct post *post)
{
	struct post *copy = xmalloc(post->size);
	memcpy(copy, post, post->size);
	return copy;
}

static void copy_article(struct page *out, const struct article *article)
{
	struct text text = {0};
	str_add(&text.utf8, str_c(&article->text.utf8), article->text.utf8.len);
	for (size_t i = 0; i < article->text.nfacets; i++) {
		const struct facet *facet = &article->text.facets[i];
		text_facet(&text, facet->kind, facet->start, facet->end, facet->target);
	}
	page_add_article(out, article->post, &text);
}

/* All that archive_save reads. */
static struct page *copy_page(const struct page *page)
{
	struct page *copy = page_new();
	copy->profiles = xcalloc(page->nprofiles + 1, sizeof *copy->profiles);
	for (; copy->nprofiles < page->nprofiles; copy->nprofiles++)
		copy->profiles[copy->nprofiles] = profile_copy(page->profiles[copy->nprofiles]);
	copy->posts = xcalloc(page->nposts + 1, sizeof *copy->posts);
	for (; copy->nposts < page->nposts; copy->nposts++)
		copy->posts[copy->nposts] = copy_post(page->posts[copy->nposts]);
	for (size_t i = 0; i < page->nentries; i++)
		page_add_entry(copy, &page->entries[i]);
	for (size_t i = 0; i < page->narticles; i++)
		copy_article(copy, &page->articles[i]);
	copy->gap = page->gap;
	copy->older = page_str(copy, page->older);
	copy->fills = page_str(copy, page->fills);
	copy->title = page_str(copy, page->title);
	copy->site = page_str(copy, page->site);
	return copy;
}

void archiver_save(
        struct archiver *archiver, const char *name, const struct page *page, const char *state)
{
	post(archiver, (struct message){.kind = MESSAGE_SAVE,
	                       .name = xstrdup(name),
	                       .page = copy_page(page),
	                       .state = xstrdup(state)});
}
