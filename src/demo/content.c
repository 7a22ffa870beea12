#include "demo/content.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static size_t mention_len(const char *p, size_t *out_person)
{
	size_t n = 1;
	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	size_t local = n;
	if (p[n] == '@') {
		for (n++; isalnum((unsigned char)p[n]) || p[n] == '.' || p[n] == '-';)
			n++;
		while (p[n - 1] == '.')
			n--;
	}
	if (person_by_acct(p + 1, n - 1, WORLD_HOST, out_person)) return n;
	return person_by_acct(p + 1, local - 1, WORLD_HOST, out_person) ? local : 0;
}

static size_t piece_len(const char *p, char before, struct piece *out)
{
	if (is_word(before)) return 0;
	if (strncmp(p, "https://", 8) == 0 || strncmp(p, "http://", 7) == 0) {
		out->kind = PIECE_LINK;
		size_t n = strcspn(p, " \t\n\"<>");
		while (n && strchr(".,;:!?)", p[n - 1]))
			n--;
		return n;
	}
	if (*p == '@') {
		out->kind = PIECE_MENTION;
		return mention_len(p, &out->person);
	}
	if (*p == '#') {
		size_t n = 1;
		while (is_word(p[n]))
			n++;
		out->kind = PIECE_TAG;
		return n > 1 ? n : 0;
	}
	return 0;
}

bool content_next(const char **at, struct piece *out)
{
	const char *start = *at;
	if (!*start) return false;
	*out = (struct piece){.p = start};
	size_t len = piece_len(start, ' ', out);
	if (len) {
		out->len = len;
		*at = start + len;
		return true;
	}
	struct piece next = {0};
	const char *p = start + 1;
	while (*p && !piece_len(p, p[-1], &next))
		p++;
	*out = (struct piece){.kind = PIECE_TEXT, .p = start, .len = (size_t)(p - start)};
	*at = p;
	return true;
}

static void escape(struct str *out, const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (p[i] == '<')
			str_adds(out, "&lt;");
		else if (p[i] == '>')
			str_adds(out, "&gt;");
		else if (p[i] == '&')
			str_adds(out, "&amp;");
		else if (p[i] == '"')
			str_adds(out, "&quot;");
		else
			str_addc(out, p[i]);
	}
}

/* Plain text with its paragraphs: an empty line ends one. */
static void add_text(struct str *out, const char *p, size_t len)
{
	size_t from = 0;
	for (size_t i = 0; i < len; i++) {
		if (p[i] != '\n') continue;
		escape(out, p + from, i - from);
		bool paragraph = i + 1 < len && p[i + 1] == '\n';
		str_adds(out, paragraph ? "</p><p>" : "<br />");
		i += paragraph;
		from = i + 1;
	}
	escape(out, p + from, len - from);
}

/* Long addresses are shortened by spans of which some are not to be seen. */
static void add_link(struct str *out, const char *p, size_t len)
{
	size_t scheme = (size_t)(strstr(p, "://") + 3 - p), shown = len - scheme;
	bool cut = shown > 30;
	if (cut) shown = 30;
	while (cut && ((unsigned char)p[scheme + shown] & 0xc0) == 0x80)
		shown--;
	str_adds(out, "<a href=\"");
	escape(out, p, len);
	str_adds(out, "\" target=\"_blank\" rel=\"nofollow noopener\" translate=\"no\">"
	              "<span class=\"invisible\">");
	escape(out, p, scheme);
	str_addf(out, "</span><span class=\"%s\">", cut ? "ellipsis" : "");
	escape(out, p + scheme, shown);
	str_adds(out, "</span><span class=\"invisible\">");
	escape(out, p + scheme + shown, len - scheme - shown);
	str_adds(out, "</span></a>");
}

static void add_mention(struct str *out, const struct piece *piece)
{
	const struct person *person = &people[piece->person];
	str_adds(out, "<span class=\"h-card\" translate=\"no\"><a href=\"");
	str_addf(out, "https://%s/@%s\" class=\"u-url mention\">@<span>%s</span></a></span>",
	        person->host ? person->host : WORLD_HOST, person->username, person->username);
}

void content_tag_url(struct str *out, const char *tag, size_t len)
{
	str_adds(out, "https://" WORLD_HOST "/tags/");
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)tag[i];
		if (c < 0x80)
			str_addc(out, tag[i]);
		else
			str_addf(out, "%%%02X", c);
	}
}

void content_html(struct str *out, const char *text)
{
	if (!*text) return;
	struct piece piece;
	str_adds(out, "<p>");
	for (const char *at = text; content_next(&at, &piece);) {
		if (piece.kind == PIECE_TEXT) add_text(out, piece.p, piece.len);
		if (piece.kind == PIECE_LINK) add_link(out, piece.p, piece.len);
		if (piece.kind == PIECE_MENTION) add_mention(out, &piece);
		if (piece.kind != PIECE_TAG) continue;
		str_adds(out, "<a href=\"");
		content_tag_url(out, piece.p + 1, piece.len - 1);
		str_adds(out, "\" class=\"mention hashtag\" rel=\"tag\">#<span>");
		str_add(out, piece.p + 1, piece.len - 1);
		str_adds(out, "</span></a>");
	}
	str_adds(out, "</p>");
}

uint64_t content_mentions(const char *text)
{
	uint64_t found = 0;
	struct piece piece;
	for (const char *at = text; content_next(&at, &piece);) {
		if (piece.kind == PIECE_MENTION) found |= BIT(piece.person);
	}
	return found;
}

bool content_has_tag(const char *text, const char *tag)
{
	struct piece piece;
	for (const char *at = text; content_next(&at, &piece);) {
		if (piece.kind == PIECE_TAG && piece.len - 1 == strlen(tag) &&
		        strncasecmp(piece.p + 1, tag, piece.len - 1) == 0)
			return true;
	}
	return false;
}

size_t content_chars(const char *text)
{
	size_t chars = 0;
	struct piece piece;
	for (const char *at = text; content_next(&at, &piece);) {
		if (piece.kind == PIECE_LINK) {
			chars += 23;
			continue;
		}
		if (piece.kind == PIECE_MENTION) {
			chars += 1 + strlen(people[piece.person].username);
			continue;
		}
		for (size_t i = 0; i < piece.len; i++)
			chars += ((unsigned char)piece.p[i] & 0xc0) != 0x80;
	}
	return chars;
}
