#include "ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo/seed.h"

const int64_t noon_ms = 1795262400000;

struct world *make_world(uint64_t seed)
{
	struct world *world = world_new(seed, &clock_system);
	world->fixed = true;
	world->fixed_ms = noon_ms;
	seed_world(world);
	return world;
}

int world_setup(void **state)
{
	*state = make_world(1);
	return 0;
}

int world_teardown(void **state)
{
	world_free(*state);
	return 0;
}

struct reply ask_as(struct world *world, int user, const char *key, const char *method,
        const char *path, const char *query)
{
	struct exchange x = {.world = world,
	        .method = method,
	        .path = path,
	        .base = "http://here",
	        .query = query,
	        .user = user,
	        .key = key};
	char *copy = strdup(query);
	for (char *p = copy; *p;) {
		size_t n = strcspn(p, "&"), name = strcspn(p, "=");
		bool more = p[n] != '\0';
		p[n] = p[name] = '\0';
		params_add(&x.params, p, p + name + 1);
		p += n + more;
	}
	free(copy);
	routes_serve(&x);
	struct reply reply = {.status = x.status ? x.status : 200,
	        .body = str_take(&x.body),
	        .headers = str_take(&x.headers)};
	reply.json = json_parse(reply.body, strlen(reply.body), NULL);
	params_finish(&x.params);
	str_finish(&x.accepted);
	return reply;
}

struct reply ask(struct world *world, const char *method, const char *path, const char *query)
{
	return ask_as(world, ADA, NULL, method, path, query);
}

struct reply ask_at(struct world *world, int user, const char *method, const char *pattern,
        const char *id, const char *query)
{
	struct str path = {0};
	const char *place = strstr(pattern, "%s");
	str_add(&path, pattern, (size_t)(place - pattern));
	str_addf(&path, "%s%s", id, place + 2);
	struct reply reply = ask_as(world, user, NULL, method, str_c(&path), query);
	str_finish(&path);
	return reply;
}

void done(struct reply *reply)
{
	json_free(reply->json);
	free(reply->body);
	free(reply->headers);
}

const cJSON *row_at(const struct reply *reply, int i)
{
	return cJSON_GetArrayItem(json_root(reply->json), i);
}

const char *id_at(const struct reply *reply, int i)
{
	return json_str(row_at(reply, i), "id");
}

int size(const struct reply *reply)
{
	return cJSON_GetArraySize(json_root(reply->json));
}

const char *text_of(const struct reply *reply, const char *name)
{
	return json_str(json_root(reply->json), name ? name : "id");
}
