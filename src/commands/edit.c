#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "acting.h"
#include "app/ask.h"
#include "app/spawn.h"
#include "base/mem.h"
#include "base/paths.h"
#include "base/random.h"
#include "model/post.h"

/*
 * Changing an own post: its text as it was typed comes from the server, goes through the
 * editor as a file, and what was typed stays in that file until the server has it.
 */

enum { MAX_TEXT = 1 << 20 };

static const char header[] = "warning:";

/* What is waited for; one allocation, as app_ask frees it. */
struct editing {
	enum verb verb;
	account_id account;
	char uri[];
};

/* The file's form: `warning: …` where there is one, a blank line, the text. */
static void print_file(struct str *out, const char *warning, const char *text)
{
	str_addf(out, "%s %s\n\n%s\n", header, warning ? warning : "", text);
}

/* Take the file apart again; cuts `file`. */
static void read_file(char *file, char **out_warning, char **out_text)
{
	size_t line = strcspn(file, "\n");
	char *text = file;
	*out_warning = xstrdup("");
	if (strncmp(file, header, sizeof(header) - 1) == 0) {
		const char *value = file + sizeof(header) - 1;
		value += strspn(value, " \t");
		free(*out_warning);
		*out_warning = xstrndup(value, (size_t)(file + line - value));
		text = file + line;
		text += strspn(text, "\n");
	}
	size_t len = strlen(text);
	while (len && strchr(" \t\r\n", text[len - 1]))
		len--;
	*out_text = xstrndup(text, len);
}

static char *new_key(void)
{
	unsigned char bytes[16];
	struct str key = {0};
	random_secret(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		str_addf(&key, "%02x", bytes[i]);
	return str_take(&key);
}

static void send(struct app *app, const struct editing *editing, const struct account *account,
        char *file, const char *path)
{
	struct action *action = action_new(editing->verb, false);
	const struct post *post = store_post(app->store, store_find(app->store, editing->uri));
	struct viewer viewer = {0};
	struct str label = {0};
	read_file(file, &action->warning, &action->text);
	action->uri = xstrdup(editing->uri);
	action->key = new_key();
	if (post && post_viewer_of(post, account->id, &viewer))
		action->remote_id = xstrdup(viewer.remote_id);
	if (post)
		act_post_label(app, post, &label);
	else
		str_adds(&label, editing->uri);
	app_say(app, TONE_SAYS, "%s: sending what you wrote …", account->name);
	act_do(app, &(struct act){.account = account,
	                    .action = action,
	                    .post = post ? post->id : 0,
	                    .label = str_c(&label),
	                    .kept = path});
	str_finish(&label);
}

/* Is there anything but blanks behind the header? */
static bool is_empty(const char *file)
{
	char *copy = xstrdup(file), *warning, *text;
	read_file(copy, &warning, &text);
	bool empty = !*text;
	free(copy);
	free(warning);
	free(text);
	return empty;
}

/* The file stays where it holds what somebody typed. */
static void give_up(struct app *app, const char *path, bool keep, const char *why)
{
	app_say(app, keep ? TONE_ERROR : TONE_SAYS, "nothing was sent: %s%s%s", why,
	        keep ? "; your text is in " : "", keep ? path : "");
	if (!keep) unlink(path);
}

static void edit_file(struct app *app, const struct editing *editing, const struct account *account,
        const char *before, const char *path)
{
	struct err err = {0}, why = {0};
	char *after = NULL;
	unsigned long len = 0;
	bool ok = spawn_editor(app, path, &err);
	bool read = paths_read(path, MAX_TEXT, &after, &len, &why);
	bool empty = read && is_empty(after), same = read && strcmp(after, before) == 0;
	if (!ok || !read)
		give_up(app, path, !empty && !same, ok ? why.text : err.text);
	else if (empty)
		give_up(app, path, false, "the text is empty");
	else if (same && editing->verb == VERB_EDIT)
		give_up(app, path, false, "the text is unchanged");
	else
		send(app, editing, account, after, path);
	free(after);
}

static void let_edit(
        struct app *app, const struct editing *editing, const char *warning, const char *text)
{
	const struct account *account = store_account(app->store, editing->account);
	struct str before = {0};
	struct err err = {0};
	if (!account) return;
	print_file(&before, warning, text);
	char *path = editor_file(app, before.p, before.len, &err);
	if (path)
		edit_file(app, editing, account, before.p, path);
	else
		app_say(app, TONE_ERROR, "%s", err.text);
	free(path);
	str_finish(&before);
}

/* The text that memory holds, for servers that do not give the one that was typed. */
static bool edit_known(struct app *app, const struct editing *editing)
{
	const struct post *post = store_post(app->store, store_find(app->store, editing->uri));
	if (!post || editing->verb != VERB_REDRAFT) return false;
	let_edit(app, editing, post_str(post, POST_WARNING), post_str(post, POST_BODY));
	return true;
}

static bool on_source(struct app *app, const struct event *event, void *ctx)
{
	const struct editing *editing = ctx;
	if (event->kind == EVENT_DONE) {
		bool lacks = event->err.code == ERR_UNSUPPORTED || event->err.code == ERR_NOT_FOUND;
		return lacks && edit_known(app, editing);
	}
	if (event->kind != EVENT_ITEMS || !event->items || !event->items->nitems) return false;
	/* Nobody's typing is to be torn apart. */
	if (app->prompt.open) {
		app_say(app, TONE_ERROR, "the text came while you typed; ask for it again");
		return true;
	}
	const struct item *item = &event->items->items[0];
	let_edit(app, editing, item->title, item->detail ? item->detail : "");
	return true;
}

static bool is_own(const struct account *account, const struct post *post, struct err *err)
{
	struct viewer viewer;
	if (post_viewer_of(post, account->id, &viewer) && viewer.flags & VIEWER_OWN) return true;
	return err_set(err, ERR_NOT_FOUND, "this post is not %s's own", account->name);
}

static bool edit(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct acting acting;
	acting_read(call, &acting);
	const struct account *account = act_account(app, acting.as, err);
	if (!account || !act_can(account, acting.verb, err)) return false;
	const struct post *post =
	        acting.at ? store_post(app->store, store_find(app->store, acting.at))
	                  : app_selected(app, err);
	if (!post && !acting.at) return false;
	if (post && !is_own(account, post, err)) return false;
	const char *uri = post ? post_str(post, POST_URI) : acting.at;
	struct editing *editing = xmalloc(sizeof(*editing) + strlen(uri) + 1);
	editing->verb = acting.verb;
	editing->account = account->id;
	memcpy(editing->uri, uri, strlen(uri) + 1);
	struct job *job = job_new(JOB_ITEMS);
	job->account = account->id;
	job->number = COLLECTION_SOURCE;
	job->arg = xstrdup(uri);
	app_ask(app, job, on_source, editing);
	app_say(app, TONE_SAYS, "%s: asking for the text …", account->name);
	return true;
}

static bool can(struct app *app, enum verb verb, struct err *err)
{
	const struct post *post = app_selected(app, err);
	const struct account *account = post ? act_account(app, NULL, err) : NULL;
	return account && is_own(account, post, err) && act_can(account, verb, err);
}

static bool can_edit(void *app, struct err *err)
{
	return can(app, VERB_EDIT, err);
}

static bool can_redraft(void *app, struct err *err)
{
	return can(app, VERB_REDRAFT, err);
}

static const struct cmd_hooks edit_hooks = {.can = can_edit};
static const struct cmd_hooks redraft_hooks = {.can = can_redraft};

const struct cmd edit_commands[] = {
        {"edit", "[as ACCOUNT] [at URL]", "change this own post in your editor",
                ANYWHERE | CMD_ACTION, edit, &edit_hooks},
        {"redraft", "[as ACCOUNT] [at URL]",
                "publish a changed text in place of this own post, then delete it",
                ANYWHERE | CMD_ACTION, edit, &redraft_hooks},
        {0},
};
