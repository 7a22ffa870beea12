"""A machine that fails, or whose clock is wrong (tests/tools/shim.c), around a program."""
import os
import struct

from lib import STOA

LIBRARY = os.path.join(os.path.dirname(os.path.abspath(STOA)), "tests", "stoa-shim.so")


def is_there():
    """Builds with sanitizers, and those for other C libraries than glibc, have none."""
    return os.path.exists(LIBRARY)


class Clock:
    """The wall clock of programs that are started with `env`; no other clock is touched."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "clock")
        self.set(0, tell=False)
        os.mkfifo(self.path + ".set")
        self.fifo = os.open(self.path + ".set", os.O_RDWR | os.O_NONBLOCK)
        self.env = {"LD_PRELOAD": LIBRARY, "SHIM_CLOCK": self.path}

    def set(self, ahead_s, tell=True):
        """It is ahead of the true time by so much, and whoever wants to know is told."""
        if not os.path.exists(self.path):
            open(self.path, "wb").close()
        with open(self.path, "r+b") as out:
            out.write(struct.pack("=q", int(ahead_s * 1000)))
        if tell:
            os.write(self.fifo, b"12345678")

    def close(self):
        os.close(self.fifo)


def counts(profile, run):
    """How often each thing is asked for that can fail, while `run(env)` runs."""
    path = os.path.join(profile.dir, "counts")
    run({"LD_PRELOAD": LIBRARY, "SHIM_COUNT": path})
    with open(path) as file:
        return {name: int(number) for name, number in (line.split() for line in file)}
