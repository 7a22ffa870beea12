#include <stdlib.h>
#include <string.h>

#include "app/ask.h"
#include "base/mem.h"
#include "composing.h"
#include "model/items.h"

/* What servers know for completion: asked beside the typing, never waited for. */

enum { MAX_EMOJI = 5000 };

struct lore {
	struct lore *next;
	account_id account;
	char **emoji;
	size_t nemoji, cap;
};

/* -- people -- */

/* app_ask frees it. */
struct asking {
	unsigned serial; /* of the composer */
	char typed[];    /* what was looked for, with its @ */
};

static bool on_people(struct app *app, const struct event *event, void *ctx)
{
	const struct asking *asking = ctx;
	struct composer *composer = app->composer;
	bool here = composer && composer->serial == asking->serial;
	/* Whoever is not found is no mistake worth a word. */
	if (event->kind != EVENT_ITEMS || !event->items || !here) return true;
	struct compose_words *words = &composer->words;
	if (!words->typed || strcmp(words->typed, asking->typed) != 0) return true;
	struct str word = {0};
	for (size_t i = 0; i < event->items->nitems; i++) {
		str_clear(&word);
		str_addf(&word, "@%s", event->items->items[i].id);
		words_put(words, word.p);
	}
	str_finish(&word);
	app->dirty = true;
	return true;
}

void lore_ask_people(struct app *app, struct composer *composer, const struct account *account)
{
	const char *typed = composer->words.typed;
	size_t len = strlen(typed);
	struct asking *asking = xmalloc(sizeof(*asking) + len + 1);
	asking->serial = composer->serial;
	memcpy(asking->typed, typed, len + 1);
	struct job *job = job_new(JOB_ITEMS);
	job->account = account->id;
	job->number = COLLECTION_PEOPLE;
	job->arg = xstrdup(typed + 1);
	composer->words.asked = app_ask(app, job, on_people, asking);
}

/* -- emoji -- */

static struct lore *lore_of(const struct app *app, account_id account)
{
	struct lore *it = app->lore;
	while (it && it->account != account)
		it = it->next;
	return it;
}

static bool on_emoji(struct app *app, const struct event *event, void *ctx)
{
	struct lore *lore = lore_of(app, *(account_id *)ctx);
	if (event->kind != EVENT_ITEMS || !event->items || !lore) return true;
	for (size_t i = 0; i < event->items->nitems && lore->nemoji < MAX_EMOJI; i++) {
		lore->emoji =
		        mem_grow(lore->emoji, &lore->cap, lore->nemoji + 1, sizeof(*lore->emoji));
		lore->emoji[lore->nemoji++] = xstrdup(event->items->items[i].id);
	}
	return true;
}

const char *lore_emoji(struct app *app, const struct account *account, size_t i)
{
	struct lore *lore = lore_of(app, account->id);
	if (lore) return i < lore->nemoji ? lore->emoji[i] : NULL;
	lore = xcalloc(1, sizeof(*lore));
	lore->account = account->id;
	lore->next = app->lore;
	app->lore = lore;
	account_id *ctx = xmalloc(sizeof(*ctx));
	*ctx = account->id;
	struct job *job = job_new(JOB_ITEMS);
	job->account = account->id;
	job->number = COLLECTION_EMOJI;
	app_ask(app, job, on_emoji, ctx);
	return NULL;
}

void lore_finish(struct app *app)
{
	while (app->lore) {
		struct lore *lore = app->lore;
		app->lore = lore->next;
		for (size_t i = 0; i < lore->nemoji; i++)
			free(lore->emoji[i]);
		free(lore->emoji);
		free(lore);
	}
}
