"""What the end-to-end tests share: the real program in a pseudo-terminal, throwaway
profiles, a demo server, and a strict reader of what the program writes."""
import errno
import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

STOA = os.environ.get("STOA_BIN", "build/stoa")
DEMO = os.environ.get("STOA_DEMO_SERVER", "build/stoa-demo-server")

failures = []


def expect(condition, sentence):
    """Note a failed expectation and go on."""
    if not condition:
        failures.append(sentence)
        print("FAIL:", sentence)
    return condition


def finish():
    """End the test: exit status 1 when an expectation failed, with their number."""
    print(f"{len(failures)} failed" if failures else "ok")
    sys.exit(1 if failures else 0)


class Profile:
    """A throwaway home; env is the environment for programs that live in it."""

    def __init__(self, **extra):
        self.dir = tempfile.mkdtemp(prefix="stoa-test-")
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("XDG_")}
        for name in ("CONFIG", "STATE", "DATA", "CACHE"):
            self.env[f"XDG_{name}_HOME"] = os.path.join(self.dir, name.lower())
        self.env["XDG_RUNTIME_DIR"] = os.path.join(self.dir, "run")
        self.env["HOME"] = self.dir
        self.env["TERM"] = "xterm-256color"
        # What is outside of the test is none of its business, nor the other way round.
        for name in ("NO_COLOR", "COLORTERM", "DBUS_SESSION_BUS_ADDRESS", "TERM_PROGRAM", "LC_TERMINAL",
                     "TMUX", "TMUX_PANE", "STY"):
            self.env.pop(name, None)
        self.env.update(extra)
        os.makedirs(self.env["XDG_RUNTIME_DIR"], mode=0o700)

    def config(self, text):
        path = os.path.join(self.env["XDG_CONFIG_HOME"], "stoa")
        os.makedirs(path, exist_ok=True)
        with open(os.path.join(path, "config"), "w") as out:
            out.write(text)

    def path(self, kind, *names):
        return os.path.join(self.env[f"XDG_{kind}_HOME"], "stoa", *names)

    def run(self, *args, stdin=b"", timeout=60, check=None):
        done = subprocess.run([STOA, *args], env=self.env, input=stdin, capture_output=True,
                              timeout=timeout)
        if check is not None:
            expect(done.returncode == check,
                   f"stoa {' '.join(args)} ends with {done.returncode}, not {check}: "
                   f"{done.stderr.decode(errors='replace')[:400]}")
        return done

    def remove(self):
        shutil.rmtree(self.dir, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


class DemoServer:
    """stoa-demo-server on a free port; ends with this object."""

    def __init__(self, *args):
        self.process = subprocess.Popen([DEMO, "--port", "0", "--stdin-guard", *args],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = self.process.stdout.readline().decode().split()
        if len(line) != 2 or line[0] != "listening":
            raise RuntimeError(f"the demo server said {line}")
        self.url = line[1]

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def sign_in(profile, url, name="demo", token="demo-ada"):
    profile.run("login", "mastodon", url, "--name", name, "--token-stdin",
                stdin=token.encode() + b"\n", check=0)


class Deck:
    """The program in a pseudo-terminal. `raw` is every byte that it wrote."""

    def __init__(self, profile, *args, rows=24, cols=80, term=None, program=None):
        self.raw = bytearray()
        env = dict(profile.env)
        if term:
            env["TERM"] = term
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
                os.execve(program or STOA, [program or STOA, *args], env)
            finally:
                os._exit(127)
        self.status = None

    def resize(self, rows, cols):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def read(self, seconds):
        """Read until nothing came for `seconds`. Returns what came."""
        came = bytearray()
        while select.select([self.fd], [], [], seconds)[0]:
            try:
                part = os.read(self.fd, 65536)
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                break
            if not part:
                break
            came += part
        self.raw += came
        return bytes(came)

    def wait_for(self, text, seconds=20):
        """Read until `text` (bytes) has been written since the start, or time is over."""
        until = time.monotonic() + seconds
        while text not in self.raw:
            if time.monotonic() > until:
                return False
            self.read(0.05)
            if not self.alive():
                break
        return text in self.raw

    def send(self, keys, settle=0.15):
        os.write(self.fd, keys.encode() if isinstance(keys, str) else keys)
        return self.read(settle)

    def alive(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is None

    def wait_end(self, seconds):
        until = time.monotonic() + seconds
        while self.alive() and time.monotonic() < until:
            self.read(0.01)
        return not self.alive()

    def tty(self):
        return termios.tcgetattr(self.fd)

    def close(self):
        if self.alive():
            os.kill(self.pid, signal.SIGTERM)
            if not self.wait_end(5):
                os.kill(self.pid, signal.SIGKILL)
                self.wait_end(5)
        try:
            os.close(self.fd)
        except OSError:
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


# What ncurses writes for the terminals that the tests use; nothing else may come.
ALLOWED = [
    re.compile(rb"\x1b\[[0-9;]*m"),              # attributes
    re.compile(rb"\x1b\[[0-9;]*[HABCDGdJKLMPX@STb]"),  # cursor, erase, insert, scroll, repeat
    re.compile(rb"\x1b\[[0-9;]*r"),              # scroll region
    re.compile(rb"\x1b\[\?(?:1|3|4|5|7|12|25|1000|1002|1004|1006|1006;1000|1049|2004)[hl]"),
    re.compile(rb"\x1b\[(?:4|20|34)[hl]"),
    re.compile(rb"\x1b\[22;0;0t|\x1b\[23;0;0t"),  # title saved and restored by smcup, rmcup
    re.compile(rb"\x1b\[!p"),
    re.compile(rb"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\|\x1b\[(?:16t|c)"),  # what it can show, once
    re.compile(rb"\x1b[()][AB0UK]|\x1b[=>78cM]"),
]


def escapes(raw, allowed=ALLOWED):
    """Escape sequences and control bytes that are not among the allowed, with their place."""
    found = []
    at = 0
    while at < len(raw):
        byte = raw[at]
        if byte == 0x1b:
            for pattern in allowed:
                match = pattern.match(raw, at)
                if match:
                    at = match.end()
                    break
            else:
                found.append((at, bytes(raw[at:at + 40])))
                at += 1
            continue
        if (byte < 0x20 and byte not in b"\r\n\b\t\x0e\x0f\x07") or byte == 0x7f:
            found.append((at, bytes(raw[at:at + 40])))
        at += 1
    # C1 controls as UTF-8, bidi controls, tags: nothing that acts may pass. A flag is no harm.
    text = re.sub("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f", "", raw.decode("utf-8", "replace"))
    for match in re.finditer("[\u0080-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
                             "\u2028\u2029\ufeff\U000e0000-\U000e007f]", text):
        found.append((match.start(), match.group().encode("unicode_escape")))
    return found


class Tmux:
    """The program in tmux, which shows the screen as a person sees it."""

    made = 0

    def __init__(self, profile, command, rows=24, cols=80):
        Tmux.made += 1
        self.name = f"stoa-{os.getpid()}-{Tmux.made}"
        self.env = dict(profile.env)
        self.env.pop("TMUX", None)
        self._tmux("-f", "/dev/null", "new-session", "-d", "-s", "t", "-x", str(cols), "-y",
                   str(rows), command)
        self._tmux("set", "-g", "status", "off")
        self._tmux("resize-window", "-t", "t", "-x", str(cols), "-y", str(rows))

    def _tmux(self, *args):
        return subprocess.run(["tmux", "-L", self.name, *args], env=self.env,
                              capture_output=True)

    def send(self, *keys, settle=0.2):
        self._tmux("send-keys", "-t", "t", *keys)
        time.sleep(settle)

    def screen(self, escapes=False):
        out = self._tmux("capture-pane", "-p", "-t", "t", *(["-e"] if escapes else []))
        return out.stdout.decode()

    def wait_for(self, text, seconds=20):
        until = time.monotonic() + seconds
        while text not in self.screen():
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def close(self):
        self._tmux("kill-server")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
