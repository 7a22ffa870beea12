"""`stoa filter`: posts as JSON lines in, those that match out as they came; what is not known,
what is no post, why; and a whole way from `stoa read --json` through it."""
import json
import os
import sqlite3

from lib import DemoServer, Profile, expect, finish, sign_in

POSTS = [
    {"uri": "u:1", "text": "Rust async", "facets": [], "counts": {"likes": 12, "replies": 0}, "media": [], "lang": "en",
     "flags": [], "me": "me@x.example", "visibility": "public", "created_at": "2026-11-20T08:00:00Z",
     "source": ["work/home", "two/tag:c"], "network": "mastodon", "app": "Deck",
     "author": {"handle": "ada@x.example", "name": "Ada", "bot": False, "bio": "", "followers": 7, "uri": "u"}},
    {"uri": "u:2", "text": "cry\u200bpto for caf\u00e9s", "facets": [], "media": [{"type": "image", "alt": None, "url": "u"}],
     "flags": ["unread", "mentioned"], "counts": {"likes": None}, "poll": {"options": [{"title": "Kattegat", "votes": 3}]},
     "author": None, "later_field": [1, 2]},
]
LINES = [json.dumps(POSTS[0]), " " + json.dumps(POSTS[1], ensure_ascii=False).replace('", "', '" ,"')]
INPUT = ("\n".join(LINES) + "\n").encode()

QUERIES = {
    "rust": [0], "-rust": [1], "crypto": [1], "cafes": [1], "rust OR crypto": [0, 1], "from:ada": [0], "to:me": [1],
    "is:unread": [1], "likes:>10": [0], "-likes:>10": [], "has:image": [1], "has:noalt": [1], "has:poll katte": [1],
    "word:katte": [], "lang:nl": [], "since:2026-11-20 until:2026-11-21": [0], "account:two": [0], "source:work/home": [0],
    "network:mastodon via:deck": [0], "/c.f.s$/": [1], "length:10": [0], "followers:<10": [0], "visibility:public": [0],
    "age:>1s": [0], "": None,
}


def matching(profile):
    for query, want in QUERIES.items():
        if want is None:
            continue
        done = profile.run("filter", query, stdin=INPUT, check=0)
        got = done.stdout.decode().splitlines()
        expect(got == [LINES[i] for i in want], f"{query}: {got}")
        count = profile.run("filter", "--count", query, stdin=INPUT, check=0).stdout.decode()
        expect(count == f"{len(want)}\n", f"--count {query}: {count}")
    done = profile.run("filter", "rust", "async", stdin=INPUT[:-1], check=0)
    expect(done.stdout.decode() == LINES[0] + "\n", "several words are one query, and a last line needs no LF")


def not_known(profile):
    done = profile.run("filter", "-likes:>10 -replies:>3 from:ada", stdin=INPUT * 3, check=0)
    expect(done.stdout == b"", "what is not known matches nothing")
    said = done.stderr.decode().splitlines()
    expect(len(said) == 1 and "'likes'" in said[0] and "line 2" in said[0], f"it is said once: {said}")
    done = profile.run("filter", "-is:waiting", stdin=INPUT, check=0)
    expect(b"is:waiting" in done.stderr and done.stdout == b"", "a line does not tell who waits")


def no_posts(profile):
    bad = b'{"text": 1}\nnonsense\n\n[1]\n{"text":"rust","facets":[{"kind":"tag","start":2,"end":9}]}\n' + INPUT
    done = profile.run("filter", "rust", stdin=bad, check=1)
    expect(done.stdout.decode() == LINES[0] + "\n", "the rest still goes through")
    said = done.stderr.decode()
    for line, what in (("line 1:", "'text' is not a string"), ("line 2:", "not JSON"), ("line 4:", "not an object"),
                       ("line 5:", "within the text")):
        expect(any(row.startswith("stoa: " + line) and what in row for row in said.splitlines()), f"{line} {what}: {said}")
    long = b'{"text":"' + b"x" * (8 << 20) + b'"}\n' + INPUT
    done = profile.run("filter", "rust", stdin=long, check=1)
    expect(b"line 1: longer than 8 MiB" in done.stderr and done.stdout.decode() == LINES[0] + "\n", "a long line is left out")
    expect(profile.run("filter", "rust", stdin=b"", check=0).stdout == b"", "nothing in, nothing out")


def mistakes(profile):
    done = profile.run("filter", "rust form:ada", stdin=INPUT, check=2)
    lines = done.stderr.decode().splitlines()
    expect("did you mean 'from:'" in lines[0] and lines[1] == "  rust form:ada" and lines[2] == "       ^", f"{lines}")
    expect(b"usage:" in profile.run("filter", stdin=INPUT, check=2).stderr, "a query is needed")
    expect(b"usage:" in profile.run("filter", "--nonsense", "x", stdin=INPUT, check=2).stderr, "options are known")
    expect(b"no saved query 'x'" in profile.run("filter", "saved:x", stdin=INPUT, check=2).stderr, "nothing is saved")
    expect(not os.path.exists(profile.path("STATE", "queue.db")), "a question leaves no file behind")
    hard = json.dumps({**POSTS[0], "text": "a" * 60 + "b"}).encode() + b"\n"
    done = profile.run("filter", "/(a+)+$/", stdin=hard * 9, check=1)
    expect(done.stderr.count(b"switched off") == 1, f"a regular expression without end is switched off: {done.stderr}")


def saved(profile):
    profile.run("accounts", check=0)
    with sqlite3.connect(profile.path("STATE", "queue.db")) as db:
        db.executemany("INSERT INTO state VALUES (?, ?)", [
            ("saved/trade", "own rust OR crypto"), ("saved/mine", "config saved:trade from:ada"), ("saved/round", "own saved:round")])
    db.close()
    expect(profile.run("filter", "saved:mine", stdin=INPUT, check=0).stdout.decode() == LINES[0] + "\n", "saved queries are known")
    expect(b"names itself" in profile.run("filter", "saved:round", stdin=INPUT, check=2).stderr, "a circle is refused")


def explained(profile):
    done = profile.run("filter", "--explain", "rust -has:media", stdin=INPUT, check=0)
    expect(done.stdout.decode().splitlines() ==
           ["line 1: matches: word \u201crust\u201d, not has:media", "line 2: fails at: word \u201crust\u201d"], f"{done.stdout}")
    done = profile.run("filter", "--explain", "--json", "--count", "lang:en", stdin=INPUT, check=0)
    *rows, count = done.stdout.decode().splitlines()
    rows = [json.loads(row) for row in rows]
    expect(rows == [{"line": 1, "uri": "u:1", "match": True, "why": "matches: lang:en"},
                    {"line": 2, "uri": "u:2", "match": False, "why": "not known: lang"}] and count == "1", f"{rows} {count}")


def from_a_server(url):
    with Profile() as profile:
        sign_in(profile, url, "work")
        posts = profile.run("read", "work/home", "--json", "--limit", "60", check=0).stdout
        lines = posts.decode().splitlines()
        for query in ("-is:repost", "has:media", "the OR a", "likes:>=0 -lang:de", "from:" + json.loads(lines[0])["author"]["handle"]):
            read = profile.run("read", "work/home", "--json", "--limit", "60", "--filter", query, check=0).stdout.decode()
            through = profile.run("filter", query, stdin=posts, check=0).stdout.decode()
            want = [json.loads(row)["uri"] for row in read.splitlines()]
            got = [json.loads(row)["uri"] for row in through.splitlines()]
            expect(got and set(got) <= set(want), f"{query}: filter finds {len(got)}, read --filter {len(want)}")


def main():
    with Profile() as profile:
        matching(profile)
        not_known(profile)
        no_posts(profile)
        mistakes(profile)
        explained(profile)
        saved(profile)
    with DemoServer() as server:
        from_a_server(server.url)
    finish()


main()
