#include <stdlib.h>
#include <string.h>

#include "acting.h"
#include "app/overlay.h"
#include "base/mem.h"
#include "model/poll.h"
#include "model/post.h"

/* Voting: a list of the options; where several may be chosen they are ticked first. */

enum { MAX_OPTIONS = 32 }; /* bits of an action's choices */

static size_t options_of(const struct post *post)
{
	size_t n = poll_sum(post_str(post, POST_POLL)).options;
	return n < MAX_OPTIONS ? n : MAX_OPTIONS;
}

static bool can_vote_on(const struct account *account, const struct post *post, struct err *err)
{
	struct viewer viewer;
	if (!options_of(post)) return err_set(err, ERR_NOT_FOUND, "this post has no poll");
	if (!act_can(account, VERB_VOTE, err)) return false;
	if (post->flags & POST_IS_POLL_OVER)
		return err_set(err, ERR_UNSUPPORTED, "this poll is over");
	if (post_viewer_of(post, account->id, &viewer) && viewer.flags & VIEWER_VOTED)
		return err_set(err, ERR_UNSUPPORTED, "%s has voted already", account->name);
	return true;
}

static bool can_vote(void *app, struct err *err)
{
	const struct post *post = app_selected(app, err);
	const struct account *account = post ? act_account(app, NULL, err) : NULL;
	return account && can_vote_on(account, post, err);
}

/* The numbers of the ticked options, and whom it is done as. */
static void add_words(struct str *line, uint32_t ticked, const char *as)
{
	if (as) {
		str_adds(line, " as ");
		cmd_quote(line, as);
	}
	for (int i = 0; i < MAX_OPTIONS; i++) {
		if (ticked & UINT32_C(1) << i) str_addf(line, " %d", i + 1);
	}
}

static void add_option(struct app *app, struct list_view *list, const struct post *post,
        const struct poll_option *option, int i, uint32_t ticked, const char *as)
{
	bool several = post->flags & POST_IS_POLL_MULTIPLE, on = ticked & UINT32_C(1) << i;
	struct str line = {0}, title = {0}, votes = {0};
	char key[2] = {i < 9 ? (char)('1' + i) : '\0', '\0'};
	str_adds(&line, "vote");
	if (several) str_addf(&line, " tick %d", i + 1);
	add_words(&line, several ? ticked : UINT32_C(1) << i, as);
	if (several) str_addf(&title, "%s ", on ? ui_mark(&app->ui, MARK_CHECK) : " ");
	str_add(&title, option->title, option->len);
	if (option->votes >= 0)
		str_addf(&votes, "%lld vote%s", (long long)option->votes,
		        option->votes == 1 ? "" : "s");
	const struct list_item item = {
	        .key = *key ? key : NULL, .text = title.p, .detail = votes.p, .line = line.p};
	list_view_add(list, &item);
	str_finish(&line);
	str_finish(&title);
	str_finish(&votes);
}

static void choose(
        struct app *app, const struct post *post, uint32_t ticked, int focus, const char *as)
{
	bool several = post->flags & POST_IS_POLL_MULTIPLE;
	struct list_view list = {.title = xstrdup(several ? "Vote for any of" : "Vote for")};
	const char *at = post_str(post, POST_POLL);
	struct poll_option option;
	for (int i = 0; i < MAX_OPTIONS && poll_next(&at, &option); i++)
		add_option(app, &list, post, &option, i, ticked, as);
	if (several) {
		struct str line = {0};
		str_adds(&line, "vote");
		add_words(&line, ticked, as);
		const struct list_item item = {.key = (char *)"v",
		        .text = (char *)"send the vote",
		        .detail = ticked ? NULL : (char *)"nothing is ticked yet",
		        .line = line.p,
		        .dim = !ticked};
		list_view_add(&list, &item);
		str_finish(&line);
	}
	list.focus = (size_t)focus;
	overlay_list(app, &list);
}

static bool number(const char *word, size_t noptions, int *out, struct err *err)
{
	char *end;
	long n = strtol(word, &end, 10);
	if (*end || n < 1 || (size_t)n > noptions)
		return err_set(err, ERR_SYNTAX, "an option is a number from 1 to %zu, not '%s'",
		        noptions, word);
	*out = (int)n - 1;
	return true;
}

static bool choices(const struct acting *acting, size_t noptions, uint32_t *out, int *out_focus,
        struct err *err)
{
	uint32_t choices = 0;
	int at = 0;
	for (int i = 0; i < acting->nrest; i++) {
		if (!number(acting->rest[i], noptions, &at, err)) return false;
		choices |= UINT32_C(1) << at;
	}
	*out_focus = 0;
	if (acting->tick) {
		if (!number(acting->tick, noptions, out_focus, err)) return false;
		choices ^= UINT32_C(1) << *out_focus;
	}
	*out = choices;
	return true;
}

static void send(
        struct app *app, const struct account *account, const struct post *post, uint32_t ticked)
{
	struct str label = {0};
	struct viewer viewer = {0};
	struct action *action = action_new(VERB_VOTE, false);
	act_post_label(app, post, &label);
	action->uri = xstrdup(post_str(post, POST_URI));
	if (post_viewer_of(post, account->id, &viewer))
		action->remote_id = xstrdup(viewer.remote_id);
	action->choices = ticked;
	act_do(app, &(struct act){.account = account,
	                    .action = action,
	                    .post = post->id,
	                    .label = str_c(&label)});
	str_finish(&label);
}

static bool vote(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct acting acting;
	uint32_t ticked;
	int focus;
	acting_read(call, &acting);
	const struct post *post = app_selected(app, err);
	const struct account *account = post ? act_account(app, acting.as, err) : NULL;
	if (!account || !can_vote_on(account, post, err)) return false;
	if (!choices(&acting, options_of(post), &ticked, &focus, err)) return false;
	if (!(post->flags & POST_IS_POLL_MULTIPLE) && ticked & (ticked - 1))
		return err_set(err, ERR_SYNTAX, "only one option may be chosen here");
	if (acting.tick || !ticked)
		choose(app, post, ticked, focus, acting.as);
	else
		send(app, account, post, ticked);
	return true;
}

static const struct cmd_hooks vote_hooks = {.can = can_vote};

const struct cmd vote_commands[] = {
        {"vote", "[tick N] [as ACCOUNT] [N…]", "vote in this post's poll; without numbers, choose",
                ANYWHERE | CMD_ACTION, vote, &vote_hooks},
        {0},
};
