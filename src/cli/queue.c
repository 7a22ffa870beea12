#include "queue.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "commands.h"
#include "db/queue_db.h"
#include "db/queue_outbox.h"
#include "model/post.h"
#include "out.h"
#include "sending.h"

/* Drafts, scheduled posts and the outbox, without a screen. */

enum { LIST_TEXT = 60, MAX_WORDS = 1000 };

const char queue_more[] =
        "  list              what waits, what is wrong, and drafts (--all: what is over too)\n"
        "  show ID           all about one, with every state that it had\n"
        "  edit ID           change its text in $EDITOR\n"
        "  move ID TIME      another time: `fri 14:30`, `next slot`\n"
        "  cancel ID…        do not post it; throw a draft away\n"
        "  retry ID…         send what failed, was missed or needs you\n"
        "  sent ID…          it needs you, and you say that it was posted\n"
        "  run               send what is due and come back; 0 when nothing is left due or "
        "unknown\n"
        "  hold [ACCOUNT]    nothing goes out; posts handed to servers are withdrawn\n"
        "  resume [ACCOUNT]  the end of a hold\n"
        "  import FILE|-     many at once, from CSV or JSON lines (--dry-run: only say what is "
        "wrong)\n"
        "  export            what waits, as JSON lines (or --format csv) that import reads\n"
        "  recover           after damage: a new queue.db, of the newest backup and all that can\n"
        "                    still be read; the damaged file is kept\n"
        "\n"
        "An ID is a number, of a draft `d` and a number. The columns of an import, which its\n"
        "first line names, and the members of its JSON objects, are `text` and the options of\n"
        "`stoa post`; all of it is taken or, when one row is wrong, none.";

const struct cli_option queue_options[] = {
        {"all", NULL, "list: what is over too"},
        {"dry-run", NULL, "import: take nothing, only say what is wrong where"},
        {"format", "F", "import: csv or json (by the file's name, else its first byte)"},
        {"json", NULL, "one JSON object a line"},
        {"zone", "ZONE", "move, import: by whose clocks times are meant (the machine's)"},
        {0},
};

static const struct queue_row {
	const char *name;
	int min, max; /* words */
	queue_verb *run;
} verbs_of_queue[] = {
        {"cancel", 1, MAX_WORDS, queue_cancel},
        {"edit", 1, 1, queue_edit},
        {"export", 0, 0, queue_export},
        {"hold", 0, 1, queue_hold},
        {"import", 1, 1, queue_import},
        {"list", 0, 0, queue_list},
        {"move", 2, MAX_WORDS, queue_move},
        {"recover", 0, 0, queue_recover},
        {"resume", 0, 1, queue_resume},
        {"retry", 1, MAX_WORDS, queue_retry},
        {"run", 0, 0, queue_run_due},
        {"sent", 1, MAX_WORDS, queue_sent},
        {"show", 1, 1, queue_show},
};

bool queue_open(struct queue_call *call, const char *sender, struct err *err)
{
	queued_finish(&call->queued);
	return session_open(&call->session, sender, queued_take, &call->queued, err);
}

bool queue_id_read(const char *word, struct queue_id *out, struct err *err)
{
	char *end;
	bool is_draft = *word == 'd';
	const char *digits = word + is_draft;
	long long id = strtoll(digits, &end, 10);
	if (*digits < '0' || *digits > '9' || *end || id <= 0)
		return err_set(err, ERR_SYNTAX,
		        "'%s' is no post of the queue: they are numbers, drafts d and a number",
		        word);
	*out = (struct queue_id){id, is_draft};
	return true;
}

struct outgoing *queue_item(struct queue_call *call, const char *word, struct err *err)
{
	struct queue_id id;
	if (!queue_id_read(word, &id, err)) return NULL;
	struct outgoing *item = id.is_draft ? NULL : queued_item(&call->queued, id.id);
	if (!item && id.is_draft)
		err_set(err, ERR_SYNTAX, "%s is a draft, and is not on its way", word);
	else if (!item)
		err_set(err, ERR_NOT_FOUND, "the queue has no %s; `stoa queue --all` lists it",
		        word);
	return item;
}

struct draft *queue_draft(struct queue_call *call, const char *word, struct err *err)
{
	struct queue_id id;
	if (!queue_id_read(word, &id, err)) return NULL;
	struct draft *draft = queued_draft(&call->queued, id.id);
	if (!draft) err_set(err, ERR_NOT_FOUND, "there is no draft %s", word);
	return draft;
}

/* -- list -- */

/* The beginning of a text, on one line. */
static void add_beginning(struct str *out, const char *text)
{
	size_t len = utf8_prefix(text, strlen(text), LIST_TEXT);
	for (size_t i = 0; i < len; i++)
		str_addc(out, text[i] == '\n' || text[i] == '\t' ? ' ' : text[i]);
	if (text[len]) str_adds(out, "…");
}

static void print_item(const struct queue_call *call, const struct outgoing *item)
{
	struct str line = {0};
	char buf[32];
	bool held = item->state == OUTGOING_SCHEDULED &&
	            (item->held || queued_is_held(&call->queued, item->account));
	str_addf(&line, "%-5" PRId64 " %-10s %s", item->id,
	        held ? "held" : outgoing_states[item->state].name,
	        sending_name(&call->session, item->account, buf));
	if (item->state == OUTGOING_SENT) {
		str_addf(&line, "  %s", item->url ? item->url : item->uri ? item->uri : "");
	} else if (item->at.utc_ms) {
		str_adds(&line, "  ");
		when_print(&line, &item->at, clock_wall(&clock_system));
	}
	str_adds(&line, "\n      ");
	add_beginning(&line, item->text ? item->text : "");
	if (item->nmedia) str_addf(&line, " [%zu files]", item->nmedia);
	if (item->after) str_addf(&line, " (after %" PRId64 ")", item->after);
	if (item->cause && item->state != OUTGOING_SENT) str_addf(&line, "\n      %s", item->cause);
	str_addc(&line, '\n');
	out_text(stdout, str_c(&line));
	str_finish(&line);
}

static void print_draft(const struct queue_call *call, const struct draft *draft)
{
	struct str line = {0}, id = {0};
	char buf[32];
	str_addf(&id, "d%" PRId64, draft->id);
	str_addf(&line, "%-5s %-10s ", str_c(&id), "draft");
	for (size_t i = 0; i < draft->naccounts; i++)
		str_addf(&line, "%s%s", i ? ", " : "",
		        sending_name(&call->session, draft->accounts[i], buf));
	str_adds(&line, "\n      ");
	add_beginning(&line, draft->parts[0].text);
	if (draft->nparts > 1) str_addf(&line, " [%zu parts]", draft->nparts);
	str_addc(&line, '\n');
	out_text(stdout, str_c(&line));
	str_finish(&line);
	str_finish(&id);
}

void queue_json_item(struct queue_call *call, const struct outgoing *item)
{
	struct str object = {0}, line = {0};
	char buf[32];
	outgoing_print(&object, item);
	str_adds(&line, "{\"account_name\":");
	json_quote(&line, sending_name(&call->session, item->account, buf));
	str_addf(&line, ",%s", object.p + 1);
	out_text(stdout, str_c(&line));
	putchar('\n');
	str_finish(&object);
	str_finish(&line);
}

static void json_draft(const struct draft *draft)
{
	struct str line = {0};
	str_addf(&line, "{\"id\":\"d%" PRId64 "\",\"state\":\"draft\",\"draft\":", draft->id);
	draft_encode(&line, draft);
	str_addc(&line, '}');
	out_text(stdout, str_c(&line));
	putchar('\n');
	str_finish(&line);
}

static int by_time(const void *a, const void *b)
{
	const struct outgoing *x = *(const struct outgoing *const *)a,
	                      *y = *(const struct outgoing *const *)b;
	if (queued_is_trouble(x) != queued_is_trouble(y)) return queued_is_trouble(x) ? -1 : 1;
	if (x->at.utc_ms != y->at.utc_ms) return x->at.utc_ms < y->at.utc_ms ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* What is over but for troubles is left out, unless all is wanted. Owned array. */
static struct outgoing **choose(const struct queue_call *call, size_t *out_n)
{
	const struct queued *queued = &call->queued;
	bool all = args_has(call->args, "all");
	struct outgoing **list = xcalloc(queued->nitems + 1, sizeof(*list));
	size_t n = 0;
	for (size_t i = 0; i < queued->nitems; i++) {
		const struct outgoing *item = queued->items[i];
		if (all || !outgoing_is_over(item->state) || item->state == OUTGOING_FAILED)
			list[n++] = queued->items[i];
	}
	qsort(list, n, sizeof(*list), by_time);
	*out_n = n;
	return list;
}

static void print_end(const struct queue_call *call, size_t n)
{
	const struct queued *queued = &call->queued;
	struct str line = {0};
	char buf[32];
	for (size_t i = 0; i < queued->nheld; i++) {
		account_id account = queued->held[i];
		str_addf(&line, "held: nothing goes out for %s; `stoa queue resume` ends that\n",
		        account ? sending_name(&call->session, account, buf) : "any account");
	}
	if (n == 0 && queued->ndrafts == 0) str_adds(&line, "the queue is empty\n");
	if (n > 0 && queued->sender && *queued->sender)
		str_addf(&line, "what is due is sent by: %s\n", queued->sender);
	else if (n > 0)
		str_adds(&line, "nobody sends what is due now: open the deck, or start `stoa "
		                "daemon`\n");
	out_text(stdout, str_c(&line));
	str_finish(&line);
}

int queue_list(struct queue_call *call, struct err *err)
{
	if (!queue_open(call, NULL, err)) return out_fail(err);
	size_t n;
	struct outgoing **list = choose(call, &n);
	for (size_t i = 0; i < n; i++) {
		if (call->json)
			queue_json_item(call, list[i]);
		else
			print_item(call, list[i]);
	}
	for (size_t i = 0; i < call->queued.ndrafts; i++) {
		if (call->json)
			json_draft(call->queued.drafts[i]);
		else
			print_draft(call, call->queued.drafts[i]);
	}
	if (!call->json) print_end(call, n);
	free(list);
	return CLI_DONE;
}

/* -- show -- */

static void add_field(struct str *out, const char *name, const char *value)
{
	if (value && *value) str_addf(out, "%-11s %s\n", name, value);
}

static void add_moment(struct str *out, const char *name, int64_t at_ms, const char *zone)
{
	struct when when;
	if (!at_ms || !when_at(at_ms, zone, &when, NULL)) return;
	str_addf(out, "%-11s ", name);
	when_print(out, &when, clock_wall(&clock_system));
	str_addc(out, '\n');
}

static void add_text(struct str *out, const char *text)
{
	str_addc(out, '\n');
	for (const char *at = text; *at;) {
		size_t len = strcspn(at, "\n");
		str_addf(out, "  | %.*s\n", (int)len, at);
		at += len + (at[len] == '\n');
	}
}

static void add_content(struct str *out, const struct outgoing *item)
{
	add_field(out, "warning", item->warning);
	add_field(out, "lang", item->lang);
	if (item->visibility_set) add_field(out, "visibility", visibility_name(item->visibility));
	add_field(out, "reply to", item->reply_to);
	add_field(out, "quotes", item->quote_of);
	add_field(out, "label", item->label);
	for (size_t i = 0; i < item->nmedia; i++) {
		add_field(out, "file", item->media[i].path);
		add_field(out, "  shows", item->media[i].alt);
		add_field(out, "  uploaded", item->media[i].made ? "yes" : "not yet");
	}
	for (size_t i = 0; item->poll && i < item->poll->noptions; i++)
		add_field(out, "answer", item->poll->options[i]);
	add_text(out, item->text ? item->text : "");
}

static void on_history(void *ctx, int64_t at_ms, const char *state, const char *cause)
{
	struct str *out = ctx;
	struct when when;
	if (!when_at(at_ms, NULL, &when, NULL)) return;
	str_addf(out, "  %s  %s%s%s\n", when.wall, state, cause && *cause ? ": " : "",
	        cause ? cause : "");
}

/* The engine is closed before: who reads the file here is alone in this process. */
static void add_history(struct queue_call *call, int64_t id, struct str *out)
{
	struct paths paths = {0};
	struct queue_db *db = NULL;
	session_finish(&call->session);
	if (!paths_init(&paths, NULL)) return;
	char *path = paths_join(paths.state, "queue.db");
	if (queue_db_open(path, &db, NULL)) {
		str_adds(out, "\nwhat became of it\n");
		queue_db_history(db, id, on_history, out, NULL);
	}
	queue_db_close(db);
	free(path);
	paths_finish(&paths);
}

static void show_item(struct queue_call *call, const struct outgoing *item)
{
	struct str out = {0};
	char buf[32];
	str_addf(&out, "%-11s %s\n", "account", sending_name(&call->session, item->account, buf));
	str_addf(&out, "%-11s %s: %s\n", "state", outgoing_states[item->state].name,
	        outgoing_states[item->state].help);
	add_field(&out, "cause", item->cause);
	add_field(&out, "address", item->url ? item->url : item->uri);
	add_moment(&out, "at", item->at.utc_ms, item->at.zone);
	add_field(&out, "via", draft_vias[item->via].name);
	add_field(&out, "late", draft_lates[item->late].help);
	add_moment(&out, "made", item->made_ms, NULL);
	add_moment(&out, "first tried", item->first_ms, NULL);
	add_moment(&out, "sent", item->sent_ms, NULL);
	if (item->state == OUTGOING_SCHEDULED) add_moment(&out, "not before", item->next_ms, NULL);
	add_content(&out, item);
	add_history(call, item->id, &out);
	out_text(stdout, str_c(&out));
	str_finish(&out);
}

int queue_show(struct queue_call *call, struct err *err)
{
	struct queue_id id;
	if (!queue_id_read(call->words[0], &id, err)) return out_fail(err);
	if (!queue_open(call, NULL, err)) return out_fail(err);
	if (id.is_draft) {
		const struct draft *draft = queue_draft(call, call->words[0], err);
		if (!draft) return out_fail(err);
		if (call->json) {
			json_draft(draft);
			return CLI_DONE;
		}
		for (size_t i = 0; i < draft->nparts; i++) {
			out_text(stdout, draft->parts[i].text);
			puts(i + 1 < draft->nparts ? "\n---" : "");
		}
		return CLI_DONE;
	}
	const struct outgoing *item = queue_item(call, call->words[0], err);
	if (!item) return out_fail(err);
	if (call->json)
		queue_json_item(call, item);
	else
		show_item(call, item);
	return CLI_DONE;
}

/* -- the command -- */

static const struct queue_row *verb_named(const char *name)
{
	for (size_t i = 0; i < sizeof(verbs_of_queue) / sizeof(*verbs_of_queue); i++) {
		if (strcmp(verbs_of_queue[i].name, name) == 0) return &verbs_of_queue[i];
	}
	return NULL;
}

int queue_run(int argc, char **argv)
{
	const struct cli_command *self = cli_find("queue");
	struct args args;
	struct err err = {0};
	if (!args_read(&args, self, argc, argv)) return CLI_USAGE;
	const char *name = args.nwords ? args.words[0] : "list";
	const struct queue_row *verb = verb_named(name);
	if (!verb) return args_usage(self, "'%s' is nothing that is done with the queue", name);
	struct queue_call call = {.args = &args, .json = args_has(&args, "json")};
	if (args.nwords) {
		call.words = args.words + 1;
		call.nwords = args.nwords - 1;
	}
	if (call.nwords < verb->min) return args_usage(self, "%s: something is missing", name);
	if (call.nwords > verb->max)
		return args_usage(self, "%s: '%s' is too much", name, call.words[verb->max]);
	int status = verb->run(&call, &err);
	if (status == CLI_FAILED && err.code == ERR_SYNTAX) status = CLI_USAGE;
	session_finish(&call.session);
	queued_finish(&call.queued);
	return status;
}
