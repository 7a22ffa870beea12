#include "app/picture.h"

#include <stdlib.h>
#include <string.h>

#include "app/overlay.h"
#include "base/mem.h"
#include "engine/message.h"
#include "inside.h"
#include "model/post.h"
#include "ui/images.h"

/* Terminals whose fonts have the characters of Unicode 13 for old computers' graphics. */
static bool has_sextants(void)
{
	static const char *const names[] = {"kitty", "ghostty", "foot", "wezterm", "contour"};
	const char *term = getenv("TERM"), *program = getenv("TERM_PROGRAM");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (term && strstr(term, names[i])) return true;
	}
	return program && (strcmp(program, "WezTerm") == 0 || strcmp(program, "ghostty") == 0);
}

static enum images_when when_of(const char *option)
{
	if (strcmp(option, "always") == 0) return IMAGES_ALWAYS;
	return strcmp(option, "demand") == 0 ? IMAGES_DEMAND : IMAGES_OFF;
}

/* What is behind a picture that does not cover all: 0xRRGGBB. */
static uint32_t ground_of(const struct theme *theme)
{
	struct style look = theme_look(theme, 0);
	return look.bg >= 0 && look.bg < COLOR_ANSI ? (uint32_t)look.bg : 0;
}

void picture_configure(struct app *app)
{
	struct images_look look = {.when = when_of(app->options.pictures),
	        .colors = app->term.ops->colors(app->term.ctx),
	        .sextants = has_sextants(),
	        .ground = ground_of(app->theme)};
	images_configure(app->ui.images, &look);
}

void picture_ask(struct app *app)
{
	struct image_key key;
	struct image_wish wish;
	size_t place;
	while (images_next(app->ui.images, &key, &wish, &place)) {
		struct job *job = job_new(JOB_PICTURE);
		job->arg = xstrdup(key.url);
		job->account = key.account;
		job->wish = wish;
		job->at_ms = key.urgent;
		images_asked(app->ui.images, place, app_post(app, job));
	}
}

/* Where it stands is not known here, and what did not change is not drawn anew. */
static void draw_again(struct app *app)
{
	for (size_t i = 0; i < app->shown && app->first + i < app->ncolumns; i++)
		app->columns[app->first + i]->dirty = true;
	if (app->above) app->above->dirty = true;
	if (app->overlay != OVERLAY_NONE) app->dirty = true;
}

bool picture_take(struct app *app, struct event *event)
{
	bool ours = false;
	if (event->kind == EVENT_PICTURE && event->image) {
		ours = images_came(app->ui.images, event->reply_to, event->image);
		event->image = NULL;
	} else if (event->kind == EVENT_DONE && event->err.code != ERR_NONE) {
		ours = images_failed(app->ui.images, event->reply_to, event->err.text);
	}
	if (ours) draw_again(app);
	return ours;
}

/* -- one over the deck -- */

bool picture_open(struct app *app, const struct post *post, struct err *err)
{
	if (post->nmedia == 0)
		return err_set(err, ERR_NOT_FOUND, "this post has no picture, film or sound");
	post_id id = post->id;
	images_forgive(app->ui.images);
	overlay_close(app);
	app->picture = (struct picture_view){.post = id};
	app->overlay = OVERLAY_PICTURE;
	app->dirty = true;
	return true;
}

void picture_draw(struct app *app)
{
	struct term_graphics graphics = app->term.ops->graphics(app->term.ctx);
	app->picture.form = graphics.form;
	app->picture.cell_width = graphics.cell_width;
	app->picture.cell_height = graphics.cell_height;
	picture_view_draw(&app->picture, &app->ui, &app->screen, overlay_area(app));
}

void picture_show(struct app *app)
{
	const struct picture_view *view = &app->picture;
	/* What is typed or listed lies over it: the terminal would show the pixels above all. */
	bool shows = app->overlay == OVERLAY_PICTURE && !app->prompt.open && view->pixels;
	struct term_picture picture = {.image = view->pixels, .place = view->place};
	if (!app->term.ops->picture(app->term.ctx, shows ? &picture : NULL)) app->unsent = true;
}
