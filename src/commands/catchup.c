#include "app/catchup.h"

#include <string.h>

#include "app/spawn.h"
#include "base/when.h"
#include "model/post.h"
#include "tables.h"

/* What came while nobody looked. */

static bool catchup(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	int64_t since = 0;
	if (call->argc > 1 &&
	        !when_parse_past(call->argv[1], clock_wall(app->clock), NULL, &since, err))
		return false;
	catchup_begin(app, since);
	return true;
}

static bool again(const struct cmd_call *call, struct err *err)
{
	(void)err;
	catchup_show(call_app(call));
	return true;
}

static bool earlier(const struct cmd_call *call, struct err *err)
{
	(void)err;
	catchup_earlier(call_app(call));
	return true;
}

static bool read_all(const struct cmd_call *call, struct err *err)
{
	(void)err;
	catchup_read(call_app(call));
	return true;
}

/* Which of the words it is; `next` is the one after `now`. The usage lets no others through. */
static size_t word_of(const struct catchup_word *words, size_t n, const char *word, size_t now)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(words[i].word, word) == 0) return i;
	}
	return (now + 1) % n;
}

static bool by(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	size_t group = word_of(catchup_groups, CATCHUP_NGROUPS, call->argv[1], catchup_group(app));
	(void)err;
	catchup_set(app, (enum catchup_group)group, catchup_sort(app));
	return true;
}

static bool sort(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	size_t how = word_of(catchup_sorts, CATCHUP_NSORTS, call->argv[1], catchup_sort(app));
	(void)err;
	catchup_set(app, catchup_group(app), (enum catchup_sort)how);
	return true;
}

static bool unfold(const struct cmd_call *call, struct err *err)
{
	const char *key = call->argv[1];
	(void)err;
	catchup_unfold(call_app(call), strcmp(key, "-") == 0 ? "" : key);
	return true;
}

static bool open(const struct cmd_call *call, struct err *err)
{
	return catchup_open(call_app(call), call->argv[1], err);
}

/* Who passed it on, and what they say of it. */
static bool link(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	(void)err;
	catchup_set(app, CATCHUP_BY_LINK, catchup_sort(app));
	catchup_at_group(app, call->argv[1]);
	return true;
}

/* The page that a post links to, else the post's own; or the address itself. */
static bool browse(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *what = call->argv[1];
	const struct post *post = store_post(app->store, store_find(app->store, what));
	const char *link = post ? catchup_link_of(post) : what;
	return spawn_browser(app, post && !*link ? post_link(post) : link, err);
}

const struct cmd catchup_commands[] = {
        {"catchup", "[SINCE]",
                "what came since the last visit, or since 8h, yesterday; again: go on reading",
                ANYWHERE, catchup, NULL},
        {"catchup again", "", "show the catch-up where it was left", ANYWHERE, again, NULL},
        {"catchup browse", "URL", "open a catch-up's link or post in the browser", ANYWHERE, browse,
                NULL},
        {"catchup by", "author|link|nothing|next", "how the catch-up is gathered", ANYWHERE, by,
                NULL},
        {"catchup earlier", "", "let the catch-up reach twice as far back", ANYWHERE, earlier,
                NULL},
        {"catchup link", "URL", "who passed a link on, in the catch-up", ANYWHERE, link, NULL},
        {"catchup open", "URI", "open a post of the catch-up", ANYWHERE, open, NULL},
        {"catchup read", "", "mark all posts of the catch-up read", ANYWHERE, read_all, NULL},
        {"catchup sort", "replies|likes|density|time|next", "in which order the catch-up is",
                ANYWHERE, sort, NULL},
        {"catchup unfold", "URI [rest]", "show all posts of an author or link, or only the first",
                ANYWHERE, unfold, NULL},
        {0},
};
