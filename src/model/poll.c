#include "model/poll.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { OURS_HIDDEN = -2, MAX_PERCENT = 100 };

/* A line of its own for the number of voters, which a server may tell. */
static bool is_voters(const char *line, size_t len)
{
	return len > 2 && line[0] == 'v' && line[len - 1] == '\t';
}

bool poll_next(const char **at, struct poll_option *out)
{
	const char *line = *at;
	size_t len = strcspn(line, "\n");
	while (is_voters(line, len)) {
		line += len + (line[len] == '\n');
		len = strcspn(line, "\n");
	}
	if (!*line) return false;
	const char *tab = memchr(line, '\t', len);
	int64_t votes = tab ? strtoll(line, NULL, 10) : -1;
	*out = (struct poll_option){.title = tab ? tab + 1 : line,
	        .votes = votes < 0 ? -1 : votes,
	        .ours = *line == '+' || votes == OURS_HIDDEN};
	out->len = (size_t)(line + len - out->title);
	*at = line + len + (line[len] == '\n');
	return true;
}

static int64_t voters_of(const char *poll)
{
	for (const char *line = poll; *line;) {
		size_t len = strcspn(line, "\n");
		if (is_voters(line, len)) return strtoll(line + 1, NULL, 10);
		line += len + (line[len] == '\n');
	}
	return -1;
}

struct poll_sum poll_sum(const char *poll)
{
	struct poll_sum sum = {0};
	struct poll_option option;
	const char *at = poll;
	while (poll_next(&at, &option)) {
		sum.options++;
		sum.ours |= option.ours;
		/* A server that tells nonsense must not make the sum run over. */
		if (option.votes > 0 && option.votes < INT32_MAX) sum.votes += option.votes;
	}
	int64_t voters = voters_of(poll);
	sum.voters = voters > 0 && voters <= sum.votes ? voters : sum.votes;
	return sum;
}

int poll_percent(const struct poll_sum *sum, const struct poll_option *option)
{
	if (option->votes < 0 || option->votes > sum->votes) return -1;
	if (sum->voters <= 0) return 0;
	int64_t percent = (option->votes * 100 + sum->voters / 2) / sum->voters;
	return percent > MAX_PERCENT ? MAX_PERCENT : (int)percent;
}

static void begin_line(struct str *poll)
{
	if (poll->len) str_addc(poll, '\n');
}

void poll_add(struct str *poll, int64_t votes, bool ours, const char *title)
{
	begin_line(poll);
	if (votes < 0)
		str_addf(poll, "%d\t%s", ours ? OURS_HIDDEN : -1, title);
	else
		str_addf(poll, "%s%" PRId64 "\t%s", ours ? "+" : "", votes, title);
}

void poll_add_voters(struct str *poll, int64_t voters)
{
	begin_line(poll);
	str_addf(poll, "v%" PRId64 "\t", voters);
}

bool poll_keep_choice(struct str *out, const char *told, const char *before)
{
	struct poll_option now, then;
	size_t start = out->len;
	if (!poll_sum(before).ours || poll_sum(told).ours) return false;
	int64_t voters = voters_of(told);
	while (poll_next(&told, &now)) {
		bool same = poll_next(&before, &then) && then.len == now.len &&
		            memcmp(then.title, now.title, now.len) == 0;
		if (!same) {
			str_cut(out, start);
			return false;
		}
		char *title = xstrndup(now.title, now.len);
		poll_add(out, now.votes, then.ours, title);
		free(title);
	}
	if (voters >= 0) poll_add_voters(out, voters);
	return true;
}
