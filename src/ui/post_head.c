#include "post_head.h"

#include <stdio.h>
#include <string.h>
#include <wctype.h>

#include "base/utf8.h"
#include "post_parts.h"

enum { MARK_CELLS = 2, MIN_HANDLE = 6, MIN_LEFT = 4, MAX_WORDS = 400 };

/* -- the mark of somebody -- */

/* The first letter or digit of a word, large, without what stands over it. Returns its cells. */
static int add_initial(struct str *out, const char *word, size_t len)
{
	for (size_t at = 0; at < len;) {
		struct cluster cluster = utf8_cluster(word + at, len - at);
		enum utf8_kind kind = utf8_kind(cluster.base);
		char bytes[4];
		if (kind == UTF8_LETTER || kind == UTF8_DIGIT) {
			int32_t large = (int32_t)towupper((wint_t)cluster.base);
			str_add(out, bytes, utf8_encode(bytes, large));
			return cluster.width;
		}
		at += cluster.len;
	}
	return 0;
}

enum role head_avatar(struct str *out, const struct profile *profile)
{
	static const enum role roles[] = {ROLE_AVATAR_1, ROLE_AVATAR_2, ROLE_AVATAR_3,
	        ROLE_AVATAR_4, ROLE_AVATAR_5, ROLE_AVATAR_6};
	const char *name = profile_called(profile);
	uint32_t hash = 2166136261u;
	for (const char *p = profile ? profile->handle : ""; *p; p++)
		hash = (hash ^ (unsigned char)*p) * 16777619u;
	int cells = 0;
	for (const char *p = name; *p && cells < MARK_CELLS;) {
		size_t len = strcspn(p, " ");
		struct str initial = {0};
		int width = add_initial(&initial, p, len);
		if (cells + width <= MARK_CELLS) {
			str_add(out, str_c(&initial), initial.len);
			cells += width;
		}
		str_finish(&initial);
		p += len + (p[len] == ' ');
	}
	for (; cells < MARK_CELLS; cells++)
		str_addc(out, cells ? ' ' : '?');
	return roles[(hash ^ hash >> 16) % (sizeof(roles) / sizeof(*roles))];
}

/* -- fields side by side -- */

/* One line while it fills up. */
struct head {
	struct block_pen *pen;
	const struct block_in *in;
	const struct profile *profile;
	int row, used; /* cells used from the left */
};

static void add_count(struct str *out, const struct ui *ui, enum mark mark, uint32_t n, bool mine)
{
	char number[16] = "";
	bool known = n != POST_UNKNOWN && n > 0;
	if (!known && !mine) return;
	if (known) part_number(number, n);
	str_addf(out, "%s%s%s%s%s", out->len ? " " : "", ui_mark(ui, mark), known ? " " : "",
	        number, mine ? " you" : "");
}

static enum role add_counts(struct str *out, const struct head *head)
{
	const struct post *post = head->in->post;
	const struct ui *ui = head->pen->ui;
	unsigned mine = 0;
	if (!post) return ROLE_POST_COUNTS;
	for (size_t i = 0; i < post->nviewers; i++)
		mine |= post_viewer(post, i).flags;
	add_count(out, ui, MARK_REPLY, post->replies, false);
	add_count(out, ui, MARK_REPOST, post->reposts, mine & VIEWER_REPOSTED);
	add_count(out, ui, MARK_LIKE, post->likes, mine & VIEWER_LIKED);
	if (mine & VIEWER_BOOKMARKED) add_count(out, ui, MARK_BOOKMARK, 0, true);
	return mine & (VIEWER_REPOSTED | VIEWER_LIKED | VIEWER_BOOKMARKED) ? ROLE_POST_MINE
	                                                                   : ROLE_POST_COUNTS;
}

static void add_reason(struct str *out, const struct head *head)
{
	const struct block_in *in = head->in;
	const struct ui *ui = head->pen->ui;
	bool answers = in->post && (post_len(in->post, POST_REPLY_TO) > 0 ||
	                                   post_len(in->post, POST_REPLY_NAME) > 0);
	if (in->row.reason != REASON_POSTED) {
		str_adds(out, ui_mark(ui, part_reason_mark(in->row.reason)));
		if (in->actor && in->actor != in->author)
			str_addf(out, " %s", profile_called(in->actor));
	} else if (answers && !in->thread) {
		str_adds(out, ui_mark(ui, MARK_REPLY));
	}
}

/* What a field says in a line, and how it looks; "" when there is nothing. */
static enum role field_text(const struct head *head, enum post_field field, struct str *out)
{
	const struct block_in *in = head->in;
	switch (field) {
	case FIELD_TIME:
		str_adds(out, in->time);
		return ROLE_POST_TIME;
	case FIELD_HANDLE:
		if (head->profile && head->profile->name[0])
			str_addf(out, "@%s", head->profile->handle);
		return ROLE_POST_HANDLE;
	case FIELD_MARK:
		return head_avatar(out, head->profile);
	case FIELD_COUNTS:
		return add_counts(out, head);
	case FIELD_REASON:
		add_reason(out, head);
		return ROLE_POST_REASON;
	case FIELD_MEDIA:
		if (in->post && in->post->nmedia)
			str_addf(out, "%s%zu", ui_mark(head->pen->ui, MARK_MEDIA),
			        (size_t)in->post->nmedia);
		return ROLE_POST_MEDIA;
	case FIELD_NAME:
		str_adds(out, profile_called(head->profile));
		return in->highlight ? in->highlight : ROLE_POST_AUTHOR;
	case FIELD_TEXT:
	case FIELD_POLL:
	case FIELD_QUOTE:
	case FIELD_CARD:
	case FIELD_COUNT:
		break; /* the text is drawn by itself, the others never stand here */
	}
	return ROLE_POST;
}

static void put(struct head *head, enum role role, const char *text, int max)
{
	head->used += pen_puts(head->pen, head->row, head->used, role, text, max);
}

/* In front of a name: what was opened, what a highlight found, whose mark. */
static void before_name(struct head *head, const struct template_line *line, int room)
{
	struct ui *ui = head->pen->ui;
	if (head->in->row.opened) {
		put(head, ROLE_POST_MINE, ui_mark(ui, MARK_OPENED), room);
		head->used = head->used ? head->used + 1 : 0;
	}
	if (head->in->highlight) {
		put(head, head->in->highlight, ui_mark(ui, MARK_STAR), room - head->used);
		put(head, head->in->highlight, " ", room - head->used);
	}
	bool marked = false;
	for (size_t i = 0; i < line->n; i++)
		marked |= line->fields[i].field == FIELD_MARK;
	if (!ui->options->avatars || marked) return;
	struct str mark = {0};
	enum role role = head_avatar(&mark, head->profile);
	put(head, role, str_c(&mark), room - head->used);
	put(head, ROLE_POST, " ", room - head->used);
	str_finish(&mark);
}

/* A text's beginning in what is left of the line: its ends of lines are blanks here. */
static void put_text(struct head *head, int room)
{
	const struct post *post = head->in->post;
	struct block_pen *pen = head->pen;
	if (!post || room - head->used < MIN_LEFT) return;
	bool covered = part_is_covered(head->in), titled = post_len(post, POST_TITLE) > 0;
	enum post_string what = covered ? POST_WARNING : titled ? POST_TITLE : POST_BODY;
	struct pen_text how = {.role = covered            ? ROLE_POST_WARNING
	                               : titled           ? ROLE_POST_TITLE
	                               : head->in->unread ? ROLE_POST_UNREAD
	                                                  : ROLE_POST};
	size_t len = utf8_prefix(post_str(post, what), post_len(post, what), MAX_WORDS);
	char *flat = arena_alloc(pen->scratch, len + 1);
	memcpy(flat, post_str(post, what), len);
	for (size_t i = 0; i < len; i++) {
		if (flat[i] == '\n') flat[i] = ' ';
	}
	struct facet *facets = arena_alloc(pen->scratch, (post->nfacets + 1) * sizeof(*facets));
	for (size_t i = 0; i < post->nfacets; i++)
		facets[i] = post_facet(post, i);
	how.facets = facets;
	how.nfacets = what == POST_BODY ? post->nfacets : 0;
	if (covered) {
		put(head, ROLE_POST_WARNING, ui_mark(pen->ui, MARK_WARNING), room - head->used);
		put(head, ROLE_POST_WARNING, " ", room - head->used);
	}
	const struct wrap_line all = {.end = (uint32_t)len};
	int width = pen->width;
	bool cut = (int)utf8_width(flat, len) > room - head->used;
	if (cut) pen_puts(pen, head->row, room - 1, how.role, ui_mark(pen->ui, MARK_ELLIPSIS), 1);
	pen->width = room - cut;
	pen_draw_line(pen, head->row, head->used, pen_roles(pen, &how, flat, len), flat, &all);
	pen->width = width;
	head->used = room;
}

static int shorter(int a, int b)
{
	return a < b ? a : b;
}

static void put_left(struct head *head, const struct template_line *line, int room)
{
	for (size_t i = 0; i < line->n; i++) {
		const struct template_field *field = &line->fields[i];
		struct str text = {0};
		if (field->right) continue;
		int start = head->used ? head->used + 1 : 0;
		enum role role = field_text(head, field->field, &text);
		int least = field->field == FIELD_HANDLE ? MIN_HANDLE - 1 : 1;
		if (field->field == FIELD_TEXT) {
			head->used = start;
			put_text(head, room);
		} else if (text.len && room - start >= least) {
			head->used = start;
			if (field->field == FIELD_NAME) before_name(head, line, room);
			int most = field->limit ? field->limit : room;
			put(head, role, text.p, shorter(most, room - head->used));
		}
		str_finish(&text);
	}
}

/* Cells that a line's right end takes; 0 when there is no room for it. */
static int right_cells(const struct head *head, const struct template_line *line)
{
	int cells = 0;
	for (size_t i = 0; i < line->n; i++) {
		struct str text = {0};
		if (!line->fields[i].right) continue;
		field_text(head, line->fields[i].field, &text);
		if (text.len) cells += (cells ? 2 : 0) + (int)utf8_width(text.p, text.len);
		str_finish(&text);
	}
	return head->pen->width - cells - 1 < MIN_LEFT ? 0 : cells;
}

static void put_right(struct head *head, const struct template_line *line, int col)
{
	int start = col;
	for (size_t i = 0; i < line->n; i++) {
		struct str text = {0};
		if (!line->fields[i].right) continue;
		enum role role = field_text(head, line->fields[i].field, &text);
		if (text.len && col > start) col += 2;
		if (text.len)
			col += pen_puts(head->pen, head->row, col, role, text.p, head->pen->width);
		str_finish(&text);
	}
}

void head_draw(struct block_pen *pen, const struct block_in *in, const struct profile *profile,
        const struct template_line *line)
{
	struct head head = {.pen = pen, .in = in, .profile = profile, .row = pen_line(pen)};
	int right = right_cells(&head, line), room = pen->width;
	if (right) {
		put_right(&head, line, pen->width - right);
		room -= right + 1;
	}
	put_left(&head, line, room);
}
