#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/paths.h"
#include "cli/cli.h"
#include "commands/commands.h"
#include "ui/term.h"

/* What to do: the deck, or a command that needs no screen. */

enum { SNAPSHOT_MS = 10000, SNAPSHOT_TURN_MS = 50, SNAPSHOT_MAX = 1000 };

struct wishes {
	const char *config, *deck;
	int cols, rows; /* of a snapshot; 0: none is wanted */
	bool linear;    /* plain lines and words */
	bool plain;     /* the terminal cannot show a deck: say so with the snapshot */
};

static void help(void)
{
	puts("usage: stoa [--config FILE] [--deck NAME] [--linear] [--snapshot COLSxROWS]\n"
	     "       stoa COMMAND …\n"
	     "\n"
	     "Without a command, stoa opens the deck: your networks and feeds as columns.\n");
	for (const struct cli_option *row = deck_options; row->name; row++) {
		char left[32];
		snprintf(left, sizeof(left), "--%s%s%s", row->name, row->value ? " " : "",
		        row->value ? row->value : "");
		printf("  %-21s %s\n", left, row->help);
	}
	putchar('\n');
	cli_help();
}

static int usage_error(const char *what, const char *word)
{
	fprintf(stderr, "stoa: %s%s; `stoa --help` says what can be said\n", what, word);
	return CLI_USAGE;
}

static int fail(const struct err *err)
{
	fprintf(stderr, "stoa: %s\n", err->text);
	return CLI_FAILED;
}

static int dump_config(void)
{
	struct str out = {0};
	config_dump(&out);
	bool ok = fwrite(out.p, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
	str_finish(&out);
	return ok ? CLI_DONE : CLI_FAILED;
}

static bool parse_size(const char *text, struct wishes *out)
{
	char end;
	return sscanf(text, "%dx%d%c", &out->cols, &out->rows, &end) == 2 && out->cols > 0 &&
	       out->rows > 0 && out->cols <= SNAPSHOT_MAX && out->rows <= SNAPSHOT_MAX;
}

static int64_t now_ms(void)
{
	return clock_mono(&clock_system);
}

/* Let the deck load, and print it. Fails when there are sources and none answered. */
static int snapshot(struct app *app)
{
	size_t ok = 0, all = 0;
	int64_t until = now_ms() + SNAPSHOT_MS;
	while (now_ms() < until && !app_loaded(app, &ok, &all)) {
		if (!app_turn(app, SNAPSHOT_TURN_MS)) break;
	}
	/* Two more turns: what came last is merged, and drawn. */
	app_turn(app, 0);
	app_turn(app, 0);
	app_loaded(app, &ok, &all);
	struct str out = {0};
	grid_print(term_memory_grid(app_term(app)), &out);
	fwrite(str_c(&out), 1, out.len, stdout);
	str_finish(&out);
	return all > 0 && ok == 0 ? CLI_FAILED : CLI_DONE;
}

/* The terminal that was wished for, or that there is. */
static bool open_term(struct wishes *wishes, struct term *term)
{
	struct term_options opts = {.colors = "auto", .mouse = true};
	struct err err = {0};
	if (!wishes->cols && isatty(STDOUT_FILENO) && isatty(STDIN_FILENO)) {
		if (term_curses_open(term, &opts, &err)) return true;
		fprintf(stderr, "stoa: %s\n", err.text);
	}
	wishes->plain = !wishes->cols;
	if (wishes->plain) {
		wishes->cols = 80;
		wishes->rows = 40;
	}
	term_memory_open(term, wishes->rows, wishes->cols);
	term->ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	return true;
}

static int run_deck(struct wishes *wishes, const struct paths *paths, bool *out_again)
{
	struct err err = {0};
	struct app *app;
	struct engine_options engine = {
	        .state_dir = paths->state, .data_dir = paths->data, .spacing_ms = -1};
	struct app_options opts = {.config = wishes->config,
	        .paths = paths,
	        .commands = &deck_commands,
	        .clock = &clock_system,
	        .engine = &engine,
	        .deck = wishes->deck,
	        .linear = wishes->linear};
	open_term(wishes, &opts.term);
	opts.look_only = wishes->cols > 0;
	if (!app_new(&opts, &app, &err)) return fail(&err);
	int status = wishes->cols ? snapshot(app) : app_run(app);
	*out_again = app_wants_again(app);
	app_free(app);
	if (wishes->plain)
		fprintf(stderr, "stoa: this terminal cannot show the deck; above it is as text. "
		                "`stoa read` prints posts\n");
	return status;
}

static int deck(struct wishes *wishes)
{
	struct err err = {0};
	struct paths paths = {0};
	if (!paths_init(&paths, &err) || !paths_make(&paths, &err)) {
		paths_finish(&paths);
		return fail(&err);
	}
	char *log = paths_join(paths.state, "log");
	log_open(log, LOG_WARN, NULL);
	free(log);
	bool again;
	int status;
	do {
		again = false;
		status = run_deck(wishes, &paths, &again);
	} while (again);
	log_close();
	paths_finish(&paths);
	return status;
}

/* The value of an option, as `--name value` or `--name=value`; NULL when it is another option. */
static const char *value_of(const char *name, int argc, char **argv, int *i)
{
	size_t len = strlen(name);
	if (strncmp(argv[*i], name, len) != 0) return NULL;
	if (argv[*i][len] == '=') return argv[*i] + len + 1;
	if (argv[*i][len] || *i + 1 >= argc) return NULL;
	return argv[++*i];
}

static bool is_name(const char *name)
{
	return *name && *name != '.' && !strchr(name, '/');
}

int main(int argc, char **argv)
{
	const char *linear = getenv("STOA_LINEAR");
	struct wishes wishes = {.linear = linear && *linear && strcmp(linear, "0") != 0};
	setlocale(LC_ALL, "");
	for (int i = 1; i < argc; i++) {
		const char *value;
		if (argv[i][0] != '-') return cli_main(argc - i, argv + i);
		if (strcmp(argv[i], "--version") == 0) {
			puts("stoa " STOA_VERSION);
			return CLI_DONE;
		}
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			help();
			return CLI_DONE;
		}
		if (strcmp(argv[i], "--dump-config") == 0) return dump_config();
		if (strcmp(argv[i], "--linear") == 0) {
			wishes.linear = true;
			continue;
		}
		if ((value = value_of("--config", argc, argv, &i)))
			wishes.config = value;
		else if ((value = value_of("--deck", argc, argv, &i)) && is_name(value))
			wishes.deck = value;
		else if ((value = value_of("--snapshot", argc, argv, &i))) {
			if (!parse_size(value, &wishes))
				return usage_error(
				        "a snapshot is COLSxROWS, such as 160x45, not ", value);
		} else
			return usage_error("not understood: ", argv[i]);
	}
	return deck(&wishes);
}
