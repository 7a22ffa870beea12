#include "app/overlay.h"
#include "app/picture.h"
#include "app/spawn.h"
#include "model/post.h"
#include "tables.h"

/* Looking at what hangs on a post: pictures, films, sound. */

static bool can_picture(void *app, struct err *err)
{
	return ((struct app *)app)->overlay == OVERLAY_PICTURE ||
	       err_set(err, ERR_NOT_FOUND, "no picture is open; v opens one");
}

static bool picture(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct post *post = app_selected(app, err);
	return post && picture_open(app, post, err);
}

static bool move(const struct cmd_call *call, int dir, struct err *err)
{
	struct app *app = call_app(call);
	if (!can_picture(app, err)) return false;
	if (!picture_view_move(&app->picture, &app->ui, dir))
		return err_set(err, ERR_NOT_FOUND, "that was the %s of this post",
		        dir < 0 ? "first" : "last");
	app->dirty = true;
	return true;
}

static bool picture_next(const struct cmd_call *call, struct err *err)
{
	return move(call, 1, err);
}

static bool picture_previous(const struct cmd_call *call, struct err *err)
{
	return move(call, -1, err);
}

static bool scroll(const struct cmd_call *call, int lines, struct err *err)
{
	struct app *app = call_app(call);
	if (!can_picture(app, err)) return false;
	picture_view_scroll(&app->picture, &app->ui, lines, overlay_area(app));
	app->dirty = true;
	return true;
}

static bool picture_down(const struct cmd_call *call, struct err *err)
{
	return scroll(call, 1, err);
}

static bool picture_up(const struct cmd_call *call, struct err *err)
{
	return scroll(call, -1, err);
}

/* The address of what is shown; NULL with a sentence when there is none. */
static const char *shown_url(struct app *app, struct err *err)
{
	const struct post *post = can_picture(app, err) ? app_selected(app, err) : NULL;
	if (!post) return NULL;
	if (app->picture.at < post->nmedia) return post_media(post, app->picture.at).url;
	err_set(err, ERR_NOT_FOUND, "it has been taken out of the post");
	return NULL;
}

static bool picture_address(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *url = shown_url(app, err);
	return url && spawn_address(app, url, err);
}

static bool picture_copy(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *url = shown_url(app, err);
	return url && copy_address(app, url, err);
}

static const struct cmd_hooks hooks = {.can = can_picture};
static const struct cmd_hooks post_hooks = {.can = can_post};

const struct cmd picture_commands[] = {
        {"picture", "", "look at this post's pictures, films and sound", ANYWHERE | CMD_ACTION,
                picture, &post_hooks},
        {"picture copy", "", "copy its address", ANYWHERE, picture_copy, &hooks},
        {"picture down", "", "read on in what describes it", ANYWHERE, picture_down, &hooks},
        {"picture next", "", "look at the next of this post", ANYWHERE, picture_next, &hooks},
        {"picture open", "", "open it with a program: a film plays", ANYWHERE, picture_address,
                &hooks},
        {"picture previous", "", "look at the one before", ANYWHERE, picture_previous, &hooks},
        {"picture up", "", "read back in what describes it", ANYWHERE, picture_up, &hooks},
        {0},
};
