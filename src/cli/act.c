#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "base/mem.h"
#include "base/random.h"
#include "cmd/option.h"
#include "commands.h"
#include "model/post.h"
#include "model/server_filter.h"
#include "out.h"
#include "session.h"

/*
 * What is done in the name of an account: a command for each verb and each undo of one,
 * made from the table VERBS. How each is written stands here.
 */
enum { ACT_TIMEOUT_MS = 60000, TEXT_MAX_BYTES = 1 << 20, MAX_CHOICES = 32 };

/* -- the rows -- */

#define ACCOUNT_OPTION                                                                             \
	{                                                                                          \
		"account", "NAME", "act as this account (-a)"                                      \
	}

static const struct cli_option plain_options[] = {ACCOUNT_OPTION, {0}};
static const struct cli_option repost_options[] = {
        ACCOUNT_OPTION, {"visibility", "V", "who may see it: public, unlisted, followers"}, {0}};
static const struct cli_option text_options[] = {
        ACCOUNT_OPTION, {"warning", "TEXT", "shown before the text"}, {0}};
static const struct cli_option follow_options[] = {ACCOUNT_OPTION,
        {"no-reposts", NULL, "do not show what they repost"},
        {"notify", NULL, "tell of each of their posts"}, {0}};
static const struct cli_option mute_options[] = {ACCOUNT_OPTION,
        {"for", "D", "for so long: 2h, 7d (for good)"},
        {"keep-notifications", NULL, "still tell what they do to us"}, {0}};
static const struct cli_option report_options[] = {ACCOUNT_OPTION,
        {"category", "NAME", "spam, legal, violation or other"},
        {"post", "URL", "a post that shows it"},
        {"text", "TEXT", "what the moderators should know"}, {0}};
static const struct cli_option filter_put_options[] = {ACCOUNT_OPTION,
        {"action", "ACTION", "warn or hide (warn)"},
        {"contexts", "LIST", "home,notifications,public,thread,account (all)"},
        {"for", "D", "for so long: 2h, 7d (for good)"},
        {"id", "ID", "change this filter instead of making one"},
        {"whole", NULL, "the words only as whole words"}, {0}};

#define ON_POST(options)    "[-a ACCOUNT] URL", options
#define ON_PROFILE(options) "[-a ACCOUNT] PROFILE", options

/* How a verb is written: arguments and options. The undo of one has no options of its own. */
#define FORM_LIKE         ON_POST(plain_options)
#define FORM_REPOST       ON_POST(repost_options)
#define FORM_BOOKMARK     ON_POST(plain_options)
#define FORM_PIN          ON_POST(plain_options)
#define FORM_MUTE_THREAD  ON_POST(plain_options)
#define FORM_VOTE         "[-a ACCOUNT] URL N…", plain_options
#define FORM_EDIT         "[-a ACCOUNT] [--warning TEXT] URL TEXT…|-", text_options
#define FORM_DELETE       ON_POST(plain_options)
#define FORM_REDRAFT      FORM_EDIT
#define FORM_FOLLOW       ON_PROFILE(follow_options)
#define FORM_MUTE         "[-a ACCOUNT] [--for D] PROFILE", mute_options
#define FORM_BLOCK        ON_PROFILE(plain_options)
#define FORM_REPORT       "[-a ACCOUNT] [--post URL] [--text TEXT] PROFILE", report_options
#define FORM_ACCEPT       ON_PROFILE(plain_options)
#define FORM_LIST_ADD     "[-a ACCOUNT] LIST PROFILE", plain_options
#define FORM_BLOCK_DOMAIN "[-a ACCOUNT] HOST", plain_options
#define FORM_FOLLOW_TAG   "[-a ACCOUNT] TAG", plain_options
#define FORM_LIST_MAKE    "[-a ACCOUNT] TITLE|ID", plain_options
#define FORM_MUTE_LIST    "[-a ACCOUNT] LIST", plain_options
#define FORM_BLOCK_LIST   "[-a ACCOUNT] LIST", plain_options
#define FORM_LIST_RENAME  "[-a ACCOUNT] ID TITLE", plain_options
#define FORM_DISMISS      "[-a ACCOUNT] [ID]", plain_options
#define FORM_FILTER_PUT                                                                            \
	"[-a ACCOUNT] [--action warn|hide] [--for D] TITLE WORD…", filter_put_options
#define FORM_FILTER_DROP "[-a ACCOUNT] ID", plain_options
#define FORM_UNSCHEDULE  "[-a ACCOUNT] ID", plain_options

static int act_run(int argc, char **argv);
static const char act_more[] =
        "A post is named by its URL, a profile by its handle (ada@host) or URL: the account's\n"
        "server looks them up. -a may be left out where only one account can do it. Lists,\n"
        "filters and what else is kept at the server are shown by `stoa show`.";

#define ROW(name, usage, options, help) {name, usage, help, act_more, options, act_run},
#define DO_ROW(name, form, help)        ROW(name, form, help)
#define X(id, name, undo, target, cap, help)                                                       \
	DO_ROW(name, FORM_##id, help) DO_ROW(undo, FORM_##id, "the reverse of `" name "`")
const struct cli_command act_commands[ACT_COMMANDS] = {VERBS(X)};
#undef X

/* -- reading the words -- */

static bool wrong(struct err *err, const char *sentence)
{
	return err_set(err, ERR_SYNTAX, "%s", sentence);
}

static bool set_visibility(struct action *action, const char *word, struct err *err)
{
	if (!word) return true;
	for (int v = 0; v < VIS_COUNT; v++) {
		if (strcmp(word, visibility_name((enum visibility)v)) == 0) {
			action->visibility = v;
			return true;
		}
	}
	return err_set(err, ERR_SYNTAX, "there is no visibility '%s'", word);
}

static bool set_seconds(struct action *action, const char *word, struct err *err)
{
	int64_t ms;
	if (!word) return true;
	if (!duration_parse(word, &ms) || ms < 1000)
		return err_set(err, ERR_SYNTAX, "'%s' is no time: write 2h, 7d", word);
	action->seconds = ms / 1000;
	return true;
}

static char *join(char *const *words, int n)
{
	struct str text = {0};
	for (int i = 0; i < n; i++)
		str_addf(&text, "%s%s", i ? " " : "", words[i]);
	return str_take(&text);
}

/* The text of standard input, without its last line end; NULL when it is too long. */
static char *read_all(void)
{
	struct str text = {0};
	char part[4096];
	for (size_t n; (n = fread(part, 1, sizeof(part), stdin)) > 0;) {
		str_add(&text, part, n);
		if (text.len > TEXT_MAX_BYTES) {
			str_finish(&text);
			return NULL;
		}
	}
	if (text.len > 0 && text.p[text.len - 1] == '\n') str_cut(&text, text.len - 1);
	return str_take(&text);
}

static bool set_text(struct action *action, const struct args *args, struct err *err)
{
	bool from_input = args->nwords == 2 && strcmp(args->words[1], "-") == 0;
	action->text = from_input ? read_all() : join(args->words + 1, args->nwords - 1);
	if (!action->text) return wrong(err, "the text is too long");
	if (!*action->text) return wrong(err, "the text is empty");
	action->warning = xstrdup(args_value(args, "warning"));
	return true;
}

static bool set_choices(struct action *action, const struct args *args, struct err *err)
{
	for (int i = 1; i < args->nwords; i++) {
		char *end;
		long n = strtol(args->words[i], &end, 10);
		if (*end || !isdigit((unsigned char)*args->words[i]) || n < 1 || n > MAX_CHOICES)
			return err_set(err, ERR_SYNTAX, "a choice is its number, from 1: not '%s'",
			        args->words[i]);
		action->choices |= 1U << (n - 1);
	}
	return action->choices || wrong(err, "vote for which? The numbers of the choices follow");
}

/* Names parted by commas, as bits. */
static bool read_contexts(const char *list, unsigned *out, struct err *err)
{
	unsigned all = (1U << FILTER_CONTEXT_COUNT) - 1;
	*out = list ? 0 : all;
	for (const char *at = list; at && *at;) {
		size_t n = strcspn(at, ","), len = n;
		int bit = 0;
		while (bit < FILTER_CONTEXT_COUNT &&
		        (strlen(filter_context_names[bit]) != len ||
		                strncmp(filter_context_names[bit], at, len) != 0))
			bit++;
		if (bit == FILTER_CONTEXT_COUNT)
			return err_set(
			        err, ERR_SYNTAX, "a filter has no context '%.*s'", (int)len, at);
		*out |= 1U << bit;
		at += n + (at[n] == ',');
	}
	return *out || wrong(err, "a filter holds somewhere");
}

static bool set_filter(struct action *action, const struct args *args, struct err *err)
{
	const char *what = args_value(args, "action");
	struct server_filter *filter = action->filter = xcalloc(1, sizeof(*filter));
	if (what && strcmp(what, "warn") != 0 && strcmp(what, "hide") != 0)
		return err_set(
		        err, ERR_SYNTAX, "a filter's action is warn or hide, not '%s'", what);
	filter->action = what && strcmp(what, "hide") == 0 ? FILTER_HIDE : FILTER_WARN;
	filter->id = xstrdup(args_value(args, "id"));
	filter->title = xstrdup(args->words[0]);
	filter->nkeywords = (size_t)args->nwords - 1;
	filter->keywords = xcalloc(filter->nkeywords + 1, sizeof(*filter->keywords));
	for (size_t i = 0; i < filter->nkeywords; i++) {
		filter->keywords[i].text = xstrdup(args->words[i + 1]);
		filter->keywords[i].whole = args_has(args, "whole");
	}
	return read_contexts(args_value(args, "contexts"), &filter->contexts, err) &&
	       set_seconds(action, args_value(args, "for"), err);
}

static const char *handle_of(const char *word)
{
	return *word == '@' ? word + 1 : word;
}

/* What options say about a profile. */
static bool set_profile(struct action *action, const struct args *args, struct err *err)
{
	action->profile = xstrdup(handle_of(args->words[args->nwords - 1]));
	if (action->verb == VERB_LIST_ADD) action->name = xstrdup(args->words[0]);
	if (action->undo) return true;
	action->reposts = !args_has(args, "no-reposts");
	action->notify = action->verb == VERB_MUTE ? !args_has(args, "keep-notifications")
	                                           : args_has(args, "notify");
	if (action->verb == VERB_REPORT) {
		action->name = xstrdup(args_value(args, "category"));
		action->uri = xstrdup(args_value(args, "post"));
		action->text = xstrdup(args_value(args, "text"));
	}
	return set_seconds(action, args_value(args, "for"), err);
}

static bool set_post(struct action *action, const struct args *args, struct err *err)
{
	action->uri = xstrdup(args->words[0]);
	switch (action->verb) {
	case VERB_REPOST:
		return set_visibility(action, args_value(args, "visibility"), err);
	case VERB_VOTE:
		return set_choices(action, args, err);
	case VERB_EDIT:
	case VERB_REDRAFT:
		return set_text(action, args, err);
	default:
		return true;
	}
}

static bool set_name(struct action *action, const struct args *args)
{
	if (args->nwords > 0) action->name = xstrdup(args->words[0]);
	if (action->verb == VERB_LIST_RENAME) action->text = xstrdup(args->words[1]);
	return true;
}

/* How many words a verb wants. */
static void word_counts(const struct action *action, int *out_min, int *out_max)
{
	*out_min = *out_max = 1;
	switch (action->verb) {
	case VERB_VOTE:
	case VERB_EDIT:
	case VERB_REDRAFT:
	case VERB_FILTER_PUT:
		*out_min = 2;
		*out_max = 1000;
		break;
	case VERB_LIST_ADD:
	case VERB_LIST_RENAME:
		*out_min = *out_max = 2;
		break;
	case VERB_DISMISS:
		*out_min = 0;
		break;
	default:
		break;
	}
}

static bool fill(struct action *action, const struct args *args, struct err *err)
{
	int min, max;
	word_counts(action, &min, &max);
	if (args->nwords < min) return wrong(err, "something is missing");
	if (args->nwords > max)
		return err_set(err, ERR_SYNTAX, "'%s' is too much", args->words[max]);
	/* One of its own for each try by hand: a server keeps two of one key from being two posts.
	 */
	unsigned char bytes[8];
	struct str key = {0};
	random_secret(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		str_addf(&key, "%02x", bytes[i]);
	action->key = str_take(&key);
	switch (verbs[action->verb].target) {
	case TARGET_POST:
		return set_post(action, args, err);
	case TARGET_PROFILE:
		return set_profile(action, args, err);
	case TARGET_FILTER:
		return set_filter(action, args, err);
	default:
		return set_name(action, args);
	}
}

/* -- doing it -- */

static struct action *action_named(const char *name)
{
	for (int verb = 0; verb < VERB_COUNT; verb++) {
		const char *undo = verbs[verb].undo;
		if (strcmp(verbs[verb].name, name) == 0 || (undo && strcmp(undo, name) == 0))
			return action_new((enum verb)verb, strcmp(verbs[verb].name, name) != 0);
	}
	return NULL;
}

/* Takes `action`. */
static int act(struct action *action, const char *account_name)
{
	struct session session;
	struct err err = {0};
	int status = CLI_FAILED;
	if (!session_start(&session, &err)) {
		action_free(action);
		out_fail(&err);
		goto out;
	}
	const struct account *account =
	        session_account(&session, account_name, verbs[action->verb].cap, &status);
	if (!account) {
		action_free(action);
		goto out;
	}
	struct job *job = job_new(JOB_ACT);
	job->account = account->id;
	job->action = action;
	if (!session_do(&session, job, ACT_TIMEOUT_MS, &err)) {
		status = out_fail(&err);
	} else if (session.said) {
		out_text(stdout, session.said);
		putchar('\n');
	}
out:
	session_finish(&session);
	return status;
}

static int act_run(int argc, char **argv)
{
	const struct cli_command *self = cli_find(argv[0]);
	struct args args;
	struct err err = {0};
	if (!args_read(&args, self, argc, argv)) return CLI_USAGE;
	struct action *action = action_named(argv[0]);
	if (fill(action, &args, &err)) return act(action, args_value(&args, "account"));
	action_free(action);
	return args_usage(self, "%s", err.text);
}
