/*
 * One JSON object a line on standard input, {keyword, whole, text}; for each one line: whether
 * a filter of Mastodon's with that keyword finds such a text, true or false. Run by
 * tests/e2e/mastodon_keywords.rb, which asks Ruby the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "query/keyword.h"

static bool finds(const cJSON *in)
{
	const char *text = json_str(in, "text"), *keyword = json_str(in, "keyword");
	struct filter_keyword word = {
	        .text = xstrdup(keyword), .whole = json_bool(in, "whole", false)};
	struct keywords *keywords = keywords_new();
	keywords_add(keywords, &word, 1);
	keywords_ready(keywords);
	bool found = text && keywords_in(keywords, text, strlen(text));
	keywords_free(keywords);
	free(word.text);
	return found;
}

int main(void)
{
	char *line = NULL;
	size_t cap = 0;
	for (ssize_t n; (n = getline(&line, &cap, stdin)) > 0;) {
		struct json *json = json_parse(line, (size_t)n, NULL);
		puts(json && finds(json_root(json)) ? "true" : "false");
		json_free(json);
	}
	free(line);
	return 0;
}
