#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "model/post_json.h"

/* Bytes that make a post make one that can be read everywhere and written again. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_facets(const struct post *post)
{
	const char *body = post_str(post, POST_BODY);

	for (size_t i = 0; i < post->nfacets; i++) {
		struct facet facet = post_facet(post, i);
		assert(facet.start < facet.end && facet.end <= post_len(post, POST_BODY));
		assert((body[facet.start] & 0xc0) != 0x80 && (body[facet.end] & 0xc0) != 0x80);
	}
}

static void check_json(const struct post *post)
{
	struct str line = {0};

	post_json_print(&line, &(struct post_json){.post = post});
	assert(memchr(line.p, '\n', line.len) == line.p + line.len - 1);
	struct json *json = json_parse(line.p, line.len, NULL);
	assert(json || line.len > JSON_MAX_BYTES);
	json_free(json);
	str_finish(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = {0};
	struct post *post = post_decode(data, size);

	if (!post) return 0;
	assert(post_len(post, POST_URI) > 0);
	for (int i = 0; i < POST_NSTRINGS; i++) {
		assert(strlen(post_str(post, i)) == post_len(post, i));
		assert(i == POST_URL || utf8_valid(post_str(post, i), post_len(post, i)));
	}
	assert(utf8_valid(post_link(post), strlen(post_link(post))));
	check_facets(post);
	check_json(post);
	post_encode(&bytes, post);
	struct post *back = post_decode(bytes.p, bytes.len);
	assert(back && back->size == post->size && memcmp(back, post, post->size) == 0);
	free(back);
	free(post);
	str_finish(&bytes);
	return 0;
}
