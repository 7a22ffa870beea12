/* Menus, choosers and questions of what accounts do, as golden screens commands-*. */
#include "fake_engine.h"
#include "golden.h"

static void check(struct deck *deck, const char *name)
{
	if (!golden_is(deck, name, false)) fail_msg("%s", name);
}

static void test_menu(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	/* Its server cannot do everything: that is greyed and says why. */
	fake_account(&deck, WORK, "work",
	        CAN_ALL & ~(unsigned)(CAP_BOOKMARK | CAP_LIST | CAP_MUTE | CAP_REPORT));
	deck_keys(&deck, ".");
	check(&deck, "commands-menu-80x24");
	deck_keys(&deck, "G");
	check(&deck, "commands-menu-greyed-80x24");
	deck_keys(&deck, "<Esc>m");
	check(&deck, "commands-silence-80x24");
	deck_end(&deck);
}

static void test_own_post(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "jj.");
	check(&deck, "commands-menu-own-80x24");
	deck_keys(&deck, "<Esc>d");
	check(&deck, "commands-question-80x24");
	deck_end(&deck);
}

static void test_choosers(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "B");
	check(&deck, "commands-as-80x24");
	deck_keys(&deck, "<Esc>jV");
	check(&deck, "commands-vote-80x24");
	deck_keys(&deck, "<Esc>jjV1");
	check(&deck, "commands-vote-several-80x24");
	deck_end(&deck);
}

static void test_narrow(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 40, 15);
	deck_keys(&deck, "f");
	check(&deck, "commands-liked-40x15");
	fake_done(&deck, fake_job(JOB_ACT), "the server is closed today");
	check(&deck, "commands-taken-back-40x15");
	deck_keys(&deck, ".");
	check(&deck, "commands-menu-40x15");
	deck_keys(&deck, "<Esc>B");
	check(&deck, "commands-as-40x15");
	deck_keys(&deck, "<Esc>ga");
	check(&deck, "commands-accounts-40x15");
	deck_end(&deck);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_menu),
	        cmocka_unit_test(test_own_post),
	        cmocka_unit_test(test_choosers),
	        cmocka_unit_test(test_narrow),
	};
	if (!golden_begin()) return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
