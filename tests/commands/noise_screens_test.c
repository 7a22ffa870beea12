/* Folds, highlights and the lists of what is silenced, as golden screens silence-*. */
#include "fake_engine.h"
#include "golden.h"

static void check(struct deck *deck, const char *name, int cols, int rows)
{
	struct str file = {0};
	str_addf(&file, "silence-%s-%dx%d", name, cols, rows);
	if (!golden_is(deck, file.p, false)) fail_msg("%s", file.p);
	str_finish(&file);
}

static const struct fake_post talk[] = {
        {.name = "1", .handle = "ada@sea.example", .body = "Tide tables for November"},
        {.name = "2", .handle = "loud@sea.example", .body = "Buy crypto today"},
        {.name = "3", .handle = "loud@sea.example", .body = "Buy crypto tomorrow"},
        {.name = "4",
                .handle = "eve@sea.example",
                .body = "@me Can you repair my safe?",
                .viewer = VIEWER_MENTIONED},
        {.name = "5", .handle = "loud@sea.example", .body = "Good morning"},
        {.name = "6",
                .handle = "bob@sea.example",
                .body = "Straße und Strasse, CRE\xcc\x81ME, cr\xe2\x80\x8b" "eme, creme",
                .reason = REASON_REPOSTED,
                .actor = "loud@sea.example"},
};

static void filters(struct deck *deck)
{
	struct event *event = event_new(EVENT_FILTERS);
	event->account = WORK;
	event->filters = xcalloc(1, sizeof(*event->filters));
	event->nfilters = 1;
	struct server_filter *filter = event->filters;
	filter->id = xstrdup("7");
	filter->title = xstrdup("Football");
	filter->contexts = FILTER_IN_HOME;
	filter->keywords = xcalloc(1, sizeof(*filter->keywords));
	filter->nkeywords = 1;
	filter->keywords[0].text = xstrdup("offside");
	fake_tell(deck, event);
}

static void screens(int cols, int rows)
{
	struct deck deck = {0};
	deck_start(&deck, cols, rows, "", NULL);
	fake_account(&deck, WORK, "work", CAN_ALL);
	fake_tell(&deck, event_new(EVENT_STARTED));
	deck_run(&deck, "column add Home work/home");
	fake_home(&deck, talk, sizeof(talk) / sizeof(*talk));
	filters(&deck);
	deck_run(&deck, "highlight highlight to:me");
	deck_run(&deck, "mute fold crypto");
	deck_keys(&deck, "gg");
	check(&deck, "folds", cols, rows);
	deck_keys(&deck, "j<Enter>");
	check(&deck, "open", cols, rows);
	deck_run(&deck, "quota loud@sea.example 1");
	deck_run(&deck, "mute for 7d hide in Home #spam");
	deck_keys(&deck, "gm");
	check(&deck, "mutes", cols, rows);
	deck_keys(&deck, "t");
	check(&deck, "time", cols, rows);
	deck_keys(&deck, "<Esc>mn");
	check(&deck, "noise", cols, rows);
	deck_keys(&deck, "<Esc>");
	deck_run(&deck, "notify over 10 in 1h bell to:me");
	deck_run(&deck, "rules");
	check(&deck, "rules", cols, rows);
	deck_keys(&deck, "<Esc>");
	deck_type(&deck, ":mute crypto OR creme");
	check(&deck, "would", cols, rows);
	deck_keys(&deck, "<Esc>");
	deck_end(&deck);
}

static void test_wide(void **state)
{
	(void)state;
	screens(80, 24);
}

static void test_narrow(void **state)
{
	(void)state;
	screens(40, 15);
}

/* Every character of what was found, and no more: ß is ss, marks and invisible ones belong to it.
 */
static void test_matches_are_marked(void **state)
{
	(void)state;
	struct deck deck = {0};
	deck_start(&deck, 60, 9, "", NULL);
	fake_account(&deck, WORK, "work", CAN_ALL);
	fake_tell(&deck, event_new(EVENT_STARTED));
	deck_run(&deck, "column add Home work/home");
	fake_home(&deck, talk + 5, 1);
	deck_keys(&deck, "/");
	deck_type(&deck, "strass creme");
	if (!golden_is(&deck, "silence-matches-60x9", true)) fail_msg("silence-matches-60x9");
	deck_keys(&deck, "<Esc>");
	deck_end(&deck);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_wide),
	        cmocka_unit_test(test_narrow),
	        cmocka_unit_test(test_matches_are_marked),
	};
	if (!golden_begin()) return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
