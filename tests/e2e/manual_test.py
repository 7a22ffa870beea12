#!/usr/bin/env python3
"""Everything that can be said stands in the manual.

The names are read from the sources by plain patterns, not by the program that prints the
manual, so that a table which is no longer printed is noticed. STOA_BUILD: the build's folder.
"""
import os
import pathlib
import re
import subprocess
import sys

source = pathlib.Path(__file__).resolve().parents[2]
build = pathlib.Path(os.environ.get("STOA_BUILD", "build"))


def read(path):
    return (source / path).read_text(encoding="utf-8")


def page(which):
    """A page as plain text: escapes undone, macros gone."""
    text = subprocess.run([build / "src/docs/stoa-docs", which], check=True,
                          capture_output=True, text=True).stdout
    text = re.sub(r"\\f[BRI]", "", text).replace("\\-", "-").replace("\\&", "")
    return text.replace("\\e", "\\")


def rows(pattern, *paths):
    found = []
    for path in paths:
        found += re.findall(pattern, read(path), re.M)
    return found


def commands():
    """Rows of the tables of commands alone: menus have rows of the same shape."""
    found = []
    for path in sorted((source / "src/commands").glob("*.c")):
        for table in re.findall(r"(?ms)^const struct cmd \w+\[\] = \{$(.*?)^\};", path.read_text(encoding="utf-8")):
            found += re.findall(r'(?m)^\s+\{"([a-z][a-z0-9 -]*)",\s', table)
    return found


def keys():
    return [words[2].strip('"') for words in
            (line.split() for line in read("src/default.conf").splitlines())
            if words and words[0] == "bind"]


def fields():
    files = sorted(p.relative_to(source) for p in (source / "src/query").glob("field*.c"))
    return rows(r'^\s+\{(?:\.word = )?\{"([a-z]+)",\s', *files)


everything = [
    # what, names, page, the fewest that there can be
    ("command of the command line", rows(r'^\s+\{"([a-z][a-z-]*)",\s', "src/cli/cli.c"), "man", 9),
    ("option of the command line",
     ["--" + name for name in rows(r'strcmp\(argv\[i\], "--([a-z-]+)"\)', "src/main.c")
      + rows(r'value_of\("--([a-z-]+)"', "src/main.c")], "man", 6),
    ("key", keys(), "man", 80),
    ("kind of source", rows(r'^\tX\([A-Z]+, "([a-z]+)"', "include/model/source.h"), "man", 15),
    ("command of the deck", commands(), "man-config", 100),
    ("option", rows(r'^\tX\([a-z_]+, "([a-z-]+)"', "include/cmd/option.h"), "man-config", 15),
    ("layout", rows(r'^\tX\("([a-z]+)",', "include/ui/post_template.h"), "man-config", 3),
    ("field of a layout", rows(r'^\tX\([A-Z]+, "([a-z]+)"', "include/ui/post_template.h"),
     "man-config", 11),
    ("theme role", rows(r'^\tX\([A-Z_0-9]+, "([a-z0-9.-]+)"', "include/ui/theme.h"), "man-config",
     20),
    ("query field or word", fields(), "man-query", 40),
]

failed = False
for what, names, which, fewest in everything:
    text = page(which)
    missing = [n for n in names if not re.search(r"(?m)^" + re.escape(n) + r"(\s|$)", text)]
    print(f"{what}: {len(names)} names, {len(missing)} not in {which}")
    if missing or len(names) < fewest:
        failed = True
        print("  missing:", ", ".join(missing) or "names: the pattern finds too few")
for which in ("man", "man-config", "man-query"):
    if not re.search(r"(?m)^\.SH DESCRIPTION$", page(which)):
        failed = True
        print(which, "has no description")
sys.exit(failed)
