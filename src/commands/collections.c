#include <stdlib.h>
#include <string.h>

#include "acting.h"
#include "app/browse.h"
#include "app/overlay.h"
#include "base/mem.h"
#include "cmd/option.h"
#include "model/post.h"
#include "model/profile.h"

/* What an account's server keeps lists of: lists, mutes, blocks, followers, earlier texts. */

/* -- the line of an item: what Enter does to it -- */

/* `COMMAND … as ACCOUNT at ID …` */
static void add_line(const struct browse *browse, struct list_view *list, const struct item *item,
        const char *command, const char *detail)
{
	struct str line = {0};
	str_addf(&line, "%s as ", command);
	cmd_quote(&line, browse_account(browse));
	str_adds(&line, " at ");
	cmd_quote(&line, item->id);
	if (browse_about(browse)) {
		str_addc(&line, ' ');
		cmd_quote(&line, browse_about(browse));
	}
	const struct list_item it = {.text = item->title, .detail = (char *)detail, .line = line.p};
	list_view_add(list, &it);
	str_finish(&line);
}

static void add_heading(struct list_view *list, const char *text)
{
	const struct list_item item = {.text = (char *)text, .heading = true};
	list_view_add(list, &item);
}

/* What Enter does, where there is something to do it to. */
static void add_hint(const struct browse *browse, struct list_view *list, const char *text)
{
	if (!browse_is_empty(browse)) add_heading(list, text);
}

static void add_person(const struct browse *browse, struct list_view *list, const struct item *item)
{
	if (item) add_line(browse, list, item, "person-menu", item->id);
}

static void add_mute(const struct browse *browse, struct list_view *list, const struct item *item)
{
	struct str detail = {0};
	if (!item) {
		add_hint(browse, list, "Enter: hear them again");
		return;
	}
	str_adds(&detail, item->id);
	if (item->at_ms) {
		int64_t left = item->at_ms - clock_wall(browse_app(browse)->clock);
		str_adds(&detail, "  for ");
		duration_print(&detail, (left / 60000 + 1) * 60000);
	}
	add_line(browse, list, item, "account-unmute sure", detail.p);
	str_finish(&detail);
}

static void add_block(const struct browse *browse, struct list_view *list, const struct item *item)
{
	if (item)
		add_line(browse, list, item, "unblock sure", item->id);
	else
		add_hint(browse, list, "Enter: no longer block them");
}

static void add_host(const struct browse *browse, struct list_view *list, const struct item *item)
{
	if (item)
		add_line(browse, list, item, "unblock-domain sure", item->detail);
	else
		add_hint(browse, list, "Enter: show it again");
}

static void add_tag(const struct browse *browse, struct list_view *list, const struct item *item)
{
	if (item) add_line(browse, list, item, "tag-menu", item->detail);
}

static const struct list_key request_keys[] = {
        {"y", "let them follow", "accept", false},
        {"n", "do not", "reject", false},
        {0},
};

static void add_request(
        const struct browse *browse, struct list_view *list, const struct item *item)
{
	struct str line = {0}, about = {0};
	if (!item) return;
	str_adds(&about, "as ");
	cmd_quote(&about, browse_account(browse));
	str_adds(&about, " at ");
	cmd_quote(&about, item->id);
	str_addf(&line, "request-menu %s", about.p);
	const struct list_item it = {
	        .text = item->title, .detail = item->id, .line = line.p, .about = about.p};
	list_view_add(list, &it);
	str_finish(&line);
	str_finish(&about);
}

static void add_member(const struct browse *browse, struct list_view *list, const struct item *item)
{
	if (item)
		add_line(browse, list, item, "list-remove sure", item->id);
	else
		add_hint(browse, list, "Enter: take them off the list");
}

/* A list, with its title for whoever opens it. */
static void add_list(const struct browse *browse, struct list_view *list, const struct item *item)
{
	struct str line = {0};
	if (item) {
		str_adds(&line, "list-menu as ");
		cmd_quote(&line, browse_account(browse));
		str_addc(&line, ' ');
		cmd_quote(&line, item->id);
		str_addf(&line, " %s", item->title);
	} else {
		str_adds(&line, "prompt list-make as ");
		cmd_quote(&line, browse_account(browse));
	}
	const struct list_item it = {.key = item ? NULL : (char *)"n",
	        .text = item ? item->title : (char *)"make a new one",
	        .line = line.p};
	list_view_add(list, &it);
	str_finish(&line);
}

/* A custom feed: Enter makes it a column. */
static void add_custom(const struct browse *browse, struct list_view *list, const struct item *item)
{
	struct str line = {0}, source = {0};
	if (!item) {
		add_hint(browse, list, "Enter: a column of it");
		return;
	}
	str_addf(&source, "%s/custom:%s", browse_account(browse), item->id);
	str_adds(&line, "column add ");
	cmd_quote(&line, item->title);
	str_addc(&line, ' ');
	cmd_quote(&line, source.p);
	const struct list_item it = {.text = item->title, .detail = item->detail, .line = line.p};
	list_view_add(list, &it);
	str_finish(&source);
	str_finish(&line);
}

/* A list that somebody is put on, or taken off where they are. */
static void add_choice(const struct browse *browse, struct list_view *list, const struct item *item)
{
	if (!item) return;
	bool on = browse_marked(browse, item);
	struct str line = {0}, text = {0};
	str_addf(&line, "%s as ", on ? "list-remove sure" : "list-add sure");
	cmd_quote(&line, browse_account(browse));
	str_adds(&line, " at ");
	cmd_quote(&line, browse_about(browse));
	str_addc(&line, ' ');
	cmd_quote(&line, item->id);
	str_addf(&text, "%s %s", on ? ui_mark(&browse_app(browse)->ui, MARK_CHECK) : " ",
	        item->title);
	const struct list_item it = {
	        .text = text.p, .detail = on ? (char *)"is on it" : NULL, .line = line.p};
	list_view_add(list, &it);
	str_finish(&line);
	str_finish(&text);
}

static void add_text(const struct browse *browse, struct list_view *list, const struct item *item)
{
	char at[32] = "";
	if (!item) return;
	ui_time(&browse_app(browse)->ui, at, item->at_ms);
	struct str heading = {0};
	str_addf(&heading, "%s  %s", at, item->title);
	add_heading(list, heading.p);
	str_finish(&heading);
	for (const char *line = item->detail ? item->detail : ""; *line;) {
		size_t len = strcspn(line, "\n");
		char *copy = xstrndup(line, len);
		const struct list_item it = {.text = copy};
		list_view_add(list, &it);
		free(copy);
		line += len + (line[len] == '\n');
	}
}

/* -- which there are -- */

enum needs { NOTHING, A_POST, A_PROFILE, A_LIST };

static const struct view {
	const char *command;
	enum collection kind;
	enum needs needs;
	unsigned cap; /* enum capability; 0: any account */
	const char *title, *empty;
	void (*add)(const struct browse *browse, struct list_view *list, const struct item *item);
} views[] = {
        {"blocked", COLLECTION_BLOCKS, NOTHING, CAP_BLOCK, "Blocked by", "nobody is blocked",
                add_block},
        {"custom-feeds", COLLECTION_FEEDS, NOTHING, 0, "Custom feeds of", "there is none",
                add_custom},
        {"followed-tags", COLLECTION_TAGS, NOTHING, CAP_FOLLOW_TAG, "Tags followed by",
                "no tag is followed", add_tag},
        {"followers", COLLECTION_FOLLOWERS, A_PROFILE, 0, "Followers of", "nobody, or not told",
                add_person},
        {"following", COLLECTION_FOLLOWING, A_PROFILE, 0, "Followed by", "nobody, or not told",
                add_person},
        {"hidden-hosts", COLLECTION_DOMAINS, NOTHING, CAP_BLOCK_DOMAIN, "Hosts hidden by",
                "no host is hidden", add_host},
        {"history", COLLECTION_HISTORY, A_POST, 0, "Texts of", "it was never changed", add_text},
        {"liked-by", COLLECTION_LIKED_BY, A_POST, 0, "Who liked", "nobody, or not told",
                add_person},
        {"list-members", COLLECTION_MEMBERS, A_LIST, CAP_LIST, "On the list", "nobody is on it",
                add_member},
        {"lists", COLLECTION_LISTS, NOTHING, CAP_LIST, "Lists of", "there is no list yet",
                add_list},
        {"muted", COLLECTION_MUTES, NOTHING, CAP_MUTE, "Muted by", "nobody is muted there",
                add_mute},
        {"reposted-by", COLLECTION_REPOSTED_BY, A_POST, 0, "Who reposted", "nobody, or not told",
                add_person},
        {"requests", COLLECTION_REQUESTS, NOTHING, CAP_FOLLOW, "Who asks to follow",
                "nobody asks to follow", add_request},
};

static const struct view *view_of(const char *command)
{
	size_t i = 0;
	while (strcmp(views[i].command, command) != 0)
		i++;
	return &views[i];
}

/* What the collection is asked with, and what its title names. */
static bool find_arg(struct app *app, const struct view *view, const struct acting *acting,
        struct str *arg, struct str *title, struct err *err)
{
	struct acting_profile who;
	const struct post *post;
	str_addf(title, "%s ", view->title);
	switch (view->needs) {
	case NOTHING:
		return true;
	case A_LIST:
		str_adds(arg, acting->rest[0]);
		str_adds(title, acting->nrest > 1 ? acting->rest[1] : arg->p);
		return true;
	case A_PROFILE:
		if (!acting_profile(app, acting, &who, err)) return false;
		str_adds(arg, who.handle);
		str_adds(title, who.handle);
		return true;
	case A_POST:
		post = acting->at ? store_post(app->store, store_find(app->store, acting->at))
		                  : app_selected(app, err);
		if (!post && !acting->at) return false;
		str_adds(arg, post ? post_str(post, POST_URI) : acting->at);
		if (post)
			act_post_label(app, post, title);
		else
			str_adds(title, acting->at);
		return true;
	}
	return false;
}

static bool open(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct view *view = view_of(call->argv[0]);
	struct acting acting;
	acting_read(call, &acting);
	const struct account *account = act_account(app, acting.as, err);
	if (!account || !act_has(account, view->cap, err)) return false;
	struct str arg = {0}, title = {0};
	bool ok = find_arg(app, view, &acting, &arg, &title, err);
	if (view->needs == NOTHING) str_adds(&title, account->name);
	if (ok) {
		struct str again = {0};
		str_addf(&again, "%s as ", view->command);
		cmd_quote(&again, account->name);
		const struct browse_spec spec = {.account = account,
		        .kind = view->kind,
		        .keys = view->kind == COLLECTION_REQUESTS ? request_keys : NULL,
		        .again = view->kind == COLLECTION_REQUESTS ? again.p : NULL,
		        .title = title.p,
		        .arg = arg.p,
		        .marks = BROWSE_NO_MARKS,
		        .about = view->needs == A_LIST ? arg.p : NULL,
		        .empty = view->empty,
		        .add = view->add};
		browse_open(app, &spec);
		str_finish(&again);
	}
	str_finish(&arg);
	str_finish(&title);
	return ok;
}

static bool more(const struct cmd_call *call, struct err *err)
{
	return browse_more(call_app(call), err);
}

/* The lists that somebody can be put on. */
static bool list_choose(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct acting acting;
	struct acting_profile who;
	acting_read(call, &acting);
	const struct account *account = act_account(app, acting.as, err);
	if (!account || !act_has(account, CAP_LIST, err)) return false;
	if (!acting_profile(app, &acting, &who, err)) return false;
	struct str title = {0};
	str_addf(&title, "Lists for %s", who.handle);
	const struct browse_spec spec = {.account = account,
	        .kind = COLLECTION_LISTS,
	        .title = title.p,
	        .marks = COLLECTION_ON_LISTS,
	        .about = who.handle,
	        .empty = "there is no list yet; `lists` makes one",
	        .add = add_choice};
	browse_open(app, &spec);
	str_finish(&title);
	return true;
}

/* -- may it be done -- */

static bool can_post_act(void *app, struct err *err)
{
	return app_selected(app, err) && act_account(app, NULL, err);
}

static bool can_profile_act(void *app, struct err *err)
{
	return acting_selected(app, err) && act_account(app, NULL, err);
}

static bool can_list(void *app, struct err *err)
{
	const struct account *account =
	        acting_selected(app, err) ? act_account(app, NULL, err) : NULL;
	return account && act_has(account, CAP_LIST, err);
}

static const struct cmd_hooks on_post = {.can = can_post_act};
static const struct cmd_hooks on_profile = {.can = can_profile_act};
static const struct cmd_hooks on_list = {.can = can_list};

#define OWN  "[as ACCOUNT]"
#define WHO  "[as ACCOUNT] [at WHO]"
#define POST "[as ACCOUNT] [at URL]"

const struct cmd collection_commands[] = {
        {"blocked", OWN, "list whom the account blocks", ANYWHERE, open, NULL},
        {"custom-feeds", OWN, "list the account's custom feeds (Bluesky)", ANYWHERE, open, NULL},
        {"followed-tags", OWN, "list the tags that the account follows", ANYWHERE, open, NULL},
        {"followers", WHO, "list who follows them", ANYWHERE | CMD_ACTION, open, &on_profile},
        {"following", WHO, "list whom they follow", ANYWHERE | CMD_ACTION, open, &on_profile},
        {"hidden-hosts", OWN, "list the hosts that the account hides", ANYWHERE, open, NULL},
        {"history", POST, "show this post's earlier texts", ANYWHERE | CMD_ACTION, open, &on_post},
        {"liked-by", POST, "list who liked this post", ANYWHERE | CMD_ACTION, open, &on_post},
        {"list-choose", WHO, "put them on a list, or take them off one", ANYWHERE | CMD_ACTION,
                list_choose, &on_list},
        {"list-members", "[as ACCOUNT] LIST [TEXT]", "list who is on a list", ANYWHERE, open, NULL},
        {"lists", OWN, "list the account's lists", ANYWHERE, open, NULL},
        {"more", "", "go on with the list on the screen", ANYWHERE, more, NULL},
        {"muted", OWN, "list whom the account mutes at its server", ANYWHERE, open, NULL},
        {"reposted-by", POST, "list who reposted this post", ANYWHERE | CMD_ACTION, open, &on_post},
        {"requests", OWN, "list who asks to follow the account", ANYWHERE, open, NULL},
        {0},
};
