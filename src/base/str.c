#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void str_finish(struct str *str)
{
	if (!str) return;
	free(str->p);
	*str = (struct str){0};
}

void str_clear(struct str *str)
{
	str_cut(str, 0);
}

void str_reserve(struct str *str, size_t more)
{
	if (str->cap - str->len <= more) {
		str->p = mem_grow(str->p, &str->cap, str->len + more + 1, 1);
	}
}

void str_add(struct str *str, const char *bytes, size_t len)
{
	str_reserve(str, len);
	if (len > 0) memcpy(str->p + str->len, bytes, len);
	str->len += len;
	str->p[str->len] = '\0';
}

void str_adds(struct str *str, const char *s)
{
	if (s) str_add(str, s, strlen(s));
}

void str_addc(struct str *str, char c)
{
	str_add(str, &c, 1);
}

void str_addf(struct str *str, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	int len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0) return;

	str_reserve(str, (size_t)len);
	va_start(args, fmt);
	vsnprintf(str->p + str->len, (size_t)len + 1, fmt, args);
	va_end(args);
	str->len += (size_t)len;
}

void str_cut(struct str *str, size_t len)
{
	if (len >= str->len) return;
	str->len = len;
	str->p[len] = '\0';
}

char *str_take(struct str *str)
{
	char *p = str->p ? str->p : xstrndup("", 0);

	*str = (struct str){0};
	return p;
}

const char *str_c(const struct str *str)
{
	return str->p ? str->p : "";
}
