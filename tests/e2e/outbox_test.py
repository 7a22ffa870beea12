#!/usr/bin/env python3
"""The outbox on disks that are full or cannot be written, and beside a newer stoa. What wants a
mount is tried where this may be done (root), and counted as skipped elsewhere."""
import os
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import Profile, expect, finish, STOA  # noqa: E402
from outbox_servers import Server  # noqa: E402


def mount(*words):
    """Whether it could be done."""
    return subprocess.run(["mount", *words], capture_output=True).returncode == 0


def unmount(path):
    subprocess.run(["umount", path], capture_output=True)


def signed_in(server):
    profile = Profile()
    profile.config("set outbox-settle 150ms\n")
    profile.run("login", "mastodon", server.url, "--name", "a", "--token-stdin",
                stdin=b"secret\n", check=0)
    return profile


def count_public(truth, text):
    return sum(1 for entry in truth if entry[2] == text)


def full_disk():
    """Nothing is sent when nothing can be written down; with room again, it goes on."""
    truth = []
    server = Server("honours", truth, 1)
    profile = Profile()
    state = profile.path("STATE")
    os.makedirs(state, mode=0o700)
    if not mount("-t", "tmpfs", "-o", "size=3m,mode=700", "none", state):
        print("skipped: a full disk (no tmpfs may be mounted here)")
        profile.remove()
        return
    try:
        profile.run("login", "mastodon", server.url, "--name", "a", "--token-stdin",
                    stdin=b"secret\n", check=0)
        filler = os.path.join(state, "filler")
        with open(filler, "wb", buffering=0) as out:
            try:
                while True:
                    out.write(b"x" * 4096)
            except OSError:
                pass
        done = profile.run("post", "-a", "a", "too full")
        expect(done.returncode == 1, f"a post on a full disk ends with {done.returncode}")
        expect(len(done.stderr) > 20, "nothing is said of the full disk")
        expect(count_public(truth, "too full") == 0, "it was sent although the disk is full")
        os.unlink(filler)
        profile.run("post", "-a", "a", "room again", check=0)
        expect(count_public(truth, "room again") == 1, "with room again it is not sent")
        # What was queued before the disk was full waits, and goes when there is room.
        killed = subprocess.Popen([STOA, "post", "-a", "a", "waits"],
                                  env={**profile.env, "STOA_KILLPOINT": "rows"},
                                  stderr=subprocess.DEVNULL)
        killed.wait(30)
        os.unlink(os.path.join(state, "queue.reserve"))
        with open(filler, "wb", buffering=0) as out:
            try:
                while True:
                    out.write(b"x" * 4096)
            except OSError:
                pass
        running = subprocess.Popen([STOA, "queue", "run"], env=profile.env,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1)
        expect(count_public(truth, "waits") == 0, "it was sent without room to write it down")
        running.kill()
        running.wait()
        os.unlink(filler)
        profile.run("queue", "run", check=0)
        expect(count_public(truth, "waits") == 1, "it did not go when there was room")
    finally:
        unmount(state)
        server.stop()
        profile.remove()


def fixed_disk():
    """A home that cannot be written: what is there is shown, and posting is refused."""
    truth = []
    server = Server("honours", truth, 2)
    profile = signed_in(server)
    profile.run("post", "-a", "a", "before", check=0)
    state = profile.path("STATE")
    if not (mount("--bind", state, state) and mount("-o", "remount,ro,bind", state)):
        unmount(state)
        print("skipped: a disk that cannot be written (nothing may be mounted here)")
    else:
        done = profile.run("post", "-a", "a", "cannot")
        said = done.stderr.decode(errors="replace")
        expect(done.returncode != 0, "a post that cannot be kept is called fine")
        expect("cannot be written" in said, f"it does not say why: {said}")
        expect(count_public(truth, "cannot") == 0, "it was sent without being written down")
        listed = profile.run("queue", "list", "--all", check=0)
        expect(b"before" in listed.stdout, "what is there is not shown")
        unmount(state)
    server.stop()
    profile.remove()


def newer_stoa():
    """A queue that a newer stoa wrote is shown, never changed, and nothing is sent."""
    truth = []
    server = Server("honours", truth, 3)
    profile = signed_in(server)
    profile.run("post", "-a", "a", "before", check=0)
    path = profile.path("STATE", "queue.db")
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version=99")
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    done = profile.run("post", "-a", "a", "after")
    said = done.stderr.decode(errors="replace")
    expect(done.returncode != 0 and "newer stoa" in said, f"beside a newer stoa: {said}")
    expect(count_public(truth, "after") == 0, "it was sent beside a newer stoa")
    listed = profile.run("queue", "list", "--all", check=0)
    expect(b"before" in listed.stdout, "what a newer stoa wrote is not shown")
    db = sqlite3.connect(path)
    expect(db.execute("PRAGMA user_version").fetchone() == (99,), "the newer file was changed")
    db.close()
    server.stop()
    profile.remove()


def main():
    full_disk()
    fixed_disk()
    newer_stoa()
    finish()


if __name__ == "__main__":
    main()
