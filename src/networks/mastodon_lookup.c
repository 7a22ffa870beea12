#include "networks/mastodon_lookup.h"

#include "networks/mastodon_find.h"
#include "networks/mastodon_read.h"

static enum call_next give(struct call *call)
{
	const cJSON *status = mastodon_kept(call, KEPT_STATUS);
	const cJSON *account = mastodon_kept(call, KEPT_ACCOUNT);
	struct mastodon_reader reader;
	mastodon_reader_init(&reader, mastodon_out(call), call->account);
	uint32_t found =
	        status ? mastodon_post(&reader, status, 0) : mastodon_profile(&reader, account);
	mastodon_reader_finish(&reader);
	if (found) return CALL_DONE;
	err_set(&call->err, ERR_FORMAT, "%s has it, but not in a form that can be read",
	        call->account->host);
	return CALL_FAIL;
}

enum call_next mastodon_lookup(
        struct call *call, const struct response *answer, struct request *req)
{
	switch (mastodon_find(call, answer, req, WANT_ANY, call->arg)) {
	case FIND_ASKED:
		return CALL_SEND;
	case FIND_DONE:
		return give(call);
	default:
		return CALL_FAIL;
	}
}
