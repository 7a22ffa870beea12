"""Posting on the whole AT Protocol network, started by bluesky_net.mjs: what is written is read
back from its server, what is sent twice is one post, and what the counter refuses the server
refuses. Run by scripts/check-bluesky."""
import datetime
import json
import os
import random
import socket
import struct
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
import zlib

from bluesky import Network
from lib import expect, finish

NO_QUOTES, NOBODY, MENTIONED, FOLLOWED, FOLLOWERS = 16, 1, 2, 4, 8
ERR = dict(NONE=0, SYNTAX=1, NOT_FOUND=2, UNSUPPORTED=3, AUTH=4, RATE_LIMITED=5, NETWORK=6, SERVER=7, TOO_LARGE=10, REFUSED=13)


def xrpc(root, nsid, token=None, body=None, **query):
    url = f"{root}/xrpc/{nsid}"
    if query:
        url += "?" + urllib.parse.urlencode(query)
    request = urllib.request.Request(url, data=json.dumps(body).encode() if body else None)
    if body:
        request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", "Bearer " + token)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


class Poster:
    """The steps of one account, by the program bluesky_post."""

    def __init__(self, network, who, root=None, token=None):
        person = network.people[who]
        self.network, self.did = network, person["did"]
        if token is None:
            token = xrpc(network.pds, "com.atproto.server.createSession",
                         body={"identifier": person["handle"], "password": person["password"]})["accessJwt"]
        self.token = token
        self.process = subprocess.Popen(
            [os.path.join(os.path.dirname(os.environ["STOA_BIN"]), "tests/networks/bluesky_post"),
             root or network.pds, self.did, token],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def step(self, step, item, **more):
        self.process.stdin.write(json.dumps({"step": step, "item": item, **more}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def prepare(self, item, before=None):
        item.setdefault("key", key())
        made = self.step("prepare", item, **({"before": before} if before else {}))
        if "made" in made:
            item["frozen"] = made["made"]
        return made

    def post(self, item, before=None):
        """Prepare and publish; the item as it then is."""
        made = self.prepare(item, before)
        expect(made["done"], f"prepared: {made}")
        sent = self.step("publish", item)
        expect(sent["done"], f"posted: {sent}")
        item.update({k: sent[k] for k in ("uri", "remote_id", "url") if k in sent})
        return item

    def record(self, uri):
        did, collection, rkey = uri.removeprefix("at://").split("/")
        return xrpc(self.network.pds, "com.atproto.repo.getRecord", repo=did,
                    collection=collection, rkey=rkey)

    def posts(self):
        found, cursor = [], None
        while True:
            page = xrpc(self.network.pds, "com.atproto.repo.listRecords", repo=self.did, limit=100,
                        collection="app.bsky.feed.post", **({"cursor": cursor} if cursor else {}))
            found += page["records"]
            cursor = page.get("cursor")
            if not cursor:
                return found

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)


def key():
    """A TID (as struct network's make_key, whose own test is a unit test)."""
    value = time.time_ns() // 1000 << 10 | random.randrange(1024)
    digits = "234567abcdefghijklmnopqrstuvwxyz"
    return "".join(digits[value >> 5 * i & 31] for i in range(12, -1, -1))


def png(width, height, noise=0):
    """A picture, with so many bytes that do not pack."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes(3 * width) for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"teSt", random.randbytes(noise)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def records(item):
    """What the frozen request holds: the post's record, then those of its gates."""
    frozen = json.loads(item["frozen"])
    return [w["value"] for w in frozen["writes"]] if "writes" in frozen else [frozen["record"]]


def refused(poster, item, code, words, before=None):
    made = poster.prepare(item, before)
    expect(not made["done"] and made["code"] == ERR[code] and words in made.get("why", ""),
           f"{code}, with '{words}': {made}")


class Cutter:
    """A proxy in front of the server: it passes requests on, and keeps answers to itself."""

    def __init__(self, target):
        host, port = target.removeprefix("http://").split(":")
        self.target, self.passed, self.cut = (host, int(port)), 0, True
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.root = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += client.recv(65536)
        head, _, body = asked.partition(b"\r\n\r\n")
        size = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                     if line.lower().startswith(b"content-length:")), 0)
        while len(body) < size:
            body += client.recv(65536)
        head = b"\r\n".join(line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:"))
        with socket.create_connection(self.target) as server:
            server.sendall(head + b"\r\nConnection: close\r\n\r\n" + body)
            answer = b""
            while more := server.recv(65536):
                answer += more
        self.passed += 1
        if not self.cut:
            client.sendall(answer)
        client.close()


# --- what is written ---

def check_rich_text(poster):
    text = ("Voilà @bob.test, see https://localhost:1/a?b=c#d and example.com/x (@nobody.test) "
            "http.cat #haven ＃港 $ACME 🦋")
    item = poster.post({"text": text, "lang": "nl"})
    kept = poster.record(item["uri"])
    frozen = records(item)[0]
    expect(kept["value"] == frozen, f"kept as frozen: {kept['value']}")
    expect(kept["cid"] == item["remote_id"] and item["uri"].endswith(item["key"]), "and named so")
    expect(item["url"] == f"https://bsky.app/profile/{poster.did}/post/{item['key']}", item["url"])
    raw = text.encode()
    facets = [(raw[f["index"]["byteStart"]:f["index"]["byteEnd"]].decode(),
               f["features"][0]["$type"].split("#")[1],
               f["features"][0].get("did") or f["features"][0].get("uri") or f["features"][0].get("tag"))
              for f in kept["value"]["facets"]]
    expect(facets == [
        ("@bob.test", "mention", poster.network.people["bob"]["did"]),
        ("https://localhost:1/a?b=c#d", "link", "https://localhost:1/a?b=c#d"),
        ("example.com/x", "link", "https://example.com/x"),
        ("#haven", "tag", "haven"), ("＃港", "tag", "港"), ("$ACME", "tag", "$ACME")],
           f"what is in it, by bytes: {facets}")
    expect("embed" not in kept["value"], "a page that cannot be had gives no card")
    expect(kept["value"]["langs"] == ["nl"], "its language")
    poster.network.settle()
    views = xrpc(poster.network.pds, "app.bsky.feed.getPosts", token=poster.token, uris=item["uri"])
    expect(views["posts"][0]["record"]["facets"] == frozen["facets"], "and the AppView has it")


def check_pictures(poster):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "wall.png")
        with open(path, "wb") as out:
            out.write(png(64, 48))
        item = {"text": "the wall", "media": [
            {"path": path, "alt": f"a wall, {n}", "width": 64, "height": 48} for n in range(4)]}
        for n, media in enumerate(item["media"]):
            made = poster.step("upload", item, upload=n, file=path, type="image/png")
            expect(made["done"], f"uploaded: {made}")
            media["made"] = made["made"]
        again = poster.step("upload", item, upload=0, file=path, type="image/png")
        expect(again["made"] == item["media"][0]["made"], "the same picture twice is the same")
        poster.post(item)
        kept = poster.record(item["uri"])["value"]
        expect(kept == records(item)[0], "kept as frozen")
        expect([i["alt"] for i in kept["embed"]["images"]] == [f"a wall, {n}" for n in range(4)], "with alt")
        expect(kept["embed"]["images"][0]["aspectRatio"] == {"width": 64, "height": 48}, "and its shape")
        blob = urllib.request.urlopen(
            f"{poster.network.pds}/xrpc/com.atproto.sync.getBlob?did={poster.did}&cid=" +
            kept["embed"]["images"][0]["image"]["ref"]["$link"]).read()
        with open(path, "rb") as file:
            expect(blob == file.read(), "byte for byte")
        with open(path, "wb") as out:
            out.write(png(8, 8, noise=2_000_000))
        large = poster.step("upload", item, upload=0, file=path, type="image/png")
        expect(large["code"] == ERR["TOO_LARGE"] and "2000000" in large["why"], f"too large: {large}")
        with open(path, "wb") as out:
            out.write(b"no picture at all")
        none = poster.step("upload", item, upload=0, file=path, type="text/plain")
        expect(none["code"] == ERR["UNSUPPORTED"] and "no picture" in none["why"], f"no picture: {none}")
    quote = poster.post({"text": "both", "quote_of": item["uri"], "media": item["media"][:1]})
    kept = poster.record(quote["uri"])["value"]["embed"]
    expect(kept["$type"] == "app.bsky.embed.recordWithMedia" and
           kept["record"]["record"]["uri"] == item["uri"] and len(kept["media"]["images"]) == 1,
           f"a picture and a quote: {kept}")


def check_replies(poster, others):
    bob = others["bob"]
    root = bob.post({"text": "who is there?"})
    poster.network.settle()
    answer = poster.post({"text": "me", "reply_to": f"https://bsky.app/profile/bob.test/post/{root['key']}"})
    ref = lambda item: {"uri": item["uri"], "cid": item["remote_id"]}
    expect(poster.record(answer["uri"])["value"]["reply"] == {"root": ref(root), "parent": ref(root)},
           "an answer to the first post")
    # Not settled: the network's view does not know it yet, its repository does.
    deeper = bob.post({"text": "fine", "reply_to": answer["uri"]})
    expect(bob.record(deeper["uri"])["value"]["reply"] == {"root": ref(root), "parent": ref(answer)},
           "an answer to an answer")
    quote = poster.post({"text": "look", "quote_of": root["uri"]})
    expect(poster.record(quote["uri"])["value"]["embed"] ==
           {"$type": "app.bsky.embed.record", "record": ref(root)}, "a quote")
    first = poster.post({"text": "one"})
    second = poster.post({"text": "two"}, before=first)
    third = poster.post({"text": "three"}, before=second)
    for item, parent in ((second, first), (third, second)):
        expect(poster.record(item["uri"])["value"]["reply"] == {"root": ref(first), "parent": ref(parent)},
               f"a thread: {item['text']}")
    in_answer = poster.post({"text": "a"}, before=deeper)
    expect(poster.record(in_answer["uri"])["value"]["reply"]["root"] == ref(root),
           "a thread that answers keeps the root")
    poster.network.settle()
    thread = xrpc(poster.network.pds, "app.bsky.feed.getPostThread", token=poster.token, uri=first["uri"])
    expect(thread["thread"]["replies"][0]["replies"][0]["post"]["record"]["text"] == "three", "seen as one")
    xrpc(poster.network.pds, "com.atproto.repo.deleteRecord", token=bob.token,
         body={"repo": bob.did, "collection": "app.bsky.feed.post", "rkey": deeper["key"]})
    poster.network.settle()
    refused(poster, {"text": "late", "reply_to": deeper["uri"]}, "NOT_FOUND", "the post that this answers is gone")
    refused(poster, {"text": "late", "quote_of": deeper["uri"]}, "NOT_FOUND", "the post that this quotes is gone")
    refused(poster, {"text": "x", "reply_to": "https://bsky.app/profile/nobody.test/post/3abc"},
            "NOT_FOUND", "nobody is called nobody.test")


def check_gates(poster, others):
    item = poster.post({"text": "listen @bob.test", "gate": MENTIONED | FOLLOWED | NO_QUOTES,
                        "self_labels": "sexual nudity"})
    name = item["uri"]
    gate = poster.record(name.replace("feed.post", "feed.threadgate"))["value"]
    expect(gate == records(item)[1], f"who may answer: {gate}")
    expect([rule["$type"].split("#")[1] for rule in gate["allow"]] == ["mentionRule", "followingRule"], "two rules")
    gate = poster.record(name.replace("feed.post", "feed.postgate"))["value"]
    expect(gate == records(item)[2] and len(gate["embeddingRules"]) == 1, f"who may quote: {gate}")
    labels = poster.record(name)["value"]["labels"]
    expect([v["val"] for v in labels["values"]] == ["sexual", "nudity"], f"labels: {labels}")
    closed = poster.post({"text": "I speak", "gate": NOBODY})
    expect(poster.record(closed["uri"].replace("feed.post", "feed.threadgate"))["value"]["allow"] == [], "nobody")
    count = len(poster.posts())
    again = poster.step("publish", item)
    expect(not again["done"] and again["code"] == ERR["SERVER"], f"again: nobody knows: {again}")
    found = poster.step("reconcile", item)
    expect(found["found"] and found["remote_id"] == item["remote_id"], f"until one looks: {found}")
    expect(len(poster.posts()) == count, "and no second post")
    quiet = poster.post({"text": "more", "gate": NOBODY}, before=item)
    expect(len(records(quiet)) == 1, "who may answer stands at the first post")
    poster.network.settle()
    refused(others["eve"], {"text": "hm", "reply_to": closed["uri"]}, "REFUSED", "limited who may answer")
    refused(others["eve"], {"text": "hm", "quote_of": name}, "REFUSED", "does not want it quoted")


def check_seen(poster):
    """Notifications are seen up to a row, and never unseen."""
    unread = lambda: xrpc(poster.network.pds, "app.bsky.notification.getUnreadCount", token=poster.token)["count"]
    rows = xrpc(poster.network.pds, "app.bsky.notification.listNotifications", token=poster.token,
                limit=100)["notifications"]
    expect(len(rows) > 4 and unread() > 4, f"there is news: {unread()} of {len(rows)}")
    stamp = lambda at: int(datetime.datetime.fromisoformat(at.replace("Z", "+00:00")).timestamp() * 1000)
    none = poster.step("marker_read", {})
    expect(none["done"] and "cursor" not in none, f"nothing was ever seen: {none}")
    for row, newer in ((3, 3), (1, 1), (4, 1)):
        at = rows[row]["indexedAt"]
        done = poster.step("marker_write", {}, cursor=at, at_ms=stamp(at))
        expect(done["done"], f"seen: {done}")
        now = sum(not n["isRead"] for n in xrpc(poster.network.pds, "app.bsky.notification.listNotifications",
                                                token=poster.token, limit=100)["notifications"])
        expect(now == newer, f"up to row {row} at {at}: {now} are new, not {newer}")
    told = poster.step("marker_read", {})
    expect(told.get("cursor") == rows[1]["indexedAt"], f"and so it is told: {told}")


# --- how often it is written ---

def check_once(poster):
    cutter = Cutter(poster.network.pds)
    through = Poster(poster.network, "alice", root=cutter.root, token=poster.token)
    before = len(poster.posts())
    item = {"text": "only once"}
    cutter.cut = False
    expect(through.prepare(item)["done"], "prepared")
    nothing = through.step("reconcile", item)
    expect(nothing["done"] and not nothing["found"], f"not there yet: {nothing}")
    cutter.cut = True
    for attempt in range(3):
        lost = through.step("publish", item)
        expect(not lost["done"] and lost["code"] == ERR["NETWORK"] and lost["bytes_sent"] > 0,
               f"attempt {attempt} has no answer: {lost}")
    expect(cutter.passed >= 3, "and all came through")
    cutter.cut = False
    found = through.step("reconcile", item)
    expect(found["found"], f"it is there: {found}")
    again = through.step("publish", item)
    expect(again["done"] and again["remote_id"] == found["remote_id"], "and is that one when sent again")
    expect(len(poster.posts()) == before + 1, "one post")
    # The program that sends is killed between the request and its answer.
    cutter.cut = True
    killed = {"text": "killed"}
    poster.prepare(killed)
    passed = cutter.passed
    through.process.stdin.write(json.dumps({"step": "publish", "item": killed}) + "\n")
    through.process.stdin.flush()
    while cutter.passed == passed:
        time.sleep(0.01)
    through.process.kill()
    through.process.wait()
    expect(poster.step("publish", killed)["done"], "another one sends it again")
    expect(len(poster.posts()) == before + 2, "and it is one post")
    # With gates it is another request: all of it is there, or nothing.
    gated = {"text": "gated", "gate": NOBODY | NO_QUOTES}
    again = Poster(poster.network, "alice", root=cutter.root, token=poster.token)
    poster.prepare(gated)
    for _ in range(2):
        lost = again.step("publish", gated)
        expect(lost["code"] == ERR["NETWORK"] and lost["bytes_sent"] > 0, f"no answer: {lost}")
    again.close()
    found = poster.step("reconcile", gated)
    expect(found["found"] and poster.record(found["uri"].replace("feed.post", "feed.threadgate")),
           f"there, with its gates: {found}")
    expect(len(poster.posts()) == before + 3, "and it is one post")
    other = dict(killed, text="another text under that key")
    poster.prepare(other)
    clash = poster.step("publish", other)
    expect(clash["code"] == ERR["SYNTAX"] and "something else stands there" in clash["why"],
           f"a key names one text: {clash}")
    expect(len(poster.posts()) == before + 3 and poster.record(found["uri"]), "and nothing is overwritten")


def check_refusals(poster):
    ended = poster.network.say("expired alice")["token"]
    late = Poster(poster.network, "alice", token=ended)
    item = poster.step("prepare", {"text": "x", "key": key()})
    sent = late.step("publish", {"text": "x", "key": key(), "frozen": item["made"]})
    expect(sent["code"] == ERR["AUTH"] and "session has ended" in sent["why"], f"an ended session: {sent}")
    late.close()
    nonsense = Poster(poster.network, "alice", token="nonsense")
    sent = nonsense.step("publish", {"text": "x", "key": key(), "frozen": item["made"]})
    expect(sent["code"] == ERR["AUTH"], f"a revoked one: {sent}")
    nonsense.close()
    nowhere = Poster(poster.network, "alice", root="http://127.0.0.1:1", token=poster.token)
    sent = nowhere.step("publish", {"text": "x", "key": key(), "frozen": item["made"]})
    expect(sent["code"] == ERR["NETWORK"] and sent["bytes_sent"] == 0, f"nobody listens: {sent}")
    nowhere.close()


# --- how long it may be ---

UNITS = {
    "Latin": "a", "two bytes": "é", "combining": "e\u0301", "many marks": "e\u0301\u0323\u0302",
    "family": "👨‍👩‍👧‍👦", "skin": "👍🏽", "flag": "🇳🇱", "keycap": "1️⃣", "heart": "❤️", "Han": "字", "Hangul": "한",
    "jamo": "\u1112\u1161\u11ab", "Devanagari": "क्षि", "Bengali": "ক্ষ", "Malayalam": "ക്ഷ", "Tamil": "நி",
    "Thai": "กำ", "Myanmar": "က္က", "Khmer": "ក្ក", "Arabic": "لا", "prepend": "\u0600١", "line ends": "\r\n",
    "joiner": "a\u200d", "tag flag": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "blank": " ", "invisible": "\u200b", "new emoji": "🫪", "half a flag": "🇳a",
}


def check_limits(poster):
    """At every edge the server says what the counter says."""
    tool = os.path.join(os.path.dirname(os.environ["STOA_BIN"]), "tests/networks/bluesky_rules")
    texts = []
    for name, unit in UNITS.items():
        for n in (299, 300, 301):
            texts.append((f"{name} × {n}", unit * n))
            texts.append((f"{name} in {n}", "a" * (n - 2) + unit + "b"))
        size = len(unit.encode())
        for n in (2999, 3000, 3001):
            texts.append((f"{name}, {n} bytes", unit * (n // size) + "x" * (n % size)))
    said = subprocess.run([tool], input="".join(json.dumps(t) + "\n" for _, t in texts), text=True,
                          capture_output=True, check=True).stdout.splitlines()
    taken = 0
    for (name, text), line in zip(texts, said):
        count = json.loads(line)["graphemes"]
        fits = count <= 300 and len(text.encode()) <= 3000
        item = {"text": text}
        poster.prepare(item)
        sent = poster.step("publish", item)
        taken += sent["done"]
        expect(sent["done"] == fits, f"{name}: {count} graphemes, {len(text.encode())} bytes: {sent}")
        if not sent["done"]:
            expect(sent["code"] == ERR["SYNTAX"], f"refused for good: {sent}")
    print(f"  {len(texts)} texts at the limits, {taken} taken")


def main():
    with Network() as network:
        alice, others = Poster(network, "alice"), {n: Poster(network, n) for n in ("bob", "eve")}
        for check, *more in ((check_rich_text,), (check_pictures,), (check_replies, others),
                             (check_gates, others), (check_seen,), (check_once,), (check_refusals,), (check_limits,)):
            start = time.monotonic()
            check(alice, *more)
            name = check.__name__.removeprefix("check_").replace("_", " ")
            print(f"{name}: {time.monotonic() - start:.1f} s")
    finish()


if __name__ == "__main__":
    main()
