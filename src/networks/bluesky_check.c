#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "networks/bluesky_address.h"
#include "networks/bluesky_login.h"
#include "networks/bluesky_publish.h"
#include "networks/bluesky_text.h"

/* Whether an account can take a post, before anything of it is sent. */

enum { LABELS_MOST = 10 };

/* Labels that a post's author may give it (fact sheet 5.1). */
static const char *const labels[] = {
        "porn", "sexual", "nudity", "graphic-media", "!no-unauthenticated", "bot"};

static uint32_t limit_of(uint32_t told, uint32_t otherwise)
{
	return told ? told : otherwise;
}

/* --- the text --- */

void bluesky_measure(
        const struct account *account, const struct outgoing *item, struct measure *out)
{
	char *text = bluesky_post_text(item);
	size_t len = strlen(text), own = item->text ? strlen(item->text) : 0;
	*out = (struct measure){.unit = "graphemes",
	        .count = bluesky_graphemes(text, len),
	        .limit = limit_of(account->limits.text, BLUESKY_TEXT),
	        .bytes = (uint32_t)len,
	        .byte_max = BLUESKY_TEXT_BYTES};
	size_t fits = bluesky_fits(text, len, out->limit, out->byte_max), before = len - own;
	out->fits = fits > before ? fits - before : 0;
	free(text);
}

void bluesky_detect_for(const struct account *account, const char *text, size_t len,
        void (*each)(void *ctx, const struct facet *facet), void *ctx)
{
	(void)account;
	bluesky_detect(text, len, each, ctx);
}

static bool check_people(const struct outgoing *item, struct err *err)
{
	struct bluesky_facts facts = {0};
	char *text = bluesky_post_text(item);
	bluesky_facts_find(&facts, text, false);
	size_t n = facts.nmentions;
	bluesky_facts_finish(&facts);
	free(text);
	if (n <= BLUESKY_MENTIONS) return true;
	return err_set(err, ERR_SYNTAX, "%zu people in one post are too many: name %d at most", n,
	        BLUESKY_MENTIONS);
}

static bool check_text(const struct account *account, const struct outgoing *item, struct err *err)
{
	struct measure m;
	const char *text = item->text ? item->text : "";
	if (!utf8_valid(text, strlen(text)))
		return err_set(err, ERR_SYNTAX, "the text is no UTF-8");
	bool blank = text[strspn(text, " \t\r\n")] == '\0';
	if (blank && !item->nmedia && !item->quote_of)
		return err_set(err, ERR_SYNTAX, "there is nothing to post");
	bluesky_measure(account, item, &m);
	if (m.count > m.limit)
		return err_set(err, ERR_SYNTAX,
		        "%" PRIu32 " graphemes are too many: Bluesky takes %" PRIu32, m.count,
		        m.limit);
	if (m.bytes > m.byte_max)
		return err_set(err, ERR_SYNTAX,
		        "%" PRIu32 " bytes are too many: Bluesky takes %" PRIu32, m.bytes,
		        m.byte_max);
	return check_people(item, err);
}

/* --- what goes with it --- */

static bool check_media(const struct account *account, const struct outgoing *item, struct err *err)
{
	uint32_t most = limit_of(account->limits.media, BLUESKY_IMAGES);
	uint32_t alt_most = limit_of(account->limits.alt_text, BLUESKY_ALT);
	if (item->nmedia > most)
		return err_set(err, ERR_SYNTAX, "%zu pictures are too many: Bluesky takes %" PRIu32,
		        item->nmedia, most);
	for (size_t i = 0; i < item->nmedia; i++) {
		const struct outgoing_media *media = &item->media[i];
		const char *alt = media->alt ? media->alt : "";
		uint32_t n = bluesky_graphemes(alt, strlen(alt));
		if (media->type && strncmp(media->type, "image/", 6) != 0)
			return err_set(err, ERR_UNSUPPORTED,
			        "%s is no picture (%s): only pictures can be posted on Bluesky",
			        media->path, media->type);
		if (!utf8_valid(alt, strlen(alt)))
			return err_set(
			        err, ERR_SYNTAX, "what describes %s is no UTF-8", media->path);
		if (n > alt_most)
			return err_set(err, ERR_SYNTAX,
			        "what describes %s has %" PRIu32 " graphemes: Bluesky takes "
			        "%" PRIu32,
			        media->path, n, alt_most);
	}
	return true;
}

static bool is_label(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		if (strlen(labels[i]) == len && memcmp(labels[i], word, len) == 0) return true;
	}
	return false;
}

static bool check_labels(const struct outgoing *item, struct err *err)
{
	const char *words = item->self_labels ? item->self_labels : "";
	size_t n = 0;
	for (const char *p = words + strspn(words, " "); *p; p += strspn(p, " "), n++) {
		size_t len = strcspn(p, " ");
		if (!is_label(p, len))
			return err_set(err, ERR_SYNTAX,
			        "'%.*s' is no label that one gives one's own post: those are porn, "
			        "sexual, nudity, graphic-media, !no-unauthenticated and bot",
			        (int)(len < 40 ? len : 40), p);
		p += len;
	}
	if (n > LABELS_MOST)
		return err_set(
		        err, ERR_SYNTAX, "a post has at most %d labels of its own", LABELS_MOST);
	if (item->sensitive && item->nmedia && n == 0)
		return err_set(err, ERR_SYNTAX,
		        "Bluesky wants to know what makes the pictures sensitive: label it porn, "
		        "sexual, nudity or graphic-media");
	return true;
}

/* --- the rest --- */

/* "nl", "pt-BR", "zh-Hant": the usual form of BCP 47. */
static bool is_language(const char *tag)
{
	static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
	static const char alnum[] =
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	size_t n = strspn(tag, lower);
	if (n < 2 || n > 3) return false;
	for (tag += n; *tag == '-'; tag += n) {
		tag++;
		n = strspn(tag, alnum);
		if (n < 2 || n > 8) return false;
	}
	return *tag == '\0';
}

bool bluesky_check(const struct account *account, const struct outgoing *item, struct err *err)
{
	bool closed = item->visibility == VIS_FOLLOWERS || item->visibility == VIS_DIRECT;
	if (item->visibility_set && closed)
		return err_set(
		        err, ERR_UNSUPPORTED, "everybody can read what is posted on Bluesky");
	if (item->poll) return err_set(err, ERR_UNSUPPORTED, "Bluesky has no polls");
	if (item->lang && *item->lang && !is_language(item->lang))
		return err_set(err, ERR_SYNTAX,
		        "'%s' is no language: they are written like nl or pt-BR", item->lang);
	if (item->reply_to && !bluesky_is_post(item->reply_to))
		return err_set(err, ERR_SYNTAX,
		        "Bluesky does not know what this answers: %s is no post there",
		        item->reply_to);
	if (item->quote_of && !bluesky_is_post(item->quote_of))
		return err_set(err, ERR_SYNTAX,
		        "Bluesky does not know what this quotes: %s is no post there",
		        item->quote_of);
	if (item->reply_to && item->gate & ~(unsigned)DRAFT_GATE_NO_QUOTES)
		return err_set(err, ERR_SYNTAX,
		        "who may answer is said by whoever began the conversation");
	return check_text(account, item, err) && check_media(account, item, err) &&
	       check_labels(item, err);
}
