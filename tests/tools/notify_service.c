#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gio/gio.h>

/*
 * A desktop's service for notices that shows none: on the session bus it takes the name
 * org.freedesktop.Notifications and prints each as a line `notice NUMBER` with title and text
 * as JSON strings behind it. For the tests of what stoa tells the desktop.
 *
 *	notify_service [plain]     plain: says that it knows no markup
 */
static const char interface[] =
        "<node><interface name='org.freedesktop.Notifications'>"
        "<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
        "<method name='GetServerInformation'><arg type='s' direction='out'/>"
        "<arg type='s' direction='out'/><arg type='s' direction='out'/>"
        "<arg type='s' direction='out'/></method>"
        "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
        "<arg type='s' direction='in'/><arg type='s' direction='in'/>"
        "<arg type='s' direction='in'/><arg type='as' direction='in'/>"
        "<arg type='a{sv}' direction='in'/><arg type='i' direction='in'/>"
        "<arg type='u' direction='out'/></method></interface></node>";

struct service {
	bool plain;
	unsigned shown;
};

/* As a JSON string, whatever the bytes. */
static void print_quoted(const char *text)
{
	putchar('"');
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		if (*p < 0x20 || *p == '"' || *p == '\\' || *p == 0x7f)
			printf("\\u%04x", *p);
		else
			putchar(*p);
	}
	putchar('"');
}

static GVariant *notify(struct service *service, GVariant *arguments)
{
	const char *program, *title, *body;
	g_variant_get(arguments, "(&su&s&s&s@as@a{sv}i)", &program, NULL, NULL, &title, &body, NULL,
	        NULL, NULL);
	printf("notice %u ", ++service->shown);
	print_quoted(title);
	putchar(' ');
	print_quoted(body);
	putchar('\n');
	fflush(stdout);
	return g_variant_new("(u)", service->shown);
}

static void on_call(GDBusConnection *bus, const char *sender, const char *path, const char *name,
        const char *method, GVariant *arguments, GDBusMethodInvocation *invocation, void *ctx)
{
	struct service *service = ctx;
	GVariant *answer;
	(void)bus, (void)sender, (void)path, (void)name;
	if (strcmp(method, "Notify") == 0) {
		answer = notify(service, arguments);
	} else if (strcmp(method, "GetCapabilities") == 0) {
		const char *all[] = {"body", "body-markup", NULL};
		if (service->plain) all[1] = NULL;
		answer = g_variant_new("(^as)", all);
	} else {
		answer = g_variant_new("(ssss)", "Harbour desk", "tests", "1.0", "1.2");
	}
	g_dbus_method_invocation_return_value(invocation, answer);
}

static void on_bus(GDBusConnection *bus, const char *name, void *ctx)
{
	static const GDBusInterfaceVTable calls = {.method_call = on_call};
	GDBusNodeInfo *node = g_dbus_node_info_new_for_xml(interface, NULL);
	(void)name;
	g_dbus_connection_register_object(bus, "/org/freedesktop/Notifications",
	        node->interfaces[0], &calls, ctx, NULL, NULL);
	g_dbus_node_info_unref(node);
}

static void on_name(GDBusConnection *bus, const char *name, void *ctx)
{
	(void)bus, (void)name, (void)ctx;
	puts("ready");
	fflush(stdout);
}

static void on_lost(GDBusConnection *bus, const char *name, void *ctx)
{
	(void)bus, (void)name, (void)ctx;
	exit(1);
}

int main(int argc, char **argv)
{
	struct service service = {.plain = argc > 1 && strcmp(argv[1], "plain") == 0};
	g_bus_own_name(G_BUS_TYPE_SESSION, "org.freedesktop.Notifications",
	        G_BUS_NAME_OWNER_FLAGS_NONE, on_bus, on_name, on_lost, &service, NULL);
	g_main_loop_run(g_main_loop_new(NULL, FALSE));
	return 0;
}
