#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/osc.h"

static const char *const variables[] = {"TERM", "TERM_PROGRAM", "LC_TERMINAL", "TMUX", "STY"};

static void forget(void)
{
	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++)
		unsetenv(variables[i]);
}

static enum osc_form form_with(const char *variable, const char *value)
{
	forget();
	setenv(variable, value, 1);
	return osc_form_here();
}

static void only_terminals_that_have_it(void **state)
{
	(void)state;
	forget();
	assert_int_equal(osc_form_here(), OSC_NONE);
	assert_int_equal(form_with("TERM", "xterm-kitty"), OSC_99);
	assert_int_equal(form_with("TERM", "foot-extra"), OSC_99);
	assert_int_equal(form_with("TERM", "xterm-ghostty"), OSC_777);
	assert_int_equal(form_with("TERM", "rxvt-unicode-256color"), OSC_777);
	assert_int_equal(form_with("TERM_PROGRAM", "iTerm.app"), OSC_9);
	assert_int_equal(form_with("TERM_PROGRAM", "WezTerm"), OSC_9);
	assert_int_equal(form_with("TERM", "xterm-256color"), OSC_NONE);
	assert_int_equal(form_with("TERM", "linux"), OSC_NONE);
	assert_int_equal(form_with("TERM", "dumb"), OSC_NONE);
	/* Whatever is behind a multiplexer is not known. */
	setenv("TERM", "xterm-kitty", 1);
	setenv("TMUX", "/somewhere,1,0", 1);
	assert_int_equal(osc_form_here(), OSC_NONE);
	assert_int_equal(osc_mux_here(), OSC_MUX_TMUX);
	forget();
	setenv("STY", "1.tty", 1);
	assert_int_equal(osc_mux_here(), OSC_MUX_SCREEN);
	forget();
	assert_int_equal(osc_mux_here(), OSC_MUX_NONE);
	for (int i = 0; i < OSC_COUNT; i++)
		assert_int_equal(osc_form_named(osc_form_name((enum osc_form)i)), i);
	assert_int_equal(osc_form_named("auto"), OSC_NONE);
}

static char *print(enum osc_form form, enum osc_mux mux, const char *title, const char *body)
{
	struct str out = {0};
	const struct osc_notice notice = {.title = title, .body = body, .number = 7};
	osc_notice_print(&out, form, mux, &notice);
	str_adds(&out, "");
	return str_take(&out);
}

static void expect(enum osc_form form, enum osc_mux mux, const char *whole)
{
	char *bytes = print(form, mux, "Mentions", "@ada: 4;2");
	assert_string_equal(bytes, whole);
	free(bytes);
}

static void each_form(void **state)
{
	(void)state;
	expect(OSC_NONE, OSC_MUX_NONE, "");
	expect(OSC_9, OSC_MUX_NONE, "\033]9;stoa: Mentions: @ada: 4,2\033\\");
	expect(OSC_777, OSC_MUX_NONE, "\033]777;notify;stoa: Mentions;@ada: 4,2\033\\");
	expect(OSC_99, OSC_MUX_NONE,
	        "\033]99;i=stoa7:d=0:p=title;Mentions\033\\"
	        "\033]99;i=stoa7:d=1:p=body:o=unfocused;@ada: 4,2\033\\");
	expect(OSC_9, OSC_MUX_TMUX,
	        "\033Ptmux;\033\033]9;stoa: Mentions: @ada: 4,2\033\033\\\033\\");
	expect(OSC_9, OSC_MUX_SCREEN, "");
}

/* Nothing that ends the sequence, begins another, or is a command. */
static void strangers_words_stay_words(void **state)
{
	(void)state;
	static const char *const evil[] = {"\033]52;c;RVZJTA==\a", "a\033\\\033[6n",
	        "\x9b"
	        "31mred",
	        "\xc2\x9d"
	        "0;title\xc2\x9c",
	        "4;1;100", "line\nline\r\nline", "p=close;x",
	        "\xe2\x80\xae"
	        "evil",
	        "\x07\x07", "\xff\xfe"};
	for (size_t i = 0; i < sizeof(evil) / sizeof(*evil); i++) {
		for (int form = OSC_9; form < OSC_COUNT; form++) {
			char *bytes = print((enum osc_form)form, OSC_MUX_NONE, evil[i], evil[i]);
			int escapes = 0, bad = 0, fields = 0;
			for (const char *p = bytes; *p; p++) {
				escapes += *p == '\033';
				fields += *p == ';';
				bad += ((unsigned char)*p < 0x20 && *p != '\033') || *p == 0x7f;
			}
			assert_int_equal(escapes, form == OSC_99 ? 4 : 2);
			assert_int_equal(fields, form == OSC_9 ? 1 : form == OSC_777 ? 3 : 4);
			assert_int_equal(bad, 0);
			assert_null(strstr(bytes, "\xc2\x9d"));
			assert_null(strstr(bytes, "\xe2\x80\xae"));
			free(bytes);
		}
	}
}

static void long_words_are_cut(void **state)
{
	(void)state;
	char text[5000];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	char *bytes = print(OSC_99, OSC_MUX_NONE, text, text);
	assert_in_range(strlen(bytes), 900, 1100);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(only_terminals_that_have_it),
	        cmocka_unit_test(each_form),
	        cmocka_unit_test(strangers_words_stay_words),
	        cmocka_unit_test(long_words_are_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
