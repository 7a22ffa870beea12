"""What an account keeps on the whole AT Protocol network: preferences changed and all others
left alone, lists that are muted, follows without reposts; reading as a guest; and one thread
for two networks, sent by the daemon. Run by scripts/check-bluesky."""
import json
import os
import subprocess
import tempfile
import time

from bluesky import Network, read, sign_in
from bluesky_post import png, xrpc
from bluesky_send import newest
from lib import STOA, DemoServer, Profile, expect, finish
from lib import sign_in as sign_in_demo
from posting import ask

# What no stoa knows, and an order that JSON libraries like to change.
OTHERS = [
    {"$type": "app.bsky.actor.defs#interestsPref", "tags": ["harbour", "zzz", "aaa"]},
    {"$type": "app.bsky.actor.defs#threadViewPref", "sort": "oldest"},
    {"$type": "app.bsky.actor.defs#bskyAppStatePref", "queuedNudges": ["b", "a"]},
]


class Self:
    """An account of the network as its own program would use it."""

    def __init__(self, network, who):
        person = network.people[who]
        session = xrpc(network.pds, "com.atproto.server.createSession",
                       body={"identifier": person["handle"], "password": person["password"]})
        self.pds, self.token, self.did = network.pds, session["accessJwt"], person["did"]

    def get(self, nsid, **query):
        return xrpc(self.pds, nsid, token=self.token, **query)

    def do(self, nsid, body):
        return xrpc(self.pds, nsid, token=self.token, body=body)

    def preferences(self):
        return self.get("app.bsky.actor.getPreferences")["preferences"]

    def words(self):
        return [item["value"] for element in self.preferences() if element["$type"].endswith("#mutedWordsPref")
                for item in element["items"]]


def check_preferences(profile, alice):
    alice.do("app.bsky.actor.putPreferences", {"preferences": OTHERS})
    profile.run("filter-put", "-a", "sky", "--action", "hide", "noise", "harbour report", "crypto", check=0)
    expect(alice.words() == ["harbour report", "crypto"], f"muted there: {alice.words()}")
    kept = [element for element in alice.preferences() if not element["$type"].endswith("#mutedWordsPref")]
    expect(kept == OTHERS, f"all else is as it was: {kept}")
    shown = profile.run("show", "-a", "sky", "filters", check=0).stdout.decode()
    ids = [word for line in shown.splitlines() for word in line.split() if word.startswith("word:")]
    expect(len(ids) == 2 and "crypto" in shown, f"shown here: {shown}")
    profile.run("filter-drop", "-a", "sky", ids[-1], check=0)
    expect(alice.words() == ["harbour report"], f"one is heard again: {alice.words()}")
    kept = [element for element in alice.preferences() if not element["$type"].endswith("#mutedWordsPref")]
    expect(kept == OTHERS, f"all else is still as it was: {kept}")


def check_lists(profile, network, alice):
    bob = network.people["bob"]["did"]
    profile.run("list-make", "-a", "sky", "loud ones", check=0)
    network.settle()
    found = alice.get("app.bsky.graph.getLists", actor=alice.did)["lists"]
    uri = next(row["uri"] for row in found if row["name"] == "loud ones")
    profile.run("mute-list", "-a", "sky", uri, check=0)
    network.settle()
    muted = [row["uri"] for row in alice.get("app.bsky.graph.getListMutes")["lists"]]
    expect(muted == [uri], f"the list is muted: {muted}")
    profile.run("unmute-list", "-a", "sky", uri, check=0)
    expect(alice.get("app.bsky.graph.getListMutes")["lists"] == [], "and heard again")
    profile.run("follow", "-a", "sky", "--no-reposts", "bob.test", check=0)
    network.settle()
    viewer = alice.get("app.bsky.actor.getProfile", actor=bob)["viewer"]
    expect(viewer.get("following") and viewer.get("mutedOnlyReposts"), f"without reposts: {viewer}")
    profile.run("follow", "-a", "sky", "bob.test", check=0)
    viewer = alice.get("app.bsky.actor.getProfile", actor=bob)["viewer"]
    expect(viewer.get("following") and not viewer.get("mutedOnlyReposts"), f"with them: {viewer}")


def check_guest(network):
    with Profile() as profile:
        profile.run("login", "bluesky", network.appview, "--guest", "--name", "public", check=0)
        rows = read(profile, "public/profile:bob.test", "--limit", "3")
        expect(len(rows) == 3 and rows[0]["author"]["handle"] == "bob.test", f"read without signing in: {rows[:1]}")
        expect(rows[0]["flags"] == ["unread"], f"as nobody: {rows[0]['flags']}")
        home = profile.run("read", "public/home", check=1)
        expect(b"sign in to see this" in home.stderr, f"no home without an account: {home.stderr}")
        like = profile.run("like", "-a", "public", rows[0]["uri"], check=1)
        expect(b"only reads" in like.stderr, f"and no likes: {like.stderr}")


def both_have(network, demo):
    theirs = [newest(network, "alice", f"part {n} for both") for n in ("one", "two", "three")]
    ours = [s for s in ask(demo, "/api/v1/accounts/verify_credentials") and
            ask(demo, "/api/v1/timelines/home?limit=40") if "for both" in s["content"]]
    return theirs, ours


def check_both(profile, network):
    """A thread of three with a picture, planned for both networks; the daemon sends it."""
    with DemoServer() as server, tempfile.TemporaryDirectory() as folder:
        sign_in_demo(profile, server.url, "demo")
        path = os.path.join(folder, "wall.png")
        with open(path, "wb") as out:
            out.write(png(40, 30))
        text = b"part one for both\n---\npart two for both\n---\npart three for both\n"
        profile.run("post", "-a", "demo", "-a", "sky", "--at", "in 5s", "--thread", "--media", path, "--alt",
                    "a wall in the rain", "-", stdin=text, check=0)
        expect(both_have(network, server.url) == ([None] * 3, []), "nothing is early")
        log = open(os.path.join(folder, "daemon.log"), "w+b")
        daemon = subprocess.Popen([STOA, "daemon"], env=profile.env, stdin=subprocess.DEVNULL, stderr=log)
        for _ in range(240):
            theirs, ours = both_have(network, server.url)
            if all(theirs) and len(ours) == 3:
                break
            time.sleep(0.5)
        daemon.terminate()
        daemon.wait(20)
        log.seek(0)
        expect(all(theirs) and len(ours) == 3, f"all came: {theirs} {ours} {log.read()[-2000:]}")
        if not all(theirs) or len(ours) != 3:
            return
        expect(theirs[2]["reply"]["parent"]["uri"] == theirs[1]["uri"] and
               theirs[1]["reply"]["parent"]["uri"] == theirs[0]["uri"], "in order on Bluesky")
        one, two, three = sorted(ours, key=lambda s: s["id"])
        expect(["one" in one["content"], "two" in two["content"], "three" in three["content"]] == [True] * 3 and
               three["in_reply_to_id"] == two["id"] and two["in_reply_to_id"] == one["id"], "in order on the demo server")
        image = theirs[0]["embed"]["images"][0]
        expect(image["alt"] == "a wall in the rain" and
               image.get("aspectRatio") == {"width": 40, "height": 30}, f"its picture: {image}")
        expect([m["description"] for m in one["media_attachments"]] == ["a wall in the rain"], "and there")
        states = [json.loads(row)["state"] for row in
                  profile.run("queue", "list", "--json", check=0).stdout.decode().splitlines()]
        expect(set(states) <= {"sent"}, f"nothing is left: {states}")


def main():
    with Network() as network, Profile() as profile:
        profile.config("set outbox-settle 1s\nset outbox-spacing 0s\n")
        expect(sign_in(profile, network, "alice", "sky").returncode == 0, "signed in")
        alice = Self(network, "alice")
        check_preferences(profile, alice)
        check_lists(profile, network, alice)
        check_guest(network)
        check_both(profile, network)
    finish()


if __name__ == "__main__":
    main()
