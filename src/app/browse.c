#include "app/browse.h"

#include <stdlib.h>
#include <string.h>

#include "app/ask.h"
#include "app/overlay.h"
#include "base/mem.h"
#include "inside.h"

enum { MAX_ITEMS = 2000 };

struct browse {
	struct app *app;
	account_id account;
	char *account_name, *title, *arg, *about, *empty, *again;
	const struct list_key *keys;
	void (*add)(const struct browse *browse, struct list_view *list, const struct item *item);
	enum collection kind;
	struct items *items, *marks; /* marks NULL: none are wanted */
	bool marking;                /* the marks are not here yet */
	job_id job;                  /* running; 0: none */
	unsigned shown;              /* overlay_count when it was drawn */
	struct err err;
};

static void browse_free(struct browse *browse)
{
	if (!browse) return;
	items_free(browse->items);
	if (browse->marks) items_free(browse->marks);
	free(browse->account_name);
	free(browse->title);
	free(browse->arg);
	free(browse->about);
	free(browse->empty);
	free(browse->again);
	free(browse);
}

void browse_finish(struct app *app)
{
	if (app->browse) app_ask_no_more(app, app->browse->job);
	browse_free(app->browse);
	app->browse = NULL;
}

static bool on_screen(const struct browse *browse)
{
	const struct app *app = browse->app;
	return app->overlay == OVERLAY_LIST && app->overlay_count == browse->shown;
}

static void add_text(struct list_view *list, const char *text, const char *detail)
{
	const struct list_item item = {.text = (char *)text, .detail = (char *)detail};
	list_view_add(list, &item);
}

/* What is here by now, with what is still to come said at the end. */
static void show(struct browse *browse, size_t focus)
{
	struct app *app = browse->app;
	struct list_view list = {.title = xstrdup(browse->title),
	        .focus = focus,
	        .keys = browse->keys,
	        .again = xstrdup(browse->again)};
	browse->add(browse, &list, NULL);
	for (size_t i = 0; i < browse->items->nitems; i++)
		browse->add(browse, &list, &browse->items->items[i]);
	if (browse->err.code != ERR_NONE)
		add_text(&list, browse->err.text, NULL);
	else if (browse->job)
		add_text(&list, "asking the server …", NULL);
	else if (browse->items->nitems == 0)
		add_text(&list, browse->empty, NULL);
	else if (browse->items->nitems >= MAX_ITEMS)
		add_text(&list, "there are more than are listed here", NULL);
	else if (browse->items->older) {
		const struct list_item more = {.text = (char *)"more …", .line = (char *)"more"};
		list_view_add(&list, &more);
	}
	overlay_list(app, &list);
	browse->shown = app->overlay_count;
}

static ask_reply on_items;

static void ask(struct browse *browse, enum collection kind, const char *arg, const char *cursor)
{
	struct job *job = job_new(JOB_ITEMS);
	job->account = browse->account;
	job->number = kind;
	job->arg = xstrdup(arg);
	job->cursor = xstrdup(cursor);
	browse->job = app_ask(browse->app, job, on_items, NULL);
}

static void take(struct items *all, const struct items *page)
{
	for (size_t i = 0; i < page->nitems && all->nitems < MAX_ITEMS; i++) {
		const struct item *item = &page->items[i];
		items_add(all, item->id, item->title, item->detail, item->at_ms);
	}
	free(all->older);
	all->older = xstrdup(page->older);
}

static bool on_items(struct app *app, const struct event *event, void *ctx)
{
	struct browse *browse = app->browse;
	(void)ctx;
	if (!browse || event->reply_to != browse->job) return false;
	if (event->kind == EVENT_ITEMS && event->items) {
		take(browse->marking ? browse->marks : browse->items, event->items);
		return true;
	}
	if (event->kind != EVENT_DONE) return false;
	browse->job = 0;
	browse->err = event->err;
	if (browse->marking && event->err.code == ERR_NONE) {
		browse->marking = false;
		ask(browse, browse->kind, NULL, NULL);
		return true;
	}
	if (on_screen(browse)) show(browse, app->list.focus);
	return true;
}

void browse_open(struct app *app, const struct browse_spec *spec)
{
	browse_finish(app);
	struct browse *browse = app->browse = xcalloc(1, sizeof(*browse));
	*browse = (struct browse){.app = app,
	        .account = spec->account->id,
	        .account_name = xstrdup(spec->account->name),
	        .title = xstrdup(spec->title),
	        .arg = xstrdup(spec->arg),
	        .about = xstrdup(spec->about),
	        .empty = xstrdup(spec->empty),
	        .again = xstrdup(spec->again),
	        .keys = spec->keys,
	        .add = spec->add,
	        .kind = spec->kind,
	        .items = items_new(spec->kind),
	        .marking = spec->marks != BROWSE_NO_MARKS};
	if (browse->marking) {
		browse->marks = items_new((enum collection)spec->marks);
		ask(browse, browse->marks->kind, browse->about, NULL);
	} else {
		ask(browse, spec->kind, browse->arg, NULL);
	}
	show(browse, 0);
}

bool browse_more(struct app *app, struct err *err)
{
	struct browse *browse = app->browse;
	if (!browse || browse->job || !browse->items->older)
		return err_set(err, ERR_NOT_FOUND, "there is no more");
	size_t focus = browse->items->nitems;
	ask(browse, browse->kind, browse->arg, browse->items->older);
	show(browse, focus);
	return true;
}

const char *browse_account(const struct browse *browse)
{
	return browse->account_name;
}

const char *browse_about(const struct browse *browse)
{
	return browse->about;
}

bool browse_is_empty(const struct browse *browse)
{
	return browse->items->nitems == 0;
}

bool browse_marked(const struct browse *browse, const struct item *item)
{
	for (size_t i = 0; browse->marks && i < browse->marks->nitems; i++) {
		if (strcmp(browse->marks->items[i].id, item->id) == 0) return true;
	}
	return false;
}

const struct app *browse_app(const struct browse *browse)
{
	return browse->app;
}
