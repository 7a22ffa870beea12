#!/usr/bin/env python3
"""stoa against snac, a server that is none of ours, started here with three people.

    scripts/check-snac, or SNAC_BIN=… STOA_BIN=… snac.py

What snac lacks is met with a sentence, and what it has works: sign-in through its own
forms, writing in all kinds, answering, liking, reposting, notifications, search, lists, and a timeline
of 300 posts to its end.
"""
import http.client
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import STOA, Profile, expect, finish  # noqa: E402

SNAC = os.environ.get("SNAC_BIN", "")
PEOPLE = ("ada", "brecht", "mina")
POSTS = 300


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Snac:
    """The server, as an ordinary user, in a folder of its own."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="stoa-snac-")
        self.who = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
        self.port = free_port()
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"
        self.program = os.path.join(self.dir, "snac")
        self.data = os.path.join(self.dir, "data")
        shutil.copy(SNAC, self.program)
        os.chmod(self.program, 0o755)
        os.chmod(self.dir, 0o755)
        if self.who:
            shutil.chown(self.dir, "nobody")
        self._run("init", self.data, answers=f"127.0.0.1\n{self.port}\n{self.host}\n\n\n")
        self._configure(protocol="http", num_threads=24, queue_timeout=3)
        self.passwords = {}
        for name in PEOPLE:
            said = self._run("adduser", self.data, name)
            self.passwords[name] = re.search(r"password is (\S+)", said).group(1)
        self.log = open(os.path.join(self.dir, "log"), "wb")
        self.process = subprocess.Popen([self.program, "httpd", self.data], stdout=self.log,
                                        stderr=subprocess.STDOUT, **self.who)
        self._wait()

    def _run(self, *args, answers=""):
        done = subprocess.run([self.program, *args], input=answers.encode(), capture_output=True,
                              timeout=60, **self.who)
        if done.returncode:
            raise RuntimeError(f"snac {args[0]}: {done.stderr.decode()[-400:]}")
        return (done.stdout + done.stderr).decode()

    def _configure(self, **values):
        path = os.path.join(self.data, "server.json")
        with open(path) as f:
            config = json.load(f)
        config.update(values)
        with open(path, "w") as f:
            json.dump(config, f)

    def _wait(self):
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("snac does not listen")

    def ask(self, method, path, body=None, token=None):
        headers = {"Authorization": "Bearer " + token} if token else {}
        if isinstance(body, dict):
            body = urllib.parse.urlencode(body)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        link.request(method, path, body, headers)
        answer = link.getresponse()
        return answer, answer.read()

    def allow(self, name, url):
        """What the browser does: the form that `url` shows, filled in. Returns what came."""
        parts = urllib.parse.urlsplit(url)
        expect(f"{parts.scheme}://{parts.netloc}" == self.url, f"the address to open is {url}")
        answer, page = self.ask("GET", f"{parts.path}?{parts.query}")
        expect(answer.status == 200, f"the sign-in page answers {answer.status}")
        form = {k.decode(): urllib.parse.unquote(v.decode()) for k, v in
                re.findall(rb'type="hidden" name="([^"]*)" value="([^"]*)"', page)}
        form.update(login=name, passwd=self.passwords[name])
        return self.ask("POST", "/oauth/x-snac-login", form)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)


def until(seconds, test):
    """The first true answer of `test`, asked again and again; else its last."""
    end = time.monotonic() + seconds
    while True:
        answer = test()
        if answer or time.monotonic() > end:
            return answer
        time.sleep(0.1)


# --- signing in ---

def ask_to_sign_in(profile, snac, name, *options, **env):
    """`stoa login`, as far as the address that it wants to be opened."""
    return subprocess.Popen([STOA, "login", "mastodon", snac.url, "--name", name, *options],
                            env=dict(profile.env, **env), stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def read_address(program, seconds=30):
    said, end = b"", time.monotonic() + seconds
    os.set_blocking(program.stdout.fileno(), False)
    while time.monotonic() < end:
        said += program.stdout.read() or b""
        found = re.search(rb"http://\S+/oauth/authorize\?\S+(?=\s)", said)
        if found:
            return found.group().decode(), said
        if program.poll() is not None:
            break
        time.sleep(0.02)
    return None, said


def end_sign_in(program, said, name, rest=b""):
    os.set_blocking(program.stdout.fileno(), True)
    out, _ = program.communicate(rest, timeout=60)
    expect(program.returncode == 0,
           f"signing in as {name} ends with {program.returncode}: {(said + out).decode()[-400:]}")


def sign_in_by_pasting(profile, snac, name):
    program = ask_to_sign_in(profile, snac, name, "--paste")
    url, said = read_address(program)
    if not expect(url, f"no address to open: {said.decode()[-400:]}"):
        program.kill()
        return
    _, shown = snac.allow(name, url)
    end_sign_in(program, said, name, shown.strip() + b"\n")


def sign_in_by_browser(profile, snac, name):
    """A stand-in for the browser notes the address; we do what a person does there."""
    folder = os.path.join(profile.dir, "bin")
    os.makedirs(folder, exist_ok=True)
    note = os.path.join(profile.dir, "opened")
    with open(os.path.join(folder, "xdg-open"), "w") as f:
        f.write(f'#!/bin/sh\nprintf "%s" "$1" >"{note}.new" && mv "{note}.new" "{note}"\n')
    os.chmod(os.path.join(folder, "xdg-open"), 0o755)
    program = ask_to_sign_in(profile, snac, name, DISPLAY=":99",
                             PATH=folder + os.pathsep + profile.env["PATH"])
    if not expect(until(30, lambda: os.path.exists(note)), "no browser was opened"):
        program.kill()
        return
    with open(note) as f:
        answer, _ = snac.allow(name, f.read())
    back = urllib.parse.urlsplit(answer.headers.get("Location", ""))
    if expect(answer.status == 303 and back.hostname == "127.0.0.1",
              f"the form leads to {answer.status} {answer.headers.get('Location')}"):
        link = http.client.HTTPConnection("127.0.0.1", back.port, timeout=20)
        link.request("GET", f"{back.path}?{back.query}")
        expect(link.getresponse().status == 200, "stoa does not take the browser's answer")
        link.close()
    end_sign_in(program, b"", name)


def token_for(snac, name):
    """A token without stoa, for what the test itself does and looks at."""
    _, body = snac.ask("POST", "/api/v1/apps", {"client_name": "test", "scopes": "read write",
                                                "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"})
    app = json.loads(body)
    _, shown = snac.ask("POST", "/oauth/x-snac-login", {
        "login": name, "passwd": snac.passwords[name], "redir": "urn:ietf:wg:oauth:2.0:oob",
        "cid": app["client_id"], "state": ""})
    _, body = snac.ask("POST", "/oauth/token", {
        "grant_type": "authorization_code", "code": shown.decode().split("&")[0].strip(),
        "client_id": app["client_id"], "client_secret": app["client_secret"],
        "redirect_uri": "urn:ietf:wg:oauth:2.0:oob"})
    return json.loads(body)["access_token"]


# --- what stoa does there ---

def post(snac, token, text, **more):
    answer, body = snac.ask("POST", "/api/v1/statuses", dict(status=text, **more), token)
    expect(answer.status == 200, f"snac does not post: {answer.status} {body[:200]}")
    return json.loads(body)


def read(profile, source, *options):
    done = profile.run("read", source, "--json", *options)
    expect(done.returncode == 0, f"stoa read {source}: {done.stderr.decode()[:300]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def act(profile, *words):
    done = profile.run(*words)
    return expect(done.returncode == 0, f"stoa {' '.join(words)} ends with {done.returncode}: "
                                        f"{done.stderr.decode()[:300]}")


def people_meet(profile, snac, tokens):
    """Following, answering, liking, reposting, keeping: and what each is told of it."""
    act(profile, "follow", "-a", "ada", f"{snac.url}/brecht")
    act(profile, "follow", "-a", "brecht", f"{snac.url}/ada")
    said = post(snac, tokens["brecht"], "Wie weet een aannemer? #bouw")
    url = said["url"]
    expect(until(20, lambda: any(p["url"] == url for p in read(profile, "ada/home"))),
           "a post of somebody followed does not come home")
    for deed in ("like", "repost", "bookmark"):
        act(profile, deed, "-a", "ada", url)
    answer = post(snac, tokens["ada"], "@brecht@%s Wouter!" % snac.host, in_reply_to_id=said["id"])
    reasons = {"like": "favourite", "repost": "reblog", "mention": "mention"}

    def told():
        _, body = snac.ask("GET", "/api/v1/notifications", token=tokens["brecht"])
        return set(reasons.values()) <= {n["type"] for n in json.loads(body)}
    expect(until(20, told), "snac does not know of the like, the repost and the answer")
    notices = read(profile, "brecht/notifications")
    expect(len(notices) >= 2, f"stoa shows {len(notices)} notifications")
    mentions = read(profile, "brecht/mentions")
    expect(any(p["url"] == answer["url"] for p in mentions), "the answer is no mention")
    thread = read(profile, f'ada/thread:"{url}"')
    expect({said["url"], answer["url"]} <= {p["url"] for p in thread}, "the thread is not whole")
    kept = read(profile, "ada/bookmarks")
    expect([p["url"] for p in kept] == [url], "the bookmark is not there")
    found = read(profile, 'ada/search:"aannemer"')
    expect(any(p["url"] == url for p in found), "the search does not find the post")
    for deed in ("unlike", "unrepost", "unbookmark"):
        act(profile, deed, "-a", "ada", url)
    expect(read(profile, "ada/bookmarks") == [], "the bookmark is not taken back")


def a_long_timeline(profile, snac, tokens):
    """300 posts, page by page to the end: each once. Whoever has no followers writes them, so
    that none has to be delivered, which snac under load puts off for minutes; one by one,
    since of what comes at once snac loses some."""
    made = [post(snac, tokens["mina"], f"Bericht {i}")["uri"] for i in range(POSTS)]
    # Of a profile snac shows so many at once and no more, whatever page is asked for.
    for source, least in (("mina/home", POSTS), ('mina/profile:"mina@%s"' % snac.host, 256)):
        got = [p["uri"] for p in read(profile, source, "--limit", str(POSTS + 100))]
        mine = set(got) & set(made)
        expect(len(got) == len(set(got)), f"{source} has {len(got) - len(set(got))} rows twice")
        expect(len(mine) >= least, f"{source} shows {len(mine)} of {POSTS}")
        print(f"  {source.split(':')[0]}: {len(mine)} of {POSTS} posts, each once")


def lists(profile, snac, tokens):
    act(profile, "list-make", "-a", "ada", "Bouwers")
    done = profile.run("show", "lists", "-a", "ada", "--json")
    expect(done.returncode == 0 and b"Bouwers" in done.stdout,
           f"the list is not there: {(done.stdout + done.stderr).decode()[:300]}")
    made = json.loads(done.stdout.splitlines()[0])
    act(profile, "list-add", "-a", "ada", made["id"], f"{snac.url}/brecht")
    said = post(snac, tokens["brecht"], "Voor de lijst")
    expect(until(20, lambda: any(p["url"] == said["url"]
                                 for p in read(profile, f"ada/list:{made['id']}"))),
           "the list does not show what its member says")


def picture(profile):
    """A small picture, as a file of the profile."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    path = os.path.join(profile.dir, "picture.png")
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 2, 0, 0, 0)) +
                chunk(b"IDAT", zlib.compress((b"\0" + b"\x40\x80\xc0" * 3) * 2)) + chunk(b"IEND", b""))
    return path


def write(profile, *words, stdin=b"", well=True):
    """`stoa post` as ada; what it says."""
    done = profile.run("post", "-a", "ada", *words, stdin=stdin)
    said = (done.stdout + done.stderr).decode().strip()
    expect((done.returncode == 0) == well, f"stoa post {' '.join(words)}: {done.returncode} {said[-300:]}")
    return said


def posted(snac, token, text):
    """Ada's posts that have these words."""
    _, body = snac.ask("GET", "/api/v1/accounts/verify_credentials", token=token)
    _, body = snac.ask("GET", f"/api/v1/accounts/{json.loads(body)['id']}/statuses", token=token)
    return [p for p in json.loads(body) if text in p["content"]]


def stoa_writes(profile, snac, tokens):
    """Each kind of post comes out as it was meant, and once."""
    mine, theirs = tokens["ada"], post(snac, tokens["brecht"], "Wie komt er?")
    write(profile, "--warning", "zacht", "Gewone woorden & een #tag")
    found = posted(snac, mine, "Gewone woorden")
    expect(len(found) == 1 and found[0]["spoiler_text"] == "zacht", f"a plain post: {found}")
    expect(until(20, lambda: any(p["url"] == theirs["url"] for p in read(profile, "ada/home"))),
           "what is to be answered does not come home")
    write(profile, "--reply", theirs["url"], "Ik kom!")
    found = posted(snac, mine, "Ik kom")
    expect(len(found) == 1 and found[0]["in_reply_to_id"], f"an answer: {found}")
    write(profile, "--media", picture(profile), "--alt", "een vlak", "Met een plaatje")
    found = posted(snac, mine, "Met een plaatje")
    media = found[0]["media_attachments"] if found else []
    expect(len(found) == 1 and [m["description"] for m in media] == ["een vlak"], f"a picture: {found}")
    # This snac would post the question and forget the answers.
    said = write(profile, "--poll", "ja|nee", "--poll-for", "1h", "Komt u?", well=False)
    expect("no polls" in said and not posted(snac, mine, "Komt u?"), f"a poll: {said}")
    write(profile, "--thread", "-", stdin="eerst\n---\ndaarna".encode())
    first, then = posted(snac, mine, "eerst"), posted(snac, mine, "daarna")
    expect(len(first) == len(then) == 1 and then[0]["in_reply_to_id"] == first[0]["id"],
           f"a thread: {first} {then}")
    # As long as it says that it takes, and one more.
    write(profile, "-", stdin="é".encode() * 99999 + b"!")
    longest = posted(snac, mine, "é" * 1000)
    expect(len(longest) == 1 and longest[0]["content"].count("é") == 99999, "the longest post is not whole")
    said = write(profile, "-", stdin="é".encode() * 100001, well=False)
    expect("100001" in said and "100000 characters" in said, f"a post that is too long: {said[-200:]}")
    said = write(profile, "--at", "in 1h", "Over een uur")
    expect("its server keeps it" not in said and not posted(snac, mine, "Over een uur"),
           f"snac posts at once, and was given a post to keep: {said}")
    said = write(profile, "--via", "server", "--at", "in 1h", "Bij de server", well=False)
    expect(not posted(snac, mine, "Bij de server"), f"snac was asked to keep a post: {said}")
    print(f"  stoa post --via server: {said}")


class Gap:
    """Passes connections on to snac; one answer to a new post gets lost on the way."""

    def __init__(self, port):
        self.port = port
        self.lost = 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                link, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link):
        reader = link.makefile("rb")
        try:
            while line := reader.readline():
                method, path, _ = line.decode("latin-1").split()
                headers = {}
                while (row := reader.readline()) not in (b"\r\n", b""):
                    name, _, value = row.decode("latin-1").partition(":")
                    headers[name.strip().lower()] = value.strip()
                body = reader.read(int(headers.get("content-length", 0)))
                headers.pop("connection", None)
                far = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                far.request(method, path, body or None, headers)
                answer = far.getresponse()
                data = answer.read()
                if method == "POST" and path == "/api/v1/statuses" and not self.lost:
                    self.lost += 1
                    return
                kind = answer.headers.get("Content-Type", "application/json")
                link.sendall(f"HTTP/1.1 {answer.status} x\r\nContent-Type: {kind}\r\nContent-Length: "
                             f"{len(data)}\r\n\r\n".encode() + data)
        except (OSError, ValueError, http.client.HTTPException):
            pass
        finally:
            link.close()


def an_answer_is_lost(profile, snac, tokens):
    """snac took the post and stoa heard nothing: it looks, finds it by what was typed, and
    posts nothing twice, though snac knows no keys."""
    gap = Gap(snac.port)
    done = profile.run("login", "mastodon", gap.url, "--name", "gap", "--token-stdin",
                       stdin=tokens["ada"].encode() + b"\n")
    expect(done.returncode == 0, f"no sign-in through a relay: {done.stderr.decode()[:300]}")
    done = profile.run("post", "-a", "gap", "Door een *gat* https://example.com/een/lang/pad", timeout=90)
    said = (done.stdout + done.stderr).decode().strip()
    expect(done.returncode == 0 and gap.lost == 1, f"the lost answer: {done.returncode} {said}")
    found = posted(snac, tokens["ada"], "example.com/een/lang/pad")
    expect(len(found) == 1, f"it is there {len(found)} times")
    profile.run("logout", "gap", check=0)
    gap.server.close()


def what_snac_lacks(profile, snac):
    """A sentence that says what is missing, and nothing else breaks."""
    for words in (["account-mute", "-a", "ada", f"{snac.url}/mina"],
                  ["read", "ada/trends:tags"], ["show", "filters", "-a", "ada"], ["show", "mutes", "-a", "ada"]):
        done = profile.run(*words)
        said = done.stderr.decode().strip()
        ok = done.returncode == 0 or (done.returncode == 1 and said.startswith("stoa:") and
                                      len(said.splitlines()) == 1 and len(said) > 20)
        expect(ok, f"stoa {' '.join(words)} ends with {done.returncode}: {said[:300]}")
        print(f"  stoa {' '.join(words[:2])}: {done.returncode} {said}")


def a_bad_token(snac):
    """422 (or 401) with nothing in it."""
    with Profile() as profile:
        done = profile.run("login", "mastodon", snac.url, "--name", "x", "--token-stdin", stdin=b"wrong\n")
        said = done.stderr.decode().strip()
        expect(done.returncode == 1 and said.startswith("stoa:") and len(said.splitlines()) == 1,
               f"a wrong token: {done.returncode} {said}")
        print(f"  a wrong token: {said}")


def main():
    if not os.access(SNAC, os.X_OK):
        sys.exit("snac: SNAC_BIN names no program; scripts/check-snac gets one")
    snac = Snac()
    try:
        with Profile() as profile:
            profile.config("set outbox-settle 1s\nset outbox-spacing 0s\nset outbox-undo 0s\n")
            sign_in_by_pasting(profile, snac, "ada")
            sign_in_by_browser(profile, snac, "brecht")
            sign_in_by_pasting(profile, snac, "mina")
            tokens = {name: token_for(snac, name) for name in PEOPLE}
            people_meet(profile, snac, tokens)
            lists(profile, snac, tokens)
            stoa_writes(profile, snac, tokens)
            an_answer_is_lost(profile, snac, tokens)
            a_long_timeline(profile, snac, tokens)
            what_snac_lacks(profile, snac)
            a_bad_token(snac)
    finally:
        snac.stop()
    finish()


if __name__ == "__main__":
    main()
