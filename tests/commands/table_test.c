/* The tables: sorted, complete, with usages that can be read; and the files that use them. */
#include "cmd/usage.h"
#include "commands/tables.h"
#include "deck_fixture.h"

#include "app/config.h"

static void test_sorted_and_complete(void **state)
{
	(void)state;
	for (const struct cmd *const *table = deck_commands.tables; *table; table++) {
		for (const struct cmd *row = *table; row->name; row++) {
			struct usage usage;
			if (row != *table && strcmp(row[-1].name, row->name) >= 0)
				fail_msg("'%s' stands before '%s'", row[-1].name, row->name);
			if (!usage_parse(row->usage, &usage))
				fail_msg("%s: its usage cannot be read", row->name);
			if (!*row->help || row->help[strlen(row->help) - 1] == '.')
				fail_msg("%s: its help is wrong", row->name);
			assert_non_null(row->run);
			assert_ptr_equal(cmd_find(&deck_commands, row->name), row);
		}
	}
}

static void count(void *ctx, const struct cmd *cmd)
{
	(void)cmd;
	++*(size_t *)ctx;
}

static void test_each_once(void **state)
{
	(void)state;
	size_t rows = 0, seen = 0;
	for (const struct cmd *const *table = deck_commands.tables; *table; table++) {
		for (const struct cmd *row = *table; row->name; row++)
			rows++;
	}
	cmd_each(&deck_commands, count, &seen);
	assert_int_equal(seen, rows);
}

static void test_no_crash_without_anything(void **state)
{
	(void)state;
	struct deck deck = {0};
	deck_start(&deck, 80, 24, "", NULL);
	for (const struct cmd *const *table = deck_commands.tables; *table; table++) {
		for (const struct cmd *row = *table; row->name; row++) {
			if (strcmp(row->name, "suspend") == 0) continue;
			app_command(deck.app, row->name, NULL, NULL);
			app_turn(deck.app, 0);
		}
	}
	deck_end(&deck);
}

static void test_default_keys_and_presets(void **state)
{
	(void)state;
	struct deck deck = {0};
	deck_start(&deck, 80, 24, "", NULL);
	for (size_t i = 0; presets[i].name; i++) {
		assert_true(config_preset(deck.app, presets[i].name, NULL));
		assert_null(app_message(deck.app, 0));
	}
	deck_end(&deck);
}

static void test_dumped_config_has_no_mistake(void **state)
{
	(void)state;
	struct deck deck = {0};
	struct str text = {0}, lines = {0};
	config_dump(&text);
	/* Take every comment sign away that stands before a command. */
	for (char *line = strtok(text.p, "\n"); line; line = strtok(NULL, "\n")) {
		const char *command = strncmp(line, "# ", 2) == 0 ? line + 2 : line;
		if (strncmp(command, "set ", 4) != 0 && strncmp(command, "bind ", 5) != 0) continue;
		str_addf(&lines, "%s\n", command);
	}
	deck_start(&deck, 80, 24, "", NULL);
	assert_true(lines.len > 1000);
	for (char *line = strtok(lines.p, "\n"); line; line = strtok(NULL, "\n"))
		deck_run(&deck, line);
	deck_end(&deck);
	str_finish(&text);
	str_finish(&lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_sorted_and_complete),
	        cmocka_unit_test(test_each_once),
	        cmocka_unit_test(test_no_crash_without_anything),
	        cmocka_unit_test(test_default_keys_and_presets),
	        cmocka_unit_test(test_dumped_config_has_no_mistake),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
