/* `help`: from the tables, so that whatever there is can be found. */
#include "commands/help.h"
#include "fake_engine.h"

#include "query/query.h"

static const struct list_item *chosen(const struct deck *deck)
{
	return list_view_chosen(&deck->app->list, NULL);
}

static bool lists(const struct deck *deck, const char *text)
{
	const struct list_view *list = &deck->app->list;
	for (size_t i = 0; deck->app->overlay == OVERLAY_LIST && i < list->nitems; i++) {
		if (strcmp(list->items[i].text, text) == 0) return true;
	}
	return false;
}

static void test_topics_list_their_tables(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	for (const struct help_topic *row = help_topics; row->name; row++) {
		struct str line = {0};
		str_addf(&line, "help %s", row->name);
		deck_run(&deck, line.p);
		assert_int_equal(deck.app->overlay, OVERLAY_LIST);
		assert_true(deck.app->list.nitems > 3);
		assert_true(deck.app->list.items[0].heading);
		str_finish(&line);
	}
	deck_run(&deck, "help options");
	for (const struct option_row *row = option_rows; row->name; row++)
		assert_true(lists(&deck, row->name));
	deck_run(&deck, "help roles");
	for (int role = 0; role < ROLE_COUNT; role++)
		assert_true(lists(&deck, role_name((enum role)role)));
	deck_run(&deck, "help query");
	for (size_t i = 0; query_field(i); i++)
		assert_true(!*query_field(i)->name || lists(&deck, query_field(i)->name));
	deck_run(&deck, "help commands");
	for (const struct cmd *const *table = deck_commands.tables; *table; table++) {
		for (const struct cmd *row = *table; row->name; row++)
			assert_true(lists(&deck, row->name));
	}
	deck_end(&deck);
}

static void test_every_row_leads_somewhere(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	for (const struct cmd *const *table = deck_commands.tables; *table; table++) {
		for (const struct cmd *row = *table; row->name; row++) {
			struct str line = {0};
			str_addf(&line, "help %s", row->name);
			deck_run(&deck, line.p);
			assert_true(lists(&deck, row->help) || deck.app->list.nitems > 5);
			str_finish(&line);
		}
	}
	for (const struct option_row *row = option_rows; row->name; row++) {
		struct str line = {0};
		str_addf(&line, "help %s", row->name);
		deck_run(&deck, line.p);
		assert_true(lists(&deck, row->help));
		str_finish(&line);
	}
	deck_end(&deck);
}

static void test_words_and_keys_are_found(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_run(&deck, "help gw");
	assert_string_equal(chosen(&deck)->key, "gw");
	assert_string_equal(chosen(&deck)->text, "list the decks that have a name");
	/* It is narrowed further by typing. */
	deck_run(&deck, "help schedule");
	size_t before = deck.app->list.focus;
	deck_type(&deck, " cancel");
	assert_int_equal(deck.app->list.focus, before);
	assert_non_null(strstr(chosen(&deck)->detail, "cancel this scheduled"));
	assert_string_equal(deck_refused(&deck, "help xyzzy"),
	        "nothing in the help is about 'xyzzy'; `help topics` lists what there is");
	deck_end(&deck);
}

static void test_a_list_is_searched(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "?");
	assert_false(deck.app->list.typing);
	deck_keys(&deck, "/");
	deck_type(&deck, "jump over");
	assert_null(chosen(&deck));
	deck_keys(&deck, "<Esc>?/");
	deck_type(&deck, "leave");
	assert_non_null(strstr(chosen(&deck)->text, "leave"));
	deck_keys(&deck, "<Esc>?t");
	assert_true(lists(&deck, "topics"));
	deck_end(&deck);
}

static void test_an_option_is_changed_from_its_page(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_run(&deck, "help time-format");
	deck_keys(&deck, "<Enter>");
	assert_true(deck.app->prompt.open);
	assert_string_equal(str_c(&deck.app->prompt.edit.text), "time-format relative");
	deck_keys(&deck, "<C-w>");
	deck_type(&deck, "clock");
	deck_keys(&deck, "<Enter>");
	assert_string_equal(deck.app->options.time_format, "clock");
	/* A value with blanks in it stays one word. */
	deck_run(&deck, "set layout 'name > time | text'");
	deck_run(&deck, "options edit layout");
	deck_keys(&deck, "<Enter>");
	assert_string_equal(deck.app->options.layout, "name > time | text");
	assert_non_null(strstr(deck_refused(&deck, "options edit lauout"), "layout"));
	deck_end(&deck);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_topics_list_their_tables),
	        cmocka_unit_test(test_every_row_leads_somewhere),
	        cmocka_unit_test(test_words_and_keys_are_found),
	        cmocka_unit_test(test_a_list_is_searched),
	        cmocka_unit_test(test_an_option_is_changed_from_its_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
