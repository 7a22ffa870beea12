"""Pictures from the demo server: in posts when they are asked for, one large in cells, in tmux as a
person sees it; and by kitty's graphics for a terminal that answers that it has them."""
import os

from lib import Deck, DemoServer, Profile, Tmux, expect, finish, sign_in, STOA

BLOCKS = "▀▄█▌▐▖▗▘▝▞"
WORDS = "Een kade bij laag water"


def blocks(screen):
    return sum(screen.count(c) for c in BLOCKS)


def wait_until(tmux, holds, tries=100):
    for _ in range(tries):
        if holds(tmux.screen()):
            return True
        tmux.send(settle=0.1)
    return False


def kept(profile):
    place = profile.path("CACHE", "pictures")
    return os.listdir(place) if os.path.isdir(place) else []


def in_cells(server):
    with Profile() as profile:
        profile.config('set colors 256\ncolumn add Home demo/home query "kade om zes uur"\n')
        sign_in(profile, server.url)
        with Tmux(profile, STOA, rows=34, cols=60) as tmux:
            expect(tmux.wait_for(WORDS), f"the post is there:\n{tmux.screen()}")
            expect(blocks(tmux.screen()) < 10 and not kept(profile), "nothing is fetched unasked")
            tmux.send("x")
            expect(wait_until(tmux, lambda s: blocks(s) > 50), f"x shows its picture:\n{tmux.screen()}")
            expect(WORDS in tmux.screen(), "what it shows is said in words too")
            expect("48;5;" in tmux.screen(escapes=True), "in colours")
            expect(len(kept(profile)) == 1, f"it is kept: {kept(profile)}")
            tmux.send("v")
            expect(wait_until(tmux, lambda s: "image 1600x1200" in s and blocks(s) > 100),
                   f"v shows it large:\n{tmux.screen()}")
            expect(WORDS in tmux.screen(), "with its words below")
            tmux.send("l")
            expect(tmux.wait_for("that was the last"), f"there is one:\n{tmux.screen()}")
            tmux.send("q")
            expect(wait_until(tmux, lambda s: "image 1600x1200" not in s), "q goes back")
            tmux.send(":set pictures off", "Enter", settle=0.5)
            expect(wait_until(tmux, lambda s: blocks(s) < 10), f"off is off:\n{tmux.screen()}")


def in_pixels(server):
    with Profile() as profile:
        profile.config('column add Home demo/home query "kade om zes uur"\n')
        sign_in(profile, server.url)
        with Deck(profile, rows=30, cols=80) as deck:
            expect(deck.wait_for(b"\x1b[c"), "it asks what the terminal can do")
            deck.send(b"\x1b_Gi=31;OK\x1b\\\x1b[6;16;8t\x1b[?62;4c")
            expect(deck.wait_for(WORDS.encode()), "the post is there")
            deck.send("v")
            expect(deck.wait_for(b"\x1b_Ga=T,f=24,s="), "the picture is sent as kitty wants it")
            deck.read(1)
            expect(deck.raw.count(b"\x1b[c") == 1, "it asked once")
            deck.send("q")
            expect(deck.wait_for(b"\x1b_Ga=d,d=I,"), "and is taken away")
            expect(deck.alive(), "the deck goes on")


with DemoServer("--clock", "2026-11-20T12:00:00Z") as demo:
    in_cells(demo)
    in_pixels(demo)
finish()
