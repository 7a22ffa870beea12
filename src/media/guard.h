#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/*
 * From here on this process reads and writes what it has open, and nothing else: no files,
 * no programs, no connections, so much memory, so many seconds, so many bytes written.
 * What decodes strangers' files is C that others wrote.
 */
bool guard(uint64_t memory, unsigned seconds, uint64_t written, struct err *err);
