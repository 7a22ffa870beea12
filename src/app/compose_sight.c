#include <stdlib.h>
#include <string.h>

#include "app/outbox.h"
#include "base/duration.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "composing.h"
#include "engine/measure.h"
#include "inside.h"

/*
 * What the composer looks like: made anew when something was changed, so that counting and
 * finding links is done once a frame at most, however many keys came.
 */

enum { MAX_FACETS = 2000, MAX_NOTES = 60, START_BYTES = 200, TAIL_BYTES = 24 };

struct compose_sight {
	uint64_t moves; /* of the composer; plus one, 0: never made */
	struct composer_target *targets;
	size_t ntargets;
	struct facet *facets;
	size_t nfacets, facets_cap;
	struct composer_note notes[MAX_NOTES];
	size_t nnotes;
	char **starts;
	size_t nstarts;
	struct str title, settings, hints, state;
	size_t fits;
	size_t cut_at; /* of the last note about a cut: one is enough for those who cut there */
};

static void clear(struct compose_sight *sight)
{
	for (size_t i = 0; i < sight->ntargets; i++)
		free((char *)sight->targets[i].name);
	for (size_t i = 0; i < sight->nnotes; i++)
		free((char *)sight->notes[i].text);
	for (size_t i = 0; i < sight->nstarts; i++)
		free(sight->starts[i]);
	free(sight->targets);
	free(sight->starts);
	sight->targets = NULL;
	sight->starts = NULL;
	sight->ntargets = sight->nnotes = sight->nstarts = sight->nfacets = 0;
	str_clear(&sight->title);
	str_clear(&sight->settings);
	str_clear(&sight->hints);
}

void sight_free(struct compose_sight *sight)
{
	if (!sight) return;
	clear(sight);
	free(sight->facets);
	str_finish(&sight->title);
	str_finish(&sight->settings);
	str_finish(&sight->hints);
	str_finish(&sight->state);
	free(sight);
}

/* -- where it stands -- */

struct rect compose_area(const struct app *app)
{
	enum { BESIDE = 38, WIDEST = 90 };
	struct rect all = {0, 0, draw_deck_rows(app), draw_deck_cols(app)};
	struct rect area = all;
	/* Beside the column that it is about, where both can be read. */
	for (size_t i = 0; !app->above && i < app->shown; i++) {
		if (app->first + i != app->focus) continue;
		struct rect column = app->rects[i];
		int left = column.col - 1, right = all.cols - column.col - column.cols - 1;
		if (right >= left && right >= BESIDE) {
			area.col = column.col + column.cols + 1;
			area.cols = right;
		} else if (left >= BESIDE) {
			area.cols = left;
		}
	}
	if (area.cols > WIDEST) {
		if (area.col + area.cols == all.cols && area.col == 0)
			area.col = (all.cols - WIDEST) / 2;
		area.cols = WIDEST;
	}
	return area;
}

/* -- counts and links -- */

static void add_facet(void *ctx, const struct facet *facet)
{
	struct compose_sight *sight = ctx;
	if (sight->nfacets >= MAX_FACETS) return;
	sight->facets = mem_grow(
	        sight->facets, &sight->facets_cap, sight->nfacets + 1, sizeof(*sight->facets));
	sight->facets[sight->nfacets] = *facet;
	sight->facets[sight->nfacets++].target = NULL;
}

static void note(struct compose_sight *sight, enum mark mark, enum role role, struct str *text)
{
	if (sight->nnotes < MAX_NOTES)
		sight->notes[sight->nnotes++] =
		        (struct composer_note){mark, role, xstrdup(str_c(text))};
	str_clear(text);
}

/* Where an account would cut it: the last words that fit. */
static void note_cut(struct compose_sight *sight, const char *name, const char *text, size_t fits)
{
	struct str line = {0};
	size_t from = fits > TAIL_BYTES ? fits - TAIL_BYTES : 0;
	while (from < fits && ((unsigned char)text[from] & 0xc0) == 0x80)
		from++;
	str_addf(&line, "%s ends at \"%s%.*s\": M-x", name, from ? "…" : "", (int)(fits - from),
	        text + from);
	for (size_t i = 0; i < line.len; i++) {
		if (line.p[i] == '\n') line.p[i] = ' ';
	}
	note(sight, MARK_WARNING, ROLE_POST_WARNING, &line);
	str_finish(&line);
}

static void look_at_target(struct app *app, struct composer *composer, struct compose_sight *sight,
        const struct account *account)
{
	const struct draft *draft = composer->draft;
	const char *written = str_c(&composer_text(composer)->edit.text);
	const char *text = draft_text(draft, composer->part, account->id, account->network);
	struct outgoing *item = outgoing_of(draft, composer->part, account->id, account->network);
	struct measure measure;
	struct err err = {0};
	struct str line = {0};
	measure_item(account, item, &measure);
	bool over = measure_is_over(&measure), same = strcmp(text, written) == 0;
	sight->targets[sight->ntargets++] = (struct composer_target){.name = xstrdup(account->name),
	        .place = account_place(app, account),
	        .unit = measure.unit,
	        .count = measure.count,
	        .limit = measure.limit,
	        .over = over,
	        .own_text = text != draft->parts[composer->part].text};
	if (same && !sight->nfacets)
		measure_detect(account, written, strlen(written), add_facet, sight);
	if (same && over && measure.fits < sight->fits) sight->fits = measure.fits;
	if (over && sight->cut_at != measure.fits) {
		sight->cut_at = measure.fits;
		note_cut(sight, account->name, text, measure.fits);
	} else if (!over && *text && !measure_check(account, item, &err)) {
		str_addf(&line, "%s: %s", account->name, err.text);
		note(sight, MARK_WARNING, ROLE_PROMPT_ERROR, &line);
	}
	if (app_outbox_is_held(app, account->id)) {
		str_addf(&line, "%s is held: nothing goes out until `resume`", account->name);
		note(sight, MARK_WARNING, ROLE_POST_WARNING, &line);
	}
	str_finish(&line);
	outgoing_free(item);
}

static void look_at_targets(struct app *app, struct composer *composer, struct compose_sight *sight)
{
	const struct draft *draft = composer->draft;
	sight->fits = sight->cut_at = SIZE_MAX;
	sight->targets = xcalloc(draft->naccounts + 1, sizeof(*sight->targets));
	for (size_t i = 0; i < draft->naccounts; i++) {
		const struct account *account = store_account(app->store, draft->accounts[i]);
		if (account) look_at_target(app, composer, sight, account);
	}
	if (sight->ntargets) return;
	struct str line = {0};
	str_adds(&line, "nobody posts this: M-a chooses who");
	note(sight, MARK_WARNING, ROLE_POST_WARNING, &line);
	str_finish(&line);
}

/* -- what goes with it -- */

static void look_at_media(const struct composer *composer, struct compose_sight *sight)
{
	const struct draft_part *part = &composer->draft->parts[composer->part];
	struct str line = {0};
	for (size_t i = 0; i < part->nmedia; i++) {
		const struct draft_media *media = &part->media[i];
		const char *slash = strrchr(media->path, '/');
		bool has_alt = media->alt && *media->alt;
		str_addf(&line, "%zu %s: %s", i + 1, slash ? slash + 1 : media->path,
		        has_alt ? media->alt : "no alt text yet (M-m)");
		note(sight, MARK_MEDIA, has_alt ? ROLE_POST_MEDIA : ROLE_POST_WARNING, &line);
	}
	str_finish(&line);
}

static void look_at_poll(const struct composer *composer, struct compose_sight *sight)
{
	const struct draft_poll *poll = composer->draft->parts[composer->part].poll;
	struct str line = {0};
	if (!poll) return;
	for (size_t i = 0; i < poll->noptions; i++)
		str_addf(&line, "%s%s", i ? " | " : "poll: ", poll->options[i]);
	str_adds(&line, ", for ");
	duration_print(&line, poll->for_s * 1000);
	if (poll->multiple) str_adds(&line, ", several may be chosen");
	if (poll->hide_totals) str_adds(&line, ", counts hidden until its end");
	note(sight, MARK_BULLET, ROLE_POST_COUNTS, &line);
	str_finish(&line);
}

/* Who keeps it until its time. */
static void look_at_time(
        const struct app *app, const struct composer *composer, struct compose_sight *sight)
{
	enum { AHEAD_MS = 6 * 60 * 1000 };
	const struct draft *draft = composer->draft;
	struct str line = {0};
	if (!draft->at.utc_ms) return;
	bool ahead = draft->at.utc_ms - clock_wall(app->clock) >= AHEAD_MS;
	bool here = draft->via == DRAFT_VIA_LOCAL || draft->nparts > 1 || !ahead;
	for (size_t i = 0; i < draft->naccounts && !here; i++) {
		const struct account *account = store_account(app->store, draft->accounts[i]);
		if (account && !measure_can_keep(account)) here = true;
	}
	if (draft->at.note == WHEN_GAP)
		str_adds(&line, "clocks jump over that time: it is the first moment after it");
	else if (draft->at.note == WHEN_FOLD)
		str_addf(&line, "clocks show that time twice: it is the %s one",
		        draft->at.fold ? "second" : "first");
	if (line.len) note(sight, MARK_WARNING, ROLE_POST_WARNING, &line);
	str_adds(&line, here ? "sent from here: a deck or `stoa daemon` has to run at that time"
	                     : "the server keeps it until its time");
	note(sight, MARK_BULLET, ROLE_POST_REASON, &line);
	str_finish(&line);
}

static void look_around(
        const struct app *app, const struct composer *composer, struct compose_sight *sight)
{
	const struct draft *draft = composer->draft;
	struct str line = {0};
	if (composer->trouble) {
		str_addf(&line, "not kept: %s", composer->trouble);
		note(sight, MARK_WARNING, ROLE_PROMPT_ERROR, &line);
	}
	if (draft->reply_to && composer->widest > VIS_PUBLIC &&
	        (!draft->visibility_set || draft->visibility < composer->widest)) {
		str_addf(&line, "more people see this than the post it answers (%s)",
		        visibility_name(composer->widest));
		note(sight, MARK_WARNING, ROLE_POST_WARNING, &line);
	}
	look_at_media(composer, sight);
	look_at_poll(composer, sight);
	look_at_time(app, composer, sight);
	str_finish(&line);
}

/* -- the lines around -- */

static void print_gate(struct str *out, unsigned gate)
{
	static const struct {
		unsigned bit;
		const char *words;
	} rows[] = {
	        {DRAFT_GATE_NOBODY, "nobody answers"},
	        {DRAFT_GATE_MENTIONED, "those mentioned answer"},
	        {DRAFT_GATE_FOLLOWED, "those followed answer"},
	        {DRAFT_GATE_FOLLOWERS, "followers answer"},
	        {DRAFT_GATE_NO_QUOTES, "no quotes"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (gate & rows[i].bit) str_addf(out, " · %s", rows[i].words);
	}
}

static void print_settings(const struct app *app, const struct draft *draft, struct str *out)
{
	str_adds(out,
	        draft->visibility_set ? visibility_name(draft->visibility) : "usual visibility");
	if (draft->lang) str_addf(out, " · %s", draft->lang);
	str_adds(out, " · ");
	if (draft->at.utc_ms)
		when_print(out, &draft->at, clock_wall(app->clock));
	else
		str_adds(out, "now");
	if (draft->at.utc_ms && draft->via != DRAFT_VIA_AUTO)
		str_addf(out, " · via %s", draft_vias[draft->via].name);
	if (draft->at.utc_ms && draft->late != DRAFT_LATE_ASK)
		str_addf(out, " · late: %s", draft_lates[draft->late].name);
	if (draft->sensitive) str_adds(out, " · media covered");
	print_gate(out, draft->gate);
	if (draft->self_labels) str_addf(out, " · labelled %s", draft->self_labels);
	if (draft->label) str_addf(out, " · for %s", draft->label);
}

static void print_title(const struct app *app, const struct composer *composer, struct str *out)
{
	const struct draft *draft = composer->draft;
	const char *whose = compose_whose(app);
	if (composer->item)
		str_adds(out, "Change a post");
	else if (draft->reply_to)
		str_adds(out, "Reply");
	else if (draft->quote_of)
		str_adds(out, "Quote");
	else
		str_adds(out, "New post");
	if (composer->nparts > 1) str_addf(out, ", thread of %zu", composer->nparts);
	if (whose) str_addf(out, ", text for %s", whose);
}

/* The keys as they are bound now. */
static void print_hints(const struct app *app, struct str *out)
{
	static const struct {
		const char *line, *words;
	} rows[] = {
	        {"compose send", "send"},
	        {"help", "keys"},
	        {"compose close", "close"},
	        {"compose accounts", "accounts"},
	        {"prompt compose warning", "warning"},
	        {"compose visibility", "who sees it"},
	        {"prompt compose media", "media"},
	        {"prompt compose at", "time"},
	        {"compose part-new", "thread"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *keys = keymap_keys(app->keymap, KEYS_COMPOSE, rows[i].line);
		size_t len = keys ? strlen(keys) : 0;
		if (!len) continue;
		bool angled = *keys == '<' && len > 2 && key_len(keys) == len;
		if (strcmp(keys, "<M-Esc>") == 0) {
			str_adds(out, " · Esc Esc ");
			str_adds(out, rows[i].words);
			continue;
		}
		str_addf(out, "%s%.*s %s", out->len ? " · " : "", (int)(angled ? len - 2 : len),
		        keys + angled, rows[i].words);
	}
}

static void make_starts(const struct composer *composer, struct compose_sight *sight)
{
	const struct draft *draft = composer->draft;
	sight->starts = xcalloc(draft->nparts, sizeof(*sight->starts));
	for (size_t i = 0; i < draft->nparts; i++) {
		const char *text = draft->parts[i].text;
		size_t len = strcspn(text, "\n");
		sight->starts[sight->nstarts++] =
		        xstrndup(text, utf8_prefix(text, len, START_BYTES));
	}
}

/* -- all of it -- */

/* A long text is counted once one stops typing for a moment, so that no key waits for it. */
static bool is_late(const struct app *app, struct composer *composer, struct compose_sight *sight)
{
	enum { LONG_BYTES = 8 * 1024, PAUSE_MS = 150 };
	const struct str *text = &composer_text(composer)->edit.text;
	int64_t due = composer->typed_ms + PAUSE_MS;
	composer->count_at_ms = 0;
	if (text->len < LONG_BYTES || !sight->moves || clock_mono(app->clock) >= due) return false;
	composer->count_at_ms = due;
	/* What was found stands elsewhere by now. */
	sight->nfacets = 0;
	if (sight->fits < text->len) sight->fits = utf8_prefix(text->p, text->len, sight->fits);
	return true;
}

static struct compose_sight *look(struct app *app, struct composer *composer)
{
	if (!composer->sight) composer->sight = xcalloc(1, sizeof(*composer->sight));
	struct compose_sight *sight = composer->sight;
	if (sight->moves == composer->moves + 1 || is_late(app, composer, sight)) return sight;
	clear(sight);
	composer_sync(composer);
	look_at_targets(app, composer, sight);
	look_around(app, composer, sight);
	make_starts(composer, sight);
	print_title(app, composer, &sight->title);
	print_settings(app, composer->draft, &sight->settings);
	print_hints(app, &sight->hints);
	sight->moves = composer->moves + 1;
	return sight;
}

static void print_state(const struct composer *composer, struct str *out)
{
	str_clear(out);
	if (composer->trouble)
		str_adds(out, "NOT KEPT");
	else if (composer->unsaved || composer->saving)
		str_adds(out, "…");
	else if (composer->draft->id)
		str_adds(out, "kept");
}

void compose_draw(struct app *app, int *out_row, int *out_col)
{
	struct composer *composer = app->composer;
	struct compose_sight *sight = look(app, composer);
	struct compose_text *text = composer_text(composer);
	const struct compose_words *words = &composer->words;
	print_state(composer, &sight->state);
	struct composer_view view = {.title = str_c(&sight->title),
	        .state = str_c(&sight->state),
	        .about_by = composer->about_by,
	        .about = composer->about,
	        .quote_by = composer->quote_by,
	        .quote = composer->quote,
	        .warning = composer->draft->warning,
	        .part_starts = (const char *const *)sight->starts,
	        .nparts = composer->nparts,
	        .part = composer->part,
	        .edit = &text->edit,
	        .top = text->top,
	        .placeholder = composer->part ? "The thread goes on …" : "Write …",
	        .fits = sight->fits,
	        .facets = sight->facets,
	        .nfacets = sight->nfacets,
	        .targets = sight->targets,
	        .ntargets = sight->ntargets,
	        .notes = sight->notes,
	        .nnotes = sight->nnotes,
	        .settings = str_c(&sight->settings),
	        .hints = str_c(&sight->hints),
	        .completions = (const char *const *)words->words,
	        .ncompletions = words->n,
	        .focus = words->chosen};
	composer_view_draw(&view, &app->ui, &app->screen, compose_area(app), out_row, out_col);
	text->top = view.top;
}

void compose_status(const struct app *app, const char **out_account, size_t *out_place)
{
	const struct draft *draft = app->composer->draft;
	const struct account *account =
	        draft->naccounts ? store_account(app->store, draft->accounts[0]) : NULL;
	*out_account = account ? (*account->handle ? account->handle : account->name) : NULL;
	*out_place = account ? account_place(app, account) : 0;
}
