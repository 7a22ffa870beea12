#!/usr/bin/env python3
"""Two accounts on two hosts: what both see is one post, with each account's own state.

The two demo servers play one world: the same posts at the same addresses, known to each by
ids of its own.
"""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import DemoServer, Profile, expect, finish, sign_in  # noqa: E402

WORLD = ("--pace", "off", "--clock", "2026-11-22T08:00:00Z", "--rate-limit", "100000/300")


def read(profile, *sources):
    done = profile.run("read", "--json", "--limit", "40", *sources)
    expect(done.returncode == 0, f"stoa read {sources}: {done.stderr.decode()[:300]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    with DemoServer(*WORLD) as one, Profile() as profile, \
            DemoServer(*WORLD, "--host", "werk.example", "--id-offset", "5") as other:
        sign_in(profile, one.url, "here", "demo-ada")
        sign_in(profile, other.url, "there", "demo-jonas")
        here, there = read(profile, "here/federated"), read(profile, "there/federated")
        shared = [p["uri"] for p in here if p["uri"] in {q["uri"] for q in there}]
        expect(len(shared) > 20, f"the hosts share {len(shared)} posts")
        both = [p["uri"] for p in read(profile, "here/federated", "there/federated")]
        expect(len(both) == len(set(both)), f"{len(both) - len(set(both))} posts are shown twice")
        expect(set(shared) <= set(both), "a shared post is not shown")

        url = next(p["url"] for p in here if p["uri"] in shared and p["author"]["handle"] !=
                   "ada@stoa.example")
        profile.run("like", "-a", "here", url, check=0)
        profile.run("bookmark", "-a", "there", url, check=0)
        for account, has, lacks in (("here", "liked", "bookmarked"), ("there", "bookmarked", "liked")):
            flags = [p["flags"] for p in read(profile, f"{account}/federated") if p["url"] == url]
            expect(flags and has in flags[0] and lacks not in flags[0],
                   f"{account} sees it as {flags}")
    finish()


if __name__ == "__main__":
    main()
