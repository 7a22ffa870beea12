#pragma once
#include "cli/cli.h"

/* What each command's file gives to the table in cli.c. */

extern const struct cli_option accounts_options[];
int accounts_run(int argc, char **argv);

extern const char ctl_more[];
int ctl_run(int argc, char **argv);

extern const char demo_more[];
extern const struct cli_option demo_options[];
int demo_run(int argc, char **argv);

extern const struct cli_option doctor_options[];
int doctor_run(int argc, char **argv);

extern const char feeds_more[];
extern const struct cli_option feeds_options[];
int feeds_run(int argc, char **argv);

extern const char login_more[];
extern const struct cli_option login_options[];
int login_run(int argc, char **argv);
int logout_run(int argc, char **argv);

extern const char read_more[];
extern const struct cli_option read_options[];
int read_run(int argc, char **argv);
