#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "networks/mastodon_posting.h"
#include "networks/mastodon_text.h"

/*
 * Mastodon counts graphemes of the warning and the text, each address as a fixed number and
 * a mention without its host. GoToSocial counts code points, Pleroma and Akkoma graphemes,
 * both with all as it is written. Of the others nothing is known: code points are the most
 * that anybody counts.
 */
enum rule { RULE_MASTODON, RULE_GRAPHEMES, RULE_POINTS };

static enum rule rule_of(const struct account *account)
{
	if (mastodon_is(account, "pleroma") || mastodon_is(account, "akkoma"))
		return RULE_GRAPHEMES;
	/* Not learned yet: it is most likely to be one. */
	bool kin = account->api > 0 || mastodon_is(account, "mastodon") || !account->software ||
	           !*account->software;
	return kin ? RULE_MASTODON : RULE_POINTS;
}

/* --- what of a text counts for less or more than it is long --- */

struct spans {
	struct span {
		size_t start, end;
		size_t counts; /* of these bytes so many count, from the start; SIZE_MAX: an address
		                */
	} * list;
	size_t n, cap;
	const char *text;
};

static void add_span(void *ctx, const struct facet *facet)
{
	struct spans *spans = ctx;
	if (spans->n == spans->cap) {
		spans->cap = spans->cap ? 2 * spans->cap : 16;
		spans->list = xrealloc(spans->list, spans->cap * sizeof *spans->list);
	}
	size_t len = facet->end - facet->start;
	const char *at = memchr(spans->text + facet->start + 1, '@', len - 1);
	size_t counts = facet->kind == FACET_LINK ? SIZE_MAX
	                : at                      ? (size_t)(at - spans->text) - facet->start
	                                          : len;
	spans->list[spans->n++] = (struct span){facet->start, facet->end, counts};
}

/* --- counting --- */

static size_t points(const char *text, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

static size_t count_of(enum rule rule, const char *text, size_t len)
{
	return rule == RULE_POINTS ? points(text, len) : utf8_clusters(text, len);
}

struct count {
	enum rule rule;
	const char *text;
	size_t len; /* less the blanks that the server takes off */
	size_t start;
	struct spans spans;
	uint32_t url;
};

static void count_init(struct count *count, const struct account *account, const char *text)
{
	static const char blank[] = " \t\r\n\v\f";
	*count = (struct count){.rule = rule_of(account), .text = text, .len = strlen(text)};
	count->url = account->limits.url ? account->limits.url : MASTODON_URL_TEXT;
	count->start = strspn(text, blank);
	while (count->len > count->start && strchr(blank, text[count->len - 1]))
		count->len--;
	count->spans.text = text;
	if (count->rule != RULE_MASTODON) return;
	mastodon_find_in(text, count->len, false, add_span, &count->spans);
}

/* The text with addresses and mentions as they count, behind the warning. */
static size_t count_all(const struct count *count, const char *warning)
{
	struct str all = {0};
	size_t i = count->start;
	str_adds(&all, warning);
	for (size_t k = 0; k < count->spans.n; k++) {
		const struct span *span = &count->spans.list[k];
		str_add(&all, count->text + i, span->start - i);
		if (span->counts != SIZE_MAX)
			str_add(&all, count->text + span->start, span->counts);
		for (uint32_t n = 0; span->counts == SIZE_MAX && n < count->url; n++)
			str_addc(&all, 'x');
		i = span->end;
	}
	str_add(&all, count->text + i, count->len - i);
	size_t n = count_of(count->rule, str_c(&all), all.len);
	str_finish(&all);
	return n;
}

/* Bytes of the text of which at most `room` count; an address or mention stays whole. */
static size_t fits(const struct count *count, size_t room)
{
	size_t i = count->start, k = 0;
	while (i < count->len) {
		const struct span *span = k < count->spans.n ? &count->spans.list[k] : NULL;
		size_t len, counts;
		if (span && i == span->start) {
			len = span->end - i;
			counts = span->counts == SIZE_MAX
			                 ? count->url
			                 : count_of(count->rule, count->text + i, span->counts);
			k++;
		} else {
			len = utf8_cluster(count->text + i, count->len - i).len;
			counts = count_of(count->rule, count->text + i, len);
		}
		if (counts > room) return i;
		room -= counts;
		i += len;
	}
	return strlen(count->text);
}

void mastodon_measure(
        const struct account *account, const struct outgoing *item, struct measure *out)
{
	const char *text = item->text ? item->text : "";
	const char *warning = item->warning ? item->warning : "";
	uint32_t limit = account->limits.text ? account->limits.text : MASTODON_MAX_TEXT;
	struct count count;
	count_init(&count, account, text);
	size_t before = count_of(count.rule, warning, strlen(warning));
	*out = (struct measure){.unit = "characters", .limit = limit};
	out->count = (uint32_t)count_all(&count, warning);
	out->fits = fits(&count, before < limit ? limit - before : 0);
	free(count.spans.list);
}
