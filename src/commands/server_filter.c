#include <stdlib.h>
#include <string.h>

#include "acting.h"
#include "app/ask.h"
#include "app/overlay.h"
#include "app/prompt.h"
#include "base/mem.h"
#include "cmd/option.h"
#include "server_filters.h"

/*
 * The filters that an account keeps at its server. They are written on one line:
 *
 *	TITLE | KEYWORD, part of a word*, … | home, thread, … | warn or hide | for 2w
 *
 * where all behind the keywords may be left out.
 */

enum { EVERYWHERE = (1 << FILTER_CONTEXT_COUNT) - 1, MAX_KEYWORDS = 100 };

static const int64_t hour_ms = 3600000;

/* -- writing one -- */

static void print_contexts(struct str *out, unsigned contexts)
{
	const char *comma = "";
	for (int i = 0; i < FILTER_CONTEXT_COUNT; i++) {
		if (!(contexts & 1U << i)) continue;
		str_addf(out, "%s%s", comma, filter_context_names[i]);
		comma = ", ";
	}
}

static void print_filter(const struct app *app, struct str *out, const struct server_filter *filter)
{
	str_addf(out, "%s | ", filter->title);
	for (size_t i = 0; i < filter->nkeywords; i++)
		str_addf(out, "%s%s%s", i ? ", " : "", filter->keywords[i].text,
		        filter->keywords[i].whole ? "" : "*");
	str_adds(out, " | ");
	print_contexts(out, filter->contexts);
	str_addf(out, " | %s", filter->action == FILTER_HIDE ? "hide" : "warn");
	if (!filter->expires_ms) return;
	/* Nobody thinks of two weeks as thirteen days, 23 hours and 59 minutes. */
	int64_t left = filter->expires_ms - clock_wall(app->clock);
	int64_t unit = left > 24 * hour_ms ? hour_ms : hour_ms / 60;
	str_adds(out, " | for ");
	duration_print(out, left > 0 ? (left + unit - 1) / unit * unit : unit);
}

/* -- reading one -- */

/* The next piece up to `sign`, without blanks at its ends. Owned; NULL: no more. */
static char *next_piece(const char **p, char sign)
{
	if (!*p) return NULL;
	const char *start = *p + strspn(*p, " ");
	const char *end = strchr(start, sign);
	size_t len = end ? (size_t)(end - start) : strlen(start);
	*p = end ? end + 1 : NULL;
	while (len && start[len - 1] == ' ')
		len--;
	return xstrndup(start, len);
}

static bool add_keyword(struct server_filter *filter, const char *word, struct err *err)
{
	size_t len = strlen(word);
	bool part = len > 1 && word[len - 1] == '*';
	if (!len) return true;
	if (filter->nkeywords >= MAX_KEYWORDS)
		return err_set(err, ERR_TOO_LARGE, "more than %d keywords", MAX_KEYWORDS);
	filter->keywords =
	        xrealloc(filter->keywords, (filter->nkeywords + 1) * sizeof(*filter->keywords));
	filter->keywords[filter->nkeywords++] =
	        (struct filter_keyword){.text = xstrndup(word, len - part), .whole = !part};
	return true;
}

static bool add_context(struct server_filter *filter, const char *word, struct err *err)
{
	for (int i = 0; i < FILTER_CONTEXT_COUNT; i++) {
		if (strcmp(filter_context_names[i], word) != 0) continue;
		filter->contexts |= 1U << i;
		return true;
	}
	return err_set(err, ERR_SYNTAX,
	        "'%s' is no place; there are home, notifications, public, thread and account",
	        word);
}

static bool each_word(struct server_filter *filter, const char *text,
        bool (*add)(struct server_filter *filter, const char *word, struct err *err),
        struct err *err)
{
	bool ok = true;
	for (char *word; ok && (word = next_piece(&text, ',')) != NULL; free(word))
		ok = add(filter, word, err);
	return ok;
}

/* What stands behind the keywords says itself what it is. */
static bool take_piece(
        struct server_filter *filter, const char *piece, int64_t *seconds, struct err *err)
{
	int64_t ms;
	bool hide = strcmp(piece, "hide") == 0;
	if (hide || strcmp(piece, "warn") == 0) {
		filter->action = hide ? FILTER_HIDE : FILTER_WARN;
		return true;
	}
	if (strncmp(piece, "for ", 4) != 0) return each_word(filter, piece, add_context, err);
	if (!duration_parse(piece + 4, &ms))
		return err_set(
		        err, ERR_SYNTAX, "'%s' is not a duration such as 12h or 2w", piece + 4);
	*seconds = ms / 1000;
	return true;
}

static bool read_filter(
        const char *text, struct server_filter *filter, int64_t *seconds, struct err *err)
{
	char *title = next_piece(&text, '|'), *keywords = next_piece(&text, '|');
	filter->title = title;
	bool ok = *title || err_set(err, ERR_SYNTAX, "the filter has no title");
	ok = ok && (!keywords || each_word(filter, keywords, add_keyword, err));
	if (ok && filter->nkeywords == 0)
		ok = err_set(err, ERR_SYNTAX,
		        "the filter has no keywords; write TITLE | KEYWORD, KEYWORD | …");
	for (char *piece; ok && (piece = next_piece(&text, '|')) != NULL; free(piece))
		ok = !*piece || take_piece(filter, piece, seconds, err);
	if (!filter->contexts) filter->contexts = EVERYWHERE;
	free(keywords);
	return ok;
}

static bool put(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct acting acting;
	acting_read(call, &acting);
	const struct account *account = act_account(app, acting.as, err);
	if (!account || !act_can(account, VERB_FILTER_PUT, err)) return false;
	struct action *action = action_new(VERB_FILTER_PUT, false);
	action->filter = xcalloc(1, sizeof(*action->filter));
	action->filter->id = xstrdup(acting.at);
	if (!read_filter(acting.rest[0], action->filter, &action->seconds, err)) {
		action_free(action);
		return false;
	}
	char *title = xstrdup(action->filter->title);
	act_do(app, &(struct act){.account = account, .action = action, .label = title});
	free(title);
	return true;
}

/* -- those that there are -- */

void server_filter_add(struct app *app, struct list_view *list, const char *account,
        const struct server_filter *filter)
{
	struct str line = {0}, text = {0};
	str_adds(&line, "filter-menu as ");
	cmd_quote(&line, account);
	str_adds(&line, " at ");
	cmd_quote(&line, filter->id ? filter->id : "");
	str_addc(&line, ' ');
	print_filter(app, &text, filter);
	str_adds(&line, text.p);
	const struct list_item item = {.text = filter->title,
	        .detail = text.p + strlen(filter->title) + 3,
	        .line = line.p};
	list_view_add(list, &item);
	str_finish(&line);
	str_finish(&text);
}

struct waiting {
	unsigned shown; /* overlay_count: is the list still there? */
};

static void list_filters(struct app *app, const struct account *account,
        const struct server_filter *filters, size_t n)
{
	struct list_view list = {0};
	struct str title = {0}, line = {0};
	str_addf(&title, "Filters of %s", account->name);
	list.title = str_take(&title);
	str_adds(&line, "prompt filter-put as ");
	cmd_quote(&line, account->name);
	const struct list_item make = {
	        .key = (char *)"n", .text = (char *)"make a new one", .line = line.p};
	list_view_add(&list, &make);
	for (size_t i = 0; i < n; i++)
		server_filter_add(app, &list, account->name, &filters[i]);
	overlay_list(app, &list);
	str_finish(&line);
}

static bool on_filters(struct app *app, const struct event *event, void *ctx)
{
	struct waiting *waiting = ctx;
	const struct account *account = store_account(app->store, event->account);
	if (event->kind != EVENT_FILTERS || !account) return false;
	if (app->overlay != OVERLAY_LIST || app->overlay_count != waiting->shown) return false;
	list_filters(app, account, event->filters, event->nfilters);
	/* The store takes them too. */
	return false;
}

static bool filters(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct acting acting;
	acting_read(call, &acting);
	const struct account *account = act_account(app, acting.as, err);
	if (!account || !act_can(account, VERB_FILTER_PUT, err)) return false;
	struct list_view list = {.title = xstrdup("Filters")};
	const struct list_item item = {.text = (char *)"asking the server …"};
	struct job *job = job_new(JOB_FILTERS);
	struct waiting *waiting = xmalloc(sizeof(*waiting));
	list_view_add(&list, &item);
	overlay_list(app, &list);
	waiting->shown = app->overlay_count;
	job->account = account->id;
	app_ask(app, job, on_filters, waiting);
	return true;
}

static bool menu(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct acting acting;
	acting_read(call, &acting);
	const struct account *account = act_account(app, acting.as, err);
	if (!account) return false;
	const char *text = acting.rest[0];
	struct str words = {0}, line = {0};
	struct list_view list = {.title = xstrndup(text, strcspn(text, "|"))};
	str_adds(&words, "as ");
	cmd_quote(&words, account->name);
	str_adds(&words, " at ");
	cmd_quote(&words, acting.at);
	str_addf(&line, "filter-change %s %s", words.p, text);
	list_view_add(
	        &list, &(struct list_item){
	                       .key = (char *)"e", .text = (char *)"change it", .line = line.p});
	str_clear(&line);
	str_addf(&line, "filter-drop %s", words.p);
	list_view_add(
	        &list, &(struct list_item){
	                       .key = (char *)"d", .text = (char *)"remove it", .line = line.p});
	overlay_list(app, &list);
	str_finish(&words);
	str_finish(&line);
	return true;
}

static bool change(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct acting acting;
	acting_read(call, &acting);
	const struct account *account = act_account(app, acting.as, err);
	if (!account) return false;
	struct str line = {0};
	str_adds(&line, "filter-put as ");
	cmd_quote(&line, account->name);
	str_adds(&line, " at ");
	cmd_quote(&line, acting.at);
	prompt_open(app, line.p, acting.rest[0]);
	str_finish(&line);
	return true;
}

const struct cmd server_filter_commands[] = {
        {"filter-change", "[as ACCOUNT] at ID TEXT", "change a filter of the server in the prompt",
                ANYWHERE, change, NULL},
        {"filter-menu", "[as ACCOUNT] at ID TEXT", "what can be done with a filter of the server",
                ANYWHERE, menu, NULL},
        {"filter-put", "[as ACCOUNT] [at ID] TEXT",
                "keep a filter at the server: title | keywords | places | warn or hide | for D",
                ANYWHERE, put, NULL},
        {"filters", "[as ACCOUNT]", "list the filters that the account keeps at its server",
                ANYWHERE, filters, NULL},
        {0},
};
