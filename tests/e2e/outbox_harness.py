#!/usr/bin/env python3
"""Kill stoa while it posts, at random moments and at every named point, against servers that
misbehave; then look into their log: no post twice, none lost, and what is not known is shown.

    outbox_harness.py [--kills N] [--workers N] [--only SECTION] [--seed N]

Sections: random, points, hold, two."""
import argparse
import collections
import itertools
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import STOA, Profile, expect, finish  # noqa: E402
from outbox_servers import MODES, Server  # noqa: E402

SETTLE = "150ms"
MOVING = ("scheduled", "preparing", "sending", "unknown")
KEEPING = ("keeps", "now")
POSTS_A_WORLD = 10

counts_lock = threading.Lock()


class World:
    """A profile signed in to a server of one mode; its posts, and what became of them."""

    def __init__(self, mode, seed, truth=None):
        self.mode = mode
        self.random = random.Random(f"{seed}")
        self.truth = [] if truth is None else truth
        self.server = Server(mode, self.truth, seed)
        self.profile = Profile()
        self.profile.config(f"set outbox-settle {SETTLE}\nset outbox-spacing 0s\n"
                            "set outbox-undo 0s\n")
        self.serial = 0
        self.takes = 0.2  # about so long a run takes, as the machine is just now
        network = "bluesky" if mode == "bluesky" else "mastodon"
        where = f"ada.test@{self.server.url}" if mode == "bluesky" else self.server.url
        self.profile.run("login", network, where, "--name", "a", "--token-stdin",
                         stdin=b"secret\n", check=0)

    def close(self):
        self.server.stop()
        self.profile.remove()

    def path(self):
        return self.profile.path("STATE", "queue.db")

    def rows(self):
        """{text: (state, cause)} of all posts, read without touching anything."""
        if not os.path.exists(self.path()):
            return {}
        db = sqlite3.connect(f"file:{self.path()}?mode=ro", uri=True)
        try:
            found = {}
            for content, state, cause in db.execute(
                    "SELECT json_extract(content, '$.text'), state, cause FROM outgoing"):
                found.setdefault(content, []).append((state, cause))
            return found
        finally:
            db.close()

    def state(self, text):
        rows = self.rows().get(text)
        return rows[-1][0] if rows else None

    def text(self):
        self.serial += 1
        return f"{self.mode} {self.serial} of {id(self):x}"

    def post_words(self, text):
        words = ["post", "-a", "a"]
        if self.mode in KEEPING:
            words += ["--at", "in 20m"]
        return words + [text]

    def start(self, *words, **env):
        return subprocess.Popen([STOA, *words], env={**self.profile.env, **env},
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)

    def finish(self, text):
        """Let stoa do what is to be done, undisturbed."""
        until = time.time() + 60
        while time.time() < until:
            self.start("queue", "run").wait(90)
            if self.state(text) not in MOVING or self.waits_for_its_time(text):
                return
            time.sleep(0.05)

    def waits_for_its_time(self, text):
        """Where the server does not keep posts, this machine does."""
        return self.mode == "now" and self.state(text) == "scheduled" and \
            self.is_public(text) == 0

    def is_public(self, text):
        return sum(1 for entry in list(self.truth) if entry[2] == text)

    def is_kept(self, text):
        with self.server.lock:
            return sum(1 for k in self.server.scheduled.values() if k["body"]["status"] == text)


class Tally:
    def __init__(self):
        self.kills = collections.Counter()
        self.ends = collections.Counter()
        self.doubled = self.lost = self.posts = 0

    def judge(self, world, text):
        """A post after all that: what we say of it, and what is true."""
        state = world.state(text)
        there = world.is_public(text) + world.is_kept(text)
        with counts_lock:
            self.posts += 1
            self.ends[(world.mode, state or "never queued")] += 1
            if there > 1:
                self.doubled += 1
                print(f"FAIL: {text}: {there} times there, {state}")
            # Never queued: stoa ended before it promised anything; then it is nowhere.
            lost = {"sent": there == 0, "kept": there == 0, None: there > 0}.get(state)
            if lost is None:  # anything else has to be what the user can see and act upon
                lost = state != "needs you" and not world.waits_for_its_time(text)
            if lost:
                self.lost += 1
                print(f"FAIL: {text}: {state}, and there {there} times")


def kill_some(world, tally, text, kills):
    """Start whatever goes on with the post and kill it, again and again."""
    words = world.post_words(text)
    if world.random.random() < 0.8:  # else the post itself may be what is killed
        world.start(*words, STOA_KILLPOINT="rows").wait(60)
        words = ["queue", "run"]
    for _ in range(kills):
        process = world.start(*words)
        if world.random.random() < 0.4:
            try:
                process.wait(world.random.random() * world.takes)
            except subprocess.TimeoutExpired:
                pass
        else:  # near the moment that matters
            world.server.came.clear()
            began = time.time()
            world.server.came.wait(2 * world.takes)
            if world.server.came.is_set():
                world.takes += 0.1 * (1.5 * (time.time() - began) - world.takes)
            time.sleep(world.random.random() * world.server.delay)
        process.kill()
        killed = process.wait() == -signal.SIGKILL
        state = world.state(text)
        with counts_lock:
            tally.kills[state or "before"] += killed
        if state is not None and state not in MOVING:
            break
        words = ["queue", "run"] if state else world.post_words(text)


def random_kills(mode, seed, posts, tally):
    world = World(mode, seed)
    try:
        for _ in range(posts):
            text = world.text()
            kill_some(world, tally, text, 1 + world.random.randrange(6))
            world.finish(text)
            tally.judge(world, text)
    finally:
        world.close()


def section_random(options):
    tally = Tally()
    modes = itertools.cycle(MODES)
    seeds = itertools.count(options.seed * 1000)
    started = time.time()
    errors = []

    def work():
        try:
            while sum(tally.kills.values()) < options.kills:
                with counts_lock:
                    mode, seed = next(modes), next(seeds)
                random_kills(mode, seed, POSTS_A_WORLD, tally)
        except Exception as error:  # a test that dies is no test that passes
            errors.append(error)
    threads = [threading.Thread(target=work) for _ in range(options.workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in errors:
        expect(False, f"the harness failed: {error!r}")
    report(tally, time.time() - started)


def report(tally, seconds):
    kills = sum(tally.kills.values())
    print(f"{kills} kills of {tally.posts} posts in {seconds:.0f} s; by the state that they left:")
    for state, n in tally.kills.most_common():
        print(f"  {n:6} {state}")
    for mode in MODES:
        ends = {s: n for (m, s), n in tally.ends.items() if m == mode}
        needs, all_of = ends.get("needs you", 0), sum(ends.values())
        if not all_of:
            continue
        print(f"{mode:10} {all_of:6} posts: "
              + ", ".join(f"{n} {s}" for s, n in sorted(ends.items())))
        if mode != "ignores":
            expect(needs <= max(1, all_of // 1000), f"{mode}: {needs} of {all_of} need the user")
    print(f"doubled {tally.doubled}, lost {tally.lost}")
    expect(tally.doubled == 0, f"{tally.doubled} posts are there twice")
    expect(tally.lost == 0, f"{tally.lost} posts are lost")


# Where stoa ends itself (src/engine, outbox_point), and what leads there: the mode, the
# fault of the first request that posts, and what is said after the post.
POINTS = {
    "rows": ("honours", None, None),
    "claimed": ("honours", None, None),
    "prepared": ("honours", None, None),
    "sending": ("honours", None, None),
    "answered": ("honours", None, None),
    "sent": ("honours", None, None),
    "unknown": ("cuts", "cut", None),
    "looked": ("cuts", "cut", None),
    "repeat": ("repeat500", "500", None),
    "kept": ("keeps", None, None),
    "held": ("honours", None, ("queue", "hold")),
    "withdrawing": ("keeps", None, ("queue", "cancel", "1")),
    "withdrawn": ("keeps", None, ("queue", "cancel", "1")),
}


def at_point(point, mode, fault, after, seed):
    """One post that dies at the point, and is looked after then."""
    world = World(mode, seed)
    try:
        world.server.rules = {**MODES[mode], "faults": {}}
        world.server.fault = fault
        text = world.text()
        env = {} if after else {"STOA_KILLPOINT": point}
        status = world.start(*world.post_words(text), **env).wait(60)
        if after:
            status = world.start(*after, STOA_KILLPOINT=point).wait(60)
        expect(status == -signal.SIGKILL, f"{point}, {mode}: it was not killed ({status})")
        if after == ("queue", "hold"):
            world.start("queue", "resume").wait(60)
        world.finish(text)
        there = world.is_public(text) + world.is_kept(text)
        wanted = ("cancelled", 0) if after and after[1] == "cancel" else \
            ("kept" if mode == "keeps" else "sent", 1)
        expect((world.state(text), there) == wanted,
               f"{point}, {mode}: {world.state(text)} and there {there} times, not {wanted}")
    finally:
        world.close()


def section_points(options):
    runs = 0
    for point, (mode, fault, after) in POINTS.items():
        modes = [mode] if fault or after or mode == "keeps" else \
            [mode, "bluesky", "keeps", "repeat500"]
        for each in modes:
            if point == "sent" and each == "keeps":
                continue
            at_point(point, each, fault, after, options.seed + runs)
            runs += 1
    at_point("looked", "bluesky", "cut", None, options.seed)
    at_point("repeat", "bluesky", "500", None, options.seed)
    print(f"{len(POINTS)} points, {runs + 2} runs: each left one post or none, as it should")


def section_hold(options):
    """Hold while things are sent and killed: after it said so, nothing arrives."""
    rounds = max(6, options.kills // 100)
    leaked = 0
    for i in range(rounds):
        mode = ("honours", "late", "cuts", "bluesky")[i % 4]
        world = World(mode, options.seed + i)
        try:
            texts = [world.text() for _ in range(3)]
            running = [world.start(*world.post_words(text)) for text in texts]
            time.sleep(world.random.random() * 0.15)
            hold = world.start("queue", "hold")
            time.sleep(world.random.random() * 0.05)
            for process in running[:world.random.randrange(4)]:
                process.kill()
            said = hold.wait(60) == 0
            at = time.time()
            expect(said, f"hold, {mode}: it did not say so")
            more = [world.start("queue", "run") for _ in range(2)]
            time.sleep(0.3)
            for process in more:
                process.kill()
                process.wait()
            leaked += sum(1 for arrival in world.server.arrivals if arrival > at)
            world.start("queue", "resume").wait(60)
            for process in running:
                process.wait(60)
            for text in texts:
                world.finish(text)
                there = world.is_public(text)
                expect(there <= 1, f"hold, {mode}: {text} is there {there} times")
                state = world.state(text)
                expect(state in (None, "sent") and there == (state == "sent"),
                       f"hold, {mode}: {text} is {state} and there {there} times")
        finally:
            world.close()
    print(f"{rounds} holds while posts were sent and stoa was killed: {leaked} requests after it "
          "said so")
    expect(leaked == 0, f"{leaked} requests left after the hold said that nothing does")


def section_two(options):
    """Several processes that send on one queue: every post once."""
    world = World("honours", options.seed)
    try:
        texts = [world.text() for _ in range(max(8, options.kills // 50))]
        for i in range(0, len(texts), 4):
            group = [world.start(*world.post_words(text)) for text in texts[i:i + 4]]
            group.append(world.start("queue", "run"))
            for process in group:
                process.wait(90)
        for text in texts:
            world.finish(text)
            expect(world.is_public(text) == 1, f"two: {text} is there {world.is_public(text)} times")
        print(f"{len(texts)} posts by five processes at once: each is there once")
    finally:
        world.close()


SECTIONS = {"points": section_points, "hold": section_hold, "two": section_two,
            "random": section_random}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--only", choices=SECTIONS)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for name, section in SECTIONS.items():
        if options.only in (None, name):
            section(options)
            sys.stdout.flush()
    finish()


if __name__ == "__main__":
    main()
