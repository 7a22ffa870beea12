/* A line is read as a post, or refused with a sentence; a post is printed and read again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/post_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print(struct str *out, const struct post_json_read *read)
{
	struct post_json row = {.post = read->post,
	        .author = read->author,
	        .actor = read->actor,
	        .reason = read->reason,
	        .network = read->network,
	        .sources = read->sources,
	        .me = read->me,
	        .unread = read->unread};

	while (read->sources && read->sources[row.nsources]) {
		row.nsources++;
	}
	post_json_print(out, &row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct post_json_read read;
	struct str first = {0}, second = {0};
	struct err err = {0};

	if (!post_json_read(&read, (const char *)data, size, &err)) {
		if (err.text[0] == '\0') abort();
		return 0;
	}
	print(&first, &read);
	post_json_read_finish(&read);
	if (!post_json_read(&read, str_c(&first), first.len, &err)) abort();
	print(&second, &read);
	post_json_read_finish(&read);
	if (strcmp(str_c(&first), str_c(&second)) != 0) abort();
	str_finish(&first);
	str_finish(&second);
	return 0;
}
