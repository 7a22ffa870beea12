#include "demo/params.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"

enum { MAX_PARAMS = 1000 };

void params_add(struct params *params, const char *name, const char *value)
{
	if (params->n >= MAX_PARAMS) return;
	params->list = mem_grow(params->list, &params->cap, params->n + 1, sizeof *params->list);
	params->list[params->n++] = (struct param){xstrdup(name), xstrdup(value ? value : "")};
}

void params_finish(struct params *params)
{
	for (size_t i = 0; i < params->n; i++) {
		free(params->list[i].name);
		free(params->list[i].value);
	}
	free(params->list);
	*params = (struct params){0};
}

static void add_value(struct params *params, const char *name, const cJSON *value)
{
	if (cJSON_IsString(value)) {
		params_add(params, name, value->valuestring);
	} else if (cJSON_IsBool(value)) {
		params_add(params, name, cJSON_IsTrue(value) ? "true" : "false");
	} else if (cJSON_IsNumber(value)) {
		char number[32];
		snprintf(number, sizeof number, "%.15g", value->valuedouble);
		params_add(params, name, number);
	} else if (cJSON_IsNull(value)) {
		params_add(params, name, "");
	} else if (cJSON_IsArray(value) || cJSON_IsObject(value)) {
		size_t i = 0;
		json_each (item, value) {
			struct str path = {0};
			if (cJSON_IsObject(value))
				str_addf(&path, "%s[%s]", name, item->string);
			else if (cJSON_IsObject(item))
				str_addf(&path, "%s[%zu]", name, i++);
			else
				str_addf(&path, "%s[]", name);
			add_value(params, str_c(&path), item);
			str_finish(&path);
		}
	}
}

bool params_add_json(struct params *params, const char *text, size_t len, struct err *err)
{
	struct json *json = json_parse(text, len, err);
	if (!json) return false;
	const cJSON *root = json_root(json);
	if (cJSON_IsObject(root)) {
		json_each (item, root)
			add_value(params, item->string, item);
	}
	json_free(json);
	return true;
}

const char *params_get(const struct params *params, const char *name)
{
	for (size_t i = 0; i < params->n; i++) {
		if (strcmp(params->list[i].name, name) == 0) return params->list[i].value;
	}
	return NULL;
}

const char *params_str(const struct params *params, const char *name)
{
	const char *value = params_get(params, name);
	return value ? value : "";
}

bool params_bool(const struct params *params, const char *name)
{
	static const char *const no[] = {"", "0", "f", "F", "false", "FALSE", "off", "OFF"};
	const char *value = params_str(params, name);
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		if (strcmp(value, no[i]) == 0) return false;
	}
	return true;
}

uint64_t params_id(const struct params *params, const char *name)
{
	return strtoull(params_str(params, name), NULL, 10);
}

const char *params_at(const struct params *params, const char *name, size_t i)
{
	size_t n = strlen(name);
	for (size_t j = 0; j < params->n; j++) {
		const char *is = params->list[j].name;
		if (strncmp(is, name, n) != 0 || (is[n] != '\0' && strcmp(is + n, "[]") != 0))
			continue;
		if (i-- == 0) return params->list[j].value;
	}
	return NULL;
}
