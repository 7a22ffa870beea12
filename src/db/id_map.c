#include "db/id_map.h"

#include <stdlib.h>

#include "base/mem.h"

static size_t slot_of(const struct id_map *map, int64_t id)
{
	size_t slot = (size_t)(((uint64_t)id * 0x9e3779b97f4a7c15u) >> 32) & (map->cap - 1);
	while (map->ids[slot] && map->ids[slot] != id)
		slot = (slot + 1) & (map->cap - 1);
	return slot;
}

uint32_t id_map_get(const struct id_map *map, int64_t id)
{
	return map->cap ? map->places[slot_of(map, id)] : 0;
}

static void grow(struct id_map *map)
{
	struct id_map bigger = {.n = map->n, .cap = map->cap ? map->cap * 2 : 64};
	bigger.ids = xcalloc(bigger.cap, sizeof *bigger.ids);
	bigger.places = xcalloc(bigger.cap, sizeof *bigger.places);
	for (size_t i = 0; i < map->cap; i++) {
		if (!map->ids[i]) continue;
		size_t slot = slot_of(&bigger, map->ids[i]);
		bigger.ids[slot] = map->ids[i];
		bigger.places[slot] = map->places[i];
	}
	id_map_finish(map);
	*map = bigger;
}

void id_map_put(struct id_map *map, int64_t id, uint32_t place)
{
	if ((map->n + 1) * 2 > map->cap) grow(map);
	size_t slot = slot_of(map, id);
	map->n += map->ids[slot] == 0;
	map->ids[slot] = id;
	map->places[slot] = place;
}

void id_map_finish(struct id_map *map)
{
	free(map->ids);
	free(map->places);
}
