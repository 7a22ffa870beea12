#include "cli/cli.h"

/* What the program hears besides commands. */

const struct cli_option deck_options[] = {
        {"config", "FILE", "read this instead of $XDG_CONFIG_HOME/stoa/config"},
        {"deck", "NAME", "the workspace to open (the one that was left)"},
        {"dump-config", NULL, "print a commented config with every option and key"},
        {"help", NULL, "say what can be said"},
        {"linear", NULL, "plain lines and words, for screen readers and calm: `set linear on`"},
        {"snapshot", "COLSxROWS", "print the deck as text once it has loaded, and end"},
        {"version", NULL, "say which stoa this is"},
        {0},
};

const struct cli_option environment_rows[] = {
        {"NO_COLOR", NULL, "when it is set, no colours: everything is said by signs as well"},
        {"STOA_LINEAR", NULL, "1: as --linear, for every start"},
        {"VISUAL", NULL, "the editor that the composer and `e` open; else EDITOR, else vi"},
        {"http_proxy", NULL, "and https_proxy, all_proxy, no_proxy: how servers are reached"},
        {0},
};
