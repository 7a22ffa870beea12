#include "model/outgoing.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "model/draft_codec.h"
#include "model/json_pen.h"

static void write_content(struct str *out, const struct outgoing *item)
{
	pen_name(out, "text");
	json_quote(out, item->text ? item->text : "");
	pen_some_text(out, "warning", item->warning);
	pen_some_text(out, "lang", item->lang);
	pen_some_text(out, "reply_to", item->reply_to);
	pen_some_text(out, "quote_of", item->quote_of);
	pen_some_text(out, "label", item->label);
	pen_some_text(out, "self_labels", item->self_labels);
	codec_write_visibility(out, item->visibility, item->visibility_set);
	pen_some_truth(out, "sensitive", item->sensitive);
	pen_some_number(out, "gate", item->gate);
	codec_write_poll(out, item->poll);
}

static void write_media(struct str *out, const struct outgoing *item)
{
	for (size_t i = 0; i < item->nmedia; i++) {
		const struct outgoing_media *media = &item->media[i];
		pen_open(out, NULL, '{');
		pen_text(out, "path", media->path);
		pen_some_text(out, "alt", media->alt);
		pen_some_text(out, "type", media->type);
		pen_some_number(out, "width", media->width);
		pen_some_number(out, "height", media->height);
		pen_some_text(out, "made", media->made);
		str_addc(out, '}');
	}
}

void outgoing_encode_content(struct str *out, const struct outgoing *item)
{
	str_addc(out, '{');
	write_content(out, item);
	str_addc(out, '}');
}

void outgoing_encode_media(struct str *out, const struct outgoing *item)
{
	str_addc(out, '[');
	write_media(out, item);
	str_addc(out, ']');
}

void outgoing_print(struct str *out, const struct outgoing *item)
{
	struct str object = {0}; /* the pen looks at what stands before */
	str_addc(&object, '{');
	pen_number(&object, "id", item->id);
	pen_text(&object, "state", outgoing_states[item->state].name);
	pen_text(&object, "cause", item->cause);
	pen_some_truth(&object, "held", item->held);
	pen_number(&object, "account", item->account);
	pen_some_number(&object, "draft", item->draft);
	pen_some_number(&object, "part", item->part);
	pen_some_number(&object, "after", item->after);
	pen_date(&object, "at", item->at.utc_ms);
	pen_some_text(&object, "wall", item->at.wall);
	pen_some_text(&object, "zone", item->at.zone);
	pen_text(&object, "via", draft_vias[item->via].name);
	pen_text(&object, "late", draft_lates[item->late].name);
	write_content(&object, item);
	pen_open(&object, "media", '[');
	write_media(&object, item);
	str_addc(&object, ']');
	pen_date(&object, "made_at", item->made_ms);
	pen_date(&object, "changed_at", item->changed_ms);
	pen_date(&object, "first_at", item->first_ms);
	pen_date(&object, "sent_at", item->sent_ms);
	pen_number(&object, "attempts", item->attempts);
	pen_text(&object, "remote_id", item->remote_id);
	pen_text(&object, "uri", item->uri);
	pen_text(&object, "url", item->url);
	str_addc(&object, '}');
	str_add(out, object.p, object.len);
	str_finish(&object);
}

bool outgoing_decode_content(struct outgoing *item, const char *json, struct err *err)
{
	struct json *doc = json_parse(json, strlen(json), err);
	const cJSON *root = json_root(doc);
	if (!doc) return false;
	const char *text = json_str(root, "text");
	item->text = xstrdup(text ? text : "");
	item->warning = codec_text(root, "warning");
	item->lang = codec_text(root, "lang");
	item->reply_to = codec_text(root, "reply_to");
	item->quote_of = codec_text(root, "quote_of");
	item->label = codec_text(root, "label");
	item->self_labels = codec_text(root, "self_labels");
	codec_read_visibility(root, &item->visibility, &item->visibility_set);
	item->sensitive = json_bool(root, "sensitive", false);
	item->gate = (unsigned)json_int(root, "gate", 0);
	item->poll = codec_read_poll(root);
	json_free(doc);
	return true;
}

bool outgoing_decode_media(struct outgoing *item, const char *json, struct err *err)
{
	struct json *doc = json_parse(json, strlen(json), err);
	if (!doc) return false;
	item->media = xcalloc(DRAFT_MAX_MEDIA, sizeof *item->media);
	json_each (from, json_root(doc)) {
		if (item->nmedia == DRAFT_MAX_MEDIA) break;
		item->media[item->nmedia++] =
		        (struct outgoing_media){.path = codec_text(from, "path"),
		                .alt = codec_text(from, "alt"),
		                .type = codec_text(from, "type"),
		                .width = (uint32_t)json_int(from, "width", 0),
		                .height = (uint32_t)json_int(from, "height", 0),
		                .made = codec_text(from, "made")};
	}
	json_free(doc);
	return true;
}
