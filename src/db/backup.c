#include "db/backup.h"

#include <dirent.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "db/db.h"

/* Paths of all copies; the name's order is that of time. */
struct backups {
	char **paths;
	size_t n, cap;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* `stem` is "NAME.backup-"; what follows is a date and no more, not ".new". */
static bool is_backup(const char *name, const char *stem)
{
	size_t len = strlen(stem);
	return strncmp(name, stem, len) == 0 && strlen(name + len) == strlen("2026-01-31") &&
	       strspn(name + len, "0123456789-") == strlen("2026-01-31");
}

static void list_backups(const char *path, struct backups *out)
{
	char *dir_copy = xstrdup(path), *base_copy = xstrdup(path);
	const char *dir_name = dirname(dir_copy);
	struct str stem = {0}, full = {0};
	str_addf(&stem, "%s.backup-", basename(base_copy));
	DIR *dir = opendir(dir_name);
	for (struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
		if (!is_backup(entry->d_name, str_c(&stem))) continue;
		str_clear(&full);
		str_addf(&full, "%s/%s", dir_name, entry->d_name);
		out->paths = mem_grow(out->paths, &out->cap, out->n + 1, sizeof *out->paths);
		out->paths[out->n++] = xstrdup(str_c(&full));
	}
	if (dir) closedir(dir);
	if (out->n > 0) qsort(out->paths, out->n, sizeof *out->paths, by_name);
	str_finish(&stem);
	str_finish(&full);
	free(dir_copy);
	free(base_copy);
}

static void backups_finish(struct backups *backups)
{
	for (size_t i = 0; i < backups->n; i++)
		free(backups->paths[i]);
	free(backups->paths);
}

static void drop_old(const char *path)
{
	struct backups backups = {0};
	list_backups(path, &backups);
	for (size_t i = 0; i + BACKUPS_KEPT < backups.n; i++)
		unlink(backups.paths[i]);
	backups_finish(&backups);
}

bool backup_make(sqlite3 *db, const char *path, int64_t now_ms, struct err *err)
{
	time_t now = (time_t)(now_ms / 1000);
	struct tm day;
	char date[32];
	if (!gmtime_r(&now, &day) || strftime(date, sizeof date, "%Y-%m-%d", &day) == 0)
		return err_set(err, ERR_IO, "the clock says no day that can name a backup");
	struct str name = {0};
	str_addf(&name, "%s.backup-%s", path, date);
	bool ok = access(str_c(&name), F_OK) == 0 || db_copy(db, str_c(&name), err);
	str_finish(&name);
	if (ok) drop_old(path);
	return ok;
}

static bool is_good(const char *path)
{
	sqlite3 *db = NULL;
	bool good = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) ==
	                    SQLITE_OK &&
	            db_check(db, NULL);
	db_close(db);
	return good;
}

char *backup_newest_good(const char *path)
{
	struct backups backups = {0};
	char *found = NULL;
	list_backups(path, &backups);
	for (size_t i = backups.n; i > 0 && !found; i--) {
		if (is_good(backups.paths[i - 1])) found = xstrdup(backups.paths[i - 1]);
	}
	backups_finish(&backups);
	return found;
}
