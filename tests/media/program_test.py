#!/usr/bin/env python3
"""stoa-media as a program: what it prints, how it ends, and that it can do nothing else.

    program_test.py PATH-OF-PROGRAM
"""
import os
import struct
import subprocess
import sys
import tempfile
import zlib

PROGRAM = sys.argv[1]
failures = 0


def expect(condition, sentence):
    global failures
    if not condition:
        failures += 1
        print("FAIL:", sentence)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, pack=True):
    """A grey picture, or one that only says that it is so large."""
    lines = (b"\0" + b"\x80" * width * 3) * height if pack else b""
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"tEXt", b"Location\0SECRET") + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""))


def run(*args):
    done = subprocess.run([PROGRAM, *args], capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


def main(folder):
    def path(name, data=None):
        name = os.path.join(folder, name)
        if data is not None:
            with open(name, "wb") as file:
                file.write(data)
        return name

    small = path("small.png", png(30, 20))
    status, said, _ = run("prepare", small, path("1"))
    with open(path("1"), "rb") as file:
        made = file.read()
    expect(status == 0 and said == b"image/png 30 20 %d\n" % len(made), f"it says {said}")
    expect(b"SECRET" not in made, "the place is still in it")
    expect(os.stat(path("1")).st_mode & 0o777 == 0o600, "others can read what it made")

    status, said, _ = run("prepare", small, path("1"))
    expect(status == 1 and b"small.png: cannot write" in said, f"a file is written over: {said}")
    os.symlink(path("elsewhere"), path("link"))
    expect(run("prepare", small, path("link"))[0] == 1, "a link is followed")
    status, said, _ = run("prepare", path("none.png"), path("2"))
    expect(status == 1 and said.startswith(b"none.png: cannot read"), f"it says {said}")
    expect(run("prepare", folder, path("3"))[0] == 1, "a folder is read")
    expect(run("prepare", "/dev/zero", path("4"))[0] == 1, "a device is read")

    status, said, _ = run("prepare", small, path("5"), "--max-pixels", "100", "--types", "image/jpeg")
    kind, width, height, _ = said.split()
    expect(status == 0 and kind == b"image/jpeg" and int(width) * int(height) <= 100, f"it says {said}")
    ogg = path("a.ogg", b"OggS" + b"\0" * 60)
    status, said, _ = run("prepare", ogg, path("6"))
    expect(status == 0 and b"\nnote: " in said, f"no note: {said}")
    status, said, _ = run("prepare", ogg, path("7"), "--unstripped", "refuse")
    expect(status == 1 and b"stays in it" in said, f"it says {said}")
    status, said, _ = run("prepare", ogg, path("8"), "--max-bytes", "10")
    expect(status == 1 and b"at most 1 kB" in said, f"it says {said}")

    status, said, _ = run("pixels", small, "15x15")
    expect(status == 0 and said == b"RGBA 15 10\n" + b"\x80\x80\x80\xff" * 150, f"pixels: {said[:30]}")
    bomb = path("bomb.png", png(65000, 65000, pack=False))
    status, said, _ = run("pixels", bomb, "15x15")
    expect(status == 1 and b"65000 times 65000 pixels" in said, f"a bomb: {said}")

    for args in ([], ["prepare", small], ["prepare", small, path("9"), "--max-bytes"], ["eat", small, "1x1"],
                 ["prepare", small, path("9"), "--max-bytes", "x"], ["pixels", small, "15"],
                 ["pixels", small, "0x9"], ["prepare", small, path("9"), "--unstripped", "maybe"]):
        status, _, errors = run(*args)
        expect(status == 2 and errors.startswith(b"usage:"), f"{args} ends with {status}")
    expect(run("--help")[0] == 0, "there is no help")


with tempfile.TemporaryDirectory() as place:
    main(place)
print(f"{failures} failed" if failures else "ok")
sys.exit(1 if failures else 0)
