#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/mem.h"
#include "networks/bluesky_http.h"
#include "networks/bluesky_prefs.h"
#include "networks/bluesky_read.h"

/*
 * Labels (fact sheet 8): what moderators and authors say of posts, and what the account
 * wants done with each. A label has one of a few global values, or one that its labeler
 * ("did:plc:abc/spam") defines.
 */

enum { MAX_LABELERS = 20, MAX_LEARNED = 16384, MAX_NAME = 300 };

/* The values that mean the same everywhere, and what is done unless told otherwise. */
static const struct global {
	const char *value, *words, *otherwise;
	bool adult; /* hidden as long as adult content is not wanted */
	bool fixed; /* nobody can choose */
} globals[] = {
        {"!warn", "a moderator's warning", "warn", false, true},
        {"!hide", "hidden by a moderator", "hide", false, true},
        {"porn", "adult content", "warn", true, false},
        {"sexual", "sexually suggestive", "warn", true, false},
        {"graphic-media", "graphic media", "warn", true, false},
        {"nudity", "nudity", "ignore", false, false},
};
enum { GLOBALS = sizeof globals / sizeof *globals };

static const struct global *global_of(const char *value)
{
	for (size_t i = 0; i < GLOBALS; i++) {
		if (strcmp(globals[i].value, value) == 0) return &globals[i];
	}
	return NULL;
}

/* --- learning --- */

static bool is_type(const cJSON *element, const char *type)
{
	const char *full = json_str(element, "$type");
	size_t len = strlen(BLUESKY_PREF);
	return full && strncmp(full, BLUESKY_PREF, len) == 0 && strcmp(full + len, type) == 0;
}

/* What the preferences say of a label; NULL: nothing. labeler NULL: of a global one. */
static const char *chosen(const cJSON *preferences, const char *labeler, const char *value)
{
	const char *found = NULL;
	json_each (element, preferences) {
		if (!is_type(element, "contentLabelPref")) continue;
		const char *did = json_str(element, "labelerDid"),
		           *label = json_str(element, "label");
		bool same = labeler ? did && strcmp(did, labeler) == 0 : !did;
		if (same && label && strcmp(label, value) == 0)
			found = json_str(element, "visibility");
	}
	/* An older client's word for ignore. */
	return found && strcmp(found, "show") == 0 ? "ignore" : found;
}

static bool adult_wanted(const cJSON *preferences)
{
	bool wanted = false;
	json_each (element, preferences) {
		if (is_type(element, "adultContentPref"))
			wanted = json_bool(element, "enabled", false);
	}
	return wanted;
}

static bool is_known(const char *visibility)
{
	return visibility && (strcmp(visibility, "warn") == 0 || strcmp(visibility, "hide") == 0);
}

static void add(struct str *out, const char *labeler, const char *value, const char *visibility)
{
	if (!is_known(visibility) || out->len > MAX_LEARNED) return;
	if (out->len) str_addc(out, ' ');
	if (labeler) str_addf(out, "%s/", labeler);
	str_addf(out, "%s=%s", value, visibility);
}

/* Of a name in a list whose words are parted by blanks and signs. */
static bool is_plain(const char *s)
{
	return s && *s && strlen(s) < MAX_NAME && !strpbrk(s, " =/,");
}

static void learn_service(
        struct str *out, const cJSON *preferences, const cJSON *service, bool adult)
{
	const char *did = bluesky_id(json_obj(service, "creator"), "did");
	const cJSON *policies = json_obj(service, "policies");
	if (!is_plain(did)) return;
	json_each (row, json_arr(policies, "labelValueDefinitions")) {
		const char *value = json_str(row, "identifier");
		if (!is_plain(value)) continue;
		const char *visibility = chosen(preferences, did, value);
		if (!visibility) visibility = json_str(row, "defaultSetting");
		if (json_bool(row, "adultOnly", false) && !adult) visibility = "hide";
		add(out, did, value, visibility);
	}
}

void bluesky_labels_learn(struct str *out, const cJSON *preferences, const cJSON *services)
{
	bool adult = adult_wanted(preferences);
	for (size_t i = 0; i < GLOBALS; i++) {
		const struct global *row = &globals[i];
		const char *visibility = row->fixed ? NULL : chosen(preferences, NULL, row->value);
		if (!visibility) visibility = row->otherwise;
		if (row->adult && !adult) visibility = "hide";
		add(out, NULL, row->value, visibility);
	}
	json_each (service, services)
		learn_service(out, preferences, service, adult);
}

bool bluesky_labelers(const cJSON *preferences, struct str *query)
{
	int n = 0;
	json_each (element, preferences) {
		if (!is_type(element, "labelersPref")) continue;
		json_each (labeler, json_arr(element, "labelers")) {
			const char *did = bluesky_id(labeler, "did");
			if (!is_plain(did) || n++ >= MAX_LABELERS) continue;
			bluesky_param(query, "dids", did);
		}
	}
	return n > 0;
}

/* --- what was learned --- */

/* One word "NAME=VISIBILITY" of what was learned; moves on. False: no more. */
struct learned {
	char name[2 * MAX_NAME];
	bool hide;
};

static bool next(const char **labels, struct learned *out)
{
	for (;;) {
		*labels += strspn(*labels, " ");
		size_t len = strcspn(*labels, " ");
		const char *word = *labels, *sign = memchr(word, '=', len);
		*labels += len;
		if (!len) return false;
		if (!sign || (size_t)(sign - word) >= sizeof out->name) continue;
		memcpy(out->name, word, (size_t)(sign - word));
		out->name[sign - word] = '\0';
		out->hide = strncmp(sign + 1, "hide", 4) == 0;
		return true;
	}
}

static bool is_named(const char *labels, const char *name)
{
	struct learned row;
	while (next(&labels, &row)) {
		if (strcmp(row.name, name) == 0) return true;
	}
	return false;
}

/* In words: a labeler's own label by its value. */
static void add_words(struct str *out, const char *name)
{
	const char *slash = strrchr(name, '/');
	const struct global *row = global_of(name);
	struct str clean = {0};
	if (row)
		str_adds(out, row->words);
	else
		clean_in(&clean, CLEAN_NAME, slash ? slash + 1 : name,
		        strlen(slash ? slash + 1 : name));
	for (size_t i = 0; i < clean.len; i++)
		str_addc(out, clean.p[i] == '-' ? ' ' : clean.p[i]);
	str_finish(&clean);
}

/* Taken back again, by a later label of the same source and value. */
static bool negated(const cJSON *label)
{
	const char *value = json_str(label, "val"), *source = json_str(label, "src");
	for (const cJSON *later = label->next; later && source; later = later->next) {
		const char *other = json_str(later, "src"), *its = json_str(later, "val");
		if (other && its && strcmp(other, source) == 0 && strcmp(its, value) == 0)
			return json_bool(later, "neg", false);
	}
	return json_bool(label, "neg", false);
}

void bluesky_labels_warn(struct str *out, const char *labels, const cJSON *on_post)
{
	bool learned = labels && *labels;
	size_t start = out->len;
	json_each (label, on_post) {
		const char *value = json_str(label, "val"), *source = bluesky_id(label, "src");
		struct str name = {0}, words = {0};
		if (!value || negated(label)) continue;
		if (!global_of(value)) str_addf(&name, "%s/", source ? source : "");
		str_adds(&name, value);
		bool wanted = learned ? is_named(labels, name.p) : global_of(value) != NULL;
		if (wanted) add_words(&words, name.p);
		if (words.len && !strstr(str_c(out) + start, words.p))
			str_addf(out, "%s%s", out->len > start ? ", " : "", words.p);
		str_finish(&words);
		str_finish(&name);
	}
}

void bluesky_labels_hidden(
        const char *labels, void (*each)(void *ctx, const char *name, const char *words), void *ctx)
{
	struct learned row;
	const char *at = labels ? labels : "";
	while (next(&at, &row)) {
		struct str words = {0};
		add_words(&words, row.name);
		if (row.hide && words.len) each(ctx, row.name, words.p);
		str_finish(&words);
	}
}

void bluesky_labels_from(struct str *out, const char *labels)
{
	struct learned row;
	const char *at = labels ? labels : "";
	while (next(&at, &row)) {
		char *slash = strrchr(row.name, '/');
		if (!slash) continue;
		*slash = '\0';
		if (strstr(str_c(out), row.name)) continue;
		str_addf(out, "%s%s", out->len ? ", " : "", row.name);
	}
	if (out->len) str_adds(out, ", did:plc:ar7c4by46qjdydhdevvrndac");
}
