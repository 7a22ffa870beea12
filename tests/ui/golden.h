#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "ui/grid.h"
#include "ui/term.h"
#include "ui/theme.h"

/*
 * Golden screens: tests/screens/ui-NAME.screen holds the text of a screen and below it the
 * styles of its cells. STOA_UPDATE_SCREENS=1 writes them anew; look at the difference before
 * you commit it. Include cmocka.h first.
 */

static inline char *read_golden(const char *path)
{
	struct str out = {0};
	char buffer[4096];
	size_t n;
	FILE *file = fopen(path, "r");
	while (file && (n = fread(buffer, 1, sizeof(buffer), file)) > 0)
		str_add(&out, buffer, n);
	if (file) fclose(file);
	return str_take(&out);
}

/* Show through the terminal in memory and compare with tests/screens/ui-NAME.screen. */
static inline void expect_screen(struct theme *theme, const struct grid *grid, const char *name)
{
	const char *source = getenv("STOA_SOURCE");
	struct str path = {0}, text = {0}, fault = {0};
	struct term term;
	term_memory_open(&term, grid->rows, grid->cols);
	term.ops->show(term.ctx, grid, theme, -1, -1);
	grid_print(term_memory_grid(&term), &text);
	str_adds(&text, "--- styles\n");
	grid_print_styles(term_memory_grid(&term), &text);
	if (!grid_check(grid, &fault)) fail_msg("%s: %s", name, fault.p);
	str_addf(&path, "%s/tests/screens/ui-%s.screen", source ? source : ".", name);
	if (getenv("STOA_UPDATE_SCREENS")) {
		FILE *file = fopen(path.p, "w");
		assert_non_null(file);
		assert_int_equal(fwrite(text.p, 1, text.len, file), text.len);
		assert_int_equal(fclose(file), 0);
	}
	char *golden = read_golden(path.p);
	if (strcmp(golden, text.p) != 0) {
		fail_msg("%s differs; STOA_UPDATE_SCREENS=1 writes it anew. It is now:\n%s", path.p,
		        text.p);
	}
	free(golden);
	term.ops->free(term.ctx);
	str_finish(&path);
	str_finish(&text);
}
