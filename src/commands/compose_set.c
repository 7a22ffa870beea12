#include <errno.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/outbox.h"
#include "app/prompt.h"
#include "base/clean.h"
#include "base/duration.h"
#include "base/mem.h"
#include "base/paths.h"
#include "composing.h"
#include "model/post.h"

/* What goes with a post: who sees it, its warning, language, time, files and poll. */

static void set(char **field, const char *value)
{
	struct str clean = {0};
	if (value) clean_in(&clean, CLEAN_LINE, value, strlen(value));
	free(*field);
	*field = clean.len ? str_take(&clean) : NULL;
	str_finish(&clean);
}

static const char *rest(const struct cmd_call *call)
{
	return call->argc > 1 ? call->argv[1] : NULL;
}

struct draft_part *composed_part(const struct cmd_call *call, struct err *err)
{
	struct draft *draft = composed(call, err);
	return draft ? &draft->parts[compose_part(call->app)] : NULL;
}

/* -- words -- */

static bool warning(const struct cmd_call *call, struct err *err)
{
	struct draft *draft = composed(call, err);
	if (!draft) return false;
	set(&draft->warning, rest(call));
	compose_changed(call->app);
	return true;
}

static void warning_initial(void *app, struct str *out)
{
	if (compose_is_open(app)) str_adds(out, compose_draft(app)->warning);
}

/* Letters, digits and hyphens, as BCP 47 has them. */
static bool lang_is_good(const char *lang)
{
	size_t first = strcspn(lang, "-"), len = strlen(lang);
	return first >= 2 && first <= 8 && len <= 35 &&
	       strspn(lang, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
	               len;
}

static bool language(const struct cmd_call *call, struct err *err)
{
	struct draft *draft = composed(call, err);
	const char *lang = rest(call);
	if (!draft) return false;
	if (lang && *lang && !lang_is_good(lang))
		return err_set(err, ERR_SYNTAX,
		        "a language is written as nl, en or pt-BR; not '%.40s'", lang);
	set(&draft->lang, lang);
	compose_changed(call->app);
	return true;
}

static void language_initial(void *app, struct str *out)
{
	if (compose_is_open(app)) str_adds(out, compose_draft(app)->lang);
}

static bool label(const struct cmd_call *call, struct err *err)
{
	struct draft *draft = composed(call, err);
	if (!draft) return false;
	set(&draft->label, rest(call));
	compose_changed(call->app);
	return true;
}

static void label_initial(void *app, struct str *out)
{
	if (compose_is_open(app)) str_adds(out, compose_draft(app)->label);
}

/* -- its time -- */

/* When posts of an account are due already. Owned. */
static int64_t *taken_times(const struct app *app, const struct account *account, size_t *out_n)
{
	const struct outgoing *const *items;
	size_t n = app_outbox_items(app, &items), taken = 0;
	int64_t *times = xcalloc(n + 1, sizeof(*times));
	for (size_t i = 0; i < n; i++) {
		bool counts = items[i]->account == account->id && items[i]->at.utc_ms &&
		              items[i]->state != OUTGOING_CANCELLED;
		if (counts) times[taken++] = items[i]->at.utc_ms;
	}
	*out_n = taken;
	return times;
}

static bool next_slot(
        struct app *app, const struct account *account, struct when *out, struct err *err)
{
	const struct slots *slots = account ? slots_book_get(&app->slots, account->name) : NULL;
	if (!slots)
		return err_set(err, ERR_NOT_FOUND,
		        "%s has no slots; `slots %s mon-fri 9:00 12:30` gives it some",
		        account ? account->name : "nobody", account ? account->name : "work");
	size_t n;
	int64_t *taken = taken_times(app, account, &n);
	bool ok = slots_next(
	        slots, NULL, clock_wall(app->clock), taken, n, app->options.post_spacing, out);
	free(taken);
	return ok ||
	       err_set(err, ERR_NOT_FOUND, "all slots of %s are taken for a year", account->name);
}

bool time_read(struct app *app, const struct account *account, const char *text, struct when *out,
        struct err *err)
{
	struct when when = {0};
	int64_t now = clock_wall(app->clock);
	if (slots_is_next(text)) return next_slot(app, account, out, err);
	if (!when_parse(text, now, NULL, &when, err)) return false;
	if (when.utc_ms <= now) {
		struct str line = {0};
		when_print(&line, &when, now);
		err_set(err, ERR_SYNTAX, "that time has passed: %s", str_c(&line));
		str_finish(&line);
		return false;
	}
	*out = when;
	return true;
}

static bool at(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct draft *draft = composed(call, err);
	const char *text = rest(call);
	struct str line = {0};
	if (!draft) return false;
	if (!text || !*text || strcmp(text, "now") == 0) {
		draft->at = (struct when){0};
		str_adds(&line, "it is sent at once");
	} else {
		const struct account *account =
		        draft->naccounts ? store_account(app->store, draft->accounts[0]) : NULL;
		if (!time_read(app, account, text, &draft->at, err)) return false;
		when_print(&line, &draft->at, clock_wall(app->clock));
	}
	compose_changed(app);
	app_say(app, TONE_GOOD, "%s", str_c(&line));
	str_finish(&line);
	return true;
}

static void at_initial(void *app, struct str *out)
{
	const struct draft *draft = compose_is_open(app) ? compose_draft(app) : NULL;
	if (draft && draft->at.utc_ms) str_adds(out, draft->at.wall);
}

static void complete_at(void *app, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx)
{
	(void)app;
	(void)words;
	if (arg != 1) return;
	add(ctx, "in 2h", "two hours from now");
	add(ctx, "next slot", "the next free one of `slots`");
	add(ctx, "now", "at once");
	add(ctx, "tomorrow 9:00", "");
}

/* -- files -- */

/* `~/x` and names from where stoa was started, as a whole path. Owned; NULL with a reason. */
static char *whole_path(const char *text, struct err *err)
{
	struct str path = {0};
	const char *home = getenv("HOME");
	if (strncmp(text, "~/", 2) == 0 && home)
		str_addf(&path, "%s%s", home, text + 1);
	else
		str_adds(&path, text);
	char *whole = realpath(str_c(&path), NULL);
	struct stat about;
	bool ok = whole && stat(whole, &about) == 0;
	if (!ok)
		err_set(err, ERR_IO, "%.200s: %s", str_c(&path), strerror(errno));
	else if (!S_ISREG(about.st_mode))
		ok = err_set(err, ERR_UNSUPPORTED, "%.200s is no file", whole);
	str_finish(&path);
	if (ok) return whole;
	free(whole);
	return NULL;
}

static void ask_alt(struct app *app, size_t number, const char *alt)
{
	struct str line = {0};
	str_addf(&line, "compose alt %zu", number);
	prompt_open(app, line.p, alt ? alt : "");
	str_finish(&line);
}

static bool media(const struct cmd_call *call, struct err *err)
{
	struct draft_part *part = composed_part(call, err);
	if (!part) return false;
	if (part->nmedia >= DRAFT_MAX_MEDIA)
		return err_set(
		        err, ERR_TOO_LARGE, "at most %d files go with a post", DRAFT_MAX_MEDIA);
	char *text = xstrdup(call->argv[1]);
	/* The prompt's completion quotes a path with blanks; what follows is raw. */
	size_t len = strlen(text);
	bool quoted = len > 1 && text[0] == '"' && text[len - 1] == '"';
	if (quoted) text[len - 1] = 0;
	char *path = whole_path(text + quoted, err);
	free(text);
	if (!path) return false;
	draft_add_media(part, path, NULL);
	free(path);
	compose_changed(call->app);
	ask_alt(call->app, part->nmedia, NULL);
	return true;
}

static struct draft_media *media_number(
        const struct cmd_call *call, struct draft_part *part, struct err *err)
{
	char *end;
	long number = call->argc > 1 ? strtol(call->argv[1], &end, 10) : (long)part->nmedia;
	if (number >= 1 && (size_t)number <= part->nmedia) return &part->media[number - 1];
	err_set(err, ERR_NOT_FOUND, "there is no file number %.20s",
	        call->argc > 1 ? call->argv[1] : "1");
	return NULL;
}

static bool alt(const struct cmd_call *call, struct err *err)
{
	struct draft_part *part = composed_part(call, err);
	struct draft_media *it = part ? media_number(call, part, err) : NULL;
	if (!it) return false;
	set(&it->alt, call->argc > 2 ? call->argv[2] : NULL);
	compose_changed(call->app);
	return true;
}

static bool alt_ask(const struct cmd_call *call, struct err *err)
{
	struct draft_part *part = composed_part(call, err);
	struct draft_media *it = part ? media_number(call, part, err) : NULL;
	if (it) ask_alt(call->app, (size_t)(it - part->media) + 1, it->alt);
	return it != NULL;
}

static bool media_drop(const struct cmd_call *call, struct err *err)
{
	struct draft_part *part = composed_part(call, err);
	struct draft_media *it = part ? media_number(call, part, err) : NULL;
	if (!it) return false;
	free(it->path);
	free(it->alt);
	memmove(it, it + 1, (size_t)(part->media + --part->nmedia - it) * sizeof(*it));
	compose_changed(call->app);
	return true;
}

/* Names in the folder of what is typed so far, in their order. */
static void complete_path(void *app, char **words, int arg,
        void (*add)(void *ctx, const char *word, const char *help), void *ctx)
{
	(void)app;
	if (arg < 1) return;
	const char *typed = words[arg], *slash = strrchr(typed, '/'), *home = getenv("HOME");
	size_t len = slash ? (size_t)(slash - typed) + 1 : 0;
	char *shown = xstrndup(typed, len);
	struct str dir = {0}, word = {0};
	struct dirent **found = NULL;
	bool tilde = strncmp(shown, "~/", 2) == 0 && home;
	str_addf(&dir, "%s%s", tilde ? home : "", len ? shown + (tilde ? 1 : 0) : ".");
	int n = scandir(str_c(&dir), &found, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		struct stat about;
		str_clear(&word);
		str_addf(&word, "%s/%s", dir.p, found[i]->d_name);
		bool folder = stat(word.p, &about) == 0 && S_ISDIR(about.st_mode);
		str_clear(&word);
		str_addf(&word, "%s%s%s", shown, found[i]->d_name, folder ? "/" : "");
		if (found[i]->d_name[0] != '.') add(ctx, word.p, "");
		free(found[i]);
	}
	free(found);
	str_finish(&dir);
	str_finish(&word);
	free(shown);
}

/* -- a poll -- */

struct poll_words {
	int64_t for_s;
	bool multiple, hidden;
	const char *options;
};

static bool read_poll(const struct cmd_call *call, struct poll_words *out, struct err *err)
{
	enum { DAY_S = 86400 };
	*out = (struct poll_words){.for_s = DAY_S};
	for (int i = 1; i < call->argc; i++) {
		const char *word = call->argv[i];
		int64_t ms;
		if (strcmp(word, "several") == 0) {
			out->multiple = true;
		} else if (strcmp(word, "hidden") == 0) {
			out->hidden = true;
		} else if (strcmp(word, "for") == 0 && i + 2 <= call->argc) {
			if (!duration_parse(call->argv[++i], &ms) || ms < 1000)
				return err_set(err, ERR_SYNTAX,
				        "a poll runs for 30m, 1d or the like, not '%.40s'",
				        call->argv[i]);
			out->for_s = ms / 1000;
		} else {
			out->options = word;
		}
	}
	return true;
}

static bool poll(const struct cmd_call *call, struct err *err)
{
	struct draft_part *part = composed_part(call, err);
	struct poll_words words;
	if (!part || !read_poll(call, &words, err)) return false;
	struct draft_poll *made = NULL;
	if (words.options && !(made = compose_poll_read(words.options, err))) return false;
	if (made) {
		made->for_s = words.for_s;
		made->multiple = words.multiple;
		made->hide_totals = words.hidden;
	}
	draft_poll_free(part->poll);
	part->poll = made;
	compose_changed(call->app);
	return true;
}

static void poll_initial(void *app, struct str *out)
{
	const struct draft *draft = compose_is_open(app) ? compose_draft(app) : NULL;
	const struct draft_poll *it = draft ? draft->parts[compose_part(app)].poll : NULL;
	if (!it) return;
	str_adds(out, "for ");
	duration_print(out, it->for_s * 1000);
	if (it->multiple) str_adds(out, " several");
	if (it->hide_totals) str_adds(out, " hidden");
	for (size_t i = 0; i < it->noptions; i++)
		str_addf(out, "%s%s", i ? " | " : " ", it->options[i]);
}

static const struct cmd_hooks here = {.can = can_compose};
static const struct cmd_hooks at_hooks = {
        .can = can_compose, .initial = at_initial, .complete = complete_at};
static const struct cmd_hooks label_hooks = {.can = can_compose, .initial = label_initial};
static const struct cmd_hooks lang_hooks = {.can = can_compose, .initial = language_initial};
static const struct cmd_hooks media_hooks = {.can = can_compose, .complete = complete_path};
static const struct cmd_hooks poll_hooks = {.can = can_compose, .initial = poll_initial};
static const struct cmd_hooks warning_hooks = {.can = can_compose, .initial = warning_initial};

const struct cmd compose_set_commands[] = {
        {"compose alt", "N [TEXT]", "say what is in file number N, for those who cannot see it",
                ANYWHERE, alt, &here},
        {"compose alt-ask", "[N]", "ask what is in a file", ANYWHERE, alt_ask, &here},
        {"compose at", "[TEXT]", "when it is posted: tomorrow 9:00, in 2h, next slot, now",
                ANYWHERE, at, &at_hooks},
        {"compose label", "[TEXT]", "a word of your own for what the post is for", ANYWHERE, label,
                &label_hooks},
        {"compose language", "[LANG]", "the language it is in: nl, en, pt-BR", ANYWHERE, language,
                &lang_hooks},
        {"compose media", "TEXT", "a picture, video or sound to go with it: its path", ANYWHERE,
                media, &media_hooks},
        {"compose media-drop", "[N]", "leave out file number N", ANYWHERE, media_drop, &here},
        {"compose poll", "[for DURATION] [several] [hidden] [TEXT]",
                "a poll: A | B | C; without answers there is none", ANYWHERE, poll, &poll_hooks},
        {"compose warning", "[TEXT]", "what is shown in place of the post at first", ANYWHERE,
                warning, &warning_hooks},
        {0},
};
