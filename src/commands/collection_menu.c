#include <string.h>

#include "acting.h"
#include "app/overlay.h"
#include "base/mem.h"
#include "model/source.h"

/* What can be done with one item of a collection. */

struct choice {
	const char *key, *text, *command;
};

/* A line of a menu: COMMAND as ACCOUNT TAIL. */
static void add_choice_line(struct list_view *list, const char *key, const char *text,
        const char *command, const char *account, const char *tail)
{
	struct str line = {0};
	str_addf(&line, "%s as ", command);
	cmd_quote(&line, account);
	str_addf(&line, " %s", tail);
	const struct list_item item = {.key = (char *)key, .text = (char *)text, .line = line.p};
	list_view_add(list, &item);
	str_finish(&line);
}

/* A new column of a source of the account. */
static void add_column_line(struct list_view *list, const char *title, const char *account,
        const char *kind, const char *arg)
{
	struct str line = {0}, source = {0};
	struct source_ref ref = {.account = (char *)account, .arg = (char *)arg};
	for (int i = 0; i < SOURCE_NKINDS; i++) {
		if (strcmp(source_kinds[i].name, kind) == 0) ref.kind = (enum source_kind)i;
	}
	source_print(&source, &ref);
	str_adds(&line, "column add ");
	cmd_quote(&line, title);
	str_addc(&line, ' ');
	cmd_quote(&line, source.p);
	const struct list_item item = {
	        .key = (char *)"c", .text = (char *)"open it as a column", .line = line.p};
	list_view_add(list, &item);
	str_finish(&line);
	str_finish(&source);
}

static bool list_menu(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct acting acting;
	acting_read(call, &acting);
	const struct account *account = act_account(app, acting.as, err);
	if (!account) return false;
	const char *title = acting.nrest > 1 ? acting.rest[1] : acting.rest[0];
	struct list_view list = {.title = xstrdup(title)};
	struct str id = {0}, named = {0};
	cmd_quote(&id, acting.rest[0]);
	str_addf(&named, "%s %s", id.p, title);
	add_column_line(&list, title, account->name, "list", acting.rest[0]);
	add_choice_line(&list, "m", "who is on it", "list-members", account->name, named.p);
	add_choice_line(
	        &list, "r", "give it another name", "prompt list-rename", account->name, id.p);
	if (account->caps & CAP_MODLIST) {
		str_clear(&named);
		str_addf(&named, "at %s", id.p);
		add_choice_line(
		        &list, "M", "mute everybody on it", "mute-list", account->name, named.p);
		add_choice_line(
		        &list, "U", "hear them again", "unmute-list", account->name, named.p);
		add_choice_line(
		        &list, "B", "block everybody on it", "block-list", account->name, named.p);
		add_choice_line(
		        &list, "N", "no longer block them", "unblock-list", account->name, named.p);
	}
	str_clear(&named);
	str_addf(&named, "at %s %s", id.p, title);
	add_choice_line(&list, "d", "delete it", "list-delete", account->name, named.p);
	overlay_list(app, &list);
	str_finish(&id);
	str_finish(&named);
	return true;
}

/* The menu of what `at` names: a tag, somebody who asks, somebody. */
static bool open_menu(const struct cmd_call *call, const char *kind, const char *prefix,
        const struct choice *choices, struct err *err)
{
	struct app *app = call_app(call);
	struct acting acting;
	acting_read(call, &acting);
	const struct account *account = act_account(app, acting.as, err);
	if (!account) return false;
	struct str title = {0}, tail = {0};
	struct list_view list = {0};
	str_addf(&title, "%s%s", prefix, acting.at);
	list.title = xstrdup(title.p);
	str_adds(&tail, "at ");
	cmd_quote(&tail, acting.at);
	if (strcmp(kind, "profile") == 0) {
		struct str line = {0};
		str_adds(&line, "profile ");
		cmd_quote(&line, acting.at);
		list_view_add(&list, &(struct list_item){.key = (char *)"p",
		                             .text = (char *)"their profile",
		                             .line = line.p});
		str_finish(&line);
	}
	add_column_line(&list, title.p, account->name, kind, acting.at);
	for (const struct choice *choice = choices; choice->key; choice++)
		add_choice_line(
		        &list, choice->key, choice->text, choice->command, account->name, tail.p);
	overlay_list(app, &list);
	str_finish(&title);
	str_finish(&tail);
	return true;
}

static bool tag_menu(const struct cmd_call *call, struct err *err)
{
	static const struct choice choices[] = {
	        {"u", "no longer follow it", "unfollow-tag sure"},
	        {0},
	};
	return open_menu(call, "tag", "#", choices, err);
}

static bool request_menu(const struct cmd_call *call, struct err *err)
{
	static const struct choice choices[] = {
	        {"y", "let them follow", "accept"},
	        {"n", "do not let them follow", "reject"},
	        {0},
	};
	return open_menu(call, "profile", "@", choices, err);
}

static bool person_menu(const struct cmd_call *call, struct err *err)
{
	static const struct choice choices[] = {
	        {"w", "follow, or no longer", "follow"},
	        {"l", "put on a list", "list-choose"},
	        {"m", "mute at the server, or no longer", "account-mute"},
	        {"b", "block, or no longer", "block"},
	        {0},
	};
	return open_menu(call, "profile", "@", choices, err);
}

const struct cmd collection_menu_commands[] = {
        {"list-menu", "[as ACCOUNT] LIST [TEXT]", "what can be done with a list", ANYWHERE,
                list_menu, NULL},
        {"person-menu", "[as ACCOUNT] at WHO", "what can be done with somebody", ANYWHERE,
                person_menu, NULL},
        {"request-menu", "[as ACCOUNT] at WHO", "answer somebody who asks to follow", ANYWHERE,
                request_menu, NULL},
        {"tag-menu", "[as ACCOUNT] at TAG", "what can be done with a followed tag", ANYWHERE,
                tag_menu, NULL},
        {0},
};
