#include "cmd/keymap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *normal(const char *keys)
{
	static struct str out;
	struct err err = {0};
	str_clear(&out);
	if (!key_normalise(&out, keys, &err)) return err.text[0] ? "wrong" : "silent";
	return str_c(&out);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(normal("gg"), "gg");
	assert_string_equal(normal("<c-D>"), "<C-d>");
	assert_string_equal(normal("<M-Enter>"), "<M-Enter>");
	assert_string_equal(normal("<a-x>"), "<M-x>");
	assert_string_equal(normal("<S-tab>"), "<S-Tab>");
	assert_string_equal(normal("<CR><Backspace><PgDn>"), "<Enter><BS><PageDown>");
	assert_string_equal(normal(" "), "<Space>");
	assert_string_equal(normal("<"), "<lt>");
	assert_string_equal(normal("<lt>"), "<lt>");
	assert_string_equal(normal("<f12>"), "<F12>");
	assert_string_equal(normal("é"), "é");
	assert_string_equal(normal("<C-w>>"), "<C-w>>");
	assert_string_equal(normal("<Nope>"), "wrong");
	assert_string_equal(normal("<C-é>"), "wrong");
	assert_string_equal(normal(""), "wrong");
	assert_string_equal(normal("\x1b"), "wrong");
}

static enum key_match find(
        struct keymap *map, enum key_context context, const char *keys, const char *wanted)
{
	const char *line = "";
	enum key_match match = keymap_find(map, context, keys, &line);
	assert_string_equal(line, wanted);
	return match;
}

static void test_find(void **state)
{
	(void)state;
	struct keymap *map = keymap_new();
	assert_int_equal(find(map, KEYS_GLOBAL, "j", ""), KEY_NONE);
	assert_true(keymap_bind(map, KEYS_COLUMN, "gg", "top", NULL, NULL));
	assert_true(keymap_bind(map, KEYS_GLOBAL, "gw", "workspaces", NULL, NULL));
	assert_true(keymap_bind(map, KEYS_GLOBAL, "j", "down", NULL, NULL));
	assert_int_equal(find(map, KEYS_COLUMN, "g", ""), KEY_PREFIX);
	assert_int_equal(find(map, KEYS_COLUMN, "gg", "top"), KEY_COMMAND);
	assert_int_equal(find(map, KEYS_COLUMN, "gw", "workspaces"), KEY_COMMAND);
	assert_int_equal(find(map, KEYS_COLUMN, "gx", ""), KEY_NONE);
	assert_int_equal(find(map, KEYS_COLUMN, "j", "down"), KEY_COMMAND);
	assert_int_equal(find(map, KEYS_PROMPT, "j", ""), KEY_NONE);
	assert_true(keymap_bind(map, KEYS_COLUMN, "j", "next", NULL, NULL));
	assert_int_equal(find(map, KEYS_COLUMN, "j", "next"), KEY_COMMAND);
	assert_true(keymap_bind(map, KEYS_COLUMN, "j", NULL, NULL, NULL));
	assert_int_equal(find(map, KEYS_COLUMN, "j", "down"), KEY_COMMAND);
	struct err err = {0};
	assert_false(keymap_bind(map, KEYS_COLUMN, "j", NULL, NULL, &err));
	assert_string_equal(err.text, "j is not bound in column");
	assert_string_equal(keymap_keys(map, KEYS_COLUMN, "workspaces"), "gw");
	assert_null(keymap_keys(map, KEYS_COLUMN, "nothing"));
	keymap_clear(map);
	assert_int_equal(find(map, KEYS_COLUMN, "gg", ""), KEY_NONE);
	keymap_free(map);
	keymap_free(NULL);
}

static void note(void *ctx, const struct key_binding *binding)
{
	str_addf(ctx, "%s=%s,", binding->keys, binding->line);
}

static void test_each(void **state)
{
	(void)state;
	struct keymap *map = keymap_new();
	struct str seen = {0};
	keymap_bind(map, KEYS_GLOBAL, "j", "down", NULL, NULL);
	keymap_bind(map, KEYS_GLOBAL, "q", "quit", NULL, NULL);
	keymap_bind(map, KEYS_COLUMN, "j", "next", NULL, NULL);
	keymap_each(map, KEYS_COLUMN, note, &seen);
	assert_string_equal(str_c(&seen), "j=next,q=quit,");
	str_clear(&seen);
	keymap_each(map, KEYS_MENU, note, &seen);
	assert_string_equal(str_c(&seen), "");
	str_finish(&seen);
	keymap_free(map);
}

static void test_contexts(void **state)
{
	(void)state;
	for (int i = 0; i < KEYS_COUNT; i++) {
		enum key_context found;
		assert_true(key_context_find(key_context_name((enum key_context)i), &found));
		assert_int_equal(found, i);
	}
	enum key_context none;
	assert_false(key_context_find("nowhere", &none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_names),
	        cmocka_unit_test(test_find),
	        cmocka_unit_test(test_each),
	        cmocka_unit_test(test_contexts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
