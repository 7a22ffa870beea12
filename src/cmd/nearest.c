#include "base/nearest.h"

#include "cmd/cmd.h"

const char *cmd_nearest(const char *name, const char *(*candidate)(void *ctx, size_t i), void *ctx)
{
	struct nearest nearest = {.given = name};
	const char *word;
	for (size_t i = 0; (word = candidate(ctx, i)) != NULL; i++)
		nearest_offer(&nearest, word);
	return nearest.best;
}
