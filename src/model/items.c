#include "model/items.h"

#include <stdlib.h>

#include "base/mem.h"

#define X(id, name, arg, help) {name, help, arg},
const struct collection_row collections[COLLECTION_COUNT] = {COLLECTIONS(X)};
#undef X

struct items *items_new(enum collection kind)
{
	struct items *items = xcalloc(1, sizeof *items);

	items->kind = kind;
	return items;
}

void items_free(struct items *items)
{
	if (!items) return;
	for (size_t i = 0; i < items->nitems; i++) {
		free(items->items[i].id);
		free(items->items[i].title);
		free(items->items[i].detail);
	}
	free(items->items);
	free(items->older);
	free(items);
}

void items_add(
        struct items *items, const char *id, const char *title, const char *detail, int64_t at_ms)
{
	items->items = mem_grow(items->items, &items->cap, items->nitems + 1, sizeof *items->items);
	items->items[items->nitems++] = (struct item){
	        .id = xstrdup(id ? id : ""),
	        .title = xstrdup(title ? title : ""),
	        .detail = detail ? xstrdup(detail) : NULL,
	        .at_ms = at_ms,
	};
}
