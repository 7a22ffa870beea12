#!/usr/bin/env python3
"""stoa-media against pictures that were made to do harm: nothing but a refusal or a picture comes
out, within its limits; and each limit is there.

    hostile_test.py PATH-OF-PROGRAM [MUTATIONS]
"""
import os
import random
import resource
import struct
import subprocess
import sys
import tempfile
import time
import zlib

PROGRAM = os.path.abspath(sys.argv[1])
MUTATIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
failures = 0


def expect(condition, sentence):
    global failures
    if not condition:
        failures += 1
        print("FAIL:", sentence)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, lines=None, said=None):
    """A picture; `said`: the size that it pretends to have."""
    if lines is None:
        lines = b"".join(b"\0" + bytes((x * 7 + y) & 255 for x in range(width * 3)) for y in range(height))
    w, h = said or (width, height)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b""))


def gif(width, height):
    """LZW of one colour, uncompressed: a clear code before each pixel."""
    bits, n = 0, 0
    for code in [c for _ in range(width * height) for c in (4, 1)] + [5]:
        bits |= code << n
        n += 3
    data = bits.to_bytes((n + 7) // 8, "little")
    blocks = b"".join(bytes([len(data[i:i + 255])]) + data[i:i + 255] for i in range(0, len(data), 255))
    return (b"GIF89a" + struct.pack("<HH", width, height) + b"\x81\0\0" + bytes(range(12))
            + b"\x2c" + struct.pack("<HHHH", 0, 0, width, height) + b"\0\x02" + blocks + b"\0\x3b")


def run(*args, timeout=30):
    done = subprocess.run([PROGRAM, *args], capture_output=True, timeout=timeout, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


def whole(said, cols, rows):
    """Is it what `cells COLSxROWS` may print?"""
    head, lf, body = said.partition(b"\n")
    words = head.split()
    if not lf or len(words) != 3 or words[0] != b"CELLS":
        return False
    width, height = int(words[1]), int(words[2])
    return 0 < width <= cols and 0 < height <= rows and len(body) == width * height * 10


def mutate(rng, seeds):
    data = bytearray(rng.choice(seeds))
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(data))
        what = rng.randrange(4)
        if what == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif what == 1:
            data[at:at + 4] = rng.choice([b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\1\0\0"])
        elif what == 2:
            del data[at:at + rng.randint(1, 30)]
        else:
            data[at:at] = data[at:at + rng.randint(1, 30)]
        if not data:
            data = bytearray(b"\0")
    return mend(bytes(data)) if rng.randrange(2) else bytes(data)


def mend(data):
    """A PNG with the sums of its chunks put right, so that what is in them gets further."""
    if not data.startswith(b"\x89PNG"):
        return data
    at, out = 8, data[:8]
    while at + 12 <= len(data):
        n = struct.unpack(">I", data[at:at + 4])[0]
        if n > len(data) - at - 12:
            break
        out += chunk(data[at + 4:at + 8], data[at + 8:at + 8 + n])
        at += 12 + n
    return out + data[at:]


def main(folder):
    def path(name, data):
        name = os.path.join(folder, name)
        with open(name, "wb") as file:
            file.write(data)
        return name

    good = path("good.png", png(40, 30))
    status, said, _ = run("cells", good, "20x10", "--colors", "256")
    expect(status == 0 and whole(said, 20, 10), f"a good picture: {status} {said[:40]}")
    for colors in ("8", "16", "256", "all"):
        for sextants in ("on", "off"):
            status, said, _ = run("cells", good, "20x10", "--colors", colors, "--sextants", sextants)
            expect(status == 0 and whole(said, 20, 10), f"{colors} colours: {status} {said[:40]}")
    expect(run("cells", good, "600x10")[0] == 2, "more cells than there may be")

    # Few bytes that say that they are many.
    for name, data in (("sides.png", png(1, 1, said=(65000, 65000))),
                       ("lines.png", png(1, 1, lines=b"\0" * 60000000, said=(7000, 7100))),
                       ("long.png", png(1, 1, lines=b"\0" * 1000, said=(2 ** 31 - 1, 1)))):
        before = time.monotonic()
        status, said, _ = run("cells", path(name, data), "40x12")
        expect(status in (0, 1) and time.monotonic() - before < 20, f"{name}: {status} {said[:80]}")
        if status == 1:
            expect(said.startswith(name.encode() + b": ") and len(said) < 400, f"{name} says {said[:80]}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    expect(used < 1536 * 1024, f"{used} kB of memory at most")

    seeds = [png(40, 30), gif(16, 12)]
    jpeg = os.path.join(folder, "jpeg")
    expect(run("prepare", good, jpeg, "--types", "image/jpeg")[0] == 0, "no JPEG can be made")
    with open(jpeg, "rb") as file:
        seeds.append(file.read())
    os.unlink(jpeg)
    for seed in seeds:
        for cut in range(0, len(seed), max(1, len(seed) // 40)):
            status, said, errors = run("cells", path("cut", seed[:cut]), "20x10")
            expect(status == 1 or (status == 0 and whole(said, 20, 10)), f"cut at {cut}: {status} {said[:60]}")
            expect(b"Sanitizer" not in errors, f"cut at {cut}: {errors[:300]}")
    rng = random.Random(1)
    for i in range(MUTATIONS):
        data = mutate(rng, seeds)
        status, said, errors = run("cells", path("mutant", data), "20x10")
        fine = (status == 0 and whole(said, 20, 10)) or (status == 1 and said.startswith(b"mutant: "))
        expect(fine, f"mutation {i}: {status} {said[:60]} {errors[:200]}")
        expect(b"Sanitizer" not in errors, f"mutation {i}: {errors[:300]}")
    expect(sorted(os.listdir(folder)) == sorted(["good.png", "sides.png", "lines.png", "long.png", "cut", "mutant"]),
           f"it left {os.listdir(folder)}")


with tempfile.TemporaryDirectory() as place:
    main(place)
print(f"{failures} failed" if failures else "ok")
sys.exit(1 if failures else 0)
