#include <stdlib.h>
#include <string.h>

#include "app/deck.h"
#include "app/overlay.h"
#include "app/prompt.h"
#include "app/rules.h"
#include "base/mem.h"
#include "model/post.h"
#include "model/profile.h"
#include "query/query.h"
#include "tables.h"

/* Finding: the live filter, matches, searches of the networks, what a post is about. */

static bool filter(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct column *column = call_column(call, err);
	const char *text = call->argc > 1 ? call->argv[1] : NULL;
	int at = -1;
	if (!column) return false;
	bool ok = timeline_narrow(column->timeline, text, !call->live, &at, err);
	column->dirty = true;
	if (!ok) {
		prompt_mistake(app, text ? text : "", at);
		return false;
	}
	if (!call->live && text) {
		free(app->last_search);
		app->last_search = xstrdup(text);
	}
	return true;
}

static void filter_initial(void *app, struct str *out)
{
	const struct column *column = app_column(app);
	if (column) str_adds(out, timeline_narrowed(column->timeline));
}

/* Everything that a query may ask of a row. */
static bool row_matches(struct app *app, const struct query *query, const struct row *row)
{
	const char *source = store_source_name(app->store, row->source);
	const char *slash = source ? strchr(source, '/') : NULL;
	char *name = slash ? xstrndup(source, (size_t)(slash - source)) : NULL;
	const struct account *account = name ? store_account_named(app->store, name) : NULL;
	const struct post *post = store_post(app->store, row->post);
	struct query_row it = {.post = post,
	        .author = post ? store_profile(app->store, post->author)
	                       : store_profile(app->store, row->actor),
	        .actor = store_profile(app->store, row->actor),
	        .reason = row->reason,
	        .network = account ? account->network
	                   : name  ? "feed"
	                           : NULL,
	        .account = name,
	        .source = source,
	        .attention = post ? store_attention(app->store, row->post) : ATTENTION_NONE,
	        .unread = post && !store_is_read(app->store, row->post),
	        .muted = row->muted};
	bool whole = row->kind == ROW_POST || row->kind == ROW_NOTICE;
	bool matches = whole && query_match(query, &it, clock_wall(app->clock));
	free(name);
	return matches;
}

static bool match(const struct cmd_call *call, int dir, struct err *err)
{
	struct app *app = call_app(call);
	struct column *column = call_column(call, err);
	struct query *query;
	int at, rows, cols;
	if (!column) return false;
	if (!app->last_search)
		return err_set(err, ERR_NOT_FOUND, "nothing was searched yet; / does");
	struct query_env env = rules_env(app);
	if (!query_parse_in(&env, app->last_search, false, &query, &at, err)) return false;
	app_column_size(app, column, &rows, &cols);
	size_t len = timeline_len(column->timeline), row = column->view.row;
	bool found = false;
	while (!found && (dir < 0 ? row > 0 : row + 1 < len)) {
		row = dir < 0 ? row - 1 : row + 1;
		struct row it = timeline_at(column->timeline, row);
		found = row_matches(app, query, &it);
	}
	query_free(query);
	if (!found || !rows)
		return err_set(err, ERR_NOT_FOUND, "no match for '%s' %s", app->last_search,
		        dir < 0 ? "above" : "below");
	column_view_select(&column->view, &app->ui, row, rows, cols);
	column->dirty = true;
	deck_want_older(app, column);
	return true;
}

static bool match_next(const struct cmd_call *call, struct err *err)
{
	return match(call, 1, err);
}

static bool match_previous(const struct cmd_call *call, struct err *err)
{
	return match(call, -1, err);
}

/* Add a column from a command line made here. */
static bool run_line(const struct cmd_call *call, struct str *line, struct err *err)
{
	bool ok = app_command(call->app, line->p, NULL, err);
	str_finish(line);
	return ok;
}

/* What a new column is called: what tells its source from others. */
static char *title_of(const struct source_ref *ref, const char *text)
{
	struct str title = {0};
	if (ref->kind == SOURCE_TAG && ref->arg)
		str_addf(&title, "#%s", ref->arg);
	else if (ref->kind == SOURCE_FEED && ref->arg && strstr(ref->arg, "://")) {
		const char *host = strstr(ref->arg, "://") + 3;
		size_t len = strcspn(host, "/");
		if (len)
			str_add(&title, host, len);
		else
			str_adds(&title, strrchr(ref->arg, '/') + 1);
	} else if (ref->arg)
		str_adds(&title, ref->arg);
	else
		str_adds(&title, source_kinds[ref->kind].name);
	if (!title.len) str_adds(&title, text);
	if (title.p[0] >= 'a' && title.p[0] <= 'z' && !ref->arg) title.p[0] -= 'a' - 'A';
	return str_take(&title);
}

static bool add(const struct cmd_call *call, struct err *err)
{
	struct source_ref ref;
	struct str line = {0};
	if (!source_parse(call->argv[1], &ref, err)) return false;
	char *title = title_of(&ref, call->argv[1]);
	str_adds(&line, "column add ");
	cmd_quote(&line, title);
	for (int i = 1; i < call->argc; i++) {
		str_addc(&line, ' ');
		cmd_quote(&line, call->argv[i]);
	}
	free(title);
	source_ref_finish(&ref);
	return run_line(call, &line, err);
}

static bool search(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *text = call->argv[1];
	const struct account *const *accounts;
	size_t n = store_accounts(app->store, &accounts), sources = 0;
	struct str line = {0}, source = {0};
	str_adds(&line, "column add ");
	cmd_quote(&line, text);
	for (size_t i = 0; i < n; i++) {
		if (!(accounts[i]->caps & CAP_SEARCH)) continue;
		str_clear(&source);
		str_addf(&source, "%s/search:", accounts[i]->name);
		cmd_quote(&source, text);
		str_addc(&line, ' ');
		cmd_quote(&line, source.p);
		sources++;
	}
	str_finish(&source);
	if (sources) return run_line(call, &line, err);
	str_finish(&line);
	return err_set(err, ERR_UNSUPPORTED,
	        "no account can search; `archive` searches all that ever came, `/` filters this "
	        "column");
}

static bool archive(const struct cmd_call *call, struct err *err)
{
	char *text = call->argv[1];
	struct query *query = NULL;
	struct query_env env = rules_env(call_app(call));
	int at = -1;
	if (!query_parse_in(&env, text, false, &query, &at, err)) {
		prompt_mistake(call_app(call), text, at);
		return false;
	}
	query_free(query);
	struct source_ref ref = {
	        .account = (char *)"archive", .kind = SOURCE_SEARCH, .arg = text};
	struct str line = {0}, source = {0};
	source_print(&source, &ref);
	str_adds(&line, "column add ");
	cmd_quote(&line, text);
	str_addc(&line, ' ');
	cmd_quote(&line, source.p);
	str_finish(&source);
	return run_line(call, &line, err);
}

/* -- what a post is about -- */

/* A column of the same sources that shows only what a term says. */
static void add_query_item(struct list_view *list, const struct column *column, const char *key,
        const char *text, const char *term)
{
	struct str line = {0};
	str_adds(&line, "column add ");
	cmd_quote(&line, text);
	for (size_t i = 0; i < column->nsources; i++) {
		str_addc(&line, ' ');
		cmd_quote(&line, column->sources[i]);
	}
	str_addf(&line, " query %s", term);
	struct list_item item = {.key = (char *)key, .text = (char *)text, .line = line.p};
	list_view_add(list, &item);
	str_finish(&line);
}

/* A tag, from the account's server where there is one, else among what is here. */
static void add_tag_item(struct app *app, struct list_view *list, const struct column *column,
        const char *key, const char *tag)
{
	const struct account *account = column_account(app, column);
	struct str text = {0}, term = {0}, line = {0};
	str_addf(&text, "#%s", tag);
	if (account) {
		str_addf(&term, "%s/tag:%s", account->name, tag);
		str_adds(&line, "column add ");
		cmd_quote(&line, text.p);
		str_addc(&line, ' ');
		cmd_quote(&line, term.p);
		struct list_item item = {.key = (char *)key, .text = text.p, .line = line.p};
		list_view_add(list, &item);
	} else {
		str_addf(&term, "tag:%s", tag);
		add_query_item(list, column, key, text.p, term.p);
	}
	str_finish(&text);
	str_finish(&term);
	str_finish(&line);
}

static void add_facets(struct app *app, struct list_view *list, const struct column *column,
        const struct post *post)
{
	for (size_t i = 0; i < post->nfacets && list->nitems < 25; i++) {
		struct facet facet = post_facet(post, i);
		char key[2] = {(char)('a' + (int)list->nitems), '\0'};
		if (!facet.target) continue;
		if (facet.kind == FACET_TAG) add_tag_item(app, list, column, key, facet.target);
		if (facet.kind == FACET_LINK && strstr(facet.target, "://")) {
			const char *host = strstr(facet.target, "://") + 3;
			struct str term = {0};
			str_addf(&term, "link:%.*s", (int)strcspn(host, "/:?#"), host);
			add_query_item(list, column, key, term.p, term.p);
			str_finish(&term);
		}
	}
}

static bool about(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct column *column = call_column(call, err);
	const struct post *post = column ? app_selected(app, err) : NULL;
	if (!post) return false;
	struct list_view list = {.title = xstrdup("A column for …")};
	const struct profile *author = store_profile(app->store, post->author);
	if (author && *author->handle) {
		struct str text = {0}, term = {0};
		str_addf(&text, "@%s", author->handle);
		str_addf(&term, "from:%s", author->handle);
		add_query_item(&list, column, "a", text.p, term.p);
		str_finish(&text);
		str_finish(&term);
	}
	add_facets(app, &list, column, post);
	if (list.nitems == 0) {
		list_view_finish(&list);
		return err_set(err, ERR_NOT_FOUND, "this post names no tag, author or link");
	}
	overlay_list(app, &list);
	return true;
}

static const struct cmd_hooks about_hooks = {.can = can_post};
static const struct cmd_hooks filter_hooks = {.initial = filter_initial, .can = can_column};

const struct cmd find_commands[] = {
        {"about", "", "a column for this post's author, a tag or a link", ANYWHERE | CMD_ACTION,
                about, &about_hooks},
        {"add", "SOURCE…", "add a column for a feed's address or file, or account/kind", ANYWHERE,
                add, NULL},
        {"archive", "QUERY", "a column of all posts that ever came and match", ANYWHERE, archive,
                NULL},
        {"filter", "[QUERY]", "show only what matches in this column, until Esc",
                ANYWHERE | CMD_LIVE, filter, &filter_hooks},
        {"match next", "", "go to the next match of the last search", ANYWHERE, match_next, NULL},
        {"match previous", "", "go to the match above", ANYWHERE, match_previous, NULL},
        {"search", "QUERY", "search the networks and open a column", ANYWHERE, search, NULL},
        {0},
};
