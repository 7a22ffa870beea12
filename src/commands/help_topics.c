#include <stdlib.h>
#include <string.h>

#include "app/config.h"
#include "base/mem.h"
#include "help.h"
#include "query/query.h"
#include "tables.h"
#include "ui/theme.h"

/* What `help TOPIC` lists, a table each. */

void help_row(struct list_view *list, const char *key, const char *text, const char *detail,
        const char *line)
{
	list_view_add(list, &(struct list_item){.key = (char *)key,
	                            .text = (char *)text,
	                            .detail = (char *)detail,
	                            .line = (char *)line});
}

void help_heading(struct list_view *list, const char *text)
{
	list_view_add(list, &(struct list_item){.text = (char *)text, .heading = true});
}

/* A row that leads to the page about its name. */
static void page_row(struct list_view *list, const char *name, const char *help)
{
	struct str line = {0};
	str_addf(&line, "help %s", name);
	help_row(list, NULL, name, help, line.p);
	str_finish(&line);
}

static void add_command(void *ctx, const struct cmd *cmd)
{
	page_row(ctx, cmd->name, cmd->help);
}

static void add_commands(struct app *app, struct list_view *list)
{
	help_heading(list, "commands: `:` takes them, keys run them, files hold them");
	cmd_each(app->commands, add_command, list);
}

static void add_options(struct app *app, struct list_view *list)
{
	(void)app;
	help_heading(list, "options: `set NAME VALUE`, here or in the config");
	for (const struct option_row *row = option_rows; row->name; row++)
		page_row(list, row->name, row->help);
}

static void add_keys(struct app *app, struct list_view *list)
{
	/* Each context by itself; the first ones fall through to the last. */
	for (int context = 0; context < KEYS_COUNT; context++) {
		struct list_view own = {0};
		help_keys(app, &own, (enum key_context)context);
		size_t headings = 0;
		for (size_t i = 0; i < own.nitems && headings < 2; i++) {
			headings += own.items[i].heading;
			if (headings < 2) list_view_add(list, &own.items[i]);
		}
		list_view_finish(&own);
	}
}

static void add_roles(struct app *app, struct list_view *list)
{
	(void)app;
	help_heading(list, "roles of a theme: `style ROLE FOREGROUND BACKGROUND`");
	for (int role = 0; role < ROLE_COUNT; role++)
		help_row(list, NULL, role_name((enum role)role), role_help((enum role)role), NULL);
}

static void add_layouts(struct app *app, struct list_view *list)
{
	(void)app;
	help_heading(list, "layouts of a post: `set layout NAME`");
	for (const struct post_layout *row = post_layouts; row->name; row++) {
		struct str line = {0};
		str_addf(&line, "set layout %s", row->name);
		help_row(list, NULL, row->name, row->help, line.p);
		str_finish(&line);
	}
	help_heading(list, "fields of one's own: `set layout \"name handle > time | text=3\"`");
	for (int field = 0; field < FIELD_COUNT; field++)
		help_row(
		        list, NULL, post_field_rows[field].name, post_field_rows[field].help, NULL);
}

static void add_sources(struct app *app, struct list_view *list)
{
	(void)app;
	help_heading(list, "sources of a column: ACCOUNT/KIND or ACCOUNT/KIND:ARGUMENT");
	for (size_t i = 0; i < SOURCE_NKINDS; i++)
		help_row(list, NULL, source_kinds[i].name, source_kinds[i].help, NULL);
}

static void add_query(struct app *app, struct list_view *list)
{
	static const char *const rules[][2] = {
	        {"a word", "anywhere in the text; several mean all of them"},
	        {"\"a phrase\"", "as it stands"},
	        {"-word", "not that"},
	        {"a OR b", "either, in capitals; ( ) group"},
	        {"#tag @ada", "that tag, that author"},
	        {"/re+gex/", "a regular expression on the text as it was written"},
	};
	const struct query_word *field;
	(void)app;
	help_heading(list, "asking: `/` here, `\\` for good, in columns, mutes and rules");
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		help_row(list, NULL, rules[i][0], rules[i][1], NULL);
	help_heading(list, "fields of a query");
	for (size_t i = 0; (field = query_field(i)); i++) {
		if (*field->name) help_row(list, NULL, field->name, field->help, NULL);
	}
}

static void add_signs(struct app *app, struct list_view *list)
{
	static const struct {
		enum mark mark;
		const char *means;
	} signs[] = {
	        {MARK_UNREAD, "unread; in a header: posts come by themselves"},
	        {MARK_BAR, "the selected post"},
	        {MARK_REPOST, "reposted, and how often"},
	        {MARK_LIKE, "liked, and how often"},
	        {MARK_REPLY, "whom it answers, and how many answers it has"},
	        {MARK_QUOTE, "quoted"},
	        {MARK_BOOKMARK, "you bookmarked it"},
	        {MARK_MEDIA, "a picture or the like, by its description"},
	        {MARK_WARNING, "a warning, or what hides it; x shows it"},
	        {MARK_FOLD, "folded; Enter shows it"},
	        {MARK_GAP, "posts are missing here; Enter loads them"},
	        {MARK_STAR, "a highlight rule found it"},
	        {MARK_OPENED, "the post whose conversation this is"},
	        {MARK_LEFT, "columns out of view on this side, and their unread posts"},
	        {MARK_RIGHT, "likewise; where a link leads; what is focused"},
	};
	help_heading(list, "signs on posts and headers");
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		help_row(list, ui_mark(&app->ui, signs[i].mark), signs[i].means, NULL, NULL);
}

static void add_presets(struct app *app, struct list_view *list)
{
	(void)app;
	help_heading(list, "keys of other programs: `preset NAME`");
	for (size_t i = 0; presets[i].name; i++)
		help_row(list, NULL, presets[i].name, presets[i].help, NULL);
}

static void add_topics(struct app *app, struct list_view *list)
{
	(void)app;
	help_heading(list, "help TOPIC, or of any command, option, key or word");
	for (const struct help_topic *row = help_topics; row->name; row++)
		page_row(list, row->name, row->help);
}

const struct help_topic help_topics[] = {
        {"commands", "everything that can be said", add_commands},
        {"keys", "every key, wherever it works", add_keys},
        {"layouts", "how posts are laid out", add_layouts},
        {"options", "what can be set", add_options},
        {"presets", "the keys of other programs", add_presets},
        {"query", "how to ask for posts", add_query},
        {"roles", "what a theme colours", add_roles},
        {"signs", "what the marks on posts mean", add_signs},
        {"sources", "what a column can show", add_sources},
        {"topics", "this list", add_topics},
        {0},
};

/* -- pages -- */

static void bound_to(const struct app *app, const struct cmd *cmd, struct list_view *list)
{
	struct str keys = {0}, asking = {0};
	str_addf(&asking, "prompt %s", cmd->name);
	for (int context = 0; context < KEYS_COUNT; context++) {
		const char *lines[] = {cmd->name, asking.p};
		for (size_t i = 0; i < 2; i++) {
			const char *found =
			        keymap_keys(app->keymap, (enum key_context)context, lines[i]);
			if (found && !strstr(str_c(&keys), found))
				str_addf(&keys, "%s%s", keys.len ? "  " : "", found);
		}
	}
	if (keys.len) help_row(list, "keys", keys.p, NULL, NULL);
	str_finish(&keys);
	str_finish(&asking);
}

static void command_page(struct app *app, const struct cmd *cmd, struct list_view *list)
{
	struct str usage = {0}, type = {0};
	str_addf(&usage, "%s%s%s", cmd->name, *cmd->usage ? " " : "", cmd->usage);
	help_heading(list, "command");
	help_row(list, "usage", usage.p, NULL, NULL);
	help_row(list, "does", cmd->help, NULL, NULL);
	bound_to(app, cmd, list);
	help_row(list, "where", cmd->flags & CMD_CONFIG ? "keys, `:`, the config" : "keys, `:`",
	        NULL, NULL);
	str_addf(&type, "prompt %s", cmd->name);
	help_row(list, NULL, "type it", NULL, type.p);
	str_finish(&usage);
	str_finish(&type);
}

static void option_page(struct app *app, const struct option_row *row, struct list_view *list)
{
	struct str now = {0}, type = {0};
	option_print(&app->options, row->name, &now);
	help_heading(list, "option");
	help_row(list, "does", row->help, NULL, NULL);
	help_row(list, "now", str_c(&now), NULL, NULL);
	help_row(list, "default", *row->otherwise ? row->otherwise : "nothing", NULL, NULL);
	if (*row->range) help_row(list, "takes", row->range, NULL, NULL);
	if (row->type == OPTION_BOOL) help_row(list, "takes", "on off", NULL, NULL);
	str_addf(&type, "options edit %s", row->name);
	help_row(list, NULL, "change it", NULL, type.p);
	str_finish(&now);
	str_finish(&type);
}

bool help_page(struct app *app, struct list_view *list, const char *name)
{
	const struct cmd *cmd = cmd_find(app->commands, name);
	const struct option_row *option = option_rows;
	while (option->name && strcmp(option->name, name) != 0)
		option++;
	if (cmd) command_page(app, cmd, list);
	if (option->name) option_page(app, option, list);
	return cmd || option->name;
}
