#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"

enum { NEAREST_MAX = 64 }; /* bytes; longer names are near to nothing */

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Edits from one word to the other: a byte more, less or other, or two swapped. */
static int distance(const char *a, const char *b)
{
	int rows[3][NEAREST_MAX + 1];
	int na = (int)strlen(a), nb = (int)strlen(b);
	for (int j = 0; j <= nb; j++) rows[0][j] = j;
	for (int i = 1; i <= na; i++) {
		int *now = rows[i % 3], *before = rows[(i + 2) % 3], *older = rows[(i + 1) % 3];
		now[0] = i;
		for (int j = 1; j <= nb; j++) {
			int cost = a[i - 1] != b[j - 1];
			now[j] = least(least(before[j] + 1, now[j - 1] + 1), before[j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], older[j - 2] + 1);
		}
	}
	return rows[na % 3][nb];
}

const char *cmd_nearest(const char *name, const char *(*candidate)(void *ctx, size_t i), void *ctx)
{
	size_t len = strlen(name);
	if (len == 0 || len > NEAREST_MAX) return NULL;
	const char *best = NULL, *word;
	int best_distance = 1 + (int)len / 3; /* a third of a word may be wrong */
	for (size_t i = 0; (word = candidate(ctx, i)) != NULL; i++) {
		if (strlen(word) > NEAREST_MAX) continue;
		int d = distance(name, word);
		/* What was begun rightly is near, however much is missing. */
		if (len >= 3 && strncmp(word, name, len) == 0) d = least(d, 1);
		if (d < best_distance || (!best && d == best_distance)) {
			best = word;
			best_distance = d;
		}
	}
	return best;
}
