#pragma once
#include <stdint.h>

#include "args.h"
#include "base/str.h"
#include "query/query.h"

/* A query as an argument of a command. It may name saved queries, those of queue.db. */

/*
 * As args_read, for a command whose words are one query, which may begin with a minus sign: options
 * stand before it. Append its words to `out`, with blanks between. args->words is gone then.
 */
bool typed_query_args(struct args *args, const struct cli_command *command, int argc, char **argv,
        struct str *out);

/* Owned; NULL after a sentence on stderr with the mistake's place marked: exit with CLI_USAGE. */
struct query *typed_query_parse(const char *text, int64_t now_ms);
