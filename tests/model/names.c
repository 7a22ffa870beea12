#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/health.h"
#include "model/page.h"
#include "model/source.h"

#define NAMES(name, function, count)                                                               \
	static const char *name(int i)                                                             \
	{                                                                                          \
		return i < (int)(count) ? function(i) : NULL;                                      \
	}
NAMES(facet, facet_kind_name, FACET_NKINDS)
NAMES(media, media_kind_name, MEDIA_NKINDS)
NAMES(visibility, visibility_name, VIS_COUNT)
NAMES(reason, reason_name, REASON_COUNT)
NAMES(health, health_name, HEALTH_COUNT)
#undef NAMES

static const char *source(int i)
{
	return i < SOURCE_NKINDS ? source_kinds[i].name : NULL;
}

static void each_value_has_a_name_of_its_own(void **state)
{
	static const char *(*const lists[])(int) = {
	        facet, media, visibility, reason, health, source};

	(void)state;
	for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
		for (int i = 0; lists[k](i); i++) {
			assert_int_not_equal(lists[k](i)[0], '\0');
			for (int j = 0; j < i; j++) {
				assert_string_not_equal(lists[k](i), lists[k](j));
			}
		}
	}
}

static void a_value_past_the_end_has_none(void **state)
{
	(void)state;
	assert_string_equal(facet_kind_name(FACET_NKINDS), "");
	assert_string_equal(media_kind_name((enum media_kind) - 1), "");
	assert_string_equal(visibility_name(VIS_COUNT), "");
	assert_string_equal(reason_name(REASON_COUNT), "");
	assert_string_equal(health_name(HEALTH_COUNT), "");
}

static void names_are_in_their_place(void **state)
{
	(void)state;
	assert_string_equal(facet_kind_name(FACET_LINK), "link");
	assert_string_equal(facet_kind_name(FACET_IMAGE), "image");
	assert_string_equal(media_kind_name(MEDIA_FILE), "file");
	assert_string_equal(visibility_name(VIS_DIRECT), "direct");
	assert_string_equal(reason_name(REASON_REPOSTED), "reposted");
	assert_string_equal(health_name(HEALTH_BROKEN), "error");
	assert_string_equal(source_kinds[SOURCE_ALL].name, "all");
	assert_int_equal(source_kinds[SOURCE_TAG].arg, 1);
	assert_non_null(strstr(source_kinds[SOURCE_HOME].help, "follows"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_value_has_a_name_of_its_own),
	        cmocka_unit_test(a_value_past_the_end_has_none),
	        cmocka_unit_test(names_are_in_their_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
