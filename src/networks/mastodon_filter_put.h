#pragma once
#include "networks/network.h"

/* FILTER_PUT and FILTER_DROP of mastodon_act: a call_step. */
call_step mastodon_filter_act;
