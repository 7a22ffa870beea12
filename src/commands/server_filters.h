#pragma once
#include "app/state.h"
#include "model/server_filter.h"

/* Add a filter that an account keeps at its server; Enter opens what can be done with it. */
void server_filter_add(struct app *app, struct list_view *list, const char *account,
        const struct server_filter *filter);
