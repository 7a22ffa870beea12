#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "networks/feed_doc.h"
#include "networks/feed_value.h"

/* JSON Feed 1 and 1.1. */

struct reader {
	struct feed_doc *doc;
	struct feed_record *record;
};

static const char *keep(struct reader *r, const char *s)
{
	if (!s) return NULL;
	size_t len = strlen(s);
	const char *p = feed_trim(s, &len);
	if (len == 0) return NULL;
	if (r->record->bytes + len > FEED_MAX_ITEM) {
		r->doc->wishes.damaged = true;
		return NULL;
	}
	r->record->bytes += len;
	return arena_strndup(&r->doc->arena, p, len);
}

/* One row a member that an item or a feed has one of. */
static const struct {
	const char *name;
	bool item, feed;
	enum feed_slot slot;
	enum feed_markup markup;
} members[] = {
        {"url", true, false, SLOT_LINK, FEED_PLAIN},
        {"external_url", true, false, SLOT_EXTERNAL, FEED_PLAIN},
        {"title", true, true, SLOT_TITLE, FEED_PLAIN},
        {"content_html", true, false, SLOT_CONTENT, FEED_HTML},
        {"content_text", true, false, SLOT_CONTENT_TEXT, FEED_PLAIN},
        {"summary", true, false, SLOT_SUMMARY, FEED_PLAIN},
        {"date_published", true, false, SLOT_PUBLISHED, FEED_PLAIN},
        {"date_modified", true, false, SLOT_UPDATED, FEED_PLAIN},
        {"language", true, true, SLOT_LANGUAGE, FEED_PLAIN},
        {"home_page_url", false, true, SLOT_LINK, FEED_PLAIN},
        {"feed_url", false, true, SLOT_ID, FEED_PLAIN},
        {"description", false, true, SLOT_SUBTITLE, FEED_PLAIN},
};

static void read_members(struct reader *r, const cJSON *obj, bool item)
{
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		if (item ? !members[i].item : !members[i].feed) continue;
		const char *text = keep(r, json_str(obj, members[i].name));
		if (text)
			r->record->slot[members[i].slot] =
			        (struct feed_value){.text = text, .markup = members[i].markup};
	}
}

static void read_person(struct reader *r, const cJSON *person)
{
	const char *name = keep(r, json_str(person, "name")),
	           *url = keep(r, json_str(person, "url"));
	if (!name && !url) return;
	struct feed_person *who = feed_record_person(r->record);
	if (who) *who = (struct feed_person){.name = name, .uri = url};
}

static void read_people(struct reader *r, const cJSON *obj)
{
	json_each (person, json_arr(obj, "authors"))
		read_person(r, person);
	if (r->record->npeople == 0) read_person(r, json_obj(obj, "author"));
}

static void add_medium(
        struct reader *r, const char *url, const char *type, const char *alt, const char *medium)
{
	const struct feed_medium m = {.url = keep(r, url),
	        .type = keep(r, type),
	        .alt = keep(r, alt),
	        .medium = medium,
	        .is_thumbnail = medium != NULL};
	if (m.url) feed_record_medium(r->record, &m);
}

/* The id is a string, but numbers are seen. */
static void read_id(struct reader *r, const cJSON *obj)
{
	const cJSON *id = json_get(obj, "id");
	struct str text = {0};
	if (cJSON_IsString(id))
		str_adds(&text, id->valuestring);
	else if (cJSON_IsNumber(id))
		str_addf(&text, "%.15g", id->valuedouble);
	r->record->slot[SLOT_ID].text = keep(r, str_c(&text));
	str_finish(&text);
}

static void read_item(struct reader *r, const cJSON *obj)
{
	read_id(r, obj);
	read_members(r, obj, true);
	read_people(r, obj);
	json_each (tag, json_arr(obj, "tags")) {
		const char *text = cJSON_IsString(tag) ? keep(r, tag->valuestring) : NULL;
		if (text) feed_record_tag(r->record, text);
	}
	json_each (a, json_arr(obj, "attachments"))
		add_medium(r, json_str(a, "url"), json_str(a, "mime_type"), json_str(a, "title"),
		        NULL);
	add_medium(r, json_str(obj, "image"), NULL, NULL, "image");
}

static bool set_version(struct feed_doc *doc, const cJSON *root)
{
	const char *version = json_str(root, "version");
	const char *at = version ? strstr(version, "jsonfeed.org/version/") : NULL;
	if (!at && !(json_arr(root, "items") && json_str(root, "title"))) return false;
	doc->wishes.damaged = !at;
	bool later = at && strncmp(at + 21, "1.1", 3) == 0;
	memcpy(doc->wishes.version, later ? "json11" : "json1", later ? 7 : 6);
	return true;
}

bool feed_parse_json(const char *text, size_t len, struct feed_doc *doc, struct err *err)
{
	struct json *json = json_parse(text, len, err);
	if (!json) return false;
	const cJSON *root = json_root(json);
	bool ok = set_version(doc, root);
	struct reader r = {.doc = doc, .record = &doc->feed};
	doc->feed.comments = -1;
	if (ok) {
		read_members(&r, root, false);
		read_people(&r, root);
		doc->wishes.expired = json_bool(root, "expired", false);
		const char *next = keep(&r, json_str(root, "next_url"));
		if (next)
			feed_record_link(
			        &doc->feed, &(struct feed_href){.rel = "next", .href = next});
		json_each (obj, json_arr(root, "items")) {
			r.record = feed_doc_item(doc);
			if (!r.record) break;
			read_item(&r, obj);
		}
	} else {
		err_set(err, ERR_FORMAT, "this is JSON, but no JSON Feed");
	}
	json_free(json);
	return ok;
}
