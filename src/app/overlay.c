#include "app/overlay.h"

#include <stdlib.h>
#include <string.h>

#include "app/look.h"
#include "base/mem.h"
#include "inside.h"
#include "model/post.h"

struct rect overlay_area(const struct app *app)
{
	return (struct rect){0, 0, draw_deck_rows(app), draw_deck_cols(app)};
}

void overlay_close(struct app *app)
{
	char *leave = NULL;
	enum overlay below = OVERLAY_NONE;
	if (app->overlay == OVERLAY_LIST) {
		if (app->list_over_profile) below = OVERLAY_PROFILE;
		app->list_over_profile = false;
		leave = app->list.on_leave;
		app->list.on_leave = NULL;
		list_view_finish(&app->list);
	}
	free(app->list_line);
	app->list_line = NULL;
	if (app->overlay == OVERLAY_ARTICLE) {
		free(app->article_uri);
		app->article_uri = NULL;
		app->article = (struct article_view){0};
	}
	if (app->overlay == OVERLAY_PROFILE) look_close(app);
	if (app->overlay != OVERLAY_NONE) app->dirty = true;
	app->overlay = below;
	app->overlay_count++;
	if (leave) app_command(app, leave, NULL, NULL);
	free(leave);
}

void overlay_close_all(struct app *app)
{
	while (app->overlay != OVERLAY_NONE)
		overlay_close(app);
}

void overlay_list(struct app *app, struct list_view *list)
{
	if (app->overlay != OVERLAY_PROFILE) overlay_close(app);
	/* What was asked for from a profile leads back to it. */
	app->list_over_profile = app->overlay == OVERLAY_PROFILE;
	app->overlay_count++;
	app->list = *list;
	*list = (struct list_view){0};
	app->overlay = OVERLAY_LIST;
	app->dirty = true;
}

void overlay_list_move(struct app *app, int by)
{
	const struct list_item *before = list_view_chosen(&app->list, NULL);
	list_view_move(&app->list, by, overlay_area(app));
	app->dirty = true;
	const struct list_item *now = list_view_chosen(&app->list, NULL);
	if (!app->list.on_focus || !now || now == before || !now->about) return;
	struct str line = {0};
	struct err err = {0};
	str_addf(&line, "%s %s", app->list.on_focus, now->about);
	if (!app_command(app, line.p, NULL, &err)) app_say(app, TONE_ERROR, "%s", err.text);
	str_finish(&line);
}

void overlay_list_live(struct app *app, struct list_view *list, const char *line)
{
	overlay_list(app, list);
	app->list_line = xstrdup(line);
	app->list_stale = false;
}

void overlay_refresh(struct app *app)
{
	if (!app->list_stale) return;
	app->list_stale = false;
	if (app->overlay != OVERLAY_LIST || !app->list_line || app->list.typing) return;
	size_t focus = app->list.focus, top = app->list.top;
	char *line = xstrdup(app->list_line);
	if (app_command(app, line, NULL, NULL) && app->overlay == OVERLAY_LIST) {
		app->list.focus = focus;
		app->list.top = top;
	}
	free(line);
}

void overlay_text(struct app *app, const char *title, const char *text)
{
	struct list_view list = {.title = xstrdup(title)};
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");
		char *copy = xstrndup(line, len);
		struct list_item item = {.text = copy};
		list_view_add(&list, &item);
		free(copy);
		line += len + (line[len] == '\n');
	}
	overlay_list(app, &list);
}

/* The text that memory holds, until the archive's whole one comes. */
static void borrow_body(struct app *app, const struct post *post)
{
	text_finish(&app->article_text);
	str_add(&app->article_text.utf8, post_str(post, POST_BODY), post_len(post, POST_BODY));
	for (size_t i = 0; i < post->nfacets; i++) {
		struct facet facet = post_facet(post, i);
		text_facet(&app->article_text, facet.kind, facet.start, facet.end, facet.target);
	}
	text_sort(&app->article_text);
}

static void show_text(struct app *app)
{
	app->article.utf8 = str_c(&app->article_text.utf8);
	app->article.len = app->article_text.utf8.len;
	app->article.facets = app->article_text.facets;
	app->article.nfacets = app->article_text.nfacets;
	app->dirty = true;
}

void overlay_article(struct app *app, post_id id)
{
	const struct post *post = store_post(app->store, id);
	if (!post) return;
	overlay_close_all(app);
	app->overlay = OVERLAY_ARTICLE;
	app->article = (struct article_view){.post = id};
	app->article_uri = xstrdup(post_str(post, POST_URI));
	borrow_body(app, post);
	if (post->flags & POST_IS_ARTICLE) {
		struct job *job = job_new(JOB_ARTICLE);
		job->arg = xstrdup(app->article_uri);
		app->article.loading = true;
		app_post(app, job);
	}
	show_text(app);
	app_set_read(app, id, true);
}

void overlay_article_came(struct app *app, const char *uri, struct text *text)
{
	if (app->overlay != OVERLAY_ARTICLE || strcmp(app->article_uri, uri) != 0) return;
	app->article.loading = false;
	if (text && text->utf8.len) {
		text_finish(&app->article_text);
		app->article_text = *text;
		*text = (struct text){0};
	}
	show_text(app);
}

const char *overlay_link(const struct app *app, size_t i)
{
	return app->overlay == OVERLAY_ARTICLE ? article_view_link(&app->article, i) : NULL;
}
