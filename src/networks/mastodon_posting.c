#include "networks/mastodon_posting.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/mem.h"
#include "networks/mastodon_read.h"
#include "networks/mastodon_work.h"

bool mastodon_is(const struct account *account, const char *name)
{
	size_t n = strlen(name);
	const char *software = account->software ? account->software : "";
	return strncasecmp(software, name, n) == 0 && (software[n] == ' ' || !software[n]);
}

const char *mastodon_visibility_name(enum visibility visibility)
{
	return visibility == VIS_FOLLOWERS ? "private" : visibility_name(visibility);
}

/*
 * These mean that nothing was done, and asking again will not help. Others of 4xx may come
 * from something between us and the server, which may have done it all the same.
 */
static bool refuses(int status)
{
	static const int statuses[] = {400, 405, 406, 411, 413, 414, 415, 417, 422, 501};
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		if (statuses[i] == status) return true;
	}
	return false;
}

static void explain(struct call *call, const struct response *answer)
{
	struct err *err = &call->err;
	int status = answer->status;
	if (err->code == ERR_AUTH && status == 422) return; /* snac: the token */
	if (status == 413)
		err_set(err, ERR_SYNTAX, "%s takes no request as large as this (413)",
		        call->account->host);
	if (refuses(status) || (status == 403 && !mastodon_is_scope(answer)))
		err->code = ERR_SYNTAX;
	else if (status == 503)
		err->code = ERR_SERVER; /* who asks to wait may have begun */
	else if (status == 410)
		err->code = ERR_NOT_FOUND;
}

bool mastodon_posting_good(struct call *call, const struct response *answer)
{
	const char *date = response_header(answer, "Date");
	int64_t ms;
	if (date && date_parse_http(date, &ms)) call->publish->server_ms = ms;
	if (mastodon_good(call, answer)) return true;
	if (answer->status) explain(call, answer);
	return false;
}

struct json *mastodon_posting_json(struct call *call, const struct response *answer)
{
	return mastodon_posting_good(call, answer) ? mastodon_json(call, answer) : NULL;
}

static void set(char **field, const char *value)
{
	free(*field);
	*field = value ? xstrdup(value) : NULL;
}

bool mastodon_posting_take(struct call *call, const cJSON *status)
{
	struct publish *publish = call->publish;
	const char *id = mastodon_id(status, "id");
	if (!id || !json_obj(status, "account")) return false;
	set(&publish->remote_id, id);
	set(&publish->uri, mastodon_web(json_str(status, "uri")));
	set(&publish->url, mastodon_web(json_str(status, "url")));
	if (!publish->url) set(&publish->url, publish->uri);
	publish->kept = false;
	struct mastodon_reader reader;
	mastodon_reader_init(&reader, mastodon_out(call), call->account);
	if (!mastodon_post(&reader, status, 0)) call->out->unreadable++;
	mastodon_reader_finish(&reader);
	return true;
}

bool mastodon_posting_take_kept(struct call *call, const cJSON *scheduled)
{
	const char *id = mastodon_id(scheduled, "id");
	if (!id || !json_str(scheduled, "scheduled_at") || json_obj(scheduled, "account"))
		return false;
	set(&call->publish->remote_id, id);
	call->publish->kept = true;
	return true;
}
