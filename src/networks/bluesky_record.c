#include "networks/bluesky_record.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "base/mem.h"
#include "networks/bluesky_text.h"

/* --- JSON --- */

static void begin(struct str *out, const char *name)
{
	char last = out->len ? out->p[out->len - 1] : '{';
	if (!strchr("{[:", last)) str_addc(out, ',');
	if (!name) return;
	json_quote(out, name);
	str_addc(out, ':');
}

static void add(struct str *out, const char *name, const char *value)
{
	begin(out, name);
	json_quote(out, value);
}

static void add_ref(struct str *out, const char *name, const struct bluesky_ref *ref)
{
	begin(out, name);
	str_addc(out, '{');
	add(out, "uri", ref->uri);
	add(out, "cid", ref->cid);
	str_addc(out, '}');
}

/* --- facets --- */

struct facets {
	struct str *out;
	const struct bluesky_facts *facts;
	bool any;
};

static const char *did_of(const struct bluesky_facts *facts, const char *handle)
{
	for (size_t i = 0; i < facts->nmentions; i++) {
		if (strcmp(facts->mentions[i].handle, handle) == 0) return facts->mentions[i].did;
	}
	return NULL;
}

static const struct {
	const char *type, *member;
} features[FACET_NKINDS] = {
        [FACET_MENTION] = {"app.bsky.richtext.facet#mention", "did"},
        [FACET_LINK] = {"app.bsky.richtext.facet#link", "uri"},
        [FACET_TAG] = {"app.bsky.richtext.facet#tag", "tag"},
};

/* What a server would refuse stays plain text: nobody of that name, no address at all. */
static void add_facet(void *ctx, const struct facet *facet)
{
	struct facets *facets = ctx;
	struct str *out = facets->out;
	const char *target =
	        facet->kind == FACET_MENTION ? did_of(facets->facts, facet->target) : facet->target;
	if (!target || (facet->kind == FACET_LINK && !bluesky_is_uri(target))) return;
	begin(out, facets->any ? NULL : "facets");
	if (!facets->any) str_addc(out, '[');
	facets->any = true;
	str_addf(out, "{\"index\":{\"byteStart\":%u,\"byteEnd\":%u},\"features\":[{", facet->start,
	        facet->end);
	add(out, "$type", features[facet->kind].type);
	add(out, features[facet->kind].member, target);
	str_adds(out, "}]}");
}

static void add_facets(struct str *out, const struct bluesky_facts *facts, const char *text)
{
	struct facets facets = {.out = out, .facts = facts};
	bluesky_detect(text, strlen(text), add_facet, &facets);
	if (facets.any) str_addc(out, ']');
}

/* --- embeds --- */

static void add_images(struct str *out, const struct outgoing *item)
{
	add(out, "$type", "app.bsky.embed.images");
	begin(out, "images");
	str_addc(out, '[');
	for (size_t i = 0; i < item->nmedia; i++) {
		const struct outgoing_media *media = &item->media[i];
		begin(out, NULL);
		str_addc(out, '{');
		begin(out, "image");
		str_adds(out, media->made);
		add(out, "alt", media->alt ? media->alt : "");
		if (media->width && media->height)
			str_addf(out, ",\"aspectRatio\":{\"width\":%u,\"height\":%u}", media->width,
			        media->height);
		str_addc(out, '}');
	}
	str_addc(out, ']');
}

static void add_card(struct str *out, const struct bluesky_facts *facts)
{
	add(out, "$type", "app.bsky.embed.external");
	begin(out, "external");
	str_addc(out, '{');
	add(out, "uri", facts->card_url);
	add(out, "title", facts->card.title);
	add(out, "description", facts->card.text);
	str_addc(out, '}');
}

static void add_embed(
        struct str *out, const struct outgoing *item, const struct bluesky_facts *facts)
{
	bool media = item->nmedia || facts->card_url, quote = facts->quote.uri;
	if (!media && !quote) return;
	begin(out, "embed");
	str_addc(out, '{');
	if (media && quote) {
		add(out, "$type", "app.bsky.embed.recordWithMedia");
		begin(out, "record");
		str_addc(out, '{');
	}
	if (quote) {
		add(out, "$type", "app.bsky.embed.record");
		add_ref(out, "record", &facts->quote);
	}
	if (media && quote) {
		str_addc(out, '}');
		begin(out, "media");
		str_addc(out, '{');
	}
	if (item->nmedia)
		add_images(out, item);
	else if (media)
		add_card(out, facts);
	str_adds(out, media && quote ? "}}" : "}");
}

/* --- the post --- */

static void add_labels(struct str *out, const char *words)
{
	if (!words || !*words) return;
	begin(out, "labels");
	str_addc(out, '{');
	add(out, "$type", "com.atproto.label.defs#selfLabels");
	begin(out, "values");
	str_addc(out, '[');
	for (const char *p = words + strspn(words, " "); *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");
		char *word = xstrndup(p, len);
		begin(out, NULL);
		str_addc(out, '{');
		add(out, "val", word);
		str_addc(out, '}');
		free(word);
		p += len;
	}
	str_adds(out, "]}");
}

char *bluesky_post_text(const struct outgoing *item)
{
	struct str text = {0};
	if (item->warning && *item->warning) str_addf(&text, "CW: %s\n\n", item->warning);
	str_adds(&text, item->text);
	return str_take(&text);
}

static void add_post(struct str *out, const struct outgoing *item,
        const struct bluesky_facts *facts, const char *now)
{
	char *text = bluesky_post_text(item);
	add(out, "$type", BLUESKY_POST);
	add(out, "text", text);
	add_facets(out, facts, text);
	if (facts->parent.uri) {
		begin(out, "reply");
		str_addc(out, '{');
		add_ref(out, "root", &facts->root);
		add_ref(out, "parent", &facts->parent);
		str_addc(out, '}');
	}
	add_embed(out, item, facts);
	if (item->lang && *item->lang) {
		begin(out, "langs");
		str_addc(out, '[');
		json_quote(out, item->lang);
		str_addc(out, ']');
	}
	add_labels(out, item->self_labels);
	add(out, "createdAt", now);
	free(text);
}

/* --- gates --- */

static const struct {
	enum draft_gate gate;
	const char *rule;
} rules[] = {
        {DRAFT_GATE_MENTIONED, "app.bsky.feed.threadgate#mentionRule"},
        {DRAFT_GATE_FOLLOWED, "app.bsky.feed.threadgate#followingRule"},
        {DRAFT_GATE_FOLLOWERS, "app.bsky.feed.threadgate#followerRule"},
};

enum {
	GATE_ANSWERS = DRAFT_GATE_NOBODY | DRAFT_GATE_MENTIONED | DRAFT_GATE_FOLLOWED |
	               DRAFT_GATE_FOLLOWERS
};

static void add_type(struct str *out, const char *type)
{
	begin(out, NULL);
	str_addc(out, '{');
	add(out, "$type", type);
	str_addc(out, '}');
}

static void add_threadgate(struct str *out, unsigned gate)
{
	begin(out, "allow");
	str_addc(out, '[');
	for (size_t i = 0; !(gate & DRAFT_GATE_NOBODY) && i < sizeof rules / sizeof *rules; i++) {
		if (gate & rules[i].gate) add_type(out, rules[i].rule);
	}
	str_addc(out, ']');
}

static void add_postgate(struct str *out, unsigned gate)
{
	(void)gate;
	begin(out, "embeddingRules");
	str_addc(out, '[');
	add_type(out, "app.bsky.feed.postgate#disableRule");
	str_addc(out, ']');
}

/* --- the request --- */

static void begin_write(struct str *out, const struct outgoing *item, const char *collection)
{
	begin(out, NULL);
	str_addc(out, '{');
	add(out, "$type", "com.atproto.repo.applyWrites#create");
	add(out, "collection", collection);
	add(out, "rkey", item->key);
	begin(out, "value");
	str_addc(out, '{');
}

static void write_gate(struct str *out, const struct account *account, const struct outgoing *item,
        const char *collection, void (*add_rules)(struct str *out, unsigned gate), const char *now)
{
	struct str post = {0};
	str_addf(&post, "at://%s/%s/%s", account->uri, BLUESKY_POST, item->key);
	begin_write(out, item, collection);
	add(out, "$type", collection);
	add(out, "post", str_c(&post));
	add_rules(out, item->gate);
	add(out, "createdAt", now);
	str_adds(out, "}}");
	str_finish(&post);
}

void bluesky_freeze(struct str *out, const struct account *account, const struct outgoing *item,
        const struct bluesky_facts *facts, int64_t now_ms)
{
	char now[32];
	/* A conversation's first post says who may answer in all of it. */
	bool answers = item->gate & GATE_ANSWERS && !facts->parent.uri;
	bool quotes = item->gate & DRAFT_GATE_NO_QUOTES;
	date_format_rfc3339(now, now_ms);
	str_addc(out, '{');
	add(out, "repo", account->uri);
	if (!answers && !quotes) {
		add(out, "collection", BLUESKY_POST);
		add(out, "rkey", item->key);
		begin(out, "record");
		str_addc(out, '{');
		add_post(out, item, facts, now);
		str_adds(out, "},\"swapRecord\":null}");
		return;
	}
	begin(out, "writes");
	str_addc(out, '[');
	begin_write(out, item, BLUESKY_POST);
	add_post(out, item, facts, now);
	str_adds(out, "}}");
	if (answers)
		write_gate(out, account, item, "app.bsky.feed.threadgate", add_threadgate, now);
	if (quotes) write_gate(out, account, item, "app.bsky.feed.postgate", add_postgate, now);
	str_adds(out, "]}");
}

/* --- what has to be asked for --- */

struct find {
	struct bluesky_facts *facts;
	bool card;
};

static bool is_known(const struct bluesky_facts *facts, const char *handle)
{
	for (size_t i = 0; i < facts->nmentions; i++) {
		if (strcmp(facts->mentions[i].handle, handle) == 0) return true;
	}
	return false;
}

static void note_facet(void *ctx, const struct facet *facet)
{
	struct find *find = ctx;
	struct bluesky_facts *facts = find->facts;
	const char *target = facet->target;
	if (facet->kind == FACET_MENTION && !is_known(facts, target)) {
		facts->mentions =
		        xrealloc(facts->mentions, (facts->nmentions + 1) * sizeof *facts->mentions);
		facts->mentions[facts->nmentions++] =
		        (struct bluesky_mention){.handle = xstrdup(target)};
	}
	bool page = facet->kind == FACET_LINK && strncmp(target, "https://", 8) == 0;
	if (find->card && page && !facts->card_url && bluesky_is_uri(target))
		facts->card_url = xstrdup(target);
}

void bluesky_facts_find(struct bluesky_facts *facts, const char *text, bool card)
{
	struct find find = {.facts = facts, .card = card};
	bluesky_detect(text, strlen(text), note_facet, &find);
}

/* --- life --- */

void bluesky_ref_finish(struct bluesky_ref *ref)
{
	free(ref->uri);
	free(ref->cid);
	*ref = (struct bluesky_ref){0};
}

void bluesky_facts_finish(struct bluesky_facts *facts)
{
	bluesky_ref_finish(&facts->root);
	bluesky_ref_finish(&facts->parent);
	bluesky_ref_finish(&facts->quote);
	for (size_t i = 0; i < facts->nmentions; i++) {
		free(facts->mentions[i].handle);
		free(facts->mentions[i].did);
	}
	free(facts->mentions);
	free(facts->card_url);
	bluesky_card_finish(&facts->card);
	*facts = (struct bluesky_facts){0};
}
