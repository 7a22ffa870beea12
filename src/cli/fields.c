#include "fields.h"

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
#include "fields_inside.h"
#include "model/post.h"
#include "networks/network.h"

enum { MAX_LANG = 35 };

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

bool fields_wrong(struct err *err, const char *sentence)
{
	return err_set(err, ERR_SYNTAX, "%s", sentence);
}

/* -- who posts -- */

void fields_add_target(struct fields *fields, struct account *account)
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
	fields_add_target(fields, account);
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
		fields_add_target(fields, account_copy(list[i]));
		return true;
	}
	return err_set(err, ERR_NOT_FOUND, "there is no account '%s'%s%s%s", name,
	        nearest.best ? "; is it '" : "; `stoa accounts` lists them",
	        nearest.best ? nearest.best : "", nearest.best ? "'?" : "");
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
	return draft->gate || fields_wrong(err, "who may answer?");
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
static bool add_media(struct draft_part *part, const char *value, struct err *err)
{
	struct stat info;
	if (part->nmedia == DRAFT_MAX_MEDIA)
		return err_set(err, ERR_SYNTAX, "more than %d files", (int)DRAFT_MAX_MEDIA);
	char *path = realpath(value, NULL);
	bool ok =
	        path && stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, R_OK) == 0;
	if (ok)
		draft_add_media(part, path, NULL);
	else
		err_set(err, ERR_IO, "%s is no file that can be read", value);
	free(path);
	return ok;
}

static bool set_alt(struct draft_part *part, const char *value, struct err *err)
{
	if (part->nmedia == 0 || part->media[part->nmedia - 1].alt)
		return fields_wrong(err, "it describes the file before it, and there is none");
	part->media[part->nmedia - 1].alt = xstrdup(value);
	return true;
}

static bool set_poll(struct draft_part *part, const char *value, struct err *err)
{
	struct draft_poll *poll = xcalloc(1, sizeof(*poll));
	draft_poll_free(part->poll);
	part->poll = poll;
	poll->options = xcalloc(DRAFT_MAX_OPTIONS, sizeof(*poll->options));
	for (const char *at = value;;) {
		size_t len = strcspn(at, "|"), from = 0, to = len;
		while (from < to && at[from] == ' ')
			from++;
		while (to > from && at[to - 1] == ' ')
			to--;
		if (from == to) return fields_wrong(err, "an answer of the poll is empty");
		if (poll->noptions == DRAFT_MAX_OPTIONS)
			return err_set(
			        err, ERR_SYNTAX, "more than %d answers", (int)DRAFT_MAX_OPTIONS);
		poll->options[poll->noptions++] = xstrndup(at + from, to - from);
		if (!at[len]) break;
		at += len + 1;
	}
	return poll->noptions > 1 || fields_wrong(err, "a poll has two answers at least: \"A|B\"");
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
	default:
		return false;
	}
}

/* The text, which has the parts, is cut when all was said. */
static bool set_part(struct fields *fields, const char *value, struct err *err)
{
	char *end;
	unsigned long n = strtoul(value, &end, 10);
	if (*value < '1' || *value > '9' || *end || n > DRAFT_MAX_PARTS)
		return err_set(err, ERR_SYNTAX, "'%s' is no part of a thread: 1 to %d", value,
		        (int)DRAFT_MAX_PARTS);
	while (fields->draft->nparts < n)
		draft_add_part(fields->draft);
	fields->part = n - 1;
	return true;
}

bool fields_set(struct fields *fields, enum post_field field, const char *value, struct err *err)
{
	if (!fields->draft) fields->draft = draft_new();
	if (value && !utf8_valid(value, strlen(value))) return fields_wrong(err, "it is not UTF-8");
	if (field_rows[field].value && (!value || !*value))
		return fields_wrong(err, "nothing was given");
	switch (field) {
	case FIELD_ACCOUNT:
		return add_account(fields, value, err);
	case FIELD_AT:
		return set_string(&fields->at, value);
	case FIELD_PART:
		return set_part(fields, value, err);
	case FIELD_MEDIA:
		return add_media(&fields->draft->parts[fields->part], value, err);
	case FIELD_ALT:
		return set_alt(&fields->draft->parts[fields->part], value, err);
	case FIELD_POLL:
		return set_poll(&fields->draft->parts[fields->part], value, err);
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
		return fields_wrong(err, "the text is not UTF-8");
	struct str clean = {0};
	for (size_t i = 0; i < len; i++)
		if (text[i] != '\r' || i + 1 == len || text[i + 1] != '\n')
			str_addc(&clean, text[i]);
	free(fields->text);
	fields->text = str_take(&clean);
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
