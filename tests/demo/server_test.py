#!/usr/bin/env python3
"""The demo server over loopback: that it listens, streams, misbehaves as told, logs what it
accepted, serves feeds with validators, and ends with whoever started it.

    server_test.py PATH-OF-SERVER
"""
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

SERVER = sys.argv[1]
failures = 0


def expect(condition, sentence):
    global failures
    if not condition:
        failures += 1
        print("FAIL:", sentence)


class Demo:
    def __init__(self, *args):
        self.process = subprocess.Popen([SERVER, "--port", "0", "--stdin-guard", *args],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        word, url = self.process.stdout.readline().decode().split()
        expect(word == "listening", f"it says {word}")
        self.host = url.split("//")[1]
        expect(self.host.startswith("127.0.0.1:"), f"it listens on {self.host}")

    def open(self, method, path, body=None, token="demo-ada", **headers):
        connection = http.client.HTTPConnection(self.host, timeout=20)
        if token:
            headers["Authorization"] = "Bearer " + token
        if isinstance(body, dict):
            body = urllib.parse.urlencode(body)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        return connection.getresponse()

    def ask(self, *args, **more):
        answer = self.open(*args, **more)
        return answer, answer.read()

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        expect(self.end() == 0, "it does not end well")


class Stream:
    """The events of an SSE stream, one at a time."""

    def __init__(self, answer):
        self.answer = answer
        self.first = answer.readline()

    def next(self):
        name = None
        while True:
            line = self.answer.readline()
            if not line:
                return None, None
            line = line.rstrip(b"\n")
            if line.startswith(b"event: "):
                name = line[7:].decode()
            if line.startswith(b"data: "):
                return name, line[6:]

    def next_of(self, wanted):
        while True:
            name, data = self.next()
            if name == wanted or name is None:
                return data


def api():
    with Demo("--pace", "off", "--clock", "2026-11-22T08:00:00Z") as demo:
        answer, body = demo.ask("GET", "/api/v1/timelines/home?limit=5")
        expect(answer.status == 200 and len(json.loads(body)) == 5, "home has five")
        expect(answer.headers["X-RateLimit-Reset"] == "2026-11-22T08:05:00.000000Z",
               f"the window ends at {answer.headers['X-RateLimit-Reset']}")
        expect("limit=5&max_id=" in answer.headers["Link"], "its Link keeps the limit")
        expect(demo.ask("GET", "/api/v1/timelines/home", token=None)[0].status == 401, "401")
        for body, kind in ((json.dumps({"status": "één", "poll": {"options": ["a", "b"], "expires_in": 600}}),
                            "application/json"), ("status=twee", "application/x-www-form-urlencoded")):
            answer, body = demo.ask("POST", "/api/v1/statuses", body.encode(), Content_Type=kind)
            expect(answer.status == 200, f"posting as {kind} gives {answer.status}")
        boundary = b"--frontier\r\nContent-Disposition: form-data; name=\"status\"\r\n\r\ndrie\r\n--frontier--\r\n"
        answer, body = demo.ask("POST", "/api/v1/statuses", boundary,
                                Content_Type="multipart/form-data; boundary=frontier")
        expect(json.loads(body).get("content") == "<p>drie</p>", f"multipart gives {body[:80]}")
        answer, body = demo.ask("POST", "/api/v1/statuses", b"{\"status\":", Content_Type="application/json")
        expect(answer.status == 400, f"bad JSON gives {answer.status}")


def streams():
    with Demo("--pace", "off") as demo:
        mine = Stream(demo.open("GET", "/api/v1/streaming/user"))
        tagged = Stream(demo.open("GET", "/api/v1/streaming/hashtag?tag=stroom"))
        expect(mine.first == b":)\n", f"a stream begins with {mine.first}")
        _, body = demo.ask("POST", "/api/v1/statuses", {"status": "@ada #Stroom"}, token="demo-brecht")
        made = json.loads(body)["id"]
        expect(json.loads(mine.next_of("update"))["id"] == made, "the update is the post")
        expect(json.loads(mine.next_of("notification"))["status"]["id"] == made, "and a mention")
        told = json.loads(tagged.next_of("update"))
        expect(told["id"] == made and "favourited" not in told, "the tag's update is nobody's own")
        demo.ask("PUT", "/api/v1/statuses/" + made, {"status": "anders"}, token="demo-brecht")
        expect(b"anders" in mine.next_of("status.update"), "an edit is told")
        demo.ask("DELETE", "/api/v1/statuses/" + made, token="demo-brecht")
        expect(mine.next_of("delete") == made.encode(), "a deletion is told")
        demo.ask("POST", "/demo/burst", {"events": 300, "rate": 3000})
        ids = [json.loads(mine.next_of("update"))["id"] for _ in range(300)]
        expect(len(set(ids)) == 300, "a burst brings each post once")
        answer = demo.open("GET", "/api/v1/streaming/user", token="wrong")
        expect(answer.status == 401, f"a wrong token may not listen: {answer.status}")


def faults():
    with Demo("--pace", "off", "--misbehave", "429:7*1,html@/api/v2*1") as demo:
        answer, _ = demo.ask("GET", "/api/v1/timelines/home")
        expect(answer.status == 429 and answer.headers["Retry-After"] == "7", "the first is refused")
        expect(demo.ask("GET", "/api/v1/timelines/home")[0].status == 200, "the second is not")
        answer, body = demo.ask("GET", "/api/v2/instance")
        expect(answer.status == 200 and body.startswith(b"<!doctype"), "a web page")

        def told(spec):
            expect(demo.ask("POST", "/demo/misbehave", {"spec": spec})[0].status == 200, spec)

        told("truncate@/api/v1/timelines")
        _, body = demo.ask("GET", "/api/v1/timelines/home")
        try:
            json.loads(body)
            expect(False, "cut JSON can be read")
        except ValueError:
            pass
        told("slow:300*1")
        start = time.monotonic()
        demo.ask("GET", "/api/v1/timelines/home")
        expect(time.monotonic() - start >= 0.3, "it is not slow")
        told("status:409@/api/v1/markers*1")
        for status in (409, 200):
            answer, _ = demo.ask("POST", "/api/v1/markers", {"home[last_read_id]": "1"})
            expect(answer.status == status, f"a marker is answered {answer.status}, not {status}")
        told("500")
        expect(demo.ask("GET", "/api/v1/instance")[0].status == 500, "500")
        told("cut:2")
        stream = Stream(demo.open("GET", "/api/v1/streaming/user"))
        for text in "abc":
            demo.ask("POST", "/api/v1/statuses", {"status": text})
        names = []
        try:
            for _ in range(3):
                names.append(stream.next()[0])
        except (http.client.HTTPException, OSError):
            names.append(None)
        expect(names == ["update", "update", None], f"the cut stream brings {names}")
        answer, body = demo.ask("POST", "/demo/misbehave", {"spec": "slwo"})
        expect(answer.status == 422 and b"slwo" in body, "an unknown fault is named")


PNG = (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0" + b"\0" * 4)
GIF = b"GIF89a\x04\0\x05\0\0\0\0;"


def form(**parts):
    """A multipart body; a value of bytes is a file."""
    lines = []
    for name, value in parts.items():
        file = '; filename="f"\r\nContent-Type: image/png' if isinstance(value, bytes) else ""
        lines.append(f'--frontier\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode())
        lines.append((value if isinstance(value, bytes) else value.encode()) + b"\r\n")
    return b"".join(lines) + b"--frontier--\r\n"


def upload(demo, path="/api/v2/media", **parts):
    answer, body = demo.ask("POST", path, form(**parts), Content_Type="multipart/form-data; boundary=frontier")
    return answer.status, json.loads(body)


def media():
    with Demo("--pace", "off", "--clock", "2026-11-22T08:00:00Z", "--image-limit", "100/64") as demo:
        status, made = upload(demo, description="trein", file=PNG)
        expect(status == 200 and made["type"] == "image", f"a picture is taken: {status} {made}")
        expect(made["meta"]["original"]["size"] == "3x2" and made["description"] == "trein", "and looked at")
        _, body = demo.ask("PUT", "/api/v1/media/" + made["id"], {"description": "tram"})
        expect(json.loads(body)["description"] == "tram", "its description can be changed")
        answer, body = demo.ask("GET", made["url"].split(demo.host)[1], token=None)
        expect(body == PNG and answer.headers["Content-Type"] == "image/png", "it is there for all")
        expect(upload(demo, file=b"plain")[0] == 422, "what is no picture is refused")
        expect(upload(demo, description="x")[0] == 422, "no file is refused")
        expect(upload(demo, file=PNG + b"x" * 100)[0] == 422, "too many bytes are refused")
        expect(upload(demo, file=PNG.replace(b"\x03", b"\xff"))[0] == 422, "too many pixels are refused")
        post = {"status": "kijk", "media_ids[]": made["id"]}
        expect(demo.ask("POST", "/api/v1/statuses", post, token="demo-mina")[0].status == 422, "it is ada's")
        _, body = demo.ask("POST", "/api/v1/statuses", post)
        told = json.loads(body)["media_attachments"]
        expect([m["description"] for m in told] == ["tram"], "the post has it")
        expect(demo.ask("POST", "/api/v1/statuses", post)[0].status == 422, "once")
        expect(demo.ask("GET", "/api/v1/media/" + made["id"])[0].status == 404, "then it is gone")
        edit = {"status": "kijk eens", "media_ids[]": made["id"]}
        answer, body = demo.ask("PUT", "/api/v1/statuses/" + json.loads(body)["id"], edit)
        expect(answer.status == 200 and json.loads(body)["media_attachments"], "an edit can keep it")
        status, film = upload(demo, file=GIF)
        expect(status == 202 and film["url"] is None, f"a film takes its time: {status}")
        expect(demo.ask("GET", "/api/v1/media/" + film["id"])[0].status == 206, "it is at work")
        post = {"status": "film", "media_ids[]": film["id"]}
        expect(demo.ask("POST", "/api/v1/statuses", post)[0].status == 422, "nobody can use it yet")
        demo.ask("POST", "/demo/clock", {"advance": 2})
        expect(demo.ask("GET", "/api/v1/media/" + film["id"])[0].status == 200, "it is ready")
        expect(demo.ask("POST", "/api/v1/statuses", post)[0].status == 200, "and can be used")
        expect(upload(demo, "/api/v1/media", file=GIF)[0] == 200, "the old way waits for it")


def keyed(demo, text, key, **more):
    """Post with a key: the status and the id, or None and None when nobody answers."""
    try:
        answer, body = demo.ask("POST", "/api/v1/statuses", {"status": text, **more}, Idempotency_Key=key)
    except (http.client.HTTPException, OSError):
        return None, None
    return answer.status, json.loads(body).get("id")


def posted(demo, text):
    _, me = demo.ask("GET", "/api/v1/accounts/verify_credentials")
    _, body = demo.ask("GET", f"/api/v1/accounts/{json.loads(me)['id']}/statuses?limit=40")
    return sum(text in post["content"] for post in json.loads(body))


def posting_faults():
    with Demo("--pace", "off", "--clock", "2026-11-22T08:00:00Z") as demo:
        def told(spec):
            expect(demo.ask("POST", "/demo/misbehave", {"spec": spec})[0].status == 200, spec)

        expect(keyed(demo, "sleutel", "k1")[1] == keyed(demo, "sleutel", "k1")[1], "a key posts once")
        told("repeat-key-500")
        expect(keyed(demo, "sleutel", "k1")[0] == 500 and keyed(demo, "slot", "k2")[0] == 200, "a spent key")
        expect(posted(demo, "sleutel") == 1, "is not posted twice")
        told("ignore-key")
        keyed(demo, "sleutel", "k1")
        expect(posted(demo, "sleutel") == 2, "a key that means nothing")
        told("late-commit:3000*1")
        expect(keyed(demo, "traagheid", "k3")[0] == 504 and posted(demo, "traagheid") == 0, "it comes later")
        _, body = demo.ask("GET", "/api/v1/scheduled_statuses")
        expect(json.loads(body) == [], "nobody was told of it")
        demo.ask("POST", "/demo/clock", {"advance": 3})
        while not posted(demo, "traagheid"):
            pass
        expect(keyed(demo, "traagheid", "k3")[0] == 200 and posted(demo, "traagheid") == 1, "and then its key counts")
        told("cut-after-accept*1")
        expect(keyed(demo, "stil", "k4") == (None, None) and posted(demo, "stil") == 1, "posted, and not told")
        told("keep-now")
        status, made = keyed(demo, "nu", "k5", scheduled_at="2026-11-22T10:00:00Z")
        expect(status == 200 and posted(demo, "nu") == 1, "what was to be kept is published")


def kept_posts():
    with Demo("--pace", "off", "--clock", "2026-11-22T08:00:00Z") as demo:
        _, made = upload(demo, file=PNG)
        for what in ({"media_ids": [made["id"]]}, {"poll": {"options": ["ja", "nee"], "expires_in": 600}}):
            ask = {"status": "straks", "scheduled_at": "2026-11-22T09:00:00Z", **what}
            answer, body = demo.ask("POST", "/api/v1/statuses", json.dumps(ask).encode(),
                                    Content_Type="application/json")
            kept = json.loads(body)
            expect(answer.status == 200 and "account" not in kept, f"it is kept: {body[:90]}")
            name = next(iter(what))
            expect(kept["params"][name], f"with its {name}")
        stream = Stream(demo.open("GET", "/api/v1/streaming/user"))
        demo.ask("POST", "/demo/clock", {"advance": 3600})
        first, second = (json.loads(stream.next_of("update")) for _ in range(2))
        expect(first["media_attachments"] and first["content"] == "<p>straks</p>", "it is published")
        expect(second["poll"]["expires_at"] == "2026-11-22T09:10:00.000Z", "its poll runs from then on")


def limits():
    with Demo("--pace", "off", "--rate-limit", "3/3600") as demo:
        seen = [demo.ask("GET", "/api/v1/instance") for _ in range(4)]
        expect([a.status for a, _ in seen] == [200, 200, 200, 429], "the fourth is refused")
        expect([a.headers["X-RateLimit-Remaining"] for a, _ in seen] == ["2", "1", "0", "0"], "they are counted")
        expect("Retry-After" not in seen[3][0].headers, "the time is only in the Reset")
        expect(demo.ask("GET", "/api/v1/instance", token="demo-mina")[0].status == 200, "each has their own")


def sign_in():
    """The form in a browser's hands, and the token at work."""
    with Demo("--pace", "off") as demo:
        _, body = demo.ask("POST", "/api/v1/apps", json.dumps({
            "client_name": "t", "redirect_uris": ["http://127.0.0.1:1/b"], "scopes": "read"}).encode(),
            token=None, Content_Type="application/json")
        app = json.loads(body)
        asked = {"response_type": "code", "client_id": app["client_id"], "state": "s",
                 "redirect_uri": "http://127.0.0.1:9/b", "scope": "read"}
        answer, page = demo.ask("GET", "/oauth/authorize?" + urllib.parse.urlencode(asked), token=None)
        expect(answer.status == 200 and b"<form" in page, "a form is shown")
        answer, _ = demo.ask("POST", "/oauth/authorize", {**asked, "login": "mina"}, token=None)
        back = urllib.parse.urlsplit(answer.headers["Location"])
        code = urllib.parse.parse_qs(back.query)
        expect(back.netloc == "127.0.0.1:9" and code["state"] == ["s"], f"it leads to {back}")
        answer, body = demo.ask("POST", "/oauth/token", {
            "grant_type": "authorization_code", "code": code["code"][0], "client_id": app["client_id"],
            "client_secret": app["client_secret"], "redirect_uri": asked["redirect_uri"]}, token=None)
        token = json.loads(body)["access_token"]
        _, body = demo.ask("GET", "/api/v1/accounts/verify_credentials", token=token)
        expect(json.loads(body)["username"] == "mina", "it is mina's")
        answer, _ = demo.ask("POST", "/api/v1/statuses", {"status": "x"}, token=token)
        expect(answer.status == 403, f"who may only read writes: {answer.status}")


def faces():
    """Another program: its name, its ids, what it lacks."""
    for name, lacks in (("gotosocial", "/api/v2/notifications"), ("snac", "/api/v2/instance"),
                        ("pleroma", "/api/v2/filters"), ("mastodon-4.0", "/oauth/userinfo")):
        with Demo("--pace", "off", "--software", name) as demo:
            _, body = demo.ask("GET", "/nodeinfo/2.0", token=None)
            expect(json.loads(body)["software"]["name"] == name.split("-")[0], f"{name} has a name")
            expect(demo.ask("GET", lacks)[0].status == 404, f"{name} has {lacks}")
            _, body = demo.ask("GET", "/api/v1/timelines/home?limit=1")
            first = json.loads(body)[0]["id"]
            expect(demo.ask("GET", "/api/v1/statuses/" + first)[0].status == 200, f"{name} knows {first}")
            expect(demo.ask("POST", "/demo/software", {"name": "friendica"})[0].status == 422, "no such face")
            demo.ask("POST", "/demo/software", b'{"name":"mastodon"}', Content_Type="application/json")
            expect(demo.ask("GET", lacks)[0].status == 200, "a face can be changed")
            expect(first.isdigit() == (name == "mastodon-4.0") or name == "snac", f"{name} has {first}")


def feeds():
    with Demo("--pace", "off") as demo:
        for name, start in (("harbour.xml", b"<?xml"), ("bouwnieuws.xml", b"<?xml"),
                            ("kernel.xml", b"<?xml"), ("letters.json", b"{")):
            answer, body = demo.ask("GET", "/feeds/" + name, token=None)
            expect(answer.status == 200 and body.startswith(start), f"{name} is a feed")
            for condition in ({"If_None_Match": answer.headers["ETag"]},
                              {"If_Modified_Since": answer.headers["Last-Modified"]}):
                again, rest = demo.ask("GET", "/feeds/" + name, token=None, **condition)
                expect(again.status == 304 and not rest, f"{name} has not changed: {again.status}")
            again, _ = demo.ask("GET", "/feeds/" + name, token=None, If_None_Match='"x"')
            expect(again.status == 200, f"{name} for another ETag: {again.status}")


def log():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "log")
        with Demo("--pace", "off", "--log", path) as demo:
            demo.ask("POST", "/api/v1/statuses", {"status": "x"}, Idempotency_Key="key-1")
            demo.ask("POST", "/api/v1/statuses", {"status": "x"}, Idempotency_Key="key-1")
            demo.ask("POST", "/api/v1/statuses", {"status": ""})
        with open(path) as lines:
            entries = [json.loads(line) for line in lines]
        expect([e["status"] for e in entries] == [200, 200, 422], f"the log has {entries}")
        expect([e.get("key") for e in entries] == ["key-1", None, None], "one write was accepted")


def ends():
    demo = Demo("--pace", "off")
    stream = demo.open("GET", "/api/v1/streaming/user")
    expect(demo.end() == 0, "closing its input ends it, streams or not")
    stream.close()
    demo = Demo("--pace", "off")
    demo.process.send_signal(signal.SIGTERM)
    expect(demo.process.wait(20) == 0, "SIGTERM ends it")
    demo.end()
    for args in (["--port", "99999"], ["--nonsense"], ["--misbehave", "slwo"], ["--clock", "soon"],
                 ["--software", "friendica"], ["--host", "x"], ["--rate-limit", "3"], ["--image-limit", "3"]):
        done = subprocess.run([SERVER, *args], stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
        expect(done.returncode == 2 and done.stderr, f"{args} is refused")


for check in (api, streams, faults, media, posting_faults, kept_posts, limits, sign_in, faces, feeds, log, ends):
    check()
print(f"{failures} failed" if failures else "ok")
sys.exit(1 if failures else 0)
