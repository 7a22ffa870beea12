#include <stdlib.h>
#include <string.h>

#include "app/ask.h"
#include "app/outbox.h"
#include "app/prompt.h"
#include "base/mem.h"
#include "composing.h"
#include "engine/measure.h"
#include "inside.h"

/*
 * Giving a draft to the outbox: everything is looked at here first; then it is kept, so that
 * it has an id, and then it is sent. Whatever fails on the way, the text is there again.
 */

/* -- can it be sent? -- */

static bool is_blank(const char *text)
{
	return text[strspn(text, " \n")] == 0;
}

static bool part_is_empty(const struct draft *draft, size_t at)
{
	const struct draft_part *part = &draft->parts[at];
	if (part->nmedia || part->poll || !is_blank(part->text)) return false;
	for (size_t i = 0; i < draft->nvariants; i++) {
		if (draft->variants[i].part == at && !is_blank(draft->variants[i].text))
			return false;
	}
	return true;
}

static void say_part(const struct draft *draft, size_t part, struct str *out)
{
	if (draft->nparts > 1) str_addf(out, "part %zu ", part + 1);
}

static bool check_part(
        const struct account *account, const struct draft *draft, size_t part, struct err *err)
{
	struct outgoing *item = outgoing_of(draft, part, account->id, account->network);
	struct measure measure;
	struct err why = {0};
	struct str where = {0};
	bool ok = true;
	say_part(draft, part, &where);
	measure_item(account, item, &measure);
	if (measure_is_over(&measure) && measure.limit && measure.count > measure.limit)
		ok = err_set(err, ERR_TOO_LARGE, "%s: %sis too long by %u %s; M-x cuts it",
		        account->name, str_c(&where), measure.count - measure.limit, measure.unit);
	else if (measure_is_over(&measure))
		ok = err_set(err, ERR_TOO_LARGE, "%s: %sis too long by %u bytes; M-x cuts it",
		        account->name, str_c(&where), measure.bytes - measure.byte_max);
	else if (!measure_check(account, item, &why))
		ok = err_set(err, why.code, "%s: %s%s", account->name, str_c(&where), why.text);
	str_finish(&where);
	outgoing_free(item);
	return ok;
}

static bool check(struct app *app, const struct draft *draft, struct err *err)
{
	if (draft_is_empty(draft)) return err_set(err, ERR_SYNTAX, "nothing is written yet");
	if (!draft->naccounts)
		return err_set(err, ERR_NOT_FOUND, "nobody posts this: M-a chooses who");
	if (draft->at.utc_ms && draft->at.utc_ms <= clock_wall(app->clock))
		return err_set(err, ERR_SYNTAX, "its time has passed: M-s chooses another");
	for (size_t part = 0; part < draft->nparts; part++) {
		if (part_is_empty(draft, part))
			return err_set(err, ERR_SYNTAX, "part %zu is empty", part + 1);
		for (size_t i = 0; i < draft->naccounts; i++) {
			const struct account *account =
			        store_account(app->store, draft->accounts[i]);
			if (!account)
				return err_set(err, ERR_NOT_FOUND,
				        "an account of this draft was signed out: M-a");
			if (!compose_can(app, account, draft, err)) return false;
			if (draft_leaves_out(draft, part, account->id, account->network)) continue;
			if (!check_part(account, draft, part, err)) return false;
		}
	}
	return true;
}

/* A picture without words, NULL: there is none. */
static const char *lacks_alt(const struct draft *draft)
{
	for (size_t part = 0; part < draft->nparts; part++) {
		for (size_t i = 0; i < draft->parts[part].nmedia; i++) {
			const struct draft_media *media = &draft->parts[part].media[i];
			const char *slash = strrchr(media->path, '/');
			if (!media->alt || is_blank(media->alt))
				return slash ? slash + 1 : media->path;
		}
	}
	return NULL;
}

/* -- giving it away -- */

/* app_ask frees it. */
struct sending {
	unsigned serial; /* of the composer, which waits out of sight */
};

/* It is on the screen again, or where something else is, among the drafts. */
static void give_back(struct app *app, struct composer *composer, const char *why)
{
	app->dirty = app->stale_status = true;
	if (compose_is_open(app)) {
		app_say(app, TONE_ERROR, "not sent: %s; the text is among the drafts (gD)", why);
		composer_free(app, composer);
		return;
	}
	composer->leaving = composer->sending = false;
	app->composer = composer;
	app_say(app, TONE_ERROR, "not sent: %s", why);
}

static void say_sent(struct app *app, const struct draft *draft, const char *said)
{
	struct str line = {0};
	int64_t now = clock_wall(app->clock);
	if (said && *said) {
		str_adds(&line, said);
	} else if (draft->at.utc_ms) {
		str_adds(&line, "scheduled: ");
		when_print(&line, &draft->at, now);
	} else if (app->options.outbox_undo) {
		str_adds(&line, "sends in ");
		duration_print(&line, app->options.outbox_undo);
	} else {
		str_adds(&line, "sending");
	}
	bool waits = draft->at.utc_ms || app->options.outbox_undo;
	app_say(app, TONE_GOOD, "%s%s", str_c(&line), waits ? "; U takes it back" : "");
	str_finish(&line);
}

static bool on_sent(struct app *app, const struct event *event, void *ctx)
{
	if (event->kind != EVENT_DONE) return false;
	struct composer *composer = composer_of(app, ((struct sending *)ctx)->serial);
	if (!composer) return false;
	const struct draft *draft = composer->draft;
	if (event->err.code != ERR_NONE) {
		give_back(app, composer, event->err.text);
		return true;
	}
	if (composer->item) {
		app_say(app, TONE_GOOD, "%s",
		        event->text && *event->text ? event->text : "the post is changed");
		struct job *job = job_new(JOB_DRAFT_DROP);
		job->number = draft->id;
		app_post(app, job);
	} else {
		app_outbox_sent(app, draft);
		say_sent(app, draft, event->text);
	}
	composer_free(app, composer);
	return true;
}

static void ask(struct app *app, struct job *job, const struct composer *composer, ask_reply *reply)
{
	struct sending *sending = xmalloc(sizeof(*sending));
	sending->serial = composer->serial;
	job->draft = draft_copy(composer->draft);
	app_ask(app, job, reply, sending);
}

static bool on_kept(struct app *app, const struct event *event, void *ctx)
{
	if (event->kind != EVENT_DONE) return false;
	struct composer *composer = composer_of(app, ((struct sending *)ctx)->serial);
	if (!composer) return false;
	if (event->err.code != ERR_NONE) {
		composer->unsaved = true;
		give_back(app, composer, event->err.text);
		return true;
	}
	if (event->number) composer->draft->id = event->number;
	struct job *job = job_new(composer->item ? JOB_OUTGOING_CHANGE : JOB_SEND);
	job->number = composer->item;
	job->at_ms = clock_wall(app->clock) + app->options.outbox_undo;
	ask(app, job, composer, on_sent);
	return true;
}

void composer_send_now(struct app *app, struct composer *composer)
{
	composer_sync(composer);
	words_clear(app, composer);
	if (app->composer == composer) app->composer = NULL;
	app->dirty = app->stale_status = true;
	composer->leaving = composer->sending = true;
	composer->send_when_kept = composer->unsaved = false;
	composer->save_at_ms = 0;
	composer->draft->changed_ms = clock_wall(app->clock);
	ask(app, job_new(JOB_DRAFT), composer, on_kept);
}

bool compose_post(struct app *app, struct draft *draft, struct err *err)
{
	if (!check(app, draft, err)) {
		draft_free(draft);
		return false;
	}
	composer_send_now(app, composer_new(app, draft));
	return true;
}

/* Parts at the end that nothing is in are no mistake. */
static void drop_empty_end(struct app *app)
{
	struct draft *draft = compose_draft(app);
	while (draft->nparts > 1 && part_is_empty(draft, draft->nparts - 1)) {
		size_t at = compose_part(app);
		while (compose_go(app, 1)) {
		}
		compose_part_drop(app);
		while (compose_part(app) > at)
			compose_go(app, -1);
		draft = compose_draft(app);
	}
}

bool compose_send(struct app *app, bool anyway, struct err *err)
{
	struct composer *composer = app->composer;
	drop_empty_end(app);
	struct draft *draft = compose_draft(app);
	const char *lacks = app->options.alt_nag && !anyway ? lacks_alt(draft) : NULL;
	if (!check(app, draft, err)) return false;
	if (lacks) {
		struct str question = {0};
		str_addf(&question, "%s has no alt text: send it without?", lacks);
		prompt_confirm(app, question.p, "compose send anyway");
		str_finish(&question);
		return true;
	}
	/* Its id is on its way: a moment, so that it is not made twice. */
	if (composer->saving && !draft->id) {
		composer->send_when_kept = true;
		app_say(app, TONE_SAYS, "keeping the draft, then it is sent …");
		return true;
	}
	composer_send_now(app, composer);
	return true;
}
