#include <stdlib.h>
#include <string.h>

#include "app/act.h"
#include "app/undo.h"
#include "base/mem.h"
#include "model/post.h"
#include "tables.h"

/* What we owe the posts that were addressed to us: done with them, or later. */

/* D: what waits is done; what is done waits after all, until later. */
static enum attention next_of(enum attention now)
{
	return now == ATTENTION_NEW || now == ATTENTION_LATER ? ATTENTION_DONE : ATTENTION_LATER;
}

static const struct {
	enum attention state;
	const char *word, *said;
} words[] = {
        {ATTENTION_NEW, "waiting", "waits for an answer"},
        {ATTENTION_LATER, "later", "later · D again: done"},
        {ATTENTION_ANSWERED, "answered", "answered"},
        {ATTENTION_DONE, "done", "done · D again: later"},
};

enum { WORDS = sizeof(words) / sizeof(*words) };

/* The account that the post was to, else whom the column acts as; 0: nobody. */
static account_id addressee(const struct app *app, const struct post *post)
{
	for (size_t i = 0; i < post->nviewers; i++) {
		struct viewer viewer = post_viewer(post, i);
		if (viewer.flags & VIEWER_MENTIONED) return viewer.account;
	}
	const struct account *account = act_account(app, NULL, NULL);
	return account ? account->id : 0;
}

static void put(struct app *app, const struct post *post, enum attention state)
{
	const char *uri = post_str(post, POST_URI);
	struct job *job = job_new(JOB_ATTENTION);
	job->account = addressee(app, post);
	job->arg = xstrdup(uri);
	job->number = state;
	app_post(app, job);
	store_put_attention(app->store, store_key(uri), state);
}

static bool done(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *at = NULL, *word = NULL;
	for (int i = 1; i < call->argc; i++) {
		if (strcmp(call->argv[i], "at") == 0 && i + 1 < call->argc)
			at = call->argv[++i];
		else
			word = call->argv[i];
	}
	const struct post *post =
	        at ? store_post(app->store, store_find(app->store, at)) : app_selected(app, err);
	if (!post) return at ? err_set(err, ERR_NOT_FOUND, "that post is not here") : false;
	enum attention before = store_attention(app->store, post->id), state = next_of(before);
	struct str label = {0}, line = {0};
	const char *said = "", *was = NULL;
	for (int i = 0; i < WORDS; i++) {
		if (word && strcmp(words[i].word, word) == 0) state = words[i].state;
		if (words[i].state == before) was = words[i].word;
	}
	for (int i = 0; i < WORDS; i++) {
		if (words[i].state == state) said = words[i].said;
	}
	act_post_label(app, post, &label);
	/* Where nothing was owed, nothing to be done is nearest to how it was. */
	str_addf(&line, "done %s at ", was ? was : "done");
	cmd_quote(&line, post_str(post, POST_URI));
	put(app, post, state);
	undo_line(app, label.p, line.p, NULL);
	app_say(app, TONE_GOOD, "%s · %s", said, label.p);
	str_finish(&label);
	str_finish(&line);
	return true;
}

/* In a menu it stands where something is owed; the key puts off any post. */
static bool can_done(void *app, struct err *err)
{
	const struct app *deck = app;
	const struct post *post = app_selected(deck, err);
	if (!post) return false;
	return store_attention(deck->store, post->id) != ATTENTION_NONE ||
	       err_set(err, ERR_NOT_FOUND, "nothing is owed to this post");
}

static const struct cmd_hooks hooks = {.can = can_done};

const struct cmd attention_commands[] = {
        {"done", "[done|later|waiting|answered] [at URL]",
                "done with this post that waits for an answer; again: later", ANYWHERE | CMD_ACTION,
                done, &hooks},
        {0},
};
