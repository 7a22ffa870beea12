#include "cmd/keymap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { KEYMAP_MAX = 4096 }; /* bindings */

static const struct {
	const char *name;
	bool falls_through;
} contexts[KEYS_COUNT] = {
#define X(id, name, falls, help) {name, falls},
        KEY_CONTEXTS(X)
#undef X
};

struct binding {
	enum key_context context;
	char *keys, *line, *help;
};

struct keymap {
	struct binding *bindings; /* in the order they were made */
	size_t n, cap;
};

struct keymap *keymap_new(void)
{
	return xcalloc(1, sizeof(struct keymap));
}

static void binding_finish(struct binding *binding)
{
	free(binding->keys);
	free(binding->line);
	free(binding->help);
}

void keymap_clear(struct keymap *map)
{
	for (size_t i = 0; i < map->n; i++)
		binding_finish(&map->bindings[i]);
	map->n = 0;
}

void keymap_free(struct keymap *map)
{
	if (!map) return;
	keymap_clear(map);
	free(map->bindings);
	free(map);
}

bool key_context_find(const char *name, enum key_context *out)
{
	for (int i = 0; i < KEYS_COUNT; i++) {
		if (strcmp(contexts[i].name, name) != 0) continue;
		*out = (enum key_context)i;
		return true;
	}
	return false;
}

const char *key_context_name(enum key_context context)
{
	return contexts[context].name;
}

static struct binding *binding_find(
        const struct keymap *map, enum key_context context, const char *keys)
{
	for (size_t i = 0; i < map->n; i++) {
		struct binding *binding = &map->bindings[i];
		if (binding->context == context && strcmp(binding->keys, keys) == 0) return binding;
	}
	return NULL;
}

static void unbind(struct keymap *map, struct binding *binding)
{
	size_t i = (size_t)(binding - map->bindings);
	binding_finish(binding);
	memmove(binding, binding + 1, (map->n - i - 1) * sizeof(*binding));
	map->n--;
}

bool keymap_bind(struct keymap *map, enum key_context context, const char *keys, const char *line,
        const char *help, struct err *err)
{
	struct str name = {0};
	if (!key_normalise(&name, keys, err)) {
		str_finish(&name);
		return false;
	}
	struct binding *binding = binding_find(map, context, name.p);
	bool ok = true;
	if (!line) {
		if (binding)
			unbind(map, binding);
		else
			ok = err_set(err, ERR_NOT_FOUND, "%s is not bound in %s", keys,
			        contexts[context].name);
	} else if (!binding && map->n >= KEYMAP_MAX) {
		ok = err_set(err, ERR_TOO_LARGE, "more than %d keys are bound", KEYMAP_MAX);
	} else {
		if (!binding) {
			map->bindings = mem_grow(
			        map->bindings, &map->cap, map->n + 1, sizeof(*map->bindings));
			binding = &map->bindings[map->n++];
			*binding = (struct binding){.context = context, .keys = xstrdup(name.p)};
		}
		free(binding->line);
		free(binding->help);
		binding->line = xstrdup(line);
		binding->help = xstrdup(help);
	}
	str_finish(&name);
	return ok;
}

/* What the sequence means in one context alone. */
static enum key_match find_in(
        const struct keymap *map, enum key_context context, const char *keys, const char **out_line)
{
	size_t len = strlen(keys);
	enum key_match found = KEY_NONE;
	for (size_t i = 0; i < map->n; i++) {
		const struct binding *binding = &map->bindings[i];
		if (binding->context != context || strncmp(binding->keys, keys, len) != 0) continue;
		if (binding->keys[len] == '\0') {
			*out_line = binding->line;
			return KEY_COMMAND;
		}
		found = KEY_PREFIX;
	}
	return found;
}

enum key_match keymap_find(
        const struct keymap *map, enum key_context context, const char *keys, const char **out_line)
{
	struct str name = {0};
	enum key_match match = KEY_NONE;
	if (key_normalise(&name, keys, NULL)) {
		match = find_in(map, context, name.p, out_line);
		if (match == KEY_NONE && contexts[context].falls_through)
			match = find_in(map, KEYS_GLOBAL, name.p, out_line);
	}
	str_finish(&name);
	return match;
}

void keymap_each(const struct keymap *map, enum key_context context,
        void (*each)(void *ctx, const struct key_binding *binding), void *ctx)
{
	for (int pass = 0; pass < (contexts[context].falls_through ? 2 : 1); pass++) {
		enum key_context now = pass ? KEYS_GLOBAL : context;
		for (size_t i = 0; i < map->n; i++) {
			const struct binding *binding = &map->bindings[i];
			if (binding->context != now) continue;
			if (pass && binding_find(map, context, binding->keys)) continue;
			struct key_binding seen = {
			        binding->context, binding->keys, binding->line, binding->help};
			each(ctx, &seen);
		}
	}
}

struct looking {
	const char *line, *keys;
};

static void look_at(void *ctx, const struct key_binding *binding)
{
	struct looking *looking = ctx;
	if (!looking->keys && strcmp(binding->line, looking->line) == 0)
		looking->keys = binding->keys;
}

const char *keymap_keys(const struct keymap *map, enum key_context context, const char *line)
{
	struct looking looking = {.line = line};
	keymap_each(map, context, look_at, &looking);
	return looking.keys;
}
