#include "demo/statuses.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "demo/content.h"
#include "demo/deeds.h"
#include "demo/entity.h"
#include "demo/handlers.h"
#include "demo/media.h"
#include "demo/page.h"
#include "demo/put.h"
#include "demo/roster.h"

#define MINUTE_MS ((int64_t)60000)
static const int64_t key_lives_ms = 60 * MINUTE_MS, lead_ms = 5 * MINUTE_MS;
enum { MAX_SCHEDULED = 300, MAX_SCHEDULED_A_DAY = 25 };
static const int64_t day_ms = 24 * 60 * MINUTE_MS;

struct status *status_asked(struct exchange *x)
{
	struct status *status = world_status(x->world, x->args[0]);
	if (status && status_visible(x->world, status, x->user)) return status;
	exchange_error(x, 404, "Record not found");
	return NULL;
}

struct status *status_asked_own(struct exchange *x)
{
	struct status *status = status_asked(x);
	if (!status || (int)status->author == x->user) return status;
	exchange_error(x, 404, "Record not found");
	return NULL;
}

void status_answer(struct exchange *x, const struct status *status)
{
	entity_status(&x->body, NULL, x->world, status, x->user);
}

/* --- writing --- */

bool status_visibility(const char *name, enum visibility *out)
{
	for (int i = 0; i < SEEN_COUNT; i++) {
		if (strcmp(name, visibility_names[i]) != 0) continue;
		*out = (enum visibility)i;
		return true;
	}
	return false;
}

static bool add_poll(struct exchange *x, struct status *draft)
{
	const char *options[5];
	size_t n = 0;
	while (n < 5 && (options[n] = params_at(&x->params, "poll[options]", n)))
		n++;
	if (n == 0) return true;
	int64_t wait = (int64_t)params_id(&x->params, "poll[expires_in]") * 1000;
	if (n < 2 || n > 4 || wait < 300 * 1000) {
		exchange_error(x, 422,
		        "Validation failed: Poll must have 2 to 4 items and last 5 minutes");
		return false;
	}
	deed_poll(draft, options, n, world_now(x->world) + wait);
	draft->poll->multiple = params_bool(&x->params, "poll[multiple]");
	return true;
}

/* A picture that everybody has, or one's own; NULL, with what is wrong. */
static const struct picture *picture_of(
        struct exchange *x, const char *id, const struct status *status, const char **problem)
{
	uint64_t number = strtoull(id, NULL, 10);
	if (number > 0 && number <= npictures) return &pictures[number - 1];
	for (size_t i = 0; i < status->nmedia; i++) {
		if (status->media[i]->id == number) return status->media[i];
	}
	struct upload *upload = media_unused(x->world, (size_t)x->user, id);
	if (!upload)
		*problem = "Validation failed: Media attachments could not be found";
	else if (!media_is_ready(x->world, upload))
		*problem = "Cannot attach files that have not finished processing. Try again in a "
		           "moment!";
	return upload ? &upload->picture : NULL;
}

/* One film or sound, or several pictures; and no poll beside them (5.1, 5.6). */
static bool go_together(struct exchange *x, const struct status *draft)
{
	bool film = false;
	for (size_t i = 0; i < draft->nmedia; i++)
		film = film || strcmp(draft->media[i]->kind, "image") != 0;
	const char *problem = NULL;
	if (film && draft->nmedia > 1)
		problem = "Validation failed: Cannot attach a video to a post that already "
		          "contains images";
	else if (draft->nmedia && draft->poll)
		problem = "Validation failed: Cannot attach files to a post with a poll";
	else if (draft->quote && (draft->nmedia || draft->poll))
		problem = "Validation failed: Cannot quote with files or a poll";
	if (problem) exchange_error(x, 422, problem);
	return !problem;
}

/* Those that are named, and no others: new ones, or what the post has already. */
static bool set_media(struct exchange *x, struct status *status)
{
	struct status next = {.nmedia = 0};
	const char *id, *problem = NULL;
	for (size_t i = 0; !problem && (id = params_at(&x->params, "media_ids", i)); i++) {
		const struct picture *picture = picture_of(x, id, status, &problem);
		if (i == STATUS_MAX_MEDIA) problem = "Validation failed: Too many attachments";
		if (!problem) next.media[next.nmedia++] = picture;
	}
	memcpy(status->media, next.media, sizeof next.media);
	status->nmedia = next.nmedia;
	if (problem) exchange_error(x, 422, problem);
	return !problem;
}

/* From now on they belong to this post. */
static void take_media(struct exchange *x, const struct status *draft)
{
	char id[32];
	for (size_t i = 0; i < draft->nmedia; i++) {
		snprintf(id, sizeof id, "%llu", (unsigned long long)draft->media[i]->id);
		struct upload *upload = media_unused(x->world, (size_t)x->user, id);
		if (upload) upload->used = true;
	}
}

static bool add_relatives(struct exchange *x, struct status *draft)
{
	const char *parent = params_str(&x->params, "in_reply_to_id");
	const char *quote = params_str(&x->params, "quoted_status_id");
	if (*parent) draft->parent = world_status(x->world, parent);
	if (*quote) draft->quote = world_status(x->world, quote);
	bool lost = (*parent && !draft->parent) || (*quote && !draft->quote);
	if (lost) exchange_error(x, 404, "Record not found");
	return !lost;
}

static bool fits(struct exchange *x, const char *text, const char *warning)
{
	char sentence[80];
	size_t most = x->world->software->max_chars;
	if (content_chars(text) + content_chars(warning) <= most) return true;
	snprintf(sentence, sizeof sentence,
	        "Validation failed: Text character limit of %zu exceeded", most);
	exchange_error(x, 422, sentence);
	return false;
}

/* A draft from the request's parameters, or NULL when something is wrong with them. */
static struct status *draft_of(struct exchange *x)
{
	const char *text = params_str(&x->params, "status");
	const char *warning = params_str(&x->params, "spoiler_text");
	const char *lang = params_get(&x->params, "language");
	const char *name = params_str(&x->params, "visibility");
	enum visibility visibility = SEEN_BY_ALL;
	if (*name && !status_visibility(name, &visibility)) {
		exchange_error(x, 422, "Validation failed: Visibility is not included in the list");
		return NULL;
	}
	if (!*text && *warning) {
		text = warning;
		warning = "";
	}
	if (!*text && !params_at(&x->params, "media_ids", 0)) {
		exchange_error(x, 422, "Validation failed: Text can't be blank");
		return NULL;
	}
	if (!fits(x, text, warning)) return NULL;
	struct status *draft = deed_draft(
	        (size_t)x->user, text, warning, lang ? lang : people[x->user].lang, visibility);
	draft->app = "stoa demo";
	draft->sensitive |= params_bool(&x->params, "sensitive");
	if (set_media(x, draft) && add_poll(x, draft) && add_relatives(x, draft) &&
	        go_together(x, draft))
		return draft;
	status_free(draft);
	return NULL;
}

static void keep_key(struct exchange *x, uint64_t id)
{
	if (!x->key || !x->world->software->keeps_keys) return;
	world_keep_key(x->world, (size_t)x->user, x->key, id);
}

/* The same key again within the hour: what it made then, whatever is asked now. */
static bool answered_before(struct exchange *x)
{
	struct world *world = x->world;
	for (size_t i = 0; x->key && i < world->nkeys; i++) {
		const struct used_key *used = &world->keys[i];
		if (used->owner != (size_t)x->user || strcmp(used->key, x->key) != 0) continue;
		if (world_now(world) - used->at_ms >= key_lives_ms) continue;
		if (exchange_fault(x, FAULT_NO_KEY)) return false;
		if (exchange_fault(x, FAULT_SPENT_KEY)) {
			exchange_error(x, 500, "Something went wrong on our end.");
			return true;
		}
		struct status *status = world_status_by_id(world, used->id);
		if (status) status_answer(x, status);
		/* What was scheduled is looked for among the statuses, and not found (5.2). */
		else
			exchange_error(x, 404, "Record not found");
		return true;
	}
	return false;
}

/* It will be published then. Takes draft. Borrowed until the next one. */
static struct scheduled *put_off(struct exchange *x, struct status *draft, int64_t due_ms)
{
	struct world *world = x->world;
	world->scheduled = mem_grow(world->scheduled, &world->scheduled_cap, world->nscheduled + 1,
	        sizeof *world->scheduled);
	struct scheduled *scheduled = &world->scheduled[world->nscheduled++];
	*scheduled = (struct scheduled){
	        .id = world_id(world, world_now(world)),
	        .owner = (size_t)x->user,
	        .made_ms = world_now(world),
	        .due_ms = due_ms,
	        .draft = draft,
	};
	take_media(x, draft);
	return scheduled;
}

static void schedule(struct exchange *x, struct status *draft, int64_t due_ms)
{
	struct world *world = x->world;
	size_t all = 0, that_day = 0;
	for (size_t i = 0; i < world->nscheduled; i++) {
		if (world->scheduled[i].owner != (size_t)x->user) continue;
		all++;
		that_day += world->scheduled[i].due_ms / day_ms == due_ms / day_ms;
	}
	const char *problem = NULL;
	if (due_ms <= world_now(world) + lead_ms)
		problem = "Validation failed: The scheduled date must be in the future";
	else if (all >= MAX_SCHEDULED)
		problem = "Validation failed: You have exceeded the limit of 300 scheduled posts";
	else if (that_day >= MAX_SCHEDULED_A_DAY)
		problem = "Validation failed: You have exceeded the limit of 25 scheduled posts "
		          "for today";
	if (problem) {
		exchange_error(x, 422, problem);
		status_free(draft);
		return;
	}
	struct scheduled *scheduled = put_off(x, draft, due_ms);
	entity_scheduled(&x->body, world, scheduled);
	keep_key(x, scheduled->id);
	exchange_accept(x, "scheduled", scheduled->id);
}

/* A proxy gives up while the server is still at work: the post comes all the same. */
static bool comes_late(struct exchange *x, struct status *draft)
{
	const char *ms = exchange_fault(x, FAULT_LATE);
	if (!ms) return false;
	int64_t wait = *ms ? atoi(ms) : 2000;
	struct scheduled *scheduled = put_off(x, draft, world_now(x->world) + wait);
	scheduled->late = true;
	if (x->key && x->world->software->keeps_keys) scheduled->key = xstrdup(x->key);
	exchange_accept(x, "late", scheduled->id);
	exchange_error(x, 504, "Gateway timeout");
	return true;
}

void statuses_create(struct exchange *x)
{
	const char *when = params_str(&x->params, "scheduled_at");
	int64_t due_ms = 0;
	if (answered_before(x)) return;
	if (*when && !date_parse_rfc3339(when, &due_ms)) {
		exchange_error(x, 422, "Validation failed: Scheduled at is invalid");
		return;
	}
	struct status *draft = draft_of(x);
	if (!draft) return;
	/* A time that has passed means now (5.3); to some servers any time does. */
	if (*when && due_ms > world_now(x->world) && x->world->software->schedules &&
	        !exchange_fault(x, FAULT_NO_WAIT)) {
		schedule(x, draft, due_ms);
		return;
	}
	if (comes_late(x, draft)) return;
	take_media(x, draft);
	deed_publish(x->world, draft);
	keep_key(x, draft->id);
	exchange_accept(x, "status", draft->id);
	status_answer(x, draft);
}

/* What is not sent is not kept: pictures, warning and poll go (5.5). */
static bool edit_rest(struct exchange *x, struct status *status, const char *text)
{
	struct status next = {.author = status->author};
	if (!*text && !params_at(&x->params, "media_ids", 0)) {
		exchange_error(x, 422, "Validation failed: Text can't be blank");
		return false;
	}
	if (!fits(x, text, params_str(&x->params, "spoiler_text"))) return false;
	memcpy(next.media, status->media, sizeof next.media);
	next.nmedia = status->nmedia; /* what it has already can stay */
	if (!set_media(x, &next) || !add_poll(x, &next)) return false;
	take_media(x, &next);
	memcpy(status->media, next.media, sizeof status->media);
	status->nmedia = next.nmedia;
	/* A poll whose options stay the same keeps its votes. */
	bool same = status->poll && next.poll && status->poll->noptions == next.poll->noptions;
	for (size_t i = 0; same && i < next.poll->noptions; i++)
		same = strcmp(status->poll->options[i], next.poll->options[i]) == 0;
	struct poll *old = same ? next.poll : status->poll;
	if (!same) status->poll = next.poll;
	if (old) free(old->owned);
	free(old);
	const char *lang = params_get(&x->params, "language");
	if (lang) snprintf(status->lang, sizeof status->lang, "%s", lang);
	return true;
}

void statuses_edit(struct exchange *x)
{
	struct status *status = status_asked_own(x);
	const char *text = params_str(&x->params, "status");
	if (!status || !edit_rest(x, status, text)) return;
	deed_edit(x->world, status, text, params_str(&x->params, "spoiler_text"));
	status->sensitive |= params_bool(&x->params, "sensitive");
	exchange_accept(x, "edit", status->id);
	status_answer(x, status);
}

void statuses_delete(struct exchange *x)
{
	struct status *status = status_asked_own(x);
	if (!status) return;
	status_answer(x, status);
	str_cut(&x->body, x->body.len - 1);
	put_str(&x->body, "text", status->text);
	put_close(&x->body, '}');
	deed_delete(x->world, status);
	exchange_accept(x, "delete", status->id);
}

/* --- reading --- */

void statuses_show(struct exchange *x)
{
	struct status *status = status_asked(x);
	if (status) status_answer(x, status);
}

void statuses_several(struct exchange *x)
{
	const char *id;
	put_open(&x->body, NULL, '[');
	for (size_t i = 0; i < 40 && (id = params_at(&x->params, "id", i)); i++) {
		const struct status *status = world_status(x->world, id);
		if (status && status_visible(x->world, status, x->user)) status_answer(x, status);
	}
	put_close(&x->body, ']');
}

void statuses_history(struct exchange *x)
{
	const struct status *status = status_asked(x);
	if (status) entity_versions(&x->body, x->world, status);
}

static const struct status *asked_original(struct exchange *x)
{
	const struct status *status = status_asked(x);
	return status && status->reblog ? status->reblog : status;
}

void statuses_liked_by(struct exchange *x)
{
	const struct status *status = asked_original(x);
	if (status) roster_serve(x, status->liked, 40, 80);
}

void statuses_reposted_by(struct exchange *x)
{
	const struct status *status = asked_original(x);
	if (status) roster_serve(x, status->reposted, 40, 80);
}

static bool is_quoting(const struct exchange *x, size_t i)
{
	const struct status *status = x->world->statuses[i];
	return status->quote && status->quote == world_status(x->world, x->args[0]) &&
	       status_visible(x->world, status, x->user);
}

static void put_row(struct exchange *x, size_t i)
{
	status_answer(x, x->world->statuses[i]);
}

void statuses_quotes(struct exchange *x)
{
	struct listing listing = {
	        x->world->nstatuses, roster_cursor, is_quoting, put_row, "since_id"};
	if (status_asked(x)) page_serve(x, &listing, 20, 40);
}

void statuses_source(struct exchange *x)
{
	struct status *status = status_asked_own(x);
	if (!status) return;
	put_open(&x->body, NULL, '{');
	entity_id(&x->body, "id", x->world, status->id);
	put_str(&x->body, "text", status->text);
	put_str(&x->body, "spoiler_text", status->warning);
	put_close(&x->body, '}');
}

static bool descends(const struct status *status, const struct status *from)
{
	for (status = status->parent; status; status = status->parent) {
		if (status == from) return true;
	}
	return false;
}

static void put_ancestors(struct exchange *x, const struct status *status)
{
	if (!status) return;
	put_ancestors(x, status->parent);
	if (status_visible(x->world, status, x->user)) status_answer(x, status);
}

void statuses_context(struct exchange *x)
{
	struct status *status = status_asked(x);
	if (!status) return;
	if (status->reblog) status = status->reblog;
	put_open(&x->body, NULL, '{');
	put_open(&x->body, "ancestors", '[');
	put_ancestors(x, status->parent);
	put_close(&x->body, ']');
	put_open(&x->body, "descendants", '[');
	for (size_t i = world_above(x->world, status->id); i < x->world->nstatuses; i++) {
		const struct status *it = x->world->statuses[i];
		if (descends(it, status) && status_visible(x->world, it, x->user))
			status_answer(x, it);
	}
	put_close(&x->body, ']');
	put_close(&x->body, '}');
}
