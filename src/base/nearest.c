#include "base/nearest.h"

#include <stdbool.h>
#include <string.h>

enum { MAX_NAME = 40 };

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : (unsigned char)c;
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Edits that make `a` into `b`: put in, take out, change, swap two neighbours. */
static int distance(const char *a, size_t alen, const char *b, size_t blen)
{
	int rows[3][MAX_NAME + 1];
	int *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= blen; j++)
		above[j] = (int)j;
	for (size_t i = 1; i <= alen; i++) {
		row[0] = (int)i;
		for (size_t j = 1; j <= blen; j++) {
			int change = lower(a[i - 1]) != lower(b[j - 1]);
			row[j] = least(above[j] + 1, row[j - 1] + 1);
			row[j] = least(row[j], above[j - 1] + change);
			if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
			        lower(a[i - 2]) == lower(b[j - 1])) {
				row[j] = least(row[j], before[j - 2] + 1);
			}
		}
		int *done = before;
		before = above;
		above = row;
		row = done;
	}
	return above[blen];
}

void nearest_offer(struct nearest *nearest, const char *name)
{
	size_t given = strlen(nearest->given), len = strlen(name);

	if (given == 0 || given > MAX_NAME || len > MAX_NAME) return;
	size_t longer = given > len ? given : len;
	int d = distance(nearest->given, given, name, len);
	bool begins = given >= 2 && given < len && strncmp(name, nearest->given, given) == 0;
	if (begins) d = 1;
	if (!begins && (size_t)d * 3 > longer + 1) return;
	if (nearest->best && nearest->distance <= d) return;
	nearest->best = name;
	nearest->distance = d;
}
