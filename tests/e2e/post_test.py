"""`stoa post` and `stoa queue` as a stranger would use them: what is said before anything is sent,
what is sent and how often, times, threads, polls, files, faults, plans from a table."""
import os
import struct
import urllib.parse
import urllib.request
import zlib

from lib import DemoServer, Profile, expect, finish, sign_in
from posting import ask, count, posts, queue, rows, says, text_of

CONFIG = "set outbox-settle 1s\nset outbox-spacing 0s\nslots ada daily 0:10 6:00 12:00 18:00\n"


def png(path, color):
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    pixels = b"".join(b"\0" + bytes(color) * 8 for _ in range(8))
    with open(path, "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
                  + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b""))


def before_anything_is_sent():
    text = "Café @ada@stoa.example and #tag, see https://example.org/a?b=c."
    with Profile() as profile:
        done = profile.run("post", "--dry-run", "--json", "-a", "mastodon:", "-a", "bluesky:", text, check=0)
        both = rows(done)
        expect([row["network"] for row in both] == ["mastodon", "bluesky"], "a row for each network")
        raw = text.encode()
        for row in both:
            found = {f["kind"]: raw[f["start"]:f["end"]].decode() for f in row["facets"]}
            expect(found.get("link") == "https://example.org/a?b=c", f"{row['network']}: the link's bytes: {found}")
            expect(found.get("tag") == "#tag", f"{row['network']}: the tag's bytes: {found}")
            expect(row["problem"] is None and row["cut"] is None, f"{row['network']} takes it: {row}")
            expect(row["bytes"] == len(raw), f"{row['network']} counts bytes: {row['bytes']}")
        expect(both[0]["limit"] == 500 and both[1]["limit"] == 300, "each has its limit")
        # The link counts 23 for Mastodon, whatever its length; the host of a mention counts nothing.
        long = "x" * 301
        done = profile.run("post", "--dry-run", "--json", "-a", "mastodon:", "-a", "bluesky:", long, check=1)
        first, second = rows(done)
        expect(first["problem"] is None, "301 characters are fine on Mastodon")
        expect(second["problem"] and second["cut"] == 300, f"and cut after 300 on Bluesky: {second}")
        says(profile.run("post", "--dry-run", "-a", "bluesky:", long, check=1), "301 of 300", "cut after byte 300")
        says(profile.run("post", "--dry-run", "-a", "gopher:", "x", check=2), "gopher")
        says(profile.run("post", "hello", check=1), "no account that can post", "stoa login")
        says(profile.run("post", check=2), "post what?", "usage")


def mistakes_are_usage(profile, url):
    def wrong(words, *args):
        says(profile.run("post", "-a", "ada", *args, check=2), *words)

    before = len(posts(url))
    says(profile.run("post", "to whom?", check=2), "as which account?", "ada", "brecht")
    wrong(["tomorow", "did you mean 'tomorrow'"], "--at", "tomorow 9:00", "x")
    wrong(["past", "ago"], "--at", "yesterday 9:00", "x")
    wrong(["at what time", "tomorrow 9:00"], "--at", "tomorrow", "x")
    wrong(["public, unlisted, followers, direct"], "--visibility", "secret", "x")
    wrong(["two answers"], "--poll", "only one", "x")
    wrong(["a poll"], "--poll-for", "1d", "x")
    wrong(["describes the file before it"], "--alt", "nothing", "x")
    wrong(["auto, server, local"], "--via", "pigeon", "x")
    wrong(["no language"], "--lang", "Klingon!", "x")
    wrong(["no address"], "--reply", "that one", "x")
    wrong(["nobody, mentioned"], "--gate", "friends", "x")
    wrong(["wants a value"], "x", "--warning")
    wrong(["part 2", "empty"], "--thread", "one\n---\n\n---\ntwo")
    says(profile.run("post", "-a", "adda", "x", check=1), "is it 'ada'?")
    says(profile.run("post", "-a", "ada", "--media", "/no/such.png", "x", check=1), "no file")
    says(profile.run("post", "-a", "ada", "-", stdin=b"\xff\xfe", check=2), "UTF-8")
    says(profile.run("post", "-a", "ada", "x" * 501, check=1), "501 of 500", "nothing was sent")
    says(profile.run("post", "-a", "ada", "-a", "brecht", "--text-for", "mina=x", "y", check=2), "mina")
    expect(len(posts(url)) == before, "none of it was posted")
    expect(queue(profile, "--all") == [], "and none of it is in the queue")


def posts_are_posted_once(profile, url):
    done = profile.run("post", "-a", "ada", "Plain", "words", check=0)
    says(done, "ada: sent: ")
    expect(count(url, "Plain words") == 1, "words are joined and posted once")
    profile.run("post", "-a", "ada", "-", stdin="From a pipe\r\nwith lines\n".encode(), check=0)
    expect(any(text_of(s).startswith("From a pipe") and "with lines" in text_of(s) for s in posts(url)), "standard input is posted")
    done = profile.run("post", "-a", "ada", "-a", "brecht", "--json", "--warning", "A warning", "--visibility", "unlisted", "--lang", "nl",
                       "--text-for", "brecht=Only Brecht", "To both", check=0)
    both = rows(done)
    expect([row["state"] for row in both] == ["sent", "sent"], f"two accounts, two posts: {both}")
    ada, brecht = posts(url)[0], posts(url, "demo-brecht")[0]
    expect(ada["spoiler_text"] == "A warning" and ada["visibility"] == "unlisted" and ada["language"] == "nl", f"with all that was said: {ada}")
    expect("Only Brecht" in brecht["content"], "one of them with a text of its own")
    done = profile.run("post", "-a", "brecht", "--reply", ada["url"], "An answer", check=0)
    expect(posts(url, "demo-brecht")[0]["in_reply_to_id"] == ada["id"], "a reply answers its parent")
    profile.run("post", "-a", "ada", "--poll", "Tea | Coffee|Neither", "--poll-for", "6h", "--poll-multiple", "Which?", check=0)
    poll = posts(url)[0]["poll"]
    expect([o["title"] for o in poll["options"]] == ["Tea", "Coffee", "Neither"] and poll["multiple"], f"a poll: {poll}")


def threads_and_files(profile, url):
    first, second = os.path.join(profile.dir, "first.png"), os.path.join(profile.dir, "second.png")
    png(first, (200, 30, 30))
    png(second, (30, 30, 200))
    profile.run("post", "-a", "ada", "--media", first, "--alt", "A red square", "--media", second, "--alt", "A blue one", "Two pictures", check=0)
    alts = [m["description"] for m in posts(url)[0]["media_attachments"]]
    expect(alts == ["A red square", "A blue one"], f"each file has its words: {alts}")
    profile.run("post", "-a", "ada", "--thread", "-", stdin=b"Part one\n\n---\nPart two\n---\nPart three\n", check=0)
    three = [s for s in posts(url) if "Part " in s["content"]]
    three.reverse()
    expect([text_of(s) for s in three] == ["Part one", "Part two", "Part three"], f"a thread of three, in order: {[text_of(s) for s in three]}")
    expect([s["in_reply_to_id"] for s in three] == [None, three[0]["id"], three[1]["id"]], "each answers the one before it")


def files_of_later_parts(profile, url):
    first, second = os.path.join(profile.dir, "first.png"), os.path.join(profile.dir, "second.png")
    text = b"Front\n---\nMiddle\n---\nBack"
    files = ["--media", first, "--part", "3", "--media", second, "--alt", "The back"]
    profile.run("post", "-a", "ada", "--thread", *files, "-", stdin=text, check=0)
    three = [s for s in posts(url) if text_of(s) in ("Front", "Middle", "Back")]
    alts = {text_of(s): [m["description"] for m in s["media_attachments"]] for s in three}
    expect(alts == {"Front": [None], "Middle": [], "Back": ["The back"]}, f"each part has its files: {alts}")
    says(profile.run("post", "-a", "ada", "--part", "2", "--media", first, "x", check=2), "only a thread")
    says(profile.run("post", "-a", "ada", "--thread", "--part", "4", "--media", first, "x", check=2), "no part 4")
    says(profile.run("post", "-a", "ada", "--thread", "--part", "0", "x", check=2), "no part of a thread")
    for form in ("json", "csv"):
        profile.run("post", "-a", "ada", "--thread", "--at", "in 2h", *files, "-", stdin=text, check=0)
        out = profile.run("queue", "export", "--format", form, check=0).stdout
        before = sorted((row["text"], [m["path"] for m in row["media"]]) for row in queue(profile))
        for row in queue(profile):
            if row["text"] == "Front":
                profile.run("queue", "cancel", str(row["id"]), check=0)
        expect(queue(profile) == [], "the parts go with the first")
        profile.run("queue", "import", "--format", form, "-", stdin=out, check=0)
        after = sorted((row["text"], [m["path"] for m in row["media"]]) for row in queue(profile))
        expect(before == after and len(after) == 3, f"exported as {form} and imported they are the same: {before} {after}")
        expect(all(path.startswith(profile.path("STATE", "outbox-files")) for row in after for path in row[1]), "planned files are copies")
        for row in queue(profile):
            if row["text"] == "Front":
                profile.run("queue", "cancel", str(row["id"]), check=0)


def times(profile):
    def shown(at, zone="Europe/Amsterdam"):
        return profile.run("post", "--dry-run", "-a", "mastodon:", "--at", at, "--zone", zone, "x", check=0).stdout.decode()

    expect("03:00 CEST" in shown("2030-03-31 02:30") and "there is no 02:30" in shown("2030-03-31 02:30"), "a gap is pointed out")
    expect("02:30 CEST" in shown("2030-10-27 02:30") and "twice" in shown("2030-10-27 02:30"), "a fold is pointed out")
    expect("02:30 CET" in shown("2030-10-27 02:30 second"), "and the second of both can be had")
    expect("+0545" in shown("tomorrow 9:00", "Asia/Kathmandu"), "the zone is told")
    says(profile.run("post", "--dry-run", "-a", "mastodon:", "--at", "tomorrow 9:00", "--zone", "Mars/Base", "x", check=1), "Mars/Base")


def slots_are_taken_one_by_one(profile):
    times_of = [rows(profile.run("post", "-a", "ada", "--at", "next slot", "--via", "local", "--json", f"Slot {n}", check=0))[0]["at"] for n in range(3)]
    expect(len(set(times_of)) == 3 and times_of == sorted(times_of), f"each has a slot of its own: {times_of}")
    says(profile.run("post", "-a", "brecht", "--at", "next slot", "x", check=2), "brecht has no slots")
    for row in queue(profile):
        profile.run("queue", "cancel", str(row["id"]), check=0)
    expect(queue(profile) == [], "all of them are taken back")


def the_queue_is_looked_after(profile, url):
    profile.run("post", "-a", "ada", "--at", "in 2h", "--via", "local", "Kept here", check=0)
    says(profile.run("post", "-a", "ada", "--at", "in 3h", "Kept there", check=0), "its server keeps it")
    here, there = sorted(queue(profile), key=lambda row: row["id"])
    expect(here["state"] == "scheduled" and there["state"] == "kept", f"one here, one there: {here['state']}, {there['state']}")
    expect(here["account_name"] == "ada", "rows name their account")
    kept = ask(url, "/api/v1/scheduled_statuses")
    expect([k["params"]["text"] for k in kept] == ["Kept there"], f"the server has the one: {kept}")
    says(profile.run("queue", check=0), "Kept here", "Kept there", "in 2 h", "nobody sends")
    says(profile.run("queue", "move", str(here["id"]), "tomorrow", "9:15", check=0), "09:15")
    says(profile.run("queue", "move", str(here["id"]), "someday", check=2), "someday")
    profile.run("queue", "move", str(there["id"]), "in", "4h", check=0)
    moved = ask(url, "/api/v1/scheduled_statuses")
    expect([k["params"]["text"] for k in moved] == ["Kept there"] and moved[0]["scheduled_at"] > kept[0]["scheduled_at"],
           f"what the server keeps is moved there: {moved}")
    expect(sorted(row["state"] for row in queue(profile)) == ["kept", "scheduled"], "and is kept again")
    editor = os.path.join(profile.dir, "editor")
    with open(editor, "w") as out:
        out.write("#!/bin/sh\nsed -i s/here/HERE/ \"$1\"\n")
    os.chmod(editor, 0o755)
    profile.env["EDITOR"] = editor
    profile.run("queue", "edit", str(here["id"]), check=0)
    says(profile.run("queue", "show", str(here["id"]), check=0), "Kept HERE", "09:15", "scheduled")
    says(profile.run("queue", "hold", check=0), "held")
    expect(ask(url, "/api/v1/scheduled_statuses") == [], "a hold withdraws what the server keeps")
    done = profile.run("post", "-a", "ada", "In a storm", check=1)
    says(done, "held")
    expect(count(url, "In a storm") == 0, "nothing is posted while it is held")
    says(profile.run("queue", check=0), "held: nothing goes out")
    profile.run("queue", "resume", check=0)
    profile.run("queue", "run", check=0)
    expect(count(url, "In a storm") == 1, "what was due goes out once it is over")
    for row in queue(profile):
        profile.run("queue", "cancel", str(row["id"]), check=0)
    expect(queue(profile) == [] and ask(url, "/api/v1/scheduled_statuses") == [], "all is taken back, there too")
    says(profile.run("queue", "cancel", "99999", check=1), "no 99999")
    says(profile.run("queue", "show", "x", check=2), "no post of the queue")
    says(profile.run("queue", "juggle", check=2), "juggle")


def faults(profile, url):
    def misbehave(spec):
        request = urllib.request.Request(url + "/demo/misbehave", method="POST", data=urllib.parse.urlencode({"spec": spec}).encode())
        urllib.request.urlopen(request, timeout=20).close()

    misbehave("status:422@/api/v1/statuses*1")
    says(profile.run("post", "-a", "ada", "Refused", check=1), "failed", "it is in the queue")
    failed = [row for row in queue(profile) if row["state"] == "failed"]
    expect(len(failed) == 1, f"a refused one stays in the queue: {failed}")
    profile.run("queue", "retry", str(failed[0]["id"]), check=0)
    expect(count(url, "Refused") == 1, "and can be sent again")
    misbehave("cut-after-accept@/api/v1/statuses*1")
    done = profile.run("post", "-a", "ada", "Cut off", check=0, timeout=120)
    says(done, "sent")
    expect(count(url, "Cut off") == 1, "an answer that never came is asked for, and nothing is posted twice")
    misbehave("late-commit:2500@/api/v1/statuses*1")
    profile.run("post", "-a", "ada", "Late there", timeout=120, check=0)
    expect(count(url, "Late there") == 1, "one that appears late stands once")


def damaged(profile):
    """A queue.db that came to harm sends nothing, and is made anew from backup and remains."""
    with open(profile.path("STATE", "queue.db"), "r+b") as db:
        db.seek(4096)
        db.write(b"\xff" * 600)
    says(profile.run("post", "-a", "ada", "Into the dark", check=1), "damaged", "backup")
    says(profile.run("queue", "recover", check=0), "could be read", "damaged-1")
    profile.run("queue", "list", check=0)
    says(profile.run("queue", "recover", check=0), "sound")


PLAN = '''text,at,account,media,alt
"Said, with ""quotes""",{day} 9:00,ada,,
"Two
lines",{day} 10:00,ada;brecht,,
'''
WRONG = '''text,at,account,media,alt
Fine,{day} 9:00,ada,,
Misspelt,tomorow 9:00,ada,,
Nobody,{day} 9:00,adda,,
Gone,{day} 9:00,ada,/no/such.png,words
'''


def plans_from_a_table(profile):
    def file(name, text):
        path = os.path.join(profile.dir, name)
        with open(path, "w", newline="") as out:
            out.write(text.format(day="2031-05-05"))
        return path

    done = profile.run("queue", "import", file("wrong.csv", WRONG), check=1)
    for line, words in ((3, "did you mean 'tomorrow'"), (4, "is it 'ada'?"), (5, "no file")):
        says(done, f"wrong.csv:{line}: ", words)
    expect(queue(profile) == [], "one wrong row, and none is taken")
    plan = file("plan.csv", PLAN)
    says(profile.run("queue", "import", "--dry-run", plan, check=0), "2 would be taken", "5 May 2031")
    expect(queue(profile) == [], "a dry run takes nothing")
    says(profile.run("queue", "import", plan, check=0), "2 taken, 3 posts")
    texts = sorted(row["text"] for row in queue(profile))
    expect(texts == ['Said, with "quotes"', "Two\nlines", "Two\nlines"], f"what was planned is there: {texts}")
    for form in ("json", "csv"):
        out = profile.run("queue", "export", "--format", form, check=0).stdout
        before = sorted((row["text"], row["at"], row["account_name"]) for row in queue(profile))
        for row in queue(profile):
            profile.run("queue", "cancel", str(row["id"]), check=0)
        profile.run("queue", "import", "-", stdin=out, check=0)
        after = sorted((row["text"], row["at"], row["account_name"]) for row in queue(profile))
        expect(before == after, f"what is exported as {form} is imported the same: {after}")
    says(profile.run("queue", "import", file("header.csv", "txt,at\nx,y\n"), check=1), "header.csv:1: txt", "is it 'text'?")
    says(profile.run("queue", "import", file("open.csv", 'text\n"x\n'), check=1), "line 2", "never closed")
    says(profile.run("queue", "import", file("list.json", '{{"text": 7, "at": {{}}}}\n{{"text": "x"\n'), check=1), "list.json:1: at", "list.json:2: ")
    for row in queue(profile):
        profile.run("queue", "cancel", str(row["id"]), check=0)
    many = "text,at,account\n" + "".join(f"Post {n},2031-0{1 + n % 9}-{1 + n % 28:02} {n % 24}:{n % 60:02},ada\n" for n in range(3000))
    says(profile.run("queue", "import", "--dry-run", "-", stdin=many.encode(), check=0), "3000 would be taken")
    says(profile.run("queue", "import", "-", stdin=many.encode(), check=0), "3000 taken, 3000 posts")
    expect(len(queue(profile)) == 3000, "three thousand rows are in the queue")


def main():
    before_anything_is_sent()
    with DemoServer("--pace", "off") as server, Profile() as profile:
        profile.config(CONFIG)
        sign_in(profile, server.url, "ada", "demo-ada")
        sign_in(profile, server.url, "brecht", "demo-brecht")
        mistakes_are_usage(profile, server.url)
        posts_are_posted_once(profile, server.url)
        threads_and_files(profile, server.url)
        files_of_later_parts(profile, server.url)
        times(profile)
        slots_are_taken_one_by_one(profile)
        the_queue_is_looked_after(profile, server.url)
        faults(profile, server.url)
        plans_from_a_table(profile)
        damaged(profile)


main()
finish()
