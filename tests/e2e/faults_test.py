#!/usr/bin/env python3
"""The outbox on a machine that fails: memory that is refused, disks that do not keep what they
were given, no more files to open, a terminal that does not read, eight of them at once.

    faults_test.py [ROUNDS]      of each fault that is tried at random moments (10)"""
import os
import random
import resource
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import shim  # noqa: E402
from lib import Deck, DemoServer, Profile, STOA, expect, finish, sign_in  # noqa: E402
from outbox_harness import MOVING, World  # noqa: E402
from posting import moment, queue, rows  # noqa: E402

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 10
choose = random.Random(7)


def run(world, words, env=None, **more):
    return subprocess.run([STOA, *words], env={**world.profile.env, **(env or {})},
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=120, **more)


def ended_well(done, what):
    """It may refuse and it may give up, with a sentence; it may not fall over."""
    said = done.stderr.decode(errors="replace")
    gave_up = done.returncode == -6 and "stoa: out of memory" in said
    expect(done.returncode in (0, 1, 2) or gave_up, f"{what}: it ends with {done.returncode}: {said[-300:]}")
    expect(done.returncode == 0 or said.strip(), f"{what}: it ends with {done.returncode} and says nothing")


def judge(world, text, done, what):
    """Afterwards, on a machine that is well: it is there once, or it was refused."""
    ended_well(done, what)
    world.finish(text)
    there, state = world.is_public(text), world.state(text)
    expect(state not in MOVING and there == (state == "sent"), f"{what}: it is {state} and there {there} times")
    expect(done.returncode != 0 or there == 1, f"{what}: called fine, and there {there} times")


def try_fault(world, name, number, queued):
    """One post while something fails: from the beginning, or when it is in the queue already."""
    text = world.text()
    what = f"{world.mode}, {name}={number}{', queued' if queued else ''}"
    words = ["post", "-a", "a", text]
    env = {"LD_PRELOAD": shim.LIBRARY, name: number}
    if queued:
        run(world, words, {"STOA_KILLPOINT": "rows"})
        expect(world.state(text) == "scheduled", f"{what}: it is in the queue")
        done = run(world, ["queue", "run"], env)
        ended_well(done, what)
        world.finish(text)
        expect(world.state(text) == "sent" and world.is_public(text) == 1,
               f"{what}: it is {world.state(text)} and there {world.is_public(text)} times")
    else:
        judge(world, text, run(world, words, env), what)


def refused_at_random(name):
    """At moments of the whole run, and more often of its latter half, where things are sent."""
    for mode in ("honours", "bluesky"):
        world = World(mode, 1)
        try:
            most = shim.counts(world.profile, lambda env: run(world, ["post", "-a", "a", "counted"], env))[name]
            for i in range(ROUNDS):
                low = 1 if i % 3 == 0 else most // 2
                number = f"{choose.randrange(low, most + most // 20 + 2)}{'+' if i % 2 else ''}"
                try_fault(world, name, number, i % 4 == 3)
            print(f"{name}, {mode}: {ROUNDS} of {most} moments")
        finally:
            world.close()


def nothing_is_sent_that_is_not_kept():
    """Once a sync has failed, nobody knows what the disk has: nothing leaves any more."""
    world = World("honours", 2)
    try:
        run(world, ["post", "-a", "a", "before"])
        arrived = len(world.server.arrivals)
        done = run(world, ["post", "-a", "a", "unkept"], {"LD_PRELOAD": shim.LIBRARY, "SHIM_SYNC": "1+"})
        expect(done.returncode == 1 and done.stderr.strip(), f"a post that cannot be kept is refused: {done.stderr}")
        expect(len(world.server.arrivals) == arrived, "and nothing is asked of the server")
        judge(world, "unkept", done, "no sync at all")
    finally:
        world.close()


def no_more_files():
    world = World("honours", 3)
    try:
        for most in range(4, 40, 2):
            text = world.text()
            done = run(world, ["post", "-a", "a", text],
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most)))
            if done.returncode == 127 and most < 8:
                continue  # not even the program's libraries can be opened
            judge(world, text, done, f"{most} open files")
    finally:
        world.close()


def eight_at_once():
    """On files that are not there yet: one makes them, and none trips over another."""
    with Profile() as profile:
        all_of = [subprocess.Popen([STOA, "accounts"], env=profile.env, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(8)]
        for process in all_of:
            said = process.communicate(timeout=60)[1]
            expect(process.returncode == 0, f"eight at once: one ends with {process.returncode}: {said}")


def a_terminal_that_does_not_read():
    """What is due goes out on time while nobody takes what the deck writes."""
    with DemoServer("--pace", "off", "--events", "20000", "--rate", "400") as server, Profile() as profile:
        sign_in(profile, server.url, "ada", "demo-ada")
        profile.config("column add Home ada/home\n")
        with Deck(profile, rows=60, cols=200) as deck:
            expect(deck.wait_for(b"Home"), "the deck is open")
            done = profile.run("post", "-a", "ada", "--at", "in 6s", "--via", "local", "--json", "Unread", check=0)
            planned = rows(done)[0]["id"]
            time.sleep(9)  # and nothing is read
            row = [row for row in queue(profile, "--all") if row["id"] == planned][0]
            expect(row["state"] == "sent", f"it is sent while the terminal does not read: {row['state']}")
            expect(0 <= moment(row["first_at"]) - moment(row["at"]) <= 2, f"on time, not early: {row['at']}, {row['first_at']}")
            expect(len(deck.read(0.3)) > 4000, "the terminal had enough to swallow")
            expect(deck.alive(), "the deck goes on when it is read again")


def main():
    if shim.is_there():
        refused_at_random("SHIM_MALLOC")
        refused_at_random("SHIM_SYNC")
        refused_at_random("SHIM_WRITE")
        nothing_is_sent_that_is_not_kept()
    else:
        print("skipped: memory and disks that fail (this build has no shim)")
    no_more_files()
    eight_at_once()
    a_terminal_that_does_not_read()


main()
finish()
