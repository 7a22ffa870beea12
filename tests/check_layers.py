#!/usr/bin/env python3
"""Hold the layers: who may include whom, which file may use which library, and
which functions nobody may call. The table `layers` of meson.build is the law.

Prints each violation as `file:line: sentence` and exits 1 when there is any.
"""
import re
import sys
from pathlib import Path

# Third-party header, and the only places that may include it (a folder or a file).
DOORS = [
    ("cjson/", ["include/base/json.h"]),
    ("utf8proc.h", ["src/base/utf8.c", "src/base/fold.c", "src/base/clean.c", "src/base/lower.c"]),
    ("curl/", ["src/net/"]),
    ("openssl/", ["src/net/", "src/engine/"]),
    ("wslay/", ["src/net/websocket.c"]),
    ("libsecret/", ["src/keyring/"]),
    ("gio/", ["src/notify/"]),
    ("sqlite3.h", ["src/db/", "include/db/"]),
    ("libxml/", ["src/networks/"]),
    ("curses.h", ["src/ui/curses/"]),
    ("ncurses.h", ["src/ui/curses/"]),
    ("ncursesw/", ["src/ui/curses/"]),
    ("term.h", ["src/ui/curses/"]),
    ("pcre2.h", ["src/query/"]),
    ("microhttpd.h", ["src/demo/"]),
    ("jpeglib.h", ["src/media/jpeg.c"]),
    ("png.h", ["src/media/png.c"]),
    ("webp/", ["src/media/webp.c"]),
    ("chafa.h", ["src/media/cells_chafa.c"]),
]
# Programs of their own, beside stoa, and the folders that they may use.
PROGRAMS = {"demo": {"base"}, "keyring": {"base"}, "media": {"base"}, "notify": {"base"}}

# Calls that no bound or no quoting can make safe.
FORBIDDEN = ["system", "popen", "strcpy", "strcat", "sprintf", "vsprintf", "gets", "strtok"]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
CALL = re.compile(r"(?<![\w.>])(" + "|".join(FORBIDDEN) + r")\s*\(")
ROW = re.compile(r"^\s*\['(\w+)',\s*\[([^\]]*)\]")


def read_layers(root):
    text = (root / "meson.build").read_text()
    table = text.split("layers = [", 1)[1].split("\n]", 1)[0]
    layers = {}
    for line in table.splitlines():
        row = ROW.match(line)
        if row:
            layers[row[1]] = set(re.findall(r"'(\w+)'", row[2]))
    if not layers:
        sys.exit("meson.build: no table `layers` found")
    return layers


def without_comments(text):
    """The code alone, line by line: comments and the insides of strings become blanks."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def folder_of(path, layers):
    """Folder of src or include that a file stands in; None for main.c and the like."""
    return path.parts[1] if len(path.parts) > 2 and path.parts[1] in layers else None


def own_includes(path, name, kind, layers):
    folder = folder_of(path, layers)
    if kind != '"':
        return None
    target = name.split("/")[0] if "/" in name else folder
    if target not in layers:
        if path.parts[1] in PROGRAMS and target == path.parts[1]:
            return None
        return f'"{name}" is in no folder of the table' if target else None
    if path.parts[1] in PROGRAMS:
        allowed, who = PROGRAMS[path.parts[1]], path.parts[1]
    elif folder is None:
        return None
    else:
        allowed, who = layers[folder] | {folder}, folder
    if target not in allowed:
        return f'{who} may not include "{name}": the layers of meson.build do not let it use {target}'
    return None


def door(path, name):
    for header, places in DOORS:
        hit = name.startswith(header) if header.endswith("/") else name == header
        if not hit:
            continue
        where = path.as_posix()
        if where.startswith("src/demo/"):
            return None
        if not any(where == place or (place.endswith("/") and where.startswith(place)) for place in places):
            return f"<{name}> may only be included by {', '.join(places)}"
    return None


def check_file(root, path, layers):
    text = (root / path).read_text()
    code = without_comments(text).splitlines()
    for number, line in enumerate(text.splitlines(), 1):
        include = INCLUDE.match(line)
        if include:
            kind, name = include[1], include[2]
            for fault in (own_includes(path, name, kind, layers), door(path, name)):
                if fault:
                    yield number, fault
        call = CALL.search(code[number - 1]) if number <= len(code) else None
        if call and path.parts[0] == "src":
            yield number, f"{call[1]}() is not to be used here"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent)
    layers = read_layers(root)
    faults = 0
    for top in ("include", "src"):
        for path in sorted((root / top).rglob("*.[ch]")):
            relative = path.relative_to(root)
            for number, fault in check_file(root, relative, layers):
                print(f"{relative}:{number}: {fault}")
                faults += 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
