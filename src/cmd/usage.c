#include "usage.h"

#include <string.h>

#include "base/mem.h"

/*
 * Arguments are taken from the line while its usage is walked, because where words end
 * and a raw tail begins depends on the usage: in `column add A b query x "y"` the tail
 * is `x "y"`, quotes and all.
 */

static const char ellipsis[] = "…";

static bool is_raw_name(const char *p, size_t len)
{
	static const char *const names[] = {"COMMAND", "QUERY", "TEXT"};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strlen(names[i]) == len && memcmp(names[i], p, len) == 0) return true;
	}
	return false;
}

static const char *parse_word(const char *p, struct usage_word *out)
{
	const char *start = p;
	while (*p && !strchr(" []|", *p))
		p++;
	size_t len = (size_t)(p - start), tail = strlen(ellipsis);
	*out = (struct usage_word){.p = start};
	if (len > tail && memcmp(p - tail, ellipsis, tail) == 0) {
		out->repeat = true;
		len -= tail;
	}
	out->len = len;
	out->literal = !(*start >= 'A' && *start <= 'Z');
	out->raw = is_raw_name(start, len);
	return p;
}

/* Alternatives up to the group's end: `for D|until T`, or outside of brackets `a|b`. */
static const char *parse_item(const char *p, bool optional, struct usage_item *item)
{
	*item = (struct usage_item){.optional = optional, .nalts = 1};
	for (;;) {
		size_t alt = item->nalts - 1, word = item->alts[alt].nwords;
		if (word >= USAGE_MAX_WORDS) return NULL;
		p = parse_word(p, &item->alts[alt].words[word]);
		if (item->alts[alt].words[word].len == 0) return NULL;
		item->alts[alt].nwords++;
		if (*p == '|') {
			if (item->nalts >= USAGE_MAX_WORDS) return NULL;
			item->nalts++;
			p++;
		} else if (optional && *p == ' ') {
			p++;
		} else {
			return p;
		}
	}
}

bool usage_parse(const char *text, struct usage *out)
{
	*out = (struct usage){0};
	for (const char *p = text; *p;) {
		if (*p == ' ') {
			p++;
			continue;
		}
		bool optional = *p == '[';
		if (out->nitems >= USAGE_MAX_ITEMS) return false;
		p = parse_item(p + optional, optional, &out->items[out->nitems++]);
		if (!p || (optional && *p != ']')) return false;
		if (optional) p++;
	}
	return true;
}

void words_add(struct words *words, const char *word)
{
	words->p = mem_grow(words->p, &words->cap, words->n + 2, sizeof(*words->p));
	words->p[words->n++] = xstrdup(word);
	words->p[words->n] = NULL;
}

/* What the walk along a usage needs. */
struct taking {
	const struct cmd *cmd;
	const struct usage *usage;
	struct lexer *lexer;
	struct words *words;
	struct str word; /* the one that was looked at */
	struct err *err;
};

static bool wrong(struct taking *taking, const char *what, const char *name, size_t len)
{
	const char *usage = taking->cmd->usage;
	return err_set(taking->err, ERR_SYNTAX, "%s: %.*s %s; usage: %s%s%s", taking->cmd->name,
	        (int)len, name, what, taking->cmd->name, *usage ? " " : "", usage);
}

/* Look at the next word without taking it. */
static struct lex_word peek(struct taking *taking)
{
	struct lexer copy = *taking->lexer;
	return lex_next(&copy, &taking->word, NULL);
}

/* The looked-at word cannot be read: say why. */
static bool unreadable(struct taking *taking)
{
	struct lexer copy = *taking->lexer;
	lex_next(&copy, &taking->word, taking->err);
	return false;
}

static bool word_is(const struct usage_word *word, const struct str *text)
{
	return word->literal && word->len == text->len && memcmp(word->p, text->p, text->len) == 0;
}

/* The alternative of an item that the looked-at word begins; -1: none. */
static int alternative(
        const struct usage_item *item, const struct lex_word *got, const struct str *text)
{
	for (size_t i = 0; i < item->nalts; i++) {
		if (!got->quoted && word_is(&item->alts[i].words[0], text)) return (int)i;
	}
	for (size_t i = 0; i < item->nalts; i++) {
		if (!item->alts[i].words[0].literal) return (int)i;
	}
	return -1;
}

/* Is the looked-at word the keyword of an optional group after item `from`? */
static bool is_keyword(struct taking *taking, size_t from, const struct lex_word *got)
{
	if (got->quoted) return false;
	for (size_t i = from + 1; i < taking->usage->nitems; i++) {
		const struct usage_item *item = &taking->usage->items[i];
		for (size_t j = 0; item->optional && j < item->nalts; j++) {
			if (word_is(&item->alts[j].words[0], &taking->word)) return true;
		}
	}
	return false;
}

static bool take_one(struct taking *taking)
{
	if (taking->words->n >= CMD_MAX_WORDS)
		return err_set(taking->err, ERR_TOO_LARGE, "more than %d words", CMD_MAX_WORDS);
	lex_next(taking->lexer, &taking->word, taking->err);
	words_add(taking->words, str_c(&taking->word));
	return true;
}

static bool take_raw(struct taking *taking, const struct usage_word *word, bool optional)
{
	struct str rest = {0};
	lex_rest(taking->lexer, &rest);
	bool ok = optional || rest.len > 0 || wrong(taking, "is missing", word->p, word->len);
	if (ok && rest.len) {
		/* A command line given as one quoted word is meant without its quotes. */
		struct lexer inner = {.p = str_c(&rest), .start = str_c(&rest)};
		bool whole = word->len == 7 && memcmp(word->p, "COMMAND", 7) == 0;
		struct str one = {0}, none = {0};
		struct lex_word got = {0};
		if (whole) {
			got = lex_next(&inner, &one, NULL);
			whole = got.kind == LEX_WORD && got.quoted && strchr("\"'", *rest.p) &&
			        lex_next(&inner, &none, NULL).kind == LEX_END;
		}
		words_add(taking->words, whole ? str_c(&one) : str_c(&rest));
		str_finish(&one);
		str_finish(&none);
	}
	str_finish(&rest);
	return ok;
}

/* Take the words of one alternative of item `i`, the first of which was looked at. */
static bool take_alternative(struct taking *taking, size_t i, size_t alt)
{
	const struct usage_item *item = &taking->usage->items[i];
	for (size_t w = 0; w < item->alts[alt].nwords; w++) {
		const struct usage_word *word = &item->alts[alt].words[w];
		bool optional = item->optional && w == 0;
		if (word->raw) return take_raw(taking, word, optional);
		struct lex_word got = peek(taking);
		if (got.kind == LEX_ERROR) return unreadable(taking);
		if (got.kind != LEX_WORD) return wrong(taking, "is missing", word->p, word->len);
		if (word->literal && !word_is(word, &taking->word))
			return wrong(taking, "is not understood here", str_c(&taking->word),
			        taking->word.len);
		if (!take_one(taking)) return false;
		while (word->repeat) {
			got = peek(taking);
			if (got.kind == LEX_ERROR) return unreadable(taking);
			if (got.kind != LEX_WORD || is_keyword(taking, i, &got)) break;
			if (!take_one(taking)) return false;
		}
	}
	return true;
}

static bool take_required(struct taking *taking, size_t i)
{
	const struct usage_item *item = &taking->usage->items[i];
	const struct usage_word *first = &item->alts[0].words[0];
	if (first->raw) return take_raw(taking, first, false);
	struct lex_word got = peek(taking);
	if (got.kind == LEX_ERROR) return unreadable(taking);
	if (got.kind != LEX_WORD) return wrong(taking, "is missing", first->p, first->len);
	int alt = alternative(item, &got, &taking->word);
	if (alt < 0)
		return wrong(
		        taking, "is not understood here", str_c(&taking->word), taking->word.len);
	return take_alternative(taking, i, (size_t)alt);
}

/* Optional groups that stand together may come in any order. */
static bool take_optionals(struct taking *taking, size_t from, size_t to)
{
	unsigned used = 0;
	for (;;) {
		struct lex_word got = peek(taking);
		if (got.kind == LEX_ERROR) {
			/* A raw tail may hold a lone quote. */
			got.kind = LEX_WORD;
			got.quoted = true;
		}
		if (got.kind == LEX_END && *taking->lexer->p) {
			/* What looks like a comment is text to a raw tail. */
			got.kind = taking->usage->items[from].alts[0].words[0].raw ? LEX_WORD
			                                                           : LEX_END;
		}
		if (got.kind != LEX_WORD) return true;
		int chosen = -1, alt = -1;
		for (size_t i = from; i < to && chosen < 0; i++) {
			const struct usage_item *item = &taking->usage->items[i];
			int which = used & (1U << i) ? -1 : alternative(item, &got, &taking->word);
			if (which < 0) continue;
			bool literal = item->alts[which].words[0].literal;
			if (literal || i + 1 == to || !is_keyword(taking, from, &got)) {
				chosen = (int)i;
				alt = which;
			}
		}
		if (chosen < 0) return true;
		used |= 1U << chosen;
		if (!take_alternative(taking, (size_t)chosen, (size_t)alt)) return false;
	}
}

bool usage_take(const struct cmd *cmd, struct lexer *lexer, struct words *words, struct err *err)
{
	struct usage usage;
	if (!usage_parse(cmd->usage, &usage))
		return err_set(err, ERR_FORMAT, "%s: its usage makes no sense", cmd->name);
	struct taking taking = {
	        .cmd = cmd, .usage = &usage, .lexer = lexer, .words = words, .err = err};
	bool ok = true;
	for (size_t i = 0; ok && i < usage.nitems;) {
		if (!usage.items[i].optional) {
			ok = take_required(&taking, i++);
			continue;
		}
		size_t to = i;
		while (to < usage.nitems && usage.items[to].optional)
			to++;
		ok = take_optionals(&taking, i, to);
		i = to;
	}
	if (ok) {
		struct lex_word got = peek(&taking);
		if (got.kind == LEX_ERROR) ok = unreadable(&taking);
		if (got.kind == LEX_WORD)
			ok = wrong(&taking, "is one word too many (quotes keep words together)",
			        str_c(&taking.word), taking.word.len);
	}
	str_finish(&taking.word);
	return ok;
}
