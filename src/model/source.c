#include "model/source.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/nearest.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char feeds[] = "feeds", archive[] = "archive"; /* the built-in accounts */

#define X(id, text, takes, about) [SOURCE_##id] = {.name = (text), .help = (about), .arg = (takes)},
const struct source_kind_row source_kinds[SOURCE_NKINDS] = {SOURCE_KINDS(X)};
#undef X

static bool is_feed_kind(enum source_kind kind)
{
	return kind == SOURCE_FEED || kind == SOURCE_GROUP || kind == SOURCE_ALL;
}

bool source_account_is_ours(const char *account)
{
	return strcmp(account, feeds) == 0 || strcmp(account, archive) == 0;
}

bool source_is_archive(const struct source_ref *ref)
{
	return ref->kind == SOURCE_SEARCH && strcmp(ref->account, archive) == 0;
}

void source_ref_finish(struct source_ref *ref)
{
	if (!ref) return;
	free(ref->account);
	free(ref->arg);
	*ref = (struct source_ref){0};
}

/* Length of `scheme` in `scheme://…`; 0 when text is no URL. */
static size_t scheme_length(const char *text)
{
	size_t n = strspn(text, letters);

	if (n == 0) return 0;
	n += strspn(text + n, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+.-");
	return strncmp(text + n, "://", 3) == 0 ? n : 0;
}

static void lower(char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		/* %C3 is written in capitals. */
		if (p[i] == '%') {
			i += 2;
			continue;
		}
		if (p[i] >= 'A' && p[i] <= 'Z') p[i] = (char)(p[i] + 32);
	}
}

/* Scheme and host are the same in any case; a user's name before an @ is not. */
static char *lower_host(const char *text, size_t scheme)
{
	char *copy = xstrdup(text), *host = copy + scheme + 3;
	size_t len = strcspn(host, "/?#");
	char *at = memchr(host, '@', len);
	size_t skip = at ? (size_t)(at + 1 - host) : 0;

	lower(copy, scheme);
	lower(host + skip, len - skip);
	return copy;
}

static bool read_url(const char *text, char **out, struct err *err)
{
	struct str url = {0};
	size_t scheme = scheme_length(text);
	char *lowered = lower_host(text, scheme);

	clean_out(&url, CLEAN_URL, lowered, strlen(lowered));
	free(lowered);
	bool file = strncmp(url.p, "file:", 5) == 0;
	bool web = strncmp(url.p, "http:", 5) == 0 || strncmp(url.p, "https:", 6) == 0;
	const char *host = url.p + scheme + 3;
	bool ok = true;
	if (!file && !web) {
		ok = err_set(err, ERR_SYNTAX,
		        "a feed's address begins with http://, https:// or file://, not '%.*s://'",
		        (int)scheme, url.p);
	} else if (web && strcspn(host, "/?#") == 0) {
		ok = err_set(err, ERR_SYNTAX, "no host in '%s'", url.p);
	} else if (file && host[0] != '/') {
		ok = err_set(
		        err, ERR_SYNTAX, "a file's address has three slashes: file:///%s", host);
	} else {
		*out = str_take(&url);
	}
	str_finish(&url);
	return ok;
}

/* Append a path's segments to an absolute one, `.` and `..` resolved. */
static void add_path(struct str *path, const char *more)
{
	while (*more) {
		size_t n = strcspn(more, "/");
		if (n == 2 && more[0] == '.' && more[1] == '.') {
			while (path->len > 0 && path->p[path->len - 1] != '/') {
				str_cut(path, path->len - 1);
			}
			if (path->len > 0) str_cut(path, path->len - 1);
		} else if (n > 0 && !(n == 1 && more[0] == '.')) {
			str_addc(path, '/');
			str_add(path, more, n);
		}
		more += n;
		if (*more) more++;
	}
}

static char *path_to_url(const char *path)
{
	struct str url = {0};

	str_adds(&url, "file://");
	for (const char *p = path; *p; p++) {
		bool kept = strchr(letters, *p) || strchr("0123456789/-._~!$&'()*+,;=:@", *p);
		if (kept) {
			str_addc(&url, *p);
		} else {
			str_addf(&url, "%%%02X", (unsigned char)*p);
		}
	}
	return str_take(&url);
}

static bool read_path(const char *text, char **out, struct err *err)
{
	struct str path = {0};
	const char *rest = text;

	if (text[0] == '~') {
		const char *home = getenv("HOME");
		if (text[1] && text[1] != '/') {
			return err_set(err, ERR_SYNTAX, "only ~/ is understood, not '%s'", text);
		}
		if (!home || home[0] != '/') {
			return err_set(
			        err, ERR_SYNTAX, "HOME is not set, so '%s' means nothing", text);
		}
		add_path(&path, home);
		rest = text + 1;
	} else if (text[0] == '.') {
		char *here = getcwd(NULL, 0);
		if (!here) return err_set(err, ERR_IO, "the working directory is gone");
		add_path(&path, here);
		free(here);
	}
	add_path(&path, rest);
	bool ok = path.len > 0;
	if (ok) {
		*out = path_to_url(path.p);
	} else {
		err_set(err, ERR_SYNTAX, "'%s' is no file", text);
	}
	str_finish(&path);
	return ok;
}

/* The rest of `"…"`, with \" and \\ for a quote and a backslash. */
static bool read_quoted(const char *text, struct str *out, struct err *err)
{
	const char *p = text + 1;

	for (; *p && *p != '"'; p++) {
		if (*p == '\\' && (p[1] == '"' || p[1] == '\\')) p++;
		str_addc(out, *p);
	}
	if (!*p) return err_set(err, ERR_SYNTAX, "the closing \" is missing in '%s'", text);
	if (p[1]) return err_set(err, ERR_SYNTAX, "'%s' stands behind the closing \"", p + 1);
	return true;
}

/* All but the word OR between them. */
static void lower_tags(char *p, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = 0;
		while (i + n < len && p[i + n] != ' ')
			n++;
		if (n != 2 || i == 0 || memcmp(p + i, "OR", 2) != 0) lower(p + i, n);
		i += n + 1;
	}
}

static bool read_arg(const char *text, enum source_kind kind, char **out, struct err *err)
{
	struct str raw = {0}, arg = {0};
	const char *name = source_kinds[kind].name;
	bool ok = true;

	if (text[0] == '"') {
		ok = read_quoted(text, &raw, err);
	} else if (text[strcspn(text, " \t\n\"")]) {
		ok = err_set(err, ERR_SYNTAX, "what stands behind %s: needs quotes: %s:\"…\"", name,
		        name);
	} else {
		str_adds(&raw, text);
	}
	if (!ok) {
		str_finish(&raw);
		return false;
	}
	clean_in(&arg, CLEAN_LINE, str_c(&raw), raw.len);
	str_finish(&raw);
	const char *p = str_c(&arg);
	/* Tags are the same in any case, and people write them with their sign. */
	if (kind == SOURCE_TAG) {
		if (*p == '#') p++;
		lower_tags(arg.p, arg.len);
	}
	if (!*p) {
		ok = err_set(err, ERR_SYNTAX, "%s needs a word: %s:…", name, name);
	} else if (kind == SOURCE_FEED && scheme_length(p)) {
		ok = read_url(p, out, err);
	} else {
		*out = xstrdup(p);
	}
	str_finish(&arg);
	return ok;
}

static bool read_kind(const char *name, size_t len, enum source_kind *out, struct err *err)
{
	char *given = xstrndup(name, len);
	struct nearest nearest = {.given = given};
	bool found = false;

	for (int kind = 0; kind < SOURCE_NKINDS && !found; kind++) {
		found = strcmp(given, source_kinds[kind].name) == 0;
		if (found) *out = (enum source_kind)kind;
		nearest_offer(&nearest, source_kinds[kind].name);
	}
	if (!found && nearest.best) {
		err_set(err, ERR_SYNTAX, "unknown source '%s'; did you mean '%s'?", given,
		        nearest.best);
	} else if (!found) {
		struct str all = {0};
		for (int kind = 0; kind < SOURCE_NKINDS; kind++) {
			str_addf(&all, "%s%s", kind ? ", " : "", source_kinds[kind].name);
		}
		err_set(err, ERR_SYNTAX, "unknown source '%s'; there are %s", given, all.p);
		str_finish(&all);
	}
	free(given);
	return found;
}

static bool read_named(const char *text, struct source_ref *out, struct err *err)
{
	const char *slash = strchr(text, '/');
	struct source_ref ref = {0};

	if (!slash || slash == text) {
		return err_set(err, ERR_SYNTAX,
		        "'%s' is no source: write account/kind, a feed's URL, or a path "
		        "beginning with / . or ~",
		        text);
	}
	size_t account = (size_t)(slash - text);
	if (strcspn(text, " \t\n\",:") < account) {
		return err_set(err, ERR_SYNTAX, "'%.*s' is no account's name", (int)account, text);
	}
	const char *kind = slash + 1, *colon = strchr(kind, ':');
	if (!read_kind(kind, colon ? (size_t)(colon - kind) : strlen(kind), &ref.kind, err)) {
		return false;
	}
	bool ours = account == strlen(feeds) && memcmp(text, feeds, account) == 0;
	const struct source_kind_row *row = &source_kinds[ref.kind];
	if (ours != is_feed_kind(ref.kind)) {
		return err_set(err, ERR_SYNTAX,
		        ours ? "the account feeds has feed, group and all, but no '%s'"
		             : "'%s' belongs to the account feeds: feeds/%s",
		        row->name, row->name);
	}
	bool kept = account == strlen(archive) && memcmp(text, archive, account) == 0;
	if (kept && ref.kind != SOURCE_SEARCH) {
		return err_set(err, ERR_SYNTAX,
		        "the archive has no '%s'; it is searched: archive/search:\"QUERY\"",
		        row->name);
	}
	if (!colon && row->arg == 1) {
		return err_set(err, ERR_SYNTAX, "%s needs a word: %.*s/%s:…", row->name,
		        (int)account, text, row->name);
	}
	if (colon && row->arg == 0) {
		return err_set(err, ERR_SYNTAX, "%s takes nothing behind it, but has '%s'",
		        row->name, colon);
	}
	if (colon && !read_arg(colon + 1, ref.kind, &ref.arg, err)) return false;
	ref.account = xstrndup(text, account);
	*out = ref;
	return true;
}

bool source_parse(const char *text, struct source_ref *out, struct err *err)
{
	char *arg = NULL;

	if (!text || !*text) return err_set(err, ERR_SYNTAX, "no source given");
	if (scheme_length(text)) {
		if (!read_url(text, &arg, err)) return false;
	} else if (strchr("/.~", text[0])) {
		if (!read_path(text, &arg, err)) return false;
	} else {
		return read_named(text, out, err);
	}
	*out = (struct source_ref){.account = xstrdup(feeds), .kind = SOURCE_FEED, .arg = arg};
	return true;
}

void source_print(struct str *out, const struct source_ref *ref)
{
	if (ref->kind == SOURCE_FEED && ref->arg && scheme_length(ref->arg)) {
		str_adds(out, ref->arg);
		return;
	}
	str_addf(out, "%s/%s", ref->account, source_kinds[ref->kind].name);
	if (!ref->arg) return;
	str_addc(out, ':');
	if (!ref->arg[strcspn(ref->arg, " \t\n\",\\")]) {
		str_adds(out, ref->arg);
		return;
	}
	str_addc(out, '"');
	for (const char *p = ref->arg; *p; p++) {
		if (*p == '"' || *p == '\\') str_addc(out, '\\');
		str_addc(out, *p);
	}
	str_addc(out, '"');
}
