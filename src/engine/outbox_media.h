#pragma once
#include <stdbool.h>

#include "base/err.h"
#include "model/outgoing.h"

/* What the attached file is: fills its type by its first bytes. False with the reason when it
 * cannot be read, or is nothing that anybody takes. */
bool media_look(struct outgoing_media *media, struct err *err);

struct account;
struct media_task;
/*
 * Begin to make the attachment fit for this account's server (engine/media.h). *out_file: where
 * it will be, owned. `wake` is called from another thread when it is over. NULL with a sentence
 * when it cannot be begun.
 */
struct media_task *media_begin(const char *program, const char *state_dir,
        const struct outgoing_media *media, const struct account *account, void (*wake)(void *ctx),
        void *ctx, char **out_file, struct err *err);
/* Remove what was left there by a process that ended. */
void media_sweep(const char *state_dir);
