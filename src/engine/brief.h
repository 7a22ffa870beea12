#pragma once
#include "engine/core.h"

/* What was recorded, put together for one look at it: no server is asked. */

job_function brief_begin;  /* JOB_BRIEF */
job_function visits_begin; /* JOB_VISITS */
