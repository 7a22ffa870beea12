#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "demo/handlers.h"
#include "demo/put.h"

static const char *const timelines[2] = {"home", "notifications"};

static void put_marker(struct exchange *x, int which)
{
	const struct marker *marker = &x->world->markers[x->user][which];
	if (!marker->last_read) return;
	put_open(&x->body, timelines[which], '{');
	put_str(&x->body, "last_read_id", marker->last_read);
	put_int(&x->body, "version", marker->version);
	put_date(&x->body, "updated_at", marker->updated_ms);
	put_close(&x->body, '}');
}

void markers_get(struct exchange *x)
{
	const char *name;
	put_open(&x->body, NULL, '{');
	for (size_t i = 0; (name = params_at(&x->params, "timeline", i)); i++) {
		for (int which = 0; which < 2; which++) {
			if (strcmp(name, timelines[which]) == 0) put_marker(x, which);
		}
	}
	put_close(&x->body, '}');
}

void markers_set(struct exchange *x)
{
	put_open(&x->body, NULL, '{');
	for (int which = 0; which < 2; which++) {
		char name[64];
		snprintf(name, sizeof name, "%s[last_read_id]", timelines[which]);
		const char *id = params_get(&x->params, name);
		struct marker *marker = &x->world->markers[x->user][which];
		if (!id) continue;
		free(marker->last_read);
		marker->last_read = xstrdup(id);
		marker->version++;
		marker->updated_ms = world_now(x->world);
		exchange_accept(x, "marker", exchange_id(x, id));
		put_marker(x, which);
	}
	put_close(&x->body, '}');
}
