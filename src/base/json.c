#include "base/json.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/utf8.h"

/*
 * cJSON takes its memory from two functions that are the same for the whole process.
 * Ours give memory of the arena of the document that this thread is parsing, and plain
 * memory when it parses none.
 */
static _Thread_local struct arena *parsing;

struct json {
	struct arena arena;
	const cJSON *root;
};

static void *hook_malloc(size_t size)
{
	return parsing ? arena_alloc(parsing, size) : malloc(size);
}

static void hook_free(void *p)
{
	if (!parsing) free(p);
}

static void set_hooks(void)
{
	cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = hook_malloc, .free_fn = hook_free});
}

static int hex4(const char *p, size_t len)
{
	int value = 0;

	if (len < 4) return -1;
	for (int i = 0; i < 4; i++) {
		unsigned char c = (unsigned char)p[i];
		if (!isxdigit(c)) return -1;
		value = value * 16 + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return value;
}

/* A document on its way to cJSON: counted, and freed of what cJSON reads wrongly. */
struct scan {
	const char *p;
	size_t len, at;
	size_t taken; /* bytes before this one are in `out` */
	struct str out;
	size_t depth, values;
};

/* Take what was fine so far as it is, and `with` in place of the next `len` bytes. */
static void replace(struct scan *s, const char *with, size_t with_len, size_t len)
{
	str_add(&s->out, s->p + s->taken, s->at - s->taken);
	str_add(&s->out, with, with_len);
	s->at += len;
	s->taken = s->at;
}

/*
 * One escape at `at`, its backslash. cJSON ends the string at \u0000 and fails the
 * document at half a surrogate pair; both become \ufffd, which is as long.
 */
static void scan_escape(struct scan *s)
{
	static const char unknown[] = "\\ufffd";
	const char *p = s->p + s->at;
	size_t left = s->len - s->at;

	int unit = left >= 6 && p[1] == 'u' ? hex4(p + 2, left - 2) : -1;
	if (unit < 0) {
		s->at += left < 2 ? left : 2;
		return;
	}
	bool whole = unit != 0 && (unit < 0xd800 || unit > 0xdfff);
	size_t take = 6;
	if (unit >= 0xd800 && unit <= 0xdbff && left >= 12 && p[6] == '\\' && p[7] == 'u') {
		int low = hex4(p + 8, left - 8);
		whole = low >= 0xdc00 && low <= 0xdfff;
		if (whole) take = 12;
	}
	if (whole)
		s->at += take;
	else
		replace(s, unknown, sizeof unknown - 1, take);
}

/* One character that is not ASCII, or a NUL. */
static void scan_character(struct scan *s)
{
	static const char replacement[] = "\xef\xbf\xbd";
	const char *p = s->p + s->at;
	int32_t cp = 0xfffd;
	size_t n = *p ? utf8_decode(p, s->len - s->at, &cp) : 1;

	if (cp != 0xfffd || (n == 3 && memcmp(p, replacement, 3) == 0))
		s->at += n;
	else
		replace(s, replacement, 3, n);
}

/* The rest of a string, its closing quote included. */
static void scan_string(struct scan *s)
{
	while (s->at < s->len) {
		unsigned char c = (unsigned char)s->p[s->at];
		if (c == '"') {
			s->at++;
			return;
		}
		if (c == '\\')
			scan_escape(s);
		else if (c >= 0x80 || c == 0)
			scan_character(s);
		else
			s->at++;
	}
}

static bool scan_all(struct scan *s, struct err *err)
{
	while (s->at < s->len) {
		char c = s->p[s->at++];
		if (c == '"') {
			scan_string(s);
		} else if (c == '{' || c == '[') {
			s->values++;
			if (++s->depth > JSON_MAX_DEPTH) {
				return err_set(err, ERR_FORMAT,
				        "JSON nested deeper than %d at byte %zu", JSON_MAX_DEPTH,
				        s->at - 1);
			}
		} else if (c == '}' || c == ']') {
			s->depth -= s->depth > 0;
		} else if (c == ',') {
			s->values++;
		} else if (c == '\0') {
			return err_set(err, ERR_FORMAT, "not JSON: a NUL at byte %zu", s->at - 1);
		}
		if (s->values > JSON_MAX_VALUES) {
			return err_set(
			        err, ERR_TOO_LARGE, "JSON of more than %d values", JSON_MAX_VALUES);
		}
	}
	return true;
}

struct json *json_parse(const char *text, size_t len, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct json *json = NULL;
	struct scan scan = {.p = text, .len = len};

	if (len > JSON_MAX_BYTES) {
		err_set(err, ERR_TOO_LARGE, "JSON of more than %d bytes", JSON_MAX_BYTES);
		return NULL;
	}
	pthread_once(&once, set_hooks);
	str_reserve(&scan.out, len + 1);
	if (scan_all(&scan, err)) {
		replace(&scan, "", 0, 0);
		const char *end = NULL;
		json = xcalloc(1, sizeof *json);
		parsing = &json->arena;
		/* The NUL is passed too: that is how cJSON knows that nothing follows. */
		json->root = cJSON_ParseWithLengthOpts(scan.out.p, scan.out.len + 1, &end, true);
		parsing = NULL;
		if (!json->root) {
			size_t at = end ? (size_t)(end - scan.out.p) : 0;
			err_set(err, ERR_FORMAT, "not JSON at byte %zu of %zu", at, len);
			json_free(json);
			json = NULL;
		}
	}
	str_finish(&scan.out);
	return json;
}

void json_free(struct json *json)
{
	if (!json) return;
	arena_finish(&json->arena);
	free(json);
}

const cJSON *json_root(const struct json *json)
{
	return json ? json->root : NULL;
}

const cJSON *json_get(const cJSON *obj, const char *name)
{
	return cJSON_IsObject(obj) ? cJSON_GetObjectItemCaseSensitive(obj, name) : NULL;
}

const char *json_str(const cJSON *obj, const char *name)
{
	const cJSON *item = json_get(obj, name);

	return cJSON_IsString(item) ? item->valuestring : NULL;
}

bool json_bool(const cJSON *obj, const char *name, bool otherwise)
{
	const cJSON *item = json_get(obj, name);

	return cJSON_IsBool(item) ? cJSON_IsTrue(item) : otherwise;
}

static const double exact = 9007199254740992.0; /* 2^53 */

static int64_t digits(const char *s, int64_t otherwise)
{
	size_t sign = *s == '-', n = strspn(s + sign, "0123456789");
	int64_t most = (int64_t)exact, value = 0;

	if (n == 0 || s[sign + n]) return otherwise;
	for (size_t i = 0; i < n; i++) {
		value = value * 10 + s[sign + i] - '0';
		if (value > most) value = most;
	}
	return sign ? -value : value;
}

int64_t json_int(const cJSON *obj, const char *name, int64_t otherwise)
{
	const cJSON *item = json_get(obj, name);

	if (cJSON_IsString(item)) return digits(item->valuestring, otherwise);
	if (!cJSON_IsNumber(item) || isnan(item->valuedouble)) return otherwise;
	if (item->valuedouble >= exact) return (int64_t)exact;
	if (item->valuedouble <= -exact) return -(int64_t)exact;
	return (int64_t)item->valuedouble;
}

const cJSON *json_arr(const cJSON *obj, const char *name)
{
	const cJSON *item = json_get(obj, name);

	return cJSON_IsArray(item) ? item : NULL;
}

const cJSON *json_obj(const cJSON *obj, const char *name)
{
	const cJSON *item = json_get(obj, name);

	return cJSON_IsObject(item) ? item : NULL;
}

/* Legal in JSON, and trouble in a terminal: DEL, C1, line separators, bidi controls, hidden tags.
 */
static bool is_printable(int32_t cp)
{
	if (cp < 0x20 || (cp >= 0x7f && cp <= 0x9f) || cp == 0x061c || cp == 0xfeff) return false;
	return !(cp >= 0x200e && cp <= 0x200f) && !(cp >= 0x2028 && cp <= 0x202e) &&
	       !(cp >= 0x2066 && cp <= 0x2069) && !(cp >= 0xe0000 && cp <= 0xe0fff);
}

static void quote_one(struct str *out, int32_t cp)
{
	static const char from[] = "\"\\\n\t\r\b\f", to[] = "\"\\ntrbf";
	const char *at = cp < 0x80 ? strchr(from, (int)cp) : NULL;

	if (at && *at) {
		str_addc(out, '\\');
		str_addc(out, to[at - from]);
	} else if (!is_printable(cp) && cp > 0xffff) {
		unsigned rest = (unsigned)cp - 0x10000;
		str_addf(out, "\\u%04x\\u%04x", 0xd800 + (rest >> 10), 0xdc00 + (rest & 0x3ff));
	} else if (!is_printable(cp)) {
		str_addf(out, "\\u%04x", (unsigned)cp);
	} else {
		char bytes[4];
		str_add(out, bytes, utf8_encode(bytes, cp));
	}
}

void json_quote(struct str *out, const char *s)
{
	if (!s) {
		str_adds(out, "null");
		return;
	}
	size_t len = strlen(s);
	str_addc(out, '"');
	for (size_t i = 0; i < len;) {
		size_t from = i;
		while (i < len && s[i] >= 0x20 && s[i] != 0x7f && s[i] != '"' && s[i] != '\\')
			i++;
		str_add(out, s + from, i - from);
		if (i == len) break;
		int32_t cp;
		i += utf8_decode(s + i, len - i, &cp);
		quote_one(out, cp);
	}
	str_addc(out, '"');
}

static void print_number(struct str *out, double value)
{
	if (!isfinite(value)) {
		str_adds(out, "null");
	} else if (value == floor(value) && fabs(value) <= exact) {
		str_addf(out, "%" PRId64, (int64_t)value);
	} else {
		size_t from = out->len;
		str_addf(out, "%.17g", value);
		/* The locale may have a comma there. */
		for (char *p = out->p + from; *p; p++) {
			if (*p == ',') *p = '.';
		}
	}
}

void json_print(struct str *out, const cJSON *value)
{
	bool object = cJSON_IsObject(value), first = true;

	if (cJSON_IsString(value)) {
		json_quote(out, value->valuestring);
	} else if (cJSON_IsNumber(value)) {
		print_number(out, value->valuedouble);
	} else if (cJSON_IsBool(value)) {
		str_adds(out, cJSON_IsTrue(value) ? "true" : "false");
	} else if (object || cJSON_IsArray(value)) {
		str_addc(out, object ? '{' : '[');
		json_each (item, value) {
			if (!first) str_addc(out, ',');
			first = false;
			if (object) {
				json_quote(out, item->string);
				str_addc(out, ':');
			}
			json_print(out, item);
		}
		str_addc(out, object ? '}' : ']');
	} else {
		str_adds(out, "null");
	}
}
