#include "db/db.h"
#include "db/queue_outbox_inside.h"

/*
 * Rows wait for one another: a part of a thread for the one before it, a changed post for
 * the old one to be withdrawn. What becomes of those that wait is written in the
 * transaction that moves the one they wait for. (`<>0` lets SQLite take the partial indexes.)
 */

#define THOSE_AFTER                                                                                \
	"WITH RECURSIVE d(id) AS (SELECT id FROM outgoing WHERE after=?1 AND after<>0 UNION"       \
	" SELECT o.id FROM outgoing o JOIN d ON o.after=d.id AND o.after<>0) "

/* Move all after it from one state to another, with a cause; `which` narrows them. */
struct fate {
	enum outgoing_state from, to;
	bool parked;
	const char *which, *cause;
};

static bool befall(
        struct queue_db *db, int64_t id, const struct fate *fate, int64_t now_ms, struct err *err)
{
	struct str note = {0}, move = {0};
	str_addf(&note,
	        THOSE_AFTER "INSERT INTO outgoing_change(outgoing, at_ms, state, cause)"
	                    " SELECT id, ?2, '%s', ?3 FROM outgoing WHERE id IN d AND state='%s'%s",
	        outgoing_states[fate->to].name, outgoing_states[fate->from].name, fate->which);
	str_addf(&move,
	        THOSE_AFTER "UPDATE outgoing SET state='%s', parked=%d, changed_ms=?2, cause=?3,"
	                    " rev=rev+1, ready_ms=NULL WHERE id IN d AND state='%s'%s",
	        outgoing_states[fate->to].name, fate->parked, outgoing_states[fate->from].name,
	        fate->which);
	bool ok = db_run(db->db, "cannot write the queue", err, note.p, "iit", id, now_ms,
	                  fate->cause) &&
	          db_run(db->db, "cannot write the queue", err, move.p, "iit", id, now_ms,
	                  fate->cause);
	str_finish(&note);
	str_finish(&move);
	return ok;
}

static bool those_after(
        struct queue_db *db, const struct outgoing *item, int64_t now_ms, struct err *err)
{
	static const struct fate taken_back = {OUTGOING_SCHEDULED, OUTGOING_CANCELLED, false, "",
	        "the part before it was taken back"};
	static const struct fate parked_too = {OUTGOING_NEEDS_YOU, OUTGOING_CANCELLED, false,
	        " AND parked=1", "the part before it was taken back"};
	static const struct fate goes_on = {
	        OUTGOING_NEEDS_YOU, OUTGOING_SCHEDULED, false, " AND parked=1", NULL};
	struct fate parks = {OUTGOING_SCHEDULED, OUTGOING_NEEDS_YOU, true, "",
	        "the part before it was not posted"};
	switch (item->state) {
	case OUTGOING_CANCELLED:
		return befall(db, item->id, &taken_back, now_ms, err) &&
		       befall(db, item->id, &parked_too, now_ms, err);
	case OUTGOING_MISSED:
		parks.cause = "the part before it missed its time";
		return befall(db, item->id, &parks, now_ms, err);
	case OUTGOING_NEEDS_YOU:
	case OUTGOING_FAILED:
		return befall(db, item->id, &parks, now_ms, err);
	case OUTGOING_SCHEDULED:
	case OUTGOING_SENT:
		return befall(db, item->id, &goes_on, now_ms, err);
	default:
		return true;
	}
}

/* What was to take the place of one that turned out to be posted. */
static bool too_late_for(
        struct queue_db *db, const struct outgoing *item, int64_t now_ms, struct err *err)
{
	static const char cause[] =
	        "what it was to replace was posted before it could be withdrawn";
	if (item->state != OUTGOING_SENT) return true;
	return db_run(db->db, "cannot write the queue", err,
	               "INSERT INTO outgoing_change(outgoing, at_ms, state, cause)"
	               " SELECT id, ?2, 'needs you', ?3 FROM outgoing WHERE replaces=?1 AND "
	               "replaces<>0"
	               " AND state='scheduled'",
	               "iit", item->id, now_ms, cause) &&
	       db_run(db->db, "cannot write the queue", err,
	               "UPDATE outgoing SET state='needs you', changed_ms=?2, cause=?3, rev=rev+1"
	               " WHERE replaces=?1 AND replaces<>0 AND state='scheduled'",
	               "iit", item->id, now_ms, cause);
}

#define SET_READY                                                                                  \
	"UPDATE outgoing SET ready_ms=CASE state"                                                  \
	" WHEN 'scheduled' THEN CASE WHEN held<>0"                                                 \
	" OR EXISTS(SELECT 1 FROM outgoing p WHERE p.id=outgoing.after AND p.state<>'sent')"       \
	" OR EXISTS(SELECT 1 FROM outgoing r WHERE r.id=outgoing.replaces"                         \
	" AND r.state<>'cancelled') THEN NULL"                                                     \
	" ELSE max(1, CASE keep WHEN 0 THEN at_ms ELSE 0 END, undo_until_ms, next_ms)"             \
	" END WHEN 'unknown' THEN max(1, next_ms) WHEN 'kept' THEN max(1, next_ms)"                \
	" ELSE NULL END WHERE "

bool outgoing_ready_between(struct queue_db *db, int64_t first, int64_t last, struct err *err)
{
	return db_run(db->db, "cannot write the queue", err, SET_READY "id BETWEEN ?1 AND ?2", "ii",
	        first, last);
}

static bool ready_step(struct queue_db *db, const struct outgoing *item, struct err *err)
{
	return db_run(db->db, "cannot write the queue", err,
	        SET_READY "id IN (SELECT ?1"
	                  " UNION ALL SELECT id FROM outgoing WHERE after=?1 AND after<>0"
	                  " UNION ALL SELECT id FROM outgoing WHERE replaces=?1 AND replaces<>0)",
	        "i", item->id);
}

bool outgoing_family_step(
        struct queue_db *db, const struct outgoing *item, int64_t now_ms, struct err *err)
{
	return those_after(db, item, now_ms, err) && too_late_for(db, item, now_ms, err) &&
	       ready_step(db, item, err);
}
