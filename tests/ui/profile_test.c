/* A profile over the deck. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "fixture.h"
#include "golden.h"
#include "model/person.h"

enum { WORK = 2 };

static profile_id meet(struct fixture *fx, unsigned flags, int64_t mute_until_ms)
{
	struct page *page = page_new();
	struct relation relation = {
	        .account = WORK, .flags = flags, .mute_until_ms = mute_until_ms};
	relation.profile =
	        page_add_profile(page, &(struct profile){.uri = "https://navy.example/grace",
	                                       .handle = "grace@navy.example",
	                                       .name = "Grace Hopper",
	                                       .url = "https://navy.example/@grace",
	                                       .followers = 1234});
	if (flags) page_add_relation(page, &relation);
	store_add_page(fx->store, page);
	return store_find_profile(fx->store, "https://navy.example/grace");
}

static struct person *grace(void)
{
	struct person *person = person_new();
	person->uri = xstrdup("https://navy.example/grace");
	person->bio = xstrdup("Compilers, and what they cannot know.\n\n"
	                      "A ship in port is safe (https://ships.example/why), but that is not "
	                      "what ships are built for.");
	person->posts = 4321;
	person->followers = 1234;
	person->following = 1;
	person->joined_ms = 1667606400000;
	person->last_ms = FIXTURE_NOW_S * 1000LL - 7200000;
	person->locked = true;
	person->note = xstrdup("met at the boatyard");
	person_add_field(person, "Web", "https://navy.example/~grace", 1667606400000);
	person_add_field(person, "Pronouns", "she/her", 0);
	person_add_field(
	        person, "Where", "Mostly on a boat that is nearly, but not quite, finished", 0);
	return person;
}

static void shows(
        struct fixture *fx, struct profile_view *view, int rows, int cols, const char *name)
{
	struct grid grid;
	grid_init(&grid, rows, cols);
	grid.ascii = fx->ui.ascii;
	profile_view_draw(view, &fx->ui, &grid, (struct rect){0, 0, rows, cols});
	expect_screen(fx->ui.theme, &grid, name);
	grid_finish(&grid);
}

static void begin(struct fixture *fx, struct profile_view *view, struct person *person)
{
	struct fixture_post post = {
	        .name = "Grace Hopper", .handle = "grace@navy.example", .minutes = 600};
	char uri[64];
	fixture_init(fx);
	for (int i = 0; i < 2; i++) {
		post.parts.str[POST_BODY] =
		        i ? "The second thing I pinned." : "A nanosecond is this long.";
		fixture_add(fx, &post);
		snprintf(uri, sizeof(uri), "https://example.org/post/%d", i + 1);
		person_add_pinned(person, uri);
	}
	person_add_pinned(person, "https://example.org/not-here");
	*view = (struct profile_view){.account = WORK,
	        .who = "grace@navy.example",
	        .person = person,
	        .profile = meet(fx, RELATION_FOLLOWING | RELATION_FOLLOWS_US | RELATION_MUTING,
	                FIXTURE_NOW_S * 1000LL + 86400000)};
}

static void test_profile_looks(void **state)
{
	(void)state;
	static const struct {
		int rows, cols;
		bool ascii;
		const char *name;
	} sizes[] = {{34, 39, false, "profile-39x34"}, {30, 80, false, "profile-80x30"},
	        {30, 200, false, "profile-200x30"}, {30, 80, true, "profile-ascii-80x30"}};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct fixture fx;
		struct profile_view view;
		struct person *person = grace();
		begin(&fx, &view, person);
		fx.ui.ascii = sizes[i].ascii;
		shows(&fx, &view, sizes[i].rows, sizes[i].cols, sizes[i].name);
		person_free(person);
		fixture_finish(&fx);
	}
}

static void test_pinned_posts(void **state)
{
	(void)state;
	struct fixture fx;
	struct profile_view view;
	struct person *person = grace();
	struct rect area = {0, 0, 16, 60};
	begin(&fx, &view, person);
	assert_int_equal(profile_view_post(&view, &fx.ui), 0);
	assert_false(profile_view_move(&view, &fx.ui, -1, area));
	assert_true(profile_view_move(&view, &fx.ui, 1, area));
	assert_int_equal(profile_view_post(&view, &fx.ui),
	        store_find(fx.store, "https://example.org/post/1"));
	assert_true(view.top > 0);
	assert_true(profile_view_move(&view, &fx.ui, 1, area));
	assert_int_equal(profile_view_post(&view, &fx.ui),
	        store_find(fx.store, "https://example.org/post/2"));
	/* The third is not here. */
	assert_false(profile_view_move(&view, &fx.ui, 1, area));
	shows(&fx, &view, area.rows, area.cols, "profile-pinned-60x16");
	assert_true(profile_view_move(&view, &fx.ui, -1, area));
	assert_true(profile_view_move(&view, &fx.ui, -1, area));
	assert_int_equal(view.top, 0);
	profile_view_scroll(&view, &fx.ui, 1 << 30, area);
	int bottom = view.top;
	assert_true(bottom > 0);
	profile_view_scroll(&view, &fx.ui, 1, area);
	assert_int_equal(view.top, bottom);
	profile_view_scroll(&view, &fx.ui, -(1 << 30), area);
	assert_int_equal(view.top, 0);
	person_free(person);
	fixture_finish(&fx);
}

static void expect_link(
        const struct fixture *fx, const struct profile_view *view, size_t i, const char *wanted)
{
	char *link = profile_view_link(view, &fx->ui, i);
	if (wanted)
		assert_string_equal(link, wanted);
	else
		assert_null(link);
	free(link);
}

static void test_addresses(void **state)
{
	(void)state;
	struct fixture fx;
	struct profile_view view;
	struct person *person = grace();
	begin(&fx, &view, person);
	expect_link(&fx, &view, 1, "https://navy.example/@grace");
	expect_link(&fx, &view, 2, "https://navy.example/~grace");
	expect_link(&fx, &view, 3, "https://ships.example/why");
	expect_link(&fx, &view, 4, NULL);
	view.person = NULL;
	expect_link(&fx, &view, 1, "https://navy.example/@grace");
	expect_link(&fx, &view, 2, NULL);
	person_free(person);
	fixture_finish(&fx);
}

/* Before anything is known, and when it will not be; in any size. */
static void test_little_is_known(void **state)
{
	(void)state;
	struct fixture fx;
	struct profile_view view = {.who = "nobody@navy.example"};
	fixture_init(&fx);
	shows(&fx, &view, 8, 60, "profile-asking-60x8");
	view.trouble = "there is nobody called nobody@navy.example";
	shows(&fx, &view, 8, 60, "profile-trouble-60x8");
	for (int cols = 1; cols < 30; cols++) {
		struct grid grid;
		struct str fault = {0};
		grid_init(&grid, cols % 7 + 1, cols);
		profile_view_draw(&view, &fx.ui, &grid, (struct rect){0, 0, grid.rows, cols});
		if (!grid_check(&grid, &fault)) fail_msg("%s", fault.p);
		grid_finish(&grid);
	}
	fixture_finish(&fx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_profile_looks),
	        cmocka_unit_test(test_pinned_posts),
	        cmocka_unit_test(test_addresses),
	        cmocka_unit_test(test_little_is_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
