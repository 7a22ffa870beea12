#pragma once
#include <stdio.h>

#include "deck_fixture.h"
#include "ui/grid.h"

enum { GOLDEN_MAX_SCREEN = 1 << 20 };

/*
 * Is what is on the screen as in NAME.screen of this folder? STOA_UPDATE_SCREENS=1 writes
 * it instead. `styles`: with a letter for each cell's style.
 */
static inline bool golden_is(struct deck *deck, const char *name, bool styles)
{
	struct str got = {0}, file = {0}, fault = {0};
	const struct grid *grid = term_memory_grid(app_term(deck->app));
	assert_true(grid_check(grid, &fault));
	if (styles)
		grid_print_styles(grid, &got);
	else
		grid_print(grid, &got);
	str_addf(&file, "%s.screen", name);
	char *wanted = NULL;
	unsigned long len = 0;
	bool same = true;
	if (getenv("STOA_UPDATE_SCREENS")) {
		struct err err = {0};
		if (!paths_write(file.p, str_c(&got), got.len, 0644, &err))
			fail_msg("%s", err.text);
	} else {
		same = paths_read(file.p, GOLDEN_MAX_SCREEN, &wanted, &len, NULL) &&
		       strcmp(wanted, str_c(&got)) == 0;
	}
	if (!same)
		fprintf(stderr, "%s is not as expected. Wanted:\n%s\nGot:\n%s\n", file.p,
		        wanted ? wanted : "(no such file)", str_c(&got));
	free(wanted);
	str_finish(&got);
	str_finish(&file);
	str_finish(&fault);
	return same;
}

/* Golden screens lie in tests/screens. */
static inline bool golden_begin(void)
{
	const char *source = getenv("STOA_SOURCE");
	if (source && chdir(source) == 0 && chdir("tests/screens") == 0) return true;
	fputs("STOA_SOURCE does not name the sources\n", stderr);
	return false;
}
