#include <string.h>

#include "base/utf8.h"
#include "cmd/keymap.h"

enum { KEY_MAX = 64 }; /* bytes of a sequence */

/* Keys with names, in the one spelling that the map uses, and how else they may be written. */
static const struct {
	const char *name;
	const char *aliases; /* parted by blanks, lower case */
} names[] = {
        {"BS", "backspace bs"},
        {"Del", "del delete"},
        {"Down", "down"},
        {"End", "end"},
        {"Enter", "enter cr return"},
        {"Esc", "esc escape"},
        {"Home", "home"},
        {"Insert", "insert ins"},
        {"Left", "left"},
        {"LeftMouse", "leftmouse"},
        {"2-LeftMouse", "2-leftmouse"},
        {"MiddleMouse", "middlemouse"},
        {"PageDown", "pagedown pgdn pgdown"},
        {"PageUp", "pageup pgup"},
        {"Right", "right"},
        {"RightMouse", "rightmouse"},
        {"Space", "space"},
        {"Tab", "tab"},
        {"Up", "up"},
        {"WheelDown", "wheeldown"},
        {"WheelUp", "wheelup"},
        {"lt", "lt"},
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool alias_is(const char *aliases, const char *p, size_t len)
{
	for (const char *word = aliases; *word;) {
		size_t n = strcspn(word, " "), i = 0;
		while (i < n && n == len && lower(p[i]) == word[i])
			i++;
		if (n == len && i == n) return true;
		word += n + (word[n] == ' ');
	}
	return false;
}

/* The one spelling of a key's name; NULL when there is no such key. `F1` … `F12` stay. */
static const char *name_find(const char *p, size_t len, char buf[8])
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (alias_is(names[i].aliases, p, len)) return names[i].name;
	}
	if (lower(p[0]) == 'f' && (len == 2 || len == 3) && p[1] >= '1' && p[1] <= '9' &&
	        (len == 2 || (p[1] == '1' && p[2] >= '0' && p[2] <= '2'))) {
		buf[0] = 'F';
		memcpy(buf + 1, p + 1, len - 1);
		buf[len] = '\0';
		return buf;
	}
	return NULL;
}

/* `<…>` at p, of `len` bytes with its brackets. */
static bool normalise_named(struct str *out, const char *p, size_t len, struct err *err)
{
	const char *in = p + 1;
	size_t left = len - 2;
	bool ctrl = false, meta = false, shift = false;
	while (left > 2 && in[1] == '-' && strchr("CcMmAaSs", in[0])) {
		char c = lower(in[0]);
		ctrl |= c == 'c';
		meta |= c == 'm' || c == 'a';
		shift |= c == 's';
		in += 2;
		left -= 2;
	}
	char buf[8];
	const char *name = left ? name_find(in, left, buf) : NULL;
	struct cluster one = utf8_cluster(in, left);
	if (!name && (left == 0 || one.len != left || (shift && !ctrl && !meta)))
		return err_set(err, ERR_SYNTAX, "there is no key '%.*s'", (int)len, p);
	if (!name && ctrl && ((unsigned char)in[0] <= ' ' || (unsigned char)in[0] > 126))
		return err_set(err, ERR_SYNTAX, "no terminal can send '%.*s'", (int)len, p);
	if (!name && !ctrl && !meta) {
		str_add(out, in, left);
		return true;
	}
	str_addf(out, "<%s%s%s", ctrl ? "C-" : "", meta ? "M-" : "", shift && name ? "S-" : "");
	if (name) {
		str_adds(out, name);
	} else {
		/* Terminals cannot tell C-D from C-d. */
		for (size_t i = 0; i < left; i++)
			str_addc(out, ctrl ? lower(in[i]) : in[i]);
	}
	str_addc(out, '>');
	return true;
}

size_t key_len(const char *keys)
{
	if (*keys == '<') {
		const char *end = strchr(keys + 1, '>');
		/* `<C->>` ends at the second bracket. */
		if (end && end[1] == '>' && end[-1] == '-') end++;
		if (end && end > keys + 1) return (size_t)(end - keys) + 1;
	}
	return utf8_cluster(keys, strlen(keys)).len;
}

bool key_normalise(struct str *out, const char *keys, struct err *err)
{
	size_t before = out->len;
	if (!*keys) return err_set(err, ERR_SYNTAX, "a key is missing");
	for (const char *p = keys; *p;) {
		size_t len = key_len(p);
		bool ok = true;
		if (*p == '<' && len > 1)
			ok = normalise_named(out, p, len, err);
		else if (*p == '<')
			str_adds(out, "<lt>");
		else if (*p == ' ')
			str_adds(out, "<Space>");
		else if ((unsigned char)*p < ' ' || *p == 127)
			ok = err_set(err, ERR_SYNTAX, "a control byte is not a key's name");
		else
			str_add(out, p, len);
		if (ok && out->len - before > KEY_MAX)
			ok = err_set(err, ERR_TOO_LARGE, "the key sequence is longer than %d bytes",
			        KEY_MAX);
		if (!ok) {
			str_cut(out, before);
			return false;
		}
		p += len;
	}
	return true;
}
