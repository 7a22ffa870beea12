#pragma once
#include <stdbool.h>

#include "base/err.h"

/*
 * A file of a megabyte beside the queue. Nothing is sent unless it is there; when the disk
 * is full all the same, it makes room for writing down what became of the last post.
 */
enum { RESERVE_BYTES = 1 << 20 };

/* Have it. False when there is no room: then nothing may be sent. */
bool reserve_make(const char *state_dir, struct err *err);
void reserve_give(const char *state_dir);
