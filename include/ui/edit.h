#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* One line being typed: readline's keys, cursor by clusters, undo by the caller's leave. Pure. */
struct edit {
	struct str text;
	size_t cursor;     /* bytes, on a cluster's edge */
	struct str killed; /* what C-k, C-u or C-w took, for C-y */
};

void edit_finish(struct edit *edit);
void edit_set(struct edit *edit, const char *text);                /* cursor at the end */
void edit_insert(struct edit *edit, const char *utf8, size_t len); /* cleaned to one line */
/* Act on a key name ("<Left>", "<C-a>", "é", "<BS>"). True when the key meant something here. */
bool edit_key(struct edit *edit, const char *key);
