#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bluesky_world.h"
#include "networks/bluesky_prefs.h"

/* As a server has them, with things that nobody here knows, written in no common way. */
static const char prefs[] =
        "{\"preferences\":[ {\"$type\":\"app.bsky.actor.defs#adultContentPref\",\"enabled\":true},"
        "{ \"$type\" : \"example.unknown#pref\", \"n\": 12345678901234567890, \"e\": 1.50,"
        "\"text\":\"\\u00e9 \\/\", \"a\":1, \"a\":2 },"
        "{\"$type\":\"app.bsky.actor.defs#mutedWordsPref\",\"more\":{},\"items\":["
        "{\"id\":\"3k1\",\"value\":\"crypto\",\"targets\":[\"content\",\"tag\"],\"x\":1.0},"
        "{\"value\":\"old\",\"targets\":[\"tag\"],\"actorTarget\":\"exclude-following\","
        "\"expiresAt\":\"2026-12-01T00:00:00.000Z\"}]},"
        "{\"$type\":\"app.bsky.actor.defs#hiddenPostsPref\",\"items\":"
        "[\"at://did:plc:bob/app.bsky.feed.post/3kx\"]},"
        "{\"$type\":\"app.bsky.actor.defs#contentLabelPref\",\"label\":\"nudity\","
        "\"visibility\":\"hide\"},"
        "{\"$type\":\"app.bsky.actor.defs#labelersPref\",\"labelers\":[{\"did\":\"did:plc:lab\"}]}"
        "]}";

static void finish(struct world *w)
{
	for (size_t i = 0; i < w->call.nfilters; i++)
		server_filter_finish(&w->call.filters[i]);
	free(w->call.filters);
	w->call.filters = NULL;
	w->call.nfilters = 0;
	world_finish(w);
}

static void preferences_are_filters(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.account.labels = (char *)"porn=warn nudity=hide did:plc:lab/rude-words=hide";
	begin(&w, bluesky()->filters);
	assert_string_equal(w.req.url, "https://pds.example/xrpc/app.bsky.actor.getPreferences");
	answer(&w, 200, prefs);
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.nfilters, 5);
	const struct server_filter *f = w.call.filters;
	assert_string_equal(f[0].id, "word:3k1");
	assert_string_equal(f[0].title, "crypto");
	assert_string_equal(f[0].keywords[0].text, "crypto");
	assert_int_equal(f[0].rule, FILTER_MUTED_WORD);
	assert_int_equal(f[0].targets, FILTER_IN_TEXT | FILTER_IN_TAGS);
	assert_false(f[0].not_followed);
	assert_int_equal(f[0].expires_ms, 0);
	assert_string_equal(f[1].id, "word:old");
	assert_int_equal(f[1].targets, FILTER_IN_TAGS);
	assert_true(f[1].not_followed);
	assert_int_equal(f[1].expires_ms, 1796083200000);
	assert_string_equal(f[2].id, "hidden-posts");
	assert_string_equal(f[2].posts[0], "at://did:plc:bob/app.bsky.feed.post/3kx");
	assert_string_equal(f[3].id, "label:nudity");
	assert_int_equal(f[3].rule, FILTER_LABEL);
	assert_int_equal(f[3].action, FILTER_HIDE);
	assert_string_equal(f[4].id, "label:did:plc:lab/rude-words");
	assert_string_equal(f[4].keywords[0].text, "rude words");
	finish(&w);
}

static void no_preferences_are_a_failure(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	begin(&w, bluesky()->filters);
	answer(&w, 200, "{\"preferences\":7}");
	assert_int_equal(w.next, CALL_FAIL);
	assert_int_equal(w.call.err.code, ERR_FORMAT);
	finish(&w);
}

/* The body that was sent is `prefs` with `from` replaced by `to`, and nothing else. */
static void expect_changed(const struct world *w, const char *from, const char *to)
{
	const char *at = strstr(prefs, from);
	struct str wanted = {0};
	assert_non_null(at);
	str_adds(&wanted, "{\"preferences\":");
	size_t skip = strlen(wanted.p);
	str_add(&wanted, prefs + skip, (size_t)(at - prefs) - skip);
	str_adds(&wanted, to);
	str_adds(&wanted, at + strlen(from));
	assert_int_equal(w->next, CALL_SEND);
	assert_string_equal(w->req.url, "https://pds.example/xrpc/app.bsky.actor.putPreferences");
	assert_string_equal(w->req.body, wanted.p);
	str_finish(&wanted);
}

static void act(struct world *w, struct action *action)
{
	w->call.action = action;
	begin(w, bluesky()->act);
	answer(w, 200, prefs);
}

static void a_word_leaves_all_others_to_the_byte(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	act(&w, &(struct action){.verb = VERB_FILTER_DROP, .name = (char *)"word:3k1"});
	expect_changed(&w,
	        "{\"id\":\"3k1\",\"value\":\"crypto\",\"targets\":[\"content\",\"tag\"],\"x\":1.0}"
	        ",",
	        "");
	answer(&w, 200, "");
	assert_int_equal(w.next, CALL_DONE);
	act(&w, &(struct action){.verb = VERB_FILTER_DROP, .name = (char *)"word:old"});
	expect_changed(&w,
	        ",{\"value\":\"old\",\"targets\":[\"tag\"],\"actorTarget\":\"exclude-following\","
	        "\"expiresAt\":\"2026-12-01T00:00:00.000Z\"}",
	        "");
	act(&w, &(struct action){.verb = VERB_FILTER_DROP, .name = (char *)"word:gone"});
	assert_int_equal(w.next, CALL_FAIL);
	assert_int_equal(w.call.err.code, ERR_NOT_FOUND);
	finish(&w);
}

static struct server_filter muted(const char *id, const char *word, struct filter_keyword *room)
{
	*room = (struct filter_keyword){.text = (char *)(uintptr_t)word, .whole = true};
	return (struct server_filter){
	        .id = (char *)(uintptr_t)id, .keywords = room, .nkeywords = 1};
}

static void a_word_is_added(void **state)
{
	(void)state;
	struct world w;
	struct filter_keyword room;
	struct server_filter filter = muted(NULL, "sp\"am", &room);
	world_init(&w);
	act(&w, &(struct action){.verb = VERB_FILTER_PUT, .filter = &filter, .seconds = 3600});
	char *key = bluesky()->make_key(w.call.now_ms, 0);
	struct str item = {0};
	str_addf(&item,
	        "00.000Z\"},{\"id\":\"%s\",\"value\":\"sp\\\"am\",\"targets\":[\"content\",\"tag\"]"
	        ","
	        "\"actorTarget\":\"all\",\"expiresAt\":\"2026-11-21T02:00:00Z\"}]},",
	        key);
	expect_changed(&w, "00.000Z\"}]},", item.p);
	free(w.call.said);
	w.call.said = NULL;
	str_finish(&item);
	free(key);
	finish(&w);
}

static void a_word_is_changed_in_its_place(void **state)
{
	(void)state;
	struct world w;
	struct filter_keyword room;
	struct server_filter filter = muted("word:3k1", "coins", &room);
	world_init(&w);
	act(&w, &(struct action){.verb = VERB_FILTER_PUT, .filter = &filter});
	assert_int_equal(w.next, CALL_SEND);
	assert_null(strstr(w.req.body, "crypto"));
	assert_non_null(strstr(w.req.body, "\"items\":[{\"id\":\""));
	assert_non_null(strstr(w.req.body, "\"value\":\"coins\""));
	finish(&w);
}

static void the_first_word_makes_its_list(void **state)
{
	(void)state;
	struct world w;
	struct filter_keyword room;
	struct server_filter filter = muted(NULL, "spam", &room);
	world_init(&w);
	w.call.action = &(struct action){.verb = VERB_FILTER_PUT, .filter = &filter};
	begin(&w, bluesky()->act);
	answer(&w, 200, "{\"preferences\":[]}");
	assert_int_equal(w.next, CALL_SEND);
	static const char start[] = "{\"preferences\":[{\"$type\":\"app.bsky.actor.defs#"
	                            "mutedWordsPref\",\"items\":[{\"id\":\"";
	assert_memory_equal(w.req.body, start, strlen(start));
	finish(&w);
}

static void a_label_is_warned_of_instead(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	act(&w, &(struct action){.verb = VERB_FILTER_DROP, .name = (char *)"label:nudity"});
	expect_changed(&w, "\"visibility\":\"hide\"}", "\"visibility\":\"warn\"}");
	act(&w, &(struct action){
	                .verb = VERB_FILTER_DROP, .name = (char *)"label:did:plc:lab/rude-words"});
	expect_changed(&w, "[{\"did\":\"did:plc:lab\"}]}",
	        "[{\"did\":\"did:plc:lab\"}]},{\"$type\":\"app.bsky.actor.defs#contentLabelPref\","
	        "\"labelerDid\":\"did:plc:lab\",\"label\":\"rude-words\",\"visibility\":\"warn\"}");
	act(&w, &(struct action){.verb = VERB_FILTER_DROP, .name = (char *)"label:!hide"});
	assert_int_equal(w.next, CALL_FAIL);
	assert_int_equal(w.call.err.code, ERR_UNSUPPORTED);
	finish(&w);
}

static const char services[] =
        "{\"views\":[{\"creator\":{\"did\":\"did:plc:lab\"},\"policies\":"
        "{\"labelValueDefinitions\":[{\"identifier\":\"rude-words\",\"defaultSetting\":\"warn\"},"
        "{\"identifier\":\"fine\",\"defaultSetting\":\"ignore\"},"
        "{\"identifier\":\"bad name\",\"defaultSetting\":\"warn\"}]}}]}";

static void labels_are_learned(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	begin(&w, bluesky()->learn);
	answer(&w, 200, "{\"did\":\"did:plc:ada\",\"handle\":\"ada.example\"}");
	assert_string_equal(w.req.url, "https://pds.example/xrpc/app.bsky.actor.getPreferences");
	answer(&w, 200, prefs);
	assert_string_equal(w.req.url,
	        "https://pds.example/xrpc/app.bsky.labeler.getServices?dids=did%3Aplc%3Alab"
	        "&detailed=true");
	answer(&w, 200, services);
	assert_int_equal(w.next, CALL_DONE);
	assert_string_equal(w.call.signed_in->labels,
	        "!warn=warn !hide=hide porn=warn sexual=warn graphic-media=warn nudity=hide "
	        "did:plc:lab/rude-words=warn");
	finish(&w);
}

static void a_session_is_enough(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	begin(&w, bluesky()->learn);
	answer(&w, 200, "{\"did\":\"did:plc:ada\",\"handle\":\"ada.example\"}");
	answer(&w, 502, "");
	assert_int_equal(w.next, CALL_DONE);
	assert_int_equal(w.call.err.code, ERR_NONE);
	finish(&w);
}

/* Adult content is not wanted unless the account says so. */
static void adult_content_is_hidden_unless_wanted(void **state)
{
	(void)state;
	struct str out = {0};
	bluesky_labels_learn(&out, NULL, NULL);
	assert_string_equal(
	        out.p, "!warn=warn !hide=hide porn=hide sexual=hide graphic-media=hide");
	str_finish(&out);
}

static void warns(const char *labels, const char *on_post, const char *wanted)
{
	struct json *json = json_parse(on_post, strlen(on_post), NULL);
	struct str out = {0};
	bluesky_labels_warn(&out, labels, json_root(json));
	assert_string_equal(str_c(&out), wanted);
	str_finish(&out);
	json_free(json);
}

static void labels_warn_as_wanted(void **state)
{
	(void)state;
	static const char both[] = "[{\"src\":\"did:plc:x\",\"val\":\"porn\"},{\"src\":\"did:plc:"
	                           "x\",\"val\":\"nudity\"},"
	                           "{\"src\":\"did:plc:lab\",\"val\":\"rude-words\"},"
	                           "{\"src\":\"did:plc:other\",\"val\":\"rude-words\"}]";
	warns(NULL, both, "adult content, nudity");
	warns("porn=warn", both, "adult content");
	warns("nudity=hide did:plc:lab/rude-words=warn", both, "nudity, rude words");
	warns("porn=warn",
	        "[{\"src\":\"did:plc:x\",\"val\":\"porn\"},"
	        "{\"src\":\"did:plc:x\",\"val\":\"porn\",\"neg\":true}]",
	        "");
	warns("porn=warn",
	        "[{\"src\":\"did:plc:x\",\"val\":\"porn\"},"
	        "{\"src\":\"did:plc:y\",\"val\":\"porn\",\"neg\":true}]",
	        "adult content");
	warns("", "[{\"val\":7},7,null]", "");
}

static void labelers_are_asked_for(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.account.labels = (char *)"porn=warn did:plc:lab/a=warn did:plc:lab/b=hide";
	ask(&w, SOURCE_HOME, NULL);
	assert_string_equal(header_of(&w.req, "atproto-accept-labelers"),
	        "did:plc:lab, did:plc:ar7c4by46qjdydhdevvrndac");
	finish(&w);
	world_init(&w);
	ask(&w, SOURCE_HOME, NULL);
	assert_null(header_of(&w.req, "atproto-accept-labelers"));
	finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(preferences_are_filters),
	        cmocka_unit_test(no_preferences_are_a_failure),
	        cmocka_unit_test(a_word_leaves_all_others_to_the_byte),
	        cmocka_unit_test(a_word_is_added),
	        cmocka_unit_test(a_word_is_changed_in_its_place),
	        cmocka_unit_test(the_first_word_makes_its_list),
	        cmocka_unit_test(a_label_is_warned_of_instead),
	        cmocka_unit_test(labels_are_learned),
	        cmocka_unit_test(a_session_is_enough),
	        cmocka_unit_test(adult_content_is_hidden_unless_wanted),
	        cmocka_unit_test(labels_warn_as_wanted),
	        cmocka_unit_test(labelers_are_asked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
