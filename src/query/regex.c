#define PCRE2_CODE_UNIT_WIDTH 8
#include "regex.h"

#include <stdlib.h>
#include <string.h>

#include <pcre2.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "query/query.h"
#include "texts.h"

enum { MATCH_LIMIT = 10000, DEPTH_LIMIT = 1000, HEAP_LIMIT_KIB = 1024 };
enum { STACK_FIRST = 32 << 10, STACK_MAX = 256 << 10 };
/* The interpreter counts its limit anew at each place of a text, and is slow besides. */
enum { INTERPRETED_MAX = 2000 };

struct regex {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *limits;
	pcre2_jit_stack *stack; /* NULL: there is no JIT */
	unsigned trips;
};

static pcre2_code *compile(const char *pattern, size_t *out_at, struct err *err)
{
	PCRE2_UCHAR why[160];
	PCRE2_SIZE at;
	int error;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, strlen(pattern),
	        PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C, &error, &at,
	        NULL);

	if (code) return code;
	pcre2_get_error_message(error, why, sizeof why);
	*out_at = at;
	err_set(err, ERR_SYNTAX, "this regular expression is wrong here: %s", (const char *)why);
	return NULL;
}

struct regex *regex_new(const char *pattern, size_t *out_at, struct err *err)
{
	pcre2_code *code = compile(pattern, out_at, err);
	struct regex *regex;

	if (!code) return NULL;
	regex = xcalloc(1, sizeof *regex);
	regex->code = code;
	regex->match = pcre2_match_data_create(1, NULL);
	regex->limits = pcre2_match_context_create(NULL);
	if (!regex->match || !regex->limits) abort();
	pcre2_set_match_limit(regex->limits, MATCH_LIMIT);
	pcre2_set_depth_limit(regex->limits, DEPTH_LIMIT);
	pcre2_set_heap_limit(regex->limits, HEAP_LIMIT_KIB);
	if (pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0) {
		regex->stack = pcre2_jit_stack_create(STACK_FIRST, STACK_MAX, NULL);
		if (!regex->stack) abort();
		pcre2_jit_stack_assign(regex->limits, NULL, regex->stack);
	}
	return regex;
}

void regex_free(struct regex *regex)
{
	if (!regex) return;
	pcre2_match_context_free(regex->limits);
	pcre2_jit_stack_free(regex->stack);
	pcre2_match_data_free(regex->match);
	pcre2_code_free(regex->code);
	free(regex);
}

static bool gave_up(int rc)
{
	return rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT ||
	       rc == PCRE2_ERROR_HEAPLIMIT || rc == PCRE2_ERROR_JIT_STACKLIMIT ||
	       rc == PCRE2_ERROR_RECURSELOOP;
}

bool regex_find(struct regex *regex, const char *utf8, size_t len, size_t from, size_t *out_start,
        size_t *out_end)
{
	const PCRE2_SIZE *places = pcre2_get_ovector_pointer(regex->match);
	int rc;

	if (regex->trips >= QUERY_MAX_TRIPS) return false;
	if (!regex->stack && len > INTERPRETED_MAX) len = utf8_prefix(utf8, len, INTERPRETED_MAX);
	if (from > len) return false;
	rc = pcre2_match(regex->code, (PCRE2_SPTR)utf8, len, from, 0, regex->match, regex->limits);
	regex->trips += gave_up(rc);
	if (rc < 0) return false;
	*out_start = places[0];
	*out_end = places[1];
	return true;
}

static bool found(void *ctx, const char *utf8, size_t len)
{
	size_t start, end;

	return regex_find(ctx, utf8, len, 0, &start, &end);
}

bool regex_in_post(struct regex *regex, const struct post *post)
{
	return texts_any(post, found, regex);
}

unsigned regex_trips(const struct regex *regex)
{
	return regex->trips;
}
