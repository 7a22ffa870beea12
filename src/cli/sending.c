#include "sending.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "out.h"

enum {
	TURN_MS = 1000,
	STUCK_MS = 20000,       /* so long may a due post wait for its turn, with a reason */
	NOBODY_MS = 3000,       /* so long nobody may be able to send: one may take over */
	UNKNOWN_MS = 3 * 60000, /* for the server to say whether it has it */
	MOST_MS = 30 * 60000,   /* for large attachments, or a server that is slow to take them */
};

const struct account *sending_account(const struct session *session, account_id id)
{
	const struct account *const *list;
	size_t n = store_accounts(session->store, &list);
	for (size_t i = 0; i < n; i++) {
		if (list[i]->id == id) return list[i];
	}
	return NULL;
}

const char *sending_name(const struct session *session, account_id id, char buf[32])
{
	const struct account *account = sending_account(session, id);
	if (account) return account->name;
	snprintf(buf, 32, "account %" PRIu32, (uint32_t)id);
	return buf;
}

static bool is_later(const struct outgoing *item, int64_t now_ms)
{
	return item->state == OUTGOING_SCHEDULED && !item->keep && item->at.utc_ms > now_ms;
}

/* Those behind one that waits, wait too. */
static const struct outgoing *first_of_thread(
        const struct queued *queued, const struct outgoing *item)
{
	while (item->after) {
		const struct outgoing *before = queued_item(queued, item->after);
		if (!before || before->state == OUTGOING_SENT) break;
		item = before;
	}
	return item;
}

bool sending_is_well(const struct queued *queued, const struct outgoing *item, int64_t now_ms)
{
	if (item->state == OUTGOING_SENT || item->state == OUTGOING_KEPT) return true;
	item = first_of_thread(queued, item);
	return is_later(item, now_ms) && !item->held;
}

/* Is it still on its way somewhere, so that waiting helps? */
static bool is_moving(
        const struct queued *queued, const struct outgoing *item, int64_t now_ms, int64_t waited_ms)
{
	const struct outgoing *first = first_of_thread(queued, item);
	if (first != item && !is_moving(queued, first, now_ms, waited_ms)) return false;
	switch (item->state) {
	case OUTGOING_SCHEDULED:
		if (first != item) return true;
		if (is_later(item, now_ms) || item->held) return false;
		if (queued_is_held(queued, item->account)) return false;
		return !item->cause || waited_ms < STUCK_MS;
	case OUTGOING_CLAIMED:
	case OUTGOING_SENDING:
		return true;
	case OUTGOING_UNKNOWN:
		return waited_ms < UNKNOWN_MS;
	case OUTGOING_KEPT: /* its server is asked: to give it back, or whether it appeared */
		return item->next_ms <= now_ms && waited_ms < STUCK_MS;
	default:
		return false;
	}
}

static void tell_notices(struct queued *queued)
{
	for (char *line = queued->notice.p; line && *line;) {
		size_t len = strcspn(line, "\n");
		line[len] = '\0';
		fputs("stoa: ", stderr);
		out_text(stderr, line);
		fputc('\n', stderr);
		line += len + 1;
	}
	str_clear(&queued->notice);
}

/* Does nobody send any more, so that waiting is in vain? */
static bool is_deserted(const struct queued *queued, int64_t now_ms, int64_t *since_ms)
{
	bool nobody = !queued->sends && (!queued->sender || !*queued->sender);
	bool deserted = nobody || queued->stopped;
	if (!deserted || !*since_ms) *since_ms = now_ms;
	return deserted && now_ms - *since_ms > NOBODY_MS;
}

void sending_wait(struct session *session, struct queued *queued,
        bool (*ours)(const void *ctx, const struct outgoing *item), const void *ctx)
{
	int64_t start = clock_mono(&clock_system), deserted_ms = 0;
	for (;;) {
		while (session_turn(session, 0)) {
		}
		tell_notices(queued);
		int64_t now = clock_wall(&clock_system);
		int64_t waited = clock_mono(&clock_system) - start;
		bool moving = false;
		for (size_t i = 0; i < queued->nitems && !moving; i++) {
			const struct outgoing *item = queued->items[i];
			moving = (!ours || ours(ctx, item)) && is_moving(queued, item, now, waited);
		}
		if (!moving || waited > MOST_MS) return;
		if (is_deserted(queued, start + waited, &deserted_ms)) return;
		session_turn(session, TURN_MS);
	}
}

const char *sending_keeper(const struct queued *queued, const struct outgoing *item)
{
	if (item->state == OUTGOING_KEPT) return "its server keeps it and posts it";
	if (item->state != OUTGOING_SCHEDULED) return NULL;
	return queued->sender && *queued->sender && !queued->sends
	               ? "this machine posts it, as long as a deck or daemon runs; one does now"
	               : "this machine posts it: a deck or `stoa daemon` has to run then";
}

static void print_line(FILE *stream, const char *text)
{
	out_text(stream, text);
	fputc('\n', stream);
}

void sending_report(const struct session *session, const struct queued *queued,
        const struct outgoing *item, bool json)
{
	struct str line = {0};
	char buf[32];
	int64_t now = clock_wall(&clock_system);
	bool well = sending_is_well(queued, item, now);
	if (json) {
		outgoing_print(&line, item);
		print_line(stdout, str_c(&line));
		str_finish(&line);
		return;
	}
	str_addf(&line, "%s%s: ", well ? "" : "stoa: ", sending_name(session, item->account, buf));
	bool waits = item->state == OUTGOING_SCHEDULED && !well;
	str_adds(&line, waits && (item->held || queued_is_held(queued, item->account))
	                        ? "held"
	                        : outgoing_states[item->state].name);
	if (item->state == OUTGOING_SENT && (item->url || item->uri)) {
		str_addf(&line, ": %s", item->url ? item->url : item->uri);
	} else if (well) {
		const char *keeper = sending_keeper(queued, item);
		str_adds(&line, ": ");
		when_print(&line, &item->at, now);
		if (keeper) str_addf(&line, "; %s", keeper);
	} else if (item->cause) {
		str_addf(&line, ": %s", item->cause);
	}
	print_line(well ? stdout : stderr, str_c(&line));
	if (!well && item->state != OUTGOING_CANCELLED)
		fprintf(stderr,
		        "      it is in the queue as %" PRId64 ": `stoa queue show %" PRId64 "`\n",
		        item->id, item->id);
	str_finish(&line);
}
