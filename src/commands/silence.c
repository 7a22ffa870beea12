#include <stdlib.h>
#include <string.h>

#include "acting.h"
#include "app/overlay.h"
#include "app/prompt.h"
#include "base/mem.h"
#include "model/post.h"
#include "model/profile.h"
#include "muting.h"

/*
 * The menu of ways to have less of something: small letters silence it here, great ones at the
 * account's server too, where it has the same thing.
 */

enum { MAX_CHOICES = 20 };

static const struct {
	const char *key, *text, *words;
} times[] = {
        {"h", "an hour", "for 1h "},
        {"d", "a day", "for 24h "},
        {"w", "a week", "for 7d "},
        {"m", "30 days", "for 30d "},
        {"g", "good", ""},
};

static void add(struct list_view *list, const char *key, const char *text, const char *line,
        const struct err *why)
{
	bool dim = why && why->code != ERR_NONE;
	const struct list_item item = {.key = (char *)key,
	        .text = (char *)text,
	        .detail = dim ? (char *)why->text : NULL,
	        .line = (char *)line,
	        .dim = dim};
	list_view_add(list, &item);
}

static void addf(struct list_view *list, const char *key, const char *line, const struct err *why,
        const char *fmt, const char *name)
{
	struct str text = {0};
	str_addf(&text, "%s%s", fmt, name);
	add(list, key, text.p, line, why);
	str_finish(&text);
}

/* -- what a post is about -- */

/* The host of a handle of the Mastodon kind, or NULL. */
static const char *host_of_handle(const char *handle)
{
	const char *at = strchr(handle, '@');
	return at ? at + 1 : NULL;
}

/* Names that a post offers, each once. */
struct choices {
	char *names[MAX_CHOICES];
	size_t n;
};

static void choices_add(struct choices *choices, const char *name, size_t len)
{
	for (size_t i = 0; i < choices->n; i++) {
		if (strlen(choices->names[i]) == len && memcmp(choices->names[i], name, len) == 0)
			return;
	}
	if (len && choices->n < MAX_CHOICES) choices->names[choices->n++] = xstrndup(name, len);
}

static void choices_finish(struct choices *choices)
{
	for (size_t i = 0; i < choices->n; i++)
		free(choices->names[i]);
}

static void add_host(struct choices *choices, const char *url)
{
	const char *host = url ? strstr(url, "://") : NULL;
	if (host) choices_add(choices, host + 3, strcspn(host + 3, "/?#"));
}

static void find_tags(const struct post *post, struct choices *out)
{
	for (size_t i = 0; i < post->nfacets; i++) {
		struct facet facet = post_facet(post, i);
		if (facet.kind == FACET_TAG && facet.target)
			choices_add(out, facet.target, strlen(facet.target));
	}
}

static void find_hosts(const struct app *app, const struct post *post, struct choices *out)
{
	const struct profile *author = store_profile(app->store, post->author);
	const char *host = author ? host_of_handle(author->handle) : NULL;
	if (host) choices_add(out, host, strlen(host));
	for (size_t i = 0; i < post->nfacets; i++) {
		struct facet facet = post_facet(post, i);
		if (facet.kind == FACET_LINK) add_host(out, facet.target);
	}
	add_host(out, post_str(post, POST_CARD_URL));
}

/* -- a tag, a domain: one of those that the post has -- */

static void tag_query(struct str *out, const char *tag)
{
	str_adds(out, "mute tag:");
	cmd_quote(out, tag);
}

/* Posts that were written there, by their own address, and links to it. */
static void host_query(struct str *out, const char *host)
{
	str_addf(out, "mute url:\"//%s/\"", host);
}

static bool choose(struct app *app, const char *title, struct choices *choices, const char *sign,
        void (*query)(struct str *out, const char *name), struct err *err)
{
	struct str line = {0};
	bool ok = true;
	if (choices->n == 1) {
		query(&line, choices->names[0]);
		ok = app_command(app, line.p, NULL, err);
	} else {
		struct list_view list = {.title = xstrdup(title)};
		for (size_t i = 0; i < choices->n; i++) {
			char key[2] = {(char)('a' + (int)i), '\0'};
			str_clear(&line);
			query(&line, choices->names[i]);
			addf(&list, key, line.p, NULL, sign, choices->names[i]);
		}
		overlay_list(app, &list);
	}
	str_finish(&line);
	choices_finish(choices);
	return ok;
}

static bool silence_tag(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct choices choices = {0};
	const struct post *post = app_selected(app, err);
	if (!post) return false;
	find_tags(post, &choices);
	if (!choices.n) return err_set(err, ERR_NOT_FOUND, "this post has no tag");
	return choose(app, "Mute the tag", &choices, "#", tag_query, err);
}

static bool silence_domain(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct choices choices = {0};
	const struct post *post = app_selected(app, err);
	if (!post) return false;
	find_hosts(app, post, &choices);
	if (!choices.n) return err_set(err, ERR_NOT_FOUND, "this post names no host");
	return choose(app, "Mute the host, and links to it", &choices, "", host_query, err);
}

static bool silence_word(const struct cmd_call *call, struct err *err)
{
	(void)err;
	prompt_open(call_app(call), "mute", "word:");
	return true;
}

/* -- somebody, for a chosen time -- */

static bool silence_someone(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct err why = {0};
	struct str title = {0}, line = {0};
	const char *said = handle_said(call, 1, err);
	if (!said) return false;
	char *handle = xstrdup(said);
	const struct account *account = act_account(app, NULL, &why);
	bool can = account && act_can(account, VERB_MUTE, &why);
	struct list_view list = {0};
	str_addf(&title, "Silence @%s for", handle);
	list.title = str_take(&title);
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		str_clear(&line);
		str_addf(&line, "silence who %s%s", times[i].words, handle);
		add(&list, times[i].key, times[i].text, line.p, NULL);
	}
	for (size_t i = 0; can && i < sizeof(times) / sizeof(*times); i++) {
		char key[2] = {(char)(*times[i].key - 'a' + 'A'), '\0'};
		str_clear(&line);
		str_addf(&line, "silence who %s%s; account-mute on %s", times[i].words, handle,
		        times[i].words);
		str_adds(&line, "as ");
		cmd_quote(&line, account->name);
		str_adds(&line, " at ");
		cmd_quote(&line, handle);
		str_addf(&title, ", at the server of %s too", account->name);
		addf(&list, key, line.p, NULL, times[i].text, title.p);
		str_clear(&title);
	}
	overlay_list(app, &list);
	str_finish(&title);
	str_finish(&line);
	free(handle);
	return true;
}

/* -- the menu -- */

static void add_here(struct app *app, struct list_view *list, const struct profile *who)
{
	struct choices tags = {0}, hosts = {0};
	struct err no_post = {0}, no_tag = {0}, no_host = {0};
	const struct post *post = app_selected(app, &no_post);
	if (post) {
		find_tags(post, &tags);
		find_hosts(app, post, &hosts);
	}
	if (!tags.n) err_set(&no_tag, ERR_NOT_FOUND, "this post has no tag");
	if (!hosts.n) err_set(&no_host, ERR_NOT_FOUND, "this post names no host");
	addf(list, "m", "silence someone", NULL, "for a time: @", who->handle);
	addf(list, "b", "silence reposts", NULL, "what is reposted by @", who->handle);
	addf(list, "q", "silence quota", NULL, "a quota a day for @", who->handle);
	add(list, "t", "this conversation, and reposts of it", "silence thread", &no_post);
	add(list, "k", "a word", "silence word", NULL);
	addf(list, "h", "silence tag", &no_tag, tags.n == 1 ? "the tag #" : "a tag",
	        tags.n == 1 ? tags.names[0] : "");
	addf(list, "d", "silence domain", &no_host, hosts.n == 1 ? "the host " : "a host",
	        hosts.n == 1 ? hosts.names[0] : "");
	add(list, "r", "which rules hit this post", "why", NULL);
	add(list, "n", "the noisiest here", "noise", NULL);
	choices_finish(&tags);
	choices_finish(&hosts);
}

static void add_server(struct app *app, struct list_view *list, const struct profile *who)
{
	static const struct {
		const char *key, *text, *line;
		enum verb verb;
		bool post, host; /* it needs one */
	} rows[] = {
	        {"B", "their reposts", "follow on no-reposts", VERB_FOLLOW, false, false},
	        {"T", "notifications of this conversation", "mute-thread on", VERB_MUTE_THREAD,
	                true, false},
	        {"K", "a word, as a filter", "prompt filter-put", VERB_FILTER_PUT, false, false},
	        {"D", "all of their host", "block-domain", VERB_BLOCK_DOMAIN, false, true},
	        {"X", "block them", "block on", VERB_BLOCK, false, false},
	};
	const struct account *account = act_account(app, NULL, NULL);
	struct str heading = {0};
	if (!account) return;
	str_addf(&heading, "At the server of %s", account->name);
	list_view_add(list, &(struct list_item){.text = heading.p, .heading = true});
	str_finish(&heading);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err why = {0};
		bool can = can_act(app, rows[i].verb, &why);
		if (can && rows[i].post) can = app_selected(app, &why) != NULL;
		if (can && rows[i].host && !host_of_handle(who->handle))
			err_set(&why, ERR_NOT_FOUND, "%s has no host to hide", who->handle);
		add(list, rows[i].key, rows[i].text, rows[i].line, &why);
	}
}

static bool silence(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct profile *who = row_profile(app, err);
	if (!who) return false;
	struct list_view list = {.title = xstrdup("Less of this")};
	add_here(app, &list, who);
	add_server(app, &list, who);
	overlay_list(app, &list);
	return true;
}

static bool can_silence(void *app, struct err *err)
{
	return row_profile(app, err) != NULL;
}

static const struct cmd_hooks hooks = {.can = can_silence};

const struct cmd silence_commands[] = {
        {"silence", "", "a menu of ways to have less of this", ANYWHERE, silence, &hooks},
        {"silence domain", "", "mute a host that this post names", ANYWHERE, silence_domain, NULL},
        {"silence someone", "[WHO]", "choose for how long, and where", ANYWHERE, silence_someone,
                &hooks},
        {"silence tag", "", "mute a tag of this post", ANYWHERE, silence_tag, NULL},
        {"silence word", "", "type a word to be muted", ANYWHERE, silence_word, NULL},
        {0},
};
