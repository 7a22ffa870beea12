#pragma once
#include <stddef.h>
#include <stdint.h>

/* From a row's number to its place in a page. Zeroed is valid and empty. Numbers are never 0. */
struct id_map {
	int64_t *ids;
	uint32_t *places;
	size_t n, cap; /* cap is a power of two */
};

uint32_t id_map_get(const struct id_map *map, int64_t id); /* 0: not there */
void id_map_put(struct id_map *map, int64_t id, uint32_t place);
void id_map_finish(struct id_map *map);
