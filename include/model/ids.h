#pragma once
#include <stdint.h>

/* Session-wide handles. Zero means none. Never reused while stoa runs. */
typedef uint32_t post_id;    /* given by the store, dense from 1 */
typedef uint32_t profile_id; /* given by the store, dense from 1 */
typedef uint32_t source_id;  /* given by the store, dense from 1 */
typedef uint32_t account_id; /* row of queue.db; stable across sessions. 1 is `feeds` */
typedef uint32_t job_id;     /* given by engine_post */

enum { ACCOUNT_FEEDS = 1 };
