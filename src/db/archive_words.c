#include "db/archive_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "db/db.h"

enum { MAX_FOUND = 10000 };

/* Scripts that put no blanks between words: each of their characters counts as one. */
static bool stands_alone(int32_t cp)
{
	return (cp >= 0x0e00 && cp <= 0x0eff) || (cp >= 0x1000 && cp <= 0x109f) ||
	       (cp >= 0x1780 && cp <= 0x17ff) || (cp >= 0x3040 && cp <= 0x30ff) ||
	       (cp >= 0x3400 && cp <= 0x9fff) || (cp >= 0xf900 && cp <= 0xfaff) ||
	       (cp >= 0x20000 && cp <= 0x3ffff);
}

/* Append folded text as the tokenizer is to see it; what it would take for a quote is left out. */
static void add_spaced(struct str *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		int32_t cp = (unsigned char)text[i];
		size_t step = 1;
		if (cp >= 0x80) step = utf8_decode(text + i, len - i, &cp);
		if (stands_alone(cp)) {
			str_addc(out, ' ');
			str_add(out, text + i, step);
			str_addc(out, ' ');
		} else if (cp != '"') {
			str_add(out, text + i, step);
		} else {
			str_addc(out, ' ');
		}
		i += step;
	}
}

static bool change_words(struct archive *archive, enum statement which, int64_t id,
        const char *text, struct err *err)
{
	if (!*text) return true;
	struct str spaced = {0};
	add_spaced(&spaced, text, strlen(text));
	bool ok = archive_run(archive, which, err, "it", id, str_c(&spaced));
	str_finish(&spaced);
	return ok;
}

bool archive_add_words(struct archive *archive, int64_t id, const char *text, struct err *err)
{
	return change_words(archive, STMT_WORDS_ADD, id, text, err);
}

bool archive_drop_words(struct archive *archive, int64_t id, const char *text, struct err *err)
{
	return change_words(archive, STMT_WORDS_DROP, id, text, err);
}

/*
 * One word or phrase of the user's as one of FTS5's. The beginning of a word will
 * do when `open`; but a single letter begins a tenth of all words, so it is taken
 * for a word of its own.
 */
static void add_phrase(struct str *out, const char *text, size_t len, bool open)
{
	struct str folded = {0}, spaced = {0};
	fold_add(&folded, text, len);
	add_spaced(&spaced, str_c(&folded), folded.len);
	if (spaced.len > 0)
		str_addf(out, "%s\"%s\"%s", out->len > 0 ? " " : "", str_c(&spaced),
		        open && utf8_clusters(str_c(&folded), folded.len) > 1 ? "*" : "");
	str_finish(&folded);
	str_finish(&spaced);
}

/* Words between blanks, phrases in "…"; the last word may go on. */
static void add_query(struct str *out, const char *words)
{
	for (const char *p = words; *p;) {
		if (*p == ' ') {
			p++;
			continue;
		}
		bool quoted = *p == '"';
		p += quoted;
		size_t len = strcspn(p, quoted ? "\"" : " \"");
		add_phrase(out, p, len, !quoted && !p[len]);
		p += len;
		p += quoted && *p == '"';
	}
}

static bool find(struct archive *archive, const char *query, int limit, int64_t **out,
        size_t *out_n, struct err *err)
{
	int64_t *ids = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *stmt =
	        archive_stmt(archive, STMT_WORDS_FIND, err, "ti", query, (int64_t)limit);
	int row;
	while ((row = stmt ? archive_step(archive, stmt, err) : -1) > 0) {
		ids = mem_grow(ids, &cap, n + 1, sizeof *ids);
		ids[n++] = sqlite3_column_int64(stmt, 0);
	}
	if (row < 0) {
		free(ids);
		return false;
	}
	*out = ids;
	*out_n = n;
	return true;
}

bool archive_search(
        struct archive *archive, const char *words, int limit, struct page **out, struct err *err)
{
	struct str query = {0};
	int64_t *ids = NULL;
	size_t n = 0;
	add_query(&query, words);
	bool ok = query.len == 0 || find(archive, str_c(&query),
	                                    limit < MAX_FOUND ? limit : MAX_FOUND, &ids, &n, err);
	ok = ok && archive_page_of(archive, ids, n, out, err);
	free(ids);
	str_finish(&query);
	return ok;
}
