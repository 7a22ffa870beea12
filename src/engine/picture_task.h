#pragma once
#include "base/err.h"
#include "model/image.h"

/*
 * A picture file made into what a screen can show, by the program stoa-media with limits on
 * itself, waited for on a thread of its own.
 */
struct picture_task;

/* `wake` is called from its thread when it is over. Copies all but ctx. */
struct picture_task *picture_task_start(const char *program, const char *path,
        const struct image_wish *wish, void (*wake)(void *ctx), void *ctx);
bool picture_task_is_over(const struct picture_task *task);
/* Frees it; when it is not over, its process is killed. Owned; NULL: *err says why not. */
struct image *picture_task_end(struct picture_task *task, struct err *err);
