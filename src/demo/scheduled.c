#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "demo/entity.h"
#include "demo/handlers.h"
#include "demo/media.h"
#include "demo/page.h"
#include "demo/put.h"

static uint64_t id_at(const struct exchange *x, size_t i)
{
	return x->world->scheduled[i].id;
}

static bool is_own(const struct exchange *x, size_t i)
{
	return x->world->scheduled[i].owner == (size_t)x->user && !x->world->scheduled[i].late;
}

static void put_row(struct exchange *x, size_t i)
{
	entity_scheduled(&x->body, x->world, &x->world->scheduled[i]);
}

static bool find(struct exchange *x, size_t *out)
{
	uint64_t id = exchange_id(x, x->args[0]);
	for (size_t i = 0; i < x->world->nscheduled; i++) {
		if (x->world->scheduled[i].id != id || !is_own(x, i)) continue;
		*out = i;
		return true;
	}
	exchange_error(x, 404, "Record not found");
	return false;
}

void scheduled_list(struct exchange *x)
{
	struct listing listing = {x->world->nscheduled, id_at, is_own, put_row, "min_id"};
	page_serve(x, &listing, 20, 40);
}

void scheduled_show(struct exchange *x)
{
	size_t i;
	if (find(x, &i)) put_row(x, i);
}

void scheduled_move(struct exchange *x)
{
	size_t i;
	int64_t due_ms;
	if (!find(x, &i)) return;
	if (!date_parse_rfc3339(params_str(&x->params, "scheduled_at"), &due_ms) ||
	        due_ms <= world_now(x->world) + 5 * 60000) {
		exchange_error(
		        x, 422, "Validation failed: The scheduled date must be in the future");
		return;
	}
	x->world->scheduled[i].due_ms = due_ms;
	exchange_accept(x, "rescheduled", x->world->scheduled[i].id);
	put_row(x, i);
}

void scheduled_cancel(struct exchange *x)
{
	size_t i;
	if (!find(x, &i)) return;
	struct world *world = x->world;
	exchange_accept(x, "unscheduled", world->scheduled[i].id);
	for (size_t k = 0; k < world->scheduled[i].draft->nmedia; k++) /* they can be used again */
		media_release(world, world->scheduled[i].draft->media[k]);
	scheduled_finish(&world->scheduled[i]);
	world->nscheduled--;
	memmove(&world->scheduled[i], &world->scheduled[i + 1],
	        (world->nscheduled - i) * sizeof *world->scheduled);
	str_adds(&x->body, "{}");
}
