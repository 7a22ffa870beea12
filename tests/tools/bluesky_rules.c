/*
 * One JSON string a line on standard input; for each one line: how many graphemes it has as a
 * Bluesky server counts, how many bytes of it hold 300 of them, and what is found in it. Run by
 * tests/e2e/bluesky_rules.mjs, which asks the official library the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "networks/bluesky_text.h"

enum { MOST = 300, MOST_BYTES = 3000 };

static void add_facet(void *ctx, const struct facet *facet)
{
	struct str *out = ctx;
	str_addf(out, "%s[\"%s\",%u,%u,", out->p[out->len - 1] == '[' ? "" : ",",
	        facet_kind_name(facet->kind), facet->start, facet->end);
	json_quote(out, facet->target);
	str_addc(out, ']');
}

static void say(const char *text)
{
	struct str out = {0};
	size_t len = strlen(text);
	str_addf(&out, "{\"graphemes\":%u,\"fits\":%zu,\"facets\":[", bluesky_graphemes(text, len),
	        bluesky_fits(text, len, MOST, MOST_BYTES));
	bluesky_detect(text, len, add_facet, &out);
	str_adds(&out, "]}");
	puts(str_c(&out));
	str_finish(&out);
}

int main(void)
{
	char *line = NULL;
	size_t cap = 0;
	for (ssize_t n; (n = getline(&line, &cap, stdin)) > 0;) {
		struct json *json = json_parse(line, (size_t)n, NULL);
		const cJSON *text = json ? json_root(json) : NULL;
		say(cJSON_IsString(text) ? text->valuestring : "");
		json_free(json);
	}
	free(line);
	return 0;
}
