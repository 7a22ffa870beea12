#include "base/osc.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/utf8.h"

/* Of one text: terminals take 2,048 bytes and more (OSC 99), people read less. */
enum { OSC_MAX_TITLE = 120, OSC_MAX_BODY = 800 };

static const char *const names[] = {
#define X(id, name) name,
        OSC_FORMS(X)
#undef X
};

/* Where a variable begins with these words, the terminal has this form. */
static const struct {
	const char *variable, *words;
	enum osc_form form;
} terminals[] = {
        {"TERM", "xterm-kitty", OSC_99},
        {"TERM", "foot", OSC_99},
        {"TERM", "xterm-ghostty", OSC_777},
        {"TERM", "rxvt-unicode", OSC_777},
        {"TERM_PROGRAM", "ghostty", OSC_777},
        {"TERM_PROGRAM", "iTerm.app", OSC_9},
        {"TERM_PROGRAM", "WezTerm", OSC_9},
        {"LC_TERMINAL", "iTerm2", OSC_9},
};

static bool begins(const char *variable, const char *words)
{
	const char *value = getenv(variable);
	return value && strncmp(value, words, strlen(words)) == 0;
}

const char *osc_form_name(enum osc_form form)
{
	return names[form];
}

enum osc_form osc_form_named(const char *name)
{
	for (int i = 0; i < OSC_COUNT; i++) {
		if (strcmp(names[i], name) == 0) return (enum osc_form)i;
	}
	return OSC_NONE;
}

enum osc_mux osc_mux_here(void)
{
	const char *tmux = getenv("TMUX"), *screen = getenv("STY");
	if (tmux && *tmux) return OSC_MUX_TMUX;
	return screen && *screen ? OSC_MUX_SCREEN : OSC_MUX_NONE;
}

enum osc_form osc_form_here(void)
{
	/* What is behind it may change while we run, and gets nothing unless it was told to. */
	if (osc_mux_here() != OSC_MUX_NONE) return OSC_NONE;
	for (size_t i = 0; i < sizeof(terminals) / sizeof(*terminals); i++) {
		if (begins(terminals[i].variable, terminals[i].words)) return terminals[i].form;
	}
	return OSC_NONE;
}

/* One line that ends no sequence and parts no fields. */
static void add_text(struct str *out, const char *text, size_t max)
{
	struct str clean = {0};
	clean_out(&clean, CLEAN_CELL, text, strlen(text));
	size_t len = utf8_prefix(str_c(&clean), clean.len, max);
	for (size_t i = 0; i < len; i++)
		str_addc(out, clean.p[i] == ';' ? ',' : clean.p[i]);
	if (len < clean.len) str_adds(out, "…");
	str_finish(&clean);
}

static void add_9(struct str *out, const struct osc_notice *notice)
{
	/* A number first would be taken for one of ConEmu's commands. */
	str_adds(out, "\033]9;stoa: ");
	add_text(out, notice->title, OSC_MAX_TITLE);
	str_adds(out, ": ");
	add_text(out, notice->body, OSC_MAX_BODY);
	str_adds(out, "\033\\");
}

static void add_99(struct str *out, const struct osc_notice *notice)
{
	const char *when = notice->always ? "always" : "unfocused";
	str_addf(out, "\033]99;i=stoa%u:d=0:p=title;", notice->number);
	add_text(out, notice->title, OSC_MAX_TITLE);
	str_addf(out, "\033\\\033]99;i=stoa%u:d=1:p=body:o=%s;", notice->number, when);
	add_text(out, notice->body, OSC_MAX_BODY);
	str_adds(out, "\033\\");
}

static void add_777(struct str *out, const struct osc_notice *notice)
{
	str_adds(out, "\033]777;notify;stoa: ");
	add_text(out, notice->title, OSC_MAX_TITLE);
	str_addc(out, ';');
	add_text(out, notice->body, OSC_MAX_BODY);
	str_adds(out, "\033\\");
}

/* As tmux passes it on, where allow-passthrough is on: each ESC doubled. */
static void add_wrapped(struct str *out, const struct str *bytes)
{
	str_adds(out, "\033Ptmux;");
	for (size_t i = 0; i < bytes->len; i++) {
		if (bytes->p[i] == '\033') str_addc(out, '\033');
		str_addc(out, bytes->p[i]);
	}
	str_adds(out, "\033\\");
}

void osc_notice_print(
        struct str *out, enum osc_form form, enum osc_mux mux, const struct osc_notice *notice)
{
	static void (*const add[])(struct str *, const struct osc_notice *) = {
	        [OSC_9] = add_9, [OSC_99] = add_99, [OSC_777] = add_777};
	struct str bytes = {0};
	if (form == OSC_NONE || form >= OSC_COUNT) return;
	add[form](&bytes, notice);
	if (mux == OSC_MUX_TMUX)
		add_wrapped(out, &bytes);
	else if (mux == OSC_MUX_NONE)
		str_add(out, bytes.p, bytes.len);
	str_finish(&bytes);
}
