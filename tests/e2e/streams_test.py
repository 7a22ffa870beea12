"""Streams that are cut again and again: what is read equals what the server published, with
nothing missing and nothing doubled, by Server-Sent Events and by WebSocket.

  streams_test.py [EVENTS [CUTS]]     2000 events and 20 cuts when nothing is said
"""
import json
import os
import subprocess
import sys
import time
import urllib.request

from lib import STOA, DemoServer, Profile, expect, finish, sign_in

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
CUTS = int(sys.argv[2]) if len(sys.argv) > 2 else 20
RATE = 200          # events a second
EVENT_BYTES = 2500  # about so much of the stream
WAYS = {"events": "mastodon", "WebSocket": "gotosocial"}
CLOSED_S = 5        # after the last event all is there


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


def burst_ended(server):
    newest = get(f"{server.url}/api/v1/timelines/public?limit=1")
    return f"· {EVENTS}</p>" in newest[0]["content"]


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


def same(name, read, truth):
    missing, doubled = set(truth) - set(read), len(read) - len(set(read))
    expect(not missing, f"{name}: {len(missing)} of {len(truth)} posts are missing")
    expect(doubled == 0, f"{name}: {doubled} posts are doubled")
    expect(not set(read) - set(truth), f"{name}: posts that the server does not have")


def follow(way, software):
    apart = EVENTS * EVENT_BYTES // (4 * max(CUTS, 1))
    with Profile() as profile:
        log, out = os.path.join(profile.dir, "log"), os.path.join(profile.dir, "out")
        with DemoServer("--pace", "off", "--software", software, "--log", log, "--rate-limit", "1000000/300",
                        "--misbehave", f"cut:~{apart}b@/api/v1/streaming*{CUTS}") as server:
            sign_in(profile, server.url)
            with open(out, "wb") as sink:
                reader = subprocess.Popen([STOA, "read", "demo/federated", "--follow", "--json", "--limit", "1000"],
                                          env=profile.env, stdout=sink)
            before = published(server)
            expect(wait(lambda: streams(log) > 0 and len(lines(out)) > 0, 20), f"{way}: a stream is open")
            post(f"{server.url}/demo/burst?events={EVENTS}&rate={RATE}")
            expect(wait(lambda: burst_ended(server), 60 + 2 * EVENTS / RATE), f"{way}: the burst ends")
            ended, truth = time.monotonic(), published(server)
            new = set(truth) - set(before)
            expect(len(new) == EVENTS, f"{way}: the server published {len(new)} posts, not {EVENTS}")
            wait(lambda: new <= {line["uri"] for line in lines(out)}, CLOSED_S)
            print(f"{way}: all is there {time.monotonic() - ended:.1f} s after the last event; "
                  f"{streams(log)} connections, {len(lines(log))} requests")
            reader.terminate()
            reader.wait(20)
            expect(streams(log) > CUTS, f"{way}: only {streams(log) - 1} of {CUTS} cuts happened")
            asked = [line["path"] for line in lines(log)]
            expect((asked.count("/api/v1/streaming") > 0) == (way == "WebSocket"), f"{way} is the way that was used")
            same(way, [line["uri"] for line in lines(out) if line["uri"] in new], list(new))


def main():
    for way, software in WAYS.items():
        follow(way, software)
    finish()


main()
