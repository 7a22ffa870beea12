#pragma once
#include "cmd/cmd.h"

/* Every command of the deck: one table a file of src/commands, each sorted by name. */
extern const struct cmd_set deck_commands;
