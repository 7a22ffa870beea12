#include "model/brief.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "base/when.h"

/* A brief for people: one screen, words for all that it says. */

enum {
	MAX_SAVED = 8,
	MAX_OWED = 6,
	MAX_DUE = 6,
	MAX_LABELS = 6,
	FEW_SAVED = 4, /* with so many, each shows up to two posts; with more, one */
	NARROW = 60,   /* cells */
	MINUTE_MS = 60000,
};

struct pen {
	const struct brief *brief;
	int cols;
	void (*line)(void *ctx, const struct brief_line *line);
	void *ctx;
};

/* What is too long for a line ends in …, at a whole character. */
static void put(const struct pen *pen, bool heading, const char *uri, const struct str *text)
{
	const char *p = str_c(text);
	size_t len = 0;
	int cells = 0;
	struct str cut = {0};
	while (len < text->len) {
		struct cluster cluster = utf8_cluster(p + len, text->len - len);
		if (cells + cluster.width > pen->cols) break;
		cells += cluster.width;
		len += cluster.len;
	}
	if (len < text->len) {
		for (cells = 0, len = 0; len < text->len;) {
			struct cluster cluster = utf8_cluster(p + len, text->len - len);
			if (cells + cluster.width > pen->cols - 1) break;
			cells += cluster.width;
			len += cluster.len;
		}
		str_add(&cut, p, len);
		str_adds(&cut, "…");
		p = str_c(&cut);
	}
	pen->line(pen->ctx, &(struct brief_line){.text = p, .uri = uri, .heading = heading});
	str_finish(&cut);
}

static void say(const struct pen *pen, bool heading, const char *uri, const char *fmt, ...)
        __attribute__((format(printf, 4, 5)));

static void say(const struct pen *pen, bool heading, const char *uri, const char *fmt, ...)
{
	struct str text = {0};
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, fmt, args);
	str_reserve(&text, (size_t)len);
	vsnprintf(text.p, (size_t)len + 1, fmt, again);
	text.len = (size_t)len;
	va_end(args);
	va_end(again);
	put(pen, heading, uri, &text);
	str_finish(&text);
}

/* "5 min", "3 h", "2 days": how long ago, or how long it waits. */
static void print_age(struct str *out, int64_t ms)
{
	int64_t minutes = ms > 0 ? ms / MINUTE_MS : 0, hours = minutes / 60, days = hours / 24;
	if (hours < 1)
		str_addf(out, "%" PRId64 " min", minutes);
	else if (hours < 48)
		str_addf(out, "%" PRId64 " h", hours);
	else
		str_addf(out, "%" PRId64 " days", days);
}

static void say_post(
        const struct pen *pen, const struct brief_post *post, const char *before, const char *after)
{
	struct str age = {0};
	print_age(&age, pen->brief->now_ms - post->at_ms);
	const char *who = post->who ? post->who : "";
	/* "@ada@sea.example", where there is little room "@ada". */
	size_t len = pen->cols < NARROW && *who ? 1 + strcspn(who + 1, "@") : strlen(who);
	if (post->words)
		say(pen, false, post->uri, "%s%-7s  %.*s%s%s%s", before, age.p, (int)len, who,
		        *who ? after : "", *who ? ": " : "", post->words);
	else
		say(pen, false, post->uri, "%s%-7s  %s%s", before, age.p, post->uri, after);
	str_finish(&age);
}

/* -- what was said -- */

void brief_print_count(struct str *out, const struct brief_saved *saved)
{
	str_addf(out, "%" PRId64, saved->posts);
	if (saved->weeks == 0) {
		str_adds(out, "; what is usual is known after a week");
		return;
	}
	if (saved->weeks == 1)
		str_addf(out, ", a week ago %" PRId64, saved->low);
	else if (saved->low == saved->high)
		str_addf(out, ", usually %" PRId64, saved->low);
	else
		str_addf(out, ", usually %" PRId64 " to %" PRId64, saved->low, saved->high);
	if (saved->weeks == 1) return;
	if (saved->posts > 2 * saved->high && saved->posts > 4)
		str_adds(out, ": much more than usual");
	else if (saved->posts > saved->high)
		str_adds(out, ": more than usual");
	else if (saved->posts < saved->low)
		str_adds(out, ": less than usual");
}

static void say_saved(const struct pen *pen)
{
	const struct brief *brief = pen->brief;
	size_t each = brief->nsaved <= FEW_SAVED ? 2 : 1;
	say(pen, true, NULL, "Saved queries");
	if (brief->nsaved == 0)
		say(pen, false, NULL, "  none; `save NAME QUERY` counts what matches, by the hour");
	for (size_t i = 0; i < brief->nsaved && i < MAX_SAVED; i++) {
		const struct brief_saved *saved = &brief->saved[i];
		struct str text = {0};
		brief_print_count(&text, saved);
		say(pen, false, NULL, "  %s: %s", saved->name, text.p);
		for (size_t j = 0; j < saved->nsaid && j < each; j++)
			say_post(pen, &saved->said[j], "    ", "");
		str_finish(&text);
	}
	if (brief->nsaved > MAX_SAVED)
		say(pen, false, NULL, "  and %zu more", brief->nsaved - MAX_SAVED);
}

/* -- who waits -- */

static void say_owed(const struct pen *pen)
{
	const struct brief *brief = pen->brief;
	if (brief->nowed == 0) {
		say(pen, true, NULL, "Nobody waits for an answer");
		return;
	}
	say(pen, true, NULL, "Waiting for an answer: %zu", brief->nowed);
	for (size_t i = 0; i < brief->nowed && i < MAX_OWED; i++)
		say_post(pen, &brief->owed[i].post, "  ", brief->owed[i].later ? " (later)" : "");
	if (brief->nowed > MAX_OWED)
		say(pen, false, NULL, "  and %zu more", brief->nowed - MAX_OWED);
}

/* -- what goes out, and what came of it -- */

static void say_due(const struct pen *pen)
{
	const struct brief *brief = pen->brief;
	if (brief->ndue == 0) {
		say(pen, true, NULL, "Nothing is due today");
		return;
	}
	say(pen, true, NULL, "Due today: %zu", brief->ndue);
	for (size_t i = 0; i < brief->ndue && i < MAX_DUE; i++) {
		const struct brief_due *due = &brief->due[i];
		say(pen, false, NULL, "  %s  %s%s%s%s: %s", due->wall, due->account,
		        due->needs ? " (" : "", due->needs ? due->state : "", due->needs ? ")" : "",
		        due->words);
	}
	if (brief->ndue > MAX_DUE) say(pen, false, NULL, "  and %zu more", brief->ndue - MAX_DUE);
}

static void add_number(struct str *out, int64_t n, const char *one, const char *many)
{
	str_addf(out, ", %" PRId64 " %s", n, n == 1 ? one : many);
}

static void say_labels(const struct pen *pen)
{
	const struct brief *brief = pen->brief;
	if (brief->nlabels == 0) return;
	say(pen, true, NULL, "What your labels brought in %d days", BRIEF_LABEL_DAYS);
	for (size_t i = 0; i < brief->nlabels && i < MAX_LABELS; i++) {
		const struct brief_label *it = &brief->labels[i];
		struct str text = {0};
		str_addf(&text, "%s: %" PRId64 " post%s", it->label, it->posts,
		        it->posts == 1 ? "" : "s");
		if (it->looked == 0) {
			str_adds(&text, ", not looked at yet");
		} else {
			add_number(&text, it->replies, "reply", "replies");
			add_number(&text, it->reposts, "repost", "reposts");
			add_number(&text, it->likes, "like", "likes");
		}
		say(pen, false, NULL, "  %s", text.p);
		str_finish(&text);
	}
	if (brief->nlabels > MAX_LABELS)
		say(pen, false, NULL, "  and %zu more", brief->nlabels - MAX_LABELS);
}

static void say_followers(const struct pen *pen)
{
	const struct brief *brief = pen->brief;
	struct str text = {0};
	for (size_t i = 0; i < brief->naccounts; i++) {
		const struct brief_account *it = &brief->accounts[i];
		if (it->followers < 0) continue;
		str_addf(&text, "%s%s %" PRId64, text.len ? ", " : "", it->name, it->followers);
		if (it->before >= 0 && it->before != it->followers)
			str_addf(&text, " (%+" PRId64 " in %d days)", it->followers - it->before,
			        BRIEF_FOLLOWER_DAYS);
	}
	if (text.len) say(pen, true, NULL, "Followers: %s", text.p);
	str_finish(&text);
}

static void say_budget(const struct pen *pen)
{
	const struct brief *brief = pen->brief;
	struct str text = {0};
	budget_print_used(&text, &brief->budget, brief->used_s);
	bool spent = brief->budget.ms && brief->used_s >= brief->budget.ms / 1000;
	say(pen, true, NULL, "Time used: %s%s", text.p, spent ? ": it is used up" : "");
	str_finish(&text);
}

void brief_print(const struct brief *brief, int cols,
        void (*line)(void *ctx, const struct brief_line *line), void *ctx)
{
	const struct pen pen = {brief, cols > 20 ? cols : 20, line, ctx};
	struct str span = {0};
	struct when since = {0};
	print_age(&span, brief->now_ms - brief->since_ms);
	if (when_at(brief->since_ms, NULL, &since, NULL))
		say(&pen, true, NULL, "Brief of the last %s, since %.16s", span.p, since.wall);
	str_finish(&span);
	say_saved(&pen);
	say_owed(&pen);
	say_due(&pen);
	say_labels(&pen);
	say_followers(&pen);
	say_budget(&pen);
}
