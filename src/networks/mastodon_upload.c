#include <string.h>

#include "base/mem.h"
#include "networks/mastodon_posting.h"
#include "networks/mastodon_publish.h"
#include "networks/mastodon_read.h"
#include "networks/mastodon_work.h"

/*
 * One attachment (fact sheet 5.6): POST /api/v2/media, or v1 where that is missing. A server
 * that is still at work on it says 202, then 206 until it is done. Uploading twice leaves
 * one over that nobody sees, which servers throw away.
 */
enum { UPLOAD, OLD_UPLOAD, WAIT, POLL };
enum { FIRST_WAIT_MS = 1000, MAX_WAIT_MS = 10000, MAX_POLLS = 90 };

static const struct {
	const char *type, *name;
} names[] = {
        {"image/jpeg", "image.jpg"},
        {"image/png", "image.png"},
        {"image/gif", "image.gif"},
        {"image/webp", "image.webp"},
        {"image/avif", "image.avif"},
        {"image/heic", "image.heic"},
        {"video/mp4", "video.mp4"},
        {"video/webm", "video.webm"},
        {"video/quicktime", "video.mov"},
        {"audio/mpeg", "audio.mp3"},
        {"audio/ogg", "audio.ogg"},
        {"audio/flac", "audio.flac"},
        {"audio/wav", "audio.wav"},
        {"audio/mp4", "audio.m4a"},
};

/* What the file is called here is nobody's business; snac goes by the ending. */
static const char *name_of(const char *type)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(names[i].type, type) == 0) return names[i].name;
	}
	return "file";
}

static enum call_next send(struct call *call, struct request *req, int stage)
{
	const struct publish *publish = call->publish;
	const struct outgoing_media *media = &publish->item->media[publish->upload];
	call->stage = stage;
	mastodon_request(
	        req, call, "POST", stage == OLD_UPLOAD ? "/api/v1/media" : "/api/v2/media", "");
	if (media->alt && *media->alt) request_part(req, "description", media->alt);
	request_part_file(req, "file", publish->file, publish->type, name_of(publish->type));
	return CALL_SEND;
}

static enum call_next wait(struct call *call)
{
	struct mastodon_work *work = mastodon_work(call);
	if (work->tries >= MAX_POLLS) {
		err_set(&call->err, ERR_SERVER,
		        "%s is still at work on the attachment after %d tries", call->account->host,
		        work->tries);
		return CALL_FAIL;
	}
	int ms = FIRST_WAIT_MS << (work->tries < 4 ? work->tries : 4);
	call->wait_ms = ms > MAX_WAIT_MS ? MAX_WAIT_MS : ms;
	call->stage = WAIT;
	work->tries++;
	return CALL_WAIT;
}

static enum call_next poll(struct call *call, struct request *req)
{
	struct str path = {0};
	str_adds(&path, "/api/v1/media/");
	mastodon_add_id(&path, call->publish->made);
	mastodon_get(req, call, str_c(&path), "");
	str_finish(&path);
	call->stage = POLL;
	return CALL_SEND;
}

/* Which of the attachments it is about, where there are several. */
static enum call_next refuse(struct call *call, const struct response *answer)
{
	const struct publish *publish = call->publish;
	struct err why = call->err;
	const char *name = publish->item->media[publish->upload].path;
	const char *slash = name ? strrchr(name, '/') : NULL;
	if (why.code == ERR_NOT_FOUND) why.code = ERR_SYNTAX;
	if (answer->status)
		err_set(&call->err, why.code, "%s: %s", slash ? slash + 1 : "attachment", why.text);
	call->err.retry_ms = why.retry_ms;
	return CALL_FAIL;
}

static enum call_next take(struct call *call, const struct response *answer)
{
	struct json *json = mastodon_posting_json(call, answer);
	if (!json)
		return call->stage == POLL || answer->status != 200 ? refuse(call, answer)
		                                                    : CALL_FAIL;
	const char *id = mastodon_id(json_root(json), "id");
	bool ready = answer->status != 202 && answer->status != 206;
	if (id && !call->publish->made) call->publish->made = xstrdup(id);
	json_free(json);
	if (!call->publish->made) {
		err_set(&call->err, ERR_FORMAT, "%s does not tell what it calls the attachment",
		        call->account->host);
		return CALL_FAIL;
	}
	return ready ? CALL_DONE : wait(call);
}

enum call_next mastodon_upload(
        struct call *call, const struct response *answer, struct request *req)
{
	if (call->stage == WAIT) return poll(call, req);
	if (!answer) return send(call, req, UPLOAD);
	if (call->stage == UPLOAD && mastodon_lacks(answer)) return send(call, req, OLD_UPLOAD);
	/* No body is fine as long as it is at work. */
	if (call->stage == POLL && answer->status == 206) return wait(call);
	return take(call, answer);
}
