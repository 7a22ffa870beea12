#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "composing.h"
#include "engine/measure.h"
#include "inside.h"

/* -- texts and parts -- */

static struct compose_text *text_add(struct compose_part *part, const char *text)
{
	part->texts = xrealloc(part->texts, (part->ntexts + 1) * sizeof(*part->texts));
	struct compose_text *it = &part->texts[part->ntexts++];
	*it = (struct compose_text){0};
	text_edit_set(&it->edit, text ? text : "");
	return it;
}

static void text_finish_at(struct compose_part *part, size_t at)
{
	struct compose_text *text = &part->texts[at];
	text_edit_finish(&text->edit);
	free(text->network);
	memmove(text, text + 1, (--part->ntexts - at) * sizeof(*text));
}

static void part_finish(struct compose_part *part)
{
	while (part->ntexts)
		text_finish_at(part, part->ntexts - 1);
	free(part->texts);
}

static bool same_network(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static size_t text_place(const struct compose_part *part, account_id account, const char *network)
{
	size_t i = 0;
	while (i < part->ntexts && (part->texts[i].account != account ||
	                                   !same_network(part->texts[i].network, network)))
		i++;
	return i;
}

struct compose_text *composer_text(const struct composer *composer)
{
	const struct compose_part *part = &composer->parts[composer->part];
	size_t at = text_place(part, composer->whose_account, composer->whose_network);
	return &part->texts[at < part->ntexts ? at : 0];
}

/* The texts of the draft, each with what types in it. */
static void take_texts(struct composer *composer)
{
	const struct draft *draft = composer->draft;
	for (size_t i = 0; i < composer->nparts; i++)
		part_finish(&composer->parts[i]);
	composer->nparts = 0;
	for (size_t i = 0; i < draft->nparts; i++) {
		composer->parts = mem_grow(composer->parts, &composer->parts_cap,
		        composer->nparts + 1, sizeof(*composer->parts));
		struct compose_part *part = &composer->parts[composer->nparts++];
		*part = (struct compose_part){0};
		text_add(part, draft->parts[i].text);
	}
	for (size_t i = 0; i < draft->nvariants; i++) {
		const struct draft_variant *variant = &draft->variants[i];
		if (variant->part >= composer->nparts) continue;
		struct compose_text *text =
		        text_add(&composer->parts[variant->part], variant->text);
		text->account = variant->account;
		text->network = variant->account ? NULL : xstrdup(variant->network);
	}
}

static void variants_clear(struct draft *draft)
{
	for (size_t i = 0; i < draft->nvariants; i++) {
		free(draft->variants[i].text);
		free(draft->variants[i].network);
	}
	free(draft->variants);
	draft->variants = NULL;
	draft->nvariants = 0;
}

void composer_sync(struct composer *composer)
{
	struct draft *draft = composer->draft;
	size_t n = 0;
	variants_clear(draft);
	for (size_t i = 0; i < composer->nparts; i++) {
		const struct compose_part *part = &composer->parts[i];
		free(draft->parts[i].text);
		draft->parts[i].text = xstrdup(str_c(&part->texts[0].edit.text));
		n += part->ntexts - 1;
	}
	if (!n) return;
	draft->variants = xcalloc(n, sizeof(*draft->variants));
	for (size_t i = 0; i < composer->nparts; i++) {
		const struct compose_part *part = &composer->parts[i];
		for (size_t j = 1; j < part->ntexts; j++) {
			const struct compose_text *text = &part->texts[j];
			draft->variants[draft->nvariants++] = (struct draft_variant){.part = i,
			        .account = text->account,
			        .network = xstrdup(text->network),
			        .text = xstrdup(str_c(&text->edit.text))};
		}
	}
}

/* -- opening and leaving -- */

void composer_free(struct app *app, struct composer *composer)
{
	struct composer **at = &app->composers;
	while (*at && *at != composer)
		at = &(*at)->next;
	if (*at) *at = composer->next;
	if (app->composer == composer) app->composer = NULL;
	words_clear(app, composer);
	for (size_t i = 0; i < composer->nparts; i++)
		part_finish(&composer->parts[i]);
	free(composer->parts);
	sight_free(composer->sight);
	draft_free(composer->draft);
	free(composer->whose_network);
	free(composer->about_by);
	free(composer->about);
	free(composer->quote_by);
	free(composer->quote);
	free(composer->trouble);
	free(composer->file);
	free(composer);
}

bool compose_is_open(const struct app *app)
{
	return app->composer != NULL;
}

void composer_touch(struct app *app, struct composer *composer)
{
	composer->unsaved = true;
	composer->moves++;
	composer->typed_ms = clock_mono(app->clock);
	app->dirty = true;
	if (!composer->save_at_ms) composer->save_at_ms = composer->typed_ms + COMPOSE_SAVE_MS;
}

struct composer *composer_new(struct app *app, struct draft *draft)
{
	struct composer *composer = xcalloc(1, sizeof(*composer));
	composer->draft = draft;
	composer->serial = ++app->composers_opened;
	composer->words.chosen = -1;
	composer->next = app->composers;
	app->composers = composer;
	take_texts(composer);
	composer_about(app, composer);
	return composer;
}

void compose_open(struct app *app, struct draft *draft)
{
	compose_close(app);
	struct composer *composer = app->composer = composer_new(app, draft);
	/* What is prefilled by itself is not worth keeping; what came from elsewhere is. */
	if (!draft->id && !draft_is_empty(draft) && !draft->reply_to) composer_touch(app, composer);
	app->dirty = app->stale_status = true;
	app_say_no_more(app);
}

void compose_change(struct app *app, struct draft *draft, int64_t item)
{
	compose_open(app, draft);
	app->composer->item = item;
}

void compose_close(struct app *app)
{
	if (!app->composer) return;
	app->dirty = app->stale_status = true;
	composer_leave(app, app->composer);
}

/* -- what is written -- */

struct draft *compose_draft(struct app *app)
{
	if (!app->composer) return NULL;
	composer_sync(app->composer);
	return app->composer->draft;
}

void compose_changed(struct app *app)
{
	composer_touch(app, app->composer);
}

void compose_replace(struct app *app, struct draft *draft)
{
	struct composer *composer = app->composer;
	draft->id = composer->draft->id;
	draft_free(composer->draft);
	composer->draft = draft;
	take_texts(composer);
	if (composer->part >= composer->nparts) composer->part = composer->nparts - 1;
	words_clear(app, composer);
	composer_about(app, composer);
	composer_touch(app, composer);
}

size_t compose_part(const struct app *app)
{
	return app->composer->part;
}

static void part_go(struct app *app, size_t part)
{
	struct composer *composer = app->composer;
	composer->part = part;
	words_clear(app, composer);
	composer->moves++;
	app->dirty = true;
}

bool compose_go(struct app *app, int dir)
{
	struct composer *composer = app->composer;
	if (dir < 0 ? composer->part == 0 : composer->part + 1 >= composer->nparts) return false;
	part_go(app, dir < 0 ? composer->part - 1 : composer->part + 1);
	return true;
}

/* A part at a place of the thread, in the draft and among the texts. */
static struct draft_part *part_insert(struct composer *composer, size_t at, const char *text)
{
	struct draft *draft = composer->draft;
	composer_sync(composer);
	draft_add_part(draft);
	struct draft_part last = draft->parts[draft->nparts - 1];
	memmove(draft->parts + at + 1, draft->parts + at,
	        (draft->nparts - 1 - at) * sizeof(*draft->parts));
	draft->parts[at] = last;
	composer->parts = mem_grow(composer->parts, &composer->parts_cap, composer->nparts + 1,
	        sizeof(*composer->parts));
	memmove(composer->parts + at + 1, composer->parts + at,
	        (composer->nparts - at) * sizeof(*composer->parts));
	composer->nparts++;
	composer->parts[at] = (struct compose_part){0};
	text_add(&composer->parts[at], text);
	return &draft->parts[at];
}

void composer_text_add(struct composer *composer, size_t part, account_id account,
        const char *network, const char *text)
{
	struct compose_text *own = text_add(&composer->parts[part], text);
	own->account = account;
	own->network = xstrdup(network);
}

bool composer_part_add(struct app *app, size_t at, const char *text, struct err *err)
{
	struct composer *composer = app->composer;
	if (composer->nparts >= DRAFT_MAX_PARTS)
		return err_set(
		        err, ERR_TOO_LARGE, "a thread has at most %d parts", DRAFT_MAX_PARTS);
	part_insert(composer, at, text);
	composer_touch(app, composer);
	return true;
}

bool compose_part_new(struct app *app, struct err *err)
{
	size_t at = app->composer->part + 1;
	if (!composer_part_add(app, at, "", err)) return false;
	part_go(app, at);
	return true;
}

static void draft_part_finish(struct draft_part *part)
{
	free(part->text);
	for (size_t i = 0; i < part->nmedia; i++) {
		free(part->media[i].path);
		free(part->media[i].alt);
	}
	free(part->media);
	draft_poll_free(part->poll);
}

void compose_part_drop(struct app *app)
{
	struct composer *composer = app->composer;
	struct draft *draft = composer->draft;
	size_t at = composer->part;
	if (composer->nparts == 1) {
		composer_part_add(app, 1, "", NULL);
		at = composer->part = 0;
	}
	draft_part_finish(&draft->parts[at]);
	memmove(draft->parts + at, draft->parts + at + 1,
	        (--draft->nparts - at) * sizeof(*draft->parts));
	part_finish(&composer->parts[at]);
	memmove(composer->parts + at, composer->parts + at + 1,
	        (--composer->nparts - at) * sizeof(*composer->parts));
	part_go(app, at < composer->nparts ? at : composer->nparts - 1);
	composer_touch(app, composer);
}

/* -- a text of one's own -- */

void compose_variant(struct app *app, account_id account, const char *network)
{
	struct composer *composer = app->composer;
	struct compose_part *part = &composer->parts[composer->part];
	char *copy = account ? NULL : xstrdup(network);
	free(composer->whose_network);
	composer->whose_account = account;
	composer->whose_network = copy;
	if (text_place(part, account, copy) == part->ntexts) {
		struct compose_text *text = text_add(part, str_c(&part->texts[0].edit.text));
		text->account = account;
		text->network = xstrdup(copy);
		composer_touch(app, composer);
	}
	words_clear(app, composer);
	composer->moves++;
	app->dirty = true;
}

void compose_variant_drop(struct app *app)
{
	struct composer *composer = app->composer;
	struct compose_part *part = &composer->parts[composer->part];
	size_t at = text_place(part, composer->whose_account, composer->whose_network);
	if (at > 0 && at < part->ntexts) text_finish_at(part, at);
	compose_variant(app, 0, NULL);
	composer_touch(app, composer);
}

const char *compose_shown(const struct app *app)
{
	return str_c(&composer_text(app->composer)->edit.text);
}

const char *compose_whose(const struct app *app)
{
	const struct composer *composer = app->composer;
	const struct compose_text *text = composer_text(composer);
	if (text->network) return text->network;
	const struct account *account = store_account(app->store, text->account);
	return account ? account->name : NULL;
}

/* -- keys -- */

static int text_cols(const struct app *app)
{
	return composer_view_cols(compose_area(app));
}

/* A part that nothing is in any more, and whose beginning is erased, is gone. */
static bool erases_part(const struct composer *composer, const char *key)
{
	const struct draft_part *part = &composer->draft->parts[composer->part];
	const struct compose_text *text = composer_text(composer);
	bool erases = strcmp(key, "<BS>") == 0 || strcmp(key, "<C-h>") == 0;
	return erases && composer->part > 0 && !text->edit.text.len && !part->nmedia && !part->poll;
}

void compose_key(struct app *app, const char *key)
{
	struct composer *composer = app->composer;
	struct compose_text *text = composer_text(composer);
	uint64_t before = text->edit.version;
	size_t len = text->edit.text.len;
	app_say_no_more(app);
	if (erases_part(composer, key)) {
		compose_part_drop(app);
		if (composer->part + 1 < composer->nparts) compose_go(app, -1);
		return;
	}
	if (!text_edit_key(&text->edit, key, text_cols(app))) {
		app_say(app, TONE_SAYS, "%s is not bound here; F1 lists the keys", key);
		return;
	}
	if (text->edit.version != before) composer_touch(app, composer);
	if (len == TEXT_EDIT_MAX && text->edit.text.len == len)
		app_say(app, TONE_ERROR, "no text is longer than %d bytes", TEXT_EDIT_MAX);
	words_find(app, composer);
	app->dirty = true;
}

void compose_paste(struct app *app, const char *paste)
{
	struct composer *composer = app->composer;
	struct compose_text *text = composer_text(composer);
	app_say_no_more(app);
	if (text_edit_insert(&text->edit, paste, strlen(paste)))
		composer_touch(app, composer);
	else
		app_say(app, TONE_ERROR, "that was not pasted: no text is longer than %d bytes",
		        TEXT_EDIT_MAX);
	words_clear(app, composer);
}

void compose_page(struct app *app, int dir)
{
	struct rect area = compose_area(app);
	struct compose_text *text = composer_text(app->composer);
	text_edit_move(&text->edit, dir * composer_view_page(area), composer_view_cols(area));
	app->dirty = true;
}
