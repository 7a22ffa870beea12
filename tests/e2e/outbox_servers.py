"""Servers for posting that misbehave: one that speaks Mastodon's API, and a PDS. What became
public stands in a log that is only ever appended to: that is the truth."""
import json
import random
import socket
import threading
import time
import urllib.parse
from email.utils import formatdate

# What a server does at times to a request that posts. Of each: (how often, what).
#   504     "504" at once, and the post a little later
#   cut     the post is made, and the connection cut before the answer
#   500     an error, and nothing is posted
#   now     what was to be kept is posted at once
MODES = {
    "honours": {"software": "mastodon 4.5.2", "key": True, "faults": {}},
    "repeat500": {"software": "mastodon 4.5.2", "key": "500", "faults": {"cut": 0.2, "500": 0.1}},
    "ignores": {"software": "gotosocial 0.19.0", "key": False, "faults": {"cut": 0.1}},
    "late": {"software": "mastodon 4.5.2", "key": True, "faults": {"504": 0.3}},
    "cuts": {"software": "mastodon 4.5.2", "key": True, "faults": {"cut": 0.3}},
    "now": {"software": "mastodon 4.5.2", "key": True, "faults": {"now": 1.0}},
    "keeps": {"software": "mastodon 4.5.2", "key": True, "faults": {"cut": 0.2}},
    "bluesky": {"software": "pds", "key": True, "faults": {"cut": 0.2, "500": 0.1}},
}
LATE_S = 0.04  # a post after its 504; the settle time is longer


class Cut(Exception):
    """The connection ends here without an answer."""


class Server:
    """One server on a port of its own, a thread a connection."""

    def __init__(self, mode, truth, seed, delay=0.02):
        self.mode, self.rules = mode, MODES[mode]
        self.truth, self.delay = truth, delay
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.posts = []      # public, oldest first
        self.scheduled = {}  # id: what is kept
        self.keys = {}
        self.records = {}    # of a PDS: rkey: (cid, record)
        self.arrivals = []   # when requests that post came in
        self.came = threading.Event()  # set when such a request comes in
        self.fault = None    # the next request that posts has this one
        self.serial = 1000
        self.ahead_s = 0     # its clock, against ours
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(64)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.accepting = threading.Thread(target=self.accept, daemon=True)
        self.accepting.start()

    # -- HTTP --

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.converse, args=(connection,), daemon=True).start()

    def converse(self, connection):
        stream = connection.makefile("rb")
        try:
            while self.exchange(connection, stream):
                pass
        except (Cut, OSError, ValueError):
            pass
        try:
            connection.close()
        except OSError:
            pass

    def exchange(self, connection, stream):
        line = stream.readline()
        if not line:
            return False
        method, target, _ = line.decode().split(" ", 2)
        headers = {}
        while True:
            line = stream.readline().decode()
            if line in ("\r\n", ""):
                break
            name, value = line.split(":", 1)
            headers[name.lower()] = value.strip()
        size = int(headers.get("content-length", 0))
        body = stream.read(size)
        if len(body) < size:
            raise Cut()  # it died before we had it all
        status, answer = self.answer(method, urllib.parse.urlsplit(target), headers, body)
        data = json.dumps(answer).encode()
        connection.sendall((f"HTTP/1.1 {status} X\r\nDate: {formatdate(self.now(), usegmt=True)}\r\n"
                            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
                            "\r\n").encode() + data)
        return True

    def answer(self, method, url, headers, body):
        query = dict(urllib.parse.parse_qsl(url.query))
        with self.lock:
            self.publish_due()
        if self.mode == "bluesky":
            return self.answer_pds(method, url.path, query, body)
        return self.answer_mastodon(method, url.path, query, headers, body)

    def now(self):
        return time.time() + self.ahead_s

    def stop(self):
        """Whoever accepts ends first: it would go on with the next socket of this number."""
        self.socket.shutdown(socket.SHUT_RDWR)
        self.accepting.join()
        self.socket.close()

    # -- what is public --

    def make_public(self, text, ident):
        self.truth.append((self.now(), self.mode, text, ident))

    def publish_due(self):
        now = self.now()
        for ident, kept in list(self.scheduled.items()):
            if kept["at"] <= now:
                del self.scheduled[ident]
                self.add_post(kept["body"])

    def add_post(self, body):
        self.serial += 1
        post = {"id": str(self.serial), "body": body, "at": self.now()}
        self.posts.append(post)
        self.make_public(body["status"], post["id"])
        return post

    def choose_fault(self):
        fault, self.fault = self.fault, None
        if fault:
            return fault
        roll = self.random.random()
        for name, share in self.rules["faults"].items():
            if roll < share:
                return name
            roll -= share
        return None

    def arrive(self):
        self.arrivals.append(time.time())
        self.came.set()
        time.sleep(self.delay * self.random.random())

    # -- Mastodon --

    def status_of(self, post):
        body = post["body"]
        return {"id": post["id"], "created_at": time.strftime(
                    "%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(post["at"])),
                "in_reply_to_id": body.get("in_reply_to_id"), "visibility": "public",
                "sensitive": False, "spoiler_text": "", "media_attachments": [], "poll": None,
                "reblog": None, "content": f"<p>{body['status']}</p>",
                "uri": f"https://fake.example/{post['id']}",
                "url": f"https://fake.example/@ada/{post['id']}",
                "account": self.account()}

    def account(self):
        return {"id": "1", "username": "ada", "acct": "ada", "display_name": "Ada",
                "url": "https://fake.example/@ada", "uri": "https://fake.example/users/ada"}

    def kept_of(self, ident):
        kept = self.scheduled[ident]
        return {"id": ident, "scheduled_at": time.strftime(
                    "%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(kept["at"])),
                "params": {"text": kept["body"]["status"], "visibility": "public",
                           "in_reply_to_id": None, "spoiler_text": "", "media_ids": None,
                           "poll": None},
                "media_attachments": []}

    def answer_mastodon(self, method, path, query, headers, body):
        software, version = self.rules["software"].split()
        if path == "/api/v1/statuses" and method == "POST":
            return self.publish(json.loads(body), headers.get("idempotency-key"))
        if path == "/api/v1/accounts/verify_credentials":
            return 200, self.account()
        if path in ("/api/v2/instance", "/api/v1/instance"):
            answer = {"domain": "fake.example", "version": version, "title": "fake",
                      "configuration": {"statuses": {"max_characters": 500}}}
            if software == "mastodon":
                answer["api_versions"] = {"mastodon": 7}
            else:
                answer["version"] = version
            return 200, answer
        if path == "/.well-known/nodeinfo":
            return 200, {"links": [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0",
                                    "href": self.url + "/nodeinfo/2.0"}]}
        if path == "/nodeinfo/2.0":
            return 200, {"software": {"name": software, "version": version}}
        if path == "/api/v1/accounts/1/statuses":
            return 200, self.own(query)
        if path.startswith("/api/v1/statuses/"):
            return self.one(path.split("/")[4:])
        if path.startswith("/api/v1/scheduled_statuses"):
            return self.kept(method, path.split("/")[4:])
        return 404, {"error": "Record not found"}

    def own(self, query):
        with self.lock:
            posts = [p for p in self.posts if int(p["id"]) > int(query.get("since_id", 0))
                     and int(p["id"]) < int(query.get("max_id", 10**12))]
            return [self.status_of(p) for p in reversed(posts)][:int(query.get("limit", 20))]

    def one(self, words):
        with self.lock:
            for post in self.posts:
                if post["id"] != words[0]:
                    continue
                if words[1:] == ["source"]:
                    return 200, {"id": post["id"], "text": post["body"]["status"],
                                 "spoiler_text": ""}
                return 200, self.status_of(post)
        return 404, {"error": "Record not found"}

    def kept(self, method, words):
        with self.lock:
            if not words:
                return 200, [self.kept_of(i) for i in sorted(self.scheduled, reverse=True)]
            if words[0] not in self.scheduled:
                return 404, {"error": "Record not found"}
            if method == "DELETE":
                del self.scheduled[words[0]]
                return 200, {}
            return 200, self.kept_of(words[0])

    def publish(self, body, key):
        self.arrive()
        with self.lock:
            keep = "scheduled_at" in body
            if key in self.keys and self.rules["key"] and not keep:
                if self.rules["key"] == "500":
                    return 500, {"error": "There was a problem"}
                return 200, self.status_of(self.keys[key])
            fault = self.choose_fault()
            if fault == "500":
                return 500, {"error": "There was a problem"}
            if fault == "504":
                threading.Timer(LATE_S, self.publish_late, args=(body, key)).start()
                return 504, {"error": "timeout"}
            if keep and fault != "now":
                answer = self.keep(body)
            else:
                self.keys[key] = self.add_post(body)
                answer = self.status_of(self.keys[key])
            if fault == "cut":
                raise Cut()
            return 200, answer

    def keep(self, body):
        self.serial += 1
        ident = str(self.serial)
        at = time.mktime(time.strptime(body["scheduled_at"][:19], "%Y-%m-%dT%H:%M:%S"))
        self.scheduled[ident] = {"body": body, "at": at - time.timezone}
        return self.kept_of(ident)

    def publish_late(self, body, key):
        with self.lock:
            if key not in self.keys:
                self.keys[key] = self.add_post(body)

    # -- a PDS --

    def answer_pds(self, method, path, query, body):
        name = path.rsplit("/", 1)[-1]
        session = {"did": "did:plc:ada23456789abcdefghijklm", "handle": "ada.test",
                   "accessJwt": "access", "refreshJwt": "refresh", "active": True}
        if name in ("com.atproto.server.createSession", "com.atproto.server.getSession",
                    "com.atproto.server.refreshSession"):
            return 200, session
        if name == "com.atproto.repo.putRecord":
            return self.put_record(json.loads(body))
        if name == "com.atproto.repo.getRecord":
            with self.lock:
                if query.get("rkey") not in self.records:
                    return 400, {"error": "RecordNotFound", "message": "Could not locate record"}
                cid, record = self.records[query["rkey"]]
                return 200, {"uri": self.uri(query["rkey"]), "cid": cid, "value": record}
        return 404, {"error": "MethodNotImplemented"}

    def uri(self, rkey):
        return f"at://did:plc:ada23456789abcdefghijklm/app.bsky.feed.post/{rkey}"

    def put_record(self, asked):
        self.arrive()
        with self.lock:
            rkey, record = asked["rkey"], asked["record"]
            fault = self.choose_fault()
            if fault == "500":
                return 500, {"error": "InternalServerError"}
            cid = "bafyrei" + format(hash(json.dumps(record, sort_keys=True)) % 2**64, "x")
            if rkey not in self.records:
                self.make_public(record["text"], rkey)
            elif self.records[rkey][0] != cid:
                self.make_public(record["text"], rkey + " again")
            self.records[rkey] = (cid, record)
            if fault == "cut":
                raise Cut()
            return 200, {"uri": self.uri(rkey), "cid": cid}
