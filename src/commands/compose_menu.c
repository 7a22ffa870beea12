#include <stdlib.h>
#include <string.h>

#include "app/overlay.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "composing.h"
#include "model/post.h"

/* What is chosen from lists while one writes. A list of switches stays open. */

/* A line with a tick where it is so. */
static void add(struct app *app, struct list_view *list, const char *key, bool on, const char *text,
        const char *detail, const char *line)
{
	struct str ticked = {0};
	str_addf(&ticked, "%s %s", on ? ui_mark(&app->ui, MARK_CHECK) : " ", text);
	const struct list_item item = {.key = (char *)key,
	        .text = ticked.p,
	        .detail = (char *)detail,
	        .line = (char *)line};
	list_view_add(list, &item);
	str_finish(&ticked);
}

static void number_key(char out[2], size_t i)
{
	out[0] = i < 9 ? (char)('1' + i) : 0;
	out[1] = 0;
}

/* -- who posts it -- */

static bool is_target(const struct draft *draft, account_id account)
{
	for (size_t i = 0; i < draft->naccounts; i++) {
		if (draft->accounts[i] == account) return true;
	}
	return false;
}

static void list_accounts(struct app *app, const struct draft *draft, const char *chosen)
{
	const struct account *const *accounts;
	size_t n = store_accounts(app->store, &accounts), shown = 0;
	struct list_view list = {.title = xstrdup("Who posts it (Enter: on, off)")};
	for (size_t i = 0; i < n; i++) {
		struct err why = {0};
		struct str line = {0}, detail = {0};
		char key[2];
		if (accounts[i]->id == ACCOUNT_FEEDS) continue;
		bool can = compose_can(app, accounts[i], draft, &why);
		str_adds(&line, "compose accounts ");
		cmd_quote(&line, accounts[i]->name);
		str_addf(&detail, "%s, %s", accounts[i]->handle, accounts[i]->network);
		number_key(key, shown);
		if (can) {
			if (chosen && strcmp(chosen, accounts[i]->name) == 0) list.focus = shown;
			add(app, &list, *key ? key : NULL, is_target(draft, accounts[i]->id),
			        accounts[i]->name, str_c(&detail), str_c(&line));
		} else {
			const struct list_item item = {.text = accounts[i]->name,
			        .detail = why.text,
			        .line = line.p,
			        .dim = true};
			list_view_add(&list, &item);
		}
		shown++;
		str_finish(&line);
		str_finish(&detail);
	}
	overlay_list(app, &list);
}

static bool accounts(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct draft *draft = composed(call, err);
	const char *name = call->argc > 1 ? call->argv[1] : NULL;
	if (!draft) return false;
	const struct account *account = name ? store_account_named(app->store, name) : NULL;
	if (name && !account)
		return err_set(err, ERR_NOT_FOUND,
		        "there is no account '%s'; `accounts` lists them", name);
	if (account && !compose_target(app, account, !is_target(draft, account->id), err))
		return false;
	list_accounts(app, draft, name);
	return true;
}

static bool account(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct draft *draft = composed(call, err);
	const struct account *it = draft ? store_account_named(app->store, call->argv[1]) : NULL;
	if (draft && !it)
		return err_set(err, ERR_NOT_FOUND,
		        "there is no account '%s'; `accounts` lists them", call->argv[1]);
	return it && compose_target(app, it, on_off(call, 2, is_target(draft, it->id)), err);
}

/* -- whose text is written -- */

static void list_texts(struct app *app, const struct draft *draft)
{
	const char *whose = compose_whose(app);
	struct list_view list = {.title = xstrdup("Whose text")};
	add(app, &list, "a", !whose, "everybody's", "what has no text of its own", "compose text");
	for (size_t i = 0; i < draft->naccounts; i++) {
		const struct account *it = store_account(app->store, draft->accounts[i]);
		struct str line = {0};
		char key[2];
		if (!it) continue;
		str_adds(&line, "compose text ");
		cmd_quote(&line, it->name);
		bool own = draft_text(draft, compose_part(app), it->id, it->network) !=
		           draft->parts[compose_part(app)].text;
		number_key(key, i);
		add(app, &list, *key ? key : NULL, whose && strcmp(whose, it->name) == 0, it->name,
		        own ? "has a text of its own" : "", str_c(&line));
		bool again = false;
		for (size_t j = 0; j < i; j++) {
			const struct account *other = store_account(app->store, draft->accounts[j]);
			again |= other && strcmp(other->network, it->network) == 0;
		}
		str_clear(&line);
		str_addf(&line, "compose text %s", it->network);
		if (!again)
			add(app, &list, NULL, whose && strcmp(whose, it->network) == 0, it->network,
			        "all accounts there", str_c(&line));
		str_finish(&line);
	}
	if (whose)
		add(app, &list, "d", false, "drop this text", "the common one is posted instead",
		        "compose text-drop");
	overlay_list(app, &list);
}

static bool text_menu(const struct cmd_call *call, struct err *err)
{
	const struct draft *draft = composed(call, err);
	if (draft) list_texts(call->app, draft);
	return draft != NULL;
}

static bool text(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct draft *draft = composed(call, err);
	const char *name = call->argc > 1 ? call->argv[1] : NULL;
	if (!draft) return false;
	const struct account *it = name ? store_account_named(app->store, name) : NULL;
	bool network = false;
	for (size_t i = 0; name && !it && i < draft->naccounts; i++) {
		const struct account *target = store_account(app->store, draft->accounts[i]);
		network |= target && strcmp(target->network, name) == 0;
	}
	if (name && !it && !network)
		return err_set(err, ERR_NOT_FOUND, "'%s' does not post this", name);
	if (it && !is_target(draft, it->id))
		return err_set(err, ERR_NOT_FOUND, "%s does not post this; M-a lets it", name);
	compose_variant(app, it ? it->id : 0, network ? name : NULL);
	return true;
}

static bool text_drop(const struct cmd_call *call, struct err *err)
{
	if (!composed(call, err)) return false;
	if (!compose_whose(call->app))
		return err_set(err, ERR_NOT_FOUND, "this is everybody's text");
	compose_variant_drop(call->app);
	return true;
}

/* -- who sees it -- */

static const char usual[] = "usual";

static bool visibility(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct draft *draft = composed(call, err);
	if (!draft) return false;
	if (call->argc > 1) {
		draft->visibility_set = strcmp(call->argv[1], usual) != 0;
		for (int i = 0; i < VIS_COUNT; i++) {
			if (strcmp(call->argv[1], visibility_name((enum visibility)i)) == 0)
				draft->visibility = (enum visibility)i;
		}
		compose_changed(app);
		return true;
	}
	static const char *const helps[VIS_COUNT] = {[VIS_PUBLIC] = "everybody",
	        [VIS_UNLISTED] = "everybody, but not in public timelines",
	        [VIS_FOLLOWERS] = "followers and those mentioned",
	        [VIS_DIRECT] = "those mentioned alone"};
	struct list_view list = {.title = xstrdup("Who sees it")};
	add(app, &list, "u", !draft->visibility_set, usual, "as the account's server has it",
	        "compose visibility usual");
	for (int i = 0; i < VIS_COUNT; i++) {
		struct str line = {0};
		char key[2] = {"plfd"[i], 0};
		const char *name = visibility_name((enum visibility)i);
		str_addf(&line, "compose visibility %s", name);
		add(app, &list, key,
		        draft->visibility_set && draft->visibility == (enum visibility)i, name,
		        helps[i], line.p);
		str_finish(&line);
	}
	overlay_list(app, &list);
	return true;
}

/* -- what few posts need -- */

static const struct gate_row {
	const char *name, *help;
	unsigned bit;
} gates[] = {
        {"followed", "those the account follows may answer", DRAFT_GATE_FOLLOWED},
        {"followers", "followers may answer", DRAFT_GATE_FOLLOWERS},
        {"mentioned", "those mentioned may answer", DRAFT_GATE_MENTIONED},
        {"no-quotes", "nobody may quote it", DRAFT_GATE_NO_QUOTES},
        {"nobody", "nobody may answer", DRAFT_GATE_NOBODY},
};

static bool gate(const struct cmd_call *call, struct err *err)
{
	struct draft *draft = composed(call, err);
	if (!draft) return false;
	for (size_t i = 0; i < sizeof(gates) / sizeof(*gates); i++) {
		if (strcmp(call->argv[1], gates[i].name) != 0) continue;
		unsigned answers =
		        DRAFT_GATE_MENTIONED | DRAFT_GATE_FOLLOWED | DRAFT_GATE_FOLLOWERS;
		draft->gate ^= gates[i].bit;
		/* Nobody and somebody do not go together: the last word holds. */
		if (gates[i].bit == DRAFT_GATE_NOBODY) draft->gate &= ~answers;
		if (gates[i].bit & answers) draft->gate &= ~(unsigned)DRAFT_GATE_NOBODY;
	}
	compose_changed(call->app);
	return true;
}

/* Bluesky's labels that an author may set. */
static const char *const self_labels[] = {"graphic-media", "nudity", "porn", "sexual"};
enum { SELF_LABELS = sizeof(self_labels) / sizeof(*self_labels) };

static bool has_word(const char *words, const char *word)
{
	size_t len = strlen(word);
	for (const char *p = words; p && *p; p += strcspn(p, " "), p += strspn(p, " ")) {
		if (strncmp(p, word, len) == 0 && (p[len] == ' ' || p[len] == 0)) return true;
	}
	return false;
}

static bool self_label(const struct cmd_call *call, struct err *err)
{
	struct draft *draft = composed(call, err);
	if (!draft) return false;
	struct str words = {0};
	for (int i = 0; i < SELF_LABELS; i++) {
		bool on = has_word(draft->self_labels, self_labels[i]);
		if (strcmp(call->argv[1], self_labels[i]) == 0) on = !on;
		if (on) str_addf(&words, "%s%s", words.len ? " " : "", self_labels[i]);
	}
	free(draft->self_labels);
	draft->self_labels = words.len ? str_take(&words) : NULL;
	str_finish(&words);
	compose_changed(call->app);
	return true;
}

static bool sensitive(const struct cmd_call *call, struct err *err)
{
	struct draft *draft = composed(call, err);
	if (!draft) return false;
	draft->sensitive = on_off(call, 1, draft->sensitive);
	compose_changed(call->app);
	return true;
}

static bool via(const struct cmd_call *call, struct err *err)
{
	struct draft *draft = composed(call, err);
	if (!draft) return false;
	for (int i = 0; i < DRAFT_NVIAS; i++) {
		if (strcmp(call->argv[1], draft_vias[i].name) == 0) draft->via = (enum draft_via)i;
	}
	compose_changed(call->app);
	return true;
}

static bool late(const struct cmd_call *call, struct err *err)
{
	struct draft *draft = composed(call, err);
	if (!draft) return false;
	for (int i = 0; i < DRAFT_NLATES; i++) {
		if (strcmp(call->argv[1], draft_lates[i].name) == 0)
			draft->late = (enum draft_late)i;
	}
	compose_changed(call->app);
	return true;
}

static void heading(struct list_view *list, const char *text_of_it)
{
	list_view_add(list, &(struct list_item){.text = (char *)text_of_it, .heading = true});
}

static void add_switch(struct app *app, struct list_view *list, bool on, const char *command,
        const char *word, const char *help)
{
	struct str line = {0};
	str_addf(&line, "compose %s%s%s; compose more %zu", command, *word ? " " : "", word,
	        list->nitems);
	add(app, list, NULL, on, *word ? word : command, help, line.p);
	str_finish(&line);
}

static bool more(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct draft *draft = composed(call, err);
	if (!draft) return false;
	struct list_view list = {.title = xstrdup("More (Enter: on, off)")};
	add_switch(app, &list, draft->sensitive, "sensitive", "", "media are covered at first");
	heading(&list, "Who may answer (Bluesky)");
	for (size_t i = 0; i < sizeof(gates) / sizeof(*gates); i++)
		add_switch(app, &list, draft->gate & gates[i].bit, "gate", gates[i].name,
		        gates[i].help);
	heading(&list, "What is in it (Bluesky)");
	for (int i = 0; i < SELF_LABELS; i++)
		add_switch(app, &list, has_word(draft->self_labels, self_labels[i]), "self-label",
		        self_labels[i], "");
	heading(&list, "Who keeps it until its time");
	for (int i = 0; i < DRAFT_NVIAS; i++)
		add_switch(app, &list, (int)draft->via == i, "via", draft_vias[i].name,
		        draft_vias[i].help);
	heading(&list, "When its time passed and nothing could send it");
	for (int i = 0; i < DRAFT_NLATES; i++)
		add_switch(app, &list, (int)draft->late == i, "late", draft_lates[i].name,
		        draft_lates[i].help);
	/* The line that was switched, by its place among all lines. */
	size_t line = call->argc > 1 ? (size_t)strtoul(call->argv[1], NULL, 10) : 0;
	for (size_t i = 0; i < line && i < list.nitems; i++)
		list.focus += !list.items[i].heading;
	overlay_list(app, &list);
	return true;
}

/* -- a long text -- */

static bool split(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!composed(call, err)) return false;
	for (int i = 0; call->argc > 1 && i < SPLIT_COUNT; i++) {
		if (strcmp(call->argv[1], splits[i].name) == 0)
			return compose_split_do(app, (enum split)i, err);
	}
	struct list_view list = {.title = xstrdup("Cut it into a thread")};
	const char *whole = compose_shown(app);
	for (int i = 0; i < SPLIT_COUNT; i++) {
		enum { SHOWN = 60 };
		size_t *ends, n = compose_split(app, (enum split)i, &ends), from = 0;
		struct str line = {0}, about = {0};
		char key[2] = {splits[i].name[0], 0};
		str_addf(&line, "compose split %s", splits[i].name);
		str_addf(&about, "%s: %zu parts", splits[i].help, n);
		const struct list_item item = {.key = key, .text = about.p, .line = line.p};
		list_view_add(&list, &item);
		/* The beginnings of the parts, so that one sees where it is cut. */
		for (size_t part = 0; ends && n > 1 && part < n; part++) {
			struct str start = {0};
			size_t len = ends[part] - from;
			str_addf(&start, "   %zu ", part + 1);
			str_add(&start, whole + from, utf8_prefix(whole + from, len, SHOWN));
			for (size_t at = 0; at < start.len; at++) {
				if (start.p[at] == '\n') start.p[at] = ' ';
			}
			list_view_add(&list, &(struct list_item){.text = start.p, .line = line.p});
			str_finish(&start);
			from = ends[part];
		}
		free(ends);
		str_finish(&line);
		str_finish(&about);
	}
	overlay_list(app, &list);
	return true;
}

static const struct cmd_hooks account_hooks = {.complete = complete_account, .can = can_compose};
static const struct cmd_hooks here = {.can = can_compose};

const struct cmd compose_menu_commands[] = {
        {"compose account", "NAME [on|off]", "let an account post this too, or not", ANYWHERE,
                account, &account_hooks},
        {"compose accounts", "[NAME]", "choose which accounts post this", ANYWHERE, accounts,
                &account_hooks},
        {"compose gate", "followed|followers|mentioned|no-quotes|nobody",
                "who may answer, on Bluesky", ANYWHERE, gate, &here},
        {"compose late", "ask|send|drop", "what becomes of it when its time was missed", ANYWHERE,
                late, &here},
        {"compose more", "[N]", "what few posts need: who may answer, labels, who keeps it",
                ANYWHERE, more, &here},
        {"compose self-label", "graphic-media|nudity|porn|sexual", "say what is in it, on Bluesky",
                ANYWHERE, self_label, &here},
        {"compose sensitive", "[on|off]", "cover its media at first", ANYWHERE, sensitive, &here},
        {"compose split", "[paragraph|sentence|word]", "cut a long text into a thread", ANYWHERE,
                split, &here},
        {"compose text", "[NAME]", "write the text of one account or network; else everybody's",
                ANYWHERE, text, &account_hooks},
        {"compose text-drop", "", "let the common text stand in place of this one", ANYWHERE,
                text_drop, &here},
        {"compose texts", "", "choose whose text is written", ANYWHERE, text_menu, &here},
        {"compose via", "auto|server|local", "who keeps it until its time", ANYWHERE, via, &here},
        {"compose visibility", "[public|unlisted|followers|direct|usual]", "choose who sees it",
                ANYWHERE, visibility, &here},
        {0},
};
