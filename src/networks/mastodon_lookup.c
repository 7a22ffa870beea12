#include "networks/mastodon_lookup.h"

#include "networks/mastodon_find.h"
#include "networks/mastodon_http.h"
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

static enum call_next take_look(struct call *call, const struct response *answer)
{
	struct mastodon_reader reader;
	struct json *json = mastodon_json(call, answer);
	if (!json) return CALL_FAIL;
	mastodon_reader_init(&reader, mastodon_out(call), call->account);
	uint32_t found = mastodon_post(&reader, json_root(json), 0);
	mastodon_reader_finish(&reader);
	json_free(json);
	if (found) return CALL_DONE;
	err_set(&call->err, ERR_FORMAT, "%s has it, but not in a form that can be read",
	        call->account->host);
	return CALL_FAIL;
}

enum call_next mastodon_look(struct call *call, const struct response *answer, struct request *req)
{
	if (answer) return take_look(call, answer);
	struct str path = {0};
	str_adds(&path, "/api/v1/statuses/");
	mastodon_add_id(&path, call->publish->item->remote_id);
	mastodon_get(req, call, path.p, "");
	str_finish(&path);
	return CALL_SEND;
}
