#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "acting.h"
#include "app/mute_file.h"
#include "app/overlay.h"
#include "app/prompt.h"
#include "app/rules.h"
#include "app/undo.h"
#include "base/duration.h"
#include "base/mem.h"
#include "model/profile.h"
#include "muting.h"

/* Who makes the noise here, with evidence; and a quota a day for them. */

enum { MAX_LISTED = 200 };
static const int64_t day_ms = 86400000;

static const struct list_key keys[] = {
        {"M", "24 h", "silence author", false},
        {"m", "for …", "silence someone", false},
        {"b", "reposts", "silence reposts", false},
        {"q", "quota", "silence quota", false},
        {"U", "undo", "undo", true},
        {0},
};

/* -- quotas -- */

static bool quota(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *handle = call->argv[1] + (*call->argv[1] == '@');
	unsigned per_day = 0, before = rules_quota_of(app, handle);
	if (!quota_read(call->argv[2], &per_day, err)) return false;
	rules_quota(app, handle, per_day);
	if (app->source_depth) return true;
	struct str line = {0}, what = {0};
	str_adds(&line, "quota ");
	cmd_quote(&line, handle);
	if (before)
		str_addf(&line, " %u", before);
	else
		str_adds(&line, " off");
	str_addf(&what, "the quota of @%s", handle);
	undo_line(app, what.p, line.p, NULL);
	if (per_day)
		app_say(app, TONE_GOOD, "@%s has %u a day, the rest is folded · U undoes", handle,
		        per_day);
	else
		app_say(app, TONE_GOOD, "all of @%s is shown", handle);
	str_finish(&line);
	str_finish(&what);
	return true;
}

/* A handle, and a number to begin with. */
static void print_quota(const struct app *app, struct str *out, const char *handle)
{
	unsigned now = rules_quota_of(app, handle);
	cmd_quote(out, handle);
	str_addf(out, " %u", now ? now : 3);
}

static void quota_initial(void *app, struct str *out)
{
	const struct profile *profile = row_profile(app, NULL);
	if (profile) print_quota(app, out, profile->handle);
}

static bool silence_quota(const struct cmd_call *call, struct err *err)
{
	struct str text = {0};
	const char *handle = handle_said(call, 1, err);
	if (!handle) return false;
	print_quota(call_app(call), &text, handle);
	prompt_open(call_app(call), "quota", text.p);
	str_finish(&text);
	return true;
}

static void complete_handle(void *app, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx)
{
	const struct profile *profile = arg == 1 ? row_profile(app, NULL) : NULL;
	(void)words;
	if (profile) add(ctx, profile->handle, "who put the selected row here");
}

/* -- the list -- */

static unsigned percent(uint64_t part, uint64_t whole)
{
	return whole ? (unsigned)((100 * part + whole / 2) / whole) : 0;
}

/* "18.2 a day · 31 % of all · 80 % reposts · 2 acted on · 5 hidden"; of less than a day "9 rows".
 */
static void print_noise(struct str *out, const struct noise *noise, size_t rows, int64_t span_ms)
{
	if (span_ms < day_ms) {
		str_addf(out, "%" PRIu32 " row%s", noise->rows, noise->rows == 1 ? "" : "s");
	} else {
		uint64_t span = (uint64_t)span_ms;
		uint64_t tenths = (10 * (uint64_t)noise->rows * (uint64_t)day_ms + span / 2) / span;
		str_addf(out, "%" PRIu64 ".%" PRIu64 " a day", tenths / 10, tenths % 10);
	}
	str_addf(out, " · %u %% of all", percent(noise->rows, rows));
	if (noise->reposts) str_addf(out, " · %u %% reposts", percent(noise->reposts, noise->rows));
	if (noise->acted)
		str_addf(out, " · %" PRIu32 " acted on", noise->acted);
	else
		str_adds(out, " · never acted on");
	if (noise->muted) str_addf(out, " · %" PRIu32 " hidden", noise->muted);
}

static void add_noise(struct app *app, struct list_view *list, const struct noise *noise,
        size_t rows, int64_t span_ms)
{
	const struct profile *profile = store_profile(app->store, noise->profile);
	struct str detail = {0}, line = {0}, text = {0};
	if (!profile || !*profile->handle) return;
	unsigned quota_now = rules_quota_of(app, profile->handle);
	str_addf(&text, "@%s", profile->handle);
	print_noise(&detail, noise, rows, span_ms);
	if (quota_now) str_addf(&detail, " · quota %u", quota_now);
	str_addf(&line, "filter from:%s OR by:%s", profile->handle, profile->handle);
	const struct list_item item = {.text = text.p,
	        .detail = detail.p,
	        .line = line.p,
	        .about = (char *)profile->handle};
	list_view_add(list, &item);
	str_finish(&detail);
	str_finish(&line);
	str_finish(&text);
}

static bool noise(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct column *column = call_column(call, err);
	int64_t ago = 0;
	if (!column) return false;
	if (call->argc > 1 && (!duration_parse(call->argv[1], &ago) || ago <= 0))
		return err_set(
		        err, ERR_SYNTAX, "'%s' is not a duration such as 24h or 7d", call->argv[1]);
	struct noise *all = xcalloc(MAX_LISTED, sizeof(*all));
	size_t rows = 0;
	int64_t span_ms = 0;
	size_t n = timeline_noise(column->timeline, ago ? clock_wall(app->clock) - ago : 0, all,
	        MAX_LISTED, &rows, &span_ms);
	struct list_view list = {.keys = keys};
	struct str title = {0}, again = {0};
	str_addf(&title, "Who fills %s: %zu rows in ", column->title, rows);
	duration_print(&title, span_ms > 3600000 ? span_ms / 3600000 * 3600000 : 3600000);
	str_adds(&again, "noise");
	if (call->argc > 1) str_addf(&again, " %s", call->argv[1]);
	list.title = str_take(&title);
	list.again = str_take(&again);
	for (size_t i = 0; i < n && i < MAX_LISTED; i++)
		add_noise(app, &list, &all[i], rows, span_ms);
	free(all);
	if (list.nitems == 0) {
		list_view_finish(&list);
		return err_set(err, ERR_NOT_FOUND, "nobody put anything here yet");
	}
	overlay_list(app, &list);
	return true;
}

/* -- why -- */

static void add_sentence(void *ctx, const char *sentence)
{
	str_addf(ctx, "%s\n", sentence);
}

static bool why(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct column *column = call_column(call, err);
	struct row row;
	struct str text = {0};
	if (!column || !app_selected_row(app, &row, err)) return false;
	timeline_why(column->timeline, &row, add_sentence, &text);
	if (text.len)
		overlay_text(app, "Rules that hit this", text.p);
	else
		app_say(app, TONE_SAYS, "no rule hits this");
	str_finish(&text);
	return true;
}

static const struct cmd_hooks quota_hooks = {.complete = complete_handle, .initial = quota_initial};
static const struct cmd_hooks column_hooks = {.can = can_column};

const struct cmd noise_commands[] = {
        {"noise", "[D]", "who fills this column: rows a day, share, reposts", ANYWHERE, noise,
                &column_hooks},
        {"quota", "WHO N", "so many rows a day of somebody, the rest folded; or off", SETTING,
                quota, &quota_hooks},
        {"silence quota", "[WHO]", "type a quota for somebody", ANYWHERE, silence_quota, NULL},
        {"why", "", "which mutes, quotas and filters hit this post", ANYWHERE, why, &column_hooks},
        {0},
};
