#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/compose.h"
#include "base/clean.h"
#include "base/duration.h"
#include "base/mem.h"
#include "composing.h"
#include "inside.h"
#include "model/post.h"

/*
 * A draft as a file for an editor: lines `Name: value`, an empty line, the text. A line `---`
 * begins the next part of the thread; lines `%name: value` say what goes with the part they
 * stand in. A line of the text that looks like one of these has `%%` before it.
 */

enum { MAX_LINE_SHOWN = 40 };

/* -- writing -- */

static void print_names(struct str *out, const struct app *app, const struct draft *draft)
{
	str_adds(out, "To:");
	for (size_t i = 0; i < draft->naccounts; i++) {
		const struct account *account = store_account(app->store, draft->accounts[i]);
		if (account) str_addf(out, "%s %s", i ? "," : "", account->name);
	}
	str_addc(out, '\n');
}

static void print_time(struct str *out, const struct when *at)
{
	str_adds(out, "At:");
	if (at->utc_ms) str_addf(out, " %s%s %s", at->wall, at->fold ? " second" : "", at->zone);
	str_addc(out, '\n');
}

static void print_text(struct str *out, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		bool taken = *text == '%' || (len == 3 && memcmp(text, "---", 3) == 0);
		str_addf(out, "%s%.*s\n", taken ? "%%" : "", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

static void print_part(struct str *out, const struct app *app, const struct draft *draft, size_t at)
{
	const struct draft_part *part = &draft->parts[at];
	print_text(out, part->text);
	for (size_t i = 0; i < part->nmedia; i++) {
		const char *alt = part->media[i].alt;
		str_addf(out, "%%media: %s\n%%alt:", part->media[i].path);
		/* It is one line here, whatever it was. */
		if (alt && *alt) str_addc(out, ' ');
		clean_in(out, CLEAN_LINE, alt ? alt : "", alt ? strlen(alt) : 0);
		str_addc(out, '\n');
	}
	if (part->poll) {
		str_adds(out, "%poll:");
		for (size_t i = 0; i < part->poll->noptions; i++)
			str_addf(out, "%s %s", i ? " |" : "", part->poll->options[i]);
		str_adds(out, "\n%poll-for: ");
		duration_print(out, part->poll->for_s * 1000);
		str_addf(out, "\n%%poll-several: %s\n%%poll-hidden: %s\n",
		        part->poll->multiple ? "yes" : "no",
		        part->poll->hide_totals ? "yes" : "no");
	}
	for (size_t i = 0; i < draft->nvariants; i++) {
		const struct draft_variant *variant = &draft->variants[i];
		if (variant->part != at) continue;
		const struct account *account = store_account(app->store, variant->account);
		const char *name = variant->network ? variant->network
		                   : account        ? account->name
		                                    : NULL;
		if (!name) continue;
		str_addf(out, "%%%s: %s\n", variant->network ? "for-network" : "for", name);
		print_text(out, variant->text);
	}
}

void compose_file_print(struct str *out, const struct app *app, const struct draft *draft)
{
	print_names(out, app, draft);
	str_addf(out, "Warning: %s\n", draft->warning ? draft->warning : "");
	str_addf(out, "Visibility: %s\n",
	        draft->visibility_set ? visibility_name(draft->visibility) : "");
	str_addf(out, "Language: %s\n", draft->lang ? draft->lang : "");
	print_time(out, &draft->at);
	str_addc(out, '\n');
	for (size_t i = 0; i < draft->nparts; i++) {
		if (i) str_adds(out, "---\n");
		print_part(out, app, draft, i);
	}
}

/* -- reading -- */

struct reading {
	const struct app *app;
	struct draft *draft;
	struct str text;              /* of the part, or variant, that is read */
	struct draft_variant variant; /* what the text is of: zeroed: the part itself */
	bool in_variant;
	size_t line; /* from 1 */
	struct err *err;
};

static bool wrong(struct reading *reading, const char *what, const char *value)
{
	return err_set(reading->err, ERR_SYNTAX, "line %zu: %s '%.*s'", reading->line, what,
	        MAX_LINE_SHOWN, value);
}

static bool read_to(struct reading *reading, const char *value)
{
	struct draft *draft = reading->draft;
	draft->naccounts = 0;
	while (*value) {
		size_t len = strcspn(value, ", ");
		char *name = xstrndup(value, len);
		const struct account *account = store_account_named(reading->app->store, name);
		bool ok = !len || account || wrong(reading, "there is no account", name);
		if (len && account) draft_add_account(draft, account->id);
		free(name);
		if (!ok) return false;
		value += len + strspn(value + len, ", ");
	}
	return true;
}

static bool read_warning(struct reading *reading, const char *value)
{
	free(reading->draft->warning);
	reading->draft->warning = *value ? xstrdup(value) : NULL;
	return true;
}

static bool read_visibility(struct reading *reading, const char *value)
{
	struct draft *draft = reading->draft;
	draft->visibility_set = *value != 0;
	for (int i = 0; i < VIS_COUNT; i++) {
		if (strcmp(value, visibility_name((enum visibility)i)) != 0) continue;
		draft->visibility = (enum visibility)i;
		return true;
	}
	return !*value || wrong(reading, "public, unlisted, followers or direct, not", value);
}

static bool read_lang(struct reading *reading, const char *value)
{
	free(reading->draft->lang);
	reading->draft->lang = *value ? xstrdup(value) : NULL;
	return true;
}

/* A zone's name may stand behind the time. */
static bool read_at(struct reading *reading, const char *value)
{
	struct when *at = &reading->draft->at;
	struct err why = {0};
	const char *blank = strrchr(value, ' '), *zone = NULL;
	char *time = xstrdup(value);
	if (blank && strchr(blank, '/')) {
		zone = blank + 1;
		time[blank - value] = 0;
	}
	*at = (struct when){0};
	bool ok = !*value || when_parse(time, clock_wall(reading->app->clock), zone, at, &why) ||
	          err_set(reading->err, ERR_SYNTAX, "line %zu: %s", reading->line, why.text);
	free(time);
	return ok;
}

static struct draft_part *part_of(struct reading *reading)
{
	return &reading->draft->parts[reading->draft->nparts - 1];
}

static bool read_media(struct reading *reading, const char *value)
{
	struct draft_part *part = part_of(reading);
	if (part->nmedia >= DRAFT_MAX_MEDIA)
		return wrong(reading, "that is too many files:", value);
	if (*value != '/') return wrong(reading, "the whole path of a file, not", value);
	draft_add_media(part, value, NULL);
	return true;
}

static bool read_alt(struct reading *reading, const char *value)
{
	struct draft_part *part = part_of(reading);
	if (!part->nmedia) return wrong(reading, "%media has to stand before", value);
	struct draft_media *media = &part->media[part->nmedia - 1];
	free(media->alt);
	media->alt = *value ? xstrdup(value) : NULL;
	return true;
}

static bool read_poll(struct reading *reading, const char *value)
{
	struct draft_part *part = part_of(reading);
	struct err why = {0};
	draft_poll_free(part->poll);
	part->poll = compose_poll_read(value, &why);
	return part->poll ||
	       err_set(reading->err, ERR_SYNTAX, "line %zu: %s", reading->line, why.text);
}

static bool read_poll_for(struct reading *reading, const char *value)
{
	struct draft_part *part = part_of(reading);
	int64_t ms = 0;
	if (!part->poll) return wrong(reading, "%poll has to stand before", value);
	if (!duration_parse(value, &ms) || ms <= 0)
		return wrong(reading, "a length of time as 1d or 30m, not", value);
	part->poll->for_s = ms / 1000;
	return true;
}

static bool read_yes(struct reading *reading, const char *value, bool *out)
{
	*out = strcmp(value, "yes") == 0;
	return *out || strcmp(value, "no") == 0 || wrong(reading, "yes or no, not", value);
}

static bool read_several(struct reading *reading, const char *value)
{
	struct draft_poll *poll = part_of(reading)->poll;
	return poll ? read_yes(reading, value, &poll->multiple)
	            : wrong(reading, "%poll has to stand before", value);
}

static bool read_hidden(struct reading *reading, const char *value)
{
	struct draft_poll *poll = part_of(reading)->poll;
	return poll ? read_yes(reading, value, &poll->hide_totals)
	            : wrong(reading, "%poll has to stand before", value);
}

/* The text that was read so far belongs to what was said before it. */
static void end_text(struct reading *reading)
{
	struct draft *draft = reading->draft;
	struct str *text = &reading->text;
	while (text->len && text->p[text->len - 1] == '\n')
		str_cut(text, text->len - 1);
	struct str clean = {0};
	clean_in(&clean, CLEAN_BODY, str_c(text), text->len);
	str_clear(text);
	if (!reading->in_variant) {
		struct draft_part *part = part_of(reading);
		free(part->text);
		part->text = str_take(&clean);
		return;
	}
	draft->variants =
	        xrealloc(draft->variants, (draft->nvariants + 1) * sizeof(*draft->variants));
	struct draft_variant *variant = &draft->variants[draft->nvariants++];
	*variant = reading->variant;
	variant->part = draft->nparts - 1;
	variant->text = str_take(&clean);
	reading->variant = (struct draft_variant){0};
	reading->in_variant = false;
}

static bool read_for(struct reading *reading, const char *value)
{
	const struct account *account = store_account_named(reading->app->store, value);
	if (!account) return wrong(reading, "there is no account", value);
	end_text(reading);
	reading->in_variant = true;
	reading->variant = (struct draft_variant){.account = account->id};
	return true;
}

static bool read_for_network(struct reading *reading, const char *value)
{
	end_text(reading);
	reading->in_variant = true;
	reading->variant = (struct draft_variant){.network = xstrdup(value)};
	return true;
}

struct line_row {
	const char *name;
	bool (*read)(struct reading *reading, const char *value);
};

static const struct line_row heads[] = {{"To:", read_to}, {"Warning:", read_warning},
        {"Visibility:", read_visibility}, {"Language:", read_lang}, {"At:", read_at}};

static const struct line_row inner[] = {{"%alt:", read_alt}, {"%for:", read_for},
        {"%for-network:", read_for_network}, {"%media:", read_media}, {"%poll:", read_poll},
        {"%poll-for:", read_poll_for}, {"%poll-hidden:", read_hidden},
        {"%poll-several:", read_several}};

/* A line of a table; false with the reason. */
static bool read_line(
        struct reading *reading, const struct line_row *rows, size_t n, const char *line)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(rows[i].name);
		if (strncmp(line, rows[i].name, len) != 0) continue;
		struct str value = {0};
		clean_in(&value, CLEAN_LINE, line + len, strlen(line + len));
		bool ok = rows[i].read(reading, str_c(&value));
		str_finish(&value);
		return ok;
	}
	return wrong(reading, "this line means nothing here:", line);
}

static bool read_body_line(struct reading *reading, const char *line)
{
	if (strcmp(line, "---") == 0) {
		end_text(reading);
		if (reading->draft->nparts >= DRAFT_MAX_PARTS)
			return wrong(reading, "that is one part too many", line);
		draft_add_part(reading->draft);
		return true;
	}
	if (*line == '%' && line[1] != '%')
		return read_line(reading, inner, sizeof(inner) / sizeof(*inner), line);
	str_addf(&reading->text, "%s\n", line + (*line == '%' ? 2 : 0));
	return true;
}

/* What the file does not speak of stays as it was. */
static struct draft *draft_without_parts(const struct draft *before)
{
	struct draft *all = draft_copy(before), *empty = draft_new();
	struct draft swap = *all;
	all->parts = empty->parts;
	all->nparts = empty->nparts;
	all->variants = NULL;
	all->nvariants = 0;
	empty->parts = swap.parts;
	empty->nparts = swap.nparts;
	empty->variants = swap.variants;
	empty->nvariants = swap.nvariants;
	draft_free(empty);
	return all;
}

struct draft *compose_file_read(
        const struct app *app, const struct draft *before, const char *file, struct err *err)
{
	struct reading reading = {.app = app, .draft = draft_without_parts(before), .err = err};
	bool ok = true, body = false;
	while (ok && *file) {
		size_t len = strcspn(file, "\n");
		char *line = xstrndup(file, len);
		if (len && line[len - 1] == '\r') line[len - 1] = 0;
		reading.line++;
		if (body)
			ok = read_body_line(&reading, line);
		else if (!*line)
			body = true;
		else
			ok = read_line(&reading, heads, sizeof(heads) / sizeof(*heads), line);
		free(line);
		file += len + (file[len] == '\n');
	}
	if (ok) end_text(&reading);
	str_finish(&reading.text);
	free(reading.variant.network);
	if (ok) return reading.draft;
	draft_free(reading.draft);
	return NULL;
}

/* -- a poll's options -- */

struct draft_poll *compose_poll_read(const char *text, struct err *err)
{
	enum { DAY_S = 86400 };
	struct draft_poll *poll = xcalloc(1, sizeof(*poll));
	poll->for_s = DAY_S;
	poll->options = xcalloc(DRAFT_MAX_OPTIONS, sizeof(*poll->options));
	while (*text && poll->noptions <= DRAFT_MAX_OPTIONS) {
		size_t len = strcspn(text, "|");
		struct str option = {0};
		clean_in(&option, CLEAN_LINE, text, len);
		if (option.len && poll->noptions < DRAFT_MAX_OPTIONS)
			poll->options[poll->noptions] = xstrdup(option.p);
		poll->noptions += option.len > 0;
		str_finish(&option);
		text += len + (text[len] == '|');
	}
	bool many = poll->noptions > DRAFT_MAX_OPTIONS;
	if (poll->noptions >= 2 && !many) return poll;
	if (many) poll->noptions = DRAFT_MAX_OPTIONS;
	draft_poll_free(poll);
	if (many)
		err_set(err, ERR_TOO_LARGE, "a poll has at most %d answers", DRAFT_MAX_OPTIONS);
	else
		err_set(err, ERR_SYNTAX, "a poll has two answers at least: Yes | No");
	return NULL;
}
