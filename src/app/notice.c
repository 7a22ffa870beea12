#include "app/notice.h"

#include <stdlib.h>
#include <string.h>

#include "app/act.h"
#include "app/rules.h"
#include "base/duration.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "model/post.h"
#include "notice_out.h"
#include "notice_told.h"

enum { BELL_GAP_MS = 1000, NOTICE_CLUSTERS = 200 };

/* A column's `notify` is a rule of this id and the column's title, for all but our own posts. */
static const char column_mark[] = "column:";

bool notice_of_column(const struct rule *rule)
{
	return strncmp(rule->id, column_mark, sizeof(column_mark) - 1) == 0;
}

void notice_bell(struct app *app)
{
	int64_t now = clock_mono(app->clock);
	if (app->bell_ms && now - app->bell_ms < BELL_GAP_MS) return;
	app->bell_ms = now;
	app->term.ops->bell(app->term.ctx);
}

void notice_show(struct app *app, const struct notice *notice)
{
	if (!app->unseen) app_say(app, TONE_SAYS, "%s: %s", notice->about, notice->text);
	if (notice->whole) notice_out(app, notice->about, notice->whole);
	if (notice->bell && !notice_is_quiet(app)) notice_bell(app);
}

/* Hits of one rule in a turn. */
struct heard {
	const struct rule *rule;
	post_id post;
	unsigned hits, count; /* count: the last one's own */
};

/* What was said, for people who may not be at the terminal: nothing that was said in private. */
static void add_words(const struct app *app, struct str *out, const struct post *post)
{
	const struct profile *author = store_profile(app->store, post->author);
	const char *words = post_len(post, POST_TITLE)     ? post_str(post, POST_TITLE)
	                    : post_len(post, POST_WARNING) ? post_str(post, POST_WARNING)
	                                                   : post_str(post, POST_BODY);
	size_t len = 0, whole = strlen(words);
	if (author) str_addf(out, "@%s: ", author->handle);
	if (post->visibility == VIS_DIRECT) {
		str_adds(out, "a direct message");
		return;
	}
	for (int i = 0; i < NOTICE_CLUSTERS && len < whole; i++)
		len += utf8_cluster(words + len, whole - len).len;
	str_addf(out, "%.*s%s", (int)len, words, len < whole ? "…" : "");
}

static void add_label(const struct app *app, struct str *text, struct str *whole, post_id id)
{
	const struct post *post = store_post(app->store, id);
	if (post) {
		act_post_label(app, post, text);
		add_words(app, whole, post);
	} else {
		str_adds(text, "something new");
		str_adds(whole, "something new");
	}
}

/* `again`: another rule has told of this very post in this turn. */
static void tell(struct app *app, const struct heard *heard, bool again)
{
	const struct rule *rule = heard->rule;
	struct str text = {0}, whole = {0};
	if (rule->per_ms) {
		str_addf(&text, "%u in ", heard->count);
		duration_print(&text, rule->per_ms);
		str_adds(&text, ", the last: ");
	} else if (heard->hits > 1) {
		str_addf(&text, "%u new, the last: ", heard->hits);
	}
	str_adds(&whole, str_c(&text));
	add_label(app, &text, &whole, heard->post);
	notice_show(
	        app, &(struct notice){.about = notice_of_column(rule) ? rule->columns : rule->query,
	                     .text = text.p,
	                     .whole = again ? NULL : whole.p,
	                     .bell = rule->bell});
	str_finish(&text);
	str_finish(&whole);
}

/* A column and a rule may both be about one post: it leaves the deck once. */
static bool was_told(const struct heard *all, size_t n)
{
	if (all[n].hits > 1 || all[n].rule->per_ms) return false;
	for (size_t i = 0; i < n; i++) {
		if (all[i].post == all[n].post) return true;
	}
	return false;
}

void notice_take(struct app *app)
{
	struct heard *all = NULL;
	size_t n = 0, cap = 0;
	post_id *posts = NULL;
	size_t nposts = 0, posts_cap = 0;
	struct rule_hit hit;
	while (store_next_hit(app->store, &hit)) {
		size_t i = 0;
		if (told_has(app, hit.post)) continue;
		posts = mem_grow(posts, &posts_cap, nposts + 1, sizeof(*posts));
		posts[nposts++] = hit.post;
		while (i < n && all[i].rule != hit.rule)
			i++;
		if (i == n) {
			all = mem_grow(all, &cap, n + 1, sizeof(*all));
			all[n++] = (struct heard){.rule = hit.rule};
		}
		all[i].post = hit.post;
		all[i].count = hit.count;
		all[i].hits++;
	}
	for (size_t i = 0; i < n; i++)
		tell(app, &all[i], was_told(all, i));
	if (app->unseen && nposts) told_add(app, posts, nposts);
	free(all);
	free(posts);
}

/* -- columns -- */

static const struct column *column_of(const struct app *app, const struct rule *rule)
{
	for (size_t i = 0; i < app->ncolumns; i++) {
		const struct column *column = app->columns[i];
		if (column->notify && strcmp(column->title, rule->columns) == 0) return column;
	}
	return NULL;
}

void notice_columns(struct app *app)
{
	const struct rule *const *rules;
	for (size_t i = store_rules(app->store, &rules); i-- > 0;) {
		if (!notice_of_column(rules[i]) || column_of(app, rules[i])) continue;
		store_drop_rule(app->store, rules[i]->id);
		store_rules(app->store, &rules);
	}
	for (size_t i = 0; i < app->ncolumns; i++) {
		const struct column *column = app->columns[i];
		struct str id = {0};
		if (!column->notify) continue;
		str_addf(&id, "%s%s", column_mark, column->title);
		const struct rule rule = {.id = id.p,
		        .kind = RULE_NOTICE,
		        .query = "-is:own",
		        .columns = column->title,
		        .bell = column->notify == NOTIFY_BELL};
		store_put_rule(app->store, &rule, NULL);
		str_finish(&id);
	}
}
