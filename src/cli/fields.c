#include "fields.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "model/post.h"
#include "networks/network.h"

enum { POLL_FOR_S = 24 * 3600, MAX_WORD = 1000, MAX_LANG = 35 };

const struct field_row field_rows[FIELD_COUNT] = {
#define X(id, name, value, help) {name, value},
        POST_FIELDS(X)
#undef X
};

static const struct {
	const char *name;
	unsigned bit;
} gates[] = {
        {"nobody", DRAFT_GATE_NOBODY},
        {"mentioned", DRAFT_GATE_MENTIONED},
        {"followed", DRAFT_GATE_FOLLOWED},
        {"followers", DRAFT_GATE_FOLLOWERS},
        {"no-quotes", DRAFT_GATE_NO_QUOTES},
};

enum post_field field_find(const char *name, const char **out_near)
{
	struct nearest nearest = {.given = name};
	for (enum post_field i = 0; i < FIELD_COUNT; i++) {
		if (strcmp(field_rows[i].name, name) == 0) return i;
		nearest_offer(&nearest, field_rows[i].name);
	}
	if (out_near) *out_near = nearest.best;
	return FIELD_COUNT;
}

void field_print_gate(struct str *out, unsigned gate)
{
	size_t start = out->len;
	for (size_t i = 0; i < sizeof(gates) / sizeof(*gates); i++) {
		if (gate & gates[i].bit)
			str_addf(out, "%s%s", out->len > start ? "," : "", gates[i].name);
	}
}

void fields_world_finish(struct fields_world *world)
{
	free(world->planned);
	world->planned = NULL;
	world->nplanned = world->planned_cap = 0;
}

static bool syntax(struct err *err, const char *sentence)
{
	return err_set(err, ERR_SYNTAX, "%s", sentence);
}

/* -- who posts -- */

static void add_target(struct fields *fields, struct account *account)
{
	fields->targets =
	        xrealloc(fields->targets, (fields->ntargets + 1) * sizeof(*fields->targets));
	fields->targets[fields->ntargets++] = account;
}

/* A network as if somebody were signed in to it. */
static bool add_network(struct fields *fields, const char *name, struct err *err)
{
	char word[64];
	snprintf(word, sizeof(word), "%.*s", (int)strlen(name) - 1, name);
	const struct network *network = network_find(word);
	if (!network || !(network->caps & CAP_POST))
		return err_set(err, ERR_SYNTAX, "'%s' is no network that one posts to", word);
	struct account *account = account_new(name, word, "");
	account->caps = network->caps;
	add_target(fields, account);
	return true;
}

static bool add_account(struct fields *fields, const char *name, struct err *err)
{
	size_t len = strlen(name);
	if (fields->ntargets == DRAFT_MAX_ACCOUNTS)
		return err_set(err, ERR_SYNTAX, "more than %d accounts", (int)DRAFT_MAX_ACCOUNTS);
	for (size_t i = 0; i < fields->ntargets; i++) {
		if (strcmp(fields->targets[i]->name, name) == 0) return true;
	}
	if (fields->world->networks && len > 1 && name[len - 1] == ':')
		return add_network(fields, name, err);
	const struct account *const *list;
	size_t n = store_accounts(fields->world->session->store, &list);
	struct nearest nearest = {.given = name};
	for (size_t i = 0; i < n; i++) {
		if (list[i]->id == ACCOUNT_FEEDS) continue;
		nearest_offer(&nearest, list[i]->name);
		if (strcmp(list[i]->name, name) != 0) continue;
		add_target(fields, account_copy(list[i]));
		return true;
	}
	return err_set(err, ERR_NOT_FOUND, "there is no account '%s'%s%s%s", name,
	        nearest.best ? "; is it '" : "; `stoa accounts` lists them",
	        nearest.best ? nearest.best : "", nearest.best ? "'?" : "");
}

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
	if (able == 1) add_target(fields, account_copy(found));
	return able == 1;
}

/* -- what each field says -- */

static bool set_word(const struct draft_word *words, int n, const char *value, int *out,
        const char *what, struct err *err)
{
	struct str all = {0};
	for (int i = 0; i < n; i++) {
		str_addf(&all, "%s%s", i ? ", " : "", words[i].name);
		if (strcmp(words[i].name, value) != 0) continue;
		*out = i;
		str_finish(&all);
		return true;
	}
	err_set(err, ERR_SYNTAX, "'%s' is no %s: there are %s", value, what, str_c(&all));
	str_finish(&all);
	return false;
}

static bool set_visibility(struct draft *draft, const char *value, struct err *err)
{
	struct draft_word words[VIS_COUNT] = {0};
	int found = 0;
	for (int i = 0; i < VIS_COUNT; i++)
		words[i].name = visibility_name((enum visibility)i);
	if (!set_word(words, VIS_COUNT, value, &found, "visibility", err)) return false;
	draft->visibility = (enum visibility)found;
	draft->visibility_set = true;
	return true;
}

static bool set_gate(struct draft *draft, const char *value, struct err *err)
{
	for (const char *at = value; *at;) {
		size_t len = strcspn(at, ", "), i = 0;
		while (i < sizeof(gates) / sizeof(*gates) &&
		        (strlen(gates[i].name) != len || strncmp(gates[i].name, at, len) != 0))
			i++;
		if (i == sizeof(gates) / sizeof(*gates))
			return err_set(err, ERR_SYNTAX,
			        "'%.*s' is no gate: there are nobody, mentioned, followed, "
			        "followers, no-quotes",
			        (int)len, at);
		draft->gate |= gates[i].bit;
		at += len;
		at += strspn(at, ", ");
	}
	return draft->gate || syntax(err, "who may answer?");
}

static bool set_lang(struct draft *draft, const char *value, struct err *err)
{
	size_t len = strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                           "0123456789-");
	if (value[len] || len < 2 || len > MAX_LANG || value[0] == '-')
		return err_set(
		        err, ERR_SYNTAX, "'%s' is no language: they are nl, en, pt-BR", value);
	free(draft->lang);
	draft->lang = xstrdup(value);
	return true;
}

static bool set_address(char **field, const char *value, struct err *err)
{
	if (!strstr(value, "://"))
		return err_set(err, ERR_SYNTAX, "'%s' is no address of a post", value);
	free(*field);
	*field = xstrdup(value);
	return true;
}

/* The file has to be there now: at its time nobody would be asked. */
static bool add_media(struct draft *draft, const char *value, struct err *err)
{
	struct stat info;
	if (draft->parts[0].nmedia == DRAFT_MAX_MEDIA)
		return err_set(err, ERR_SYNTAX, "more than %d files", (int)DRAFT_MAX_MEDIA);
	char *path = realpath(value, NULL);
	bool ok =
	        path && stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, R_OK) == 0;
	if (ok)
		draft_add_media(&draft->parts[0], path, NULL);
	else
		err_set(err, ERR_IO, "%s is no file that can be read", value);
	free(path);
	return ok;
}

static bool set_alt(struct draft *draft, const char *value, struct err *err)
{
	struct draft_part *part = &draft->parts[0];
	if (part->nmedia == 0 || part->media[part->nmedia - 1].alt)
		return syntax(err, "it describes the file before it, and there is none");
	part->media[part->nmedia - 1].alt = xstrdup(value);
	return true;
}

static bool set_poll(struct draft *draft, const char *value, struct err *err)
{
	struct draft_poll *poll = xcalloc(1, sizeof(*poll));
	draft_poll_free(draft->parts[0].poll);
	draft->parts[0].poll = poll;
	poll->options = xcalloc(DRAFT_MAX_OPTIONS, sizeof(*poll->options));
	for (const char *at = value;;) {
		size_t len = strcspn(at, "|"), from = 0, to = len;
		while (from < to && at[from] == ' ')
			from++;
		while (to > from && at[to - 1] == ' ')
			to--;
		if (from == to) return syntax(err, "an answer of the poll is empty");
		if (poll->noptions == DRAFT_MAX_OPTIONS)
			return err_set(
			        err, ERR_SYNTAX, "more than %d answers", (int)DRAFT_MAX_OPTIONS);
		poll->options[poll->noptions++] = xstrndup(at + from, to - from);
		if (!at[len]) break;
		at += len + 1;
	}
	return poll->noptions > 1 || syntax(err, "a poll has two answers at least: \"A|B\"");
}

static bool set_poll_for(struct fields *fields, const char *value, struct err *err)
{
	int64_t ms;
	if (!duration_parse(value, &ms) || ms < 1000)
		return err_set(err, ERR_SYNTAX, "'%s' is no duration: write 6h, 3d", value);
	fields->poll_for_s = ms / 1000;
	return true;
}

static bool set_switch(bool *out, const char *value, struct err *err)
{
	static const char *const on[] = {"", "on", "yes", "true", "1"}, *const off[] = {"off", "no",
	                                                                        "false", "0"};
	for (size_t i = 0; i < sizeof(on) / sizeof(*on); i++) {
		if (!value || strcasecmp(value, on[i]) == 0) return *out = true;
	}
	for (size_t i = 0; i < sizeof(off) / sizeof(*off); i++) {
		if (strcasecmp(value, off[i]) != 0) continue;
		*out = false;
		return true;
	}
	return err_set(err, ERR_SYNTAX, "'%s' is neither yes nor no", value);
}

static bool set_string(char **field, const char *value)
{
	free(*field);
	*field = xstrdup(value);
	return true;
}

static bool add_text_for(struct fields *fields, const char *value, struct err *err)
{
	const char *equal = strchr(value, '=');
	if (!equal || equal == value)
		return err_set(err, ERR_SYNTAX, "'%s' is not NAME=TEXT", value);
	fields->texts = xrealloc(fields->texts, (fields->ntexts + 1) * sizeof(*fields->texts));
	fields->texts[fields->ntexts++] = xstrdup(value);
	return true;
}

static bool set_of_draft(
        struct draft *draft, enum post_field field, const char *value, struct err *err)
{
	int found = 0;
	switch (field) {
	case FIELD_GATE:
		return set_gate(draft, value, err);
	case FIELD_LABEL:
		return set_string(&draft->label, value);
	case FIELD_LANG:
		return set_lang(draft, value, err);
	case FIELD_LATE:
		if (!set_word(draft_lates, DRAFT_NLATES, value, &found, "such wish", err))
			return false;
		draft->late = (enum draft_late)found;
		return true;
	case FIELD_QUOTE:
		return set_address(&draft->quote_of, value, err);
	case FIELD_REPLY:
		return set_address(&draft->reply_to, value, err);
	case FIELD_SELF_LABEL:
		return set_string(&draft->self_labels, value);
	case FIELD_SENSITIVE:
		return set_switch(&draft->sensitive, value, err);
	case FIELD_VIA:
		if (!set_word(draft_vias, DRAFT_NVIAS, value, &found, "keeper", err)) return false;
		draft->via = (enum draft_via)found;
		return true;
	case FIELD_VISIBILITY:
		return set_visibility(draft, value, err);
	case FIELD_WARNING:
		return set_string(&draft->warning, value);
	case FIELD_MEDIA:
		return add_media(draft, value, err);
	case FIELD_ALT:
		return set_alt(draft, value, err);
	case FIELD_POLL:
		return set_poll(draft, value, err);
	default:
		return false;
	}
}

bool fields_set(struct fields *fields, enum post_field field, const char *value, struct err *err)
{
	if (!fields->draft) fields->draft = draft_new();
	if (value && !utf8_valid(value, strlen(value))) return syntax(err, "it is not UTF-8");
	if (field_rows[field].value && (!value || !*value)) return syntax(err, "nothing was given");
	switch (field) {
	case FIELD_ACCOUNT:
		return add_account(fields, value, err);
	case FIELD_AT:
		return set_string(&fields->at, value);
	case FIELD_POLL_FOR:
		return set_poll_for(fields, value, err);
	case FIELD_POLL_HIDE:
		return set_switch(&fields->poll_hide, value, err);
	case FIELD_POLL_MULTIPLE:
		return set_switch(&fields->poll_multiple, value, err);
	case FIELD_TEXT_FOR:
		return add_text_for(fields, value, err);
	case FIELD_THREAD:
		return set_switch(&fields->thread, value, err);
	case FIELD_ZONE:
		return set_string(&fields->zone, value);
	default:
		return set_of_draft(fields->draft, field, value, err);
	}
}

bool fields_text(struct fields *fields, const char *text, size_t len, struct err *err)
{
	if (len > DRAFT_MAX_TEXT)
		return err_set(
		        err, ERR_TOO_LARGE, "the text has more than %d bytes", (int)DRAFT_MAX_TEXT);
	if (!utf8_valid(text, len) || memchr(text, '\0', len))
		return syntax(err, "the text is not UTF-8");
	struct str clean = {0};
	for (size_t i = 0; i < len; i++)
		if (text[i] != '\r' || i + 1 == len || text[i + 1] != '\n')
			str_addc(&clean, text[i]);
	free(fields->text);
	fields->text = str_take(&clean);
	return true;
}

/* -- all was said -- */

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
		struct draft_part *part = n ? draft_add_part(draft) : &draft->parts[0];
		n++;
		free(part->text);
		part->text = trimmed(at, end);
		if (!*part->text && !part->nmedia && !part->poll)
			return err_set(err, ERR_SYNTAX, "part %zu of the thread is empty", n);
		if (next == end) break;
	}
	return true;
}

static bool put_text(struct fields *fields, struct err *err)
{
	struct draft_part *part = &fields->draft->parts[0];
	if (!fields->text) fields->text = xstrdup("");
	if (fields->thread) return put_parts(fields, err);
	free(part->text);
	part->text = trimmed(fields->text, strlen(fields->text));
	if (!*part->text && !part->nmedia && !part->poll)
		return syntax(err, "there is nothing to post: no text, no file, no poll");
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
	struct draft_poll *poll = fields->draft->parts[0].poll;
	if (!poll) {
		return !(fields->poll_for_s || fields->poll_multiple || fields->poll_hide) ||
		       syntax(err, "poll-for, poll-multiple and poll-hide are for a poll");
	}
	poll->for_s = fields->poll_for_s ? fields->poll_for_s : POLL_FOR_S;
	poll->multiple = fields->poll_multiple;
	poll->hide_totals = fields->poll_hide;
	return true;
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
	return ok || syntax(err, "no slot of the next year is free");
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

void fields_finish(struct fields *fields)
{
	for (size_t i = 0; i < fields->ntargets; i++)
		account_free(fields->targets[i]);
	for (size_t i = 0; i < fields->ntexts; i++)
		free(fields->texts[i]);
	free(fields->targets);
	free(fields->texts);
	free(fields->at);
	free(fields->zone);
	free(fields->text);
	draft_free(fields->draft);
	*fields = (struct fields){0};
}
