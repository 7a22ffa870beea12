"""What stoa does without a screen, as a stranger would use it: doctor (each check seen failing),
feeds in and out, discovery, read, sign-in, ctl; files with secrets closed to others."""
import http.server
import json
import os
import sqlite3
import stat
import threading
import time

from lib import Deck, DemoServer, Profile, expect, finish, sign_in

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Quay news</title><link>http://x.example/</link>
<item><title>Tide gauge</title><guid>g1</guid><link>http://x.example/1</link><pubDate>Sun, 22 Nov 2026 08:00:00 GMT</pubDate>
<description>It sends the level.</description></item><item><title>Ferry</title><guid>g2</guid>
<pubDate>Sat, 21 Nov 2026 08:00:00 GMT</pubDate><description>Late again.</description></item></channel></rss>"""
PAGE = '<html><head><link rel=alternate type="application/rss+xml" title="Quay" href="/feed.xml"></head></html>'


class Site(http.server.BaseHTTPRequestHandler):
    away_s = 0

    def log_message(self, *_):
        pass

    def date_time_string(self, timestamp=None):
        return super().date_time_string(time.time() + Site.away_s)

    def do_GET(self):
        bodies = {"/feed.xml": (RSS, "application/rss+xml"), "/": (PAGE, "text/html")}
        body, kind = bodies.get(self.path, ("", ""))
        if self.path.endswith("verify_credentials"):
            body, kind = json.dumps({"id": "1", "username": "me", "acct": "me", "display_name": "Me",
                                     "url": "http://127.0.0.1/@me", "uri": "http://127.0.0.1/users/me"}), "application/json"
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind or "text/plain")
        self.end_headers()
        self.wfile.write(body.encode())


def checks(profile, **env):
    """Names of doctor's checks that are bad, and whether each bad one gives advice."""
    before = dict(profile.env)
    for name, value in env.items():
        if value is None:
            profile.env.pop(name, None)
        else:
            profile.env[name] = value
    done = profile.run("doctor", "--json")
    profile.env = before
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    bad = {row["check"] for row in rows if not row["ok"]}
    expect(done.returncode == (1 if bad else 0), f"doctor ends with {done.returncode} and {bad}")
    for row in rows:
        expect(row["ok"] or row["advice"], f"doctor gives advice on {row['check']}: {row['says']}")
    return bad


def doctor(url):
    with Profile() as profile:
        expect(checks(profile) == set(), "a new profile has nothing wrong")
        expect("terminal" in checks(profile, TERM="no-such-terminal"), "doctor sees an unknown terminal")
        expect("terminal" in checks(profile, TERM=None), "doctor sees that TERM is missing")
        expect("locale" in checks(profile, LC_ALL="C"), "doctor sees a locale without UTF-8")
        nowhere = {name: None for name in profile.env if name.startswith("XDG_")}
        expect("places" in checks(profile, HOME=None, **nowhere), "doctor sees that there is no HOME")
        config = profile.path("CONFIG", "config")
        os.makedirs(os.path.dirname(config), exist_ok=True)
        with open(config, "wb") as out:
            out.write(b"set refresh 90s\0")
        expect("config" in checks(profile), "doctor sees a config that is no text")
        os.remove(config)
        sign_in(profile, url, "work", "t0ken")
        expect(checks(profile) == set(), "an account with its token is well")
        os.chmod(profile.path("STATE", "secrets"), 0o644)
        expect("accounts" in checks(profile), "doctor sees a secrets file that others can read")
        os.chmod(profile.path("STATE", "secrets"), 0o600)
        Site.away_s = 3600
        expect("clock" in checks(profile), "doctor sees a clock that is an hour off")
        Site.away_s = 0
        for kind, name, check in (("STATE", "queue.db", "queue.db"), ("DATA", "archive.db", "archive.db")):
            with open(profile.path(kind, name), "r+b") as db:
                db.write(b"this is no database file" * 40)
            expect(check in checks(profile), f"doctor sees a damaged {name}")


def feeds(url):
    with Profile() as profile:
        opml = profile.dir + "/list.opml"
        with open(opml, "w") as out:
            out.write('<?xml version="1.0"?><opml version="2.0"><body><outline text="News"><outline type="rss" '
                      f'text="Quay" xmlUrl="{url}/feed.xml"/><outline type="rss" text="Bad" '
                      f'xmlUrl="exec:touch {profile.dir}/ran"/></outline></body></opml>')
        done = profile.run("feeds", "import", opml, check=0)
        expect(b"1 added" in done.stdout and b"exec:" in done.stderr, f"the exec line is named and left out: {done.stderr}")
        expect(not os.path.exists(profile.dir + "/ran"), "and is not run")
        done = profile.run("feeds", "import", opml, check=0)
        expect(b"0 added, 1 already" in done.stdout, "the same list again adds nothing")
        out = profile.run("feeds", "export", check=0).stdout
        expect(f"{url}/feed.xml".encode() in out and b"<opml" in out, "export names the feed")
        with Profile() as other:
            other.run("feeds", "import", "-", stdin=out, check=0)
            expect(other.run("feeds", "export", check=0).stdout.count(b"xmlUrl") == 1, "export can be imported")
        found = profile.run("feeds", "find", url, check=0).stdout
        expect(found.split(b"\t")[0] == f"{url}/feed.xml".encode(), f"find names the page's feed: {found}")
        profile.run("feeds", "find", url + "/nothing", check=1)
        name = profile.run("feeds", "list", check=0).stdout.split(b"\t")[0].decode()
        for source in (f"feeds/feed:{name}", "feeds/all", "feeds/group:News", url + "/feed.xml"):
            rows = [json.loads(r) for r in profile.run("read", source, "--json", check=0).stdout.splitlines()]
            expect([r["title"] for r in rows] == ["Tide gauge", "Ferry"], f"{source} is read newest first")
        rows = profile.run("read", "feeds/all", "--filter", "ferry", "--json", check=0).stdout.splitlines()
        expect(len(rows) == 1 and json.loads(rows[0])["title"] == "Ferry", "--filter narrows")
        expect(len(profile.run("read", "feeds/all", "--limit", "1", "--json").stdout.splitlines()) == 1, "--limit holds")
        done = profile.run("read", "feeds/all", url + "/gone.xml", "--json", check=1)
        expect(len(done.stdout.splitlines()) == 2 and b"gone.xml" in done.stderr, "one broken source hides no other")
        for args in (("read",), ("read", "--nonsense", "x"), ("read", "work/hom"), ("nonsense",), ("feeds",)):
            done = profile.run(*args, check=2)
            expect(done.stderr and not done.stdout, f"{args} is wrong usage, and says why")
        profile.run("feeds", "drop", name, check=0)
        profile.run("feeds", "drop", name, check=1)


def archive(url):
    """What was read once is found again, also while the index of an older file is made anew."""
    with Profile() as profile:
        expect(profile.run("archive", "tide").stdout == b"", "an archive that is not there has nothing")
        config = profile.path("CONFIG", "config")
        os.makedirs(os.path.dirname(config), exist_ok=True)
        with open(config, "w") as out:
            out.write(f"column add Quay {url}/feed.xml\n")
        profile.run("--snapshot", "80x24", check=0)

        def found(*args):
            done = profile.run("archive", "--json", *args)
            expect(done.returncode == 0, f"archive {args}: {done.stderr}")
            return [json.loads(line)["title"] for line in done.stdout.splitlines()]

        expect(found("e") == ["Tide gauge", "Ferry"], "the newest comes first")
        for query, titles in (("tide", ["Tide gauge"]), ("au", ["Tide gauge"]), ("word:au", []),
                              ("word:gauge", ["Tide gauge"]), ("network:feed late", ["Ferry"]),
                              ("/f[e]rry$/", ["Ferry"]), ("-tide", ["Ferry"]), ("zzqz", [])):
            expect(found(query) == titles, f"archive {query}")
        expect(profile.run("archive", "--count", "e").stdout == b"2\n", "they are counted")
        db = sqlite3.connect(profile.path("DATA", "archive.db"))
        db.execute("UPDATE meta SET value=1 WHERE name='index'")
        db.commit()
        db.close()
        done = profile.run("archive", "tide")
        expect(b"index is at 0 %" in done.stderr, f"an index that is made anew is told of: {done.stderr}")
        expect(b"Tide gauge" in done.stdout, "and nothing is missed meanwhile")
        says = [row["says"] for row in map(json.loads, profile.run("doctor", "--json").stdout.splitlines())]
        expect(any("index 0 %" in text for text in says), f"doctor tells how far it is: {says}")


def secrets(url):
    with Profile() as profile:
        os.umask(0)
        sign_in(profile, url, "work", "CANARY-8f2c")
        profile.run("read", "work/home", check=1)  # the site knows no timeline
        for top, dirs, files in os.walk(profile.dir):
            for name in files:
                path = os.path.join(top, name)
                mode = stat.S_IMODE(os.stat(path).st_mode)
                with open(path, "rb") as data:
                    holds = b"CANARY" in data.read()
                expect(not holds or name == "secrets", f"{path} holds the token")
                expect(not holds or mode == 0o600, f"{path} has mode {mode:o}")
        expect(b"work" in profile.run("accounts", check=0).stdout, "accounts names it")
        profile.run("logout", "work", check=0)
        expect(b"work" not in profile.run("accounts", check=0).stdout, "logout forgets it")


def ctl():
    with DemoServer("--pace", "off") as server, Profile() as profile:
        sign_in(profile, server.url)
        profile.config("column add Home demo/home\n")
        profile.run("ctl", "column list", check=1)
        with Deck(profile) as deck:
            expect(deck.wait_for(b"Home"), "the deck opens")
            deck.read(0.5)
            out = profile.run("ctl", "column", "list", check=0).stdout
            expect(b"column add Home demo/home" in out, f"ctl prints what the command says: {out}")
            profile.run("ctl", "column add Two demo/local", check=0)
            deck.read(0.5)
            expect(b"Two" in profile.run("ctl", "column list").stdout, "ctl adds a column")
            done = profile.run("ctl", "colum list", check=1)
            expect(b"column" in done.stderr, "a wrong command suggests the right one")


def people():
    with DemoServer("--pace", "off") as server, Profile() as profile:
        sign_in(profile, server.url, "ada")
        text = profile.run("read", 'ada/profiles:"bre"', check=0).stdout.decode()
        expect("@brecht@stoa.example\n" in text and "https://stoa.example/@brecht" in text, f"people are printed: {text}")
        row = json.loads(profile.run("read", 'ada/profiles:"bre"', "--json", check=0).stdout)
        expect(row["profile"]["handle"] == "brecht@stoa.example" and row["source"] == ["ada/profiles:bre"], f"as JSON, too: {row}")
        expect(row["profile"]["bio"] and row["profile"]["followers"] > 0, f"with what is known of them: {row}")


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    doctor(url)
    feeds(url)
    archive(url)
    secrets(url)
    ctl()
    people()
    server.shutdown()
    finish()


main()
