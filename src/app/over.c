#include "app/over.h"

#include <string.h>

#include "app/deck.h"
#include "app/overlay.h"
#include "columns.h"
#include "inside.h"
#include "model/post.h"

enum { OVER_COLS = 100, MAX_KNOWN = 100 };

bool over_has(const struct app *app, const struct column *column)
{
	for (const struct column *over = app->above; over; over = over->below) {
		if (over == column) return true;
	}
	return false;
}

struct rect over_area(const struct app *app)
{
	struct rect area = overlay_area(app);
	if (area.cols <= OVER_COLS || app->options.linear) return area;
	area.col = (area.cols - OVER_COLS) / 2;
	area.cols = OVER_COLS;
	return area;
}

void over_close(struct app *app)
{
	struct column *column = app->above;
	if (!column) return;
	app->above = column->below;
	column_free(app, column);
	app->dirty = app->stale_status = true;
}

void over_close_all(struct app *app)
{
	while (app->above)
		over_close(app);
}

/* The lowest gives way when there are too many. */
static void make_room(struct app *app)
{
	int n = 1;
	for (struct column **at = &app->above; *at; at = &(*at)->below) {
		if (n++ < OVER_MAX || (*at)->below) continue;
		column_free(app, *at);
		*at = NULL;
		return;
	}
}

bool over_open(struct app *app, const char *title, const char *source,
        const struct account *account, struct err *err)
{
	char *sources[] = {(char *)source};
	struct column_spec spec = {.title = title,
	        .sources = sources,
	        .nsources = 1,
	        .acts_as = account ? account->name : NULL};
	struct column *column = column_new(app, &spec, err);
	if (!column) return false;
	make_room(app);
	column->below = app->above;
	app->above = column;
	column_resolve(app, column);
	overlay_close_all(app);
	app->dirty = app->stale_status = true;
	return true;
}

/* -- conversations -- */

/* An account that has seen the post, the column's own before others. */
static const struct account *viewer_account(const struct app *app, const struct post *post)
{
	const struct column *column = app_column(app);
	const struct account *found = NULL;
	for (size_t i = 0; i < post->nviewers; i++) {
		struct viewer viewer = post_viewer(post, i);
		const struct account *account = store_account(app->store, viewer.account);
		if (!account || account->id == ACCOUNT_FEEDS) continue;
		if (column && account->id == column->acts_id) return account;
		if (!found) found = account;
	}
	return found;
}

bool thread_source(const struct app *app, const struct post *post, struct str *out,
        const struct account **out_account, struct err *err)
{
	const struct account *account = viewer_account(app, post);
	if (!account)
		return err_set(err, ERR_NOT_FOUND,
		        "no account of yours has seen this post, so nobody can ask for its "
		        "conversation");
	struct source_ref ref = {.account = account->name,
	        .kind = SOURCE_THREAD,
	        .arg = (char *)post_str(post, POST_URI)};
	source_print(out, &ref);
	if (out_account) *out_account = account;
	return true;
}

bool over_open_thread(struct app *app, const struct post *post, struct err *err)
{
	struct str source = {0};
	const struct account *account;
	post_id id = post->id;
	if (!thread_source(app, post, &source, &account, err)) return false;
	/* What is known of it is there at once. */
	source_id thread = store_source(app->store, source.p);
	post_id up = id;
	for (int i = 0; up && i < MAX_KNOWN; i++) {
		store_enter(app->store, thread, up);
		up = store_parent(app->store, up);
	}
	bool ok = over_open(app, "Thread", source.p, account, err);
	if (ok) app_set_read(app, id, true);
	str_finish(&source);
	return ok;
}
