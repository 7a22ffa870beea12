/* A link of a stranger's: its words against its target. The first byte says where they part. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str host = {0};
	if (size == 0) return 0;
	size_t words = data[0] < size - 1 ? data[0] : size - 1;
	char *target = xstrndup((const char *)data + 1 + words, size - 1 - words);
	enum link_truth truth = link_judge((const char *)data + 1, words, target, &host);
	/* Who has a name before the host never gets away with it. */
	if (link_has_userinfo(target)) assert(truth == LINK_LIES);
	for (size_t i = 0; i < host.len; i++)
		assert(host.p[i] != '/' && host.p[i] != '@');
	str_finish(&host);
	free(target);
	return 0;
}
