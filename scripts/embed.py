#!/usr/bin/env python3
"""Turn a file into a C array: embed.py NAME INPUT OUTPUT

OUTPUT then defines `const char NAME[]`, ended by a NUL that is not part of the file.
A list of numbers, because a string literal has a length limit.
"""
import sys


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    name, source, target = sys.argv[1:]
    with open(source, "rb") as file:
        data = file.read()
    if b"\0" in data:
        sys.exit(f"{source}: holds a NUL, which a C string cannot")
    with open(target, "w", encoding="ascii") as out:
        out.write(f"extern const char {name}[];\nconst char {name}[] = {{\n")
        for i in range(0, len(data), 16):
            # A char may be signed: bytes past 127 are written as what they then are.
            row = (str(b if b < 128 else b - 256) for b in data[i : i + 16])
            out.write("\t" + ", ".join(row) + ",\n")
        out.write("\t0,\n};\n")


main()
