#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/*
 * X(ID, "name", FALLBACK, "help"). An unset role looks like its fallback, so a theme
 * may be five lines long.
 */
#define ROLES(X)                                                                                   \
	X(DEFAULT, "default", DEFAULT, "everything that has no role of its own")                   \
	X(COLUMN_TITLE, "column.title", DEFAULT, "a column's header")                              \
	X(COLUMN_TITLE_FOCUS, "column.title.focus", COLUMN_TITLE, "the focused column's header")   \
	X(COLUMN_UNREAD, "column.unread", COLUMN_TITLE, "the number of unread posts")              \
	X(COLUMN_HEALTH, "column.health", COLUMN_TITLE, "how the source is doing")                 \
	X(COLUMN_TROUBLE, "column.trouble", COLUMN_HEALTH,                                         \
	        "a source that is stale, limited or in error")                                     \
	X(COLUMN_BORDER, "column.border", DEFAULT, "the line between columns")                     \
	X(COLUMN_BORDER_FOCUS, "column.border.focus", COLUMN_BORDER,                               \
	        "the line at the focused column")                                                  \
	X(POST, "post", DEFAULT, "the text of a post that was read")                               \
	X(POST_UNREAD, "post.unread", POST, "the text of an unread post")                          \
	X(POST_FOCUS, "post.focus", DEFAULT,                                                       \
	        "the selected post: its background goes under all roles")                          \
	X(POST_FOCUS_HEAD, "post.focus.head", POST_FOCUS,                                          \
	        "likewise the first line of the selected post")                                    \
	X(POST_BAR, "post.bar", COLUMN_BORDER_FOCUS, "the bar at the left of the selected post")   \
	X(POST_AUTHOR, "post.author", POST, "an author's name")                                    \
	X(POST_HANDLE, "post.handle", POST, "an author's handle")                                  \
	X(POST_TIME, "post.time", POST, "when it was written")                                     \
	X(POST_TITLE, "post.title", POST, "a feed item's title")                                   \
	X(POST_REASON, "post.reason", POST, "why it stands here: reposted by, replying to")        \
	X(POST_LINK, "post.link", POST, "a link")                                                  \
	X(POST_MENTION, "post.mention", POST_LINK, "somebody mentioned")                           \
	X(POST_TAG, "post.tag", POST_LINK, "a tag")                                                \
	X(POST_CODE, "post.code", POST, "code")                                                    \
	X(POST_STRONG, "post.strong", POST, "words in bold")                                       \
	X(POST_EMPHASIS, "post.emphasis", POST, "words stressed")                                  \
	X(POST_STRIKE, "post.strike", POST, "words struck out")                                    \
	X(POST_WARNING, "post.warning", POST, "a content warning")                                 \
	X(POST_MEDIA, "post.media", POST, "pictures and other media, by their alt text")           \
	X(POST_QUOTE, "post.quote", POST, "a quoted post")                                         \
	X(POST_MORE, "post.more", POST_REASON, "that there is more of it to show")                 \
	X(POST_COUNTS, "post.counts", POST, "replies, reposts and likes")                          \
	X(POST_MINE, "post.mine", POST_COUNTS, "what you liked, reposted or bookmarked")           \
	X(POST_RULE, "post.rule", COLUMN_BORDER,                                                   \
	        "the line between posts; an empty one when not set")                               \
	X(POST_GUIDE, "post.guide", COLUMN_BORDER,                                                 \
	        "the lines that show what a reply of a thread answers")                            \
	X(MARKER, "marker", COLUMN_BORDER, "the line where reading stopped last time")             \
	X(GAP, "gap", POST_REASON, "a row that stands for missing ones")                           \
	X(MATCH, "match", DEFAULT, "what a search found")                                          \
	X(FOLD, "fold", POST_TIME, "a line that stands for rows that mutes and quotas fold")       \
	X(HIGHLIGHT, "highlight", POST_TITLE, "a post that a highlight rule found")                \
	X(HIGHLIGHT_URGENT, "highlight.urgent", COLUMN_TROUBLE, "likewise, for what is urgent")    \
	X(HIGHLIGHT_QUIET, "highlight.quiet", POST_TIME, "likewise, for what may wait")            \
	X(ACCOUNT_1, "account.1", POST_LINK,                                                       \
	        "the first account that is signed in, where there are several")                    \
	X(ACCOUNT_2, "account.2", POST_TAG, "the second one")                                      \
	X(ACCOUNT_3, "account.3", POST_TITLE, "the third one")                                     \
	X(ACCOUNT_4, "account.4", POST_MENTION, "the fourth one")                                  \
	X(ACCOUNT_5, "account.5", POST_MINE, "the fifth one")                                      \
	X(ACCOUNT_6, "account.6", POST_REASON, "the sixth one; the seventh looks like the first")  \
	X(AVATAR_1, "avatar.1", ACCOUNT_1,                                                         \
	        "the mark of an author; their handle says which of six")                           \
	X(AVATAR_2, "avatar.2", ACCOUNT_2, "likewise")                                             \
	X(AVATAR_3, "avatar.3", ACCOUNT_3, "likewise")                                             \
	X(AVATAR_4, "avatar.4", ACCOUNT_4, "likewise")                                             \
	X(AVATAR_5, "avatar.5", ACCOUNT_5, "likewise")                                             \
	X(AVATAR_6, "avatar.6", ACCOUNT_6, "likewise")                                             \
	X(STATUS, "status", DEFAULT, "the status bar")                                             \
	X(STATUS_KEY, "status.key", STATUS, "a key in the status bar")                             \
	X(STATUS_ERROR, "status.error", STATUS, "what went wrong")                                 \
	X(STATUS_GOOD, "status.good", STATUS, "what went well")                                    \
	X(PROMPT, "prompt", DEFAULT, "the line where you type")                                    \
	X(PROMPT_ERROR, "prompt.error", STATUS_ERROR, "the place of a mistake while you type")     \
	X(MENU, "menu", DEFAULT, "a list over the deck")                                           \
	X(MENU_BORDER, "menu.border", MENU, "the frame of a list")                                 \
	X(MENU_FOCUS, "menu.focus", MENU, "the selected line of a list")                           \
	X(MENU_KEY, "menu.key", MENU, "a key in a list")                                           \
	X(MENU_TITLE, "menu.title", MENU, "a list's title")                                        \
	X(MENU_DIM, "menu.dim", MENU, "what cannot be done now, and why")                          \
	X(ARTICLE, "article", DEFAULT, "the text of an article")                                   \
	X(ARTICLE_HEADING, "article.heading", ARTICLE, "a heading in an article")

#define X(id, name, fallback, help) ROLE_##id,
enum role { ROLES(X) ROLE_COUNT };
#undef X

enum style_attr {
	ATTR_BOLD = 1 << 0,
	ATTR_DIM = 1 << 1,
	ATTR_ITALIC = 1 << 2,
	ATTR_UNDERLINE = 1 << 3,
	ATTR_REVERSE = 1 << 4,
	ATTR_STRIKE = 1 << 5,
};

struct style {
	int32_t fg, bg; /* 0xRRGGBB; COLOR_ANSI + 0…15; COLOR_OWN */
	uint8_t attrs;  /* enum style_attr */
};
enum {
	COLOR_OWN = -1,       /* the terminal's own foreground or background */
	COLOR_ANSI = 1 << 24, /* + n: one of its 16, whatever it shows for them */
};

/*
 * A theme and the table of styles made of it. A style is a role drawn on the background
 * of another; it is given at its first use and its number then stays, whatever colours
 * the theme gets later. Style 0 is the role `default`.
 */
struct theme;

struct theme *theme_new(void); /* the compiled-in default theme (themes/default.theme) */
void theme_free(struct theme *theme);
/* Start anew, to load another: no role set, no palette. Styles keep their numbers. */
void theme_clear(struct theme *theme);

/*
 * Run the lines of a theme file (`palette`, `style` and comments, nothing else) on top
 * of what is set. Returns how many were wrong; each is told as `name:line: sentence`.
 */
int theme_load(struct theme *theme, const char *name, const char *text, size_t len,
        void (*on_error)(void *ctx, const char *sentence), void *ctx);
extern const char theme_default[]; /* the text of themes/default.theme */

/* `palette NAME #rrggbb` */
bool theme_palette(struct theme *theme, const char *name, const char *color, struct err *err);
/*
 * `style ROLE FG BG [bold dim italic underline reverse strike]`; colours are #rrggbb, a
 * palette name, one of the 16 ANSI names (black … white, bright-black … bright-white), or
 * `default`: the colour of the role `default`, and for that role itself the terminal's own.
 */
bool theme_set(struct theme *theme, const char *role, const char *fg, const char *bg,
        const char *const *attrs, size_t nattrs, struct err *err);

#define THEME_MIN_CONTRAST 4.5

/* Was the role set, by the theme or since? */
bool theme_has(const struct theme *theme, enum role role);

/*
 * Style of a role drawn on the background of another (ROLE_DEFAULT: none). A role with a
 * background of its own keeps it; one whose foreground is the default's, or could not be
 * read there (contrast below 4.5), takes the other's.
 */
uint16_t theme_style(struct theme *theme, enum role role, enum role under);
/* The style of the same role, drawn on the background of another. */
uint16_t theme_restyle(struct theme *theme, uint16_t style, enum role under);
struct style theme_look(const struct theme *theme, uint16_t style);
size_t theme_styles(const struct theme *theme); /* styles given so far */

const char *role_name(enum role role);
bool role_find(const char *name, enum role *out, struct err *err); /* suggests the nearest */
const char *role_help(enum role role);
/* Contrast by WCAG 2.1 (1.0 … 21.0); the terminal's own colours count as white on black. */
double theme_contrast(int32_t a, int32_t b);
/* Is the theme's default background light? -1 when it leaves that to the terminal. */
int theme_is_light(const struct theme *theme);
