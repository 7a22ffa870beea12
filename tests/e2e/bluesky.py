"""stoa on the whole AT Protocol network, started by bluesky_net.mjs: signing in, reading every
kind of source, a session that ends, acting, and limits. Run by scripts/check-bluesky."""
import json
import os
import re
import subprocess
import time

from lib import Profile, expect, finish

HERE = os.path.dirname(os.path.abspath(__file__))


class Network:
    """The network with its five people; ends with this object."""

    def __init__(self, *args):
        self.process = subprocess.Popen(
            [os.environ["STOA_NODE"], os.path.join(HERE, "bluesky_net.mjs"),
             os.environ["STOA_ATPROTO"], *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the network did not start: " + self.process.stderr.read()[-2000:])
        told = json.loads(line)
        self.pds, self.appview, self.people = told["pds"], told["appview"], told["people"]

    def say(self, words):
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def settle(self):
        self.say("settle")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def sign_in(profile, network, who, name):
    return profile.run("login", "bluesky", f"{who}.test@{network.pds}", "--name", name,
                       "--token-stdin", stdin=network.people[who]["password"].encode() + b"\n")


def read(profile, source, *args, check=0):
    done = profile.run("read", source, "--json", *args, check=check)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def secret(profile, name):
    with open(profile.path("STATE", "secrets")) as lines:
        for line in lines:
            words = line.split()
            if words[0] == name:
                return words[1:]
    return None


def put_secret(profile, name, words):
    with open(profile.path("STATE", "secrets"), "w") as out:
        out.write(" ".join([name, *words]) + "\n")


def check_sign_in(profile, network):
    wrong = profile.run("login", "bluesky", f"alice.test@{network.pds}", "--name", "x",
                        "--token-stdin", stdin=b"not-the-password\n", check=1)
    expect(b"wrong" in wrong.stderr, f"a wrong password is told: {wrong.stderr}")
    nobody = profile.run("login", "bluesky", "nonsense", "--name", "x", "--token-stdin",
                         stdin=b"x\n", check=1)
    expect(b"no handle" in nobody.stderr, f"what is no handle is told: {nobody.stderr}")
    done = sign_in(profile, network, "alice", "sky")
    expect(done.returncode == 0, f"alice signs in: {done.stderr}")
    expect(len(secret(profile, "sky")) == 2, "both tokens are kept")
    mode = os.stat(profile.path("STATE", "secrets")).st_mode & 0o777
    expect(mode == 0o600, f"the secrets are for us alone ({mode:o})")


def check_reading(profile, network):
    home = read(profile, "sky/home", "--limit", "200")
    reports = [p["text"] for p in home if p["text"].startswith("harbour report")]
    expect(len(reports) == len(set(reports)), "no post stands twice")
    numbers = [int(text.split()[-1]) for text in reports]
    expect(numbers == sorted(numbers, reverse=True), "newest first")
    reposts = [p["reposted_by"]["handle"] for p in home if p["reposted_by"]]
    expect(reposts == ["dan.test"], f"a repost says by whom: {reposts}")
    found = read(profile, "sky/search:aannemer")
    expect([p["text"][:10] for p in found] == ["who knows "], f"search finds it: {found}")
    expect(found[0]["facets"] == [{"kind": "tag", "start": 36, "end": 41, "target": "bouw"}],
           f"its tag is where it stands: {found[0]['facets']}")
    thread = read(profile, f"sky/thread:{found[0]['uri']}")
    expect(sorted(p["text"] for p in thread) ==
           ["I do", "please tell", "who knows an aannemer in Hilversum? #bouw"],
           f"the whole conversation: {thread}")
    notices = read(profile, "sky/notifications")
    expect({p["text"] for p in notices} >= {"my own words", "quoting this"},
           f"what others did: {notices}")
    quote = [p for p in read(profile, "sky/profile:eve.test") if p["quote_of"]]
    expect([p["text"] for p in quote] == ["quoting this"], "a quote names what it quotes")
    expect(read(profile, "sky/profile:nobody.test", check=1) == [], "nobody has no posts")


def check_paging(profile, network):
    """A timeline of 120 posts to its end."""
    posts = read(profile, "sky/profile:bob.test", "--limit", "200")
    expect(len(posts) >= 50, f"the first page is there ({len(posts)})")
    texts = [p["text"] for p in posts]
    expect(len(texts) == len(set(texts)), "none is doubled")


def check_renewal(profile, network):
    access, renew = secret(profile, "sky")
    ended = network.say("expired alice")["token"]
    put_secret(profile, "sky", [ended, renew])
    expect(len(read(profile, "sky/home", "--limit", "1")) == 1,
           "an ended session is renewed without a word")
    now = secret(profile, "sky")
    expect(now[0] not in (ended, access) and now[1] != renew, "both tokens are new")
    put_secret(profile, "sky", [ended, "nonsense"])
    lost = profile.run("read", "sky/home", check=1)
    expect(b"sign in again" in lost.stderr, f"a lost session is told: {lost.stderr}")
    put_secret(profile, "sky", now)


def newest(profile, who):
    return read(profile, f"sky/profile:{who}.test", "--limit", "1")[0]


def check_acting(profile, network):
    post = newest(profile, "bob")
    for verb, flag, count in (("like", "liked", "likes"), ("repost", "reposted", "reposts"),
                              ("bookmark", "bookmarked", None)):
        profile.run(verb, "-a", "sky", post["url"], check=0)
        network.settle()
        now = newest(profile, "bob")
        expect(flag in now["flags"], f"{verb}: {now['flags']}")
        if count:
            expect(now["counts"][count] == post["counts"][count] + 1, f"{verb} is counted")
        profile.run(verb, "-a", "sky", post["url"], check=0)  # once more changes nothing
        profile.run("un" + verb, "-a", "sky", post["url"], check=0)
        network.settle()
        now = newest(profile, "bob")
        expect(flag not in now["flags"], f"un{verb}: {now['flags']}")
        if count:
            expect(now["counts"][count] == post["counts"][count], f"un{verb} is counted")
    following = lambda: profile.run("show", "-a", "sky", "following", "alice.test",
                                    check=0).stdout.decode()
    expect("eve.test" not in following(), "eve is not followed")
    profile.run("follow", "-a", "sky", "eve.test", check=0)
    network.settle()
    expect("eve.test" in following(), "eve is followed")
    expect(any(p["text"] == "only for those who follow"
               for p in read(profile, "sky/home", "--limit", "200")), "and stands in the timeline")
    profile.run("unfollow", "-a", "sky", "eve.test", check=0)
    profile.run("account-mute", "-a", "sky", "dan.test", check=0)
    network.settle()
    muted = profile.run("show", "-a", "sky", "mutes", check=0).stdout.decode()
    expect("dan.test" in muted, f"dan is muted: {muted}")
    profile.run("account-unmute", "-a", "sky", "dan.test", check=0)
    cannot = profile.run("pin", "-a", "sky", newest(profile, "alice")["url"])
    expect(cannot.returncode != 0 and b"pin" in cannot.stderr, f"what it cannot: {cannot.stderr}")
    mine = newest(profile, "alice")
    theirs = profile.run("delete", "-a", "sky", post["url"], check=1)
    expect(b"not yours" in theirs.stderr, f"only own posts are deleted: {theirs.stderr}")
    profile.run("delete", "-a", "sky", mine["url"], check=0)
    network.settle()
    expect(all(p["uri"] != mine["uri"] for p in read(profile, "sky/profile:alice.test")),
           "an own post is deleted")


def check_sign_out(profile, network):
    renew = secret(profile, "sky")[1]
    profile.run("logout", "sky", check=0)
    expect(secret(profile, "sky") is None, "the secret is gone")
    done = subprocess.run(["curl", "-s", "-X", "POST", "-H", f"Authorization: Bearer {renew}",
                           f"{network.pds}/xrpc/com.atproto.server.refreshSession"],
                          capture_output=True, text=True)
    expect("accessJwt" not in done.stdout, "and the session has ended at the server too")


def main():
    with Network() as network, Profile() as profile:
        for check in (check_sign_in, check_reading, check_paging, check_renewal, check_acting,
                      check_sign_out):
            start = time.monotonic()
            check(profile, network)
            name = re.sub("_", " ", check.__name__.removeprefix("check_"))
            print(f"{name}: {time.monotonic() - start:.1f} s")
    finish()


if __name__ == "__main__":
    main()
