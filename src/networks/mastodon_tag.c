#include "networks/mastodon_tag.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/url.h"

static const char blanks[] = " \t";

void mastodon_tags_finish(struct mastodon_tags *tags)
{
	free(tags->main);
	for (int i = 0; i < tags->nall; i++)
		free(tags->all[i]);
	for (int i = 0; i < tags->nany; i++)
		free(tags->any[i]);
	for (int i = 0; i < tags->nnone; i++)
		free(tags->none[i]);
	*tags = (struct mastodon_tags){0};
}

static bool add(char **list, int *n, const char *word, size_t len, struct err *err)
{
	if (*n == MASTODON_MAX_TAGS)
		return err_set(err, ERR_SYNTAX,
		        "too many tags: servers take %d more than the first of each kind",
		        MASTODON_MAX_TAGS);
	list[(*n)++] = xstrndup(word, len);
	return true;
}

/* One word; *or_before says that OR stood before it. */
static bool add_word(
        struct mastodon_tags *tags, const char *word, size_t len, bool *or_before, struct err *err)
{
	if (len == 2 && memcmp(word, "OR", 2) == 0) {
		if (!tags->main || *or_before)
			return err_set(err, ERR_SYNTAX, "OR stands between two tags: \"c OR zig\"");
		*or_before = true;
		return true;
	}
	const char *written = word;
	int written_len = (int)len;
	bool none = *word == '-';
	word += none;
	len -= none;
	if (len > 0 && *word == '#') {
		word++;
		len--;
	}
	if (len == 0 || memchr(word, '#', len))
		return err_set(err, ERR_SYNTAX, "'%.*s' is no tag", written_len, written);
	if (none && (!tags->main || *or_before))
		return err_set(err, ERR_SYNTAX,
		        "a tag to leave out stands behind others: \"c -%.*s\"", (int)len, word);
	bool either = *or_before;
	*or_before = false;
	if (none) return add(tags->none, &tags->nnone, word, len, err);
	if (either) return add(tags->any, &tags->nany, word, len, err);
	if (tags->main) return add(tags->all, &tags->nall, word, len, err);
	tags->main = xstrndup(word, len);
	return true;
}

bool mastodon_tags_parse(const char *text, struct mastodon_tags *out, struct err *err)
{
	struct mastodon_tags tags = {0};
	bool or_before = false, ok = true;
	for (const char *p = text + strspn(text, blanks); *p && ok; p += strspn(p, blanks)) {
		size_t len = strcspn(p, blanks);
		ok = add_word(&tags, p, len, &or_before, err);
		p += len;
	}
	if (ok && !tags.main) ok = err_set(err, ERR_SYNTAX, "no tag is named");
	if (ok && or_before) ok = err_set(err, ERR_SYNTAX, "a tag is missing behind OR");
	if (ok)
		*out = tags;
	else
		mastodon_tags_finish(&tags);
	return ok;
}

static void add_list(struct str *out, const char *name, char *const *list, int n)
{
	for (int i = 0; i < n; i++) {
		str_addf(out, "&%s%%5B%%5D=", name);
		url_encode(out, list[i], strlen(list[i]));
	}
}

void mastodon_tags_query(struct str *out, const struct mastodon_tags *tags)
{
	add_list(out, "any", tags->any, tags->nany);
	add_list(out, "all", tags->all, tags->nall);
	add_list(out, "none", tags->none, tags->nnone);
}
