#include "networks/mastodon_code.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

enum { MAX_PASTED = 8192, MAX_CODE = 2048 };

static int hex(char c)
{
	if (!isxdigit((unsigned char)c)) return -1;
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

char *mastodon_decode(const char *text, size_t len)
{
	struct str out = {0};
	bool fine = len <= MAX_CODE;
	for (size_t i = 0; fine && i < len; i++) {
		int high = text[i] == '%' && i + 2 < len ? hex(text[i + 1]) : -1;
		int low = high >= 0 ? hex(text[i + 2]) : -1;
		char c = low >= 0 ? (char)(high * 16 + low) : text[i];
		if (low >= 0) i += 2;
		fine = c != '\0';
		str_addc(&out, c);
	}
	if (fine) return str_take(&out);
	str_finish(&out);
	return NULL;
}

/* The value of a parameter in "a=b&name=value", owned; NULL when it is absent. */
static char *param(const char *query, const char *name)
{
	size_t n = strlen(name);
	for (const char *p = query; *p;) {
		size_t len = strcspn(p, "&# \t\r\n");
		if (len > n && strncmp(p, name, n) == 0 && p[n] == '=')
			return mastodon_decode(p + n + 1, len - n - 1);
		p += len;
		if (*p != '&') break;
		p++;
	}
	return NULL;
}

static char *refuse(struct err *err, enum err_code code, const char *why)
{
	err_set(err, code, "%s", why);
	return NULL;
}

/* Visible ASCII: whatever else was pasted is no code. */
static bool is_code(const char *code)
{
	size_t n = 0;
	for (; code[n]; n++) {
		if (code[n] <= 32 || code[n] >= 127 || n == MAX_CODE) return false;
	}
	return n > 0;
}

static char *checked(char *code, char *state, const char *wanted, struct err *err)
{
	bool same = !state || !wanted || strcmp(state, wanted) == 0;
	free(state);
	if (code && is_code(code) && same) return code;
	free(code);
	if (!same)
		return refuse(err, ERR_AUTH, "this answer belongs to another sign-in: begin again");
	return refuse(err, ERR_SYNTAX, "there is no code in this");
}

char *mastodon_code(const char *pasted, const char *state, struct err *err)
{
	if (strlen(pasted) > MAX_PASTED) return refuse(err, ERR_TOO_LARGE, "that is no code");
	const char *p = pasted + strspn(pasted, " \t\r\n");
	const char *question = strchr(p, '?'), *query = question ? question + 1 : p;
	char *code = param(query, "code"), *is = param(query, "state");
	char *error = param(query, "error");
	bool refused = !code && error;
	free(error);
	if (refused) {
		free(is);
		return refuse(err, ERR_AUTH, "access was not given at the server");
	}
	if (!code && !question) {
		size_t n = strcspn(p, "& \t\r\n");
		bool more = p[n] == '&' || p[n + strspn(p + n, " \t\r\n")] == '\0';
		code = more ? xstrndup(p, n) : NULL;
		if (!is && p[n] == '&') is = param(p + n + 1, "state");
	}
	return checked(code, is, state, err);
}
