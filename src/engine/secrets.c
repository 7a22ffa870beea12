#include "engine/secrets.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/program.h"
#include "base/str.h"
#include "engine/child.h"
#include "engine/secret.h"

enum { KEYRING_MS = 2000, COMMAND_MS = 60000 };

/* How the keyring's program ends (src/keyring/main.c). */
enum { KEYRING_DONE = 0, KEYRING_NOT_THERE = 3 };

const char *secret_place_name(enum secret_place place)
{
#define X(id, where) [SECRET_IN_##id] = (where),
	static const char *const names[] = {SECRET_PLACES(X)};
#undef X
	return names[place];
}

/* The first line of what a program printed, owned; NULL when it is empty. */
static char *first_line(struct str *said)
{
	char *all = str_take(said);
	size_t len = strcspn(all, "\r\n");
	while (len > 0 && all[len - 1] == ' ')
		len--;
	char *line = len ? xstrndup(all, len) : NULL;
	secret_free(all);
	return line;
}

/* -- the keyring -- */

/* True with *out_status when its program ran to its end. */
static bool ask_keyring(const struct secrets *secrets, const char *what, const char *account,
        const char *input, struct str *said, int *out_status)
{
	if (!secrets->keyring) return false;
	const char *argv[] = {secrets->keyring, what, account, secrets->state_dir, NULL};
	return child_run((char *const *)argv, input, KEYRING_MS, said, out_status, NULL);
}

static char *keyring_get(const struct secrets *secrets, const char *account, struct err *err)
{
	struct str said = {0};
	int status = KEYRING_NOT_THERE;
	bool ran = ask_keyring(secrets, "get", account, NULL, &said, &status);
	char *secret = first_line(&said);
	if (ran && status == KEYRING_DONE && secret) return secret;
	secret_free(secret);
	if (secrets->keyring && (!ran || status != KEYRING_NOT_THERE))
		err_set(err, ERR_NOT_FOUND,
		        "no token for the account '%s' in the file `secrets`, and the keyring is "
		        "locked",
		        account);
	return NULL;
}

static bool keyring_put(const struct secrets *secrets, const char *account, const char *secret)
{
	struct str said = {0};
	int status;
	bool ok = ask_keyring(secrets, secret ? "put" : "drop", account, secret, &said, &status) &&
	          status == KEYRING_DONE;
	str_finish(&said);
	return ok;
}

/* -- the command -- */

/* `word` with the account's name for each %a. Owned. */
static char *with_name(const char *word, const char *account, bool *out_named)
{
	struct str out = {0};
	for (; *word; word++) {
		if (word[0] == '%' && word[1] == 'a') {
			str_adds(&out, account);
			*out_named = true;
			word++;
		} else {
			str_addc(&out, *word);
		}
	}
	return str_take(&out);
}

static char *command_get(const struct secrets *secrets, const char *account, struct err *err)
{
	size_t n = 0;
	bool named = false;
	struct str said = {0};
	int status = 0;
	while (secrets->command[n])
		n++;
	char **argv = xcalloc(n + 2, sizeof(*argv));
	for (size_t i = 0; i < n; i++)
		argv[i] = with_name(secrets->command[i], account, &named);
	if (!named) argv[n] = xstrdup(account);
	bool ran = child_run(argv, NULL, COMMAND_MS, &said, &status, err);
	char *secret = first_line(&said);
	if (ran && (status != 0 || !secret))
		err_set(err, ERR_NOT_FOUND, "secret-command (%s) has no token for '%s' (%d)",
		        argv[0], account, status);
	if (!ran || status != 0) {
		secret_free(secret);
		secret = NULL;
	}
	for (size_t i = 0; argv[i]; i++)
		free(argv[i]);
	free(argv);
	return secret;
}

/* -- all of them -- */

char *secrets_get(const struct secrets *secrets, const char *account, enum secret_place *out_place,
        struct err *err)
{
	struct err why = {0};
	enum secret_place place = SECRET_IN_FILE;
	char *secret = secret_get(secrets->state_dir, account, &why);
	bool goes_on = !secret && why.code == ERR_NOT_FOUND;
	if (goes_on && secrets->command && secrets->command[0]) {
		place = SECRET_IN_COMMAND;
		secret = command_get(secrets, account, &why);
	}
	if (goes_on && !secret) {
		place = SECRET_IN_KEYRING;
		secret = keyring_get(secrets, account, &why);
	}
	if (out_place) *out_place = secret ? place : SECRET_IN_NOWHERE;
	if (!secret && err) *err = why;
	return secret;
}

bool secrets_put(const struct secrets *secrets, const char *account, const char *secret,
        enum secret_place *out_place, struct err *err)
{
	bool in_keyring = keyring_put(secrets, account, secret);
	/* What the keyring has shall not lie in the file as well. */
	if (!secret_put(secrets->state_dir, account, in_keyring ? NULL : secret, err)) return false;
	if (out_place)
		*out_place = !secret      ? SECRET_IN_NOWHERE
		             : in_keyring ? SECRET_IN_KEYRING
		                          : SECRET_IN_FILE;
	return true;
}

char *secrets_keyring(void)
{
#ifdef STOA_KEYRING
	return program_find("stoa-keyring", STOA_KEYRING);
#else
	return NULL;
#endif
}
