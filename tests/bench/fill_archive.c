/*
 * Fill the profile of the environment with POSTS stored posts in COLUMNS feeds, as if they had
 * been fetched just now, and a configuration that shows them: fill_archive POSTS COLUMNS.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/paths.h"
#include "base/str.h"
#include "db/archive.h"
#include "engine/memory.h"
#include "synth.h"

enum { PAGE = 200 };

static void must(bool ok, const struct err *err)
{
	if (ok) return;
	fprintf(stderr, "fill_archive: %s\n", err->text);
	exit(1);
}

static void source_name(struct str *out, uint64_t column)
{
	str_clear(out);
	str_addf(out, "http://127.0.0.1:9/%llu.xml", (unsigned long long)column);
}

static void fill(struct archive *archive, uint64_t posts, uint64_t columns)
{
	struct err err;
	struct str name = {0}, state = {0};
	struct memory memory = {0};
	memory.fetch.fetched_ms = memory.fetch.full_ms = clock_wall(&clock_system);
	memory_print(&state, &memory);
	must(archive_begin(archive, &err), &err);
	for (uint64_t first = 0, n = 0; first < posts; first += PAGE, n++) {
		uint64_t left = posts - first;
		struct page *page = synth_page(first, left < PAGE ? left : PAGE);
		source_name(&name, n % columns);
		must(archive_save(archive, str_c(&name), page, str_c(&state), &err), &err);
		page_free(page);
		if (n % 50 != 49) continue;
		must(archive_commit(archive, &err), &err);
		must(archive_begin(archive, &err), &err);
	}
	must(archive_commit(archive, &err), &err);
	str_finish(&name);
	str_finish(&state);
}

int main(int argc, char **argv)
{
	struct paths paths;
	struct err err;
	struct archive *archive = NULL;
	char *notice = NULL;
	if (argc != 3) {
		fputs("usage: fill_archive POSTS COLUMNS\n", stderr);
		return 2;
	}
	uint64_t posts = strtoull(argv[1], NULL, 10), columns = strtoull(argv[2], NULL, 10);
	must(paths_init(&paths, &err) && paths_make(&paths, &err) &&
	                paths_mkdir(paths.config, &err),
	        &err);
	char *path = paths_join(paths.data, "archive.db");
	must(archive_open(path, &archive, &notice, &err), &err);
	fill(archive, posts, columns);
	archive_close(archive);
	free(path);

	struct str config = {0}, name = {0};
	for (uint64_t i = 0; i < columns; i++) {
		source_name(&name, i);
		str_addf(&config, "column add Home%llu %s\n", (unsigned long long)i, str_c(&name));
	}
	path = paths_join(paths.config, "config");
	must(paths_write(path, config.p, config.len, 0600, &err), &err);
	free(path);
	free(notice);
	str_finish(&config);
	str_finish(&name);
	paths_finish(&paths);
	return 0;
}
