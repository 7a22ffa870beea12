#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gio/gio.h>

#include "base/program.h"

/*
 * stoa-notify: the one that speaks with the desktop's service for notices (freedesktop Desktop
 * Notifications Specification 1.2), so that its library and its waiting stay out of stoa. It
 * ends by itself when that takes long.
 *
 *	stoa-notify show     on standard input a title's line, and behind it the text
 *	stoa-notify check    prints who would show it
 *
 * Exit status: 0 done, 2 wrong usage, 4 there is no session bus, or nobody there shows notices.
 */
enum { DONE = 0, USAGE = 2, NO_SERVICE = 4 };
enum { MAX_BYTES = 8192, CALL_MS = 4000, LIFE_S = 10 };

static const char service[] = "org.freedesktop.Notifications";
static const char object[] = "/org/freedesktop/Notifications";

static GVariant *call(
        GDBusConnection *bus, const char *method, GVariant *arguments, const char *answer)
{
	return g_dbus_connection_call_sync(bus, service, object, service, method, arguments,
	        G_VARIANT_TYPE(answer), G_DBUS_CALL_FLAGS_NONE, CALL_MS, NULL, NULL);
}

/* Does the service read `<b>` and the like in a text? */
static bool has_markup(GDBusConnection *bus)
{
	bool found = false;
	const char *name;
	GVariantIter *names;
	GVariant *answer = call(bus, "GetCapabilities", NULL, "(as)");
	if (!answer) return false;
	g_variant_get(answer, "(as)", &names);
	while (g_variant_iter_next(names, "&s", &name))
		found |= strcmp(name, "body-markup") == 0;
	g_variant_iter_free(names);
	g_variant_unref(answer);
	return found;
}

static int check(GDBusConnection *bus)
{
	const char *name, *version;
	GVariant *answer = call(bus, "GetServerInformation", NULL, "(ssss)");
	if (!answer) return NO_SERVICE;
	g_variant_get(answer, "(&s&s&s&s)", &name, NULL, &version, NULL);
	printf("%s %s\n", name, version);
	g_variant_unref(answer);
	return DONE;
}

static int show(GDBusConnection *bus)
{
	static char input[MAX_BYTES + 1];
	size_t len = fread(input, 1, MAX_BYTES, stdin), line = strcspn(input, "\n");
	if (len == 0) return USAGE;
	char *title = g_utf8_make_valid(input, (gssize)line);
	char *text = g_utf8_make_valid(line < len ? input + line + 1 : "", -1);
	char *body = has_markup(bus) ? g_markup_escape_text(text, -1) : g_strdup(text);
	GVariantBuilder hints;
	g_variant_builder_init(&hints, G_VARIANT_TYPE("a{sv}"));
	g_variant_builder_add(&hints, "{sv}", "urgency", g_variant_new_byte(1));
	g_variant_builder_add(&hints, "{sv}", "category", g_variant_new_string("im.received"));
	GVariant *arguments =
	        g_variant_new("(susssasa{sv}i)", "stoa", 0, "", title, body, NULL, &hints, -1);
	GVariant *answer = call(bus, "Notify", arguments, "(u)");
	bool shown = answer != NULL;
	if (answer) g_variant_unref(answer);
	g_free(title);
	g_free(text);
	g_free(body);
	return shown ? DONE : NO_SERVICE;
}

int main(int argc, char **argv)
{
	bool shows = argc == 2 && strcmp(argv[1], "show") == 0;
	if (!shows && (argc != 2 || strcmp(argv[1], "check") != 0)) return USAGE;
	alarm(LIFE_S);
	/* By its address: GLib would try to start a bus where there is none. */
	char *address = program_session_bus();
	if (!address) return NO_SERVICE;
	GDBusConnection *bus = g_dbus_connection_new_for_address_sync(address,
	        G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
	                G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
	        NULL, NULL, NULL);
	free(address);
	if (!bus) return NO_SERVICE;
	int status = shows ? show(bus) : check(bus);
	g_object_unref(bus);
	return status;
}
