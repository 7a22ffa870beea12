#pragma once
#include "fields.h"

/* What fields.c and fields_done.c have between them. */

bool fields_wrong(struct err *err, const char *sentence); /* ERR_SYNTAX */
/* Takes `account`. */
void fields_add_target(struct fields *fields, struct account *account);
