#pragma once
#include <stdbool.h>

#include "cmd/option.h"

/*
 * What the daemon itself has to tell the user who is not looking: on the desktop, as often as
 * app/notice_gate.h allows and not in quiet hours.
 */
struct teller;

struct teller *teller_new(const struct options *options); /* borrowed for its life */
void teller_free(struct teller *teller);

/* Tell now, or as soon as it may be; nothing where there is no desktop. */
void teller_tell(struct teller *teller, const char *title, const char *body);
/* Tell what waited, and see to programs that ended. */
void teller_turn(struct teller *teller);
int teller_wait_ms(const struct teller *teller); /* -1: nothing waits */
