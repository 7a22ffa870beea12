#pragma once
#include <stddef.h>

/* A growing, always NUL-terminated byte string. Zeroed is valid and empty (p is NULL then). */
struct str {
	char *p;
	size_t len, cap;
};

void str_finish(struct str *str);
void str_clear(struct str *str);                /* empties, keeps the room */
void str_reserve(struct str *str, size_t more); /* room for that many bytes and the NUL */
void str_add(struct str *str, const char *bytes, size_t len);
void str_adds(struct str *str, const char *s); /* NULL adds nothing */
void str_addc(struct str *str, char c);
void str_addf(struct str *str, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void str_cut(struct str *str, size_t len); /* shorten to len bytes */
char *str_take(struct str *str);           /* owned, never NULL; leaves *str empty */
const char *str_c(const struct str *str);  /* borrowed; "" when empty */
