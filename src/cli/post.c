#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "base/clock.h"
#include "base/mem.h"
#include "commands.h"
#include "engine/measure.h"
#include "fields.h"
#include "out.h"
#include "post_trial.h"
#include "sending.h"

/* Publish or schedule from the command line. */

const char post_more[] =
        "The text is the words, or standard input for a single `-`. With several accounts that\n"
        "can post, -a is wanted. It waits until the post is out: 0 is sent, or safely queued\n"
        "with --at; 1 is failed or unknown, and the queue holds it (`stoa queue`). Each --alt\n"
        "describes the --media before it. Files and polls go to the first post of a thread;\n"
        "after `--part 2` to its second. A dry run sends nothing and says, for each account,\n"
        "what would be sent: what links and names there are with their bytes, how much of the\n"
        "limit is used, and where the text would be cut; `-a mastodon:` is such a network\n"
        "without an account.";

/* Those of the post itself, then what to do with it. */
const struct cli_option post_options[] = {
#define X(id, name, value, help) {name, value, help},
        POST_FIELDS(X)
#undef X
                {"dry-run", NULL, "send nothing; say what would be sent"},
        {"json", NULL, "one JSON object a line"},
        {0},
};

struct posting {
	struct session session;
	struct queued queued;
	struct fields_world world;
	struct fields fields;
	bool json;
};

char *post_read_input(FILE *file, size_t *out_len)
{
	struct str text = {0};
	char part[4096];
	for (size_t n; text.len <= DRAFT_MAX_TEXT && (n = fread(part, 1, sizeof(part), file)) > 0;)
		str_add(&text, part, n);
	*out_len = text.len;
	return str_take(&text);
}

static bool read_text(struct fields *fields, const struct args *args, struct err *err)
{
	size_t len = 0;
	char *text;
	if (args->nwords == 1 && strcmp(args->words[0], "-") == 0) {
		text = post_read_input(stdin, &len);
	} else {
		struct str joined = {0};
		for (int i = 0; i < args->nwords; i++)
			str_addf(&joined, "%s%s", i ? " " : "", args->words[i]);
		len = joined.len;
		text = str_take(&joined);
	}
	bool ok = fields_text(fields, text, len, err);
	free(text);
	return ok;
}

/* What was said, in its order. */
static bool read_fields(struct fields *fields, const struct args *args, struct err *err)
{
	for (size_t i = 0; i < args->ngiven; i++) {
		struct err why = {0};
		size_t row = args->given[i].row;
		if (row >= FIELD_COUNT) continue;
		const char *value = field_rows[row].value ? args->given[i].value : NULL;
		if (!fields_set(fields, (enum post_field)row, value, &why))
			return err_set(err, why.code, "--%s: %s", field_rows[row].name, why.text);
	}
	return read_text(fields, args, err);
}

/* Can every account take every part? All that is wrong is said before anything is sent. */
static bool is_fit(const struct fields *fields)
{
	bool fit = true;
	for (size_t t = 0; t < fields->ntargets; t++) {
		for (size_t part = 0; part < fields->draft->nparts; part++) {
			struct err err = {0};
			if (post_fits(fields, t, part, &err)) continue;
			fit = false;
			fprintf(stderr, "stoa: %s: ", fields->targets[t]->name);
			out_text(stderr, err.text);
			fputc('\n', stderr);
		}
	}
	if (!fit) fputs("stoa: nothing was sent\n", stderr);
	return fit;
}

static bool is_of_draft(const void *ctx, const struct outgoing *item)
{
	return item->draft == *(const int64_t *)ctx;
}

static int send_it(struct posting *posting, struct err *err)
{
	struct job *job = job_new(JOB_SEND);
	job->draft = draft_copy(posting->fields.draft);
	if (!session_do(&posting->session, job, SENDING_JOB_MS, err)) return out_fail(err);
	int64_t draft = posting->session.number;
	sending_wait(&posting->session, &posting->queued, is_of_draft, &draft);
	int status = CLI_DONE;
	size_t n = 0;
	for (size_t i = 0; i < posting->queued.nitems; i++) {
		const struct outgoing *item = posting->queued.items[i];
		if (item->draft != draft) continue;
		n++;
		sending_report(&posting->session, &posting->queued, item, posting->json);
		if (!sending_is_well(&posting->queued, item, clock_wall(&clock_system)))
			status = CLI_FAILED;
	}
	if (n == 0) {
		fputs("stoa: the queue does not tell what became of it: `stoa queue`\n", stderr);
		status = CLI_FAILED;
	}
	return status;
}

static int run(struct posting *posting, const struct args *args, struct err *err)
{
	bool trial = args_has(args, "dry-run");
	const char *sender = trial ? NULL : "stoa post";
	if (!session_open(&posting->session, sender, queued_take, &posting->queued, err))
		return out_fail(err);
	posting->world = (struct fields_world){.session = &posting->session,
	        .queued = &posting->queued,
	        .now_ms = clock_wall(&clock_system),
	        .networks = trial};
	posting->fields.world = &posting->world;
	if (!read_fields(&posting->fields, args, err) || !fields_done(&posting->fields, err)) {
		if (err->code == ERR_SYNTAX) return args_usage(cli_find("post"), "%s", err->text);
		return out_fail(err);
	}
	if (trial) return post_trial(&posting->fields, posting->json);
	if (!is_fit(&posting->fields)) return CLI_FAILED;
	return send_it(posting, err);
}

int post_run(int argc, char **argv)
{
	struct args args;
	struct posting posting = {0};
	struct err err = {0};
	if (!args_read(&args, cli_find("post"), argc, argv)) return CLI_USAGE;
	if (args.nwords == 0 && !args_has(&args, "media") && !args_has(&args, "poll"))
		return args_usage(cli_find("post"), "post what? Words, or - for standard input");
	posting.json = args_has(&args, "json");
	int status = run(&posting, &args, &err);
	fields_finish(&posting.fields);
	fields_world_finish(&posting.world);
	session_finish(&posting.session);
	queued_finish(&posting.queued);
	return status;
}
