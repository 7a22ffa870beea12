#pragma once
#include <stdbool.h>

#include "base/err.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/*
 * The log file: mode 0600, appended, one line an entry, cleaned of control
 * bytes. Any thread. Until log_open nothing is written. Never log a secret.
 */
bool log_open(const char *path, enum log_level level, struct err *err);
void log_close(void);
void log_put(enum log_level level, const char *area, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));
