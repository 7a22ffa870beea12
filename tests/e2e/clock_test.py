#!/usr/bin/env python3
"""The daemon on a machine whose clock is set, or that sleeps for hours: never early, never
twice, and what missed its time says so."""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import shim  # noqa: E402
from lib import STOA, expect, finish  # noqa: E402
from outbox_harness import World  # noqa: E402
from posting import queue  # noqa: E402

HOUR, DAY = 3600, 86400


class Machine:
    """A daemon and a server. `both`: a clock that goes on while the machine sleeps is everybody's."""

    def __init__(self, mode="honours"):
        self.world = World(mode, 1)
        self.profile = self.world.profile
        self.profile.config("set outbox-settle 150ms\nset outbox-spacing 0s\n")
        self.clock = shim.Clock(self.profile.dir)
        self.profile.env.update(self.clock.env)
        self.log = open(os.path.join(self.profile.dir, "daemon.log"), "wb")
        self.daemon = subprocess.Popen([STOA, "daemon"], env=self.profile.env, stderr=self.log,
                                       stdin=subprocess.DEVNULL)

    def plan(self, text, at, *words):
        self.profile.run("post", "-a", "a", "--at", at, "--via", "local", *words, text, check=0)

    def set(self, ahead_s, both=False):
        self.world.server.ahead_s = ahead_s if both else 0
        self.clock.set(ahead_s)

    def row(self, text):
        return [row for row in queue(self.profile, "--all") if row["text"] == text][-1]

    def becomes(self, text, state, seconds=15):
        until = time.monotonic() + seconds
        while self.row(text)["state"] != state and time.monotonic() < until:
            time.sleep(0.1)
        return expect(self.row(text)["state"] == state, f"'{text}' becomes {state}: {self.row(text)}")

    def says(self, text, words, seconds=15):
        until = time.monotonic() + seconds
        while words not in (self.row(text)["cause"] or "") and time.monotonic() < until:
            time.sleep(0.1)
        expect(words in (self.row(text)["cause"] or ""), f"'{text}' says '{words}': {self.row(text)}")

    def is_public(self, text, times, why):
        expect(self.world.is_public(text) == times, f"{why}: {self.world.is_public(text)} times")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.daemon.terminate()
        expect(self.daemon.wait(20) == 0, "the daemon ends well")
        self.log.close()
        self.clock.close()
        self.world.close()


def a_day_ahead_and_back():
    with Machine() as machine:
        machine.plan("in two hours", "in 2h")
        machine.plan("in an hour", "in 1h")
        machine.set(DAY)
        machine.becomes("in two hours", "missed")
        machine.becomes("in an hour", "missed")
        machine.set(0)
        machine.becomes("in two hours", "scheduled")
        machine.says("in an hour", "still to come")
        # A little ahead: it would be in time, but its server knows better.
        machine.set(HOUR + 300)
        machine.says("in an hour", "the clock here is")
        expect(machine.world.server.arrivals == [], "nothing was asked of the server before its time")
        machine.set(0)
        machine.set(HOUR + 1, both=True)
        machine.becomes("in an hour", "sent", 60)
        machine.is_public("in an hour", 1, "once, at its time")
        machine.is_public("in two hours", 0, "and the other not yet")


def a_day_back_and_right_again():
    with Machine() as machine:
        machine.plan("soon", "in 10m")
        machine.set(-DAY)
        time.sleep(1)
        machine.becomes("soon", "scheduled")
        machine.set(601, both=True)
        machine.becomes("soon", "sent")
        machine.is_public("soon", 1, "once")
        machine.set(-DAY, both=True)
        time.sleep(1)
        machine.set(0, both=True)
        time.sleep(1)
        machine.is_public("soon", 1, "and not again, whatever the clock says")


def ten_hours_asleep():
    with Machine() as machine:
        machine.plan("missed it", "in 1h")
        machine.plan("goes late", "in 2h", "--late", "send")
        machine.plan("left out", "in 3h", "--late", "drop")
        machine.plan("just in time", "in 590m")
        machine.plan("tomorrow", "in 11h")
        machine.set(10 * HOUR, both=True)
        machine.becomes("goes late", "sent")
        machine.becomes("just in time", "sent")
        machine.becomes("missed it", "missed")
        machine.becomes("left out", "cancelled")
        machine.becomes("tomorrow", "scheduled")
        machine.set(11 * HOUR + 1, both=True)
        machine.becomes("tomorrow", "sent")
        for text in ("goes late", "just in time", "tomorrow"):
            machine.is_public(text, 1, f"'{text}' once")
        for text in ("missed it", "left out"):
            machine.is_public(text, 0, f"'{text}' never")
        times = [entry[0] for entry in machine.world.truth]
        expect(times == sorted(times), "in the order of their times")


def asleep_between_the_parts_of_a_thread():
    with Machine("cuts") as machine:
        machine.world.server.rules = {**machine.world.server.rules, "faults": {}}
        machine.world.server.fault = "cut"  # of the first: unknown when it falls asleep
        machine.profile.run("post", "-a", "a", "--at", "in 1h", "--via", "local", "--thread", "-",
                            stdin=b"one\n---\ntwo\n---\nthree", check=0)
        machine.set(HOUR + 1, both=True)
        machine.world.server.came.wait(15)
        machine.set(11 * HOUR, both=True)
        machine.becomes("one", "sent")
        machine.becomes("three", "sent")
        for text in ("one", "two", "three"):
            machine.is_public(text, 1, f"'{text}' once")
        expect([entry[2] for entry in machine.world.truth] == ["one", "two", "three"], "in their order")


def main():
    if not shim.is_there():
        print("skipped: clocks that are set (this build has no shim)")
        return
    a_day_ahead_and_back()
    a_day_back_and_right_again()
    ten_hours_asleep()
    asleep_between_the_parts_of_a_thread()


main()
finish()
