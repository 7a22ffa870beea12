#include <stdlib.h>
#include <string.h>

#include "app/deck.h"
#include "app/overlay.h"
#include "app/spawn.h"
#include "base/date.h"
#include "base/mem.h"
#include "cmd/option.h"
#include "model/link.h"
#include "model/post.h"
#include "model/post_json.h"
#include "model/profile.h"
#include "tables.h"

/* What can be done with the selected post. */

/* -- links -- */

struct links {
	char **urls;
	size_t n, cap;
};

static void links_add(struct links *links, const char *url)
{
	if (!url || !*url) return;
	for (size_t i = 0; i < links->n; i++) {
		if (strcmp(links->urls[i], url) == 0) return;
	}
	links->urls = mem_grow(links->urls, &links->cap, links->n + 1, sizeof(*links->urls));
	links->urls[links->n++] = xstrdup(url);
}

static void links_finish(struct links *links)
{
	for (size_t i = 0; i < links->n; i++)
		free(links->urls[i]);
	free(links->urls);
}

/* In an article its numbered links; else those of the text, the card and the pictures. */
static void links_find(struct app *app, const struct post *post, struct links *out)
{
	const char *link;
	for (size_t i = 1; (link = overlay_link(app, i)) != NULL; i++)
		links_add(out, link);
	for (size_t i = 0; i < post->nfacets; i++) {
		struct facet facet = post_facet(post, i);
		if (facet.kind == FACET_LINK) links_add(out, facet.target);
	}
	links_add(out, post_str(post, POST_CARD_URL));
	for (size_t i = 0; i < post->nmedia; i++)
		links_add(out, post_media(post, i).url);
	links_add(out, post_link(post));
}

/* Letters for a list of links; beyond them only the cursor chooses. */
static void link_key(char out[2], size_t i)
{
	static const char letters[] = "abcdefghilmnoprstuvwxyz";
	out[0] = i < sizeof(letters) - 1 ? letters[i] : '\0';
	out[1] = '\0';
}

/* Where an address leads that is made to look as if it led elsewhere; nothing for others. */
static void warn_of(struct str *out, const char *url)
{
	struct str host = {0};
	if (link_judge(url, strlen(url), url, &host) == LINK_LIES)
		str_addf(out, "leads to %s", str_c(&host));
	str_finish(&host);
}

static void choose_link(struct app *app, const struct links *links)
{
	struct list_view list = {.title = xstrdup("Open")};
	for (size_t i = 0; i < links->n; i++) {
		char key[2];
		struct str line = {0};
		link_key(key, i);
		str_adds(&line, "open-address ");
		cmd_quote(&line, links->urls[i]);
		struct str leads = {0};
		warn_of(&leads, links->urls[i]);
		struct list_item item = {.key = *key ? key : NULL,
		        .text = links->urls[i],
		        .detail = leads.p,
		        .line = line.p};
		list_view_add(&list, &item);
		str_finish(&leads);
		str_finish(&line);
	}
	overlay_list(app, &list);
}

static bool open_links(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct post *post = app_selected(app, err);
	if (!post) return false;
	struct links links = {0};
	links_find(app, post, &links);
	size_t chosen = call->argc > 1 ? (size_t)atoi(call->argv[1]) : links.n == 1 ? 1 : 0;
	bool ok = true;
	if (links.n == 0)
		ok = err_set(err, ERR_NOT_FOUND, "this post has no link");
	else if (chosen > links.n)
		ok = err_set(err, ERR_NOT_FOUND, "there is no link number %zu", chosen);
	else if (chosen)
		ok = spawn_address(app, links.urls[chosen - 1], err);
	else
		choose_link(app, &links);
	links_finish(&links);
	return ok;
}

static bool open_address(const struct cmd_call *call, struct err *err)
{
	return spawn_address(call_app(call), call->argv[1], err);
}

static const char *selected_link(struct app *app, struct err *err)
{
	const struct post *post = app_selected(app, err);
	const char *link = post ? post_link(post) : "";
	if (post && !*link) err_set(err, ERR_NOT_FOUND, "this post has no address");
	return *link ? link : NULL;
}

static bool can_link(void *app, struct err *err)
{
	return selected_link(app, err) != NULL;
}

static bool browser(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *link = selected_link(app, err);
	return link && spawn_address(app, link, err);
}

bool copy_address(struct app *app, const char *url, struct err *err)
{
	if (strcmp(app->options.clipboard, "off") == 0)
		return err_set(err, ERR_UNSUPPORTED, "the option clipboard is off: %s", url);
	app->term.ops->copy(app->term.ctx, url);
	app_say(app, TONE_GOOD, "copied %s", url);
	return true;
}

static bool copy(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *link = selected_link(app, err);
	return link && copy_address(app, link, err);
}

/* -- looking closer -- */

static bool unfold(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct column *column = app_column(app);
	const struct post *post = app_selected(app, err);
	if (!post || !column) return false;
	column_view_toggle(&column->view, post->id);
	column->dirty = true;
	return true;
}

static bool unread(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct post *post = app_selected(app, err);
	if (!post) return false;
	app_set_read(app, post->id, !store_is_read(app->store, post->id));
	return true;
}

static void add_line(struct str *out, const char *name, const char *value)
{
	if (value && *value) str_addf(out, "%-11s %s\n", name, value);
}

static void add_count(struct str *out, const char *name, uint32_t count)
{
	if (count != POST_UNKNOWN) str_addf(out, "%-11s %u\n", name, count);
}

static void add_time(struct str *out, const char *name, int64_t ms)
{
	char text[32];
	if (ms <= 0) return;
	date_format_rfc3339(text, ms);
	add_line(out, name, text);
}

static bool details(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct post *post = app_selected(app, err);
	if (!post) return false;
	const struct profile *author = store_profile(app->store, post->author);
	struct str out = {0};
	if (author) {
		str_addf(&out, "%-11s %s @%s%s\n", "author", author->name, author->handle,
		        author->bot ? " (a bot)" : "");
		add_line(&out, "bio", author->bio);
		if (author->followers >= 0)
			str_addf(&out, "%-11s %lld\n", "followers", (long long)author->followers);
	}
	add_time(&out, "written", post->created_ms);
	add_time(&out, "edited", post->edited_ms);
	add_time(&out, "seen", post->seen_ms);
	add_line(&out, "visibility", visibility_name((enum visibility)post->visibility));
	add_line(&out, "language", post_str(post, POST_LANG));
	add_line(&out, "written by", post_str(post, POST_APP));
	add_line(&out, "warning", post_str(post, POST_WARNING));
	add_count(&out, "replies", post->replies);
	add_count(&out, "reposts", post->reposts);
	add_count(&out, "likes", post->likes);
	add_count(&out, "quotes", post->quotes);
	for (size_t i = 0; i < post->nmedia; i++) {
		struct media media = post_media(post, i);
		add_line(
		        &out, media_kind_name(media.kind), media.alt ? media.alt : "(no alt text)");
	}
	add_line(&out, "address", post_link(post));
	add_line(&out, "uri", post_str(post, POST_URI));
	overlay_text(app, "Details", str_c(&out));
	str_finish(&out);
	return true;
}

/* The selected post as the line of JSON that scripts know. */
static bool post_as_json(struct app *app, struct str *out, struct err *err)
{
	const struct post *post = app_selected(app, err);
	struct row row = {0};
	if (!post) return false;
	app_selected_row(app, &row, NULL);
	const char *source = row.source ? store_source_name(app->store, row.source) : NULL;
	const struct account *account =
	        app_column(app) ? column_account(app, app_column(app)) : NULL;
	const char *const sources[] = {source};
	struct post_json json = {.post = post,
	        .author = store_profile(app->store, post->author),
	        .actor =
	                row.reason == REASON_REPOSTED ? store_profile(app->store, row.actor) : NULL,
	        .reason = row.reason,
	        .network = account ? account->network : "feed",
	        .sources = sources,
	        .nsources = source ? 1 : 0,
	        .me = account ? account->handle : NULL,
	        .account = account ? account->id : 0,
	        .unread = !store_is_read(app->store, post->id)};
	post_json_print(out, &json);
	return true;
}

static bool raw(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct str json = {0}, lines = {0};
	bool ok = post_as_json(app, &json, err);
	/* One field a line reads better than a line of two thousand cells. */
	bool quoted = false;
	int depth = 0;
	for (size_t i = 0; ok && i < json.len; i++) {
		char c = json.p[i];
		if (c == '"' && (i == 0 || json.p[i - 1] != '\\')) quoted = !quoted;
		if (!quoted) depth += (c == '{' || c == '[') - (c == '}' || c == ']');
		str_addc(&lines, c);
		if (c == ',' && !quoted && depth == 1) str_adds(&lines, "\n ");
	}
	if (ok) overlay_text(app, "Raw", str_c(&lines));
	str_finish(&json);
	str_finish(&lines);
	return ok;
}

static bool pipe_post(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct str text = {0};
	bool json = call->argc == 3;
	const struct post *post = app_selected(app, err);
	bool ok = post != NULL;
	if (ok && json)
		ok = post_as_json(app, &text, err);
	else if (ok) {
		if (post_len(post, POST_TITLE))
			str_addf(&text, "%s\n\n", post_str(post, POST_TITLE));
		bool open = app->overlay == OVERLAY_ARTICLE;
		str_adds(&text, open ? str_c(&app->article_text.utf8) : post_str(post, POST_BODY));
		str_addf(&text, "\n\n%s\n", post_link(post));
	}
	ok = ok && spawn_pipe(app, call->argv[call->argc - 1], str_c(&text), text.len, err);
	str_finish(&text);
	return ok;
}

static const struct cmd_hooks post_hooks = {.can = can_post};
static const struct cmd_hooks link_hooks = {.can = can_link};

const struct cmd post_commands[] = {
        {"browser", "", "open this post's address in the browser", ANYWHERE | CMD_ACTION, browser,
                &link_hooks},
        {"copy", "", "copy this post's address", ANYWHERE | CMD_ACTION, copy, &link_hooks},
        {"details", "", "show what is known of this post", ANYWHERE | CMD_ACTION, details,
                &post_hooks},
        {"open", "[N]", "open a link of this post", ANYWHERE | CMD_ACTION, open_links, &post_hooks},
        {"open-address", "URL", "open an address", ANYWHERE, open_address, NULL},
        {"pipe", "[--json] COMMAND", "give this post to a program", ANYWHERE, pipe_post,
                &post_hooks},
        {"raw", "", "show this post as JSON", ANYWHERE | CMD_ACTION, raw, &post_hooks},
        {"unfold", "", "show what a warning hides, or the whole post", ANYWHERE | CMD_ACTION,
                unfold, &post_hooks},
        {"unread", "", "make this post unread, or read", ANYWHERE | CMD_ACTION, unread,
                &post_hooks},
        {0},
};
