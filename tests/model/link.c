#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/link.h"

static const struct {
	const char *words, *target;
	enum link_truth truth;
	const char *host;
} rows[] = {
        {"example.org/a", "https://example.org/a", LINK_SAYS_SO, "example.org"},
        {"https://www.Example.org/", "https://example.org/x", LINK_SAYS_SO, "example.org"},
        {"example.org", "https://example.org:8443/", LINK_SAYS_SO, "example.org"},
        {"very-long-na…", "https://very-long-name.example/x", LINK_IN_WORDS,
                "very-long-name.example"},
        {"very-long.na…", "https://very-long.name.example/x", LINK_SAYS_SO,
                "very-long.name.example"},
        {"here", "https://example.org/", LINK_IN_WORDS, "example.org"},
        {"Read it. All", "https://example.org/", LINK_IN_WORDS, "example.org"},
        {"version 3.5", "https://example.org/", LINK_IN_WORDS, "example.org"},
        {"3.5", "https://example.org/", LINK_IN_WORDS, "example.org"},
        {"https://bank.example", "https://evil.example/", LINK_LIES, "evil.example"},
        {"bank.example", "https://bank.example.evil.example/", LINK_LIES,
                "bank.example.evil.example"},
        {"evil.example", "https://bank.example@evil.example/", LINK_LIES, "evil.example"},
        {"https://bank.example@evil.example", "https://evil.example/", LINK_LIES, "evil.example"},
        {"bank.example", "https://bank.example%2f@evil.example/", LINK_LIES, "evil.example"},
        {"аррӏе.com", "https://xn--80ak6aa92e.com/", LINK_LIES, "xn--80ak6aa92e.com"},
        {"аррӏе.com", "https://аррӏе.com/", LINK_LIES, "xn--80ak6aa92e.com"},
        {"here", "https://аррӏе.com/", LINK_LIES, "xn--80ak6aa92e.com"},
        {"here", "https://pаypal.com/", LINK_LIES, "xn--pypal-4ve.com"},
        {"пример.рф", "https://xn--e1afmkfd.xn--p1ai/", LINK_SAYS_SO, "xn--e1afmkfd.xn--p1ai"},
        {"пример.рф", "https://пример.рф/", LINK_SAYS_SO, "пример.рф"},
        {"bücher.example", "https://xn--bcher-kva.example/", LINK_SAYS_SO, "xn--bcher-kva.example"},
        {"mail me", "mailto:ada@example.org", LINK_SAYS_SO, ""},
        {"", "https://example.org/", LINK_IN_WORDS, "example.org"},
        {"", "", LINK_SAYS_SO, ""},
        {"gemini.example", "gemini://gemini.example/a", LINK_SAYS_SO, "gemini.example"},
};

static void links_are_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str host = {0};
		enum link_truth truth =
		        link_judge(rows[i].words, strlen(rows[i].words), rows[i].target, &host);
		if (truth != rows[i].truth || strcmp(str_c(&host), rows[i].host) != 0)
			fail_msg("%s -> %s: %d %s", rows[i].words, rows[i].target, (int)truth,
			        str_c(&host));
		str_finish(&host);
	}
}

static void names_before_a_host_are_seen(void **state)
{
	(void)state;
	assert_true(link_has_userinfo("https://bank.example@evil.example/"));
	assert_true(link_has_userinfo("https://a:b@evil.example"));
	assert_false(link_has_userinfo("https://evil.example/@ada"));
	assert_false(link_has_userinfo("mailto:ada@example.org"));
}

/* Any bytes: no crash, no endless loop, whatever comes out. */
static void nonsense_is_no_harm(void **state)
{
	uint32_t seed = 7;
	(void)state;
	for (int round = 0; round < 20000; round++) {
		static const char letters[] = "a.:/@?#%\xd0\xb0\xe2\x80\xa6 -[]";
		char words[24] = "", target[32] = "https://";
		for (int i = 0; i < 20; i++) {
			seed = seed * 1664525 + 1013904223;
			words[i] = letters[(seed >> 24) % (sizeof(letters) - 1)];
			target[8 + i] = letters[(seed >> 16 & 255) % (sizeof(letters) - 1)];
		}
		struct str host = {0};
		enum link_truth truth = link_judge(words, strlen(words), target, &host);
		assert_in_range(truth, LINK_SAYS_SO, LINK_LIES);
		assert_in_range(host.len, 0, 200);
		str_finish(&host);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(links_are_judged),
	        cmocka_unit_test(names_before_a_host_are_seen),
	        cmocka_unit_test(nonsense_is_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
