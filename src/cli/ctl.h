#pragma once
#include <stddef.h>

/* Run a command line in every deck that is open; in how many it went well. */
size_t ctl_tell(const char *runtime_dir, const char *command);
