#include <stdlib.h>
#include <string.h>

#include "app/notice.h"
#include "app/overlay.h"
#include "app/prompt.h"
#include "app/rules.h"
#include "app/undo.h"
#include "base/duration.h"
#include "base/mem.h"
#include "muting.h"

/* Rules that speak up: highlights give rows a look, notices tell of new ones. */

enum { MAX_OVER = 100000 };

static const struct list_key keys[] = {
        {"e", "edit", "rules edit", false},
        {"d", "drop", "rules drop", false},
        {"h", "highlight", "prompt highlight", true},
        {"n", "notice", "prompt notify", true},
        {"U", "undo", "undo", true},
        {0},
};

/* The line that a call was, in one form however it was written. */
static void print_line(struct str *out, const struct rule *rule)
{
	if (rule->kind == RULE_HIGHLIGHT) {
		str_addf(out, "highlight %s %s", rule->role, rule->query);
		return;
	}
	str_adds(out, "notify ");
	if (rule->per_ms) {
		str_addf(out, "over %u in ", rule->over);
		duration_print(out, rule->per_ms);
		str_addc(out, ' ');
	}
	if (rule->bell) str_adds(out, "bell ");
	if (rule->columns) {
		str_adds(out, "in ");
		cmd_quote(out, rule->columns);
		str_addc(out, ' ');
	}
	str_adds(out, rule->query);
}

/* Put it, and say so unless a file or what was kept says it. */
static bool put(struct app *app, const struct rule *rule, struct err *err)
{
	struct str line = {0}, undo = {0};
	int at = -1;
	print_line(&line, rule);
	bool ok = rules_check(app, rule->query, &at, err);
	if (!ok) prompt_mistake(app, rule->query, at);
	ok = ok && rules_put(app, line.p, rule, err);
	if (ok && !app->source_depth && app->started) {
		str_addf(&undo, "rules drop %s", line.p);
		undo_line(app, line.p, undo.p, NULL);
		app_say(app, TONE_GOOD, "%s · U undoes",
		        rule->kind == RULE_HIGHLIGHT ? "highlighted from now on"
		                                     : "told from now on");
	}
	str_finish(&line);
	str_finish(&undo);
	return ok;
}

static bool highlight(const struct cmd_call *call, struct err *err)
{
	const struct rule rule = {
	        .kind = RULE_HIGHLIGHT, .role = call->argv[1], .query = call->argv[2]};
	enum role role;
	if (!role_find(rule.role, &role, err)) return false;
	return call->live ? query_preview(call, rule.query, err) : put(call_app(call), &rule, err);
}

/* The words between `notify` and its query. */
static bool read_notice(const struct cmd_call *call, struct rule *out, struct err *err)
{
	for (int i = 1; i + 1 < call->argc; i++) {
		const char *word = call->argv[i];
		if (strcmp(word, "bell") == 0) {
			out->bell = true;
		} else if (strcmp(word, "in") == 0) {
			out->columns = call->argv[++i];
		} else if (strcmp(word, "over") == 0) {
			char *end;
			long over = strtol(call->argv[i + 1], &end, 10);
			if (*end || end == call->argv[i + 1] || over < 0 || over > MAX_OVER)
				return err_set(err, ERR_SYNTAX, "over how many? 0 to %d, not '%s'",
				        MAX_OVER, call->argv[i + 1]);
			if (!duration_parse(call->argv[i + 3], &out->per_ms) || out->per_ms <= 0)
				return err_set(err, ERR_SYNTAX,
				        "'%s' is not a duration such as 30m or 1h",
				        call->argv[i + 3]);
			out->over = (unsigned)over;
			i += 3;
		}
	}
	return true;
}

static bool notify(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct rule rule = {.kind = RULE_NOTICE, .query = call->argv[call->argc - 1]};
	if (!read_notice(call, &rule, err)) return false;
	if (call->live) return query_preview(call, rule.query, err);
	bool typed = !app->source_depth && app->started;
	if (typed && !columns_there(app, rule.columns, err)) return false;
	return put(app, &rule, err);
}

static bool notify_test(const struct cmd_call *call, struct err *err)
{
	(void)err;
	notice_test(call_app(call));
	return true;
}

/* -- the list -- */

static void add_rule(struct list_view *list, const struct rule *rule)
{
	const char *text = rules_line(rule);
	struct str line = {0};
	str_addf(&line, "rules edit %s", text);
	const struct list_item item = {.text = (char *)text,
	        .detail = rules_of_config(rule->id) ? (char *)"config" : NULL,
	        .line = line.p,
	        .about = (char *)text};
	list_view_add(list, &item);
	str_finish(&line);
}

static bool rules(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct rule *const *all;
	size_t n = store_rules(app->store, &all);
	struct list_view list = {.title = xstrdup("Highlights and notices"),
	        .keys = keys,
	        .again = xstrdup("rules")};
	(void)err;
	for (size_t i = 0; i < n; i++) {
		if (!notice_of_column(all[i])) add_rule(&list, all[i]);
	}
	if (list.nitems == 0)
		list_view_add(&list,
		        &(struct list_item){.text = (char *)"none yet: `notify bell to:me`"});
	overlay_list(app, &list);
	return true;
}

static bool rules_drop_run(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *line = call->argv[1];
	if (!rules_drop(app, line, err)) return false;
	undo_line(app, "a rule dropped", line, NULL);
	app_say(app, TONE_GOOD, "dropped: %s · U undoes", line);
	return true;
}

static bool rules_edit(const struct cmd_call *call, struct err *err)
{
	struct str command = {0};
	(void)err;
	str_adds(&command, "rules change ");
	cmd_quote(&command, call->argv[1]);
	prompt_open(call_app(call), command.p, call->argv[1]);
	str_finish(&command);
	return true;
}

static bool rules_change(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *old = call->argv[1], *line = call->argc > 2 ? call->argv[2] : "";
	const struct cmd *cmd = cmd_of(app->commands, line);
	if (!cmd || (cmd->run != highlight && cmd->run != notify))
		return err_set(err, ERR_SYNTAX, "a rule is `highlight …` or `notify …`");
	if (strcmp(old, line) == 0) return true;
	if (!app_command(app, line, NULL, err) || !rules_drop(app, old, err)) return false;
	undo_line(app, "a rule changed", old, NULL);
	return true;
}

static void complete_role(void *app, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx)
{
	(void)app, (void)words;
	for (int i = 0; arg == 1 && i < ROLE_COUNT; i++)
		add(ctx, role_name((enum role)i), role_help((enum role)i));
}

static const struct cmd_hooks role_hooks = {.complete = complete_role};

const struct cmd rule_commands[] = {
        {"highlight", "ROLE QUERY", "give what matches the look of a role of the theme",
                SETTING | CMD_LIVE, highlight, &role_hooks},
        {"notify", "[over N in D] [bell] [in COLUMNS] QUERY",
                "tell when something new matches, each time or when it is too much",
                SETTING | CMD_LIVE, notify, NULL},
        {"notify test", "", "show a notice by each way there is, and say which one they take",
                ANYWHERE, notify_test, NULL},
        {"rules", "", "list highlights and notices", ANYWHERE, rules, NULL},
        {"rules change", "RULE TEXT", "put another rule in a rule's place", ANYWHERE, rules_change,
                NULL},
        {"rules drop", "TEXT", "drop a highlight or notice, by its line", ANYWHERE, rules_drop_run,
                NULL},
        {"rules edit", "TEXT", "change a highlight or notice in the prompt", ANYWHERE, rules_edit,
                NULL},
        {0},
};
