#pragma once
#include <stdbool.h>

#include "base/err.h"
#include "model/outgoing.h"

/* What the attached file is: fills its type by its first bytes. False with the reason when it
 * cannot be read, or is nothing that anybody takes. */
bool media_look(struct outgoing_media *media, struct err *err);
