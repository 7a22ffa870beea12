#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

/*
 * Contexts, most specific first; an unbound key falls through to GLOBAL where the
 * context says so. X(ID, "name", falls_through, "help")
 */
#define KEY_CONTEXTS(X)                                                                            \
	X(PROMPT, "prompt", false, "while typing a command, a search or a filter")                 \
	X(COMPOSE, "compose", false, "while writing a post")                                       \
	X(MENU, "menu", false, "in a list: menu, palette, help, links")                            \
	X(ARTICLE, "article", true, "reading one article or post")                                 \
	X(PROFILE, "profile", true, "looking at a profile")                                        \
	X(PICTURE, "picture", true, "looking at a picture")                                        \
	X(COLUMN, "column", true, "in a column of posts")                                          \
	X(GLOBAL, "global", false, "everywhere but in the prompt and menus")

#define X(id, name, falls, help) KEYS_##id,
enum key_context { KEY_CONTEXTS(X) KEYS_COUNT };
#undef X

/*
 * Keys are written as typed: `j`, `gg`, `<C-d>`, `<M-Enter>`, `<S-Tab>`, `<Up>`,
 * `<PageDown>`, `<Space>`, `<lt>`, mouse as `<LeftMouse>`, `<WheelUp>`.
 */
struct keymap;

enum key_match { KEY_NONE, KEY_PREFIX, KEY_COMMAND };

struct keymap *keymap_new(void);
void keymap_free(struct keymap *map);

/*
 * A key's or a sequence's name in the one form the map knows (`<c-D>` is `<C-d>`, a blank
 * is `<Space>`, `<CR>` is `<Enter>`). False with the reason when it makes no sense.
 */
bool key_normalise(struct str *out, const char *keys, struct err *err);
/* Bytes of the first key of a normalised sequence. */
size_t key_len(const char *keys);

/* Bind a key sequence to a command line, with a description (NULL: the command's own help). `line`
 * NULL unbinds. */
bool keymap_bind(struct keymap *map, enum key_context context, const char *keys, const char *line,
        const char *help, struct err *err);

/* Forget every binding. */
void keymap_clear(struct keymap *map);
/* The keys bound to a command line in a context or where it falls through to; borrowed, NULL: none.
 */
const char *keymap_keys(const struct keymap *map, enum key_context context, const char *line);

/* What `keys` (all pressed so far, names joined) mean. *out_line borrowed when KEY_COMMAND. */
enum key_match keymap_find(const struct keymap *map, enum key_context context, const char *keys,
        const char **out_line);

/* Every binding that is alive in a context (its own, then those it falls through to), sorted as
 * bound. */
struct key_binding {
	enum key_context context;
	const char *keys, *line, *help;
};
void keymap_each(const struct keymap *map, enum key_context context,
        void (*each)(void *ctx, const struct key_binding *binding), void *ctx);

bool key_context_find(const char *name, enum key_context *out);
const char *key_context_name(enum key_context context);
