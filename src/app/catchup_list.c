#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "catchup.h"
#include "cmd/cmd.h"
#include "query/query.h"

/* A catch-up as a list, a line each that says in words what it is. */

enum {
	SHOWN_BYTES = 240,
	WIDE = 100,  /* from so many cells on handles are whole */
	NARROW = 60, /* below it numbers would leave no room for words */
};

static const struct list_key keys[] = {
        {"b", "group", "catchup by next", true},
        {"s", "sort", "catchup sort next", true},
        {"e", "earlier", "catchup earlier", true},
        {"o", "browser", "catchup browse", false},
        {"D", "done", "done at", false},
        {"A", "all read", "catchup read", true},
        {"U", "undo", "undo", true},
        {0},
};

struct pen {
	struct app *app;
	const struct catchup *catchup;
	const struct catchup_sight *sight;
	struct list_view *list;
};

static void heading(const struct pen *pen, const char *text)
{
	list_view_add(pen->list, &(struct list_item){.text = (char *)text, .heading = true});
}

static void add_count(struct str *out, uint64_t n, const char *one, const char *many)
{
	if (n) str_addf(out, "%s%" PRIu64 " %s", out->len ? " · " : "", n, n == 1 ? one : many);
}

static void add_known(struct str *out, uint32_t n, const char *one, const char *many)
{
	if (n != POST_UNKNOWN) add_count(out, n, one, many);
}

/* -- a post -- */

static void post_detail(const struct pen *pen, const struct post *post, struct str *out)
{
	add_known(out, post->replies, "reply", "replies");
	add_known(out, post->reposts, "repost", "reposts");
	add_known(out, post->likes, "like", "likes");
	if (store_attention(pen->app->store, post->id) == ATTENTION_LATER)
		str_addf(out, "%slater", out->len ? " · " : "");
	if (store_is_read(pen->app->store, post->id))
		str_addf(out, "%sread", out->len ? " · " : "");
}

/* Where there is little room the host is left out. */
static int handle_len(const struct pen *pen, const struct profile *author)
{
	bool wide = pen->app->screen.cols >= WIDE;
	return (int)(wide ? strlen(author->handle) : strcspn(author->handle, "@"));
}

static void add_post(const struct pen *pen, post_id id, int64_t at_ms, bool named)
{
	const struct post *post = store_post(pen->app->store, id);
	if (!post) return;
	const struct profile *author = store_profile(pen->app->store, post->author);
	struct str text = {0}, detail = {0}, line = {0}, about = {0};
	char time[32];
	ui_time(&pen->app->ui, time, at_ms);
	if (!named)
		str_adds(&text, "  ");
	else if (author)
		str_addf(&text, "@%.*s: ", handle_len(pen, author), author->handle);
	post_line(&text, post, SHOWN_BYTES);
	if (pen->app->screen.cols >= NARROW) post_detail(pen, post, &detail);
	cmd_quote(&about, post_str(post, POST_URI));
	str_addf(&line, "catchup open %s", about.p);
	const struct list_item item = {.key = time,
	        .text = text.p,
	        .detail = detail.len ? detail.p : NULL,
	        .line = line.p,
	        .about = about.p};
	list_view_add(pen->list, &item);
	str_finish(&text);
	str_finish(&detail);
	str_finish(&line);
	str_finish(&about);
}

static void add_rest(const struct pen *pen, const char *key, size_t n)
{
	struct str text = {0}, line = {0};
	str_addf(&text, "  and %zu more: Enter shows them", n);
	str_adds(&line, "catchup unfold ");
	cmd_quote(&line, key);
	str_adds(&line, " rest");
	list_view_add(pen->list, &(struct list_item){.text = text.p, .line = line.p});
	str_finish(&text);
	str_finish(&line);
}

/* Those that came last; all of them when that is wanted. */
static void add_waiting(const struct pen *pen)
{
	const struct catchup_sight *sight = pen->sight;
	const char *unfolded = pen->catchup->unfolded;
	bool all = (unfolded && strcmp(unfolded, CATCHUP_WAITING) == 0) ||
	           sight->nwaiting <= CATCHUP_FEW_WAITING + 1;
	size_t n = all ? sight->nwaiting : CATCHUP_FEW_WAITING;
	struct str text = {0};
	if (sight->nwaiting == 0) return;
	str_addf(&text, "Waiting for your answer: %zu", sight->nwaiting + sight->more_waiting);
	heading(pen, text.p);
	for (size_t i = 0; i < n; i++) {
		const struct post *post = store_post(pen->app->store, sight->waiting[i]);
		if (post) add_post(pen, sight->waiting[i], post->created_ms, true);
	}
	if (n < sight->nwaiting) add_rest(pen, CATCHUP_WAITING, sight->nwaiting - n);
	if (all && sight->more_waiting) {
		str_clear(&text);
		str_addf(&text, "%zu older ones are not listed", sight->more_waiting);
		heading(pen, text.p);
	}
	str_finish(&text);
}

/* -- links -- */

static void add_link(const struct pen *pen, const struct catchup_link *link)
{
	struct str text = {0}, detail = {0}, line = {0}, about = {0};
	size_t len;
	const char *host = query_host(link->url, &len);
	if (*link->title)
		text_line(&text, link->title, SHOWN_BYTES);
	else
		text_line(&text, link->url, SHOWN_BYTES);
	str_addf(&detail, "%zu people", link->people);
	add_count(&detail, link->likes, "like", "likes");
	if (host && *link->title) str_addf(&detail, " · %.*s", (int)len, host);
	cmd_quote(&about, link->url);
	str_addf(&line, "catchup link %s", about.p);
	const struct list_item item = {
	        .text = text.p, .detail = detail.p, .line = line.p, .about = about.p};
	list_view_add(pen->list, &item);
	str_finish(&text);
	str_finish(&detail);
	str_finish(&line);
	str_finish(&about);
}

/* What one person alone links to is no news of a day. */
static void add_links(const struct pen *pen)
{
	const struct catchup_sight *sight = pen->sight;
	if (pen->catchup->group == CATCHUP_BY_LINK) return;
	for (size_t i = 0; i < sight->nlinks && i < CATCHUP_LINKS; i++) {
		if (sight->links[i].people < 2) return;
		if (i == 0) heading(pen, "Links that several people pass on");
		add_link(pen, &sight->links[i]);
	}
}

/* -- groups -- */

static bool is_unfolded(const struct pen *pen, const struct catchup_group_row *group)
{
	return pen->catchup->unfolded && strcmp(pen->catchup->unfolded, group->key) == 0;
}

static void print_group(
        const struct pen *pen, const struct catchup_group_row *group, struct str *out)
{
	const struct profile *author = store_profile(pen->app->store, group->author);
	if (pen->catchup->group == CATCHUP_BY_LINK)
		text_line(out, *group->key ? group->key : "Without a link", SHOWN_BYTES);
	else if (author && *author->name && pen->app->screen.cols >= NARROW)
		str_addf(out, "%s @%s", author->name, author->handle);
	else
		str_addf(out, "@%.*s", author ? handle_len(pen, author) : 7,
		        author ? author->handle : "unknown");
	str_addf(out, ": %zu post%s", group->n, group->n == 1 ? "" : "s");
}

static void add_group(const struct pen *pen, const struct catchup_group_row *group)
{
	struct str text = {0}, detail = {0}, line = {0}, about = {0};
	print_group(pen, group, &text);
	if (pen->app->screen.cols >= NARROW) {
		add_count(&detail, group->replies, "reply", "replies");
		add_count(&detail, group->likes, "like", "likes");
	}
	cmd_quote(&about, *group->key ? group->key : "-");
	str_addf(&line, "catchup unfold %s", about.p);
	const struct list_item item = {
	        .text = text.p, .detail = detail.len ? detail.p : NULL, .line = line.p};
	list_view_add(pen->list, &item);
	str_finish(&text);
	str_finish(&detail);
	str_finish(&line);
	str_finish(&about);
}

static void add_posts_of(const struct pen *pen, size_t group, size_t from, bool named)
{
	const struct catchup_sight *sight = pen->sight;
	const struct catchup_group_row *row = &sight->groups[group];
	bool all = named || is_unfolded(pen, row) || row->n <= CATCHUP_FEW + 1;
	size_t n = all ? row->n : CATCHUP_FEW;
	bool by_link = pen->catchup->group == CATCHUP_BY_LINK;
	for (size_t i = 0; i < n; i++) {
		const struct catchup_post *it = &sight->posts[from + i];
		add_post(pen, it->post, it->at_ms, named || by_link);
	}
	if (n < row->n) add_rest(pen, *row->key ? row->key : "-", row->n - n);
}

static void add_groups(const struct pen *pen)
{
	const struct catchup_sight *sight = pen->sight;
	bool named = pen->catchup->group == CATCHUP_BY_NOTHING;
	size_t from = 0, i = 0;
	if (sight->nposts)
		heading(pen, named                                    ? "Posts"
		             : pen->catchup->group == CATCHUP_BY_LINK ? "Links, and who has them"
		                                                      : "Who wrote what");
	for (; i < sight->ngroups && i < CATCHUP_MAX_GROUPS; i++) {
		if (!named) add_group(pen, &sight->groups[i]);
		add_posts_of(pen, i, from, named);
		from += sight->groups[i].n;
	}
	if (i == sight->ngroups) return;
	struct str text = {0};
	str_addf(&text, "%zu more are not listed", sight->ngroups - i);
	heading(pen, text.p);
	str_finish(&text);
}

/* -- above all of it -- */

/* "8 h", "3 d": the largest unit that says it well. */
static void print_span(struct str *out, int64_t ms)
{
	int64_t minutes = ms / 60000;
	if (minutes < 120)
		str_addf(out, "%" PRId64 " min", minutes);
	else if (minutes < 48 * 60)
		str_addf(out, "%" PRId64 " h", (minutes + 30) / 60);
	else
		str_addf(out, "%" PRId64 " days", (minutes + 720) / 1440);
}

static void add_head(const struct pen *pen)
{
	const struct catchup_sight *sight = pen->sight;
	struct str text = {0};
	if (sight->nposts)
		str_addf(&text, "%zu post%s by %zu %s", sight->nposts,
		        sight->nposts == 1 ? "" : "s", sight->people,
		        sight->people == 1 ? "person" : "people");
	else
		str_adds(&text, "Nothing new; e looks further back");
	if (sight->hidden) str_addf(&text, " · %zu muted", sight->hidden);
	if (!pen->catchup->whole) str_adds(&text, " · asking for what is missing");
	if (pen->catchup->whole && sight->gaps)
		str_addf(&text, " · %zu gap%s", sight->gaps, sight->gaps == 1 ? "" : "s");
	heading(pen, text.p);
	str_finish(&text);
}

/* Where the reader was: on the line of the same post or group. */
static void put_focus(struct list_view *list, const char *at)
{
	size_t place = 0;
	for (size_t i = 0; at && i < list->nitems; i++) {
		const struct list_item *item = &list->items[i];
		if (item->heading) continue;
		if (item->line && strcmp(item->line, at) == 0) {
			list->focus = place;
			return;
		}
		place++;
	}
}

void catchup_print(struct app *app, const struct catchup *catchup,
        const struct catchup_sight *sight, struct list_view *list)
{
	const struct pen pen = {app, catchup, sight, list};
	struct str title = {0};
	str_adds(&title, "Catch-up of ");
	print_span(&title, catchup->until_ms - catchup->since_ms);
	str_addf(&title, ", %s, %s", catchup_groups[catchup->group].said,
	        catchup_sorts[catchup->sort].said);
	*list = (struct list_view){
	        .title = str_take(&title), .keys = keys, .again = xstrdup("catchup again")};
	add_head(&pen);
	add_waiting(&pen);
	add_links(&pen);
	add_groups(&pen);
	put_focus(list, catchup->at);
}
