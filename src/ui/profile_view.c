#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "block_pen.h"
#include "model/person.h"
#include "post_block.h"
#include "post_parts.h"
#include "ui/views.h"

/*
 * Everything is drawn onto a paper as long as it gets, of which the screen shows a part:
 * the card, then the pinned posts as they look in a column.
 */

enum { PROFILE_COLS = 80, PROFILE_MAX_PINNED = 40, FIELD_LINES = 4 };

struct paper {
	struct grid grid;
	int starts[PROFILE_MAX_PINNED + 1]; /* first line of each pinned post, and the end */
	post_id posts[PROFILE_MAX_PINNED];
	size_t nposts;
};

/* --- the card --- */

static void say(struct block_pen *pen, enum role role, struct str *line)
{
	struct pen_text how = {.role = role};
	if (line->len) pen_wrap(pen, &how, line->p, line->len);
	str_clear(line);
}

static void gap(struct block_pen *pen)
{
	pen_line(pen);
}

static void say_name(
        struct block_pen *pen, const struct profile_view *view, const struct profile *profile)
{
	struct str line = {0};
	str_adds(&line, profile ? profile_called(profile) : view->who);
	say(pen, ROLE_ARTICLE_HEADING, &line);
	if (profile) {
		str_addf(&line, "@%s", profile->handle);
		say(pen, ROLE_POST_HANDLE, &line);
	}
	const struct person *person = view->person;
	if (person && (person->bot || person->locked || person->limited)) {
		if (person->bot) str_adds(&line, "a bot");
		if (person->locked)
			str_addf(&line, "%sapproves who follows", line.len ? " · " : "");
		if (person->limited)
			str_addf(&line, "%slimited by the moderators", line.len ? " · " : "");
		say(pen, ROLE_POST_REASON, &line);
	}
	if (person && person->moved_to) {
		str_addf(&line, "%s moved to @%s", ui_mark(pen->ui, MARK_RIGHT), person->moved_to);
		say(pen, ROLE_POST_WARNING, &line);
	}
	str_finish(&line);
}

/* Each word only where it holds, so that the line is short. */
static const struct {
	unsigned flag;
	const char *words;
} standings[] = {
        {RELATION_SELF, "this is you"},
        {RELATION_FOLLOWING, "you follow them"},
        {RELATION_REQUESTED, "you asked to follow them"},
        {RELATION_FOLLOWS_US, "they follow you"},
        {RELATION_ASKS_US, "they ask to follow you"},
        {RELATION_NOTIFY, "you are told of each post"},
        {RELATION_BLOCKING, "you block them"},
        {RELATION_BLOCKED_BY, "they block you"},
        {RELATION_BLOCKING_DOMAIN, "you hide their host"},
};

static void add_words(struct str *line, const char *words)
{
	str_addf(line, "%s%s", line->len ? " · " : "", words);
}

static void add_muting(struct str *line, const struct ui *ui, const struct relation *relation)
{
	char until[32];
	if (!(relation->flags & RELATION_MUTING)) return;
	add_words(line, "muted");
	if (relation->mute_until_ms) {
		ui_time(ui, until, relation->mute_until_ms);
		str_addf(line, " until %s", until);
	}
	if (!(relation->flags & RELATION_MUTING_NOTICES))
		str_adds(line, ", but not their mentions");
}

static void say_standing(struct block_pen *pen, const struct profile_view *view)
{
	const struct relation *relation =
	        store_relation(pen->ui->store, view->account, view->profile);
	struct str line = {0};
	if (!relation) return;
	for (size_t i = 0; i < sizeof(standings) / sizeof(standings[0]); i++) {
		if (relation->flags & standings[i].flag) add_words(&line, standings[i].words);
	}
	if (relation->flags & RELATION_FOLLOWING && !(relation->flags & RELATION_REPOSTS))
		add_words(&line, "without their reposts");
	add_muting(&line, pen->ui, relation);
	if (!line.len) str_adds(&line, "you do not follow each other");
	say(pen, ROLE_POST_MINE, &line);
	str_finish(&line);
}

static void add_count(struct str *line, int64_t n, const char *one, const char *many)
{
	if (n < 0) return;
	str_addf(line, "%s%" PRId64 " %s", line->len ? "   " : "", n, n == 1 ? one : many);
}

static void say_counts(struct block_pen *pen, const struct person *person)
{
	struct str line = {0};
	char when[32];
	add_count(&line, person->posts, "post", "posts");
	add_count(&line, person->following, "followed", "followed");
	add_count(&line, person->followers, "follower", "followers");
	say(pen, ROLE_POST_COUNTS, &line);
	if (person->joined_ms) {
		time_t seconds = (time_t)(person->joined_ms / 1000);
		struct tm tm;
		if (localtime_r(&seconds, &tm) && strftime(when, sizeof(when), "%d %b %Y", &tm))
			str_addf(&line, "joined %s", when);
	}
	if (person->last_ms) {
		ui_time(pen->ui, when, person->last_ms);
		str_addf(&line, "%slast post %s", line.len ? "   " : "", when);
	}
	say(pen, ROLE_POST_TIME, &line);
	str_finish(&line);
}

static int cells(const char *text)
{
	return text ? (int)utf8_width(text, strlen(text)) : 0;
}

/* The name, the value behind it or, where that does not fit, below; verified is a word. */
static void say_field(struct block_pen *pen, const struct person_field *field, int names)
{
	enum { VERIFIED_CELLS = 12 };
	struct pen_text how = {.role = ROLE_POST_LINK, .max_lines = FIELD_LINES};
	int row = pen_line(pen), rest = field->verified_ms ? VERIFIED_CELLS : 0;
	bool fits = names + 2 + cells(field->value) + rest <= pen->width;
	int used = pen_puts(pen, row, 0, ROLE_POST_TIME, field->name, pen->width - rest);
	if (fits && used < names) used = names;
	if (fits)
		used += 2 + pen_puts(pen, row, used + 2, ROLE_POST_LINK, field->value, pen->width);
	if (field->verified_ms) {
		struct str words = {0};
		str_addf(&words, "%s verified", ui_mark(pen->ui, MARK_CHECK));
		pen_puts(pen, row, used + 2, ROLE_STATUS_GOOD, words.p, VERIFIED_CELLS);
		str_finish(&words);
	}
	if (!fits) pen_wrap(pen, &how, field->value, strlen(field->value));
}

static void say_fields(struct block_pen *pen, const struct person *person)
{
	int names = 0;
	if (person->nfields) gap(pen);
	for (size_t i = 0; i < person->nfields; i++) {
		int name = cells(person->fields[i].name);
		if (name > names && name <= pen->width / 3) names = name;
	}
	for (size_t i = 0; i < person->nfields; i++)
		say_field(pen, &person->fields[i], names);
}

static void say_person(struct block_pen *pen, const struct profile_view *view)
{
	const struct person *person = view->person;
	struct pen_text how = {.role = ROLE_ARTICLE};
	struct str line = {0};
	say_standing(pen, view);
	if (person->bio && person->bio[0]) {
		gap(pen);
		pen_wrap(pen, &how, person->bio, strlen(person->bio));
	}
	say_fields(pen, person);
	gap(pen);
	say_counts(pen, person);
	if (person->note && person->note[0]) {
		str_addf(&line, "your note: %s", person->note);
		say(pen, ROLE_POST_REASON, &line);
	}
	str_finish(&line);
}

static void say_card(struct block_pen *pen, const struct profile_view *view)
{
	const struct profile *profile = store_profile(pen->ui->store, view->profile);
	struct str line = {0};
	say_name(pen, view, profile);
	if (view->person) {
		say_person(pen, view);
	} else if (view->trouble) {
		gap(pen);
		str_adds(&line, view->trouble);
		say(pen, ROLE_COLUMN_TROUBLE, &line);
	} else {
		gap(pen);
		str_adds(&line, "asking for the profile …");
		say(pen, ROLE_GAP, &line);
	}
	str_finish(&line);
}

/* --- the paper --- */

static void append(struct grid *paper, const struct grid *block)
{
	size_t cells = (size_t)paper->rows * (size_t)paper->cols;
	paper->cells = xrealloc(paper->cells,
	        (cells + (size_t)block->rows * (size_t)paper->cols) * sizeof(*paper->cells) + 1);
	for (int i = 0; i < block->rows; i++) {
		for (int col = 0; col < paper->cols; col++)
			paper->cells[cells + (size_t)col] = (struct cell){.width = 1};
		cells += (size_t)paper->cols;
		paper->rows++;
		grid_copy_row(paper, paper->rows - 1, 0, block, i, NULL);
	}
}

static void add_pinned(struct paper *paper, struct ui *ui, post_id id)
{
	const struct post *post = store_post(ui->store, id);
	struct block_in in = {.row = {.post = id, .sort_ms = post->created_ms},
	        .post = post,
	        .author = store_profile(ui->store, post->author),
	        .rule = true,
	        .cols = paper->grid.cols};
	struct arena scratch = {0};
	struct grid block;
	ui_time(ui, in.time, post->created_ms);
	block_draw(&in, ui, &scratch, &block);
	paper->starts[paper->nposts] = paper->grid.rows;
	paper->posts[paper->nposts++] = id;
	append(&paper->grid, &block);
	paper->starts[paper->nposts] = paper->grid.rows;
	grid_finish(&block);
	arena_finish(&scratch);
}

static void find_pinned(struct paper *paper, const struct profile_view *view, struct ui *ui)
{
	for (size_t i = 0; view->person && i < view->person->npinned; i++) {
		post_id id = store_find(ui->store, view->person->pinned[i]);
		if (id && paper->nposts < PROFILE_MAX_PINNED) add_pinned(paper, ui, id);
	}
}

static void paper_make(
        struct paper *paper, const struct profile_view *view, struct ui *ui, int cols)
{
	struct arena scratch = {0};
	*paper = (struct paper){0};
	grid_init(&paper->grid, 0, cols);
	paper->grid.ascii = ui->ascii;
	int left = cols > 2;
	struct block_pen pen = {.ui = ui,
	        .scratch = &scratch,
	        .grid = &paper->grid,
	        .left = left,
	        .width = cols - left};
	say_card(&pen, view);
	gap(&pen);
	if (view->person && view->person->npinned > 0) {
		pen_say(&pen, ROLE_POST_REASON, "pinned");
		gap(&pen);
	}
	find_pinned(paper, view, ui);
	arena_finish(&scratch);
}

static void paper_finish(struct paper *paper)
{
	grid_finish(&paper->grid);
}

/* --- on the screen --- */

static struct rect text_rect(struct rect area)
{
	int cols = area.cols > 8 ? area.cols - 4 : area.cols;
	if (cols > PROFILE_COLS) cols = PROFILE_COLS;
	int margin = area.rows > 6;
	return (struct rect){
	        area.row + margin, area.col + (area.cols - cols) / 2, area.rows - 2 * margin, cols};
}

static void clamp(struct profile_view *view, const struct paper *paper, int rows)
{
	if (view->pinned > paper->nposts) view->pinned = paper->nposts;
	if (view->top > paper->grid.rows - rows) view->top = paper->grid.rows - rows;
	if (view->top < 0) view->top = 0;
}

static bool is_selected(const struct profile_view *view, const struct paper *paper, int line)
{
	return view->pinned && line >= paper->starts[view->pinned - 1] &&
	       line < paper->starts[view->pinned] - 1;
}

void profile_view_draw(
        struct profile_view *view, struct ui *ui, struct grid *grid, struct rect area)
{
	area = rect_clip(area, (struct rect){0, 0, grid->rows, grid->cols});
	grid_fill(grid, area, theme_style(ui->theme, ROLE_ARTICLE, ROLE_DEFAULT));
	struct rect text = text_rect(area);
	if (text.rows < 1 || text.cols < 1) return;
	struct paper paper;
	paper_make(&paper, view, ui, text.cols);
	clamp(view, &paper, text.rows);
	for (int i = 0; i < text.rows && view->top + i < paper.grid.rows; i++) {
		grid_copy_row(grid, text.row + i, text.col, &paper.grid, view->top + i, NULL);
		if (!is_selected(view, &paper, view->top + i)) continue;
		grid_puts(grid, text, text.row + i, text.col,
		        theme_style(ui->theme, ROLE_POST_BAR, ROLE_DEFAULT), ui_mark(ui, MARK_BAR),
		        1);
	}
	paper_finish(&paper);
}

void profile_view_scroll(struct profile_view *view, struct ui *ui, int lines, struct rect area)
{
	enum { FAR = 1 << 28 };
	struct rect text = text_rect(area);
	struct paper paper;
	if (text.rows < 1 || text.cols < 1) return;
	if (lines > FAR) lines = FAR;
	if (lines < -FAR) lines = -FAR;
	view->top += lines;
	paper_make(&paper, view, ui, text.cols);
	clamp(view, &paper, text.rows);
	paper_finish(&paper);
}

bool profile_view_move(struct profile_view *view, struct ui *ui, int dir, struct rect area)
{
	struct rect text = text_rect(area);
	struct paper paper;
	if (text.rows < 1 || text.cols < 1) return false;
	paper_make(&paper, view, ui, text.cols);
	size_t next = dir > 0 ? view->pinned + 1 : view->pinned ? view->pinned - 1 : 0;
	bool moved = next != view->pinned && next <= paper.nposts;
	if (moved) {
		view->pinned = next;
		int first = next ? paper.starts[next - 1] : 0;
		int last = next ? paper.starts[next] : 0;
		if (last - view->top > text.rows) view->top = last - text.rows;
		if (first < view->top) view->top = first;
	}
	clamp(view, &paper, text.rows);
	paper_finish(&paper);
	return moved;
}

post_id profile_view_post(const struct profile_view *view, const struct ui *ui)
{
	size_t seen = 0;
	for (size_t i = 0; view->person && view->pinned && i < view->person->npinned; i++) {
		post_id id = store_find(ui->store, view->person->pinned[i]);
		if (id && ++seen == view->pinned) return id;
	}
	return 0;
}

/* --- addresses in it --- */

/* The i-th address in a text, counted down in *i; owned, or NULL. */
static char *link_in(const char *text, size_t *i)
{
	static const char ends[] = " \t\n<>\"";
	for (const char *p = text; p && (p = strstr(p, "http")) != NULL;) {
		size_t len = strcspn(p, ends);
		bool is = strncmp(p, "http://", 7) == 0 || strncmp(p, "https://", 8) == 0;
		while (is && len > 0 && strchr(".,;:!?)", p[len - 1]))
			len--;
		if (is && --*i == 0) return xstrndup(p, len);
		p += len ? len : 1;
	}
	return NULL;
}

char *profile_view_link(const struct profile_view *view, const struct ui *ui, size_t i)
{
	const struct profile *profile = store_profile(ui->store, view->profile);
	char *link = NULL;
	if (profile && profile->url && --i == 0) return xstrdup(profile->url);
	for (size_t k = 0; view->person && !link && k < view->person->nfields; k++)
		link = link_in(view->person->fields[k].value, &i);
	if (view->person && !link) link = link_in(view->person->bio, &i);
	return link;
}
