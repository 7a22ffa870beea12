/*
 * One JSON object a line on standard input, {value, targets[], text, tags[], lang}; for each one
 * line: whether the muted word hides such a post, true or false. Run by
 * tests/e2e/bluesky_mutes.mjs, which asks the official library the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "query/muted_word.h"

static unsigned targets_of(const cJSON *in)
{
	unsigned targets = 0;
	json_each (item, json_arr(in, "targets")) {
		const char *name = cJSON_IsString(item) ? item->valuestring : "";
		if (strcmp(name, "content") == 0) targets |= FILTER_IN_TEXT;
		if (strcmp(name, "tag") == 0) targets |= FILTER_IN_TAGS;
	}
	return targets;
}

/* The tags lie over the text's first character: where they are is of no account. */
static struct post *post_of(const cJSON *in)
{
	struct facet facets[16];
	struct post_parts parts = {.facets = facets};
	const char *text = json_str(in, "text");
	uint32_t end = text ? (uint32_t)utf8_cluster(text, strlen(text)).len : 0;
	json_each (item, json_arr(in, "tags")) {
		if (!cJSON_IsString(item) || parts.nfacets == 16) continue;
		facets[parts.nfacets++] = (struct facet){FACET_TAG, 0, end, item->valuestring};
	}
	parts.str[POST_URI] = "at://a/b/c";
	parts.str[POST_BODY] = text;
	parts.str[POST_LANG] = json_str(in, "lang");
	return post_new(&parts);
}

int main(void)
{
	char *line = NULL;
	size_t cap = 0;
	for (ssize_t n; (n = getline(&line, &cap, stdin)) > 0;) {
		struct json *json = json_parse(line, (size_t)n, NULL);
		const cJSON *in = json ? json_root(json) : NULL;
		struct post *post = post_of(in);
		struct muted_post *muted = muted_post_new(post);
		struct muted_word *word = muted_word_new(json_str(in, "value"), targets_of(in));
		puts(muted_word_in(word, muted) ? "true" : "false");
		muted_word_free(word);
		muted_post_free(muted);
		free(post);
		json_free(json);
	}
	free(line);
	return 0;
}
