#include "post_block.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "picture_parts.h"
#include "post_head.h"
#include "post_parts.h"
#include "post_words.h"

static enum role highlight_of(const struct store *store, const struct row *row)
{
	const struct rule *const *rules;
	enum role role = ROLE_HIGHLIGHT;
	size_t n = store_rules(store, &rules);
	if (row->highlight == 0 || row->highlight > n) return ROLE_DEFAULT;
	role_find(rules[row->highlight - 1]->role, &role, NULL);
	return role;
}

void block_gather(struct block_in *out, const struct ui *ui, const struct timeline *timeline,
        const struct row *row, bool opened, int cols)
{
	*out = (struct block_in){.row = *row, .opened = opened, .rule = true, .cols = cols};
	const struct store *store = ui->store;
	out->post = store_post(store, row->post);
	out->actor = store_profile(store, row->actor);
	out->search = timeline_query(timeline);
	out->thread = timeline_is_thread(timeline);
	ui_time(ui, out->time, row->sort_ms);
	out->highlight = highlight_of(store, row);
	if (!out->post) return;
	if (row->reason != REASON_SCHEDULED) ui_time(ui, out->time, out->post->created_ms);
	out->author = store_profile(store, out->post->author);
	out->unread = !store_is_read(store, row->post);
	if (post_len(out->post, POST_QUOTE_OF) == 0) return;
	out->quote = store_post(store, store_find(store, post_str(out->post, POST_QUOTE_OF)));
	if (out->quote) out->quote_author = store_profile(store, out->quote->author);
}

/* --- its margins --- */

enum { GUIDE_CELLS = 2, GUIDE_MAX = 8 };

/* Levels that are drawn: the text keeps most of a narrow column. */
static int guide_levels(const struct block_in *in)
{
	int most = (in->cols - 2) / 8;
	if (most > GUIDE_MAX) most = GUIDE_MAX;
	if (most < 0) most = 0;
	return in->row.depth < most ? in->row.depth : most;
}

/* Tiny columns have no cells to spare for a margin. */
static int left_margin(const struct block_in *in)
{
	return (in->cols > 2) + guide_levels(in) * GUIDE_CELLS;
}

static int text_width(const struct block_in *in)
{
	return in->cols - left_margin(in) - (in->cols > 20);
}

/* --- hash: eight bytes a step, because it runs for every visible post in every frame --- */

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 32;
}

static uint64_t mix_bytes(uint64_t hash, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	uint64_t word;
	for (; len >= sizeof(word); p += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		hash = mix(hash, word);
	}
	word = 0;
	memcpy(&word, p, len);
	return mix(hash, word ^ (uint64_t)len << 56);
}

static uint64_t mix_str(uint64_t hash, const char *s)
{
	return mix_bytes(hash, s, strlen(s));
}

static uint64_t mix_profile(uint64_t hash, const struct profile *profile)
{
	if (!profile) return mix(hash, 1);
	return mix_str(mix_str(hash, profile->name), profile->handle);
}

static uint64_t mix_notice(uint64_t hash, const struct profile *profile)
{
	if (!profile) return hash;
	return mix_str(mix(hash, (uint64_t)profile->followers), profile->bio ? profile->bio : "");
}

/* Where the row stands in a thread, and what hides it. */
static uint64_t mix_place(uint64_t hash, const struct row *row)
{
	hash = mix(hash, (uint64_t)row->guides << 32 | row->depth);
	hash = mix(hash, (uint64_t)row->folded << 32 | row->folded_unread);
	hash = mix(hash, (uint64_t)row->opened << 3 | (uint64_t)row->orphan << 2 |
	                         (uint64_t)row->muted << 1 | (uint64_t)row->filtered);
	return row->why ? mix_str(hash, row->why) : hash;
}

static uint64_t mix_post(uint64_t hash, const struct post *post)
{
	return post ? mix_bytes(hash, post, post->size) : mix(hash, 2);
}

uint64_t block_hash(const struct block_in *in, const struct ui *ui)
{
	uint64_t hash = mix(in->row.post, (uint64_t)in->row.kind << 32 | in->row.reason);
	hash = mix(hash, (uint64_t)in->row.more << 32 | (uint64_t)in->row.sort_ms);
	hash = mix(hash, (uint64_t)in->cols << 8 | (uint64_t)in->unread << 2 |
	                         (uint64_t)in->opened << 1 | (uint64_t)ui->ascii);
	hash = mix(hash, (uint64_t)in->highlight << 40 | (uint64_t)ui->options->post_lines << 1 |
	                         (uint64_t)theme_has(ui->theme, ROLE_POST_RULE));
	hash = mix_str(hash, in->time);
	hash = mix_str(hash, ui->options->layout);
	hash = mix(hash, (uint64_t)in->rule << 3 | (uint64_t)in->selected << 2 |
	                         (uint64_t)ui->options->linear << 1 |
	                         (uint64_t)ui->options->avatars);
	hash = mix_profile(mix_profile(hash, in->author), in->actor);
	hash = mix_post(mix_post(hash, in->post), in->quote);
	hash = mix_profile(hash, in->quote_author);
	if (in->thread || in->row.why) hash = mix_place(hash, &in->row);
	if (!in->post) hash = mix_notice(hash, in->actor);
	hash = mix(hash, pictures_stamp(in, ui, text_width(in)));
	const char *needle;
	for (size_t i = 0; in->search && (needle = query_needle(in->search, i)); i++) {
		hash = mix_str(hash, needle);
	}
	return hash;
}

/* --- drawing --- */

enum { HINT_CELLS = 10 }; /* " — x shows" */

/* What is to be warned of is one line until it is opened. */
static bool draw_filtered(struct block_pen *pen, const struct block_in *in)
{
	struct str line = {0};
	if (!in->row.filtered || in->opened) return false;
	str_addf(&line, "%s filtered: %s", ui_mark(pen->ui, MARK_WARNING), in->row.why);
	int used = (int)utf8_width(line.p, line.len);
	if (used + HINT_CELLS <= pen->width) str_adds(&line, " — x shows");
	pen_say(pen, ROLE_POST_MORE, str_c(&line));
	str_finish(&line);
	return true;
}

/* How this block is laid out: all of it once it was opened. */
static void find_template(const struct block_in *in, const struct ui *ui, struct post_template *out)
{
	*out = ui->layout;
	if (out->nlines == 0 || in->opened) post_template_read(post_layouts[0].name, out, NULL);
}

/* A line with one field that takes as many lines as it needs. */
static void draw_own_lines(
        struct block_pen *pen, const struct block_in *in, const struct template_field *field)
{
	bool covered = part_is_covered(in);
	switch ((enum post_field)field->field) {
	case FIELD_COUNTS:
		part_counts(pen, in->post);
		break;
	case FIELD_REASON:
		part_reason(pen, in);
		break;
	case FIELD_TEXT:
		part_text(pen, in, field->limit);
		break;
	case FIELD_MEDIA:
		if (!covered) part_media(pen, in);
		break;
	case FIELD_POLL:
		if (!covered) part_poll(pen, in);
		break;
	case FIELD_QUOTE:
		if (!covered) part_quote(pen, in);
		break;
	case FIELD_CARD:
		if (!covered) part_card(pen, in->post);
		break;
	case FIELD_HANDLE:
	case FIELD_MARK:
	case FIELD_NAME:
	case FIELD_TIME:
	case FIELD_COUNT:
		break; /* never alone: template_line_is_own */
	}
}

static void draw_post(struct block_pen *pen, const struct block_in *in)
{
	struct post_template template;
	find_template(in, pen->ui, &template);
	int indent = template.indent < pen->width / 4 ? template.indent : 0;
	bool filtered = draw_filtered(pen, in);
	for (size_t i = 0; i < template.nlines && !filtered; i++) {
		const struct template_line *line = &template.lines[i];
		if (template_line_is_own(line))
			draw_own_lines(pen, in, &line->fields[0]);
		else
			head_draw(pen, in, in->author, line);
		if (i > 0) continue;
		pen->left += indent;
		pen->width -= indent;
		part_why(pen, in);
	}
	part_fold(pen, &in->row);
	if (filtered) return;
	pen->left -= indent;
	pen->width += indent;
}

static void draw_notice(struct block_pen *pen, const struct block_in *in)
{
	struct block_in who = *in;
	struct post_template template;
	find_template(in, pen->ui, &template);
	if (template_line_is_own(&template.lines[0]))
		post_template_read(post_layouts[0].name, &template, NULL);
	head_draw(pen, in, in->actor, &template.lines[0]);
	/* The head has named them already. */
	who.author = in->actor;
	part_why(pen, in);
	if (in->row.reason != REASON_FOUND) part_reason(pen, &who);
	if (in->actor) part_person(pen, in->actor);
}

static void draw_gap(struct block_pen *pen)
{
	struct pen_text how = {.role = ROLE_GAP, .prefix = MARK_GAP, .has_prefix = true};
	const char *text = "posts are missing here — Enter loads them";
	pen_wrap(pen, &how, text, strlen(text));
}

/* Rows that mutes and quotas fold: how many, and what folds the newest of them. */
static void draw_fold(struct block_pen *pen, const struct row *row)
{
	struct str line = {0};
	str_addf(&line, "%s %" PRIu32 " folded", ui_mark(pen->ui, MARK_FOLD), row->more);
	if (row->why) str_addf(&line, ": %s", row->why);
	pen_say(pen, ROLE_FOLD, str_c(&line));
	str_finish(&line);
}

/* --- the tree at the left of a thread's rows --- */

/* The guide at a depth, in the first line of the block or below it. */
static const char *guide(const struct block_in *in, const struct ui *ui, int depth, bool last)
{
	bool goes_on = in->row.guides >> (depth - 1) & 1;
	/* Deeper than fits: what it answers stands above it all the same. */
	if (last && depth < in->row.depth) return ui_mark(ui, MARK_RIGHT);
	if (last) return ui_mark(ui, goes_on ? MARK_BRANCH : MARK_LAST_BRANCH);
	return goes_on ? ui_mark(ui, MARK_VERTICAL) : " ";
}

static void draw_guides(const struct block_in *in, const struct ui *ui, struct grid *out, int left)
{
	int levels = guide_levels(in);
	uint16_t style = theme_style(ui->theme, ROLE_POST_GUIDE, ROLE_DEFAULT);
	struct rect all = {0, 0, out->rows, out->cols};
	for (int row = 0; row < out->rows; row++) {
		for (int depth = 1; depth <= levels; depth++) {
			const char *mark = guide(in, ui, depth, row == 0 && depth == levels);
			grid_puts(out, all, row, left + (depth - 1) * GUIDE_CELLS, style, mark, 1);
		}
	}
}

/* Without guides, margins and rules. */
static void draw_words(
        const struct block_in *in, struct ui *ui, struct arena *scratch, struct grid *out)
{
	struct block_pen pen = {
	        .ui = ui, .scratch = scratch, .grid = out, .search = in->search, .width = in->cols};
	if (in->row.kind == ROW_GAP)
		words_gap(&pen, in);
	else if (in->row.kind == ROW_FOLD)
		words_fold(&pen, in);
	else if (in->post)
		words_post(&pen, in);
	else
		words_notice(&pen, in);
	pen_line(&pen);
}

void block_draw(const struct block_in *in, struct ui *ui, struct arena *scratch, struct grid *out)
{
	arena_reset(scratch);
	grid_init(out, 0, in->cols);
	out->ascii = ui->ascii;
	if (ui_is_linear(ui)) {
		draw_words(in, ui, scratch, out);
		return;
	}
	int guides = guide_levels(in) * GUIDE_CELLS;
	struct block_pen pen = {.ui = ui,
	        .scratch = scratch,
	        .grid = out,
	        .search = in->search,
	        .left = left_margin(in),
	        .width = text_width(in)};
	if (in->row.kind == ROW_GAP) {
		draw_gap(&pen);
	} else if (in->row.kind == ROW_FOLD) {
		draw_fold(&pen, &in->row);
	} else if (in->post) {
		draw_post(&pen, in);
	} else {
		draw_notice(&pen, in);
	}
	if (!in->rule && out->rows > 0) {
		if (guides > 0) draw_guides(in, ui, out, left_margin(in) - guides);
		return;
	}
	/* The rule takes the last line when there is no room for one more. */
	int row = pen_line(&pen);
	if (row < 0) row = out->rows - 1;
	if (theme_has(ui->theme, ROLE_POST_RULE)) pen_rule(&pen, row);
	if (guides > 0) draw_guides(in, ui, out, left_margin(in) - guides);
}
