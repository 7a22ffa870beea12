#include "post_trial.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "cli/cli.h"
#include "engine/measure.h"
#include "model/post.h"
#include "out.h"

/* One part as one target would get it. */
struct trial {
	const struct fields *fields;
	const struct account *target;
	size_t part;
	struct outgoing *item;
	struct measure measure;
	struct err err; /* what keeps it from being sent */
	bool ok;
};

static void trial_init(struct trial *trial, const struct fields *fields, size_t t, size_t part)
{
	const struct account *target = fields->targets[t];
	*trial = (struct trial){.fields = fields, .target = target, .part = part};
	trial->item = outgoing_of(fields->draft, part, target->id, target->network);
	measure_item(target, trial->item, &trial->measure);
	/* Where bytes do not count they are told all the same. */
	if (!trial->measure.byte_max) trial->measure.bytes = (uint32_t)strlen(trial->item->text);
	if (measure_is_over(&trial->measure)) {
		const struct measure *m = &trial->measure;
		bool bytes = m->byte_max && m->bytes > m->byte_max && m->count <= m->limit;
		err_set(&trial->err, ERR_TOO_LARGE, "part %zu has %" PRIu32 " of %" PRIu32 " %s",
		        part + 1, bytes ? m->bytes : m->count, bytes ? m->byte_max : m->limit,
		        bytes ? "bytes" : m->unit);
		return;
	}
	trial->ok = measure_check(target, trial->item, &trial->err);
}

static void trial_finish(struct trial *trial)
{
	outgoing_free(trial->item);
}

bool post_fits(const struct fields *fields, size_t target, size_t part, struct err *err)
{
	struct trial trial;
	trial_init(&trial, fields, target, part);
	if (!trial.ok) *err = trial.err;
	trial_finish(&trial);
	return trial.ok;
}

static bool is_cut(const struct trial *trial)
{
	return trial->measure.fits < strlen(trial->item->text);
}

/* Who keeps it until its time, as far as can be said before. */
static const char *keeper(const struct trial *trial)
{
	const struct draft *draft = trial->fields->draft;
	if (!draft->at.utc_ms) return "now";
	bool alone = draft->nparts == 1 && draft->via != DRAFT_VIA_LOCAL;
	return alone && measure_can_keep(trial->target) ? "server" : "local";
}

/* -- for people -- */

struct facets {
	FILE *stream;
	const char *text;
	struct str *json; /* or NULL: for people */
	size_t n;
};

static void print_facet(void *ctx, const struct facet *facet)
{
	struct facets *facets = ctx;
	struct str line = {0};
	if (facets->n++ == 0) fputs("  facets\n", stdout);
	str_addf(&line, "    %" PRIu32 "..%" PRIu32 " %s ", facet->start, facet->end,
	        facet_kind_name(facet->kind));
	str_add(&line, facets->text + facet->start, facet->end - facet->start);
	if (facet->target) str_addf(&line, " -> %s", facet->target);
	out_text(stdout, str_c(&line));
	putchar('\n');
	str_finish(&line);
}

static void print_text(const char *text)
{
	for (const char *at = text; *at;) {
		size_t len = strcspn(at, "\n");
		struct str line = {0};
		str_adds(&line, "  | ");
		str_add(&line, at, len);
		out_text(stdout, str_c(&line));
		putchar('\n');
		str_finish(&line);
		at += len + (at[len] == '\n');
	}
}

static void print_media(const struct outgoing *item)
{
	struct str line = {0};
	for (size_t i = 0; i < item->nmedia; i++)
		str_addf(&line, "  file %s (%s)\n", item->media[i].path,
		        item->media[i].alt ? item->media[i].alt : "nothing says what it shows");
	if (item->poll) {
		str_adds(&line, "  poll");
		for (size_t i = 0; i < item->poll->noptions; i++)
			str_addf(&line, "%s %s", i ? " |" : "", item->poll->options[i]);
		str_addf(&line, " (%" PRId64 " h%s)\n", item->poll->for_s / 3600,
		        item->poll->multiple ? ", several may be chosen" : "");
	}
	out_text(stdout, str_c(&line));
	str_finish(&line);
}

static void print_when(const struct trial *trial)
{
	const struct draft *draft = trial->fields->draft;
	struct str line = {0};
	if (!draft->at.utc_ms) return;
	str_adds(&line, "  at ");
	when_print(&line, &draft->at, trial->fields->world->now_ms);
	str_addf(&line, "; %s\n",
	        strcmp(keeper(trial), "server") == 0
	                ? "its server keeps it, if that is 6 minutes ahead"
	                : "this machine posts it: a deck or `stoa daemon` has to run then");
	out_text(stdout, str_c(&line));
	str_finish(&line);
}

static void print_trial(const struct trial *trial)
{
	const struct outgoing *item = trial->item;
	const struct measure *m = &trial->measure;
	struct str line = {0};
	str_addf(&line, "%s", trial->target->name);
	if (trial->fields->draft->nparts > 1)
		str_addf(&line, ", part %zu of %zu", trial->part + 1, trial->fields->draft->nparts);
	str_addf(&line, ": %" PRIu32, m->count);
	if (m->limit) str_addf(&line, " of %" PRIu32, m->limit);
	str_addf(&line, " %s, %" PRIu32, m->unit, m->bytes);
	if (m->byte_max) str_addf(&line, " of %" PRIu32, m->byte_max);
	str_adds(&line, " bytes");
	out_text(stdout, str_c(&line));
	putchar('\n');
	str_clear(&line);
	if (item->warning) str_addf(&line, "  warning %s\n", item->warning);
	if (item->visibility_set)
		str_addf(&line, "  visibility %s\n", visibility_name(item->visibility));
	if (item->lang) str_addf(&line, "  lang %s\n", item->lang);
	if (item->reply_to) str_addf(&line, "  reply to %s\n", item->reply_to);
	if (item->quote_of) str_addf(&line, "  quotes %s\n", item->quote_of);
	out_text(stdout, str_c(&line));
	str_finish(&line);
	print_text(item->text);
	struct facets facets = {.text = item->text};
	measure_detect(trial->target, item->text, strlen(item->text), print_facet, &facets);
	print_media(item);
	print_when(trial);
	if (is_cut(trial)) printf("  too long: it would be cut after byte %zu\n", m->fits);
	if (!trial->ok) {
		fputs("  cannot be sent: ", stdout);
		out_text(stdout, trial->err.text);
		putchar('\n');
	}
}

/* -- for programs -- */

static void json_facet(void *ctx, const struct facet *facet)
{
	struct facets *facets = ctx;
	str_addf(facets->json,
	        "%s{\"kind\":\"%s\",\"start\":%" PRIu32 ",\"end\":%" PRIu32 ",\"target\":",
	        facets->n++ ? "," : "", facet_kind_name(facet->kind), facet->start, facet->end);
	json_quote(facets->json, facet->target);
	str_addc(facets->json, '}');
}

static void json_limit(struct str *out, const char *name, uint32_t value)
{
	str_addf(out, ",\"%s\":", name);
	if (value)
		str_addf(out, "%" PRIu32, value);
	else
		str_adds(out, "null");
}

static void json_string(struct str *out, const char *name, const char *value)
{
	str_addf(out, ",\"%s\":", name);
	json_quote(out, value);
}

static void json_trial(const struct trial *trial)
{
	const struct outgoing *item = trial->item;
	const struct measure *m = &trial->measure;
	struct str out = {0};
	char at[32];
	str_adds(&out, "{\"account\":");
	json_quote(&out, trial->target->name);
	json_string(&out, "network", trial->target->network);
	str_addf(&out, ",\"part\":%zu", trial->part + 1);
	json_string(&out, "text", item->text);
	str_adds(&out, ",\"facets\":[");
	struct facets facets = {.text = item->text, .json = &out};
	measure_detect(trial->target, item->text, strlen(item->text), json_facet, &facets);
	str_adds(&out, "]");
	json_string(&out, "warning", item->warning);
	json_string(&out, "visibility",
	        item->visibility_set ? visibility_name(item->visibility) : NULL);
	json_string(&out, "lang", item->lang);
	json_string(&out, "unit", m->unit);
	str_addf(&out, ",\"count\":%" PRIu32, m->count);
	json_limit(&out, "limit", m->limit);
	str_addf(&out, ",\"bytes\":%" PRIu32, m->bytes);
	json_limit(&out, "byte_limit", m->byte_max);
	json_limit(&out, "cut", is_cut(trial) ? (uint32_t)m->fits : 0);
	bool timed = trial->fields->draft->at.utc_ms != 0;
	if (timed) date_format_rfc3339(at, trial->fields->draft->at.utc_ms);
	json_string(&out, "at", timed ? at : NULL);
	json_string(&out, "keeper", keeper(trial));
	json_string(&out, "problem", trial->ok ? NULL : trial->err.text);
	str_adds(&out, "}");
	out_text(stdout, str_c(&out));
	putchar('\n');
	str_finish(&out);
}

int post_trial(const struct fields *fields, bool json)
{
	int status = CLI_DONE;
	for (size_t t = 0; t < fields->ntargets; t++) {
		for (size_t part = 0; part < fields->draft->nparts; part++) {
			struct trial trial;
			trial_init(&trial, fields, t, part);
			if (json)
				json_trial(&trial);
			else
				print_trial(&trial);
			if (!trial.ok) status = CLI_FAILED;
			trial_finish(&trial);
		}
	}
	return status;
}
