/* How long a post is, and what of it becomes a link, mention or tag. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mastodon_world.h"

/* What Mastodon's own patterns give: characters, and where they find what, in bytes. */
static const struct {
	const char *text;
	uint32_t count;
	const char *facets;
} rows[] = {
        {"", 0, ""},
        {"hello", 5, ""},
        {"  hello \n", 5, ""},
        {"a\n\nb", 4, ""},
        {"naïve café", 10, ""},
        {"e\314\201", 1, ""},
        {"\360\237\221\251\342\200\215\360\237\221\251\342\200\215\360\237\221\247 "
         "\360\237\221\215\360\237\217\275 \360\237\207\263\360\237\207\261",
                5, ""},
        {"\340\244\225\340\245\215\340\244\267\340\244\277", 2, ""},
        {"\355\225\230\353\212\230 \340\270\201\340\271\207 \340\270\201\340\270\263", 6, ""},
        {"https://a.io", 23, "link 0-12"},
        {"see https://example.com/a/very/long/path?with=query&and=more#part", 27, "link 4-65"},
        {"HTTP://EXAMPLE.COM/", 23, "link 0-19"},
        {"(https://en.wikipedia.org/wiki/Mastodon_(software))", 25, "link 1-50"},
        {"https://example.com/a(b(c)d)e", 23, "link 0-29"},
        {"https://example.com/a(b", 25, "link 0-21"},
        {"https://example.com.", 24, "link 0-19"},
        {"https://example.com/a,b.", 24, "link 0-23"},
        {"https://example.com/?", 24, "link 0-20"},
        {"https://example.com/?q=a.", 24, "link 0-24"},
        {"https://example.com:8080/x", 23, "link 0-26"},
        {"https://example.com:x", 25, "link 0-19"},
        {"example.com", 11, ""},
        {"www.example.com/path", 20, ""},
        {"https://localhost/some/long/path/here/to/see", 44, ""},
        {"https://x.notatld/aaaaaaaaaaaaaaaaaaaaaaaa", 42, ""},
        {"http://192.168.1.1/aaaaaaaaaaaaaaaaaaaaaaaa", 43, ""},
        {"https://münchen.de/straße", 23, "link 0-27"},
        {"https://xn--mnchen-3ya.de/", 23, "link 0-26"},
        {"https://a_b.example.org/", 23, "link 0-24"},
        {"https://a_b.org/", 16, ""},
        {"https://-a.org/", 15, ""},
        {"gemini://example.org/a", 23, "link 0-22"},
        {"ftp://example.org/a", 19, ""},
        {"xhttps://example.com/", 21, ""},
        {"日本https://example.com/日本。", 25, "link 6-35"},
        {"https://example.com/「x」", 24, "link 0-24"},
        {"\342\200\234https://example.com\342\200\235", 25, "link 3-22"},
        {"<https://example.com>", 25, "link 1-20"},
        {"a@https://example.com", 21, ""},
        {"https://example.com?x=1", 23, "link 0-23"},
        {"https://example.comé", 24, "link 0-19"},
        {"@bob", 4, "mention 0-4"},
        {"@bob@far.example hi", 7, "mention 0-16"},
        {"@bob@far.example.", 5, "mention 0-16"},
        {"a@bob", 5, ""},
        {"mail@example.com", 16, ""},
        {"/@bob", 5, ""},
        {"(@bob)", 6, "mention 1-5"},
        {"@bob@", 5, ""},
        {"@bob@far.example@", 17, ""},
        {"@bobé", 5, ""},
        {"@bob://", 7, ""},
        {"@a.b-c@x-y.example", 6, "mention 0-18"},
        {"@bob-@x", 7, "mention 0-4 mention 5-7"},
        {"https://far.example/@bob", 24, ""},
        {"#tag", 4, "tag 0-4"},
        {"##tag", 5, "tag 1-5"},
        {"a#tag", 5, ""},
        {"(#tag)", 6, "tag 1-5"},
        {")#tag", 5, ""},
        {"#1", 2, ""},
        {"#1a", 3, "tag 0-3"},
        {"#a1", 3, "tag 0-3"},
        {"#_", 2, ""},
        {"#a_b", 4, "tag 0-4"},
        {"#a·b", 4, "tag 0-5"},
        {"#a・b", 4, "tag 0-6"},
        {"#·a", 3, ""},
        {"#日本語", 4, "tag 0-10"},
        {"#naïve", 6, "tag 0-7"},
        {"#e\314\201t", 3, "tag 0-5"},
        {"＃tag", 4, "tag 0-6"},
        {"#tag.", 5, "tag 0-4"},
        {"#tag-more", 9, "tag 0-4"},
        {"#c++", 4, "tag 0-2"},
        {"#a's", 4, "tag 0-2"},
        {"https://example.com/#tag", 23, "link 0-24"},
        {"#tag https://a.io @bob@x.example #b", 36, "tag 0-4 link 5-17 mention 18-32 tag 33-35"},
};

static void add(void *ctx, const struct facet *facet)
{
	struct str *out = ctx;
	str_addf(out, "%s%s %u-%u", out->len ? " " : "", facet_kind_name(facet->kind), facet->start,
	        facet->end);
}

static struct measure measured(const struct account *account, const char *text, const char *warning)
{
	const struct outgoing item = {.text = (char *)text, .warning = (char *)warning};
	struct measure out;
	mastodon()->measure(account, &item, &out);
	return out;
}

static void as_mastodon_does(void **state)
{
	(void)state;
	const struct account account = {.software = (char *)"mastodon 4.5.2", .api = 7};
	int bad = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *text = rows[i].text;
		struct str found = {0};
		mastodon()->detect(&account, text, strlen(text), add, &found);
		uint32_t count = measured(&account, text, NULL).count;
		if (count != rows[i].count || strcmp(str_c(&found), rows[i].facets) != 0) {
			print_error("%s: %u, %s\n", text, count, str_c(&found));
			bad++;
		}
		str_finish(&found);
	}
	assert_int_equal(bad, 0);
}

static void add_target(void *ctx, const struct facet *facet)
{
	str_addf(ctx, "[%s]", facet->target);
}

static void targets_have_no_marks(void **state)
{
	(void)state;
	static const char text[] = "https://a.io/x @bob@far.example \xef\xbc\x83tag #b";
	const struct account account = {.software = (char *)"mastodon 4.5.2"};
	struct str found = {0};
	mastodon()->detect(&account, text, sizeof text - 1, add_target, &found);
	assert_string_equal(found.p, "[https://a.io/x][bob@far.example][tag][b]");
	str_finish(&found);
}

static void each_program_by_its_own_rule(void **state)
{
	(void)state;
	static const char text[] = "https://example.com/long/path @bob@far.example "
	                           "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7";
	static const struct {
		const char *software;
		uint32_t api, count;
	} programs[] = {
	        {"mastodon 4.5.2", 7, 23 + 1 + 4 + 1 + 1},
	        {"", 0, 23 + 1 + 4 + 1 + 1}, /* not learned yet */
	        {"hometown 1.1", 2, 23 + 1 + 4 + 1 + 1},
	        {"pleroma 2.7", 0, 29 + 1 + 16 + 1 + 1},
	        {"akkoma 3.13", 0, 29 + 1 + 16 + 1 + 1},
	        {"gotosocial 0.19", 0, 29 + 1 + 16 + 1 + 3},
	        {"snac 2.75", 0, 29 + 1 + 16 + 1 + 3},
	        {"unheard-of 1", 0, 29 + 1 + 16 + 1 + 3},
	};
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
		const struct account account = {
		        .software = (char *)programs[i].software, .api = programs[i].api};
		struct measure is = measured(&account, text, NULL);
		assert_int_equal(is.count, programs[i].count);
		assert_int_equal(measured(&account, text, "ab").count, programs[i].count + 2);
		assert_int_equal(is.limit, 500);
		assert_int_equal(is.byte_max, 0);
		assert_int_equal(is.fits, sizeof text - 1);
	}
}

static void limits_are_the_servers_own(void **state)
{
	(void)state;
	struct account account = {.software = (char *)"mastodon 4.5.2"};
	account.limits.text = 40;
	account.limits.url = 30;
	struct measure is = measured(&account, "https://a.io 1234567890", NULL);
	assert_int_equal(is.limit, 40);
	assert_int_equal(is.count, 41);
	assert_int_equal(is.fits, 22);
}

static void a_cut_goes_through_nothing(void **state)
{
	(void)state;
	static const struct {
		uint32_t limit;
		const char *text, *warning;
		size_t fits;
	} cuts[] = {
	        {3, "abcd", NULL, 3},
	        {4, "abcd", NULL, 4},
	        {4, "abcd  \n", NULL, 7}, /* what is taken off anyway */
	        {4, "abcd", "xy", 2},
	        {4, "abcd", "vwxyz", 0},
	        {2, "ae\xcc\x81z", NULL, 4},
	        {26, "ab https://a.io c", NULL, 15},
	        {25, "ab https://a.io c", NULL, 3},
	        {8, "ab @bob@far.example c", NULL, 20},
	        {6, "ab @bob@far.example c", NULL, 3},
	};
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
		struct account account = {.software = (char *)"mastodon 4.5.2"};
		account.limits.text = cuts[i].limit;
		assert_int_equal(
		        measured(&account, cuts[i].text, cuts[i].warning).fits, cuts[i].fits);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(as_mastodon_does),
	        cmocka_unit_test(targets_have_no_marks),
	        cmocka_unit_test(each_program_by_its_own_rule),
	        cmocka_unit_test(limits_are_the_servers_own),
	        cmocka_unit_test(a_cut_goes_through_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
