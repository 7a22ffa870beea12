#include "ui/theme.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/cmd.h"
#include "color.h"

enum {
	THEME_MAX_COLORS = 256, /* names in a palette */
	COLOR_INHERIT = -2,     /* the default role's colour */
	STYLE_MAX = UINT16_MAX,
};

static const struct {
	const char *name, *help;
	enum role fallback;
} role_rows[ROLE_COUNT] = {
#define X(id, name, fallback, help) {name, help, ROLE_##fallback},
        ROLES(X)
#undef X
};

static const struct {
	const char *name;
	enum style_attr attr;
} attr_rows[] = {
        {"bold", ATTR_BOLD},
        {"dim", ATTR_DIM},
        {"italic", ATTR_ITALIC},
        {"underline", ATTR_UNDERLINE},
        {"reverse", ATTR_REVERSE},
        {"strike", ATTR_STRIKE},
};
enum { ATTR_ROWS = sizeof(attr_rows) / sizeof(attr_rows[0]) };

struct named_color {
	char *name;
	int32_t color;
};

struct theme {
	bool set[ROLE_COUNT];
	struct style own[ROLE_COUNT]; /* as set; colours may be COLOR_INHERIT */
	struct named_color *palette;
	size_t npalette, palette_cap;
	/* Style numbers: given on demand, kept for good. */
	struct {
		uint8_t role, under;
		struct style look; /* as the roles are set now */
	} * styles;
	size_t nstyles, styles_cap;
	uint16_t number[ROLE_COUNT][ROLE_COUNT]; /* + 1; 0: none given yet */
};

_Static_assert(ROLE_COUNT < 256, "roles are kept in a byte");

const char *role_name(enum role role)
{
	return role_rows[role].name;
}

const char *role_help(enum role role)
{
	return role_rows[role].help;
}

static void update_looks(struct theme *theme);

static void tell_nobody(void *ctx, const char *sentence)
{
	(void)ctx;
	(void)sentence;
}

struct theme *theme_new(void)
{
	struct theme *theme = xcalloc(1, sizeof(*theme));
	theme_style(theme, ROLE_DEFAULT, ROLE_DEFAULT);
	theme_load(theme, "default.theme", theme_default, strlen(theme_default), tell_nobody, NULL);
	return theme;
}

void theme_clear(struct theme *theme)
{
	for (size_t i = 0; i < theme->npalette; i++)
		free(theme->palette[i].name);
	theme->npalette = 0;
	memset(theme->set, 0, sizeof(theme->set));
	update_looks(theme);
}

void theme_free(struct theme *theme)
{
	if (!theme) return;
	theme_clear(theme);
	free(theme->palette);
	free(theme->styles);
	free(theme);
}

static struct named_color *palette_find(const struct theme *theme, const char *name)
{
	for (size_t i = 0; i < theme->npalette; i++) {
		if (strcmp(theme->palette[i].name, name) == 0) return &theme->palette[i];
	}
	return NULL;
}

bool theme_palette(struct theme *theme, const char *name, const char *color, struct err *err)
{
	int32_t value;
	if (strcmp(name, "default") == 0 || name[0] == '#' || color_ansi(name, &value))
		return err_set(
		        err, ERR_SYNTAX, "'%s' means a colour already: take another name", name);
	if (!color_parse(color, &value))
		return err_set(err, ERR_SYNTAX, "'%s' is not a colour: write #rrggbb", color);
	struct named_color *found = palette_find(theme, name);
	if (!found) {
		if (theme->npalette >= THEME_MAX_COLORS)
			return err_set(err, ERR_TOO_LARGE, "a palette has at most %d colours",
			        THEME_MAX_COLORS);
		theme->palette = mem_grow(theme->palette, &theme->palette_cap, theme->npalette + 1,
		        sizeof(*theme->palette));
		found = &theme->palette[theme->npalette++];
		found->name = xstrdup(name);
	}
	found->color = value;
	return true;
}

static const char *role_candidate(void *ctx, size_t i)
{
	(void)ctx;
	return i < ROLE_COUNT ? role_rows[i].name : NULL;
}

bool role_find(const char *name, enum role *out, struct err *err)
{
	for (int i = 0; i < ROLE_COUNT; i++) {
		if (strcmp(role_rows[i].name, name) == 0) {
			*out = (enum role)i;
			return true;
		}
	}
	const char *near = cmd_nearest(name, role_candidate, NULL);
	if (near) return err_set(err, ERR_SYNTAX, "no role '%s'; did you mean '%s'?", name, near);
	return err_set(err, ERR_SYNTAX, "no role '%s'", name);
}

static bool color_find(
        const struct theme *theme, enum role role, const char *text, int32_t *out, struct err *err)
{
	if (strcmp(text, "default") == 0) {
		*out = role == ROLE_DEFAULT ? COLOR_OWN : COLOR_INHERIT;
		return true;
	}
	const struct named_color *named = palette_find(theme, text);
	if (named) {
		*out = named->color;
		return true;
	}
	if (color_parse(text, out) || color_ansi(text, out)) return true;
	return err_set(err, ERR_SYNTAX,
	        "no colour '%s': neither #rrggbb, nor in the palette, nor one of the 16 names",
	        text);
}

static bool attr_find(const char *name, uint8_t *attrs, struct err *err)
{
	for (size_t i = 0; i < ATTR_ROWS; i++) {
		if (strcmp(attr_rows[i].name, name) == 0) {
			*attrs |= (uint8_t)attr_rows[i].attr;
			return true;
		}
	}
	return err_set(err, ERR_SYNTAX,
	        "no attribute '%s': bold, dim, italic, underline, reverse or strike", name);
}

bool theme_set(struct theme *theme, const char *role, const char *fg, const char *bg,
        const char *const *attrs, size_t nattrs, struct err *err)
{
	enum role which = ROLE_DEFAULT;
	struct style style = {0};
	if (!role_find(role, &which, err) || !color_find(theme, which, fg, &style.fg, err) ||
	        !color_find(theme, which, bg, &style.bg, err))
		return false;
	for (size_t i = 0; i < nattrs; i++) {
		if (!attr_find(attrs[i], &style.attrs, err)) return false;
	}
	theme->own[which] = style;
	theme->set[which] = true;
	update_looks(theme);
	return true;
}

bool theme_has(const struct theme *theme, enum role role)
{
	return theme->set[role];
}

size_t theme_styles(const struct theme *theme)
{
	return theme->nstyles;
}

/* The role itself, or the nearest fallback that was set. */
static enum role role_set(const struct theme *theme, enum role role)
{
	while (!theme->set[role] && role != ROLE_DEFAULT)
		role = role_rows[role].fallback;
	return role;
}

static bool role_comes_from(enum role role, enum role from)
{
	while (role != from && role != ROLE_DEFAULT)
		role = role_rows[role].fallback;
	return role == from;
}

/* What a role was set to, or the nearest fallback that was set. */
static struct style role_look(const struct theme *theme, enum role role)
{
	role = role_set(theme, role);
	if (!theme->set[role]) return (struct style){.fg = COLOR_OWN, .bg = COLOR_OWN};
	return theme->own[role];
}

static void resolve(struct style *look, const struct style *base)
{
	if (look->fg == COLOR_INHERIT) look->fg = base->fg;
	if (look->bg == COLOR_INHERIT) look->bg = base->bg;
}

/* Nobody knows what the terminal's own colours are. */
static bool can_be_read(int32_t fg, int32_t bg)
{
	return fg == COLOR_OWN || bg == COLOR_OWN || theme_contrast(fg, bg) >= THEME_MIN_CONTRAST;
}

static struct style style_look(const struct theme *theme, enum role role, enum role under)
{
	struct style base = role_look(theme, ROLE_DEFAULT);
	enum role set = role_set(theme, role);
	/* A part of a header that looks like headers looks like the one that it stands in. */
	if (set != role && set != ROLE_DEFAULT && role_comes_from(under, set)) role = under;
	struct style look = role_look(theme, role);
	if (under != ROLE_DEFAULT) {
		struct style ground = role_look(theme, under);
		resolve(&ground, &base);
		if (look.bg == COLOR_INHERIT || look.bg == base.bg) {
			bool plain = look.fg == COLOR_INHERIT || look.fg == base.fg;
			look.bg = ground.bg;
			look.attrs |= ground.attrs & ATTR_REVERSE;
			if (plain || !can_be_read(look.fg, look.bg)) look.fg = ground.fg;
		}
	}
	resolve(&look, &base);
	return look;
}

/* Looks are asked for in every frame, and set once in a while. */
static void update_looks(struct theme *theme)
{
	for (size_t i = 0; i < theme->nstyles; i++) {
		theme->styles[i].look = style_look(
		        theme, (enum role)theme->styles[i].role, (enum role)theme->styles[i].under);
	}
}

struct style theme_look(const struct theme *theme, uint16_t style)
{
	return theme->styles[style < theme->nstyles ? style : 0].look;
}

uint16_t theme_style(struct theme *theme, enum role role, enum role under)
{
	uint16_t *number = &theme->number[role][under];
	if (*number == 0) {
		theme->styles = mem_grow(theme->styles, &theme->styles_cap, theme->nstyles + 1,
		        sizeof(*theme->styles));
		theme->styles[theme->nstyles].role = (uint8_t)role;
		theme->styles[theme->nstyles].under = (uint8_t)under;
		theme->styles[theme->nstyles].look = style_look(theme, role, under);
		*number = (uint16_t)++theme->nstyles;
	}
	return (uint16_t)(*number - 1);
}

uint16_t theme_restyle(struct theme *theme, uint16_t style, enum role under)
{
	if (style >= theme->nstyles) return style;
	return theme_style(theme, (enum role)theme->styles[style].role, under);
}

double theme_contrast(int32_t a, int32_t b)
{
	double light = color_luminance(color_rgb(a, 0xffffff));
	double dark = color_luminance(color_rgb(b, 0x000000));
	return light > dark ? (light + 0.05) / (dark + 0.05) : (dark + 0.05) / (light + 0.05);
}

int theme_is_light(const struct theme *theme)
{
	int32_t bg = role_look(theme, ROLE_DEFAULT).bg;
	if (bg == COLOR_OWN) return -1;
	return theme_contrast(0x000000, bg) > theme_contrast(0xffffff, bg);
}
