"""Every string that a feed or a status can carry, filled with hostile text, through the deck and
through `stoa read`: no escape may reach the terminal that stoa did not write itself."""
import http.server
import json
import re
import threading
from xml.sax.saxutils import escape

from lib import ALLOWED, Deck, Profile, escapes, expect, finish, sign_in
from payloads import PAYLOADS


def html(text):
    return "<p>" + escape(text) + "</p>" + text.replace("<", "&lt;")


def account(p, i):
    return {"id": f"a{i}", "username": p, "acct": p + "@evil.example", "display_name": p, "note": html(p),
            "url": f"https://evil.example/@{i}{p}", "uri": f"https://evil.example/users/{i}",
            "bot": False, "avatar": p, "fields": [{"name": p, "value": html(p), "verified_at": None}],
            "emojis": [{"shortcode": p, "url": p}], "followers_count": 1}


def status(p, i, wrap=True):
    s = {"id": f"{100000 - i}", "uri": f"https://evil.example/s/{i}{'' if wrap else 'r'}",
         "url": "https://evil.example/" + p, "created_at": f"2026-11-20T10:{i % 60:02d}:00.000Z",
         "account": account(p, i), "content": html(p), "visibility": "public", "sensitive": True,
         "spoiler_text": p if i % 2 else "", "language": p[:5], "replies_count": 1, "reblogs_count": 2,
         "favourites_count": 3, "edited_at": None, "in_reply_to_id": p, "in_reply_to_account_id": p,
         "media_attachments": [{"id": "m", "type": "image", "url": "https://evil.example/" + p,
                                "description": p, "preview_url": p, "meta": {}}],
         "mentions": [{"id": p, "username": p, "url": "https://evil.example/" + p, "acct": p}],
         "tags": [{"name": p, "url": p}], "emojis": [{"shortcode": p, "url": p}],
         "application": {"name": p, "website": p},
         "card": {"url": "https://evil.example/" + p, "title": p, "description": p, "type": "link",
                  "author_name": p, "provider_name": p},
         "poll": {"id": p, "expires_at": None, "expired": False, "multiple": False, "votes_count": 3,
                  "options": [{"title": p, "votes_count": 1}, {"title": p + "2", "votes_count": 2}], "emojis": []},
         "favourited": False, "reblogged": False, "bookmarked": False, "muted": False}
    if wrap:
        s["quote"] = {"state": "accepted", "quoted_status": status(p, i + 500, False)}
        if i % 3 == 0:
            s["reblog"] = status(p, i + 1000, False)
    return s


HOME = [status(p, i) for i, p in enumerate(PAYLOADS)]
NOTIFICATIONS = [{"id": str(5000 - i), "type": kind, "created_at": "2026-11-20T11:00:00.000Z",
                  "account": account(p, i), "status": status(p, i + 2000, False)}
                 for i, p in enumerate(PAYLOADS)
                 for kind in [["mention", "favourite", "reblog", "follow", p][i % 5]]]


def feed():
    items = []
    for i, p in enumerate(PAYLOADS):
        q = "".join(c for c in p if c >= " " or c in "\t\n\r")
        q = escape("".join(c for c in q if not 0xD800 <= ord(c) < 0xE000 and ord(c) < 0xFFFE or ord(c) > 0xFFFF))
        ent = escape(p).replace("\x1b", "&#27;").replace("\x07", "&#7;").replace("\x9b", "&#x9b;")
        ent = "".join(c for c in ent if c >= " " or c in "\t\n\r")
        items.append(f"<item><title>{q}{ent}</title><link>http://evil.example/{q}</link><guid>{i}{q}</guid>"
                     f"<author>{q}</author><category>{q}</category><description>{q} &lt;p&gt;{escape(ent)}&lt;/p&gt;"
                     f"</description><enclosure url='http://evil.example/{q}' type='{q}' length='1'/></item>")
    return ("<?xml version='1.0'?><rss version='2.0'><channel><title>Evil &#27;]0;STOAEVIL&#7;</title>"
            "<link>http://evil.example/</link>" + "".join(items) + "</channel></rss>")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="application/json", reason=None):
        data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        self.send_response(status, reason)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        path = self.path.split("?")[0]
        if path.endswith("verify_credentials"):
            self.answer(200, json.dumps({**account("me", 1), "acct": "me", "username": "me"}))
        elif path.endswith("timelines/home"):
            self.answer(200, "[]" if "id=" in self.path else json.dumps(HOME))
        elif path.endswith("notifications"):
            self.answer(200, "[]" if "id=" in self.path else json.dumps(NOTIFICATIONS))
        elif "timelines/public" in path:
            self.answer(422, json.dumps({"error": PAYLOADS[0], "error_description": PAYLOADS[15]}),
                        reason="\x1b]0;STOAEVIL\x07")
        elif "timelines/tag" in path:
            self.answer(503, "<html>\x1b[31mSTOAEVIL</html>", "text/html", reason="\x1b[6666;7777H")
        elif path.endswith("feed.xml"):
            self.answer(200, feed(), "application/rss+xml")
        else:
            self.answer(404, json.dumps({"error": PAYLOADS[16]}))


def drive_deck(profile, url, **kw):
    """Look at everything that the deck can show, and give back its bytes."""
    with Deck(profile, rows=50, cols=200, **kw) as deck:
        deck.wait_for(b"evil.example", 15)
        deck.read(1.0)
        for column in range(4):
            for _ in range(len(PAYLOADS) + 2):
                deck.send("j", 0.005)
            deck.send("i", 0.05), deck.send("\x1b", 0.1)
            deck.send("x", 0.02), deck.send("gg", 0.05)
            deck.send("\r", 0.1), deck.send("\x1b", 0.1)
            deck.send("l", 0.05)
        for keys in ("?", "\x1b", ";", "\x1b", ".", "\x1b", "o", "\x1b", "y", "M", "U", "/STOA", "\x1b", ":messages\r", "\x1b"):
            deck.send(keys, 0.1)
        expect(deck.alive(), "the deck lives on")
        deck.send("q", 0.1), deck.send("y", 0.5)
        expect(deck.wait_end(5), "q and y end the deck")
        return bytes(deck.raw)


# What stoa itself may write on top: its title (saved and restored), and what the key y copies.
OWN = [
    re.compile(rb"\x1b\[2[23];2t"),
    re.compile(rb"\x1b\]2;[^\x00-\x1f\x7f]*(\x07|\x1b\\)"),
    re.compile(rb"\x1b\]52;c;(?!U1RPQUVWSUw=)[A-Za-z0-9+/=]+(\x07|\x1b\\)"),
]


def report(what, raw, own=()):
    found = escapes(raw, [*ALLOWED, *own])
    expect(not found, f"{what}: {len(found)} foreign escapes, first {found[:3]}")


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    with Profile() as profile:
        sign_in(profile, url, "evil", "x")
        sources = ["evil/home", "evil/notifications", url + "/feed.xml"]
        for flags in ([], ["--json"]):
            done = profile.run("read", *sources, "--limit", "500", *flags, check=0)
            expect(len(done.stdout) > 20000, f"stoa read {flags} prints the posts")
            report(f"stoa read {flags}", done.stdout)
            expect(b"STOAEVIL" in done.stdout, "the text itself is kept")
            if flags:
                for line in done.stdout.splitlines():
                    json.loads(line)
        for bad in ("evil/local", "evil/tag:x"):
            done = profile.run("read", bad, check=1)
            report(f"the error of {bad}", done.stderr)
        profile.config("column add Home evil/home\ncolumn add Notes evil/notifications\n"
                       f"column add Feed {url}/feed.xml\ncolumn add Broken evil/local evil/tag:x\nset set-title on\n")
        for term, locale in (("xterm-256color", "C.UTF-8"), ("xterm", "C"), ("tmux-256color", "C.UTF-8")):
            profile.env["LC_ALL"] = locale
            raw = drive_deck(profile, url, term=term)
            expect(len(raw) > 20000, "the deck was drawn")
            report(f"the deck, {term}, {locale}", raw, OWN)
            for payload in (b"\x1b[6666", b"\x1b]0;STOA", b"\x1b]52;c;U1RP", b"\x1b]8;;http://STOA"):
                expect(payload not in raw, f"{payload} does not pass")
    server.shutdown()
    finish()


main()
