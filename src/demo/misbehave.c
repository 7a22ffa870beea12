#include "demo/misbehave.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[FAULT_COUNT] = {
#define X(id, name, help) name,
        FAULTS(X)
#undef X
};

/* Copy [p, p+len) when it fits. */
static bool part(char *out, size_t size, const char *p, size_t len)
{
	if (len >= size) return false;
	memcpy(out, p, len);
	out[len] = '\0';
	return true;
}

static bool rule_read(struct fault_rule *rule, const char *p, size_t len, struct err *err)
{
	*rule = (struct fault_rule){.left = -1};
	size_t kind = strcspn(p, ":@*,"), at = kind;
	while (rule->fault < FAULT_COUNT &&
	        (strlen(names[rule->fault]) != kind || strncmp(names[rule->fault], p, kind) != 0))
		rule->fault++;
	if (rule->fault == FAULT_COUNT)
		return err_set(err, ERR_SYNTAX, "there is no fault '%.*s'", (int)kind, p);
	bool fits = true;
	while (fits && at < len) {
		size_t n = strcspn(p + at + 1, p[at] == ':' ? "@*," : ":*,");
		const char *value = p + at + 1;
		if (p[at] == ':') fits = part(rule->value, sizeof rule->value, value, n);
		if (p[at] == '@') fits = part(rule->prefix, sizeof rule->prefix, value, n);
		if (p[at] == '*') {
			n = strcspn(value, ",");
			rule->left = atoi(value);
		}
		at += 1 + n;
	}
	if (!fits || rule->left == 0)
		return err_set(
		        err, ERR_SYNTAX, "'%.*s' is not kind[:value][@path][*count]", (int)len, p);
	return true;
}

bool misbehave_set(struct misbehaviour *all, const char *spec, struct err *err)
{
	struct misbehaviour next = {0};
	for (const char *p = spec; *p;) {
		size_t len = strcspn(p, ",");
		if (next.n == sizeof next.rules / sizeof *next.rules)
			return err_set(err, ERR_TOO_LARGE, "more than %zu faults", next.n);
		if (!rule_read(&next.rules[next.n++], p, len, err)) return false;
		p += len;
		p += *p == ',';
	}
	*all = next;
	return true;
}

const char *misbehave_now(struct misbehaviour *all, enum fault fault, const char *path)
{
	if (strncmp(path, "/demo/", 6) == 0) return NULL;
	for (size_t i = 0; i < all->n; i++) {
		struct fault_rule *rule = &all->rules[i];
		if (rule->fault != fault || rule->left == 0) continue;
		if (strncmp(path, rule->prefix, strlen(rule->prefix)) != 0) continue;
		if (rule->left > 0) rule->left--;
		return rule->value;
	}
	return NULL;
}

void misbehave_help(struct str *out)
{
#define X(id, name, help) str_addf(out, "    %-16s %s\n", name, help);
	FAULTS(X)
#undef X
}
