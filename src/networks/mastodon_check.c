#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "networks/mastodon_posting.h"
#include "networks/mastodon_publish.h"
#include "networks/mastodon_text.h"

/* What Mastodon allows where a server does not say (fact sheet 2). */
enum {
	MAX_MEDIA = 4,
	MAX_ALT = 1500,
	MIN_OPTIONS = 2,
	MAX_OPTIONS = 4,
	MAX_OPTION_TEXT = 50,
	MIN_POLL_S = 300,
	MAX_POLL_S = 2629746,
};

enum { DAY_S = 86400, HOUR_S = 3600, MINUTE_S = 60 };

static uint32_t limit_of(uint32_t told, uint32_t otherwise)
{
	return told ? told : otherwise;
}

static bool has_text(const char *text)
{
	return text && text[strspn(text, " \t\r\n")];
}

static bool check_text(const struct account *account, const struct outgoing *item, struct err *err)
{
	struct measure measure;
	mastodon_measure(account, item, &measure);
	if (measure.count > measure.limit)
		return err_set(err, ERR_SYNTAX, "%s takes %u characters, this post has %u",
		        account->host, measure.limit, measure.count);
	if (has_text(item->text) || has_text(item->warning) || item->nmedia > 0) return true;
	return err_set(
	        err, ERR_SYNTAX, item->poll ? "a poll needs a question" : "the post is empty");
}

static bool check_alt(const struct account *account, const struct outgoing *item, struct err *err)
{
	uint32_t most = limit_of(account->limits.alt_text, MAX_ALT);
	for (size_t i = 0; i < item->nmedia; i++) {
		const char *alt = item->media[i].alt ? item->media[i].alt : "";
		size_t n = utf8_clusters(alt, strlen(alt));
		if (n > most)
			return err_set(err, ERR_SYNTAX,
			        "%s takes %u characters to describe an attachment, number %zu has "
			        "%zu",
			        account->host, most, i + 1, n);
	}
	return true;
}

static bool check_media(const struct account *account, const struct outgoing *item, struct err *err)
{
	/* Pleroma and Akkoma have no limit, and do not say so. */
	bool endless = mastodon_is(account, "pleroma") || mastodon_is(account, "akkoma");
	uint32_t most = limit_of(account->limits.media, endless ? DRAFT_MAX_MEDIA : MAX_MEDIA);
	if (item->nmedia > most)
		return err_set(err, ERR_SYNTAX,
		        "%s takes %u attachments in a post, this one has %zu", account->host, most,
		        item->nmedia);
	if (item->nmedia == 0 && mastodon_is(account, "pixelfed"))
		return err_set(
		        err, ERR_SYNTAX, "%s takes no post without a picture", account->host);
	return check_alt(account, item, err);
}

/* --- polls --- */

static bool check_options(
        const struct account *account, const struct draft_poll *poll, struct err *err)
{
	uint32_t most = limit_of(account->limits.poll_options, MAX_OPTIONS);
	uint32_t longest = limit_of(account->limits.poll_option_text, MAX_OPTION_TEXT);
	if (poll->noptions < MIN_OPTIONS || poll->noptions > most)
		return err_set(err, ERR_SYNTAX,
		        "a poll on %s has %d to %u options, this one has %zu", account->host,
		        MIN_OPTIONS, most, poll->noptions);
	for (size_t i = 0; i < poll->noptions; i++) {
		const char *option = poll->options[i] ? poll->options[i] : "";
		size_t n = utf8_clusters(option, strlen(option));
		if (!has_text(option))
			return err_set(err, ERR_SYNTAX, "option %zu of the poll is empty", i + 1);
		if (n > longest)
			return err_set(err, ERR_SYNTAX,
			        "%s takes %u characters in an option of a poll, option %zu has %zu",
			        account->host, longest, i + 1, n);
		for (size_t k = 0; k < i; k++) {
			if (strcmp(option, poll->options[k]) == 0)
				return err_set(err, ERR_SYNTAX,
				        "options %zu and %zu of the poll are the same", k + 1,
				        i + 1);
		}
	}
	return true;
}

static void add_time(struct str *out, int64_t s)
{
	if (s >= DAY_S)
		str_addf(out, "%lld days", (long long)(s / DAY_S));
	else if (s >= HOUR_S)
		str_addf(out, "%lld hours", (long long)(s / HOUR_S));
	else
		str_addf(out, "%lld minutes", (long long)(s / MINUTE_S));
}

static bool check_duration(const struct account *account, int64_t for_s, struct err *err)
{
	int64_t least = limit_of(account->limits.poll_min_s, MIN_POLL_S);
	int64_t most = limit_of(account->limits.poll_max_s, MAX_POLL_S);
	if (for_s >= least && for_s <= most) return true;
	struct str words = {0};
	add_time(&words, least);
	str_adds(&words, " to ");
	add_time(&words, most);
	err_set(err, ERR_SYNTAX, "a poll on %s may run %s", account->host, str_c(&words));
	str_finish(&words);
	return false;
}

/* Before 2.90 it posts the question and forgets the answers. */
static bool is_old_snac(const struct account *account)
{
	int major, minor;
	if (!mastodon_is(account, "snac")) return false;
	if (sscanf(account->software, "%*s %d.%d", &major, &minor) != 2) return true;
	return major < 2 || (major == 2 && minor < 90);
}

static bool check_poll(const struct account *account, const struct outgoing *item, struct err *err)
{
	if (!item->poll) return true;
	if ((account->caps && !(account->caps & CAP_POLL)) || is_old_snac(account))
		return err_set(err, ERR_SYNTAX, "%s has no polls", account->host);
	if (item->nmedia > 0)
		return err_set(err, ERR_SYNTAX, "a poll and attachments cannot go together on %s",
		        account->host);
	/* snac forgets whom a poll answers and for whom it is. */
	bool open = !item->visibility_set || item->visibility == VIS_PUBLIC;
	if (mastodon_is(account, "snac") && (item->reply_to || item->after || !open))
		return err_set(err, ERR_SYNTAX, "a poll on %s is public and answers nothing",
		        account->host);
	return check_options(account, item->poll, err) &&
	       check_duration(account, item->poll->for_s, err);
}

/* --- all --- */

static bool check_quote(const struct account *account, const struct outgoing *item, struct err *err)
{
	if (!item->quote_of || !*item->quote_of) return true;
	if (account->learned_ms && !(account->caps & CAP_QUOTE))
		return err_set(err, ERR_SYNTAX, "%s cannot quote: put the address into the text",
		        account->host);
	if (item->nmedia > 0 || item->poll)
		return err_set(err, ERR_SYNTAX, "a quote and %s cannot go together on %s",
		        item->poll ? "a poll" : "attachments", account->host);
	return true;
}

bool mastodon_check(const struct account *account, const struct outgoing *item, struct err *err)
{
	if (account->learned_ms && !(account->caps & CAP_POST))
		return err_set(err, ERR_UNSUPPORTED, "%s takes no posts from here", account->host);
	return check_text(account, item, err) && check_media(account, item, err) &&
	       check_poll(account, item, err) && check_quote(account, item, err);
}
