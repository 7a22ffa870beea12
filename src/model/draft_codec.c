#include "model/draft_codec.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "model/json_pen.h"

/* -- what drafts and outgoing posts share -- */

char *codec_text(const cJSON *obj, const char *name)
{
	const char *text = json_str(obj, name);
	return text && *text ? xstrdup(text) : NULL;
}

int codec_word(
        const cJSON *obj, const char *name, const struct draft_word *words, int n, int otherwise)
{
	const char *word = json_str(obj, name);
	for (int i = 0; word && i < n; i++) {
		if (strcmp(words[i].name, word) == 0) return i;
	}
	return otherwise;
}

void codec_write_poll(struct str *out, const struct draft_poll *poll)
{
	if (!poll) return;
	pen_open(out, "poll", '{');
	pen_open(out, "options", '[');
	for (size_t i = 0; i < poll->noptions; i++) {
		pen_element(out);
		json_quote(out, poll->options[i]);
	}
	str_addc(out, ']');
	pen_number(out, "for_s", poll->for_s);
	pen_some_truth(out, "multiple", poll->multiple);
	pen_some_truth(out, "hide_totals", poll->hide_totals);
	str_addc(out, '}');
}

struct draft_poll *codec_read_poll(const cJSON *obj)
{
	const cJSON *from = json_obj(obj, "poll");
	if (!from) return NULL;
	struct draft_poll *poll = xcalloc(1, sizeof *poll);
	poll->options = xcalloc(DRAFT_MAX_OPTIONS, sizeof *poll->options);
	json_each (option, json_arr(from, "options")) {
		if (!cJSON_IsString(option) || poll->noptions == DRAFT_MAX_OPTIONS) continue;
		poll->options[poll->noptions++] = xstrdup(option->valuestring);
	}
	poll->for_s = json_int(from, "for_s", 0);
	poll->multiple = json_bool(from, "multiple", false);
	poll->hide_totals = json_bool(from, "hide_totals", false);
	return poll;
}

void codec_write_visibility(struct str *out, enum visibility visibility, bool set)
{
	if (set) pen_text(out, "visibility", visibility_name(visibility));
}

void codec_read_visibility(const cJSON *obj, enum visibility *out, bool *out_set)
{
	const char *name = json_str(obj, "visibility");
	for (int i = 0; name && i < VIS_COUNT; i++) {
		if (strcmp(visibility_name((enum visibility)i), name) != 0) continue;
		*out = (enum visibility)i;
		*out_set = true;
	}
}

void codec_write_when(struct str *out, const char *name, const struct when *when)
{
	if (!when->utc_ms) return;
	pen_open(out, name, '{');
	pen_number(out, "utc_ms", when->utc_ms);
	pen_some_text(out, "wall", when->wall);
	pen_some_text(out, "zone", when->zone);
	pen_some_number(out, "fold", when->fold);
	str_addc(out, '}');
}

static void copy_into(char *out, size_t size, const char *from)
{
	size_t len = from ? strlen(from) : 0;
	if (len < size && len > 0) memcpy(out, from, len + 1);
}

void codec_read_when(const cJSON *obj, const char *name, struct when *out)
{
	const cJSON *from = json_obj(obj, name);
	*out = (struct when){
	        .utc_ms = json_int(from, "utc_ms", 0), .fold = json_int(from, "fold", 0) != 0};
	copy_into(out->wall, sizeof out->wall, json_str(from, "wall"));
	copy_into(out->zone, sizeof out->zone, json_str(from, "zone"));
}

/* -- drafts -- */

static void write_part(struct str *out, const struct draft_part *part)
{
	pen_open(out, NULL, '{');
	pen_name(out, "text");
	json_quote(out, part->text ? part->text : "");
	if (part->nmedia) pen_open(out, "media", '[');
	for (size_t i = 0; i < part->nmedia; i++) {
		pen_open(out, NULL, '{');
		pen_text(out, "path", part->media[i].path);
		pen_some_text(out, "alt", part->media[i].alt);
		str_addc(out, '}');
	}
	if (part->nmedia) str_addc(out, ']');
	codec_write_poll(out, part->poll);
	str_addc(out, '}');
}

static void write_lists(struct str *out, const struct draft *draft)
{
	pen_open(out, "accounts", '[');
	for (size_t i = 0; i < draft->naccounts; i++) {
		pen_element(out);
		str_addf(out, "%u", (unsigned)draft->accounts[i]);
	}
	str_addc(out, ']');
	pen_open(out, "parts", '[');
	for (size_t i = 0; i < draft->nparts; i++)
		write_part(out, &draft->parts[i]);
	str_addc(out, ']');
	if (!draft->nvariants) return;
	pen_open(out, "variants", '[');
	for (size_t i = 0; i < draft->nvariants; i++) {
		const struct draft_variant *variant = &draft->variants[i];
		pen_open(out, NULL, '{');
		pen_number(out, "part", (int64_t)variant->part);
		pen_some_number(out, "account", variant->account);
		pen_some_text(out, "network", variant->network);
		pen_name(out, "text");
		json_quote(out, variant->text ? variant->text : "");
		str_addc(out, '}');
	}
	str_addc(out, ']');
}

void draft_encode(struct str *out, const struct draft *draft)
{
	struct str object = {0}; /* the pen looks at what stands before */
	pen_open(&object, NULL, '{');
	pen_some_number(&object, "id", draft->id);
	write_lists(&object, draft);
	pen_some_text(&object, "warning", draft->warning);
	pen_some_text(&object, "lang", draft->lang);
	pen_some_text(&object, "reply_to", draft->reply_to);
	pen_some_text(&object, "quote_of", draft->quote_of);
	pen_some_text(&object, "label", draft->label);
	pen_some_text(&object, "self_labels", draft->self_labels);
	codec_write_visibility(&object, draft->visibility, draft->visibility_set);
	pen_some_truth(&object, "sensitive", draft->sensitive);
	pen_some_number(&object, "gate", draft->gate);
	codec_write_when(&object, "at", &draft->at);
	pen_text(&object, "via", draft_vias[draft->via].name);
	pen_text(&object, "late", draft_lates[draft->late].name);
	pen_some_number(&object, "changed_ms", draft->changed_ms);
	str_addc(&object, '}');
	str_add(out, object.p, object.len);
	str_finish(&object);
}

static void read_part(struct draft_part *part, const cJSON *from)
{
	const char *text = json_str(from, "text");
	if (text) {
		free(part->text);
		part->text = xstrdup(text);
	}
	json_each (media, json_arr(from, "media")) {
		const char *path = json_str(media, "path");
		if (path && part->nmedia < DRAFT_MAX_MEDIA)
			draft_add_media(part, path, json_str(media, "alt"));
	}
	part->poll = codec_read_poll(from);
}

static void read_variants(struct draft *draft, const cJSON *list)
{
	enum { MAX = DRAFT_MAX_PARTS * DRAFT_MAX_ACCOUNTS };
	size_t cap = 0;
	json_each (from, list) {
		int64_t part = json_int(from, "part", -1);
		const char *text = json_str(from, "text");
		if (part < 0 || (size_t)part >= draft->nparts || draft->nvariants == MAX) continue;
		draft->variants = mem_grow(
		        draft->variants, &cap, draft->nvariants + 1, sizeof *draft->variants);
		draft->variants[draft->nvariants++] = (struct draft_variant){.part = (size_t)part,
		        .account = (account_id)json_int(from, "account", 0),
		        .network = codec_text(from, "network"),
		        .text = xstrdup(text ? text : "")};
	}
}

static bool read_lists(struct draft *draft, const cJSON *root, struct err *err)
{
	bool first = true;
	json_each (account, json_arr(root, "accounts")) {
		bool fits = cJSON_IsNumber(account) && account->valuedouble > 0 &&
		            account->valuedouble <= UINT32_MAX;
		if (!fits) return err_set(err, ERR_FORMAT, "a draft's account is no number");
		if (draft->naccounts == DRAFT_MAX_ACCOUNTS)
			return err_set(err, ERR_TOO_LARGE, "a draft of more than %d accounts",
			        DRAFT_MAX_ACCOUNTS);
		draft_add_account(draft, (account_id)account->valuedouble);
	}
	json_each (part, json_arr(root, "parts")) {
		if (draft->nparts == DRAFT_MAX_PARTS)
			return err_set(err, ERR_TOO_LARGE, "a draft of more than %d parts",
			        DRAFT_MAX_PARTS);
		read_part(first ? &draft->parts[0] : draft_add_part(draft), part);
		first = false;
	}
	read_variants(draft, json_arr(root, "variants"));
	return true;
}

static void read_rest(struct draft *draft, const cJSON *root)
{
	draft->id = json_int(root, "id", 0);
	draft->warning = codec_text(root, "warning");
	draft->lang = codec_text(root, "lang");
	draft->reply_to = codec_text(root, "reply_to");
	draft->quote_of = codec_text(root, "quote_of");
	draft->label = codec_text(root, "label");
	draft->self_labels = codec_text(root, "self_labels");
	codec_read_visibility(root, &draft->visibility, &draft->visibility_set);
	draft->sensitive = json_bool(root, "sensitive", false);
	draft->gate = (unsigned)json_int(root, "gate", 0);
	codec_read_when(root, "at", &draft->at);
	draft->via =
	        (enum draft_via)codec_word(root, "via", draft_vias, DRAFT_NVIAS, DRAFT_VIA_AUTO);
	draft->late = (enum draft_late)codec_word(
	        root, "late", draft_lates, DRAFT_NLATES, DRAFT_LATE_ASK);
	draft->changed_ms = json_int(root, "changed_ms", 0);
}

struct draft *draft_decode(const char *json, size_t len, struct err *err)
{
	struct json *doc = json_parse(json, len, err);
	if (!doc) return NULL;
	const cJSON *root = json_root(doc);
	struct draft *draft = draft_new();
	bool ok = cJSON_IsObject(root) || err_set(err, ERR_FORMAT, "a draft is one JSON object");
	if (ok) read_rest(draft, root);
	ok = ok && read_lists(draft, root, err);
	json_free(doc);
	if (ok) return draft;
	draft_free(draft);
	return NULL;
}
