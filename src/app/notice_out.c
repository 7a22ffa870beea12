#include "notice_out.h"

#include <stdlib.h>
#include <string.h>

#include "app/notice.h"
#include "app/notice_way.h"
#include "app/spawn.h"
#include "base/clean.h"
#include "base/mem.h"
#include "inside.h"
#include "app/notice_gate.h"

struct telling {
	struct gate gate;
	struct notice_ways ways;
	unsigned number; /* of the last one that the terminal was given */
	bool complained; /* that there is no way */
};

static struct telling *telling_of(struct app *app)
{
	if (!app->telling) {
		app->telling = xcalloc(1, sizeof(*app->telling));
		notice_ways_find(&app->telling->ways);
	}
	return app->telling;
}

void notice_finish(struct app *app)
{
	if (!app->telling) return;
	gate_finish(&app->telling->gate);
	notice_ways_finish(&app->telling->ways);
	free(app->telling);
	app->telling = NULL;
}

bool notice_is_quiet(const struct app *app)
{
	return hours_hold(&app->options.quiet, clock_wall(app->clock));
}

/* -- one way each -- */

static void by_terminal(struct app *app, const char *title, const char *body, bool always)
{
	struct telling *telling = telling_of(app);
	struct str bytes = {0};
	const struct osc_notice notice = {
	        .title = title, .body = body, .number = ++telling->number, .always = always};
	enum osc_form form = notice_form_of(&telling->ways, app->options.notify_by);
	osc_notice_print(&bytes, form, telling->ways.mux, &notice);
	if (bytes.len) app->term.ops->notify(app->term.ctx, bytes.p, bytes.len);
	str_finish(&bytes);
}

/* The desktop takes a title's line and a text (src/notify). */
static void print_input(struct str *out, const char *title, const char *body)
{
	clean_out(out, CLEAN_CELL, title, strlen(title));
	str_addc(out, '\n');
	clean_out(out, CLEAN_PLAIN, body, strlen(body));
}

static bool by_desktop(struct app *app, const char *title, const char *body, spawn_ended *ended)
{
	struct str input = {0};
	struct telling *telling = telling_of(app);
	char show[] = "show";
	char *const argv[] = {telling->ways.helper, show, NULL};
	print_input(&input, title, body);
	bool ok = spawn_helper(app, argv, str_take(&input), ended, NULL);
	return ok;
}

static void nobody_shows(struct app *app)
{
	struct telling *telling = telling_of(app);
	if (telling->complained) return;
	telling->complained = true;
	app_say(app, TONE_ERROR,
	        "nobody on the session bus shows notices; `notify test` tries all "
	        "ways");
}

static void go(struct app *app, enum notice_way way, const char *title, const char *body);

/* The program's answer: when the desktop did not take it, another way is left. */
static void desktop_ended(struct app *app, const char *input, int status)
{
	if (status == 0) return;
	size_t line = strcspn(input, "\n");
	char *title = xstrndup(input, line);
	enum notice_way way = notice_way_after_desktop(
	        &telling_of(app)->ways, app->options.notify_by, !app->unseen);
	if (way == WAY_NONE) nobody_shows(app);
	go(app, way, title, input[line] ? input + line + 1 : "");
	free(title);
}

static void go(struct app *app, enum notice_way way, const char *title, const char *body)
{
	switch (way) {
	case WAY_NONE:
		break;
	case WAY_DESKTOP:
		if (!by_desktop(app, title, body, desktop_ended)) nobody_shows(app);
		break;
	case WAY_TERMINAL:
		by_terminal(app, title, body, false);
		break;
	case WAY_MARK:
		notice_bell(app);
		break;
	}
}

/* -- when -- */

static void out_now(struct app *app, const char *title, const char *body)
{
	const struct notice_ways *ways = &telling_of(app)->ways;
	go(app, notice_way_of(ways, app->options.notify_by, !app->unseen), title, body);
}

void notice_out(struct app *app, const char *title, const char *body)
{
	int64_t now = clock_mono(app->clock);
	if (gate_pass(&telling_of(app)->gate, title, body, now, notice_is_quiet(app)))
		out_now(app, title, body);
}

void notice_tick(struct app *app)
{
	struct str title = {0}, body = {0};
	if (!app->telling || !app->telling->gate.held) return;
	int64_t now = clock_mono(app->clock);
	if (gate_release(&app->telling->gate, now, notice_is_quiet(app), &title, &body))
		out_now(app, str_c(&title), str_c(&body));
	str_finish(&title);
	str_finish(&body);
}

int64_t notice_next_ms(const struct app *app)
{
	int64_t next = app->telling ? gate_next_ms(&app->telling->gate) : 0;
	/* The end of quiet hours is looked for each minute. */
	return next && notice_is_quiet(app) ? app->minute_ms : next;
}

/* -- trying them -- */

/* What matters first: a line may be cut. */
static void say_tested(struct app *app, const char *desktop)
{
	static const char *const muxes[] = {[OSC_MUX_TMUX] = "tmux", [OSC_MUX_SCREEN] = "screen"};
	static const char *const takes[] = {[WAY_NONE] = "stay on the status bar",
	        [WAY_DESKTOP] = "take the desktop",
	        [WAY_TERMINAL] = "take the terminal",
	        [WAY_MARK] = "ring the bell"};
	const struct notice_ways *ways = &telling_of(app)->ways;
	const char *by = app->options.notify_by;
	enum osc_form form = notice_form_of(ways, by);
	enum notice_way way = notice_way_of(ways, by, !app->unseen);
	struct str said = {0};
	/* What was just tried is known better than what the environment promised. */
	if (way == WAY_DESKTOP && strcmp(desktop, "shown") != 0)
		way = notice_way_after_desktop(ways, by, !app->unseen);
	str_addf(&said, "notices %s", takes[way]);
	if (notice_is_quiet(app)) {
		str_adds(&said, ", but not now: it is quiet ");
		hours_print(&said, &app->options.quiet);
	}
	str_addf(&said, " · desktop: %s · terminal: %s", desktop,
	        form == OSC_NONE ? "none known" : osc_form_name(form));
	if (ways->mux) str_addf(&said, " · a bell marks the window of %s", muxes[ways->mux]);
	app_say(app, TONE_SAYS, "%s", said.p);
	str_finish(&said);
}

static void test_ended(struct app *app, const char *input, int status)
{
	(void)input;
	say_tested(app, status == 0 ? "shown" : "nobody there shows notices");
}

void notice_test(struct app *app)
{
	static const char title[] = "a test";
	const struct notice_ways *ways = &telling_of(app)->ways;
	app->term.ops->bell(app->term.ctx);
	by_terminal(app, title, "This is how the terminal shows a notice.", true);
	bool asked = ways->helper && ways->bus &&
	             by_desktop(app, title, "This is how the desktop shows a notice.", test_ended);
	if (asked) return;
	say_tested(app, !ways->helper ? "stoa-notify is not installed"
	                : !ways->bus  ? "no session bus"
	                              : "its program did not start");
}
