#include "app/tutorial.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/cmd.h"
#include "inside.h"
#include "ui/wrap.h"

const struct tutorial_step tutorial_steps[] = {
        {"cursor down", "cursor down|cursor up|cursor page-down",
                "Go from post to post: {} and Down; the bar shows where you are."},
        {"column right", "column right|column left|column focus|column next-unread",
                "Go to the next column: {}; Tab goes to the next that has something new."},
        {"enter", "enter|thread", "Read a whole conversation: {} on a post."},
        {"back", "back", "Go back: {} closes what lies on top."},
        {"like", "like", "Like a post: {}. It is shown at once."},
        {"undo", "undo", "Take it back: {} undoes the last thing, whatever it was."},
        {"prompt filter", "filter", "Find while you type: {} and a word, Enter; {back} ends it."},
        {"prompt search", "search|add|column add",
                "Make a column of a search: {}, then words, Enter."},
        {"silence author", "silence author|mute|silence someone",
                "Have less of somebody: {} silences who put a row there, for a day first."},
        {"compose", "compose|reply", "Write a post: {}."},
        {"compose send", "compose send",
                "M-s gives it a time such as `tomorrow 9:00`; {} shows it and sends it off."},
        {"agenda", "agenda", "See what will be posted when: {}."},
        {"catchup", "catchup", "Catch up with what came while you were away: {}."},
        {"brief", "brief", "See who waits for an answer of yours: {}."},
        {"theme", "theme|theme keep", "Choose colours: {}, and look while you move."},
        {"help", "help", "Everything else: {} lists the keys of wherever you are."},
        {0},
};
enum {
	STEPS = sizeof(tutorial_steps) / sizeof(*tutorial_steps) - 1,
	PANE_COLS = 36,
	PANE_FROM = 100,
	MIN_ROWS = 12
};

static const char all_done[] = "That was all. `:tutorial off` takes this away; `q` leaves.";

/* -- what is done -- */

static bool is_done(const struct app *app, size_t i)
{
	return app->tutorial_done >> i & 1;
}

/* The first step that is not done; STEPS when all are. */
static size_t current(const struct app *app)
{
	size_t i = 0;
	while (i < STEPS && is_done(app, i))
		i++;
	return i;
}

void tutorial_open(struct app *app, bool open)
{
	app->tutorial = open && !app->look_only;
	app->dirty = app->stale_layout = true;
}

static void tick(struct app *app, size_t i)
{
	if (i >= STEPS || is_done(app, i)) return;
	app->tutorial_done |= 1u << i;
	app->dirty = true;
}

static bool ticks(const struct tutorial_step *step, const char *name)
{
	size_t len = strlen(name);
	for (const char *p = step->ran; *p;) {
		size_t word = strcspn(p, "|");
		if (word == len && strncmp(p, name, len) == 0) return true;
		p += word + (p[word] == '|');
	}
	return false;
}

void tutorial_note(struct app *app, const char *line)
{
	const struct cmd *cmd = app->tutorial ? cmd_of(app->commands, line) : NULL;
	for (size_t i = 0; cmd && i < STEPS; i++) {
		if (ticks(&tutorial_steps[i], cmd->name)) tick(app, i);
	}
}

void tutorial_skip(struct app *app)
{
	tick(app, current(app));
}

/* -- its words -- */

/* The key that runs a line now, else the line as one types it. */
static void add_key(const struct app *app, const char *line, struct str *out)
{
	const char *keys = NULL;
	for (int context = KEYS_COLUMN; !keys && context >= 0; context--)
		keys = keymap_keys(app->keymap, (enum key_context)context, line);
	if (keys)
		str_adds(out, keys);
	else
		str_addf(out, ":%s", line);
}

static void step_words(const struct app *app, const struct tutorial_step *step, struct str *out)
{
	for (const char *p = step->text; *p;) {
		size_t len = strcspn(p, "{");
		str_add(out, p, len);
		p += len;
		if (!*p) break;
		size_t name = strcspn(p, "}");
		char *line = name > 1 ? xstrndup(p + 1, name - 1) : xstrdup(step->line);
		add_key(app, line, out);
		free(line);
		p += name + 1;
	}
}

void tutorial_list(const struct app *app, struct list_view *list)
{
	for (size_t i = 0; i < STEPS; i++) {
		struct str text = {0};
		step_words(app, &tutorial_steps[i], &text);
		if (i == current(app)) list->focus = i;
		list_view_add(list,
		        &(struct list_item){.key = is_done(app, i)
		                                           ? (char *)ui_mark(&app->ui, MARK_CHECK)
		                                           : (char *)" ",
		                .text = text.p});
		str_finish(&text);
	}
}

/* -- on the screen -- */

/* A column of its own must not take the place of one of the deck. */
static bool has_room(const struct app *app)
{
	int cols = app->screen.cols + 1, each = (int)app->options.column_width + 1;
	int before = cols / each, after = (cols - PANE_COLS) / each;
	if (app->screen.cols < PANE_FROM || app->options.linear) return false;
	return (size_t)after >= app->ncolumns || (after && after == before);
}

int tutorial_cols(const struct app *app)
{
	return app->tutorial && has_room(app) ? PANE_COLS : 0;
}

int tutorial_rows(const struct app *app)
{
	bool room = app->screen.rows >= MIN_ROWS && !tutorial_cols(app);
	return app->tutorial && room ? 2 : 0;
}

static uint16_t style(const struct app *app, enum role role)
{
	return theme_style(app->theme, role, ROLE_DEFAULT);
}

/* Wrapped into so many lines of `area`, from its line `row` on. Returns the lines used. */
static int put_words(struct app *app, struct rect area, int row, enum role role, const char *text)
{
	struct arena arena = {0};
	int lines = 0;
	struct wrap wrap = wrap_text(&arena, text, strlen(text), area.cols, 0);
	for (; (size_t)lines < wrap.nlines && row + lines < area.rows; lines++)
		grid_put(&app->screen, area, area.row + row + lines, area.col, style(app, role), 0,
		        text + wrap.lines[lines].start,
		        wrap.lines[lines].end - wrap.lines[lines].start, area.cols);
	arena_finish(&arena);
	return lines;
}

static void heading(const struct app *app, struct str *out)
{
	size_t done = 0;
	for (size_t i = 0; i < STEPS; i++)
		done += is_done(app, i);
	str_addf(out, "Tutorial, %zu of %d done", done, STEPS);
}

static void draw_strip(struct app *app, int rows)
{
	struct rect area = {draw_deck_rows(app), 0, rows, app->screen.cols};
	struct str words = {0};
	size_t at = current(app);
	grid_fill(&app->screen, area, style(app, ROLE_STATUS));
	heading(app, &words);
	str_adds(&words, ": ");
	if (at < STEPS)
		step_words(app, &tutorial_steps[at], &words);
	else
		str_adds(&words, all_done);
	if (area.cols > 2 && !app->options.linear) {
		area.col++;
		area.cols -= 2;
	}
	put_words(app, area, 0, ROLE_STATUS, str_c(&words));
	str_finish(&words);
}

static void draw_title(struct app *app, struct rect area)
{
	struct str words = {0};
	struct rect line = {area.row, area.col, 1, area.cols};
	heading(app, &words);
	grid_fill(&app->screen, line, style(app, ROLE_COLUMN_TITLE));
	grid_puts(&app->screen, line, line.row, line.col + 1, style(app, ROLE_COLUMN_TITLE),
	        str_c(&words), line.cols - 1);
	str_finish(&words);
}

/* A line for what is done and what comes later, all of it for what is to be done now. */
static void draw_pane(struct app *app, struct rect area)
{
	size_t at = current(app);
	int row = 2;
	grid_fill(&app->screen, area, style(app, ROLE_DEFAULT));
	draw_title(app, area);
	struct rect text = {area.row, area.col + 3, area.rows, area.cols - 4};
	for (size_t i = 0; i < STEPS && row < area.rows; i++) {
		struct str words = {0};
		bool now = i == at;
		step_words(app, &tutorial_steps[i], &words);
		const char *mark = is_done(app, i) ? ui_mark(&app->ui, MARK_CHECK)
		                   : now           ? ui_mark(&app->ui, MARK_RIGHT)
		                                   : " ";
		grid_puts(&app->screen, area, area.row + row, area.col + 1,
		        style(app, ROLE_COLUMN_UNREAD), mark, 1);
		if (now)
			row += put_words(app, text, row, ROLE_POST_UNREAD, str_c(&words));
		else
			grid_puts(&app->screen, text, text.row + row++, text.col,
			        style(app, ROLE_POST_TIME), str_c(&words), text.cols);
		str_finish(&words);
	}
	if (at == STEPS) put_words(app, text, row + 1, ROLE_POST_UNREAD, all_done);
}

void tutorial_draw(struct app *app)
{
	int cols = tutorial_cols(app), rows = tutorial_rows(app);
	if (cols) {
		struct rect line = {0, app->screen.cols - cols, draw_deck_rows(app), 1};
		for (int row = 0; row < line.rows; row++)
			grid_puts(&app->screen, line, row, line.col, style(app, ROLE_COLUMN_BORDER),
			        ui_mark(&app->ui, MARK_VERTICAL), 1);
		draw_pane(app, (struct rect){0, line.col + 1, line.rows, cols - 1});
	} else if (rows) {
		draw_strip(app, rows);
	}
}
