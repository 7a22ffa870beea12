#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

/* A document that is taken has only valid text, and prints as one that is the same. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const cJSON *item, int depth)
{
	assert(depth <= JSON_MAX_DEPTH);
	if (cJSON_IsString(item)) assert(utf8_valid(item->valuestring, strlen(item->valuestring)));
	json_each (member, item) {
		if (cJSON_IsObject(item)) {
			assert(member->string &&
			        utf8_valid(member->string, strlen(member->string)));
			int64_t n = json_int(item, member->string, 0);
			assert(n <= INT64_C(1) << 53 && n >= -(INT64_C(1) << 53));
			json_str(item, member->string);
			json_bool(item, member->string, false);
			json_arr(item, member->string);
			json_obj(item, member->string);
		}
		walk(member, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str once = {0}, twice = {0};
	struct err err = {0};
	struct json *json = json_parse((const char *)data, size, &err);

	if (!json) {
		assert(err.code == ERR_FORMAT || err.code == ERR_TOO_LARGE);
		assert(err.text[0]);
		return 0;
	}
	walk(json_root(json), 0);
	json_print(&once, json_root(json));
	json_free(json);
	assert(!memchr(once.p, '\n', once.len));
	json = json_parse(once.p, once.len, NULL);
	assert(json);
	json_print(&twice, json_root(json));
	json_free(json);
	assert(strcmp(once.p, twice.p) == 0);
	str_finish(&once);
	str_finish(&twice);
	return 0;
}
