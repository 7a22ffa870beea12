#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/log.h"
#include "base/mem.h"
#include "inside.h"

void app_say(struct app *app, enum tone tone, const char *fmt, ...)
{
	char raw[1024];
	struct str text = {0};
	va_list args;
	va_start(args, fmt);
	vsnprintf(raw, sizeof(raw), fmt, args);
	va_end(args);
	clean_out(&text, CLEAN_LOG, raw, strlen(raw));
	if (tone == TONE_ERROR) log_put(LOG_WARN, "deck", "%s", str_c(&text));
	if (app->nmessages >= APP_MAX_MESSAGES) {
		free(app->messages[0].text);
		memmove(app->messages, app->messages + 1,
		        --app->nmessages * sizeof(*app->messages));
	}
	app->messages = mem_grow(
	        app->messages, &app->messages_cap, app->nmessages + 1, sizeof(*app->messages));
	app->messages[app->nmessages++] = (struct message){
	        .at_ms = clock_wall(app->clock), .tone = tone, .text = str_take(&text)};
	app->toast = true;
	/* What went wrong stays until a key is pressed. */
	app->toast_until_ms = tone == TONE_ERROR ? 0 : clock_mono(app->clock) + APP_TOAST_MS;
	app->stale_status = true;
}

void app_say_no_more(struct app *app)
{
	if (!app->toast) return;
	app->toast = false;
	app->toast_until_ms = 0;
	app->stale_status = true;
}

const char *app_message(const struct app *app, size_t i)
{
	return i < app->nmessages ? app->messages[i].text : NULL;
}
