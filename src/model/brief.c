#include "model/brief.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/outgoing.h"
#include "model/post.h"
#include "model/profile.h"

enum { HOUR_MS = 3600000, DAY_HOURS = 24 };

void brief_post_finish(struct brief_post *post)
{
	free(post->uri);
	free(post->url);
	free(post->who);
	free(post->words);
}

static void saved_finish(struct brief_saved *saved)
{
	for (size_t i = 0; i < saved->nsaid; i++)
		brief_post_finish(&saved->said[i]);
	free(saved->name);
	free(saved->query);
}

static void owed_finish(struct brief_owed *owed)
{
	brief_post_finish(&owed->post);
	free(owed->account_name);
}

void brief_free(struct brief *brief)
{
	if (!brief) return;
	for (size_t i = 0; i < brief->nsaved; i++)
		saved_finish(&brief->saved[i]);
	for (size_t i = 0; i < brief->nowed; i++)
		owed_finish(&brief->owed[i]);
	for (size_t i = 0; i < brief->ndue; i++) {
		free(brief->due[i].wall);
		free(brief->due[i].account);
		free(brief->due[i].words);
		free(brief->due[i].state);
	}
	for (size_t i = 0; i < brief->nlabels; i++)
		free(brief->labels[i].label);
	for (size_t i = 0; i < brief->naccounts; i++)
		free(brief->accounts[i].name);
	free(brief->saved);
	free(brief->owed);
	free(brief->due);
	free(brief->labels);
	free(brief->accounts);
	free(brief);
}

int64_t brief_since(int64_t now_ms)
{
	return (now_ms / HOUR_MS - DAY_HOURS) * HOUR_MS;
}

struct brief_saved *brief_add_saved(struct brief *brief)
{
	brief->saved =
	        mem_grow(brief->saved, &brief->saved_cap, brief->nsaved + 1, sizeof(*brief->saved));
	brief->saved[brief->nsaved] = (struct brief_saved){0};
	return &brief->saved[brief->nsaved++];
}

struct brief_owed *brief_add_owed(struct brief *brief)
{
	brief->owed =
	        mem_grow(brief->owed, &brief->owed_cap, brief->nowed + 1, sizeof(*brief->owed));
	brief->owed[brief->nowed] = (struct brief_owed){0};
	return &brief->owed[brief->nowed++];
}

struct brief_due *brief_add_due(struct brief *brief)
{
	brief->due = mem_grow(brief->due, &brief->due_cap, brief->ndue + 1, sizeof(*brief->due));
	brief->due[brief->ndue] = (struct brief_due){0};
	return &brief->due[brief->ndue++];
}

struct brief_label *brief_label(struct brief *brief, const char *label)
{
	for (size_t i = 0; i < brief->nlabels; i++) {
		if (strcmp(brief->labels[i].label, label) == 0) return &brief->labels[i];
	}
	brief->labels = mem_grow(
	        brief->labels, &brief->labels_cap, brief->nlabels + 1, sizeof(*brief->labels));
	brief->labels[brief->nlabels] = (struct brief_label){.label = xstrdup(label)};
	return &brief->labels[brief->nlabels++];
}

struct brief_account *brief_add_account(struct brief *brief)
{
	brief->accounts = mem_grow(brief->accounts, &brief->accounts_cap, brief->naccounts + 1,
	        sizeof(*brief->accounts));
	brief->accounts[brief->naccounts] = (struct brief_account){.followers = -1, .before = -1};
	return &brief->accounts[brief->naccounts++];
}

void brief_post_put(struct brief_post *out, const struct post *post, const struct profile *author)
{
	struct str words = {0}, who = {0};
	post_line(&words, post, BRIEF_TEXT);
	if (author) str_addf(&who, "@%s", author->handle);
	free(out->url);
	free(out->who);
	free(out->words);
	if (!out->uri) out->uri = xstrdup(post_str(post, POST_URI));
	out->url = xstrdup(post_link(post));
	out->who = author ? str_take(&who) : NULL;
	out->words = str_take(&words);
	out->at_ms = post->created_ms;
	str_finish(&who);
}

/* The next parts of a thread go with the first. */
void brief_put_due(struct brief *brief, const struct outgoing *item, const char *account,
        bool trouble, int64_t until_ms)
{
	bool coming = !outgoing_is_over(item->state) && !item->after && item->at.utc_ms < until_ms;
	if (!coming && (!trouble || item->parked)) return;
	struct brief_due *due = brief_add_due(brief);
	struct str words = {0};
	const char *clock = strchr(item->at.wall, ' ');
	text_line(&words, item->text && *item->text ? item->text : "(no words)", BRIEF_TEXT);
	*due = (struct brief_due){.id = item->id,
	        .at_ms = item->at.utc_ms,
	        .wall = clock ? xstrndup(clock + 1, 5) : xstrdup("now  "),
	        .account = xstrdup(account),
	        .words = str_take(&words),
	        .state = xstrdup(outgoing_states[item->state].name),
	        .needs = trouble};
}

int64_t brief_day_end(int64_t now_ms)
{
	const struct budget day = {.ms = 1, .daily = true};
	return budget_start(&day, budget_start(&day, now_ms) + 36 * (int64_t)HOUR_MS);
}

static int by_wait(const void *a, const void *b)
{
	const struct brief_owed *x = a, *y = b;
	if (x->post.at_ms != y->post.at_ms) return x->post.at_ms < y->post.at_ms ? -1 : 1;
	return strcmp(x->post.uri, y->post.uri);
}

static int by_time(const void *a, const void *b)
{
	const struct brief_due *x = a, *y = b;
	if (x->at_ms != y->at_ms) return x->at_ms < y->at_ms ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static int by_label(const void *a, const void *b)
{
	const struct brief_label *x = a, *y = b;
	return strcmp(x->label, y->label);
}

static int by_uri(const void *a, const void *b)
{
	const struct brief_owed *x = a, *y = b;
	int by = strcmp(x->post.uri, y->post.uri);
	return by ? by : (x->account > y->account) - (x->account < y->account);
}

/* It may be to several accounts of ours. */
static void drop_doubles(struct brief *brief)
{
	size_t n = 0;
	if (brief->nowed) qsort(brief->owed, brief->nowed, sizeof(*brief->owed), by_uri);
	for (size_t i = 0; i < brief->nowed; i++) {
		if (n && strcmp(brief->owed[n - 1].post.uri, brief->owed[i].post.uri) == 0)
			owed_finish(&brief->owed[i]);
		else
			brief->owed[n++] = brief->owed[i];
	}
	brief->nowed = n;
}

void brief_sort(struct brief *brief)
{
	drop_doubles(brief);
	for (size_t i = 0; i < brief->nsaved; i++) {
		struct brief_saved *saved = &brief->saved[i];
		bool whole = saved->first_ms && saved->first_ms <= brief->since_ms;
		if (!whole && saved->found > saved->posts) saved->posts = saved->found;
	}
	if (brief->nowed) qsort(brief->owed, brief->nowed, sizeof(*brief->owed), by_wait);
	if (brief->ndue) qsort(brief->due, brief->ndue, sizeof(*brief->due), by_time);
	if (brief->nlabels) qsort(brief->labels, brief->nlabels, sizeof(*brief->labels), by_label);
}

/* The root of a number that is not negative, by Newton's way: enough for whole posts. */
static double root(double n)
{
	double guess = n > 1 ? n : 1;
	for (int i = 0; n > 0 && i < 60; i++)
		guess = (guess + n / guess) / 2;
	return n > 0 ? guess : 0;
}

void brief_usual(const double *counts, size_t n, int64_t *out_low, int64_t *out_high)
{
	double sum = 0, squares = 0;
	for (size_t i = 0; i < n; i++)
		sum += counts[i];
	double mean = n ? sum / (double)n : 0;
	for (size_t i = 0; i < n; i++)
		squares += (counts[i] - mean) * (counts[i] - mean);
	double spread = n ? root(squares / (double)n) : 0;
	double low = mean > spread ? mean - spread : 0;
	*out_low = (int64_t)(low + 0.5);
	*out_high = (int64_t)(mean + spread + 0.5);
}
