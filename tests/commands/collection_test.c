/* What a server keeps, as lists over the deck; sign-in; the editor. */
#include <stdio.h>
#include <sys/stat.h>

#include "fake_engine.h"

static const struct list_item *item(const struct deck *deck, size_t i)
{
	assert_int_equal(deck->app->overlay, OVERLAY_LIST);
	assert_true(i < deck->app->list.nitems);
	return &deck->app->list.items[i];
}

/* Answer a JOB_ITEMS with the names given, and end it. */
static void answer(struct deck *deck, const struct job *job, const char *const (*names)[2],
        size_t n, const char *older)
{
	struct event *event = event_new(EVENT_ITEMS);
	event->reply_to = job->id;
	event->items = items_new((enum collection)job->number);
	for (size_t i = 0; i < n; i++)
		items_add(event->items, names[i][0], names[i][1], NULL, 0);
	event->items->older = xstrdup(older);
	fake_tell(deck, event);
	fake_done(deck, job, NULL);
}

/* Keys answer who asks to follow, and the list is asked for anew. */
static void test_who_asks_to_follow(void **state)
{
	(void)state;
	struct deck deck = {0};
	static const char *const names[][2] = {
	        {"ada@sea.example", "Ada"}, {"bob@sea.example", "Bob"}};
	fake_deck(&deck, 80, 24);
	deck_run(&deck, "requests");
	answer(&deck, fake_job(JOB_ITEMS), names, 2, NULL);
	deck_keys(&deck, "jn");
	const struct action *action = fake_job(JOB_ACT)->action;
	assert_int_equal(action->verb, VERB_ACCEPT);
	assert_true(action->undo);
	assert_string_equal(action->profile, "bob@sea.example");
	assert_int_equal(fake_job(JOB_ACT)->account, WORK);
	assert_int_equal(fake_count(JOB_ITEMS), 2);
	answer(&deck, fake_job(JOB_ITEMS), names, 1, NULL);
	assert_string_equal(item(&deck, 0)->text, "Ada");
	assert_int_equal(deck.app->list.nitems, 1);
	deck_keys(&deck, "y");
	action = fake_job(JOB_ACT)->action;
	assert_false(action->undo);
	assert_string_equal(action->profile, "ada@sea.example");
	answer(&deck, fake_job(JOB_ITEMS), names, 0, NULL);
	assert_string_equal(item(&deck, 0)->text, "nobody asks to follow");
	deck_end(&deck);
}

/* The newest first, by the clocks of the machine; of a long log the end. */
static void test_the_log_and_what_was_said(void **state)
{
	(void)state;
	struct deck deck = {.kept = true};
	struct str text = {0};
	char dir[] = "/tmp/stoa-log-XXXXXX";
	assert_non_null(mkdtemp(dir));
	deck.paths = (struct paths){
	        .config = dir, .state = dir, .data = dir, .cache = dir, .runtime = dir};
	deck_start(&deck, 80, 24, "", NULL);
	deck_run(&deck, "log");
	assert_string_equal(item(&deck, 0)->text, "nothing went wrong yet");
	for (int i = 0; i < 2000; i++)
		str_addf(&text,
		        "2026-11-22T10:00:%02d.123Z WARN engine: number %d went wrong in a way "
		        "that takes a line\n",
		        i % 60, i);
	str_adds(&text, "no time, and no end");
	char *path = paths_join(dir, "log");
	assert_true(paths_write(path, text.p, text.len, 0600, NULL));
	deck_keys(&deck, "r");
	assert_string_equal(item(&deck, 0)->text, "no time, and no end");
	assert_null(item(&deck, 0)->key);
	assert_string_equal(item(&deck, 1)->key, "22 Nov 10:00:19");
	assert_non_null(strstr(item(&deck, 1)->text, "WARN engine: number 1999"));
	assert_true(deck.app->list.nitems <= 500);
	deck_keys(&deck, "m");
	assert_string_equal(deck.app->list.title, "Messages");
	deck_keys(&deck, "<Esc>");
	deck_end(&deck);
	unlink(path);
	free(path);
	str_finish(&text);
	str_addf(&text, "rm -r '%s'", dir);
	assert_int_equal(system(text.p), 0);
	str_finish(&text);
}

static void test_a_collection_comes_page_by_page(void **state)
{
	(void)state;
	struct deck deck = {0};
	static const char *const one[][2] = {
	        {"ada@sea.example", "Ada"}, {"bob@sea.example", "Bob"}};
	static const char *const two[][2] = {{"cat@sea.example", "Cat"}};
	fake_deck(&deck, 80, 24);
	deck_run(&deck, "blocked");
	assert_string_equal(item(&deck, 0)->text, "asking the server …");
	const struct job *job = fake_job(JOB_ITEMS);
	assert_int_equal(job->number, COLLECTION_BLOCKS);
	assert_int_equal(job->account, WORK);
	answer(&deck, job, one, 2, "next");
	assert_string_equal(item(&deck, 0)->text, "Enter: no longer block them");
	assert_string_equal(item(&deck, 1)->text, "Ada");
	assert_string_equal(item(&deck, 3)->text, "more …");
	deck_keys(&deck, "G<Enter>");
	assert_string_equal(fake_job(JOB_ITEMS)->cursor, "next");
	answer(&deck, fake_job(JOB_ITEMS), two, 1, NULL);
	assert_string_equal(item(&deck, 3)->text, "Cat");
	assert_int_equal(deck.app->list.nitems, 4);
	deck_keys(&deck, "<Enter>");
	/* Lifting a block was asked for by choosing it. */
	assert_int_equal(fake_job(JOB_ACT)->action->verb, VERB_BLOCK);
	assert_true(fake_job(JOB_ACT)->action->undo);
	assert_string_equal(fake_job(JOB_ACT)->action->profile, "cat@sea.example");
	deck_end(&deck);
}

static void test_a_late_answer_brings_nothing_back(void **state)
{
	(void)state;
	struct deck deck = {0};
	static const char *const one[][2] = {{"1", "Old friends"}};
	fake_deck(&deck, 80, 24);
	deck_run(&deck, "lists");
	deck_keys(&deck, "<Esc>");
	answer(&deck, fake_job(JOB_ITEMS), one, 1, NULL);
	assert_int_equal(deck.app->overlay, OVERLAY_NONE);
	/* Nor over another list. */
	deck_run(&deck, "lists; messages");
	answer(&deck, fake_job(JOB_ITEMS), one, 1, NULL);
	assert_string_equal(deck.app->list.title, "Messages");
	/* A failure is said where the list would be. */
	deck_run(&deck, "muted");
	fake_done(&deck, fake_job(JOB_ITEMS), "it sleeps");
	assert_string_equal(item(&deck, 0)->text, "it sleeps");
	assert_string_equal(deck_refused(&deck, "more"), "there is no more");
	deck_end(&deck);
}

static void test_lists_are_made_renamed_deleted_and_opened(void **state)
{
	(void)state;
	struct deck deck = {0};
	static const char *const one[][2] = {{"12", "Old; friends"}};
	fake_deck(&deck, 80, 24);
	deck_run(&deck, "lists");
	answer(&deck, fake_job(JOB_ITEMS), one, 1, NULL);
	deck_keys(&deck, "n");
	deck_type(&deck, "New ones");
	deck_keys(&deck, "<Enter>");
	assert_int_equal(fake_job(JOB_ACT)->action->verb, VERB_LIST_MAKE);
	assert_string_equal(fake_job(JOB_ACT)->action->name, "New ones");
	deck_run(&deck, "list-menu as work 12 Old; friends");
	assert_string_equal(deck.app->list.title, "Old; friends");
	deck_keys(&deck, "r");
	deck_type(&deck, "Older");
	deck_keys(&deck, "<Enter>");
	assert_int_equal(fake_job(JOB_ACT)->action->verb, VERB_LIST_RENAME);
	assert_string_equal(fake_job(JOB_ACT)->action->name, "12");
	assert_string_equal(fake_job(JOB_ACT)->action->text, "Older");
	deck_run(&deck, "list-menu as work 12 Older");
	deck_keys(&deck, "d");
	assert_non_null(deck.app->prompt.yes);
	deck_keys(&deck, "y");
	assert_true(fake_job(JOB_ACT)->action->undo);
	assert_string_equal(fake_job(JOB_ACT)->action->name, "12");
	deck_run(&deck, "list-menu as work 12 Older");
	deck_keys(&deck, "c");
	assert_string_equal(app_column(deck.app)->title, "Older");
	assert_string_equal(app_column(deck.app)->sources[0], "work/list:12");
	deck_end(&deck);
}

static void test_putting_somebody_on_a_list(void **state)
{
	(void)state;
	struct deck deck = {0};
	static const char *const on[][2] = {{"2", "Sea"}};
	static const char *const all[][2] = {{"1", "Land"}, {"2", "Sea"}};
	fake_deck(&deck, 80, 24);
	deck_run(&deck, "list-choose");
	assert_int_equal(fake_job(JOB_ITEMS)->number, COLLECTION_ON_LISTS);
	assert_string_equal(fake_job(JOB_ITEMS)->arg, "ada@sea.example");
	answer(&deck, fake_job(JOB_ITEMS), on, 1, NULL);
	assert_int_equal(fake_job(JOB_ITEMS)->number, COLLECTION_LISTS);
	answer(&deck, fake_job(JOB_ITEMS), all, 2, NULL);
	assert_string_equal(item(&deck, 1)->text, "✓ Sea");
	deck_keys(&deck, "<Enter>");
	assert_int_equal(fake_job(JOB_ACT)->action->verb, VERB_LIST_ADD);
	assert_false(fake_job(JOB_ACT)->action->undo);
	assert_string_equal(fake_job(JOB_ACT)->action->name, "1");
	assert_string_equal(fake_job(JOB_ACT)->action->profile, "ada@sea.example");
	deck_end(&deck);
}

static const struct server_filter *put_filter(struct deck *deck, const char *line)
{
	deck_run(deck, line);
	return fake_job(JOB_ACT)->action->filter;
}

static void test_filters_on_one_line(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	const struct server_filter *filter = put_filter(
	        &deck, "filter-put Spoilers | derby, cup final* | home, public | hide | for 2w");
	assert_null(filter->id);
	assert_string_equal(filter->title, "Spoilers");
	assert_int_equal(filter->nkeywords, 2);
	assert_string_equal(filter->keywords[0].text, "derby");
	assert_true(filter->keywords[0].whole);
	assert_string_equal(filter->keywords[1].text, "cup final");
	assert_false(filter->keywords[1].whole);
	assert_int_equal(filter->contexts, FILTER_IN_HOME | FILTER_IN_PUBLIC);
	assert_int_equal(filter->action, FILTER_HIDE);
	assert_int_equal(fake_job(JOB_ACT)->action->seconds, 14 * 86400);
	filter = put_filter(&deck, "filter-put at 7 Fog | fog");
	assert_string_equal(filter->id, "7");
	assert_int_equal(filter->action, FILTER_WARN);
	assert_int_equal(filter->contexts, (1 << FILTER_CONTEXT_COUNT) - 1);
	size_t acts = fake_count(JOB_ACT);
	assert_string_equal(deck_refused(&deck, "filter-put Fog"),
	        "the filter has no keywords; write TITLE | KEYWORD, KEYWORD | …");
	assert_string_equal(deck_refused(&deck, "filter-put | fog"), "the filter has no title");
	assert_string_equal(deck_refused(&deck, "filter-put Fog | fog | attic"),
	        "'attic' is no place; there are home, notifications, public, thread and account");
	assert_string_equal(deck_refused(&deck, "filter-put Fog | fog | home | for ever"),
	        "'ever' is not a duration such as 12h or 2w");
	assert_int_equal(fake_count(JOB_ACT), acts);
	deck_end(&deck);
}

static void test_filters_are_listed_and_changed(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_run(&deck, "filters");
	struct event *event = event_new(EVENT_FILTERS);
	event->reply_to = fake_job(JOB_FILTERS)->id;
	event->account = WORK;
	event->nfilters = 1;
	event->filters = xcalloc(1, sizeof(*event->filters));
	event->filters[0] = (struct server_filter){.id = xstrdup("9"),
	        .title = xstrdup("Fog"),
	        .contexts = FILTER_IN_HOME,
	        .expires_ms = deck_now_ms + 14 * 86400000LL - 5000,
	        .keywords = xcalloc(1, sizeof(struct filter_keyword)),
	        .nkeywords = 1};
	event->filters[0].keywords[0].text = xstrdup("fog");
	fake_tell(&deck, event);
	fake_done(&deck, fake_job(JOB_FILTERS), NULL);
	assert_string_equal(item(&deck, 1)->text, "Fog");
	assert_string_equal(item(&deck, 1)->detail, "fog* | home | warn | for 2w");
	deck_keys(&deck, "j<Enter>e");
	assert_string_equal(
	        str_c(&deck.app->prompt.edit.text), "Fog | fog* | home | warn | for 2w");
	deck_keys(&deck, "<Enter>");
	assert_string_equal(fake_job(JOB_ACT)->action->filter->id, "9");
	assert_string_equal(fake_job(JOB_ACT)->action->filter->keywords[0].text, "fog");
	deck_run(&deck, "filter-drop sure at 9");
	assert_int_equal(fake_job(JOB_ACT)->action->verb, VERB_FILTER_DROP);
	assert_string_equal(fake_job(JOB_ACT)->action->name, "9");
	deck_end(&deck);
}

/* -- the editor -- */

static char dir[] = "/tmp/stoa-edit-test-XXXXXX";

/* An editor that does `script` with the file as $1. */
static void use_editor(const char *script)
{
	struct str path = {0}, text = {0};
	str_addf(&path, "%s/editor", dir);
	str_addf(&text, "#!/bin/sh\n%s\n", script);
	assert_true(paths_write(path.p, text.p, text.len, 0700, NULL));
	setenv("VISUAL", path.p, 1);
	setenv("TMPDIR", dir, 1);
	str_finish(&path);
	str_finish(&text);
}

static void editor_begin(struct deck *deck)
{
	strcpy(dir, "/tmp/stoa-edit-test-XXXXXX");
	assert_non_null(mkdtemp(dir));
	fake_deck(deck, 80, 24);
	deck_keys(deck, "jj");
}

/* Files of what was typed that are still there. The editor's own is one more. */
static int kept(void)
{
	struct str command = {0};
	int n = 0;
	str_addf(&command, "ls %s | grep -c stoa-edit-", dir);
	FILE *pipe = popen(command.p, "r");
	assert_non_null(pipe);
	assert_int_equal(fscanf(pipe, "%d", &n), 1);
	pclose(pipe);
	str_finish(&command);
	return n;
}

static void editor_end(struct deck *deck)
{
	struct str command = {0};
	deck_end(deck);
	str_addf(&command, "rm -r %s", dir);
	assert_int_equal(system(command.p), 0);
	str_finish(&command);
}

/* The server says how the post was typed. */
static void tell_source(struct deck *deck, const char *warning, const char *text)
{
	const struct job *job = fake_job(JOB_ITEMS);
	struct event *event = event_new(EVENT_ITEMS);
	assert_int_equal(job->number, COLLECTION_SOURCE);
	assert_string_equal(job->arg, "https://sea.example/3");
	event->reply_to = job->id;
	event->items = items_new(COLLECTION_SOURCE);
	items_add(event->items, "3", warning, text, 0);
	fake_tell(deck, event);
	fake_done(deck, job, NULL);
}

static void test_an_edit_goes_through_the_editor(void **state)
{
	(void)state;
	struct deck deck = {0};
	editor_begin(&deck);
	use_editor("stat -c %a \"$1\" >\"$TMPDIR/mode\"; sed -i 's/words/phrases/' \"$1\"");
	deck_keys(&deck, "e");
	tell_source(&deck, "wet", "Our own words\n\nand more");
	const struct job *job = fake_job(JOB_ACT);
	assert_int_equal(job->action->verb, VERB_EDIT);
	assert_string_equal(job->action->warning, "wet");
	assert_string_equal(job->action->text, "Our own phrases\n\nand more");
	assert_string_equal(job->action->remote_id, "3");
	char *mode = NULL, *path = paths_join(dir, "mode");
	unsigned long len;
	assert_true(paths_read(path, 100, &mode, &len, NULL));
	assert_string_equal(mode, "600\n");
	assert_int_equal(kept(), 1);
	fake_done(&deck, job, "the server sleeps");
	/* Nothing that was typed is lost. */
	assert_int_equal(kept(), 1);
	assert_non_null(strstr(
	        deck_said(&deck), "work could not edit: the server sleeps; your text is in /tmp/"));
	free(mode);
	free(path);
	editor_end(&deck);
}

static void test_what_was_sent_is_not_kept(void **state)
{
	(void)state;
	struct deck deck = {0};
	editor_begin(&deck);
	use_editor("printf 'warning:\\n\\nNew words\\n' >\"$1\"");
	deck_run(&deck, "redraft");
	tell_source(&deck, "wet", "Our own words");
	const struct action *action = fake_job(JOB_ACT)->action;
	assert_int_equal(action->verb, VERB_REDRAFT);
	assert_string_equal(action->warning, "");
	assert_string_equal(action->text, "New words");
	assert_int_equal(strlen(action->key), 32);
	fake_done(&deck, fake_job(JOB_ACT), NULL);
	assert_int_equal(kept(), 0);
	editor_end(&deck);
}

static void test_nothing_is_sent_that_was_not_meant(void **state)
{
	(void)state;
	static const struct {
		const char *script, *said;
		int kept;
	} cases[] = {
	        {":", "nothing was sent: the text is unchanged", 0},
	        {": >\"$1\"", "nothing was sent: the text is empty", 0},
	        {"printf 'warning: x\\n\\n  \\n' >\"$1\"", "nothing was sent: the text is empty",
	                0},
	        {"echo more >>\"$1\"; exit 1", "ended without success; your text is in ", 1},
	        {"exit 1", "ended without success", 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct deck deck = {0};
		editor_begin(&deck);
		use_editor(cases[i].script);
		deck_keys(&deck, "e");
		tell_source(&deck, "", "Our own words");
		assert_int_equal(fake_count(JOB_ACT), 0);
		if (!strstr(deck_said(&deck), cases[i].said))
			fail_msg("%s: %s", cases[i].script, deck_said(&deck));
		assert_int_equal(kept(), cases[i].kept);
		editor_end(&deck);
	}
}

static void test_others_posts_are_not_edited(void **state)
{
	(void)state;
	struct deck deck = {0};
	editor_begin(&deck);
	use_editor(":");
	setenv("VISUAL", "stoa-no-such-editor", 1);
	deck_keys(&deck, "e");
	tell_source(&deck, "", "Our own words");
	assert_non_null(strstr(deck_said(&deck), "cannot start stoa-no-such-editor"));
	/* Who types is not torn away from it. */
	deck_keys(&deck, "e:");
	tell_source(&deck, "", "Our own words");
	assert_string_equal(deck_said(&deck), "the text came while you typed; ask for it again");
	assert_true(deck.app->prompt.open);
	deck_keys(&deck, "<Esc>gg");
	assert_string_equal(deck_refused(&deck, "edit"), "this post is not work's own");
	editor_end(&deck);
}

/* -- signing in -- */

static void test_signing_in_with_a_pasted_code(void **state)
{
	(void)state;
	struct deck deck = {0};
	unsetenv("DISPLAY");
	unsetenv("WAYLAND_DISPLAY");
	deck_start(&deck, 80, 24, "", NULL);
	fake_tell(&deck, event_new(EVENT_STARTED));
	deck_run(&deck, "login mastodon sea.example");
	const struct job *job = fake_job(JOB_SIGN_IN);
	assert_string_equal(job->arg, "mastodon\nsea.example\nsea");
	assert_false(job->on);
	struct event *event = event_new(EVENT_SIGN_IN);
	event->reply_to = job->id;
	event->number = 1;
	event->text = xstrdup("https://sea.example/oauth/authorize?client_id=x");
	fake_tell(&deck, event);
	assert_string_equal(term_memory_clip(app_term(deck.app)),
	        "https://sea.example/oauth/authorize?client_id=x");
	assert_true(deck.app->prompt.open);
	deck_type(&deck, "the-code");
	deck_keys(&deck, "<Enter>");
	assert_string_equal(fake_job(JOB_CODE)->arg, "the-code");
	assert_int_equal(fake_job(JOB_CODE)->number, job->id);
	fake_account(&deck, WORK, "sea", CAN_ALL);
	fake_done(&deck, job, NULL);
	/* The first account of an empty deck gives it columns. */
	assert_int_equal(deck.app->ncolumns, 4);
	assert_string_equal(deck.app->columns[0]->sources[0], "sea/home");
	assert_int_equal(deck.app->focus, 0);
	assert_int_equal(deck.app->overlay, OVERLAY_NONE);
	assert_string_equal(deck_refused(&deck, "login mastodon sea.example"),
	        "there is an account 'sea' already; say `as` another name");
	/* Where it is signed in, it may be again: its token may have been taken from it. */
	deck_run(&deck, "login mastodon https://HOME.example/ as sea");
	assert_string_equal(fake_job(JOB_SIGN_IN)->arg, "mastodon\nhttps://HOME.example/\nsea");
	deck_run(&deck, "account-menu sea");
	assert_string_equal(
	        list_view_chosen(&deck.app->list, "s")->line, "login mastodon home.example as sea");
	deck_end(&deck);
}

static void test_signing_out_asks(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	assert_string_equal(deck_refused(&deck, "logout feeds"),
	        "there is no account 'feeds'; `accounts` lists them");
	deck_run(&deck, "logout hobby");
	assert_int_equal(fake_count(JOB_LOGOUT), 0);
	deck_keys(&deck, "y");
	assert_int_equal(fake_job(JOB_LOGOUT)->account, HOBBY);
	deck_keys(&deck, "ga");
	assert_string_equal(item(&deck, 0)->text, "work  me-work@home.example");
	deck_keys(&deck, "<Enter>w");
	assert_string_equal(deck.app->list.title, "work: harbour 1.2");
	deck_end(&deck);
}

static void test_going_to_a_place(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "gb");
	assert_string_equal(app_column(deck.app)->sources[0], "work/bookmarks");
	deck_keys(&deck, "gh");
	assert_int_equal(deck.app->focus, 0);
	deck_keys(&deck, "gb");
	assert_int_equal(deck.app->ncolumns, 2);
	deck_end(&deck);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_a_collection_comes_page_by_page),
	        cmocka_unit_test(test_who_asks_to_follow),
	        cmocka_unit_test(test_the_log_and_what_was_said),
	        cmocka_unit_test(test_a_late_answer_brings_nothing_back),
	        cmocka_unit_test(test_lists_are_made_renamed_deleted_and_opened),
	        cmocka_unit_test(test_putting_somebody_on_a_list),
	        cmocka_unit_test(test_filters_on_one_line),
	        cmocka_unit_test(test_filters_are_listed_and_changed),
	        cmocka_unit_test(test_an_edit_goes_through_the_editor),
	        cmocka_unit_test(test_what_was_sent_is_not_kept),
	        cmocka_unit_test(test_nothing_is_sent_that_was_not_meant),
	        cmocka_unit_test(test_others_posts_are_not_edited),
	        cmocka_unit_test(test_signing_in_with_a_pasted_code),
	        cmocka_unit_test(test_signing_out_asks),
	        cmocka_unit_test(test_going_to_a_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
