#pragma once
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A directory of a test's own; *state is its path. For cmocka_unit_test_setup_teardown. */

static inline int dir_make(void **state)
{
	const char *base = getenv("TMPDIR");
	char *path = malloc(256);
	snprintf(path, 256, "%s/stoa-test-XXXXXX", base ? base : "/tmp");
	*state = mkdtemp(path);
	return *state ? 0 : -1;
}

static inline int dir_drop(void **state)
{
	char *path = *state;
	DIR *dir = opendir(path);
	for (struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
		char name[600];
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlink(name);
	}
	if (dir) closedir(dir);
	rmdir(path);
	free(path);
	return 0;
}
