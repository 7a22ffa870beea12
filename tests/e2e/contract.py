#!/usr/bin/env python3
"""Hold stoa, and its demo server, to the Mastodon API's description (an OpenAPI document).

    contract.py DOCUMENT PRISM         scripts/check-contract says where they come from

stoa talks to a relay, which passes each request on to Prism, which checks it and its answer
against the document and passes it on to the demo server. First stoa does whatever it can, on
the command line and from the deck; then the demo server's other operations are asked for.
Printed are each operation that was used, by whom and how often, and every violation.
"""
import http.client
import json
import os
import re
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.parse
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import STOA, DemoServer, Deck, Profile, expect, finish, sign_in  # noqa: E402

CLOCK = "2026-11-22T08:00:00Z"

# What stoa asks for though the document does not know it, and why that is right.
UNDOCUMENTED = {
    "/.well-known/nodeinfo": "NodeInfo, a protocol of its own, tells which server it is",
    "/nodeinfo/2.0": "the same",
    "/api/v1/streaming": "the WebSocket of all streams: described in words only",
    "/demo/": "the demo's own",
}

# Faults of the document: operation (None: any), what Prism says, and why it is not ours.
EXCUSED = [
    (None, r"quote must match exactly one schema in oneOf",
     "whatever is in a quote fits both Quote and ShallowQuote, so that it never fits one only"),
    ("createStatus", r"^Response body must have required property '(params|scheduled_at)'",
     "a quote, which fits none (see above), is taken for a scheduled post that lacks all"),
    ("getNotifications", r"status must (be null|match exactly one schema in oneOf)$",
     "the same within a notification"),
    ("getFilters", r"^Response body must be object$",
     "the documentation of GET /api/v1/filters shows a list, and servers send one"),
    ("getInstanceV2", r"required property 'api_versions'",
     "the document describes the newest server; before 4.3 there was none, which the demo plays"),
    ("updateFilterV2", r"property expires_in must be integer",
     "that a filter shall no longer end can only be told by null, which the document forgets"),
    ("createStatus", r"must match exactly one schema in oneOf|required property 'media_ids'",
     "a text with a poll or pictures fits TextStatus as well as the other"),
]


class Document:
    """Operations by method and path."""

    def __init__(self, path):
        with open(path) as f:
            document = json.load(f)
        self.rows = []
        for pattern, operations in document["paths"].items():
            regex = re.compile("^" + re.sub(r"\{[^}]*\}", "[^/]+", pattern) + "$")
            for method, operation in operations.items():
                if method in ("get", "post", "put", "patch", "delete"):
                    names = {p["name"] for p in operation.get("parameters", [])
                             if p.get("in") == "query"}
                    self.rows.append((method.upper(), regex, pattern.count("{"),
                                      operation["operationId"], names))

    def find(self, method, path):
        rows = [r for r in self.rows if r[0] == method and r[1].match(path)]
        return min(rows, key=lambda r: r[2]) if rows else None


class Relay:
    """Stands before Prism on a port of its own, and notes what passes."""

    def __init__(self, document, prism_port, demo_port):
        self.document, self.prism_port, self.demo_port = document, prism_port, demo_port
        self.lock = threading.Lock()
        self.who = "stoa"
        self.lose = None  # an operation whose next answer gets lost
        self.calls = []  # (who, operation or path, status, [violations])
        self.last = time.monotonic()
        self.server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.server.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                link, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def note(self, name, status, violations):
        with self.lock:
            self.last = time.monotonic()
            self.calls.append((self.who, name, status, violations))

    def quiet(self, seconds=1.0, most=20):
        """Wait until nothing has passed for so long."""
        until = time.monotonic() + most
        while time.monotonic() < until:
            with self.lock:
                if time.monotonic() - self.last > seconds:
                    return
            time.sleep(0.05)

    def answers(self, before, most=3):
        """Wait until something more than the first `before` calls has passed, and then a little."""
        until = time.monotonic() + most
        while len(self.calls) == before and time.monotonic() < until:
            time.sleep(0.01)
        self.quiet(0.1, most)
        return len(self.calls) > before

    def sees(self, operation, most):
        until = time.monotonic() + most
        while time.monotonic() < until:
            if any(name == operation for _, name, _, _ in self.calls):
                return True
            time.sleep(0.05)
        return False

    def _serve(self, link):
        try:
            reader = link.makefile("rb")
            while True:
                line = reader.readline().decode("latin-1").split()
                if len(line) < 2:
                    return
                headers, raw = {}, []
                while True:
                    row = reader.readline()
                    if row in (b"\r\n", b"\n", b""):
                        break
                    raw.append(row)
                    name, _, value = row.decode("latin-1").partition(":")
                    headers[name.strip().lower()] = value.strip()
                body = reader.read(int(headers.get("content-length", 0)))
                path, _, query = line[1].partition("?")
                if path.startswith("/api/v1/streaming"):
                    self._stream(link, reader, line, path, query, headers, raw)
                    return
                self._pass(link, line[0], path, line[1], headers, body)
        except (OSError, ValueError):
            pass
        finally:
            link.close()

    def _pass(self, link, method, path, target, headers, body):
        row = self.document.find(method, path)
        known = row or not any(path.startswith(p) for p in UNDOCUMENTED)
        port = self.prism_port if known else self.demo_port
        form = headers.get("content-type", "").startswith("multipart/")
        skip = ("host", "connection", "content-length", "accept-encoding", "upgrade",
                "http2-settings", "te")
        send = {k: v for k, v in headers.items() if k not in skip}
        upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        # Prism takes a file for text and spoils it: it only looks at the form, with a file that
        # the demo refuses; the demo gets the real one from here.
        plain = bytes(b if b < 128 else 63 for b in body) if form else body
        upstream.request(method, target, plain or None, send)
        answer = upstream.getresponse()
        checked = answer
        if form:
            answer.read()
            upstream = http.client.HTTPConnection("127.0.0.1", self.demo_port, timeout=60)
            upstream.request(method, target, body, send)
            answer = upstream.getresponse()
        # stoa shall know one server only: this one.
        data = answer.read().replace(f"127.0.0.1:{self.demo_port}".encode(),
                                     f"127.0.0.1:{self.port}".encode())
        told = json.loads(checked.headers.get("sl-violations", "[]"))
        if form:
            told = [v for v in told if v.get("location", [""])[0] == "request"]
        violations = [f"{'.'.join(map(str, v.get('location', [])))}: {v['message']}" for v in told]
        if not row and known:
            violations.append("the document has no such operation")
        self.note(row[3] if row else f"{method} {path}", answer.status, violations)
        out = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        for name, value in answer.getheaders():
            if name.lower() in ("connection", "content-length", "transfer-encoding", "sl-violations"):
                continue
            out.append(f"{name}: {value}".replace(f"127.0.0.1:{self.demo_port}",
                                                  f"127.0.0.1:{self.port}"))
        out.append(f"Content-Length: {len(data)}\r\n\r\n")
        upstream.close()
        if row and row[3] == self.lose:
            self.lose = None
            raise OSError("lost")
        link.sendall("\r\n".join(out).encode("latin-1") + data)

    def _stream(self, link, reader, line, path, query, headers, raw):
        """Streams have no end that Prism could wait for: path, parameters and token are looked
        at here, and the bytes pass as they are."""
        row = self.document.find(line[0], path)
        violations = []
        if row:
            asked = {k for k, _ in urllib.parse.parse_qsl(query)}
            violations += [f"parameter {name} is not documented" for name in asked - row[4]]
            if "authorization" not in headers and not path.endswith("/health"):
                violations.append("no token")
        elif path not in UNDOCUMENTED:
            violations.append("the document has no such operation")
        self.note(row[3] if row else f"{line[0]} {path}", 0, violations)
        far = socket.create_connection(("127.0.0.1", self.demo_port))
        far.sendall(" ".join(line).encode() + b"\r\n" + b"".join(raw) + b"\r\n")
        threading.Thread(target=self._pump, args=(far, link), daemon=True).start()
        while True:
            part = reader.read1(65536)
            if not part:
                break
            far.sendall(part)
        far.close()

    @staticmethod
    def _pump(source, sink):
        try:
            while True:
                part = source.recv(65536)
                if not part:
                    break
                sink.sendall(part)
            sink.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Prism:
    def __init__(self, program, document, origin):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.process = subprocess.Popen(
            [program, "proxy", document, origin, "--host", "127.0.0.1", "--port", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 90
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise RuntimeError("Prism does not listen") from None
                time.sleep(0.2)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


class Asker:
    """Asks the API without stoa."""

    def __init__(self, port, token="demo-ada"):
        self.port, self.token = port, token

    def __call__(self, method, path, body=None, token=None, expect_status=200):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": "Bearer " + (token or self.token)}
        if body is not None:
            body = json.dumps(body)
            headers["Content-Type"] = "application/json"
        link.request(method, path, body, headers)
        answer = link.getresponse()
        data = answer.read()
        link.close()
        expect(answer.status == expect_status,
               f"{method} {path} answers {answer.status}: {data[:200]}")
        try:
            return json.loads(data)
        except ValueError:
            return data


    def form(self, method, path, name, value, expect_status):
        """A form of one part; what is bytes is a file."""
        file = isinstance(value, bytes)
        more = b'; filename="f.gif"\r\nContent-Type: image/gif' if file else b""
        body = (b'--frontier\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n--frontier--\r\n'
                % (name.encode(), more, value if file else value.encode()))
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        link.request(method, path, body, {"Authorization": "Bearer " + self.token,
                                          "Content-Type": "multipart/form-data; boundary=frontier"})
        answer = link.getresponse()
        data = answer.read()
        link.close()
        expect(answer.status == expect_status, f"{method} {path} answers {answer.status}: {data[:200]}")
        return json.loads(data)


# --- what stoa can do ---

def post(ask, text, **more):
    return ask("POST", "/api/v1/statuses", {"status": text, **more})


def things(ask):
    """What stoa is let loose on; asked of the demo server itself, not through the relay."""
    brecht = lambda *a, **k: ask(*a, token="demo-brecht", **k)  # noqa: E731
    found = {
        "theirs": post(brecht, "Something to like. #bouw", language="nl"),
        "talk": post(brecht, "@ada a conversation"),
        "poll": post(brecht, "Which?", poll={"options": ["a", "b", "c"], "expires_in": 3600,
                                             "multiple": True}),
        "mine": post(ask, "My own words", media_ids=["1"]),
        "old": post(ask, "To be deleted"),
        "draft": post(ask, "To be written anew"),
        "scheduled": post(ask, "Later", scheduled_at="2026-11-22T10:00:00Z"),
    }
    post(brecht, "@ada only for you", visibility="direct")
    ask("PUT", "/api/v1/statuses/" + found["mine"]["id"], {"status": "My own words, again",
                                                           "media_ids": ["1"]})
    ask("POST", "/api/v1/statuses/%s/favourite" % found["theirs"]["id"], token="demo-mina")
    for name in ("wouter@bouw.example", "jonas@werk.example", "priya@ganga.example"):
        found[name] = ask("GET", "/api/v1/accounts/lookup?acct=" + name)
    found["notice"] = ask("GET", "/api/v1/notifications?limit=1")[0]["id"]
    return found


SOURCES = ["home", "local", "federated", "tag:bouw", 'tag:"bouw OR rust -java"', "list:1", "notifications",
           "mentions", "direct", "bookmarks", "likes", "trends", "trends:tags", "trends:links",
           "scheduled", "profile:wouter@bouw.example", "profile:wouter@bouw.example/replies",
           "profile:wouter@bouw.example/media", 'search:"aannemer gezocht"', "profiles:ada",
           "tags:bouw"]


def read_everything(profile, found):
    for source in SOURCES + [f"thread:{found['talk']['url']}"]:
        name, quoted, arg = source.partition(":")
        if quoted and not arg.startswith('"'):
            source = f'{name}:"{arg}"'
        done = profile.run("read", "--json", "--limit", "40", f"demo/{source}")
        expect(done.returncode == 0, f"stoa read demo/{source}: {done.stderr.decode()[:300]}")


def sign_in_by_code(profile, relay, demo, name, login):
    """stoa's own sign-in, with the page that a person would see filled in by us."""
    program = subprocess.Popen([STOA, "login", "mastodon", relay.url, "--name", name, "--paste"],
                               env=profile.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
    os.set_blocking(program.stdout.fileno(), False)
    said, url, end = b"", None, time.monotonic() + 30
    while not url and time.monotonic() < end and program.poll() is None:
        said += program.stdout.read() or b""
        url = re.search(rb"http://\S+/oauth/authorize\?(\S+)\s", said)
        time.sleep(0.02)
    code = None
    if expect(url, f"stoa login shows no address: {said.decode()[-300:]}"):
        link = http.client.HTTPConnection("127.0.0.1", demo, timeout=20)
        link.request("POST", "/oauth/authorize?%s&login=%s" % (url.group(1).decode(), login))
        code = re.search(rb"<code>(.*)</code>", link.getresponse().read())
        link.close()
    os.set_blocking(program.stdout.fileno(), True)
    out, _ = program.communicate((code.group(1) if code else b"") + b"\n", timeout=60)
    expect(program.returncode == 0, f"stoa login by a code: {(said + (out or b'')).decode()[-300:]}")


def shown(profile, *words):
    done = profile.run("show", *words, "--json")
    expect(done.returncode == 0, f"stoa show {' '.join(words)}: {done.stderr.decode()[:300]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def show_everything(profile, found):
    theirs, mine, who = found["theirs"]["url"], found["mine"]["url"], "wouter@bouw.example"
    for words in (["lists"], ["members", "1"], ["on-lists", who], ["mutes"], ["blocks"], ["domains"],
                  ["tags"], ["requests"], ["followers", who], ["following", who], ["liked-by", theirs],
                  ["reposted-by", theirs], ["history", mine], ["source", mine], ["filters"]):
        shown(profile, "-a", "demo", *words)


def act_everywhere(profile, found):
    """Deeds that the deck does not do by one line, from the command line."""
    def act(*words):
        done = profile.run(*words)
        expect(done.returncode == 0, f"stoa {' '.join(words)}: {done.stderr.decode()[:300]}")
    who = "wouter@bouw.example"
    act("vote", "-a", "demo", found["poll"]["url"], "1", "3")
    act("edit", "-a", "demo", "--warning", "careful", found["mine"]["url"], "Other words")
    act("redraft", "-a", "demo", found["draft"]["url"], "Written anew")
    act("report", "-a", "demo", "--post", found["theirs"]["url"], "--category", "spam", "--text", "x",
        "brecht@stoa.example")
    act("list-make", "-a", "demo", "For a while")
    made = [row for row in shown(profile, "-a", "demo", "lists") if "For a while" in json.dumps(row)]
    if expect(made, "the new list is not shown"):
        act("list-delete", "-a", "demo", made[0]["id"])
    act("filter-put", "-a", "demo", "--for", "2h", "--whole", "Tide", "ebb", "flood")
    for row in shown(profile, "-a", "demo", "filters"):
        act("filter-put", "-a", "demo", "--id", row["id"], "--action", "hide", "Tide", "ebb", "neap")
        act("filter-drop", "-a", "demo", row["id"])
    act("follow", "-a", "demo", "--notify", who)
    act("dismiss", "-a", "demo", found["notice"])
    act("dismiss", "-a", "demo")
    asking = [row["id"] for row in shown(profile, "-a", "mina", "requests")]
    if expect(len(asking) == 2, f"mina is asked by {asking}"):
        act("accept", "-a", "mina", found["jonas@werk.example"]["url"])
        act("reject", "-a", "mina", found["priya@ganga.example"]["url"])
    act("logout", "mina")


def picture(profile):
    """A small picture, as a file; owned by the profile's folder."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    path = os.path.join(profile.dir, "picture.png")
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 2, 0, 0, 0)) +
                chunk(b"IDAT", zlib.compress((b"\0" + b"\x40\x80\xc0" * 3) * 2)) + chunk(b"IEND", b""))
    return path


def post_everything(profile, relay, found):
    """What is written, in all its kinds; one that the server keeps and gives back; and one whose
    answer is lost, so that stoa has to look for it."""
    def write(*words, stdin=b""):
        done = profile.run("post", "-a", "demo", *words, stdin=stdin)
        expect(done.returncode == 0, f"stoa post {' '.join(words)}: {(done.stdout + done.stderr).decode()[-300:]}")
    theirs, shown_as = found["theirs"]["url"], ("--media", picture(profile), "--alt", "three by two")
    write("--visibility", "unlisted", "--lang", "nl", "--warning", "careful", "Plain #words for @brecht")
    write(*shown_as, *shown_as, "--sensitive", "With pictures")
    write("--poll", "yes|no", "--poll-for", "1h", "--poll-multiple", "Which?")
    write("--reply", theirs, "An answer")
    write("--quote", theirs, "A quote")
    write("--thread", "-", stdin=b"one\n---\ntwo")
    write("--at", "in 2h", *shown_as, "For later")
    rows = [json.loads(line) for line in profile.run("queue", "list", "--json").stdout.splitlines()]
    kept = [row for row in rows if row.get("state") == "kept"]
    if expect(len(kept) == 1, f"the server keeps {rows}"):
        done = profile.run("queue", "cancel", str(kept[0]["id"]))
        expect(done.returncode == 0, f"stoa queue cancel: {done.stderr.decode()[:300]}")
    before = len(relay.calls)
    relay.lose = "createStatus"
    write("The answer to this is lost")
    expect([name for _, name, _, _ in relay.calls[before:]].count("createStatus") == 2,
           "what was not found is not sent again with its key")


def meet_others(profile, relay, demo):
    """What stoa asks of servers that have less: the demo shows other faces."""
    for name in ("mastodon-4.0", "akkoma", "gotosocial"):
        Asker(demo)("POST", "/demo/software", {"name": name})
        sign_in(profile, relay.url, name=name, token="demo-brecht")
        for source in ("home", "notifications", "direct", "bookmarks"):
            done = profile.run("read", f"{name}/{source}")
            expect(done.returncode == 0, f"stoa read {name}/{source}: {done.stderr.decode()[:300]}")
        done = profile.run("filter-put", "-a", name, "--whole", "Tide", "ebb")
        expect(done.returncode == 0, f"a filter at {name}: {done.stderr.decode()[:300]}")
        for row in shown(profile, "-a", name, "filters"):
            done = profile.run("filter-drop", "-a", name, row["id"])
            expect(done.returncode == 0, f"a filter less at {name}: {done.stderr.decode()[:300]}")
        profile.run("dismiss", "-a", name, check=0)
        profile.run("logout", name, check=0)
    Asker(demo)("POST", "/demo/software", {"name": "mastodon"})


def deck_commands(found):
    """Lines of the command language: every deed of the deck, some forth and back."""
    theirs, mine = found["theirs"]["url"], found["mine"]["url"]
    wouter = "wouter@bouw.example"
    lines = [f"{deed} on as demo at {theirs}" for deed in ("like", "bookmark", "mute-thread")]
    lines += [f"{deed} as demo at {theirs}" for deed in ("unlike", "unbookmark", "unmute-thread")]
    lines += [f"repost on sure unlisted as demo at {theirs}", f"unrepost as demo at {theirs}",
              f"pin on as demo at {mine}", f"unpin as demo at {mine}",
              f"delete sure as demo at {found['old']['url']}",
              f"follow on no-reposts notify sure as demo at {wouter}",
              f"account-mute on for 1h sure as demo at {wouter}",
              f"account-unmute sure as demo at {wouter}",
              f"unfollow sure as demo at {wouter}", f"follow on sure as demo at {wouter}",
              f"block on sure as demo at {wouter}", f"unblock sure as demo at {wouter}",
              f"report sure as demo at {wouter} spam Too loud",
              "block-domain sure as demo at nieuws.example",
              "unblock-domain sure as demo at nieuws.example",
              "follow-tag sure as demo at rust", "unfollow-tag sure as demo at rust",
              "list-make as demo Tram", "list-rename as demo 1 Bouwers",
              "list-add sure as demo at jonas@werk.example 1",
              "list-remove sure as demo at jonas@werk.example 1",
              "filter-put as demo Loud | loud, nois* | home, public | hide | for 2w",
              f"unschedule sure as demo at {found['scheduled']['id']}"]
    lines += [f"{name} as demo" for name in ("lists", "muted", "blocked", "hidden-hosts", "followed-tags",
                                             "requests", "filters")]
    lines += ["list-members as demo 1 Bouwers", f"followers as demo at {wouter}",
              f"following as demo at {wouter}", f"liked-by as demo at {theirs}",
              f"reposted-by as demo at {theirs}", f"history as demo at {mine}"]
    return lines


def ctl(profile, line):
    done = profile.run("ctl", line)
    said = (done.stdout + done.stderr).decode().strip()
    expect(done.returncode == 0, f"stoa ctl {line}: {said[:300]}")
    return said


class Running:
    """A deck whose screen is read all the time, so that it never waits for us."""

    def __init__(self, profile):
        self.deck = Deck(profile, rows=50, cols=200)
        self.over = False
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        while not self.over:
            self.deck.read(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.over = True
        self.reader.join()
        self.deck.close()


def use_the_deck(profile, relay, found):
    with Running(profile):
        until = time.monotonic() + 20
        while profile.run("ctl", "column list").returncode and time.monotonic() < until:
            time.sleep(0.1)
        ctl(profile, "set outbox-undo 0s")
        for i, source in enumerate(("home", "notifications", "local", "tag:bouw", "list:1")):
            ctl(profile, f'column add "C{i}" demo/{source}')
        relay.quiet()
        for line in deck_commands(found):
            before = len(relay.calls)
            ctl(profile, line)
            expect(relay.answers(before), f"stoa asks nothing for `{line}`")
        ctl(profile, 'column add "Read" demo/home')
        for line in ("cursor top", "thread", "back", "profile wouter@bouw.example", "back",
                     "column read"):
            ctl(profile, line)
            relay.quiet(0.3)
        expect(relay.sees("createMarker", 15), "what was read is not told to the server")


# --- what else the demo server has ---

def ask_the_rest(ask, found):
    """Operations that stoa has no use for, or not yet: the demo shall be right there too."""
    mine, someone = found["mine"]["id"], found["wouter@bouw.example"]["id"]
    for path in ("/api/v1/instance", "/api/v2/instance", "/api/v1/custom_emojis", "/api/v1/preferences",
                 "/api/v1/announcements", "/api/v1/filters", "/api/v1/notifications",
                 "/api/v1/notifications/unread_count", "/api/v2/notifications/unread_count",
                 "/api/v2/notifications/policy", "/api/v1/notifications/requests",
                 "/api/v1/apps/verify_credentials", "/oauth/userinfo",
                 "/.well-known/oauth-authorization-server", "/api/v1/markers?timeline[]=home",
                 "/api/v1/accounts/search?q=wou", "/api/v1/tags/bouw", "/api/v1/followed_tags",
                 f"/api/v1/accounts?id[]={someone}", f"/api/v1/statuses?id[]={mine}",
                 f"/api/v1/accounts/{someone}/lists", f"/api/v1/statuses/{mine}/quotes",
                 f"/api/v1/statuses/{mine}/source", f"/api/v1/polls/{found['poll']['poll']['id']}"):
        ask("GET", path)
    made = ask("POST", "/api/v2/filters", {"title": "F", "context": ["home"], "keywords_attributes": [
        {"keyword": "x", "whole_word": True}]})
    at = "/api/v2/filters/" + made["id"]
    word = ask("POST", at + "/keywords", {"keyword": "y"})
    ask("PUT", "/api/v2/filters/keywords/" + word["id"], {"keyword": "z"})
    ask("GET", "/api/v2/filters/keywords/" + word["id"])
    named = ask("POST", at + "/statuses", {"status_id": mine})
    for path in (at, at + "/keywords", at + "/statuses", "/api/v2/filters/statuses/" + named["id"]):
        ask("GET", path)
    for path in ("/api/v2/filters/statuses/" + named["id"], "/api/v2/filters/keywords/" + word["id"], at):
        ask("DELETE", path)
    old = ask("POST", "/api/v1/filters", {"phrase": "x", "context": ["home"]})
    ask("PUT", "/api/v1/filters/" + old["id"], {"phrase": "y", "context": ["home"]})
    ask("GET", "/api/v1/filters/" + old["id"])
    ask("DELETE", "/api/v1/filters/" + old["id"])
    ask("POST", f"/api/v1/accounts/{someone}/note", {"comment": "a note"})
    ask("POST", f"/api/v1/accounts/{someone}/remove_from_followers")
    groups = ask("GET", "/api/v2/notifications")["notification_groups"]
    if groups:
        key = groups[0]["group_key"]
        ask("GET", f"/api/v2/notifications/{key}")
        ask("GET", f"/api/v2/notifications/{key}/accounts")
    later = post(ask, "Later", scheduled_at="2026-11-22T10:00:00Z")["id"]
    ask("GET", "/api/v1/scheduled_statuses/" + later)
    ask("PUT", "/api/v1/scheduled_statuses/" + later, {"scheduled_at": "2026-11-22T11:00:00Z"})
    talks = ask("GET", "/api/v1/conversations")
    if talks:
        ask("POST", f"/api/v1/conversations/{talks[0]['id']}/read")
        ask("DELETE", f"/api/v1/conversations/{talks[0]['id']}")
    ask("POST", "/api/v1/markers", {"home": {"last_read_id": mine}})
    made = ask.form("POST", "/api/v2/media", "file", b"GIF89a\1\0\1\0\0\0\0\xff;", 202)
    ask.form("PUT", "/api/v1/media/" + made["id"], "description", "x", 200)
    ask("GET", "/api/v1/media/" + made["id"], expect_status=206)
    ask("DELETE", "/api/v1/media/" + made["id"])


# --- the verdict ---

def excuse(operation, violation):
    message = violation.split(": ", 1)[-1]
    for i, (name, pattern, _) in enumerate(EXCUSED):
        if name in (None, operation) and re.search(pattern, message):
            return i
    return None


def report(calls):
    used, excused, bad = {}, {}, {}
    for who, name, _, violations in calls:
        used.setdefault(name, {}).setdefault(who, 0)
        used[name][who] += 1
        for violation in violations:
            why = excuse(name, violation)
            if why is not None:
                excused[why] = excused.get(why, 0) + 1
            else:
                key = (who, name, re.sub(r"\.\d+\.", ".N.", violation))
                bad[key] = bad.get(key, 0) + 1
    for name in sorted(used):
        print(f"  {used[name].get('stoa', 0):5} {used[name].get('test', 0):5}  {name}")
    for why, times in sorted(excused.items()):
        print(f"excused {times} times: {EXCUSED[why][2]}")
    for path, why in UNDOCUMENTED.items():
        if any(path in name for name in used):
            print(f"not in the document: {path} ({why})")
    for (who, name, violation), times in sorted(bad.items()):
        print(f"VIOLATION {times} times by {who}: {name}: {violation}")
    by_stoa = [n for n in used if "stoa" in used[n]]
    print(f"{len(calls)} requests, {len(by_stoa)} operations used by stoa, {len(bad)} violations")
    return bad


def main():
    document, program = sys.argv[1:3]
    # Its clock stands still, so that what it allows would never come back.
    with DemoServer("--pace", "off", "--clock", CLOCK, "--rate-limit", "100000/300") as demo, \
            Profile() as profile:
        demo_port = int(demo.url.rsplit(":", 1)[1])
        prism = Prism(program, document, demo.url)
        try:
            relay = Relay(Document(document), prism.port, demo_port)
            found = things(Asker(demo_port))
            profile.config("set outbox-settle 300ms\nset outbox-spacing 0s\nset outbox-undo 0s\n")
            sign_in(profile, relay.url)
            read_everything(profile, found)
            use_the_deck(profile, relay, found)
            sign_in_by_code(profile, relay, demo_port, "mina", "mina")
            show_everything(profile, found)
            post_everything(profile, relay, found)
            act_everywhere(profile, found)
            meet_others(profile, relay, demo_port)
            relay.quiet()
            relay.who = "test"
            ask_the_rest(Asker(relay.port), found)
            bad = report(relay.calls)
            expect(not bad, "the contract is broken")
        finally:
            prism.stop()
    finish()


if __name__ == "__main__":
    main()
