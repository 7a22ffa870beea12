#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libsecret/secret.h>

#include "base/program.h"

/*
 * stoa-keyring: the one that speaks with the system's keyring (freedesktop Secret Service),
 * so that its library and its waiting stay out of stoa, which ends it when it takes long.
 *
 *	stoa-keyring get|put|drop ACCOUNT PROFILE
 *
 * A secret is one line, on standard output or input. Nothing is ever asked of the user: what
 * is locked is not there. Exit status: 0 done, 2 wrong usage, 3 there is none, 4 there is no
 * keyring, or it is locked.
 */
enum { DONE = 0, USAGE = 2, NOT_THERE = 3, NO_KEYRING = 4 };
enum { MAX_SECRET = 65536 };

static const SecretSchema schema = {
        .name = "org.stoa.Token",
        .flags = SECRET_SCHEMA_NONE,
        .attributes = {{"account", SECRET_SCHEMA_ATTRIBUTE_STRING},
                {"profile", SECRET_SCHEMA_ATTRIBUTE_STRING}, {NULL, 0}},
};

/* Without a bus, GLib would try to start one. */
static bool has_bus(void)
{
	char *address = program_session_bus();
	bool there = address != NULL;
	free(address);
	return there;
}

static GList *find(SecretService *service, GHashTable *attributes, SecretSearchFlags flags)
{
	return secret_service_search_sync(
	        service, &schema, attributes, SECRET_SEARCH_ALL | flags, NULL, NULL);
}

static int get(SecretService *service, GHashTable *attributes)
{
	int status = NOT_THERE;
	GList *items = find(service, attributes, SECRET_SEARCH_LOAD_SECRETS);
	for (GList *item = items; item && status != DONE; item = item->next) {
		SecretValue *value = secret_item_get_locked(item->data)
		                             ? NULL
		                             : secret_item_get_secret(item->data);
		const char *text = value ? secret_value_get_text(value) : NULL;
		if (text) puts(text);
		status = text ? DONE : NO_KEYRING;
		if (value) secret_value_unref(value);
	}
	g_list_free_full(items, g_object_unref);
	return status;
}

static int drop(SecretService *service, GHashTable *attributes)
{
	int status = DONE;
	GList *items = find(service, attributes, SECRET_SEARCH_NONE);
	for (GList *item = items; item; item = item->next) {
		bool gone = !secret_item_get_locked(item->data) &&
		            secret_item_delete_sync(item->data, NULL, NULL);
		if (!gone) status = NO_KEYRING;
	}
	g_list_free_full(items, g_object_unref);
	return status;
}

static int put(SecretService *service, GHashTable *attributes, const char *account)
{
	static char line[MAX_SECRET];
	if (!fgets(line, sizeof(line), stdin)) return USAGE;
	line[strcspn(line, "\r\n")] = '\0';
	SecretCollection *collection = secret_collection_for_alias_sync(
	        service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, NULL, NULL);
	int status = NO_KEYRING;
	if (collection && !secret_collection_get_locked(collection)) {
		char *label = g_strdup_printf("stoa: %s", account);
		SecretValue *value = secret_value_new(line, -1, "text/plain");
		SecretItem *item = secret_item_create_sync(collection, &schema, attributes, label,
		        value, SECRET_ITEM_CREATE_REPLACE, NULL, NULL);
		if (item) status = DONE;
		g_clear_object(&item);
		secret_value_unref(value);
		g_free(label);
	}
	g_clear_object(&collection);
	memset(line, 0, sizeof(line));
	return status;
}

int main(int argc, char **argv)
{
	if (argc != 4) return USAGE;
	if (!has_bus()) return NO_KEYRING;
	SecretService *service = secret_service_get_sync(SECRET_SERVICE_OPEN_SESSION, NULL, NULL);
	if (!service) return NO_KEYRING;
	GHashTable *attributes =
	        secret_attributes_build(&schema, "account", argv[2], "profile", argv[3], NULL);
	int status = USAGE;
	if (strcmp(argv[1], "get") == 0)
		status = get(service, attributes);
	else if (strcmp(argv[1], "put") == 0)
		status = put(service, attributes, argv[2]);
	else if (strcmp(argv[1], "drop") == 0)
		status = drop(service, attributes);
	g_hash_table_unref(attributes);
	g_object_unref(service);
	return status;
}
