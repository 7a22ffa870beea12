#include "app/open_with.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/cmd.h"

static void drop(struct open_rules *rules, size_t at)
{
	free(rules->rows[at].pattern);
	free(rules->rows[at].program);
	rules->n--;
	memmove(rules->rows + at, rules->rows + at + 1, (rules->n - at) * sizeof(*rules->rows));
}

static size_t place_of(const struct open_rules *rules, const char *pattern)
{
	size_t i = 0;
	while (i < rules->n && strcmp(rules->rows[i].pattern, pattern) != 0)
		i++;
	return i;
}

bool open_rules_put(
        struct open_rules *rules, const char *pattern, const char *program, struct err *err)
{
	int words = 0;
	size_t at = place_of(rules, pattern);
	bool off = strcmp(program, "off") == 0;
	if (off && at == rules->n)
		return err_set(err, ERR_NOT_FOUND, "no rule is for '%s'", pattern);
	char **split = off ? NULL : cmd_split(program, &words, err);
	if (!off && !split) return false;
	cmd_words_free(split);
	if (!off && words == 0)
		return err_set(err, ERR_SYNTAX, "which program opens '%s'?", pattern);
	if (!off && at == rules->n && rules->n == OPEN_RULES_MAX)
		return err_set(err, ERR_TOO_LARGE, "there are %d rules already", OPEN_RULES_MAX);
	if (at < rules->n) drop(rules, at);
	if (off) return true;
	rules->rows = mem_grow(rules->rows, &rules->cap, rules->n + 1, sizeof(*rules->rows));
	rules->rows[rules->n++] = (struct open_rule){xstrdup(pattern), xstrdup(program)};
	return true;
}

const char *open_rules_find(const struct open_rules *rules, const char *url)
{
	for (size_t i = rules->n; i-- > 0;) {
		if (fnmatch(rules->rows[i].pattern, url, 0) == 0) return rules->rows[i].program;
	}
	return NULL;
}

void open_rules_finish(struct open_rules *rules)
{
	while (rules->n)
		drop(rules, rules->n - 1);
	free(rules->rows);
	*rules = (struct open_rules){0};
}
