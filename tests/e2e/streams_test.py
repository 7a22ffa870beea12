"""Streams that are cut again and again: what is read equals what the server published, with
nothing missing, by Server-Sent Events and by WebSocket, in the clear and over TLS; and a deck's
column has each post once.

  streams_test.py [EVENTS [CUTS]]     2000 events and 20 cuts when nothing is said
"""
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request

from lib import STOA, DemoServer, Profile, Tmux, expect, finish, sign_in
from tls_test import authority, certificate, context

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
CUTS = int(sys.argv[2]) if len(sys.argv) > 2 else 20
RATE = 200          # events a second
EVENT_BYTES = 2500  # about so much of the stream
WAYS = {"events": "mastodon", "WebSocket": "gotosocial"}
FEW_EVENTS, FEW_CUTS = 300, 3
FIRST_PAGE = 40
CLOSED_S = 5        # after the last event all is there


class Door:
    """TLS in front of a server: what comes is passed on in the clear, and back."""

    def __init__(self, made, url):
        self.made = made
        self.behind = ("127.0.0.1", int(url.rsplit(":", 1)[1]))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            threading.Thread(target=self.open, args=self.listener.accept()[:1], daemon=True).start()

    def open(self, plain):
        try:
            here = self.made.wrap_socket(plain, server_side=True)
            there = socket.create_connection(self.behind)
        except OSError:
            return
        threading.Thread(target=self.carry, args=(there, here), daemon=True).start()
        self.carry(here, there)

    @staticmethod
    def carry(source, sink):
        try:
            while part := source.recv(65536):
                sink.sendall(part)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def get(url):
    request = urllib.request.Request(url, headers={"Authorization": "Bearer demo-ada"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def post(url):
    urllib.request.urlopen(urllib.request.Request(url, method="POST", data=b""), timeout=30).close()


def published(server):
    """URIs of all public posts, newest first, as the server has them."""
    uris, below = [], ""
    while True:
        page = get(f"{server.url}/api/v1/timelines/public?limit=40{below}")
        if not page:
            return uris
        uris += [status["uri"] for status in page]
        below = "&max_id=" + page[-1]["id"]


def burst_ended(server, events):
    newest = get(f"{server.url}/api/v1/timelines/public?limit=1")
    return f"· {events}</p>" in newest[0]["content"]


def lines(path):
    with open(path, "rb") as log:
        return [json.loads(line) for line in log.read().splitlines(keepends=True) if line.endswith(b"\n")]


def streams(log):
    return sum(line["path"].startswith("/api/v1/streaming") and line["status"] in (101, 200) for line in lines(log))


def wait(what, seconds):
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def tls(profile, url):
    """The same server behind TLS that the profile trusts."""
    authority(profile.dir, "trusted")
    certificate(profile.dir, "good", "trusted")
    profile.env["SSL_CERT_FILE"] = profile.env["CURL_CA_BUNDLE"] = os.path.join(profile.dir, "trusted.pem")
    return Door(context(profile.dir, "good"), url).url


def follow(name, way, events, cuts, secure=False):
    apart = events * EVENT_BYTES // (4 * cuts)
    with Profile() as profile:
        log, out = os.path.join(profile.dir, "log"), os.path.join(profile.dir, "out")
        with DemoServer("--pace", "off", "--software", WAYS[way], "--log", log, "--rate-limit", "1000000/300",
                        "--misbehave", f"cut:~{apart}b@/api/v1/streaming*{cuts}") as server:
            sign_in(profile, tls(profile, server.url) if secure else server.url)
            with open(out, "wb") as sink:
                reader = subprocess.Popen([STOA, "read", "demo/federated", "--follow", "--json", "--limit", "1000"],
                                          env=profile.env, stdout=sink)
            before = published(server)
            if not expect(wait(lambda: streams(log) > 0 and len(lines(out)) > 0, 20), f"{name}: a stream is open"):
                reader.kill()
                return
            post(f"{server.url}/demo/burst?events={events}&rate={RATE}")
            expect(wait(lambda: burst_ended(server, events), 60 + 2 * events / RATE), f"{name}: the burst ends")
            ended, new = time.monotonic(), set(published(server)) - set(before)
            expect(len(new) == events, f"{name}: the server published {len(new)} posts, not {events}")
            wait(lambda: new <= {line["uri"] for line in lines(out)}, CLOSED_S)
            print(f"{name}: all is there {time.monotonic() - ended:.1f} s after the last event; "
                  f"{streams(log)} connections, {len(lines(log))} requests")
            reader.terminate()
            reader.wait(20)
        read = [line["uri"] for line in lines(out)]
        expect(len(new - set(read)) == 0, f"{name}: {len(new - set(read))} of {events} posts are missing")
        expect(len(read) == len(set(read)), f"{name}: {len(read) - len(set(read))} posts are doubled")
        expect(set(read) <= new | set(before), f"{name}: posts that the server does not have")
        expect(streams(log) > cuts, f"{name}: only {streams(log) - 1} of {cuts} cuts happened")
        asked = {line["path"] for line in lines(log)}
        expect(("/api/v1/streaming" in asked) == (way == "WebSocket"), f"{name}: {way} is the way that was used")


def deck(way, events, cuts):
    """What a column counts: posts that are missing or doubled would be seen in its header."""
    apart = events * EVENT_BYTES // (4 * cuts)
    with Profile() as profile, DemoServer("--pace", "off", "--software", WAYS[way], "--rate-limit", "1000000/300",
                                          "--misbehave", f"cut:~{apart}b@/api/v1/streaming*{cuts}") as server:
        sign_in(profile, server.url)
        profile.config("column add All demo/federated\n")
        with Tmux(profile, STOA, rows=24, cols=100) as screen:
            expect(screen.wait_for(f" {FIRST_PAGE} new ● live"), f"{way}: the column is live: {screen.screen()[:100]}")
            post(f"{server.url}/demo/burst?events={events}&rate={RATE}")
            wait(lambda: burst_ended(server, events), 60)
            right = f" {FIRST_PAGE + events} new ● live"
            expect(screen.wait_for(right, CLOSED_S) and not wait(lambda: right not in screen.screen(), 1),
                   f"{way}: the column has {events} more, not {screen.screen()[:100].strip()}")


def main():
    for way in WAYS:
        follow(way, way, EVENTS, CUTS)
        deck(way, FEW_EVENTS, FEW_CUTS)
        follow(f"{way} over TLS", way, FEW_EVENTS, FEW_CUTS, secure=True)
    finish()


main()
