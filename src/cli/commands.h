#pragma once
#include "cli/cli.h"
#include "model/action.h"

/* What each command's file gives to the table in cli.c. */

/* A row for each verb and each undo of one; without a name where there is no such thing. */
enum { ACT_COMMANDS = 2 * VERB_COUNT };
extern const struct cli_command act_commands[ACT_COMMANDS];

extern const struct cli_option accounts_options[];
int accounts_run(int argc, char **argv);

extern const char archive_more[];
extern const struct cli_option archive_options[];
int archive_run(int argc, char **argv);

extern const char brief_more[];
extern const struct cli_option brief_options[];
int brief_run(int argc, char **argv);

extern const char ctl_more[];
int ctl_run(int argc, char **argv);

extern const char daemon_more[];
extern const struct cli_option daemon_options[];
int daemon_run(int argc, char **argv);

extern const char demo_more[];
extern const struct cli_option demo_options[];
int demo_run(int argc, char **argv);

extern const struct cli_option doctor_options[];
int doctor_run(int argc, char **argv);

extern const char feeds_more[];
extern const struct cli_option feeds_options[];
int feeds_run(int argc, char **argv);

extern const char filter_more[];
extern const struct cli_option filter_options[];
int filter_run(int argc, char **argv);

extern const char login_more[];
extern const struct cli_option login_options[];
int login_run(int argc, char **argv);
int logout_run(int argc, char **argv);

extern const char post_more[];
extern const struct cli_option post_options[];
int post_run(int argc, char **argv);

extern const char queue_more[];
extern const struct cli_option queue_options[];
int queue_run(int argc, char **argv);

extern const char mute_more[], mutes_more[];
extern const struct cli_option mutes_options[];
int mute_run(int argc, char **argv);
int unmute_run(int argc, char **argv);
int mutes_run(int argc, char **argv);

extern const char read_more[];
extern const struct cli_option read_options[];
int read_run(int argc, char **argv);

extern const char show_more[];
extern const struct cli_option show_options[];
int show_run(int argc, char **argv);
