"""`stoa post` on the whole AT Protocol network: what people write there, and what becomes of it
when the server has had enough. Run by scripts/check-bluesky."""
import http.server
import json
import os
import tempfile
import threading
import time
import urllib.error
import urllib.request

from bluesky import Network, read, sign_in
from bluesky_post import png, xrpc
from lib import Profile, expect, finish


def post(profile, *args, check=0, stdin=b""):
    done = profile.run("post", "-a", "sky", "--json", *args, check=check, stdin=stdin, timeout=180)
    return [json.loads(line) for line in done.stdout.decode().splitlines() if line.startswith("{")]


def records(network, who, collection="app.bsky.feed.post"):
    found, cursor = [], None
    while True:
        page = xrpc(network.pds, "com.atproto.repo.listRecords", repo=network.people[who]["did"],
                    collection=collection, limit=100, **({"cursor": cursor} if cursor else {}))
        found += [dict(r["value"], uri=r["uri"], cid=r["cid"]) for r in page["records"]]
        cursor = page.get("cursor")
        if not cursor:
            return found


def newest(network, who, text):
    return next((r for r in records(network, who) if r["text"] == text), None)


def check_posting(profile, network):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "wall.png")
        with open(path, "wb") as out:
            out.write(png(40, 30))
        post(profile, "--media", path, "--alt", "a wall", "--lang", "nl", "--self-label", "nudity",
             "--gate", "mentioned,no-quotes", "see @bob.test and #haven")
    kept = newest(network, "alice", "see @bob.test and #haven")
    expect(kept and kept["langs"] == ["nl"] and len(kept["facets"]) == 2, f"as it was written: {kept}")
    image = kept["embed"]["images"][0]
    expect(image["alt"] == "a wall" and image["image"]["mimeType"].startswith("image/"), f"{image}")
    expect([v["val"] for v in kept["labels"]["values"]] == ["nudity"], "its label")
    key = kept["uri"].split("/")[-1]
    for gate in ("threadgate", "postgate"):
        expect(any(r["uri"].endswith(key) for r in records(network, "alice", f"app.bsky.feed.{gate}")),
               f"its {gate}")
    network.settle()
    theirs = read(profile, "sky/profile:bob.test", "--limit", "1")[0]
    post(profile, "--reply", theirs["url"], "I answer")
    reply = newest(network, "alice", "I answer")
    expect(reply["reply"]["parent"]["uri"] == theirs["uri"], f"an answer: {reply['reply']}")
    post(profile, "--quote", theirs["uri"], "I quote")
    expect(newest(network, "alice", "I quote")["embed"]["record"]["uri"] == theirs["uri"], "a quote")
    post(profile, "--thread", "-", stdin=b"part one\n---\npart two\n---\npart three\n")
    parts = [newest(network, "alice", f"part {n}") for n in ("one", "two", "three")]
    expect(all(parts) and "reply" not in parts[0] and
           parts[2]["reply"] == {"root": {k: parts[0][k] for k in ("uri", "cid")},
                                 "parent": {k: parts[1][k] for k in ("uri", "cid")}},
           f"a thread of three: {parts}")


def check_refusing(profile, network):
    before = len(records(network, "alice"))
    for args, words in ((["x" * 301], b"301 of 300 graphemes"), (["--poll", "a|b", "which?"], b"no polls"),
                        (["--visibility", "direct", "psst"], b"everybody can read"),
                        (["--self-label", "spam", "x"], b"no label")):
        done = profile.run("post", "-a", "sky", *args, timeout=60)
        expect(done.returncode in (1, 2) and words in done.stderr, f"{args[0][:20]}: {done.stderr}")
    post(profile, "x" * 300)
    expect(len(records(network, "alice")) == before + 1, "only what fits is there")


def check_renewal(profile, network):
    """The session has ended: the post goes out all the same, once."""
    path = profile.path("STATE", "secrets")
    with open(path) as lines:
        name, _, renew = lines.read().split()
    with open(path, "w") as out:
        out.write(f"{name} {network.say('expired alice')['token']} {renew}\n")
    post(profile, "after the end")
    expect(len([r for r in records(network, "alice") if r["text"] == "after the end"]) == 1, "once")


class Crowd:
    """Somebody else at the same address, who asks without end."""

    def __init__(self, network):
        self.url, self.over, self.refused = network.pds + "/xrpc/com.atproto.server.describeServer", False, None
        self.thread = threading.Thread(target=self.ask, daemon=True)
        self.thread.start()

    def ask(self):
        while not self.over:
            try:
                urllib.request.urlopen(self.url, timeout=10).read()
            except urllib.error.HTTPError as error:
                self.refused = self.refused or error
            time.sleep(0.1)

    def stop(self):
        self.over = True
        self.thread.join()


class Gate(http.server.BaseHTTPRequestHandler):
    """The door of bsky.social: in front of a server that knows no codes, it wants one."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append(asked.get("authFactorToken"))
        code = asked.pop("authFactorToken", None)
        if code == "ABCDE-12345":
            self.answer(200, xrpc(self.server.pds, "com.atproto.server.createSession", body=asked))
        else:
            self.answer(401, {"error": "AuthFactorTokenRequired", "message": "A sign in code has been sent"})

    def answer(self, status, body):
        body = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def check_code(_, network):
    """Signing in where a code is sent first."""
    gate = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gate)
    gate.pds, gate.seen = network.pds, []
    threading.Thread(target=gate.serve_forever, daemon=True).start()
    handle = f"bob.test@http://127.0.0.1:{gate.server_port}"
    password = network.people["bob"]["password"].encode()
    for n, (lines, args, status, codes) in enumerate((
            ([password], [], 1, [None]),
            ([password, b"ABCDE-12345"], [], 0, [None, "ABCDE-12345"]),
            ([password, b"WRONG"], [], 1, [None, "WRONG"]),
            ([password], ["--code", "ABCDE-12345"], 0, ["ABCDE-12345"]))):
        gate.seen.clear()
        with Profile() as profile:
            done = profile.run("login", "bluesky", handle, "--name", "b", "--password-stdin", *args,
                               stdin=b"\n".join(lines) + b"\n", check=status)
            expect(gate.seen == codes, f"asked {n}: {gate.seen}")
            if status:
                expect(b"code" in done.stderr, f"it is said: {done.stderr}")
            else:
                expect(read(profile, "b/home", "--limit", "1"), "and signed in")
                expect(b"ABCDE" not in done.stderr + done.stdout, "without showing it")
    gate.shutdown()


def check_limits():
    with Network("rate-limits") as network, Profile() as profile:
        sign_in(profile, network, "alice", "sky")
        told = urllib.request.urlopen(network.pds + "/xrpc/com.atproto.server.describeServer").headers
        expect(told["RateLimit-Limit"] == "3000" and told["RateLimit-Policy"] == "3000;w=300",
               f"its limits are on: {dict(told)}")
        changed = network.say("limit global-ip 40 10")["changed"]
        expect(changed >= 1, "they can be made short")
        crowd = Crowd(network)
        while not crowd.refused:
            time.sleep(0.05)
        expect(crowd.refused.code == 429 and int(crowd.refused.headers["Retry-After"]) >= 0, "and are felt")
        texts = [f"through the crowd, {n}" for n in range(2)]
        for text in texts:
            post(profile, text)
        crowd.stop()
        network.say("limit global-ip 3000 300")
        kept = [r["text"] for r in records(network, "alice")]
        expect([kept.count(text) for text in texts] == [1] * 2, f"each is there once: {kept[:8]}")
        # The server's limit of writes, as it is told with each of them.
        network.say("limit repo-write-hour 5 8")
        texts = [f"slowly, {n}" for n in range(3)]
        start = time.monotonic()
        for text in texts:
            post(profile, text)
        kept = [r["text"] for r in records(network, "alice")]
        expect([kept.count(text) for text in texts] == [1] * 3, f"none is lost: {kept[:8]}")
        expect(time.monotonic() - start > 7, "and it was waited for")
        home = read(profile, "sky/home", "--limit", "5")
        expect(len(home) == 5, "reading goes on")


def main():
    with Network() as network, Profile() as profile:
        sign_in(profile, network, "alice", "sky")
        for check in (check_posting, check_refusing, check_renewal, check_code):
            start = time.monotonic()
            check(profile, network)
            print(f"{check.__name__.removeprefix('check_')}: {time.monotonic() - start:.1f} s")
    start = time.monotonic()
    check_limits()
    print(f"limits: {time.monotonic() - start:.1f} s")
    finish()


if __name__ == "__main__":
    main()
