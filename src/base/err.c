#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "base/str.h"
#include "base/utf8.h"

bool err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	char raw[1024];
	struct str text = {0};
	va_list args;

	if (!err) return false;
	/* Formatted first: the arguments may point into *err. */
	va_start(args, fmt);
	int len = vsnprintf(raw, sizeof raw, fmt, args);
	va_end(args);
	if (len < 0) raw[0] = '\0';

	clean_out(&text, CLEAN_CELL, raw, strlen(raw));
	size_t n = utf8_prefix(str_c(&text), text.len, sizeof err->text - 1);
	*err = (struct err){.code = code};
	memcpy(err->text, str_c(&text), n);
	err->text[n] = '\0';
	str_finish(&text);
	return false;
}
