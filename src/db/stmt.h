#pragma once
#include <stdarg.h>

#include <sqlite3.h>

/* Bind parameters 1, 2, 3 …; letters of `types` as in db_run. Texts and blobs are borrowed until
 * the step. */
void stmt_bind(sqlite3_stmt *stmt, const char *types, va_list args);
