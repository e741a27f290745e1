#!/usr/bin/env python3
"""Runs the commands in Documentation/book and holds what they print against the pages.

A block of a page that begins with ```console has commands, lines that begin with "$ quire", each
followed by what it prints. An ellipsis on a line of its own stands for lines that the page leaves
out. The commands are run in the folder that holds Examples. One with --report NAME.svg draws the
page's images/NAME.svg: it must be the one that is there, byte for byte. A number in the text that is
set in **bold** must be in what some command of the page prints.

    scripts/book.py .build/release/quire            check, as the continuous integration does
    scripts/book.py .build/release/quire --update   write what the commands print into the pages
"""
import argparse
import difflib
import itertools
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BOOK = ROOT / "Documentation" / "book"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def run(quire, line, images):
    """What a command prints; its pictures go to the folder `images`."""
    words = shlex.split(line)
    if words[0] != "quire":
        raise SystemExit(f"{line}: only quire may be run")
    words[0] = quire
    for index, word in enumerate(words[1:], 1):
        if words[index - 1] == "--report":
            if os.path.basename(word) != word:
                raise SystemExit(f"{line}: a reader has no folder for {word}; name the file alone")
            words[index] = str(images / word)
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise SystemExit(f"{line}\nended with {done.returncode}: {done.stderr}")
    return [text.rstrip() for text in done.stdout.rstrip("\n").splitlines()]


def parts(body):
    """The commands of a block, each with the lines that the page shows under it."""
    found = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
        else:
            raise SystemExit(f"a block begins with something other than a command: {line}")
    # A command may go on in the next line.
    joined = []
    for command, shown in found:
        while command.endswith("\\"):
            command = command[:-1].rstrip() + " " + shown.pop(0).strip()
        joined.append((command, shown))
    return joined


def agrees(shown, printed):
    """Whether the page's lines are the printed ones, ellipses standing for any number of them."""
    pieces = [[]]
    for line in shown:
        if line == "...":
            pieces.append([])
        else:
            pieces[-1].append(line.rstrip())
    if len(pieces) == 1:
        return pieces[0] == printed
    place = 0
    for number, piece in enumerate(pieces):
        last = len(printed) - len(piece)
        places = range(place, last + 1)
        if number == 0:
            places = places[:1]
        elif number == len(pieces) - 1:
            places = places[-1:]
        at = next((at for at in places if printed[at : at + len(piece)] == piece), None)
        if at is None:
            return False
        place = at + len(piece)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("quire")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--page", help="only the pages whose names contain this", default="")
    options = parser.parse_args()
    quire = os.path.abspath(options.quire)
    faults = []
    commands = 0
    for page in sorted(BOOK.glob("*.md")):
        if options.page not in page.name:
            continue
        text = page.read_text()
        printed_all = []
        pictures = set()
        begun = time.time()
        with tempfile.TemporaryDirectory() as folder:
            drawn = pathlib.Path(folder)

            def block(match):
                nonlocal commands
                out = []
                for command, shown in parts(match.group(1)):
                    commands += 1
                    printed = run(quire, command, drawn)
                    printed_all.extend(printed)
                    if options.update and "..." not in shown:
                        shown = printed
                    elif not agrees(shown, printed):
                        diff = difflib.unified_diff(shown, printed, lineterm="", n=0)
                        diff = "\n".join(itertools.islice(diff, 20))
                        faults.append(f"{page.name}: {command}\n{diff}")
                    out += ["$ " + command, *shown]
                return "```console\n" + "\n".join(out) + "\n```"

            changed = BLOCK.sub(block, text)
            for picture in sorted(drawn.iterdir()):
                pictures.add(picture.name)
                there = BOOK / "images" / picture.name
                if options.update:
                    there.parent.mkdir(exist_ok=True)
                    there.write_bytes(picture.read_bytes())
                elif not there.exists() or there.read_bytes() != picture.read_bytes():
                    faults.append(f"{page.name}: images/{picture.name} is not what is drawn now")
        if options.update and changed != text:
            page.write_text(changed)
        for name in re.findall(r"\(images/([^)]+)\)", text):
            drawn_here = name in pictures or page.name == "README.md"
            if not drawn_here or not (BOOK / "images" / name).exists():
                faults.append(f"{page.name}: no command draws images/{name}")
        everything = "\n".join(printed_all).replace(",", "")
        prose = BLOCK.sub("", text)
        for bold in re.findall(r"\*\*([^*]+)\*\*", prose):
            for number in NUMBER.findall(bold):
                if number.replace(",", "") not in everything:
                    faults.append(f"{page.name}: no command prints the {number} of \"{bold}\"")
        print(f"{page.name}: {time.time() - begun:.1f} s")
    print("\n".join(faults))
    print(f"{commands} commands, {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
