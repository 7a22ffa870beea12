#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fields.h"
#include "fields_inside.h"

/* What all that was said comes to: who posts, which text in which parts, and when. */

enum { POLL_FOR_S = 24 * 3600 };

/* Nobody was named: the only one that can. */
static bool add_only_account(struct fields *fields, struct err *err)
{
	const struct account *const *list;
	const struct account *found = NULL;
	size_t n = store_accounts(fields->world->session->store, &list), able = 0;
	struct str names = {0};
	for (size_t i = 0; i < n; i++) {
		if (list[i]->id == ACCOUNT_FEEDS || !(list[i]->caps & CAP_POST)) continue;
		found = list[i];
		str_addf(&names, "%s%s", able++ ? ", " : "", found->name);
	}
	if (able > 1)
		err_set(err, ERR_SYNTAX, "as which account? Say -a with one or more of: %s",
		        str_c(&names));
	if (able == 0)
		err_set(err, ERR_NOT_FOUND,
		        "there is no account that can post; `stoa login` signs one in");
	str_finish(&names);
	if (able == 1) fields_add_target(fields, account_copy(found));
	return able == 1;
}

/* -- the text -- */

/* Without blank lines before and after. Owned. */
static char *trimmed(const char *text, size_t len)
{
	while (len > 0 && isspace((unsigned char)text[len - 1]))
		len--;
	for (;;) {
		size_t line = 0;
		while (line < len && (text[line] == ' ' || text[line] == '\t'))
			line++;
		if (line >= len || text[line] != '\n') break;
		text += line + 1;
		len -= line + 1;
	}
	return xstrndup(text, len);
}

/* The end of the part that begins here: a line of three dashes, or the end. */
static size_t part_end(const char *text, size_t *out_next)
{
	for (size_t at = 0;;) {
		size_t len = strcspn(text + at, "\n"), dashes = strspn(text + at, "-");
		if (dashes == 3 && dashes + strspn(text + at + dashes, " \t") == len) {
			*out_next = at + len + (text[at + len] == '\n');
			return at;
		}
		at += len;
		if (!text[at]) {
			*out_next = at;
			return at;
		}
		at++;
	}
}

static bool put_parts(struct fields *fields, struct err *err)
{
	struct draft *draft = fields->draft;
	size_t n = 0, next;
	for (const char *at = fields->text;; at += next) {
		size_t end = part_end(at, &next);
		if (n == DRAFT_MAX_PARTS)
			return err_set(err, ERR_SYNTAX, "a thread of more than %d posts",
			        (int)DRAFT_MAX_PARTS);
		struct draft_part *part =
		        n < draft->nparts ? &draft->parts[n] : draft_add_part(draft);
		n++;
		free(part->text);
		part->text = trimmed(at, end);
		if (!*part->text && !part->nmedia && !part->poll)
			return err_set(err, ERR_SYNTAX, "part %zu of the thread is empty", n);
		if (next == end) break;
	}
	if (n == draft->nparts) return true;
	return err_set(err, ERR_SYNTAX, "part: there is no part %zu, the thread has %zu",
	        draft->nparts, n);
}

static bool put_text(struct fields *fields, struct err *err)
{
	struct draft_part *part = &fields->draft->parts[0];
	if (!fields->text) fields->text = xstrdup("");
	if (fields->thread) return put_parts(fields, err);
	if (fields->draft->nparts > 1)
		return fields_wrong(err, "part: only a thread has parts; say thread too");
	free(part->text);
	part->text = trimmed(fields->text, strlen(fields->text));
	if (!*part->text && !part->nmedia && !part->poll)
		return fields_wrong(err, "there is nothing to post: no text, no file, no poll");
	return true;
}

/* One of the targets, or a network that one of them is of. */
static bool put_text_for(struct fields *fields, const char *said, struct err *err)
{
	struct draft *draft = fields->draft;
	const char *equal = strchr(said, '=');
	char *name = xstrndup(said, (size_t)(equal - said));
	struct draft_variant variant = {0};
	for (size_t i = 0; i < fields->ntargets; i++) {
		const struct account *target = fields->targets[i];
		if (target->id && strcmp(target->name, name) == 0) variant.account = target->id;
		if (!variant.account && strcmp(target->network, name) == 0 && !variant.network)
			variant.network = xstrdup(name);
	}
	bool ok = variant.account || variant.network;
	if (ok) {
		if (variant.account) {
			free(variant.network);
			variant.network = NULL;
		}
		variant.text = xstrdup(equal + 1);
		draft->variants = xrealloc(
		        draft->variants, (draft->nvariants + 1) * sizeof(*draft->variants));
		draft->variants[draft->nvariants++] = variant;
	} else {
		err_set(err, ERR_SYNTAX, "text-for: '%s' is none of those that post this", name);
	}
	free(name);
	return ok;
}

static bool put_poll(struct fields *fields, struct err *err)
{
	size_t polls = 0;
	for (size_t i = 0; i < fields->draft->nparts; i++) {
		struct draft_poll *poll = fields->draft->parts[i].poll;
		if (!poll) continue;
		polls++;
		poll->for_s = fields->poll_for_s ? fields->poll_for_s : POLL_FOR_S;
		poll->multiple = fields->poll_multiple;
		poll->hide_totals = fields->poll_hide;
	}
	if (polls || !(fields->poll_for_s || fields->poll_multiple || fields->poll_hide))
		return true;
	return fields_wrong(err, "poll-for, poll-multiple and poll-hide are for a poll");
}

/* -- when -- */

static bool is_target(const struct account *const *targets, size_t ntargets, account_id account)
{
	for (size_t i = 0; i < ntargets; i++) {
		if (targets[i]->id == account) return true;
	}
	return false;
}

/* When the targets have a post to come already. Owned. */
static int64_t *taken_times(const struct fields_world *world, const struct account *const *targets,
        size_t ntargets, size_t *out_n)
{
	const struct queued *queued = world->queued;
	size_t n = 0, most = (queued ? queued->nitems : 0) + world->nplanned;
	int64_t *times = xcalloc(most ? most : 1, sizeof(*times));
	for (size_t i = 0; queued && i < queued->nitems; i++) {
		const struct outgoing *item = queued->items[i];
		if (item->at.utc_ms && queued_is_coming(item) &&
		        is_target(targets, ntargets, item->account))
			times[n++] = item->at.utc_ms;
	}
	for (size_t i = 0; i < world->nplanned; i++) {
		if (is_target(targets, ntargets, world->planned[i].account))
			times[n++] = world->planned[i].at_ms;
	}
	*out_n = n;
	return times;
}

bool fields_next_slot(const struct fields_world *world, const struct account *const *targets,
        size_t ntargets, const char *zone, struct when *out, struct err *err)
{
	const struct settings *settings = &world->session->places.settings;
	const struct slots *slots = NULL;
	for (size_t i = 0; i < ntargets && !slots; i++)
		slots = slots_book_get(&settings->slots, targets[i]->name);
	if (!slots) {
		const char *name = ntargets ? targets[0]->name : "its account";
		return err_set(err, ERR_SYNTAX,
		        "%s has no slots; `slots %s mon-fri 9:00 12:30` in the config gives it "
		        "some",
		        name, name);
	}
	size_t n;
	int64_t *taken = taken_times(world, targets, ntargets, &n);
	bool ok = slots_next(
	        slots, zone, world->now_ms, taken, n, settings->options.post_spacing, out);
	free(taken);
	return ok || fields_wrong(err, "no slot of the next year is free");
}

bool fields_time(
        const char *text, int64_t now_ms, const char *zone, struct when *out, struct err *err)
{
	struct when when;
	if (!when_parse(text, now_ms, zone, &when, err)) return false;
	if (when.day_only)
		return err_set(err, ERR_SYNTAX, "at what time of that day? Write `%s 9:00`", text);
	if (when.utc_ms / 1000 == now_ms / 1000) when.utc_ms = 0;
	if (when.utc_ms && when.utc_ms < now_ms) {
		struct str shown = {0};
		when_print(&shown, &when, now_ms);
		err_set(err, ERR_SYNTAX, "that time is past: %s", str_c(&shown));
		str_finish(&shown);
		return false;
	}
	*out = when;
	return true;
}

static bool read_time(struct fields *fields, struct err *err)
{
	struct when *at = &fields->draft->at;
	if (slots_is_next(fields->at))
		return fields_next_slot(fields->world,
		        (const struct account *const *)fields->targets, fields->ntargets,
		        fields->zone, at, err);
	return fields_time(fields->at, fields->world->now_ms, fields->zone, at, err);
}

static bool put_time(struct fields *fields, struct err *err)
{
	struct err why = {0};
	if (!fields->at || read_time(fields, &why)) return true;
	return err_set(err, why.code, "at: %s", why.text);
}

static void plan(struct fields *fields)
{
	struct fields_world *world = fields->world;
	for (size_t i = 0; i < fields->ntargets && fields->draft->at.utc_ms; i++) {
		world->planned = mem_grow(world->planned, &world->planned_cap, world->nplanned + 1,
		        sizeof(*world->planned));
		world->planned[world->nplanned++] =
		        (struct planned){fields->targets[i]->id, fields->draft->at.utc_ms};
	}
}

bool fields_done(struct fields *fields, struct err *err)
{
	if (!fields->draft) fields->draft = draft_new();
	if (fields->ntargets == 0 && !add_only_account(fields, err)) return false;
	for (size_t i = 0; i < fields->ntargets; i++)
		draft_add_account(fields->draft, fields->targets[i]->id);
	if (!put_text(fields, err) || !put_poll(fields, err) || !put_time(fields, err))
		return false;
	for (size_t i = 0; i < fields->ntexts; i++) {
		if (!put_text_for(fields, fields->texts[i], err)) return false;
	}
	plan(fields);
	return true;
}
